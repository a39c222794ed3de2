"""The encoder tier from fine-tuning to serving, with tiny encoders made here."""

from __future__ import annotations

import gc
import json
import os
import random
import subprocess
import sys
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_corpus import toy_rows
from transformers import AutoConfig
from typer.testing import CliRunner

from models import ArtifactError, Classifier
from models.artifact import ENCODER, MANIFEST, TOKENIZER, load_manifest
from models.encoder_tier import EncoderTier
from models.fast import COLUMNS, head_slices
from models.labels import HEADS
from models.text import normalise
from training.augment import mistype
from training.cli import app
from training.encoder import TextEncoder, load_encoder, scores
from training.examples import Example, vary
from training.lessons import Lessons
from training.meaning import WIDTH, Retold
from training.multitask import fine_tune_heads
from training.onnx_export import check_exportable, export_onnx, quantised
from training.recipe import load_recipe
from training.run_folder import TUNED

TEXTS = [row.text for row in toy_rows()]
FINE_TUNING = replace(load_recipe().fine_tuning, epochs=8, rate=1e-2, lexicon=0.0, retellings=0)


def exported(folder: Path, *, longest: int = 64) -> tuple[TextEncoder, EncoderTier, object]:
    body, reader = load_encoder(folder, longest)
    torch.manual_seed(3)
    model = TextEncoder(body, COLUMNS).eval()
    tokenizer = reader.tokenizer.backend_tokenizer.to_str().encode()
    return model, EncoderTier(export_onnx(model, reader, TEXTS), tokenizer), reader


@pytest.fixture(scope="module")
def tier(tiny: Path) -> EncoderTier:
    return exported(tiny)[1]


@pytest.mark.parametrize("make", ["tiny", "tiny_xlmr"])
def test_onnx_and_torch_agree(make: str, request: pytest.FixtureRequest) -> None:
    body, reader = load_encoder(request.getfixturevalue(make), 64)
    torch.manual_seed(3)
    model = TextEncoder(body, COLUMNS).eval()
    exact = scores(model, reader, reader.read(TEXTS))
    served = EncoderTier(
        export_onnx(model, reader, TEXTS), reader.tokenizer.backend_tokenizer.to_str().encode()
    )
    found = served.logits([normalise(text) for text in TEXTS] if reader.plain else TEXTS)
    # The tolerance README states: a twentieth of the spread of the scores, 7-bit weights.
    assert np.abs(found - exact).mean() < 0.05 * exact.std()
    assert np.corrcoef(found.ravel(), exact.ravel())[0, 1] > 0.995


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=40), st.randoms())
def test_a_text_scores_alike_in_any_batch(
    tier: EncoderTier, texts: list[str], chance: random.Random
) -> None:
    together = tier.logits(texts)
    assert together.shape == (len(texts), COLUMNS)
    place = chance.randrange(len(texts))
    assert np.array_equal(tier.logits([texts[place]])[0], together[place])


def _logits_in_child(tier: EncoderTier) -> list[float]:
    return [float(score) for score in tier.logits(["жылу жоқ"])[0]]


def test_it_answers_in_a_forked_worker(tier: EncoderTier) -> None:
    here = _logits_in_child(tier)
    with get_context("fork").Pool(1, initializer=_adopt, initargs=(tier,)) as pool:
        assert pool.apply(_adopted_logits) == here


_adopted: list[EncoderTier] = []


def _adopt(tier: EncoderTier) -> None:
    _adopted.append(tier)


def _adopted_logits() -> list[float]:
    return _logits_in_child(_adopted[0])


def test_a_forked_worker_may_clear_away_what_the_parent_had_dropped(tiny: Path) -> None:
    dropped: list[Any] = [exported(tiny)[1]]
    dropped.append(dropped)  # only the collector frees it, in whichever process it runs
    gc.collect()
    gc.disable()
    try:
        del dropped
        with get_context("fork").Pool(1) as pool:
            assert pool.apply_async(gc.collect).get(timeout=60) > 0
    finally:
        gc.enable()


