"""The model card, written from the manifest so that no figure in it is typed by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from models.artifact import MANIFEST, Manifest, load_manifest
from models.model_store import CARD
from training.claims_evaluation import as_table
from training.evaluate import as_markdown

_CARD = """\
# Model card: Qulaq {version}

Generated from `{manifest}` by `qulaq-train card {version}`; do not edit.

## What it is
The fast tier of Qulaq: hashed character n-grams ({shortest} to {longest}), {words},
TF-IDF, logistic regression and naive Bayes added up, all heads in one sparse product.{encoder}
{size:.1f} MB on disk. Trained {created} on {rows[train]:,} comments, calibrated on
{rows[dev]:,}{test_rows}: a temperature and a threshold to abstain for every head and written form.

## Intended use
To sort comments addressed to a city administration in Kazakhstan (Kazakh in Cyrillic or Latin
letters, Russian, English, mixed) by topic, urgency, sentiment, intent and toxicity, and to suggest
which template a moderator could answer with. A person decides and sends.

## What it must not decide alone
Whether anybody is answered, blocked, reported or fined; whether something is false (rumour style is
a hint, never evidence); whether an emergency is real. It says nothing reliable about the author.

## Data
`data/annotated/`: comments authored for this purpose, not collected{moderators}, and the words and
phrases of `training/lexicon.toml`. Taxonomy {taxonomy}.
SHA-256 of the labelled rows: `{fingerprint}`.
{open_sets}
## Measured
{measured}

## Known failures
- Authored comments are tidier than real ones: expect lower figures on real comments than above.
- Sarcasm is often read as praise; one inserted word can turn `kk-Cyrl` or `ru` into `mixed`.
- Languages beside Kazakh, Russian and English are only recognised as `other`.
- Rumour style knows nothing of facts: a true but breathless report can look like a rumour.
"""


_ENCODER = """
Beside it {origin},
fine-tuned on all heads at once, exported to ONNX with 7-bit weights. The scores of both tiers are
added up with weights fitted on dev, a pair a head. `QULAQ_TIER=fast` leaves the encoder out; both
are measured below. From claims and their retellings (`training/retellings.jsonl`) it has also
learned to tell alike what says the same, which is one of the signals that claims are found by."""

_OWN = "a compact multilingual encoder, pre-trained by us from scratch (`models/encoder`)"

_OPEN_SETS: Final = {
    "comments": "real texts labelled by us: comments under the page of a city district on VK "
    "(Text-Analytics/SOIKA, MIT), Kazakh reviews of places and apps (IS2AI/KazSAnDRA, CC BY 4.0), "
    "English complaints (ShriyaShankar/mini-project, MIT), Russian chats and blogs (UD Russian-"
    "Taiga, CC BY-SA 4.0; ai-forever/MERA, s-nlp/rudetoxifier, umputun/tg-spam, MIT)",
    "reviews": "Kazakh reviews, good or bad (IS2AI/KazSAnDRA, CC BY 4.0)",
    "emotions": "Russian texts with emotions (sag111/CEDR, Apache-2.0)",
    "appeals": "machine-written appeals with categories (AdilzhanB/KZgovData, MIT)",
}


def model_card(manifest: Manifest) -> str:
    """Return the card of a trained model as Markdown."""
    rows = manifest.data["rows"]
    moderators = manifest.data["moderator_rows"]
    return _CARD.format(
        version=manifest.version,
        manifest=MANIFEST,
        shortest=manifest.features["shortest"],
        longest=manifest.features["longest"],
        words="words and word pairs" if manifest.features.get("pairs", True) else "words",
        size=sum(entry["bytes"] for entry in manifest.files.values()) / 1e6,
        created=manifest.created[:10],
        rows=rows,
        test_rows=f", measured on {rows['test']:,}" if rows.get("test") else "",
        moderators=f", and {moderators:,} labelled by moderators" if moderators else "",
        taxonomy=manifest.taxonomy_version,
        fingerprint=manifest.data["fingerprint"],
        encoder=_encoder(manifest),
        open_sets=_open_sets(manifest),
        measured="\n\n".join(
            [*(_section(split, of) for split, of in manifest.metrics.items()), *_claims(manifest)]
        ),
    )


def _encoder(manifest: Manifest) -> str:
    """Return what the encoder is and was before it was fine-tuned; nothing where there is none."""
    if "blended" not in manifest.calibration:
        return ""
    before = manifest.data.get("encoder_from", {})
    origin = f"the encoder `{before['name']}`" if "name" in before else _OWN
    if "version" in before:
        origin += f",\ngone on from what it was in version {before['version']}"
    if "mean" in before:
        origin += f",\nwhose weights began as the mean of the encoders of {before['mean']}"
    if "teachers" in before:
        origin += f",\ntaught by its labels and by the encoders of {before['teachers']}"
    return _ENCODER.format(origin=origin)


def _open_sets(manifest: Manifest) -> str:
    """Return the open sets that taught it, a line each, with licence."""
    known = manifest.data.get("open_sets") or {}
    used = [
        f"- {_OPEN_SETS.get(name, name)}: {count:,} examples, each counting "
        f"{manifest.recipe['open_sets']['fast'][name]} of a comment for the fast tier, "
        f"{manifest.recipe['open_sets']['encoder'][name]} for the encoder"
        for name, count in known.items()
    ]
    return "\n".join(["\nOpen labelled sets (`--open-data`):\n", *used, ""]) if used else ""


def _section(split: str, metrics: dict[str, Any]) -> str:
    """Return the figures on one split; the command that gives them stands above the table."""
    name, _, tier = split.partition(", ")
    tier_option = " --tier fast" if tier else ""
    command = f"qulaq-train evaluate --split {name}{tier_option}"
    head = f"### {split}, {metrics['rows']:,} rows (`{command}`)"
    return f"{head}\n\n{as_markdown(metrics)}"


def _claims(manifest: Manifest) -> list[str]:
    """Return the figures on misinformation, by a set that nothing was tuned on, if measured."""
    if not manifest.claims:
        return []
    return [
        f"### claims in comments (`qulaq-train claims-evaluate`)\n\n{as_table(manifest.claims)}"
    ]


def write_card(folder: Path) -> Path:
    """Write the card beside the manifest in `folder` and return its path."""
    path = folder / CARD
    path.write_text(model_card(load_manifest(folder)), encoding="utf-8")
    return path
