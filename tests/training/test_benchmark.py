"""The benchmark on toy files, with a tiny encoder made here: what it learns, chooses, refuses."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from models import Classifier
from models.labels import HEADS, LANGUAGES
from training.benchmark import benchmark
from training.benchmark_task import Task
from training.cli import app
from training.encoder import TextEncoder, load_encoder, scores
from training.evidence import Evidence
from training.members import Member
from training.tables import Table

WORDS = {
    "good": ("керемет", "жақсы", "рахмет", "отлично", "супер", "тамаша"),
    "bad": ("нашар", "жаман", "ұят", "ужас", "кошмар", "масқара"),
}


def rows(count: int, start: int = 0) -> list[tuple[str, str]]:
    made = []
    for number in range(start, start + count):
        label = ("good", "bad")[number % 2]
        word, other = WORDS[label][number % 6], WORDS[label][(number // 6) % 6]
        made.append((f"{word} жол {number} {other}", label))
    return made


def table(count: int, start: int = 0) -> Table:
    return Table(*map(list, zip(*rows(count, start), strict=True)))


def test_it_learns_and_says_what_it_chose(tiny: Path) -> None:
    steps: list[str] = []
    task = Task(table(120), table(40, 120), table(40, 160), 0, lambda *step: steps.append(step[0]))
    found = benchmark(task, starts=[tiny], epochs=2)
    assert found["macro_f1"] == found["accuracy"] == 1
    assert found["rows"] == {"train": 120, "valid": 40, "test": 40}
    assert list(found["per_label"]) == ["bad", "good"]
    assert found["per_label"]["good"]["rows"] == 20
    assert found["texts_per_second"] > 0
    assert {"penalty", "epochs", "encoder_share", "offsets"} <= found["chosen"].keys()
    assert {"n-grams", "encoder 1", "encoder 2"} <= set(steps)
    again = benchmark(Task(table(120), table(40, 120), table(40, 160)), starts=[tiny], epochs=2)
    del found["texts_per_second"], again["texts_per_second"]
    assert again == found


def test_without_a_test_file_the_halves_of_valid_are_exchanged(tiny: Path) -> None:
    task = Task(table(120), table(41, 120))
    found = benchmark(task, starts=[tiny], epochs=1)
    halves = [half["rows"] for half in found["halves"]]
    assert halves == [
        {"train": 120, "valid": 20, "test": 21},
        {"train": 120, "valid": 21, "test": 20},
    ]
    there, back = task.turns
    chosen, measured = there.chosen_on.tolist(), there.measured_on.tolist()
    assert sorted([*chosen, *measured]) == list(range(41))
    assert [back.chosen_on.tolist(), back.measured_on.tolist()] == [measured, chosen]
    scores = [half["macro_f1"] for half in found["halves"]]
    assert found["macro_f1"] == pytest.approx(sum(scores) / 2, abs=1e-4)
    other = Task(table(120), table(41, 120), seed=1)
    assert other.turns[0].chosen_on.tolist() != chosen


def test_without_a_validation_file_folds_of_train_are_chosen_on(tiny: Path) -> None:
    seen: list[str] = []
    task = Task(table(60), test=table(20, 60), progress=lambda what, *_: seen.append(what), folds=3)
    found = benchmark(task, starts=[tiny], epochs=1)
    assert found["macro_f1"] == 1
    assert found["folds"] == 3
    assert found["rows"] == {"train": 60, "valid": 60, "test": 20}
    assert len(found["chosen"]["epochs"]) == 1  # one member, though each fold has an encoder
    assert {"encoder 1", "encoder 3"} <= set(seen)
    assert "encoder 4" not in seen


def test_a_fold_is_chosen_on_by_models_that_did_not_learn_from_it(tiny: Path) -> None:
    # Labels by chance: who learned from a text knows its label, nobody else can.
    texts = [f"сөз{number} жол" for number in range(80)]
    labels = [("good", "bad")[bit] for bit in np.random.default_rng(0).integers(2, size=80)]
    train = Table(texts, labels)
    found = benchmark(Task(train, test=train, folds=4), starts=[tiny], epochs=1)
    assert found["valid_macro_f1"]["blend"] < 0.75
    assert found["macro_f1"] > 0.9  # three of four models learned from each of these


def test_what_is_typed_without_kazakh_letters_is_measured_beside(tiny: Path) -> None:
    kazakh, russian = ("қала үшін", "көше жөнделді", "су жоқ"), ("город", "улицу чинят", "нет воды")
    rows = [(text, "kk") for text in kazakh] + [(text, "ru") for text in russian]
    both = Table(*map(list, zip(*(rows * 4), strict=True)))
    task = Task(both, both, Table(["көше", "город"], ["kk", "ru"]), both_keyboards=True)
    found = benchmark(task, starts=[tiny], epochs=0)
    assert task.lesson.asked[-2:] == ["коше", "город"]
    assert found["rows"] == {"train": 24 + 12, "valid": 24, "test": 2}
    assert found["without_kazakh_letters"]["macro_f1"] == 1
    assert "without_kazakh_letters" not in benchmark(Task(both, both, both), epochs=0)


def test_a_state_is_chosen_by_the_half_to_choose_on_alone() -> None:
    gold = np.array([0, 1, 0, 1, 0, 1, 0, 1])
    first, second = np.arange(4), np.arange(4, 8)
    knows = np.eye(2, dtype=np.float32)[gold] * 4
    knows_first, knows_second = knows.copy(), knows.copy()
    knows_first[second] = knows_second[first] = 0
    member = Member()
    member.add(0.5, knows_first, 1.0)
    member.add(3.0, knows_second, 2.0)
    assert [member.best(gold, half) for half in (first, second)] == [0, 1]
    assert member.pace == 2 / 8


def test_what_one_half_says_of_itself_changes_nothing_it_is_measured_with(tiny: Path) -> None:
    train, valid = table(60), table(40, 60)
    places = Task(train, valid).turns[0].chosen_on
    flipped = list(valid.labels)
    for place in places:
        flipped[place] = {"good": "bad", "bad": "good"}[flipped[place]]
    found = benchmark(Task(train, Table(valid.texts, flipped)), starts=[tiny], epochs=1, encoders=1)
    right = benchmark(Task(train, valid), starts=[tiny], epochs=1, encoders=1)
    assert found["halves"][1]["macro_f1"] < 0.2  # measured on what is turned round
    assert found["halves"][1]["chosen"] == right["halves"][1]["chosen"]


def test_one_row_cannot_be_halved() -> None:
    with pytest.raises(ValueError, match="valid: two rows at least are needed"):
        Task(table(20), table(1))


def test_few_texts_cannot_be_parted() -> None:
    with pytest.raises(ValueError, match="no label has 5 different texts, so valid must be given"):
        Task(table(8), test=table(4))
    assert len(Task(table(10), test=table(4)).lessons) == 5


def test_copies_without_kazakh_letters_are_not_chosen_on() -> None:
    texts = [f"қала {number}" for number in range(10)] + [f"город {number}" for number in range(10)]
    train = Table(texts, ["kk"] * 10 + ["ru"] * 10)
    task = Task(train, test=Table(["көше"], ["kk"]), both_keyboards=True)
    assert len(task.lesson.texts) == 30
    (turn,) = task.turns
    assert turn.chosen_on.tolist() == list(range(20))
    assert (turn.measured_on.tolist(), turn.retyped.tolist()) == ([30], [31])


def test_something_to_measure_on_must_be_given() -> None:
    with pytest.raises(ValueError, match="neither a validation nor a test file is given"):
        Task(table(20))


def test_without_an_epoch_the_n_grams_answer_alone(tiny: Path) -> None:
    task = Task(table(60), table(20, 60), table(20, 80))
    found = benchmark(task, starts=[tiny], epochs=0)
    assert found["macro_f1"] == 1
    assert (found["chosen"]["epochs"], found["chosen"]["encoder_share"]) == ([], 0)
    assert found["valid_macro_f1"]["encoder"] is None
    assert found["valid_macro_f1"]["blend"] == 1


def test_what_the_shipped_model_says_is_evidence() -> None:
    # No word of train returns: only evidence tells Kazakh from Russian, and both from a mixture.
    train = Table(
        ["жолдар тайғақ болып тұр", "снег не убирают", "бізге снег керек емес, уберите", "су жоқ"],
        ["kk", "ru", "both", "kk"],
    )
    test = Table(["мектепте орын жетпейді", "подскажите пожалуйста телефон"], ["kk", "ru"])
    found = benchmark(Task(train, test, test, evidence=("language",)), epochs=0)
    assert found["accuracy"] == 1
    blind = benchmark(Task(train, test, test), epochs=0)
    assert blind["accuracy"] < 1


def test_evidence_of_a_text_is_the_same_in_any_company() -> None:
    texts = ["су жоқ", "нет воды", "", "су жоқ, когда дадите воду"]
    evidence = Evidence.measured(Classifier.load(), ["language", "sentiment"], texts)
    together = evidence(texts)
    assert np.isfinite(together).all()
    alone = np.vstack([evidence([text]) for text in texts])
    assert np.allclose(together, alone, atol=1e-5)
    assert np.allclose(together.mean(axis=0), 0, atol=1e-4)
    leaning = together[:, len(LANGUAGES) + len(HEADS["sentiment"]) + 5]  # the words' mean
    assert leaning[0] > leaning[3] > leaning[1]


def test_an_encoder_of_another_make_takes_its_place(tiny_xlmr: Path) -> None:
    task = Task(table(60), table(20, 60), table(20, 80))
    assert benchmark(task, starts=[tiny_xlmr], epochs=1)["macro_f1"] == 1


def test_a_text_is_scored_alike_alone_and_among_others(tiny: Path) -> None:
    body, reader = load_encoder(tiny)
    model = TextEncoder(body, 3)
    texts = ["жол", "керемет жол екен, рахмет", "ұят"]
    together = scores(model, reader, reader.read(texts))
    alone = np.concatenate([scores(model, reader, reader.read([text])) for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_encoders_are_tuned_from_each_start_in_turn(tiny: Path, tiny_xlmr: Path) -> None:
    seen: list[str] = []
    parts = table(60), table(20, 60), table(20, 80)
    task = Task(*parts, progress=lambda what, _done, _total: seen.append(what))
    found = benchmark(task, starts=[tiny, tiny_xlmr], epochs=1, encoders=1)
    assert found["macro_f1"] == 1
    assert len(found["chosen"]["epochs"]) == 2  # no start is left out
    assert {"encoder 1", "encoder 2"} <= set(seen)


def write(path: Path, lines: list[tuple[str, str]], separator: str = ",") -> Path:
    content = [separator.join(line) for line in [("text", "label"), *lines]]
    path.write_text("\n".join(content), encoding="utf-8")
    return path


def test_the_command_prints_one_json_object(tiny: Path, tmp_path: Path) -> None:
    arguments = ["benchmark", "--encoder", str(tiny), "--epochs", "1"]
    for name, lines in (("train", rows(60)), ("valid", rows(20, 60)), ("test", rows(20, 80))):
        path = write(tmp_path / f"{name}.tsv", lines, "\t")
        arguments += [f"--{name}", str(path)]
    more = write(tmp_path / "more.tsv", [*rows(20, 60), *rows(20, 100)], "\t")
    result = CliRunner().invoke(
        app, [*arguments, "--more", str(more), "--encoders", "1", "--distil", "0.5"]
    )
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["macro_f1"] == 1
    assert found["rows"]["train"] == 80


def test_a_label_that_train_lacks_is_named() -> None:
    odd = Table(["жол"], ["strange"])
    for valid in (table(20), None):  # before anything is learned
        with pytest.raises(ValueError, match="test: labels that train lacks: strange"):
            Task(table(20), valid, odd)
    with pytest.raises(ValueError, match="valid: labels that train lacks: strange"):
        Task(table(20), odd, table(20))


def test_one_label_is_nothing_to_learn() -> None:
    same = Table(["жол", "су"], ["good", "good"])
    with pytest.raises(ValueError, match="two labels at least are needed, there is only good"):
        Task(same, same, same)


def test_an_encoder_that_is_not_there_is_named(tmp_path: Path) -> None:
    task = Task(table(20), table(10), table(10))
    with pytest.raises(FileNotFoundError, match="nowhere: there is no such folder"):
        benchmark(task, starts=[tmp_path / "nowhere"], epochs=1)
