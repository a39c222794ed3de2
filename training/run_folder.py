"""What a training run leaves beside its artifact, so that it can be explained later.

`recipe.toml`        the recipe, byte for byte
`run.json`           how it was called, from which code, with which packages, on which rows
`predictions.jsonl`  what the model says to every dev and test row, without the texts
`encoder/`           the tuned encoder before its export, for `--encoder` another time

None of it goes into the store of model versions.
"""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from models.artifact import MANIFEST, load_manifest
from models.calibrate import best_label
from models.classifier import Classifier
from models.labels import HEADS
from training.corpus import Row, corpus_files, fingerprint, read
from training.examples import LEXICON

RECIPE: Final = "recipe.toml"
RUN: Final = "run.json"
PREDICTIONS: Final = "predictions.jsonl"
TUNED: Final = "encoder"
PACKAGES: Final = (
    *("numpy", "scipy", "scikit-learn", "safetensors"),
    *("torch", "transformers", "tokenizers", "onnxruntime"),
)
"""Those whose release can change a weight or an answer."""
_CODE: Final = Path(__file__).parent


@dataclass(frozen=True)
class Start:
    """What is known when a run begins; files may be edited while it learns."""

    arguments: dict[str, Any]
    created: str
    clock: float
    """Seconds of the monotonic clock."""
    recipe: bytes
    code: dict[str, Any]
    corpus: dict[str, Any]


def begin(arguments: Mapping[str, Any], recipe: Path, data: Sequence[Path]) -> Start:
    """Note how, from which code and on which files a run begins."""
    return Start(
        arguments={name: _plain(value) for name, value in arguments.items()},
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        clock=time.monotonic(),
        recipe=recipe.read_bytes(),
        code=code_state(_CODE),
        corpus=_corpus(data),
    )


def finish(start: Start, folder: Path, rows: Sequence[Row]) -> None:
    """Write the records of the run beside the artifact in `folder`, which is read back."""
    (folder / RECIPE).write_bytes(start.recipe)
    classifier = Classifier.load(folder)
    with (folder / PREDICTIONS).open("w", encoding="utf-8") as file:
        for line in predictions(classifier, [row for row in rows if row.split != "train"]):
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    record = {
        "version": classifier.version,
        "arguments": start.arguments,
        "created": start.created,
        "seconds": round(time.monotonic() - start.clock, 1),
        "code": start.code,
        "python": platform.python_version(),
        "packages": _packages(),
        "platform": platform.platform(),
        "corpus": start.corpus | {"fingerprint": fingerprint(rows)},
    }
    text = json.dumps(record, ensure_ascii=False, indent=1)
    (folder / RUN).write_text(text + "\n", encoding="utf-8")


def predictions(classifier: Classifier, rows: Sequence[Row]) -> Iterator[dict[str, Any]]:
    """Yield what the model says to each row, by head: the label as annotated, as guessed, how sure.

    The urgency's guess is that of the model; `answered` is the label after danger rules.
    """
    if not rows:
        return
    texts, parents = [row.text for row in rows], [row.parent_text for row in rows]
    probabilities = classifier.probabilities(texts, parents)
    critical_from = classifier.manifest.decisions["critical_from"]
    guesses = {head: best_label(head, of, critical_from) for head, of in probabilities.items()}
    answers = classifier.analyse(texts, parents)
    for place, (row, answer) in enumerate(zip(rows, answers, strict=True)):
        line: dict[str, Any] = {"id": row.id, "split": row.split}
        for head, codes in HEADS.items():
            best = int(guesses[head][place])
            line[head] = {
                "gold": row.labels[head],
                "label": codes[best],
                "probability": round(float(probabilities[head][place, best]), 4),
            }
        line["urgency"]["answered"] = answer["urgency"]["label"]
        yield line


def origin(starts: Sequence[str], teachers: Sequence[str] = ()) -> dict[str, str]:
    """Return what an encoder to start from is: `version` of the model it is in, `name`, or both.

    Of our own pre-trained one, and of none, there is no name to give. Several, whose `mean` it
    is, and `teachers` are named by the version of their model, else by their folder.
    """
    found = _origin(starts[0]) if len(starts) == 1 else {"mean": _names(starts)}
    return found | {"teachers": _names(teachers)} if teachers else found


def _origin(encoder: str) -> dict[str, str]:
    if encoder in {"own", "none"}:
        return {}
    folder = Path(encoder)
    model = folder.parent if folder.name == TUNED else folder
    if (model / MANIFEST).is_file():
        manifest = load_manifest(model)
        before = manifest.data.get("encoder_from", {})
        named = {"name": before["name"]} if "name" in before else {}
        return {**named, "version": manifest.version}  # its own card says how it became what it is
    return {"name": folder.name if folder.is_dir() else encoder}


def _names(encoders: Sequence[str]) -> str:
    known = [_origin(one) for one in encoders]
    return ", ".join(one.get("version") or one["name"] for one in known)


def code_state(folder: Path) -> dict[str, Any]:
    """Return commit of the code in `folder`, and whether anything was changed since.

    Both are None where the code is not under git's care, such as in an installed package.
    """
    listed = _git(folder, "ls-files", "--error-unmatch", "__init__.py")
    commit = _git(folder, "rev-parse", "HEAD")
    changes = _git(folder, "status", "--porcelain")
    if listed is None or commit is None or changes is None:
        return {"commit": None, "dirty": None}
    return {"commit": commit, "dirty": bool(changes)}


def _git(folder: Path, *arguments: str) -> str | None:
    """Return what git prints, None where it fails or is not installed."""
    git = shutil.which("git")
    if git is None:
        return None
    done = subprocess.run(  # noqa: S603  the arguments are those above
        [git, "-C", str(folder), *arguments], capture_output=True, text=True, check=False
    )
    return done.stdout.strip() if done.returncode == 0 else None


def _corpus(data: Sequence[Path]) -> dict[str, Any]:
    """Return rows and fingerprint of each file, and the hash of the lexicon learned beside them."""
    files = []
    for path in corpus_files(data):
        rows, _ = read([path])
        files.append({"file": str(path), "rows": len(rows), "fingerprint": fingerprint(rows)})
    return {"files": files, "lexicon": hashlib.sha256(LEXICON.read_bytes()).hexdigest()}


def _packages() -> dict[str, str]:
    """Return the release of every package that matters and is installed."""
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _plain(value: Any) -> Any:
    """Return an argument as JSON knows it."""
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, Path) else value
