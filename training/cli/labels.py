"""Commands about labels: which to make next, which to doubt."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from tqdm import tqdm

from models.classifier import Classifier
from models.labels import HEADS
from models.model_store import SHIPPED
from training import corpus
from training.cli.application import app
from training.cli.bars import pace
from training.cli.options import Artifact, Data, Models, chosen_heads, find_artifact
from training.corpus import ANNOTATED
from training.pool import read_pool
from training.recipe import DEFAULT, load_recipe
from training.suggest import suggest


@app.command("suggest")
def suggest_command(  # noqa: PLR0917  typer's options are no positions
    pool: Annotated[Path, typer.Argument(help="JSONL, CSV or TSV with a column `text`.")],
    count: Annotated[int, typer.Option(min=1, help="How many comments to pick.")] = 50,
    out: Annotated[Path | None, typer.Option(help="JSONL; default: standard output.")] = None,
    data: Annotated[
        list[Path] | None, typer.Option(help="What is labelled already; default: our corpus.")
    ] = None,
    model: Artifact = None,
    models: Models = SHIPPED,
) -> None:
    """Pick the comments whose labels would teach the model most, no two of them alike."""
    classifier = Classifier.load(find_artifact(model or "", models))
    labelled = corpus.load(data or [ANNOTATED])
    comments, faults = read_pool(pool)
    for fault in faults:
        typer.echo(fault, err=True)
    space = load_recipe().features
    with tqdm(total=len(comments), unit="comment", **pace()) as bar:
        picks = suggest(
            classifier, comments, labelled, count=count, space=space, progress=bar.update
        )
    if not picks:
        raise ValueError(f"{pool}: no comment in it is new")
    _write((pick.as_json() for pick in picks), out)
    typer.echo(f"{len(picks):,} of {len(comments):,} comments, {len(faults):,} bad rows", err=True)


@app.command("label-errors")
def label_errors_command(  # noqa: PLR0917
    data: Data = None,
    head: Annotated[
        list[str] | None, typer.Option(help=f"Of {', '.join(HEADS)}; default: all.")
    ] = None,
    count: Annotated[int, typer.Option(min=1, help="Most rows to show a head.")] = 50,
    folds: Annotated[int, typer.Option(min=2, help="Models to train, each without a part.")] = 5,
    recipe: Annotated[Path, typer.Option(help="The recipe, a TOML file.")] = DEFAULT,
    out: Annotated[Path | None, typer.Option(help="The same rows with texts, as JSONL.")] = None,
) -> None:
    """List rows whose label is doubted by models that never saw them, worst first."""
    from training.label_errors import FEWEST, find_label_errors  # cleanlab takes seconds to import

    heads = chosen_heads("--head", head or list(HEADS))
    rows = corpus.load(data or [ANNOTATED])
    total = folds * sum(len(codes) for codes in HEADS.values())
    with tqdm(total=total, unit="label", **pace()) as bar:

        def advance(label: str) -> None:
            bar.set_description(label)
            bar.update()

        found = find_label_errors(rows, load_recipe(recipe), heads, folds=folds, progress=advance)
    shown = {name: suspects[:count] for name, suspects in found.suspects.items()}
    for name, suspects in shown.items():
        typer.echo(f"{name}: {len(found.suspects[name]):,} of {len(rows):,} labels are doubted")
        for one in suspects:
            typer.echo(
                f"  {one.where}  {one.id}  {name}: {one.given} → {one.suggested}  {one.score:.3f}"
            )
        if rare := found.unjudged.get(name):
            few = ", ".join(f"{code} ({rows_of})" for code, rows_of in rare.items())
            typer.echo(f"  not judged, fewer than {FEWEST} rows: {few}")
    if out:
        _write((asdict(one) for suspects in shown.values() for one in suspects), out)


def _write(rows: Iterable[dict[str, Any]], out: Path | None) -> None:
    """Write JSONL to a file or to standard output."""
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    if out:
        out.write_text(text, encoding="utf-8")
    else:
        typer.echo(text, nl=False)
