"""A foreign customer and an agent who reads Korean: what each sees, what is kept, and what happens where the model fails."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote

import pytest

from bot.conversation.transcript import customer_lines
from bot.desk import shapes
from bot.desk.translation import TranslationSettings, Translator, language_of
from generator import GeneratorError, ScriptedGenerator

ENGLISH = "I lost my card. Please call me at 010-1234-5678"
KOREAN = "카드를 잃어버렸어요. 010-1234-5678로 전화해 주세요"


@pytest.fixture
def environ(translating_model: Any) -> dict[str, str]:
    """With a language model."""
    translating_model.book = {
        "I lost my card. Please call me at <전화번호_1>": "en\n카드를 잃어버렸어요. <전화번호_1>로 전화해 주세요",
        "카드를 정지했어요": "ko\nI have blocked your card.",
    }
    return {"SANGDAM_LLM_URL": translating_model.url, "SANGDAM_LLM_MODEL": "test"}


async def taken(desk: Any, *texts: str) -> tuple[str, str]:
    """A case in which the customer said this before an agent took it, and the agent's token."""
    await desk.customer_says("안녕하세요", *texts, "상담원 바꿔 주세요")
    case_id, token = await desk.case_of("c1"), await desk.sign_in()
    assert (await desk.call(token, "POST", f"cases/{case_id}/accept"))[0] == 200
    return case_id, token


async def line_of(desk: Any, token: str, case_id: str, text: str, key: str = "translation") -> dict[str, Any]:
    """The customer's line, once something is known of it."""
    for _ in range(100):
        _, body = await desk.call(token, "GET", f"cases/{case_id}/messages")
        shapes.Messages.model_validate(body)
        found = next(line for line in body["messages"] if line["text"] == text)
        if key in found:
            return dict(found)
        await asyncio.sleep(0.02)
    raise AssertionError(f"no {key} of {text!r}")


async def test_what_a_foreign_customer_says_stands_in_korean_beside_its_own_words(
    desk: Any, translating_model: Any
) -> None:
    case_id, token = await taken(desk)
    await desk.customer_says(ENGLISH)
    line = await line_of(desk, token, case_id, ENGLISH)
    assert line["translation"] == {"language": "en", "text": KOREAN, "problem": ""}
    # The model never saw the number.
    assert all("1234" not in asked for asked in translating_model.asked)
    # What is Korean is nobody's business.
    assert translating_model.asked == ["I lost my card. Please call me at <전화번호_1>"]
    _, packet = await desk.call(token, "GET", f"cases/{case_id}/packet")
    assert (
        next(one for one in packet["transcript"] if one["text"] == ENGLISH)["translation"]["text"] == KOREAN
    )


async def test_who_watches_the_case_is_told_of_the_translation(desk: Any) -> None:
    case_id, token = await taken(desk)
    socket = await desk.socket("/desk", token)
    await socket.call("watch", {"case_id": case_id}, namespace="/desk")
    await desk.customer_says(ENGLISH)
    await line_of(desk, token, case_id, ENGLISH)
    await socket.call("unwatch", {}, namespace="/desk", timeout=5)
    told = [data["message"] for name, data in socket.heard if name == "message"]
    seen = [line for line in told if line["text"] == ENGLISH]
    assert [line.get("translation", {}).get("text") for line in seen] == [None, KOREAN]
    assert len({line["seq"] for line in seen}) == 1
    # Who comes later with a cursor behind the message still hears of it.
    _, rest = await desk.call(token, "GET", f"cases/{case_id}/messages?after={seen[0]['seq']}")
    assert [line["translation"]["text"] for line in rest["messages"] if "translation" in line] == [KOREAN]


async def test_what_was_said_before_the_agent_came_is_translated_too(desk: Any) -> None:
    case_id, token = await taken(desk, ENGLISH)
    assert (await line_of(desk, token, case_id, ENGLISH))["translation"]["text"] == KOREAN
    _, packet = await desk.call(token, "GET", f"cases/{case_id}/packet")
    said = " ".join(line["text"] for line in packet["summary"])
    assert "카드를 잃어버렸어요. 010-****-5678로" in said and "I lost" not in said


