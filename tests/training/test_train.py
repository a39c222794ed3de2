"""Training on a toy corpus: it learns, it repeats itself, and promotion puts it live."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from toy_corpus import small_recipe, toy_rows
from typer.testing import CliRunner

from models import Classifier, ModelStore
from models.artifact import load_manifest
from models.labels import HEADS
from training.augment import HABITS, drop_kazakh_letters, to_latin
from training.card import model_card
from training.cli import app
from training.evaluate import calibration_error
from training.examples import examples, load_lexicon
from training.fit import fit, worth_keeping
from training.promote import promote
from training.recipe import DEFAULT, RECIPES, Augment, load_recipe
from training.train import Material, train


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "toy"
    labels: list[str] = []
    train(Material(toy_rows()), small_recipe(), folder, "toy", labels.append)
    assert len(labels) == sum(len(codes) for codes in HEADS.values())
    return folder


def test_it_learns_what_it_was_shown(run: Path) -> None:
    classifier = Classifier.load(run)
    answers = classifier.analyse(
        ["бізде батарея мұздай", "огромная яма на дороге", "автобус қайда"]
    )
    assert [answer["topic"]["label"] for answer in answers] == ["heating", "roads", "transport"]
    assert answers[0]["model_version"] == "toy"


def test_the_manifest_explains_the_run(run: Path) -> None:
    manifest = load_manifest(run)
    assert manifest.data["rows"] == {"train": 60, "dev": 30, "test": 30}
    assert len(manifest.data["fingerprint"]) == 64
    assert manifest.metrics["test"]["topic"]["macro_f1"] == 1
    least = manifest.calibration["fast"]["thresholds"]
    assert all(0.3 <= value <= 1 for by_form in least.values() for value in by_form.values())
    card = model_card(manifest)
    assert "# Model card: Qulaq toy" in card
    assert "| topic | 1.000 |" in card
    assert manifest.data["fingerprint"] in card


def test_the_same_rows_give_the_same_weights(run: Path, tmp_path: Path) -> None:
    again = train(Material(toy_rows()), small_recipe(), tmp_path / "again", "toy")
    assert again.files == load_manifest(run).files


def test_only_what_is_worth_most_is_kept() -> None:
    rows = [row for row in toy_rows() if row.split == "train"]
    whole = fit(rows, small_recipe())
    part = fit(rows, replace(small_recipe(), kept=50))
    assert len(part.known) == 50 < len(whole.known)
    assert set(part.known) < set(whole.known)
    weights = np.array([[0.1, -2.0], [1.0, 0.5], [-0.9, 0.0]], dtype=np.float32)
    assert worth_keeping(weights, np.array([1, 1, 9]), 2).tolist() == [0, 2]


def test_too_few_dev_rows_are_refused(tmp_path: Path) -> None:
    rows = [replace(row, split="train") for row in toy_rows()]
    with pytest.raises(ValueError, match="0 dev rows are too few"):
        train(Material(rows), load_recipe(), tmp_path / "x", "x")


def test_promotion_puts_the_run_live_and_keeps_the_history(run: Path, tmp_path: Path) -> None:
    store = ModelStore(tmp_path / "store")
    promote(run, store, by="test", reason="first")
    promote(run, store, by="test", reason="again")
    assert store.active() == "toy"
    assert [entry.reason for entry in store.history()] == ["first", "again"]
    assert (store.path("toy") / "MODEL_CARD.md").read_text(encoding="utf-8").startswith("# Model")


def test_copies_are_the_same_comment_in_another_shape() -> None:
    recipe = load_recipe()
    augment = Augment(dropped_letters=True, latin_habits=len(HABITS), weight=0.5)
    recipe = replace(recipe, augment=augment, lexicon_weight=0)
    rows = [replace(toy_rows()[0], text="Үшінші күн Жылу жоқ!"), toy_rows()[2]]
    made = examples(rows, recipe)
    assert [example.text for example in made[:2]] == [row.text for row in rows]
    copies = made[2:]
    assert {"Ушинши кун Жылу жок!", "Ushinshi kun Zhylu zhoq!"} <= {copy.text for copy in copies}
    assert [copy.labels["language"] for copy in copies].count("kk-Latn") == len(HABITS)
    assert all(copy.weight == 0.5 for copy in copies)
    assert made == examples(rows, recipe)


def test_a_word_of_the_lexicon_teaches_one_head() -> None:
    recipe = replace(load_recipe(), lexicon_weight=0.7)
    made = [example for example in examples([], recipe) if example.text == "батарея"]
    assert [(dict(example.labels), example.weight) for example in made] == [
        ({"topic": "heating"}, 0.7)
    ]


def test_an_unknown_code_in_the_lexicon_is_named(tmp_path: Path) -> None:
    path = tmp_path / "lexicon.toml"
    path.write_text('[topic]\nteleportation = "порталы"\n', encoding="utf-8")
    with pytest.raises(ValueError, match="no code 'teleportation' of head 'topic'"):
        load_lexicon(path)


@pytest.mark.parametrize("habit", HABITS)
def test_no_cyrillic_is_left(habit: dict[str, str]) -> None:
    alphabet = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
    latin = to_latin(alphabet + alphabet.upper(), habit)
    assert not any("\u0400" <= letter <= "\u052f" for letter in latin)


def test_dropped_letters_keep_capitals() -> None:
    assert drop_kazakh_letters("Қала ӘКІМІ") == "Кала АКИМИ"


def test_calibration_error() -> None:
    confidence = np.array([0.95, 0.95, 0.55, 0.55], dtype=np.float32)
    assert calibration_error(confidence, np.array([True, True, True, False])) == pytest.approx(0.05)
    assert calibration_error(confidence, np.array([False] * 4)) == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("seed = 20261123", "", "lacks 'seed'"),
        ("topic = 30.0\n", "", r"\[penalty\] lacks topic"),
        ("buckets = 2097152", "buckets = 1000", "power of two"),
        ("[penalty]", "[penalty", "recipe.toml"),
        ("words = true", "wordz = true", "wordz"),
        ("relabelled = []", 'relabelled = ["topics"]', "there is no head topics"),
    ],
)
def test_a_faulty_recipe_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text(DEFAULT.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        load_recipe(path)


def test_a_recipe_may_say_only_what_differs(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('base = "shipped"\nseed = 7\n[fine_tuning]\nepochs = 3\n', encoding="utf-8")
    mine, shipped = load_recipe(path), load_recipe()
    changed = replace(shipped.fine_tuning, epochs=3)
    assert mine == replace(shipped, seed=7, fine_tuning=changed, raw=mine.raw)
    assert mine.raw["fine_tuning"] == shipped.raw["fine_tuning"] | {"epochs": 3}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('base = "other"', "no recipe 'other', only again, "),
        ("base = 3", "no recipe 3"),
        ('base = "shipped"\nspeed = 1', "not in the base: speed"),
        ('base = "shipped"\n[fine_tuning]\nepoch = 1', "not in the base: epoch"),
        ('base = "shipped"\nfine_tuning = 1', "mapping"),
    ],
)
def test_a_faulty_override_is_named(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=rf"mine\.toml: .*{message}"):
        load_recipe(path)


@pytest.mark.parametrize("path", [RECIPES / "again.toml", RECIPES / "shipped.toml"])
def test_the_recipes_here_are_sound(path: Path) -> None:
    assert load_recipe(path).fine_tuning.epochs > 0


def test_the_command_line_tells_a_newcomer_what_is_wrong(tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text(json.dumps({"id": "1"}) + "\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["validate", str(bad)])
    assert result.exit_code == 1
    assert "bad.jsonl:1: lacks" in result.output
    assert "0 rows, 1 faults" in result.output
