"""Commands about claim matching."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from models.analysis import Opinion
from models.claims import rarity, scoring, spreading
from models.classifier import Classifier
from models.labels import HEADS
from models.model_store import SHIPPED
from training import checkthat, claim_matching, claim_spreading, claims_evaluation
from training.cli.application import app
from training.cli.options import Artifact, Data, Models, find_artifact, rows_of


@app.command("claims-fit")
def claims_fit_command(
    data: Data = None,
    pairs: Annotated[
        Path, typer.Option(help="Claims with comments about them, JSONL.")
    ] = claim_matching.PAIRS,
    more: Annotated[
        Path, typer.Option(help="More of them, which the encoder has learned from.")
    ] = claim_matching.RETELLINGS,
    model: Artifact = None,
    models: Models = SHIPPED,
) -> None:
    """Learn how often words occur, what signals of claim matching are worth, and what spreads.

    The model says how much comments read like rumours; after training another, fit again.
    """
    rows = rows_of(data, "train")  # with none, the shipped frequencies would be written over
    terms = claim_matching.write_frequencies(rarity.FREQUENCIES_FILE, [row.text for row in rows])
    rarity.FREQUENCIES.clear()
    rarity.FREQUENCIES.update(rarity.load_frequencies())
    plain = [row.text for row in rows if row.labels["misinformation"] == "plain"]
    parts, known = claim_matching.parts(plain), claim_matching.load_pairs(pairs)
    every = known + claim_matching.load_pairs(more)
    classifier = Classifier.load(find_artifact(model or "", models))
    meanings = classifier.meanings
    found = claim_matching.examples(every, *parts)
    weights = claim_matching.fit(found, claim_matching.examples(known, *parts, meanings))
    claim_matching.write_weights(scoring.WEIGHTS_FILE, weights, len(found.belong))
    typer.echo(f"{terms:,} terms, {len(found.belong):,} pairs: {scoring.WEIGHTS_FILE}")

    def views(texts: Sequence[str]) -> list[tuple[float, Opinion]]:
        rumour = HEADS["misinformation"].index("rumour")
        styles = classifier.probabilities(texts, [None] * len(texts))["misinformation"][:, rumour]
        answers = classifier.analyse(texts)
        return [
            (float(style), answer["intent"]) for style, answer in zip(styles, answers, strict=True)
        ]

    rest = plain[2::4] + plain[3::4]  # what `parts` leaves
    by_words, by_meaning = spreading.TABLES
    told = {
        by_words: claim_spreading.told(every, rest, parts, views),
        by_meaning: claim_spreading.told(known, rest, parts, views, meanings),
    }
    fitted = {table: claim_spreading.fit_spreading(of, table) for table, of in told.items()}
    comments = len(told[by_words].rows)
    claim_spreading.write_spreading(spreading.WEIGHTS_FILE, fitted, comments)
    typer.echo(f"{comments:,} comments: {spreading.WEIGHTS_FILE}")


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
    classifier = Classifier.load(find_artifact(model or "", models))
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
