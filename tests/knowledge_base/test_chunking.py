"""Passages: whole sentences under their headings, with ids that survive edits elsewhere."""

from __future__ import annotations

from knowledge_base.chunking import SIZE, chunks_of
from knowledge_base.types import Chunk, Document, Section
from korean.morphology import morphology

SENTENCE = "이체 한도를 올리려면 신분증을 가지고 가까운 영업점을 방문해 주세요."


def chunks(*sections: Section) -> list[Chunk]:
    document = Document(id="a.md", title="안내", source="a.md", sections=sections, content_hash="0")
    return chunks_of(document, morphology())


def test_place_and_order_go_with_the_passage() -> None:
    found = chunks(Section(heading=("가", "나"), text="하나", page=3), Section(text="둘"))
    assert [(c.heading, c.text, c.page, c.position) for c in found] == [
        (("가", "나"), "하나", 3, 0),
        ((), "둘", None, 1),
    ]


def test_long_sections_are_cut_between_sentences() -> None:
    found = chunks(Section(text=" ".join([SENTENCE] * 30)))
    assert len(found) > 2
    for chunk in found:
        assert len(chunk.text) <= SIZE
        assert set(chunk.text.split("\n")) == {SENTENCE}
    assert sum(chunk.text.count(SENTENCE) for chunk in found) == 30


def test_a_sentence_without_end_is_cut_between_words_and_nothing_is_lost() -> None:
    text = "낱말" + " 낱말" * 600
    found = chunks(Section(text=text))
    assert all(len(chunk.text) <= SIZE for chunk in found)
    assert " ".join(" ".join(chunk.text.split()) for chunk in found) == text


def test_an_entry_of_a_faq_is_never_cut() -> None:
    assert len(chunks(Section(question="왜?", text=" ".join([SENTENCE] * 30)))) == 1


def test_ids_stay_when_other_parts_change() -> None:
    first, second = Section(heading=("가",), text="하나"), Section(heading=("나",), text="둘")
    before = {chunk.text: chunk.id for chunk in chunks(first, second)}
    after = {chunk.text: chunk.id for chunk in chunks(Section(text="새로 온 글"), second, first)}
    assert after["하나"] == before["하나"] and after["둘"] == before["둘"]


def test_equal_passages_have_ids_of_their_own() -> None:
    same = Section(heading=("가",), text="같은 글")
    assert len({chunk.id for chunk in chunks(same, same, same)}) == 3


FILLER = " ".join([SENTENCE] * 9)


def test_a_sentence_that_leans_on_the_one_before_takes_it_along() -> None:
    found = chunks(Section(text=f"{FILLER} 수수료는 무료예요. 다만 해외에서는 3달러가 들어요. {FILLER}"))
    holding = [chunk.text for chunk in found if "다만" in chunk.text]
    assert len(holding) == 1 and "수수료는 무료예요.\n다만" in holding[0]


def test_a_list_that_is_cut_keeps_what_leads_into_it() -> None:
    items = "\n".join(
        f"· {number}번째 서류는 가까운 주민센터에서 석 달 안에 발급받은 것이어야 해요."
        for number in range(20)
    )
    found = chunks(Section(text=f"다음 서류가 필요해요:\n{items}"))
    assert len(found) > 2
    assert all(chunk.text.startswith("다음 서류가 필요해요:\n· ") for chunk in found)
    assert sum(chunk.text.count("번째 서류") for chunk in found) == 20


def test_nothing_else_overlaps() -> None:
    sentences = [
        f"{number}번째 안내는 영업점에서 신분증을 보여 주시면 바로 도와드리는 일이에요."
        for number in range(40)
    ]
    found = chunks(Section(text=" ".join(sentences)))
    assert [line for chunk in found for line in chunk.text.split("\n")] == sentences


def test_a_table_row_is_never_cut_from_its_headers() -> None:
    rows = [
        f"· 상품: {number}번 적금, 금리: 연 {number}.5%, 대상: 만 17세 이상 누구나" for number in range(30)
    ]
    found = chunks(Section(text="\n".join(rows)))
    assert len(found) > 2 and [line for chunk in found for line in chunk.text.split("\n")] == rows
