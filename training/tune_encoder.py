"""The encoder tier of a model: fine-tuned on all heads, then exported."""

from __future__ import annotations

import random
from collections.abc import Sequence
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
from training.teaching import load_teachers
from training.tuned import begin_from, save_tuned

_SAMPLES = 600
"""Texts to measure activations on."""


def tune_encoder(
    rows: Sequence[Row],
    more: Sequence[Example],
    recipe: Recipe,
    *,
    starts: Sequence[str | Path] = (OWN,),
    taught_by: Sequence[str | Path] = (),
    writer: str | Path | None = None,
    kept: Path | None = None,
    progress: Progress = lambda _done, _total, _loss: None,
) -> dict[str, bytes]:
    """Return the files of the encoder tier, learned from train rows and other examples.

    `starts` is a pre-trained encoder, a folder or a name on a hub, or several tuned ones, whose
    mean is begun with. `taught_by` are folders of tuned ones that teach it, `writer` is a
    masked-token model that makes texts for that. In the folder `kept` the tuned one is left in
    the same form, to start from or to teach another time. Raise `OSError` when there is none of
    that name, `ValueError` for one that cannot be exported or reads other subwords than its
    teachers, and for several that have no mean.
    """
    begun = begin_from(starts, recipe.fine_tuning.longest)
    reader = begun.reader
    check_exportable(begun.body.config)
    known = [Example(row.text, row.labels, 1.0) for row in rows]
    known += lexicon_examples(recipe.fine_tuning.lexicon)
    known += more
    teachers = load_teachers(taught_by, writer, reader) if taught_by else None
    lessons = Lessons(known, retold(load_pairs(RETELLINGS)), teachers)
    model = fine_tune_heads(
        begun.body,
        reader,
        lessons,
        recipe.fine_tuning,
        seed=recipe.seed,
        head=begun.head,
        progress=progress,
    )
    if kept:
        save_tuned(model, reader, kept)
    texts = sorted(row.text for row in rows)
    random.Random(recipe.seed).shuffle(texts)  # noqa: S311
    tokenizer = reader.tokenizer.backend_tokenizer.to_str()
    return {
        ENCODER: export_onnx(model, reader, texts[:_SAMPLES]),
        TOKENIZER: tokenizer.encode("utf-8"),
    }
