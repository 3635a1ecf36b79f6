"""Mood and abuse of service sentences that the models haven't seen. Three angry messages in a row call a person."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlu.errors import ModelError
from nlu.evaluation import evaluate_labels, read_labelled, sentiment_scores
from nlu.feelings import RESOURCES, abuse_of, sentiment_of
from nlu.hashed import BITS, HashedModel, hashed_ngrams
from nlu.hashed_bank import HashedBank
from nlu.hashed_training import fit_hashed
from nlu.training_data import read_rows

ANGRY = 0.6
"""`score` of the escalation policy."""
NAMED = ["진짜 짜증나네요", "아까부터 똑같은 말만 하잖아요", "이게 말이 됩니까", "답답해 죽겠네"]
COMPLAINTS = [
    "짜증이 확 나네요",
    "아 정말 답답하네요 진짜",
    "몇 번이나 말해야 됩니까",
    "왜 자꾸 같은 소리만 해요",
    "어이가 없어서 말이 안 나오네요",
    "이렇게 불친절한 곳은 처음이에요",
    "도대체 언제까지 기다리게 할 거예요",
    "화가 나서 미치겠어요",
    "일을 이렇게밖에 못 해요?",
    "지금 저랑 장난하시는 겁니까",
    "서비스가 정말 형편없네요",
    "다시는 이 은행 안 써요",
    "너무 실망스러워요",
    "말귀를 왜 이렇게 못 알아들어요",
    "진짜 짜증 폭발하네",
    "사람을 뭘로 보는 거예요",
    "챗봇 진짜 쓸모없네",
    "너무 열받네요",
    "정말 어처구니없네요",
    "최악의 서비스네요",
    "아니 그게 아니라고 몇 번을 말해요",
    "불편해서 못 쓰겠네요",
    "황당하네 진짜",
    "책임자 나오라고 하세요 당장",
    "이따위로 할 거면 그만두세요",
]
WISHES = [
    "카드 정지해 주세요",
    "수수료가 왜 이렇게 나왔어요?",
    "이체 한도 올려 주세요",
    "체크카드 잃어버렸어요",
    "대출 금리가 얼마예요",
    "내일 오후 두 시에 전화 주세요",
    "비밀번호를 잊어버렸는데 어떻게 하나요",
    "환전은 어디서 해요",
    "카드가 도착을 안 했어요",
    "이체했는데 상대방이 못 받았대요",
    "앱 업데이트는 어떻게 해요",
    "지점 전화번호 알려 주세요",
    "계좌 해지하고 싶어요",
    "보이스피싱을 당했어요",
    "자동이체 날짜 바꿔주세요",
    "상담원 연결해 주세요",
    "인증서를 갱신해야 해요",
    "연체 이자는 어떻게 계산해요",
    "네",
    "예",
    "아니요",
    "응",
    "그만",
    "취소",
    "1억",
    "3000만원",
    "010-1234-5678",
    "내일 오후 세 시",
    "다음 주 화요일",
    "홍길동",
    "체크카드요",
    "서울시 마포구",
    "다시 말해 주세요",
    "왜 거절된 거예요?",
    "카드 재발급 언제 돼요",
    "돈이 안 빠져나갔어요",
    "급하게 막아 주세요",
    "ㅇㅇ",
    "ㄴㄴ",
    "넵",
]
THANKS = [
    "정말 감사합니다",
    "고맙습니다 잘 해결됐어요",
    "친절하게 알려줘서 고마워요",
    "덕분에 편하게 처리했어요",
    "아주 만족해요",
    "빨라서 좋네요",
]


def moods(texts: list[str]) -> list[str]:
    return [sentiment_of(text).label for text in texts]


def angry(text: str) -> bool:
    found = sentiment_of(text)
    return found.label == "negative" and found.score >= ANGRY


@pytest.mark.parametrize("text", NAMED)
def test_typical_complaints_are_angry(text: str) -> None:
    assert angry(text)


def test_most_unseen_complaints_are_angry() -> None:
    known = {cells[0] for _, cells in read_rows(RESOURCES / "service_sentiment.tsv", 2)}
    fresh = [text for text in COMPLAINTS if text not in known]
    assert len(fresh) >= 20
    assert sum(map(angry, fresh)) / len(fresh) >= 0.85


@pytest.mark.parametrize("text", WISHES)
def test_a_wish_or_answer_is_never_angry(text: str) -> None:
    assert not angry(text)


def test_wishes_are_neutral_and_thanks_positive() -> None:
    assert moods(WISHES).count("neutral") / len(WISHES) >= 0.9
    assert moods(THANKS).count("positive") / len(THANKS) >= 0.8


def test_service_sentences_of_the_evaluation_file() -> None:
    """None is a training row, so the figure of the model card means something."""
    path = Path(__file__).parents[2] / "data" / "evaluation" / "mood.tsv"
    tests = read_labelled(path, ("positive", "neutral", "negative"))
    known = {cells[0] for _, cells in read_rows(RESOURCES / "service_sentiment.tsv", 2)}
    assert not known & {text for text, _ in tests}
    assert evaluate_labels(tests, sentiment_scores)["accuracy"] >= 0.9


@pytest.mark.parametrize("text", ["", "😀", "...", "\u200b"])
def test_nothing_said_is_neutral_and_harmless(text: str) -> None:
    assert (sentiment_of(text).label, sentiment_of(text).score, abuse_of(text).score) == ("neutral", 1.0, 0.0)


@pytest.mark.parametrize("text", ["씨발 왜 안돼", "병신 같은 놈아", "미친놈아 꺼져", "개새끼야"])
def test_abuse_is_seen(text: str) -> None:
    assert abuse_of(text).score >= 0.5


@pytest.mark.parametrize("text", [*WISHES, *THANKS])
def test_nobody_is_wrongly_called_abusive(text: str) -> None:
    assert abuse_of(text).score < 0.5


@given(st.text(max_size=80))
def test_scores_of_any_text_sum_to_one(text: str) -> None:
    found = sentiment_of(text)
    assert abs(sum(found.scores.values()) - 1) < 1e-3
    assert found.score == max(found.scores.values())
    assert 0 <= abuse_of(text).score <= 1


def test_own_sentences_are_labelled_once() -> None:
    rows = [cells for _, cells in read_rows(RESOURCES / "service_sentiment.tsv", 2)]
    texts = [row[0] for row in rows]
    assert sorted({text for text in texts if texts.count(text) > 1}) == []
    assert {row[1] for row in rows} == {"positive", "neutral", "negative"}


def test_shipped_models_are_small() -> None:
    for name in ("mood.npz", "polarity.npz", "abuse.npz"):
        assert (RESOURCES / name).stat().st_size < 4_000_000


class TestHashedModel:
    """The model behind both."""

    def made(self) -> HashedModel:
        texts = ["좋아요", "정말 좋네요", "최고예요", "싫어요", "정말 싫네요", "최악이에요"]
        return fit_hashed(texts, [True] * 3 + [False] * 3, rare=1)

    def test_learns(self) -> None:
        model = self.made()
        assert model.probability("좋아요!") > 0.5 > model.probability("싫어요!")

    def test_comes_back_from_its_file(self, tmp_path: Path) -> None:
        model = self.made()
        model.save(tmp_path / "m.npz")
        back = HashedModel.load(tmp_path / "m.npz")
        assert np.array_equal(back.keys, model.keys) and np.array_equal(back.weights, model.weights)
        assert back.probability("좋아요") == model.probability("좋아요")

    def test_keys_far_apart_come_back(self, tmp_path: Path) -> None:
        keys = np.array([0, 255, 256, 511, 100_000, (1 << 24) - 1])
        model = HashedModel(keys, np.arange(1, 7, dtype=np.int8), 0.5, -1.0)
        model.save(tmp_path / "m.npz")
        back = HashedModel.load(tmp_path / "m.npz")
        assert back.keys.tolist() == keys.tolist() and back.weights.tolist() == [1, 2, 3, 4, 5, 6]

    def test_probabilities_are_calibrated(self) -> None:
        texts = [f"{word} {number}" for number in range(200) for word in ("좋아요", "글쎄요", "싫어요")]
        targets = [
            word == "좋아요" or (word == "글쎄요" and number % 4 > 0)
            for number in range(200)
            for word in ("좋아요", "글쎄요", "싫어요")
        ]
        model = fit_hashed(texts, targets)
        assert 0.5 < model.probability("글쎄요") < 0.95 < model.probability("좋아요")

    @pytest.mark.parametrize("damage", ["gone", "cut", "text", "version"])
    def test_a_broken_file_is_refused(self, tmp_path: Path, damage: str) -> None:
        path = tmp_path / "m.npz"
        self.made().save(path)
        if damage == "gone":
            path.unlink()
        elif damage == "cut":
            path.write_bytes(path.read_bytes()[:200])
        elif damage == "text":
            path.write_text("kein Modell")
        else:
            with np.load(path) as data:
                np.savez(path, **{**dict(data), "format": np.array(99)})
        with pytest.raises(ModelError) as caught:
            HashedModel.load(path)
        assert caught.value.code == ("model_version" if damage == "version" else "model_broken")


class TestHashedBank:
    """Several models in one look-up."""

    @given(st.text(max_size=60))
    def test_says_what_each_model_says_alone(self, text: str) -> None:
        models = [shipped("polarity"), shipped("abuse"), shipped("signals/anger")]
        hashes = hashed_ngrams(text)
        together = bank().scores(hashes)
        assert together == pytest.approx([model.score(hashes) for model in models])

    def test_keys_at_both_ends_are_found(self) -> None:
        last = (1 << BITS) - 1
        first = HashedModel(np.array([0, 63, last]), np.array([1, 2, 4], np.int8), 1.0, 0.0)
        second = HashedModel(np.array([63, 64]), np.array([8, 16], np.int8), 1.0, 0.5)
        both = HashedBank.of([first, second])
        assert both.scores(np.array([0, 63, 64, last])) == [7 / 2, 24 / 2 + 0.5]
        assert both.scores(np.array([1, 62, 65, last - 1])) == [0, 0.5]


@lru_cache(maxsize=3)
def shipped(name: str) -> HashedModel:
    return HashedModel.load(RESOURCES / f"{name}.npz")


@lru_cache(maxsize=1)
def bank() -> HashedBank:
    return HashedBank.of([shipped("polarity"), shipped("abuse"), shipped("signals/anger")])