def test_files_that_are_no_encoder_are_named(tiny: Path) -> None:
    body, reader = load_encoder(tiny, 64)
    tokenizer = reader.tokenizer.backend_tokenizer.to_str().encode()
    with pytest.raises(ValueError, match="is no ONNX file"):
        EncoderTier(b"GIF89a", tokenizer)
    with pytest.raises(ValueError, match="scores 3 labels"):
        EncoderTier(export_onnx(TextEncoder(body, 3), reader, TEXTS), tokenizer)
    whole = export_onnx(TextEncoder(body, COLUMNS), reader, TEXTS)
    with pytest.raises(ValueError, match="its tokenizer is none"):
        EncoderTier(whole, b"{}")


def test_an_encoder_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="'distilbert' cannot be exported, only bert"):
        check_exportable(AutoConfig.for_model("distilbert"))


def test_weights_have_seven_bits() -> None:
    weight = np.array([[1.0, -4.0], [0.5, 2.0], [0.0, 0.0]], np.float32)
    whole, scale = quantised(weight, axis=1)
    assert np.abs(whole).max() == 63
    assert np.allclose(whole * scale[:, None], weight, atol=4 / 63 / 2)


def test_all_heads_are_learned_at_once(tiny: Path) -> None:
    rows = toy_rows()
    body, reader = load_encoder(tiny, 64)
    known = [Example(row.text, row.labels, 1.0) for row in rows] * 4
    # Good and bad only: the neutral label must not be taught away by such a set.
    known += [Example("керемет", {"sentiment": "positive"}, 0.5, {"sentiment": ("positive",)})] * 9
    seen: list[tuple[int, int]] = []
    model = fine_tune_heads(
        body,
        reader,
        Lessons(known),
        FINE_TUNING,
        seed=1,
        progress=lambda done, total, _loss: seen.append((done, total)),
    )
    assert seen[-1][0] == seen[-1][1]
    topic = head_slices()["topic"]
    guess = scores(model, reader, reader.read([row.text for row in rows]))[:, topic].argmax(axis=1)
    right = [
        HEADS["topic"][place] == row.labels["topic"] for place, row in zip(guess, rows, strict=True)
    ]
    assert np.mean(right) > 0.9


@pytest.mark.parametrize("share", [0.0, 0.3])
def test_dropout_is_the_recipes_and_the_encoder_keeps_its_own(tiny: Path, share: float) -> None:
    body, reader = load_encoder(tiny, 64)
    kept = body.config.hidden_dropout_prob
    known = [Example(row.text, row.labels, 1.0) for row in toy_rows()]
    settings = replace(FINE_TUNING, epochs=1, dropout=share)
    model = fine_tune_heads(body, reader, Lessons(known), settings, seed=1)
    layers = [module.p for module in model.modules() if isinstance(module, torch.nn.Dropout)]
    assert layers
    assert set(layers) == {share}
    assert body.config.hidden_dropout_prob == kept


def test_a_share_of_the_tokens_is_hidden(tiny: Path) -> None:
    _, reader = load_encoder(tiny, 64)
    coded, chance = reader.read(TEXTS), random.Random(5)  # noqa: S311
    assert reader.hide(coded, 0.0, chance) == coded
    special = {*reader.tokenizer.all_special_ids}
    for before, after in zip(coded, reader.hide(coded, 1.0, chance), strict=True):
        assert len(before) == len(after)
        assert {new for old, new in zip(before, after, strict=True) if old not in special} <= {
            reader.tokenizer.mask_token_id
        }
        assert [old for old in before if old in special] == [
            new for old, new in zip(before, after, strict=True) if old in special
        ]


def test_retellings_are_taught_to_lie_together(tiny: Path) -> None:
    body, reader = load_encoder(tiny, 64)
    dogs = Retold(("ит салығы шықты", "налог на собак ввели"), ("собаки стаей бегают",))
    taps = Retold(("суға у қосқан", "в воду добавили яд"), ())
    settings = replace(FINE_TUNING, retellings=12, latin=0.0, dropped_letters=0.0, typos=0.0)
    model = fine_tune_heads(body, reader, Lessons([], [dogs, taps]), settings, seed=1)
    texts = [*dogs.alike, *dogs.near, *taps.alike]
    served = EncoderTier(
        export_onnx(model, reader, texts), reader.tokenizer.backend_tokenizer.to_str().encode()
    )
    assert served.tells_meaning
    alike = served.meanings(texts) @ served.meanings(texts).T
    assert np.allclose(alike.diagonal(), 1, atol=1e-5)
    assert alike[0, 1] > max(alike[0, 2], alike[0, 3], alike[0, 4])
    assert alike[3, 4] > max(alike[3, 0], alike[3, 1], alike[3, 2])
    assert served.logits(texts).shape == (len(texts), COLUMNS)


