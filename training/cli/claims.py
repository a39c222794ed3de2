"""Commands about claim matching."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from models.claims import rarity, scoring
from models.classifier import Classifier
from models.model_store import SHIPPED, ModelStore
from training import checkthat, claim_matching, claims_evaluation, corpus
from training.cli.application import app
from training.cli.options import Artifact, Data, Models
from training.corpus import ANNOTATED


@app.command("claims-fit")
def claims_fit_command(
    data: Data = None,
    pairs: Annotated[
        Path, typer.Option(help="Claims with comments about them, JSONL.")
    ] = claim_matching.PAIRS,
) -> None:
    """Learn how often words occur and what the signals of claim matching are worth."""
    rows = [row for row in corpus.load(data or [ANNOTATED]) if row.split == "train"]
    terms = claim_matching.write_frequencies(rarity.FREQUENCIES_FILE, [row.text for row in rows])
    rarity.FREQUENCIES.clear()
    rarity.FREQUENCIES.update(rarity.load_frequencies())
    plain = [row.text for row in rows if row.labels["misinformation"] == "plain"]
    found = claim_matching.examples(claim_matching.load_pairs(pairs), *claim_matching.parts(plain))
    claim_matching.write_weights(scoring.WEIGHTS_FILE, claim_matching.fit(found), len(found.belong))
    typer.echo(f"{terms:,} terms, {len(found.belong):,} pairs: {scoring.WEIGHTS_FILE}")


@app.command("claims-evaluate")
def claims_evaluate_command(
    claims: Annotated[
        Path, typer.Argument(help="A claims file, JSONL.")
    ] = claims_evaluation.CLAIMS,
    comments: Annotated[
        Path, typer.Argument(help="Comments about them, JSONL.")
    ] = claims_evaluation.COMMENTS,
    model: Artifact = None,
    models: Models = SHIPPED,
    out: Annotated[Path | None, typer.Option(help="Where to write the figures, JSON.")] = None,
) -> None:
    """Measure which claims comments find, and which comments are flagged."""
    store = ModelStore(models)
    classifier = Classifier.load(model or store.path(store.active()))
    found = claims_evaluation.evaluate(*claims_evaluation.load_set(claims, comments), classifier)
    found["model"] = classifier.version
    typer.echo(claims_evaluation.as_table(found))
    if out:
        out.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


@app.command("checkthat")
def checkthat_command(
    folder: Annotated[Path, typer.Argument(help="The folder of CheckThat! 2020 task 2.")],
) -> None:
    """Measure claim retrieval on English tweets, beside plain BM25 in the same run."""
    task = checkthat.load_task(folder)
    measured = {
        name: round(checkthat.mean_average_precision(task, rank(task)), 4)
        for name, rank in (("claim_index", checkthat.by_index), ("bm25", checkthat.by_bm25))
    }
    typer.echo(f"MAP@{checkthat.DEPTH} over {len(task.about)} tweets, {len(task.claims):,} claims")
    typer.echo(json.dumps(measured))