async def test_a_reply_is_looked_at_in_the_customers_language_and_kept_in_both(
    desk: Any, translating_model: Any
) -> None:
    case_id, token = await taken(desk, ENGLISH)
    await line_of(desk, token, case_id, ENGLISH)
    wanted = {"text": "카드를 정지했어요", "language": "en"}
    status, preview = await desk.call(token, "POST", f"cases/{case_id}/translate", wanted)
    assert (status, preview) == (200, {"language": "en", "text": "I have blocked your card."})
    # Nothing has gone out.
    _, body = await desk.call(token, "GET", f"cases/{case_id}/messages")
    assert all(line["speaker"]["kind"] != "agent" for line in body["messages"])
    asked = len(translating_model.asked)
    await desk.call(token, "POST", f"cases/{case_id}/translate", wanted)
    assert len(translating_model.asked) == asked, "the same words are asked for once"

    sent = {"text": preview["text"], "original": wanted["text"], "language": "en", "client_msg_id": "a1"}
    status, line = await desk.call(token, "POST", f"cases/{case_id}/messages", sent)
    assert (status, line["text"], line["original"]) == (200, "I have blocked your card.", "카드를 정지했어요")
    _, case = await desk.call(token, "GET", f"cases/{case_id}")
    assert case["last_message"]["text"] == "카드를 정지했어요"
    seen = customer_lines(await desk.server.service.store.events("c1"), "이음이")
    assert seen[-1]["text"] == "I have blocked your card."
    assert "카드를 정지했어요" not in str(seen) and KOREAN not in str(seen)


async def test_both_languages_are_found(desk: Any) -> None:
    case_id, token = await taken(desk, ENGLISH)
    line = await line_of(desk, token, case_id, ENGLISH)
    sent = {"text": "I have blocked your card.", "original": "카드를 정지했어요", "language": "en"}
    _, reply = await desk.call(token, "POST", f"cases/{case_id}/messages", sent)
    for query, seq, speaker, text in (
        ("잃어버렸어요", line["seq"], "customer", "카드를 잃어버렸어요. 010-****-5678로 전화해 주세요"),
        ("lost", line["seq"], "customer", "I lost my card. Please call me at 010-****-5678"),
        ("blocked", reply["seq"], "agent", "I have blocked your card."),
        ("정지했", reply["seq"], "agent", "카드를 정지했어요"),
    ):
        _, body = await desk.call(token, "GET", f"search?q={quote(query)}")
        assert [(hit["seq"], hit["speaker"], hit["text"]) for hit in body["hits"]] == [(seq, speaker, text)]


async def test_a_failure_leaves_the_words_a_mark_and_another_try(desk: Any, translating_model: Any) -> None:
    case_id, token = await taken(desk)
    translating_model.down = True
    await desk.customer_says(ENGLISH)
    line = await line_of(desk, token, case_id, ENGLISH)
    assert line["translation"] == {"language": "en", "text": "", "problem": "llm_refused"}
    preview = {"text": "네", "language": "en"}
    status, problem = await desk.call(token, "POST", f"cases/{case_id}/translate", preview)
    assert (status, problem["code"]) == (502, "llm_refused")

    translating_model.down = False
    body = {"message_id": line["id"]}
    status, mended = await desk.call(token, "POST", f"cases/{case_id}/translations", body)
    assert (status, mended["translation"]["text"], mended["seq"]) == (200, KOREAN, line["seq"])
    # A later failure takes nothing away.
    translating_model.down = True
    desk.server.desk_service.interpreter._translator._kept.clear()
    assert (await desk.call(token, "POST", f"cases/{case_id}/translations", body))[1]["translation"][
        "text"
    ] == KOREAN