def test_a_kazakh_row_arrives_in_many_shapes() -> None:
    example = Example("Үшінші күн жылу жоқ", {"language": "kk-Cyrl", "topic": "heating"}, 1.0)
    chance = random.Random(5)  # noqa: S311
    drawn = [vary(example, FINE_TUNING, chance) for _ in range(60)]
    assert {one.labels["language"] for one in drawn} == {"kk-Cyrl", "kk-Latn"}
    assert "Ушинши кун жылу жок" in {one.text for one in drawn}
    assert {one.labels["topic"] for one in drawn} == {"heating"}
    assert mistype("ой", chance) == "ой"


@pytest.fixture(scope="module")
def run(
    corpus: tuple[Path, Path], tiny_xlmr: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    out = tmp_path_factory.mktemp("runs")
    asked = ["train", str(corpus[0]), "--recipe", str(corpus[1]), "--encoder", str(tiny_xlmr)]
    answer = CliRunner().invoke(app, [*asked, "--out", str(out), "--version", "v1"])
    assert answer.exit_code == 0, answer.output
    return out / "v1"


def test_any_encoder_goes_through_the_same_recipe(run: Path) -> None:
    both, fast = Classifier.load(run), Classifier.load(run, encoder=False)
    assert both.tiers.encoder is not None
    assert fast.tiers.encoder is None
    for classifier in (both, fast):
        answer = classifier.analyse(["батарея мұздай", "яма на дороге"])
        assert [one["topic"]["label"] for one in answer] == ["heating", "roads"]
    assert both.meanings is not None
    assert both.meanings(["батарея мұздай", "яма на дороге"]).shape == (2, WIDTH)
    assert fast.meanings is None
    manifest = both.manifest
    assert set(manifest.calibration) == {"fast", "blended"}
    assert {ENCODER, TOKENIZER} < set(manifest.files)
    assert "test, fast tier alone" in manifest.metrics


def test_the_tuned_encoder_is_left_to_start_from(run: Path, tiny_xlmr: Path) -> None:
    (before, old), (after, new) = load_encoder(tiny_xlmr), load_encoder(run / TUNED)
    assert new.read(TEXTS) == old.read(TEXTS)
    assert not torch.equal(next(before.parameters()), next(after.parameters()))
    assert load_manifest(run).data["encoder_from"] == {"name": tiny_xlmr.name}


def test_a_damaged_encoder_is_refused(run: Path, tmp_path: Path) -> None:
    for path in filter(Path.is_file, run.iterdir()):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / ENCODER).write_bytes(b"half a file")
    with pytest.raises(ArtifactError, match=r"encoder\.onnx: is damaged"):
        Classifier.load(tmp_path)
    raw = json.loads((tmp_path / MANIFEST).read_text())
    del raw["files"][TOKENIZER]
    (tmp_path / MANIFEST).write_text(json.dumps(raw))
    (tmp_path / ENCODER).write_bytes((run / ENCODER).read_bytes())
    with pytest.raises(ArtifactError, match=r"does not list tokenizer\.json"):
        Classifier.load(tmp_path)


def test_several_processes_train_one_model(
    corpus: tuple[Path, Path], tiny_xlmr: Path, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    command += ["--nproc-per-node", "2", "-m", "training.cli", "train", str(corpus[0])]
    command += ["--recipe", str(corpus[1]), "--encoder", str(tiny_xlmr)]
    command += ["--out", str(tmp_path), "--version", "shared"]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert [path.name for path in tmp_path.iterdir()] == ["shared"]
    assert Classifier.load(tmp_path / "shared").tiers.encoder is not None


def test_a_name_that_no_encoder_has_is_refused_before_anything_is_learned(
    corpus: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.train.fit", lambda *_: pytest.fail("learned all the same"))
    asked = ["train", str(corpus[0]), "--recipe", str(corpus[1]), "--encoder"]
    answer = CliRunner().invoke(app, [*asked, str(tmp_path / "nowhere"), "--out", str(tmp_path)])
    assert isinstance(answer.exception, FileNotFoundError)
