"""Going on from tuned encoders: from one, or from the mean of several."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from transformers import BertModel
from typer.testing import CliRunner

from models.artifact import load_manifest
from models.fast import COLUMNS
from training.cli import app
from training.encoder import TextEncoder, load_encoder
from training.meaning import WIDTH
from training.run_folder import TUNED
from training.tuned import HEAD_LAYER, begin_from, save_tuned

WEIGHTS = "model.safetensors"


def tuned(tiny: Path, folder: Path, seed: int) -> Path:
    """Return a folder as a run leaves it, its weights at random."""
    body, reader = load_encoder(tiny, 64)
    torch.manual_seed(seed)
    model = TextEncoder(body, COLUMNS + WIDTH)
    with torch.no_grad():
        for weight in model.parameters():
            weight.add_(torch.randn_like(weight))
    save_tuned(model, reader, folder)
    return folder


@pytest.fixture
def pair(tiny: Path, tmp_path: Path) -> list[Path]:
    return [tuned(tiny, tmp_path / name / TUNED, seed) for seed, name in enumerate("ab")]


def assert_is_mean(found: dict[str, torch.Tensor], file: str, pair: list[Path]) -> None:
    one, other = (load_file(folder / file) for folder in pair)
    assert found.keys() == one.keys()
    for name, weight in found.items():
        assert not torch.allclose(one[name], other[name])
        assert torch.allclose(weight, (one[name] + other[name]) / 2, atol=1e-6)


def test_several_are_begun_with_as_their_mean(pair: list[Path]) -> None:
    begun = begin_from(pair, 64)
    assert begun.reader.longest == 64
    assert begun.head is not None
    assert_is_mean(begun.head, HEAD_LAYER, pair)
    assert_is_mean(dict(begun.body.named_parameters()), WEIGHTS, pair)


def test_one_is_begun_with_as_it_is(pair: list[Path], tiny: Path) -> None:
    begun = begin_from(pair[:1], 64)
    assert begun.head is not None
    assert torch.equal(begun.head["weight"], load_file(pair[0] / HEAD_LAYER)["weight"])
    assert begin_from([tiny], 64).head is None


def test_what_has_no_mean_is_named(pair: list[Path], tiny: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="lacks the layer that scores labels"):
        begin_from([pair[0], tiny], 64)
    body, reader = load_encoder(tiny, 64)
    body.config.num_hidden_layers += 1
    deeper = TextEncoder(BertModel(body.config), COLUMNS + WIDTH)
    save_tuned(deeper, reader, tmp_path / "deeper")
    with pytest.raises(ValueError, match=r"deeper: it has another shape than .*, there is no mean"):
        begin_from([pair[0], tmp_path / "deeper"], 64)


def test_a_run_may_be_the_mean_of_others(
    corpus: tuple[Path, Path], pair: list[Path], tmp_path: Path
) -> None:
    text = re.sub(r"(?m)^epochs = .*", "epochs = 0", corpus[1].read_text(encoding="utf-8"))
    recipe = tmp_path / "mean.toml"
    recipe.write_text(text, encoding="utf-8")
    asked = ["train", str(corpus[0]), "--recipe", str(recipe), "--out", str(tmp_path)]
    asked += [part for folder in pair for part in ("--encoder", str(folder))]
    answer = CliRunner().invoke(app, [*asked, "--version", "mean"])
    assert answer.exit_code == 0, answer.output
    run = tmp_path / "mean"
    assert_is_mean(load_file(run / TUNED / WEIGHTS), WEIGHTS, pair)
    assert load_manifest(run).data["encoder_from"] == {"mean": f"{TUNED}, {TUNED}"}
    assert "the mean of the encoders of" in (run / "MODEL_CARD.md").read_text(encoding="utf-8")


def test_no_mean_is_taken_of_an_encoder_that_was_not_tuned(corpus: tuple[Path, Path]) -> None:
    asked = ["train", str(corpus[0]), "--encoder", "own", "--encoder", "runs/a/encoder"]
    answer = CliRunner().invoke(app, asked)
    assert answer.exit_code == 2
    assert "only tuned encoders have a mean" in answer.output
