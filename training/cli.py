"""The command line of ML staff: `qulaq-train`."""

from __future__ import annotations

import hashlib
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from tqdm import tqdm

from models.artifact import ArtifactError, check_version_name
from models.classifier import Classifier
from models.labels import HEADS
from models.model_store import SHIPPED, ModelStore, who_runs_this
from training import corpus, promote
from training.agreement import load_pairs
from training.card import write_card
from training.composition import TARGETS, load_targets
from training.corpus import ANNOTATED, SPLITS, CorpusError, Row, fingerprint
from training.curve_plot import plot_curve
from training.datasheet import DATASHEET, MEASURED, Facts, fill, load_measured
from training.diversity import alike_share, distinct_ngrams, openings
from training.evaluate import as_markdown, evaluate
from training.examples import LEXICON
from training.learning_curve import SIZES, learning_curve, load_real_texts
from training.recipe import DEFAULT, load_recipe
from training.train import train
from training.transfer import polarity_f1, topic_accuracy
from training.validate import validate

app = typer.Typer(
    help="Check annotated comments, train a model on them, measure it, put it live.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)
Data = Annotated[list[Path] | None, typer.Argument(help="JSONL files or folders of them.")]
Extra = Annotated[
    list[Path] | None, typer.Option("--extra", help="More rows, such as exported annotations.")
]
OpenData = Annotated[
    Path,
    typer.Option("--open-data", help="The folder of open data sets, for figures on real texts."),
]
Models = Annotated[
    Path, typer.Option("--models", envvar="QULAQ_MODELS_DIR", help="The store of model versions.")
]


def main() -> None:
    """Run the command line; expected failures are one sentence on standard error."""
    try:
        app()
    except (ArtifactError, CorpusError, OSError, ValueError) as error:
        sys.exit(f"qulaq-train: {error}")


@app.command("validate")
def validate_command(
    data: Data = None,
    targets: Annotated[
        Path | None,
        typer.Option(help="What there must be at least, a TOML file; default: for our corpus."),
    ] = None,
) -> None:
    """Check a corpus: codes, duplicates, splits, personal data, counts and variety."""
    wanted = load_targets(targets or TARGETS) if targets or not data else {}
    verdict = validate(data or [ANNOTATED], wanted)
    width = max(len(count.group) for count in verdict.counts)
    for count in verdict.counts:
        least = "" if count.wanted is None else f"of {count.wanted:,}"
        mark = "  SHORT" if count.short else ""
        typer.echo(f"{count.group:<{width}}  {count.code:<28} {count.rows:>7,} {least}{mark}")
    texts = [row.text for row in verdict.rows]
    for length in (2, 3):
        found = distinct_ngrams(texts, length)
        typer.echo(f"{'variety':<{width}}  {f'{length}-grams in 1,000 words':<28} {found:>7,.0f}")
    alike = f"{alike_share(texts):.2%}" if texts else "–"
    typer.echo(f"{'variety':<{width}}  {'rows with a near-duplicate':<28} {alike:>7}")
    for opening, number in openings(texts, 2):
        typer.echo(f"{'opens with':<{width}}  {opening:<28} {number:>7,}")
    typer.echo(f"{len(verdict.rows):,} rows, {len(verdict.faults):,} faults")
    for fault in verdict.faults:
        typer.echo(fault, err=True)
    if verdict.faults or not verdict.rows:
        raise typer.Exit(1)


@app.command("train")
def train_command(
    data: Data = None,
    extra: Extra = None,
    recipe: Annotated[Path, typer.Option(help="The recipe, a TOML file.")] = DEFAULT,
    out: Annotated[Path, typer.Option(help="Folder of the runs.")] = Path("runs"),
    version: Annotated[str, typer.Option(help="Name of the model; default: date and hash.")] = "",
) -> None:
    """Train on the train rows, calibrate on dev, measure on test; print the run's folder."""
    rows = corpus.load([*(data or [ANNOTATED]), *(extra or [])])
    chosen = load_recipe(recipe)
    name = check_version_name(version or _version(rows, recipe))
    total = sum(len(codes) for codes in HEADS.values())
    with tqdm(total=total, unit="label", disable=not sys.stderr.isatty()) as bar:

        def advance(label: str) -> None:
            bar.set_description(label)
            bar.update()

        manifest = train(rows, chosen, out / name, name, advance)
    write_card(out / name)
    for split, metrics in manifest.metrics.items():
        typer.echo(f"\n{split}, {metrics['rows']:,} rows\n{as_markdown(metrics)}", err=True)
    typer.echo(str(out / name))


@app.command("evaluate")
def evaluate_command(
    data: Data = None,
    model: Annotated[Path | None, typer.Option(help="An artifact; default: the live one.")] = None,
    models: Models = SHIPPED,
    split: Annotated[str, typer.Option(help=f"One of {', '.join(SPLITS)}.")] = "test",
    as_json: Annotated[bool, typer.Option("--json", help="All figures, as JSON.")] = False,
) -> None:
    """Measure a model on one split of a corpus."""
    if split not in SPLITS:
        raise ValueError(f"--split: '{split}' is none of {', '.join(SPLITS)}")
    store = ModelStore(models)
    classifier = Classifier.load(model or store.path(store.active()))
    rows = [row for row in corpus.load(data or [ANNOTATED]) if row.split == split]
    metrics = evaluate(classifier, rows)
    if as_json:
        typer.echo(json.dumps(metrics, indent=1))
        return
    typer.echo(f"{classifier.version} on {split}, {len(rows):,} rows\n{as_markdown(metrics)}")


@app.command("learning-curve")
def learning_curve_command(
    data: Data = None,
    open_data: Annotated[
        Path | None, typer.Option(help="Folder of open data, for figures on real texts.")
    ] = None,
    recipe: Annotated[Path, typer.Option(help="The recipe, a TOML file.")] = DEFAULT,
    out: Annotated[Path, typer.Option(help="Folder for figures and plot.")] = ANNOTATED,
) -> None:
    """Train on ever more of the corpus; write the figures, and the curve as a picture."""
    rows = corpus.load(data or [ANNOTATED])
    real = load_real_texts(open_data) if open_data else None
    measured: dict[str, Any] = {"recipe": recipe.name, "corpus": fingerprint(rows)}
    if real:
        texts, _ = real.reviews
        measured["reviews_variety"] = {n: round(distinct_ngrams(texts, n), 1) for n in (2, 3)}
    steps = sum(size < len(rows) for size in SIZES) + 1
    with tqdm(total=steps, unit="point", disable=not sys.stderr.isatty()) as bar:
        points = learning_curve(rows, load_recipe(recipe), real, progress=lambda _: bar.update())
    measured["points"] = points
    content = json.dumps(measured, ensure_ascii=False, indent=1)
    (out / MEASURED.name).write_text(content + "\n", encoding="utf-8")
    plot_curve(points, out / "learning_curve.svg")
    typer.echo(f"{out / MEASURED.name}, {out / 'learning_curve.svg'}")


@app.command("transfer")
def transfer_command(
    open_data: OpenData,
    model: Annotated[Path | None, typer.Option(help="An artifact; default: the live one.")] = None,
    models: Models = SHIPPED,
) -> None:
    """Measure a model on real texts that nobody wrote for us: appeals and reviews."""
    store = ModelStore(models)
    classifier = Classifier.load(model or store.path(store.active()))
    real = load_real_texts(open_data)
    topic = topic_accuracy(classifier, *real.appeals)
    polarity = polarity_f1(classifier, *real.reviews)
    typer.echo(f"topic of {len(real.appeals[0]):,} Russian appeals: accuracy {topic:.3f}")
    typer.echo(f"polarity of {len(real.reviews[0]):,} Kazakh reviews: macro-F1 {polarity:.3f}")


@app.command("datasheet")
def datasheet_command() -> None:
    """Write the tables of the corpus's datasheet anew."""
    facts = Facts(corpus.load([ANNOTATED]), load_pairs(), load_measured())
    DATASHEET.write_text(fill(DATASHEET.read_text(encoding="utf-8"), facts), encoding="utf-8")
    typer.echo(str(DATASHEET))


@app.command("promote")
def promote_command(
    run: Annotated[Path, typer.Argument(help="The folder that `train` printed.")],
    models: Models = SHIPPED,
    reason: Annotated[str, typer.Option(help="Why, for the history.")] = "",
) -> None:
    """Put a trained model live; running services pick it up with their next answer."""
    entry = promote.promote(run, ModelStore(models), by=who_runs_this(), reason=reason)
    typer.echo(f"{entry.version} is live in {models}")


@app.command("card")
def card_command(
    version: Annotated[str, typer.Argument(help="A version in the store.")],
    models: Models = SHIPPED,
) -> None:
    """Write the model card of a version anew, from its manifest."""
    typer.echo(str(write_card(ModelStore(models).path(version))))


@app.command("pretrain")
def pretrain_command(
    texts: Annotated[Path, typer.Option(help="The folder of open text the recipe names.")],
    out: Annotated[Path, typer.Option(help="Folder of the run; it goes on where it stopped.")],
    minutes: Annotated[float, typer.Option(help="How long to train.")] = 60,
    decay: Annotated[int, typer.Option(help="Instead: end the run over so many steps.")] = 0,
) -> None:
    """Pre-train the encoder by masked-token prediction; with --decay, finish it."""
    from training.pretrain import pretrain  # torch takes seconds to import

    def show(step: int, loss: float) -> None:
        typer.echo(f"step {step:,}: loss {loss:.3f}", err=True)

    typer.echo(str(pretrain(texts, out, minutes=minutes, decay=decay, progress=show)))


@app.command("benchmark")
def benchmark_command(  # noqa: PLR0917  typer's options are no positions
    train_file: Annotated[Path, typer.Option("--train", help="CSV or TSV to learn from.")],
    valid_file: Annotated[Path, typer.Option("--valid", help="To choose everything on.")],
    test_file: Annotated[Path, typer.Option("--test", help="To measure on, once.")],
    text_column: Annotated[str, typer.Option(help="Column of the texts.")] = "text",
    label_column: Annotated[str, typer.Option(help="Column of the labels.")] = "label",
    encoder: Annotated[
        str, typer.Option(help="Folder or name of an encoder; default: our own.")
    ] = "",
    epochs: Annotated[int, typer.Option(min=0, help="Most epochs of the encoder.")] = 3,
    seed: Annotated[int, typer.Option()] = 0,
) -> None:
    """Train our architecture on any labelled texts and print its figures as one JSON object."""
    from training import benchmark as bench  # torch takes seconds to import

    def read(path: Path) -> bench.Table:
        return bench.read_table(path, text_column, label_column)

    with tqdm(unit="text", disable=not sys.stderr.isatty()) as bar:

        def show(what: str, done: int, total: int) -> None:
            bar.set_description(what)
            bar.total, bar.n = total, done
            bar.refresh()

        tables = read(train_file), read(valid_file), read(test_file)
        task = bench.Task(*tables, seed, show)
        found = bench.benchmark(task, encoder=encoder or None, epochs=epochs)
    typer.echo(json.dumps(found, ensure_ascii=False, indent=1))


def _version(rows: list[Row], recipe: Path) -> str:
    """Name a run by its day and what it is learned from: same rows, lexicon, recipe, same name."""
    content = fingerprint(rows) + LEXICON.read_text(encoding="utf-8")
    content += recipe.read_text(encoding="utf-8")
    day = datetime.now(UTC).strftime("%Y.%m.%d")
    return f"{day}-{hashlib.sha256(content.encode()).hexdigest()[:8]}"


if __name__ == "__main__":
    main()
