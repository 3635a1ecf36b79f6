"""The conformance kit: subclass it, give the fixture `generator`, and a back end is tested like the rest."""

from __future__ import annotations

import pytest

from generator.errors import GeneratorError
from generator.port import Generator, Message, complete

QUESTION = [Message("system", "짧게 답하세요."), Message("user", "안녕하세요?")]


class GeneratorConformance:
    """The fixture `generator` answers something; `broken` can't answer."""

    async def test_an_answer_comes_in_pieces(self, generator: Generator) -> None:
        """Pieces together are the answer."""
        pieces = [piece async for piece in generator.stream(QUESTION, max_tokens=50)]
        assert "".join(pieces).strip()

    async def test_the_whole_answer_at_once(self, generator: Generator) -> None:
        """`complete` joins them."""
        assert (await complete(generator, QUESTION, max_tokens=50, timeout=30)).strip()

    async def test_calls_may_follow_each_other_and_close_twice(self, generator: Generator) -> None:
        """A second call works; closing is harmless."""
        for _ in range(2):
            assert await complete(generator, QUESTION, max_tokens=50, timeout=30)
        await generator.close()
        await generator.close()

    async def test_what_goes_wrong_is_a_generator_error(self, broken: Generator) -> None:
        """Never another exception."""
        with pytest.raises(GeneratorError) as caught:
            await complete(broken, QUESTION, max_tokens=50, timeout=30)
        assert caught.value.code.startswith("llm_") and caught.value.ko
