"""The encoder tier of a model: fine-tuned on all heads, then exported."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from models.artifact import ENCODER, TOKENIZER
from training.claim_matching import RETELLINGS, load_pairs
from training.corpus import Row
from training.encoder import OWN
from training.examples import Example, lexicon_examples
from training.lessons import Lessons
from training.meaning import retold
from training.multitask import Progress, fine_tune_heads
from training.onnx_export import check_exportable, export_onnx
from training.recipe import Recipe
from training.teaching import Teachers, load_teachers
from training.tuned import Beginning, begin_from, save_tuned

_SAMPLES = 600
"""Texts to measure activations on."""


@dataclass(frozen=True)
class Tuning:
    """What tunes an encoder: where it begins, by whom it is taught, and how."""

    begun: Beginning
    teachers: Teachers | None
    recipe: Recipe
    kept: Path | None
    progress: Progress

    def __call__(self, rows: Sequence[Row], more: Sequence[Example]) -> dict[str, bytes]:
        """Return the files of the encoder tier, learned from train rows and other examples."""
        settings, seed, reader = self.recipe.fine_tuning, self.recipe.seed, self.begun.reader
        known = [Example(row.text, row.labels, 1.0) for row in rows]
        known += lexicon_examples(settings.lexicon)
        known += more
        model = fine_tune_heads(
            self.begun.body,
            reader,
            Lessons(known, retold(load_pairs(RETELLINGS)), self.teachers),
            settings,
            seed=seed,
            head=self.begun.head,
            progress=self.progress,
        )
        if self.kept:
            save_tuned(model, reader, self.kept)
        texts = sorted(row.text for row in rows)
        random.Random(seed).shuffle(texts)  # noqa: S311
        tokenizer = reader.tokenizer.backend_tokenizer.to_str()
        return {
            ENCODER: export_onnx(model, reader, texts[:_SAMPLES]),
            TOKENIZER: tokenizer.encode("utf-8"),
        }


def prepare(
    recipe: Recipe,
    *,
    starts: Sequence[str | Path] = (OWN,),
    taught_by: Sequence[str | Path] = (),
    writer: str | Path | None = None,
    kept: Path | None = None,
    progress: Progress = lambda _done, _total, _loss: None,
) -> Tuning:
    """Load everything a tuning begins with, so that a wrong name is known before the work.

    `starts` is a pre-trained encoder, a folder or a name on a hub, or several tuned ones, whose
    mean is begun with. `taught_by` are folders of tuned ones that teach it, `writer` is a
    masked-token model that makes texts for that. In the folder `kept` the tuned one is left in
    the same form, to start from or to teach another time. Raise `OSError` when there is none of
    that name, `ValueError` for one that cannot be exported or reads other subwords than its
    teachers, and for several that have no mean.
    """
    begun = begin_from(starts, recipe.fine_tuning.longest)
    check_exportable(begun.body.config)
    teachers = load_teachers(taught_by, writer, begun.reader) if taught_by else None
    return Tuning(begun, teachers, recipe, kept, progress)
