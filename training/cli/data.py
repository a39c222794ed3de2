"""Commands about the annotated comments themselves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from tqdm import tqdm

from models.classifier import Classifier
from models.model_store import SHIPPED
from training import corpus
from training.agreement import load_pairs
from training.cli.application import app
from training.cli.bars import pace
from training.cli.options import Artifact, Data, Models, OpenData, find_artifact
from training.composition import TARGETS, load_targets
from training.corpus import ANNOTATED, fingerprint
from training.curve_plot import plot_curve
from training.datasheet import DATASHEET, MEASURED, Facts, fill, load_measured
from training.diversity import alike_share, distinct_ngrams, openings
from training.evaluate import as_markdown, evaluate
from training.learning_curve import SIZES, learning_curve, load_real_texts
from training.open_sets import real_comments
from training.recipe import DEFAULT, load_recipe
from training.reviewed import load_reviews
from training.transfer import polarity_f1, topic_accuracy
from training.validate import Verdict, validate


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
    if verdict.rows:
        _show(verdict)
    if verdict.repeated:
        typer.echo(f"{verdict.repeated:,} decisions on a text that is there already, left out")
    typer.echo(f"{len(verdict.rows):,} rows, {len(verdict.faults):,} faults")
    for remark in verdict.remarks:
        typer.echo(f"warning: {remark}", err=True)
    for fault in verdict.faults:
        typer.echo(fault, err=True)
    if not verdict.rows:
        raise ValueError(f"there are no rows in {', '.join(map(str, data or [ANNOTATED]))}")
    if verdict.faults:
        raise typer.Exit(1)


def _show(verdict: Verdict) -> None:
    """Print how much there is of what, and how varied it is."""
    width = max(len(count.group) for count in verdict.counts)
    for count in verdict.counts:
        least = "" if count.wanted is None else f"of {count.wanted:,}"
        mark = "  SHORT" if count.short else ""
        typer.echo(f"{count.group:<{width}}  {count.code:<28} {count.rows:>7,} {least}{mark}")
    texts = [row.text for row in verdict.rows]
    for length in (2, 3):
        found = distinct_ngrams(texts, length)
        typer.echo(f"{'variety':<{width}}  {f'{length}-grams in 1,000 words':<28} {found:>7,.0f}")
    alike = f"{alike_share(texts):.2%}"
    typer.echo(f"{'variety':<{width}}  {'rows with a near-duplicate':<28} {alike:>7}")
    for opening, number in openings(texts, 2):
        typer.echo(f"{'opens with':<{width}}  {opening:<28} {number:>7,}")


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
    steps = sum(size < len(rows) for size in SIZES) + 1 + bool(real)
    with tqdm(total=steps, unit="model", **pace()) as bar:
        points = learning_curve(rows, load_recipe(recipe), real, progress=lambda _: bar.update())
    measured["points"] = points
    content = json.dumps(measured, ensure_ascii=False, indent=1)
    (out / MEASURED.name).write_text(content + "\n", encoding="utf-8")
    plot_curve(points, out / "learning_curve.svg")
    typer.echo(f"{out / MEASURED.name}, {out / 'learning_curve.svg'}")


@app.command("transfer")
def transfer_command(
    open_data: OpenData,
    model: Artifact = None,
    models: Models = SHIPPED,
) -> None:
    """Measure a model on real texts that nobody wrote for us: appeals and reviews."""
    classifier = Classifier.load(find_artifact(model or "", models))
    real = load_real_texts(open_data)
    topic = topic_accuracy(classifier, *real.appeals)
    polarity = polarity_f1(classifier, *real.reviews)
    typer.echo(f"topic of {len(real.appeals[0]):,} Russian appeals: accuracy {topic:.3f}")
    typer.echo(f"polarity of {len(real.reviews[0]):,} Kazakh reviews: macro-F1 {polarity:.3f}")
    held_out = [row for row in real_comments(open_data) if row.split == "test"]
    for name in sorted({row.annotator for row in held_out}):
        rows = [row for row in held_out if row.annotator == name]
        file = rows[0].where.split(":")[0]
        typer.echo(f"\n{name}, {len(rows):,} texts of {file}, never learned from:")
        typer.echo(as_markdown(evaluate(classifier, rows)))


@app.command("datasheet")
def datasheet_command() -> None:
    """Write the tables of the corpus's datasheet anew."""
    facts = Facts(corpus.load([ANNOTATED]), load_pairs(), load_reviews(), load_measured())
    DATASHEET.write_text(fill(DATASHEET.read_text(encoding="utf-8"), facts), encoding="utf-8")
    typer.echo(str(DATASHEET))
