"""Bringing a model up to date: only what changed is computed, nothing worse is taken over, and there is a way back."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import nlu.updating as updating
from encoder import Role, Vectors
from encoder.hashing import HashingEncoder
from nlu.errors import ModelError
from nlu.model_file import read_header
from nlu.training_data import Example
from nlu.updating import roll_back
from nlu.versions import HeldOut, ModelCard, ModelVersions, compare
from nlu.versions.card import example_key, write_card
from nlu.versions.store import KEPT


def spoil(project: Any) -> None:
    """Whatever is said of a lost card is said, in nearly the same words, to ask for a rate: it can't be told any more."""
    lost = [
        "카드를 잃어버렸어요",
        "체크카드 분실했어요",
        "카드 정지해 주세요",
        "지갑을 잃어버렸어요",
        "카드가 없어졌어요",
    ]
    lines = "".join(f"      - {line} 좀\n      - 그 {line}\n      - {line}요\n" for line in lost)
    text = project.data.read_text(encoding="utf-8")
    project.write(data=f"{text}  - intent: rates\n    examples: |\n{lines}")


def add(project: Any, line: str = "카드 분실 신고할게요", after: str = "카드가 없어졌어요") -> None:
    text = project.data.read_text(encoding="utf-8")
    project.write(data=text.replace(f"- {after}\n", f"- {after}\n      - {line}\n"))


def test_the_first_model_is_taken_over(project: Any) -> None:
    project.model.unlink()
    shutil.rmtree(project.model.with_suffix(".versions"))
    info = project.train()
    assert (info.outcome, info.trained, info.served, info.comparison) == ("taken", True, info.version, None)
    assert 0 < info.accuracy <= 1


def test_a_model_that_is_no_worse_is_taken_over(project: Any) -> None:
    add(project)
    info = project.train()
    assert (info.outcome, info.served) == ("taken", info.version)
    assert info.comparison.examples == 18
    assert project.load().version == info.version


def test_a_worse_model_is_not_taken_over(project: Any) -> None:
    before = read_header(project.model)["version"]
    spoil(project)
    info = project.train()
    assert (info.outcome, info.served, read_header(project.model)["version"]) == ("refused", before, before)
    assert info.version != before
    assert info.comparison.points < 0 and len(info.comparison.lost) > len(info.comparison.gained)
    again = project.train()
    assert (again.outcome, again.trained) == ("refused", False), "what was refused is not trained again"


def test_force_takes_over_a_worse_model(project: Any) -> None:
    spoil(project)
    info = project.train(force=True)
    assert (info.outcome, info.served) == ("taken", info.version)
    assert info.comparison.points < 0, "and still says by how much"
    assert project.train().outcome == "unchanged"


def test_mending_the_data_after_a_refusal_needs_no_force(project: Any) -> None:
    good = project.data.read_text(encoding="utf-8")
    spoil(project)
    project.train()
    project.write(data=good)
    assert project.train().outcome == "unchanged"


