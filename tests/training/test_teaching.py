"""A small encoder learns from tuned ones, with texts made for that."""

from __future__ import annotations

import copy
import random
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from toy_corpus import toy_rows
from transformers import BertConfig, BertForMaskedLM
from typer.testing import CliRunner

from models import Classifier
from models.artifact import load_manifest
from models.fast import COLUMNS, head_slices
from models.labels import HEADS
from training.cli import app
from training.encoder import Reader, TextEncoder, load_encoder
from training.examples import Example
from training.lessons import Lessons
from training.meaning import WIDTH
from training.multitask import fine_tune_heads
from training.recipe import load_recipe
from training.run_folder import TUNED
from training.teaching import Teachers, load_teachers
from training.tuned import HEAD_LAYER, save_tuned, tuned_head

TEXTS = [row.text for row in toy_rows()]
TOPICS = head_slices()["topic"]
FINE_TUNING = replace(
    load_recipe().fine_tuning, epochs=8, rate=1e-2, lexicon=0.0, retellings=0, tokens=256
)


@pytest.fixture
def reader(tiny: Path) -> Reader:
    return load_encoder(tiny, 64)[1]


@pytest.fixture(scope="module")
def teacher(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an encoder that knows the toy topics, as a run leaves it."""
    body, reader = load_encoder(tiny, 64)
    known = [Example(row.text, {"topic": row.labels["topic"]}, 1.0) for row in toy_rows()]
    folder = tmp_path_factory.mktemp("run") / TUNED
    model = fine_tune_heads(body, reader, Lessons(known * 4), FINE_TUNING, seed=1)
    save_tuned(model, reader, folder)
    return folder


@pytest.fixture
def writer(reader: Reader) -> BertForMaskedLM:
    torch.manual_seed(4)
    sizes = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    config = BertConfig(vocab_size=len(reader.tokenizer), intermediate_size=32, **sizes)
    return BertForMaskedLM(config).eval()


def topics(model: TextEncoder, reader: Reader) -> torch.Tensor:
    """Return the likeliest topic of every toy text."""
    with torch.no_grad():
        return model.eval()(*reader.padded(reader.read(TEXTS)))[:, TOPICS].argmax(dim=1)


def test_opinions_are_the_mean_of_the_teachers_probabilities(
    teacher: Path, tiny: Path, reader: Reader
) -> None:
    torch.manual_seed(0)
    other = TextEncoder(load_encoder(tiny, 64)[0], COLUMNS + WIDTH).eval()
    first = load_teachers([teacher], None, reader).models[0]
    batch = reader.padded(reader.read(TEXTS[:5]))
    said = Teachers([first, other], reader).opinions(*batch)
    assert said.shape == (5, COLUMNS)
    for columns in head_slices().values():
        assert torch.allclose(said[:, columns].sum(dim=1), torch.ones(5))
    with torch.no_grad():
        alone = [torch.softmax(model(*batch)[:, TOPICS], dim=1) for model in (first, other)]
    assert torch.allclose(said[:, TOPICS], (alone[0] + alone[1]) / 2, atol=1e-6)


def test_a_pupil_learns_what_no_label_told_it(teacher: Path, tiny: Path, reader: Reader) -> None:
    teachers = load_teachers([teacher], None, reader)
    told = topics(teachers.models[0], reader)
    unlabelled = [Example(text, {}, 1.0) for text in TEXTS * 4]
    pupil = fine_tune_heads(
        load_encoder(tiny, 64)[0],
        reader,
        Lessons(unlabelled, teachers=teachers),
        replace(FINE_TUNING, taught=1.0, rewritten=0.0),
        seed=2,
    )
    agreed = (topics(pupil, reader) == told).float().mean()
    assert len(set(told.tolist())) > 2
    assert agreed > 0.9


def test_texts_are_rewritten_by_the_writer(writer: BertForMaskedLM, reader: Reader) -> None:
    torch.manual_seed(0)
    ids, present = reader.padded(reader.read(TEXTS))
    made = Teachers([], reader, writer).rewritten(ids, present, 0.3)
    special = torch.isin(ids, torch.tensor(reader.tokenizer.all_special_ids))
    assert torch.equal(made[special], ids[special])
    assert not torch.isin(made[~special], torch.tensor(reader.tokenizer.all_special_ids)).any()
    changed = (made != ids)[~special].float().mean()
    assert 0.2 < changed < 0.4  # some tokens are drawn again as they were
    assert torch.equal(made == reader.tokenizer.pad_token_id, present == 0)
    assert torch.equal(Teachers([], reader, writer).rewritten(ids, present, 0.0), ids)
    assert torch.equal(Teachers([], reader).rewritten(ids, present, 0.3), ids)  # nobody writes


def test_what_the_writer_thinks_likelier_is_drawn_more_often(
    writer: BertForMaskedLM, reader: Reader
) -> None:
    torch.manual_seed(0)
    ids, present = reader.padded(reader.read(TEXTS * 20))
    often, seldom = len(reader.tokenizer) - 1, len(reader.tokenizer) - 2
    one_sided = copy.deepcopy(writer)
    with torch.no_grad():
        one_sided.cls.predictions.decoder.weight.zero_()
        one_sided.cls.predictions.decoder.bias.fill_(-30.0)
        one_sided.cls.predictions.decoder.bias[[often, seldom]] = torch.tensor([3.0, 1.0]).log()
    made = Teachers([], reader, one_sided).rewritten(ids, present, 0.5)
    drawn = made[made != ids]
    assert len(drawn) > 500
    assert set(drawn.tolist()) == {often, seldom}
    assert (drawn == often).float().mean().item() == pytest.approx(0.75, abs=0.06)


def test_rewritten_texts_teach_without_labels(
    teacher: Path, tiny: Path, reader: Reader, writer: BertForMaskedLM
) -> None:
    teachers = replace(load_teachers([teacher], None, reader), writer=writer)
    wrong = [Example(row.text, {"topic": "other"}, 1.0) for row in toy_rows()]
    pupil = fine_tune_heads(
        load_encoder(tiny, 64)[0],
        reader,
        Lessons(wrong * 4, teachers=teachers),
        replace(FINE_TUNING, rewritten=1.0, replaced=0.1),
        seed=2,
    )
    other = HEADS["topic"].index("other")
    assert (topics(pupil, reader) != other).float().mean() > 0.5


def test_labels_alone_teach_what_was_relabelled(
    teacher: Path, tiny: Path, reader: Reader, writer: BertForMaskedLM
) -> None:
    teachers = replace(load_teachers([teacher], None, reader), writer=writer)
    changed = [Example(row.text, {"topic": "other"}, 1.0) for row in toy_rows()]

    def share_of_other(*relabelled: str) -> float:
        pupil = fine_tune_heads(
            load_encoder(teacher, 64)[0],
            reader,
            Lessons(changed * 4, teachers=teachers),
            replace(FINE_TUNING, taught=0.9, relabelled=relabelled),
            seed=2,
            head=tuned_head(teacher),
        )
        return float((topics(pupil, reader) == HEADS["topic"].index("other")).float().mean())

    assert share_of_other("topic") > 0.9
    assert share_of_other("urgency") < 0.5  # the teacher, who knows better, outweighs the labels


def test_the_layer_on_top_stays_with_the_encoder(teacher: Path, tiny: Path, reader: Reader) -> None:
    assert tuned_head(tiny) is None
    head = tuned_head(teacher)
    assert head is not None
    body, _ = load_encoder(teacher, 64)
    again = fine_tune_heads(
        body, reader, Lessons([]), replace(FINE_TUNING, epochs=0), seed=9, head=head
    )
    told = topics(load_teachers([teacher], None, reader).models[0], reader)
    assert torch.equal(topics(again, reader), told)


def test_who_cannot_teach_is_named(teacher: Path, tiny: Path, reader: Reader) -> None:
    with pytest.raises(ValueError, match="lacks the layer that scores labels"):
        load_teachers([tiny], None, reader)
    with pytest.raises(OSError, match="there is no such folder"):
        load_teachers([teacher.parent / "nowhere"], None, reader)
    with pytest.raises(ValueError, match="lacks the layer that predicts tokens"):
        load_teachers([teacher], teacher, reader)
    tokenizer = reader.tokenizer
    tokenizer.add_tokens(["жаңасөз"])
    with pytest.raises(ValueError, match="the same subwords"):
        load_teachers([teacher], None, reader)


def test_a_writer_is_read_as_pre_training_left_it(
    teacher: Path, writer: BertForMaskedLM, reader: Reader, tmp_path: Path
) -> None:
    writer.save_pretrained(tmp_path)
    reader.tokenizer.save_pretrained(tmp_path)
    read = load_teachers([teacher], tmp_path, reader).writer
    ids, present = reader.padded(reader.read(TEXTS[:3]))
    with torch.no_grad():
        told, meant = (one(ids, attention_mask=present).logits for one in (read, writer))
    assert torch.allclose(told, meant, atol=1e-5)


def test_a_model_says_who_taught_it(
    corpus: tuple[Path, Path], tiny: Path, teacher: Path, tmp_path: Path
) -> None:
    asked = ["train", str(corpus[0]), "--recipe", str(corpus[1]), "--encoder", str(tiny)]
    asked += ["--teacher", str(teacher), "--out", str(tmp_path), "--version", "pupil"]
    answer = CliRunner().invoke(app, asked)
    assert answer.exit_code == 0, answer.output
    run = tmp_path / "pupil"
    assert load_manifest(run).data["encoder_from"] == {"name": tiny.name, "teachers": TUNED}
    assert f"encoders of {TUNED}" in (run / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert (run / TUNED / HEAD_LAYER).is_file()
    assert Classifier.load(run).tiers.encoder is not None


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--encoder", "none", "--teacher", "runs/a/encoder"], "there is no encoder to teach"),
        (["--writer", "runs/a/writer"], "needs a --teacher"),
    ],
)
def test_options_that_would_do_nothing_are_refused(
    corpus: tuple[Path, Path], options: list[str], said: str
) -> None:
    answer = CliRunner().invoke(app, ["train", str(corpus[0]), *options])
    assert answer.exit_code == 2
    assert said in answer.output


def test_hidden_tokens_are_hidden_from_the_pupil_alone(reader: Reader) -> None:
    coded = reader.read(TEXTS)
    shown = reader.hide(coded, 0.5, random.Random(1))  # noqa: S311
    mask = reader.tokenizer.mask_token_id
    assert any(mask in ids for ids in shown)
    assert not any(mask in ids for ids in coded)
