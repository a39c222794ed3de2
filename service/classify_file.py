"""Analysing a whole file on every core: rows in, JSON lines out, in the same order."""

from __future__ import annotations

import multiprocessing
import os
import reprlib
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import islice
from typing import Any, Final

import orjson

from models import Classifier, TextError
from models.claims.index import ClaimIndex
from models.labels import PLATFORMS
from models.text import check_characters, check_text
from service.comment_files import CommentRow
from service.errors import Problem
from service.replies import Catalogue, suggest
from service.replies.render import no_claim

_CHUNK: Final = 512
_AHEAD: Final = 4
"""Chunks waiting for each worker: enough to keep it busy, few enough to bound memory."""


@dataclass(frozen=True)
class FileAnalyst:
    """Turns rows into JSON lines; one in every worker process."""

    classifier: Classifier
    text_limit: int
    catalogue: Catalogue | None = None
    """With templates, every answer carries replies."""
    today: date | None = None
    claims: ClaimIndex | None = None
    """Known claims to look for."""

    def lines(self, rows: Sequence[CommentRow]) -> bytes:
        """Return one JSON object a row, in order, each with a line end."""
        faults = [_fault(row, self.text_limit) for row in rows]
        good = [row for row, fault in zip(rows, faults, strict=True) if fault is None]
        answers = iter(
            self.classifier.analyse(
                [row.text for row in good],
                [row.parent_text for row in good],
                claims=self.claims,
            )
        )
        return b"".join(
            _line(row, {"error": fault.body()} if fault else self._answer(row, next(answers)))
            for row, fault in zip(rows, faults, strict=True)
        )

    def _answer(self, row: CommentRow, analysis: Any) -> dict[str, Any]:
        """Return the analysis, with replies where they are wanted."""
        if self.catalogue is None or self.today is None:
            return analysis  # type: ignore[no-any-return]
        found = suggest(
            analysis,
            self.catalogue,
            text=row.text,
            platform=row.platform,
            author=row.author,
            today=self.today,
            claim_of=self.claims.get if self.claims is not None else no_claim,
        )
        return {**analysis, "replies": found}


def _line(row: CommentRow, content: dict[str, Any]) -> bytes:
    """Return one output line; an id that JSON cannot carry as it is becomes its text."""
    try:
        return _json_line(row.key, content)
    except TypeError:  # half a character, a number of many digits, lists without end
        key = row.key if isinstance(row.key, str) else reprlib.repr(row.key)
        return _json_line(key.encode("utf-8", "replace").decode(), content)


def _json_line(key: Any, content: dict[str, Any]) -> bytes:
    return orjson.dumps({"id": key, **content}, default=str, option=orjson.OPT_APPEND_NEWLINE)


def _fault(row: CommentRow, limit: int) -> Problem | None:
    """Return why a row cannot be analysed, None if it can."""
    if row.fault is not None:
        return row.fault
    checks: tuple[tuple[str, Any, Callable[[Any], object]], ...] = (
        ("text", row.text, partial(check_text, limit=limit)),
        ("parent_text", row.parent_text, partial(check_text, limit=limit)),
        ("author", row.author, check_characters),
    )
    for name, value, check in checks:
        if value is None and name != "text":
            continue
        try:
            check(value)
        except TextError as error:
            return Problem(error.code, f"{name}: {error.detail}")
    if row.platform is not None and row.platform not in PLATFORMS:
        return Problem("unknown-platform", f"platform must be one of {', '.join(PLATFORMS)}")
    return None


_analyst: FileAnalyst | None = None
"""The worker process's own; set once when the process starts."""


def _start_worker(analyst: FileAnalyst) -> None:
    global _analyst  # noqa: PLW0603 - a process pool hands its workers nothing else
    _analyst = analyst
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End the worker when the command is gone; a killed one cannot tell its workers."""
    if (parent := multiprocessing.parent_process()) is not None:
        parent.join()
        os._exit(1)


def _work(rows: Sequence[CommentRow]) -> bytes:
    if _analyst is None:
        raise RuntimeError("the worker was not started with an analyst")
    return _analyst.lines(rows)


def classify_rows(
    rows: Iterable[CommentRow],
    analyst: FileAnalyst,
    *,
    workers: int,
    progress: Callable[[int], None] = lambda _rows: None,
) -> Iterator[bytes]:
    """Yield the output lines in input order; `progress` is told how many rows each piece had."""
    source = iter(rows)
    chunks = iter(lambda: list(islice(source, _CHUNK)), [])
    if workers == 1:
        for chunk in chunks:
            yield analyst.lines(chunk)
            progress(len(chunk))
        return
    # Forked workers share the loaded weights instead of loading their own.
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(workers, context, _start_worker, (analyst,)) as pool:
        waiting: deque[tuple[Future[bytes], int]] = deque()
        for chunk in chunks:
            waiting.append((pool.submit(_work, chunk), len(chunk)))
            if len(waiting) >= workers * _AHEAD:
                yield _finish(waiting, progress)
        while waiting:
            yield _finish(waiting, progress)


def _finish(waiting: deque[tuple[Future[bytes], int]], progress: Callable[[int], None]) -> bytes:
    """Wait for the oldest chunk and return its lines."""
    future, count = waiting.popleft()
    lines = future.result()
    progress(count)
    return lines
