"""The encoder of a finished model, made trainable again, and trainings that go on from it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import torch
from onnx import numpy_helper
from toy_corpus import toy_rows
from typer.testing import CliRunner

from models.artifact import (
    ENCODER,
    TOKENIZER,
    ArtifactError,
    load_artifact,
    load_manifest,
    save_artifact,
)
from models.model_store import SHIPPED, ModelStore
from models.text import normalise
from training.cli import app
from training.cli.options import find_encoder
from training.encoder import TextEncoder, load_encoder, scores
from training.onnx_export import export_onnx
from training.restored import restore
from training.run_folder import TUNED
from training.tuned import begin_from, load_tuned, tuned_head

TEXTS = [normalise(row.text) for row in toy_rows()]


def trained(corpus: tuple[Path, Path], folder: Path, *options: Any) -> Path:
    """Return the run that `qulaq-train train` leaves."""
    asked = ["train", str(corpus[0]), "--recipe", str(corpus[1]), *map(str, options)]
    answer = CliRunner().invoke(
        app, [*asked, "--out", str(folder.parent), "--version", folder.name]
    )
    assert answer.exit_code == 0, answer.output
    return folder


@pytest.fixture(scope="module")
def run(corpus: tuple[Path, Path], tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trained(corpus, tmp_path_factory.mktemp("runs") / "v1", "--encoder", tiny)


@pytest.fixture(scope="module")
def of_xlmr(
    corpus: tuple[Path, Path], tiny_xlmr: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    return trained(corpus, tmp_path_factory.mktemp("runs") / "x1", "--encoder", tiny_xlmr)


@pytest.fixture
def unlearned(corpus: tuple[Path, Path], tmp_path: Path) -> tuple[Path, Path]:
    """Return the corpus with a recipe that leaves an encoder as it was."""
    recipe = corpus[1].read_text(encoding="utf-8").replace("epochs = 2", "epochs = 0")
    path = tmp_path / "recipe.toml"
    path.write_text(recipe, encoding="utf-8")
    return corpus[0], path


def of_the_store(run: Path, folder: Path) -> Path:
    """Return a store in which the run is live, as it holds no encoder but the served one."""
    folder.mkdir()
    store = ModelStore(folder)
    store.activate(store.add(run), by="test")
    return folder


def alike(one: Path, other: Path) -> bool:
    """Return whether two models hold the same matrices."""
    pair = [integers((folder / ENCODER).read_bytes()) for folder in (one, other)]
    assert pair[0].keys() == pair[1].keys()
    return all(np.array_equal(of, pair[1][name]) for name, of in pair[0].items())


def integers(encoder: bytes) -> dict[str, Any]:
    """Return the rounded matrices of an exported encoder."""
    graph = onnx.load_from_string(encoder).graph
    every = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    return {name: of for name, of in every.items() if of.dtype == np.int8}


@pytest.mark.parametrize("make", ["run", "of_xlmr"])
def test_it_scores_as_the_one_that_is_served(make: str, request: pytest.FixtureRequest) -> None:
    folder = request.getfixturevalue(make)
    _, reader = load_encoder(folder, 64)
    assert reader.plain
    model = load_tuned(folder, reader)
    _, tiers = load_artifact(folder)
    assert tiers.encoder is not None
    found = scores(model, reader, reader.read(TEXTS))[:, : len(tiers.encoder.logits(TEXTS)[0])]
    served = tiers.encoder.logits(TEXTS)
    assert np.abs(found - served).mean() < 0.05 * served.std()  # of rounded activations
    assert np.corrcoef(found.ravel(), served.ravel())[0, 1] > 0.995


@pytest.mark.parametrize("make", ["run", "of_xlmr"])
def test_exported_again_it_is_the_same_integers(make: str, request: pytest.FixtureRequest) -> None:
    folder = request.getfixturevalue(make)
    _, reader = load_encoder(folder, 64)
    again = integers(export_onnx(load_tuned(folder, reader), reader, TEXTS))
    before = integers((folder / ENCODER).read_bytes())
    assert again.keys() == before.keys()
    for name, of in again.items():
        assert np.array_equal(of, before[name]), name


def test_it_reads_the_subwords_it_was_tuned_with(run: Path) -> None:
    (_, served), (_, tuned) = load_encoder(run, 64), load_encoder(run / TUNED, 64)
    texts = [*TEXTS, "[MASK] жоқ [SEP]"]
    assert served.read(texts) == tuned.read(texts)
    for name in ("mask_token_id", "pad_token_id"):
        assert getattr(served.tokenizer, name) == getattr(tuned.tokenizer, name)
    assert {*served.tokenizer.all_special_ids} == {*tuned.tokenizer.all_special_ids}


def test_a_training_goes_on_from_the_live_model(
    corpus: tuple[Path, Path], unlearned: tuple[Path, Path], run: Path, tiny: Path, tmp_path: Path
) -> None:
    store = of_the_store(run, tmp_path / "store")
    live = ["--encoder", "live", "--teacher", "live", "--models", store]
    new = trained(unlearned, tmp_path / "new", *live)
    assert alike(new, run)
    assert load_manifest(new).data["encoder_from"] == {
        "name": tiny.name,
        "version": "v1",
        "teachers": "v1",
    }
    by_version = ["--encoder", "v1", "--models", store]
    more = trained(corpus, tmp_path / "more", *by_version)
    assert load_manifest(more).data["encoder_from"]["version"] == "v1"
    assert not alike(more, run)


def test_of_a_run_the_encoder_is_taken_before_it_was_rounded(
    unlearned: tuple[Path, Path], run: Path, tmp_path: Path
) -> None:
    new = trained(unlearned, tmp_path / "new", "--encoder", run)
    body, _ = load_encoder(new / TUNED)
    exact, _ = load_encoder(run / TUNED)
    for one, other in zip(body.parameters(), exact.parameters(), strict=True):
        assert torch.equal(one, other)


def test_a_served_one_and_a_run_have_a_mean(run: Path, tmp_path: Path) -> None:
    store = of_the_store(run, tmp_path / "store")
    begun = begin_from([store / "v1", run / TUNED], 64)
    (one, _), (other, _) = load_encoder(store / "v1"), load_encoder(run / TUNED)
    assert begun.head is not None
    for name, weight in begun.body.named_parameters():
        if "embeddings" not in name:  # what segments add lies in the places of the served one
            pair = one.get_parameter(name), other.get_parameter(name)
            assert torch.allclose(weight, (pair[0] + pair[1]) / 2, atol=1e-6)


def test_what_has_no_encoder_to_go_on_from_is_named(run: Path, good: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=f"{good.name}: it has no encoder"):
        load_encoder(good)
    damaged = tmp_path / "damaged"
    shutil.copytree(run, damaged)
    (damaged / ENCODER).write_bytes(b"half a file")
    with pytest.raises(ArtifactError, match=r"encoder\.onnx: is damaged"):
        load_encoder(damaged)


@pytest.mark.parametrize("name", ["words", "out.weight"])
def test_an_encoder_that_others_exported_is_named(run: Path, tmp_path: Path, name: str) -> None:
    manifest, tiers = load_artifact(run)
    made = onnx.load(run / ENCODER)
    for node in made.graph.node:
        node.input[:] = ["table" if one == name else one for one in node.input]
    for constant in made.graph.initializer:
        constant.name = "table" if constant.name == name else constant.name
    files = {ENCODER: made.SerializeToString(), TOKENIZER: (run / TOKENIZER).read_bytes()}
    save_artifact(tmp_path / "other", manifest, tiers.fast, files)
    with pytest.raises(ValueError, match=rf"its graph is of another make \('{name}'\)"):
        restore(tmp_path / "other")


@pytest.mark.parametrize("teacher", ["own", "none"])
def test_only_tuned_encoders_teach(corpus: tuple[Path, Path], teacher: str) -> None:
    answer = CliRunner().invoke(app, ["train", str(corpus[0]), "--teacher", teacher])
    assert answer.exit_code == 2
    assert "only tuned encoders teach" in answer.output


def test_an_empty_store_knows_the_shipped_version(tmp_path: Path) -> None:
    version = ModelStore(SHIPPED).active()
    assert find_encoder(version, tmp_path) == str(tmp_path / version)
    assert find_encoder("live", tmp_path) == str(tmp_path / version)
    assert find_encoder("xlm-roberta-base", tmp_path) == "xlm-roberta-base"


def test_a_folder_named_like_a_word_is_not_taken_for_it(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own").symlink_to(run)
    monkeypatch.chdir(tmp_path)
    assert find_encoder("own", tmp_path / "store") == "own"
    assert find_encoder("./own", tmp_path / "store") == str(Path("own") / TUNED)


def test_the_shipped_model_can_be_gone_on_from() -> None:
    folder = SHIPPED / ModelStore(SHIPPED).active()
    body, reader = load_encoder(folder, 64)
    head = tuned_head(folder)
    assert head is not None
    model = TextEncoder(body, len(head["bias"]))
    model.out.load_state_dict(head)
    _, tiers = load_artifact(folder)
    assert tiers.encoder is not None
    texts = ["үшінші күн жылу жоқ", "спасибо за новую дорогу", "when will the bus come"]
    found = scores(model, reader, reader.read(texts))
    served = tiers.encoder.logits(texts)
    assert np.abs(found[:, : served.shape[1]] - served).mean() < 0.05 * served.std()
