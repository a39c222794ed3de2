"""Commands that learn and measure."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from models.artifact import check_version_name
from models.classifier import Classifier
from models.model_store import SHIPPED
from training import corpus, run_folder
from training.card import write_card
from training.claims_evaluation import load_set
from training.cli.application import app
from training.cli.bars import Step, bars
from training.cli.options import (
    Artifact,
    Data,
    Extra,
    Models,
    Split,
    check_tier,
    find_artifact,
    find_encoder,
    rows_of,
    start_of,
)
from training.corpus import ANNOTATED, Row, fingerprint
from training.evaluate import as_markdown, evaluate
from training.examples import LEXICON
from training.open_sets import open_examples
from training.recipe import DEFAULT, Recipe, load_recipe
from training.train import Learn, Material, train, weighted


@app.command("train")
def train_command(  # noqa: PLR0917  typer's options are no positions
    context: typer.Context,
    data: Data = None,
    extra: Extra = None,
    recipe: Annotated[Path, typer.Option(help="The recipe, a TOML file.")] = DEFAULT,
    encoder: Annotated[
        list[str] | None,
        typer.Option(
            help="Encoder to start from: own (the default), live, a folder (of a run, a version"
            " or an encoder), a hub's name, or none. Repeated, tuned ones: from the mean of their"
            " weights."
        ),
    ] = None,
    teacher: Annotated[
        list[str] | None,
        typer.Option(help="Tuned encoder to learn from, named like --encoder; may be repeated."),
    ] = None,
    writer: Annotated[
        Path | None,
        typer.Option(help="Folder RUN/writer of a pre-training that makes texts for teachers."),
    ] = None,
    open_data: Annotated[
        Path | None, typer.Option(help="Folder of open labelled sets, to learn from them too.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder of the runs.")] = Path("runs"),
    version: Annotated[str, typer.Option(help="Name of the model; default: date and hash.")] = "",
    models: Models = SHIPPED,
) -> None:
    """Train on the train rows, calibrate on dev, measure on test; print the run's folder.

    `torchrun --nproc-per-node N -m training.cli train …` shares the encoder's training out
    among N processes.
    """
    _check_encoders(encoder or ["own"], teacher or [], writer)
    starts = [find_encoder(one, models) for one in encoder or ["own"]]
    teachers = [find_encoder(one, models) for one in teacher or []]
    files = [*(data or [ANNOTATED]), *(extra or [])]
    rows, remarks = corpus.load_with_remarks(files)
    others = int(os.environ.get("RANK", "0")) > 0  # the first process alone speaks and writes
    for remark in [] if others else remarks:
        typer.echo(f"warning: {remark}", err=True)
    chosen = load_recipe(recipe)
    came_from = run_folder.origin(starts, teachers)
    origins = [*(encoder or ["own"]), *came_from.values()]  # "live" is another one tomorrow
    name = check_version_name(version or _version(rows, recipe, origins))
    start = run_folder.begin(context.params, recipe, files)
    sets = open_examples(open_data) if open_data else None
    with bars() as (learned, step):
        kept = None if others else out / name / run_folder.TUNED
        taught = {"taught_by": [start_of(one) for one in teachers], "writer": writer}
        learn = None if starts == ["none"] else _learn_from(starts, chosen, step, kept, taught)
        material = Material(rows, sets, learn, came_from, load_set())
        if others and learn:
            learn(material.split("train"), weighted(sets or {}, chosen.open_sets["encoder"]))
            return
        manifest = train(material, chosen, out / name, name, learned)
    write_card(out / name)
    run_folder.finish(start, out / name, rows)
    _show(manifest.metrics)
    typer.echo(str(out / name))


def _check_encoders(starts: Sequence[str], teachers: Sequence[str], writer: Path | None) -> None:
    """Refuse options that would do nothing, or contradict each other."""
    if len(starts) > 1 and {"own", "none"} & set(starts):
        raise typer.BadParameter("only tuned encoders have a mean", param_hint="--encoder")
    if {"own", "none"} & set(teachers):
        raise typer.BadParameter("only tuned encoders teach", param_hint="--teacher")
    if teachers and starts == ["none"]:
        raise typer.BadParameter("there is no encoder to teach", param_hint="--teacher")
    if writer and not teachers:
        raise typer.BadParameter("what it makes needs a --teacher", param_hint="--writer")


def _show(measured: Mapping[str, Any]) -> None:
    for split, metrics in measured.items():
        typer.echo(f"\n{split}, {metrics['rows']:,} rows\n{as_markdown(metrics)}", err=True)


def _learn_from(
    starts: Sequence[str],
    recipe: Recipe,
    step: Step,
    kept: Path | None,
    taught: Mapping[str, Any],
) -> Learn:
    """Return the function that learns the encoder tier from an encoder, or the mean of some."""
    from training.tune_encoder import prepare  # torch takes seconds to import

    begun = [start_of(one) for one in starts]
    return prepare(recipe, starts=begun, kept=kept, progress=step, **taught)


@app.command("evaluate")
def evaluate_command(  # noqa: PLR0917  typer's options are no positions
    data: Data = None,
    model: Artifact = None,
    models: Models = SHIPPED,
    split: Split = "test",
    tier: Annotated[str, typer.Option(help="blended, or fast: without the encoder.")] = "blended",
    as_json: Annotated[bool, typer.Option("--json", help="All figures, as JSON.")] = False,
) -> None:
    """Measure a model on one split of a corpus."""
    check_tier(tier)
    rows = rows_of(data, split)
    classifier = Classifier.load(find_artifact(model or "", models), encoder=tier != "fast")
    metrics = evaluate(classifier, rows)
    if as_json:
        typer.echo(json.dumps(metrics, indent=1))
        return
    typer.echo(f"{classifier.version} on {split}, {len(rows):,} rows\n{as_markdown(metrics)}")


@app.command("pretrain")
def pretrain_command(  # noqa: PLR0917  typer's options are no positions
    texts: Annotated[Path, typer.Option(help="The folder of open text the recipe names.")],
    out: Annotated[Path, typer.Option(help="Folder of the run; it goes on where it stopped.")],
    minutes: Annotated[float, typer.Option(help="How long to train.")] = 60,
    decay: Annotated[int, typer.Option(help="Instead: end the run over so many steps.")] = 0,
    recipe: Annotated[Path | None, typer.Option(help="The recipe, a TOML file.")] = None,
    workers: Annotated[
        int, typer.Option(min=0, help="Processes that prepare text, beside a GPU.")
    ] = 0,
) -> None:
    """Pre-train the encoder by masked-token prediction; with --decay, finish it."""
    from training.pretrain import RECIPE, pretrain  # torch takes seconds to import

    def show(step: int, loss: float) -> None:
        typer.echo(f"step {step:,}: loss {loss:.3f}", err=True)

    folder = pretrain(
        texts,
        out,
        recipe_path=recipe or RECIPE,
        minutes=minutes,
        decay=decay,
        workers=workers,
        progress=show,
    )
    typer.echo(str(folder))


def _version(rows: list[Row], recipe: Path, origins: Sequence[str]) -> str:
    """Name a run by its day and what it is learned from: the same, the same name."""
    content = fingerprint(rows) + LEXICON.read_text(encoding="utf-8")
    content += recipe.read_text(encoding="utf-8") + " ".join(origins)
    day = datetime.now(UTC).strftime("%Y.%m.%d")
    return f"{day}-{hashlib.sha256(content.encode()).hexdigest()[:8]}"
