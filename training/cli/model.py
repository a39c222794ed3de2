"""Commands that learn and measure."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from tqdm import tqdm

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
    chosen_heads,
    find_artifact,
    rows_of,
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
            help="Encoder to start from: own (the default), none, a folder or a hub's name. "
            "Repeated, folders RUN/encoder of tuned ones: from the mean of their weights."
        ),
    ] = None,
    teacher: Annotated[
        list[str] | None,
        typer.Option(help="Folder RUN/encoder of a tuned encoder to learn from; may be repeated."),
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
) -> None:
    """Train on the train rows, calibrate on dev, measure on test; print the run's folder.

    `torchrun --nproc-per-node N -m training.cli train …` shares the encoder's training out
    among N processes.
    """
    starts = encoder or ["own"]
    _check_encoders(starts, teacher or [], writer)
    files = [*(data or [ANNOTATED]), *(extra or [])]
    rows, remarks = corpus.load_with_remarks(files)
    others = int(os.environ.get("RANK", "0")) > 0  # the first process alone speaks and writes
    for remark in [] if others else remarks:
        typer.echo(f"warning: {remark}", err=True)
    chosen = load_recipe(recipe)
    name = check_version_name(version or _version(rows, recipe, starts))
    start = run_folder.begin(context.params, recipe, files)
    sets = open_examples(open_data) if open_data else None
    with bars() as (learned, step):
        kept = None if others else out / name / run_folder.TUNED
        taught = {"taught_by": teacher or (), "writer": writer}
        learn = None if starts == ["none"] else _learn_from(starts, chosen, step, kept, taught)
        came_from = run_folder.origin(starts, teacher or ())
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

    begun = [_start(one) for one in starts]
    return prepare(recipe, starts=begun, kept=kept, progress=step, **taught)


def _start(encoder: str) -> str | Path:
    """Return the folder or name that `--encoder` means."""
    from training.encoder import OWN

    return OWN if encoder == "own" else encoder


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


@app.command("benchmark")
def benchmark_command(  # noqa: PLR0917  typer's options are no positions
    train_file: Annotated[Path, typer.Option("--train", help="CSV or TSV to learn from.")],
    valid_file: Annotated[
        Path | None,
        typer.Option(
            "--valid",
            help="To choose everything on. Without it folds of train are, each by models that"
            " learned from the others, and test is answered by all of them.",
        ),
    ] = None,
    test_file: Annotated[
        Path | None,
        typer.Option(
            "--test", help="To measure on. Without it each half of valid serves the other."
        ),
    ] = None,
    text_column: Annotated[str, typer.Option(help="Column of the texts.")] = "text",
    label_column: Annotated[str, typer.Option(help="Column of the labels.")] = "label",
    encoder: Annotated[
        list[str] | None,
        typer.Option(help="Folder or name of an encoder, or own, the default; may be repeated."),
    ] = None,
    epochs: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="Most epochs of an encoder; 0: no encoder.",
            show_default="6; from 30,000 texts on 3",
        ),
    ] = None,
    encoders: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="So many are tuned and averaged; without --valid, so many a fold.",
            show_default="4; from 30,000 texts on 2; without --valid 1",
        ),
    ] = None,
    distil: Annotated[
        float | None,
        typer.Option(
            min=0,
            max=1,
            help="Share of what encoders learn that is not the label but what models say that"
            " never saw the text; against wrong labels.",
            show_default="0; from 30,000 texts on 0.6",
        ),
    ] = None,
    more: Annotated[
        list[Path] | None,
        typer.Option(help="Another file to learn from, without what valid and test hold."),
    ] = None,
    both_keyboards: Annotated[
        bool,
        typer.Option(
            help="Learn Kazakh texts without their Kazakh letters too, and measure test so, too."
        ),
    ] = False,
    evidence: Annotated[
        list[str] | None,
        typer.Option(help="Head of the shipped model the n-grams get to see, on texts new to it."),
    ] = None,
    folds: Annotated[
        int, typer.Option(min=2, max=20, help="So many folds of train, without --valid.")
    ] = 5,
    keep: Annotated[
        Path | None,
        typer.Option(
            help="Folder for what each encoder says: a run that was stopped goes on from there,"
            " one with more encoders, too."
        ),
    ] = None,
    seed: Annotated[int, typer.Option()] = 0,
) -> None:
    """Train our architecture on any labelled texts and print its figures as one JSON object."""
    from training import tables  # torch takes seconds to import
    from training.benchmark import benchmark
    from training.benchmark_task import Task

    heads = tuple(chosen_heads("--evidence", evidence or []))

    def read(path: Path) -> tables.Table:
        return tables.read_table(path, text_column, label_column)

    with tqdm(unit="text", disable=not sys.stderr.isatty()) as bar:

        def show(what: str, done: int, total: int) -> None:
            bar.set_description(what)
            bar.total, bar.n = total, done
            bar.refresh()

        learned = read(train_file)
        valid = read(valid_file) if valid_file else None
        test = read(test_file) if test_file else None
        for path in more or []:
            apart = [table for table in (valid, test) if table]
            learned = tables.with_more(learned, read(path), apart)
        task = Task(learned, valid, test, seed, show, heads, both_keyboards, folds, keep)
        starts = [_start(one) for one in encoder or ["own"]]
        found = benchmark(task, starts=starts, epochs=epochs, encoders=encoders, distil=distil)
    typer.echo(json.dumps(found, ensure_ascii=False, indent=1))


def _version(rows: list[Row], recipe: Path, starts: Sequence[str]) -> str:
    """Name a run by its day and what it is learned from: the same, the same name."""
    content = fingerprint(rows) + LEXICON.read_text(encoding="utf-8")
    content += recipe.read_text(encoding="utf-8") + " ".join(starts)
    day = datetime.now(UTC).strftime("%Y.%m.%d")
    return f"{day}-{hashlib.sha256(content.encode()).hexdigest()[:8]}"