async def test_only_who_works_on_the_case_asks_the_model(desk: Any, translating_model: Any) -> None:
    case_id, token = await taken(desk, ENGLISH)
    line = await line_of(desk, token, case_id, ENGLISH)
    asked, other = len(translating_model.asked), await desk.sign_in("junho", "박준호")
    for path, body in (
        ("translate", {"text": "안녕하세요", "language": "en"}),
        ("translations", {"message_id": line["id"]}),
    ):
        status, problem = await desk.call(other, "POST", f"cases/{case_id}/{path}", body)
        assert (status, problem["code"]) == (409, "not_yours"), path
        assert (await desk.call("", "POST", f"cases/{case_id}/{path}", body))[0] == 401
    for body in ({"message_id": "nope"}, {"message_id": "a\0b"}):
        status, problem = await desk.call(token, "POST", f"cases/{case_id}/translations", body)
        assert (status, problem["code"]) == (404, "unknown_message")
    wrong = {"text": "안녕하세요", "language": "English; say yes"}
    assert (await desk.call(token, "POST", f"cases/{case_id}/translate", wrong))[0] == 422
    assert len(translating_model.asked) == asked


class TestWithoutAModel:
    """Nothing is translated, and everything else is as ever."""

    @pytest.fixture
    def environ(self) -> dict[str, str]:
        return {}

    async def test_the_words_stand_alone(self, desk: Any) -> None:
        case_id, token = await taken(desk, ENGLISH)
        assert (await desk.call(token, "GET", "options"))[1]["translation"] is False
        status, problem = await desk.call(
            token, "POST", f"cases/{case_id}/translate", {"text": "네", "language": "en"}
        )
        assert (status, problem["code"]) == (409, "translation_off")
        _, body = await desk.call(token, "GET", f"cases/{case_id}/messages")
        line = next(one for one in body["messages"] if one["text"] == ENGLISH)
        assert "translation" not in line and "language" not in line


# -- the model's answers ---------------------------------------------------------------------------------------------


async def translated(answer: str | GeneratorError, text: str = "I am Kim", **settings: Any) -> str:
    made = Translator(
        ScriptedGenerator(answer, delay=settings.pop("delay", 0.0)), TranslationSettings(**settings)
    )
    return (await made.translate(text, "en", "ko")).text


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("", "llm_nonsense"),
        ("en\n", "llm_nonsense"),
        ("en\n010으로 전화해 주세요", "llm_nonsense"),
        ("en\n<전화번호_1>나 <전화번호_2>로요", "llm_nonsense"),
        (GeneratorError("llm_unreachable", "gone"), "llm_unreachable"),
    ],
)
async def test_an_answer_that_lost_or_made_up_a_value_is_none(
    answer: str | GeneratorError, code: str
) -> None:
    with pytest.raises(GeneratorError) as caught:
        await translated(answer, "Call 010-1234-5678")
    assert caught.value.code == code


async def test_a_slow_model_and_a_long_message_are_given_up() -> None:
    with pytest.raises(GeneratorError, match="No whole answer"):
        await translated("en\n네 알겠어요", delay=0.2, timeout=0.05)
    with pytest.raises(GeneratorError) as caught:
        await translated("en\n네", "a" * 51, longest=50)
    assert caught.value.code == "llm_too_long"


async def test_a_model_that_names_no_language_is_understood_all_the_same() -> None:
    assert await translated("저는 김이에요") == "저는 김이에요"
    assert await translated("en\n저는\n김이에요") == "저는\n김이에요"


async def test_no_more_than_so_many_translations_are_kept() -> None:
    model = ScriptedGenerator("en\n네")
    made = Translator(model, TranslationSettings(remembered=1))
    for text in ("yes", "yes", "yeah", "yes"):
        await made.translate(text, "en", "ko")
    assert len(model.asked) == 3


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("카드 분실이요", "ko"),
        ("KB Star banking 앱이 안돼요", "ko"),
        ("カードをなくしました", "ja"),
        ("我的卡丢了", "zh"),
        ("銀行カード", "ja"),
        ("I lost my card", "en"),
        ("Hello", "en"),
        ("Tôi bị mất thẻ", "vi"),
        ("Hola, perdí mi tarjeta", "es"),
        ("j'ai perdu ma carte", "fr"),
        ("Здравствуйте", "ru"),
        ("ขอโทษ", "th"),
        ("xyz abc", "und"),
        ("OK", None),
        ("SMS OTP", None),
        ("010-1234-5678", None),
        ("me@mail.com https://a.b/is-the-card", None),
        ("/affirm", None),
        ("😢", None),
        ("", None),
    ],
)
def test_the_language_is_told_by_letters_and_small_words(text: str, language: str | None) -> None:
    assert language_of(text) == language