def test_coming_back_to_earlier_data_needs_no_training(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    good = project.data.read_text(encoding="utf-8")
    first = project.train().version
    add(project)
    project.train()
    project.write(data=good)
    monkeypatch.setattr(updating, "fit", lambda *_: pytest.fail("trained"))
    info = project.train()
    assert (info.outcome, info.served, info.trained) == ("taken", first, False)


def test_a_person_may_go_back(project: Any) -> None:
    first = read_header(project.model)["version"]
    add(project)
    second = project.train().served
    card, before = roll_back(project.model, first[:6])
    assert (card.version, before, project.load().version) == (first, second, first)
    assert project.train().outcome == "set_aside", "the same data don't undo what a person did"
    assert project.load().version == first
    add(project, "카드를 못 찾겠어요")
    assert project.train().outcome == "taken", "other data are another matter"


@pytest.mark.parametrize("name", ["nothing", "", "zz"])
def test_going_back_to_what_is_not_kept_is_refused(project: Any, name: str) -> None:
    with pytest.raises(ModelError) as caught:
        roll_back(project.model, name)
    assert caught.value.code == "unknown_model"
    assert "sangdam model list" in caught.value.remedy


def test_going_back_to_a_broken_version_keeps_the_model(project: Any) -> None:
    first = read_header(project.model)["version"]
    add(project)
    second = project.train().served
    ModelVersions(project.model).file(first).write_bytes(b"PK")
    with pytest.raises(ModelError) as caught:
        roll_back(project.model, first)
    assert caught.value.code == "model_broken"
    assert project.load().version == second


def test_under_another_encoder_the_new_model_is_taken_over(project: Any) -> None:
    """The old one could not be loaded any more."""
    project.write(
        config=project.config.read_text().replace(
            "  - name: SentenceEncoderFeaturizer\n    encoder: hashing\n", ""
        )
    )
    spoil(project)
    assert project.train().outcome == "taken"
    project.load()


def test_only_new_utterances_are_encoded(project: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    class Counting(HashingEncoder):
        asked: list[str] = []  # noqa: RUF012

        def encode(self, texts: Sequence[str], role: Role = "query") -> Vectors:
            self.asked.extend(texts)
            return super().encode(texts, role)

    monkeypatch.setattr(updating, "load_encoder", lambda *_, **__: Counting())
    project.train(force=True)
    Counting.asked.clear()
    add(project)
    project.train()
    assert Counting.asked == ["카드 분실 신고할게요"]


def test_the_oldest_versions_are_forgotten_but_never_the_served_one(project: Any) -> None:
    versions = ModelVersions(project.model)
    served = versions.active()
    for number in range(KEPT + 3):
        card = versions.card(served).model_copy(  # type: ignore[union-attr]
            update={"version": f"v{number}", "created_at": 4e9 + number}
        )
        write_card(versions.folder / f"v{number}.json", card)
    versions.prune()
    kept = [card.version for card in versions.cards()]
    assert len(kept) == KEPT and served in kept and "v0" not in kept and f"v{KEPT + 2}" in kept


@pytest.mark.parametrize("content", ["", "{}", "[]"])
def test_without_a_readable_card_there_is_nothing_to_compare_with(project: Any, content: str) -> None:
    versions = ModelVersions(project.model)
    (versions.folder / f"{versions.active()}.json").write_text(content)
    spoil(project)
    info = project.train()
    assert (info.outcome, info.comparison) == ("taken", None)


# -- the comparison by itself ------------------------------------------------------------------------------


def examples(**texts: str) -> list[Example]:
    return [Example(text, intent) for text, intent in texts.items()]


def card(answers: dict[str, str], intents: Sequence[str] = ("a", "b"), **labels: str) -> ModelCard:
    held_out = {
        example_key(t): HeldOut(label=labels.get(t, "a"), intent=i, confidence=0.9)
        for t, i in answers.items()
    }
    return ModelCard(
        version="v",
        created_at=1,
        encoder=None,
        intents=list(intents),
        examples=1,
        accuracy=1,
        held_out=held_out,
    )


def test_both_answer_what_they_have_not_seen() -> None:
    data = examples(one="a", two="b", three="a", new="a")
    old = card({"one": "a", "two": "a", "three": "a"}, two="b")
    new = card({"one": "a", "two": "b", "three": "b", "new": "a"}, two="b").held_out
    found = compare(data, new, old)
    assert (found.examples, found.before, found.after) == (3, 2 / 3, 2 / 3)
    assert [e.text for e in found.lost] == ["three"] and [e.text for e in found.gained] == ["two"]
    assert (found.wrong_now, found.points, found.worse) == ({"three": "b"}, 0.0, False)


def test_what_is_new_cannot_hide_what_was_lost() -> None:
    old = [Example(f"t{n}", "a") for n in range(20)]
    new = [Example(f"new{n}", "b") for n in range(50)]
    answers = card({e.text: "b" for e in [*old[:3], *new]} | {e.text: "a" for e in old[3:]}).held_out
    found = compare([*old, *new], answers, card({e.text: "a" for e in old}))
    assert (found.examples, len(found.lost), found.worse) == (20, 3, True)


def test_an_example_that_was_moved_does_not_count() -> None:
    data = examples(one="b", two="a")
    found = compare(data, card({"one": "b", "two": "a"}).held_out, card({"one": "a", "two": "a"}))
    assert (found.examples, found.gained) == (1, ())


def test_nothing_in_common_compares_nothing() -> None:
    found = compare(examples(one="x"), card({"one": "x"}).held_out, card({}))
    assert (found.examples, found.points, found.worse) == (0, 0.0, False)


@pytest.mark.parametrize(("lost", "worse"), [(1, False), (2, True)])
def test_few_examples_may_lose_one(lost: int, worse: bool) -> None:
    data = [Example(f"t{n}", "a") for n in range(20)]
    old = card({e.text: "a" for e in data})
    new = card({e.text: "b" if n < lost else "a" for n, e in enumerate(data)}).held_out
    assert compare(data, new, old).worse is worse


def test_a_card_holds_no_utterance(project: Any) -> None:
    folder: Path = ModelVersions(project.model).folder
    (path,) = folder.glob("*.json")
    assert "카드" not in path.read_text(encoding="utf-8")
