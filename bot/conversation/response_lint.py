"""What customers would stumble over in responses: mixed registers, both forms of a particle, wrong spaces, no wording at all."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.conversation.cautions import Caution, Level
from bot.conversation.domain import Domain, Variation
from formats import YamlFile, load_yaml
from korean.josa import BOTH_FORMS, attach, choose
from korean.morphology import morphology
from korean.register import registers

_BARE = re.compile(r"\{(\w+)\}(을|를|은|는|이|가|과|와|으로|로|이에요|예요|이라고|라고)(?=[\s.,!?]|$)")
_PARTICLE = re.compile(r"\{\w+\|([^{}|]+)\}")
_SPACES = (
    (re.compile(r"(?<=\S) {2,}(?=\S)"), "빈칸이 둘 이상이에요"),
    (re.compile(r"(?<=[가-힣}]) +(?=[.,!?](?:\s|$))"), "문장 부호 앞에 빈칸이 있어요"),
    (re.compile(r"(?<=[가-힣][.!?])(?=[가-힣])"), "문장 사이에 빈칸이 없어요"),
)
_ON_SCREEN = re.compile(r"버튼|클릭|눌러|아래에서|화면")


def lint_responses(domain: Domain, file: Path) -> list[Caution]:
    """All findings in the responses of a domain.yml, in their order. `domain` is that file's own, without defaults."""
    yaml = load_yaml(file)
    texts = [
        (name, place, variation)
        for name, variations in domain.responses.items()
        for place, variation in enumerate(variations)
    ]
    usual = _usual([variation for _, _, variation in texts])
    found: list[Caution] = []
    for name, place, variation in texts:
        at = _At(yaml, name, place)
        found += [*_style(variation, usual, at), *_particles(variation, at), *_spacing(variation, at)]
    for name, variations in domain.responses.items():
        found += _wordings(variations, _At(yaml, name, 0))
    return found


class _At:
    """Where a wording stands."""

    def __init__(self, yaml: YamlFile, name: str, place: int) -> None:
        self._yaml, self.name, self._place = yaml, name, place

    def caution(self, code: str, level: Level, problem: str, remedy: str) -> Caution:
        line = self._yaml.line(("responses", self.name, self._place))
        return Caution(code, level, str(self._yaml.path), line, f"{self.name}: {problem}", remedy)


def _usual(variations: Sequence[Variation]) -> str:
    counts = Counter(found for variation in variations for _, found in registers(_plain(variation.text)))
    return counts.most_common(1)[0][0] if counts else ""


def _style(variation: Variation, usual: str, at: _At) -> Iterator[Caution]:
    for sentence, found in registers(_plain(variation.text)):
        if found != usual:
            quoted = attach(f"'{sentence[:40]}'", "은")
            problem = f"{quoted} {attach(found, '이에요')}. 다른 응답은 {attach(usual, '이에요')}."
            yield at.caution("style", "warning", problem, f"{usual}로 맞추세요.")
            return


def _particles(variation: Variation, at: _At) -> Iterator[Caution]:
    for text in _texts(variation):
        if both := BOTH_FORMS.search(text):
            problem = f"조사가 '{both.group()}'처럼 둘 다 적혀 있어요."
            yield at.caution(
                "both_particles", "warning", problem, "{슬롯|을}처럼 적으면 알맞은 조사가 붙어요."
            )
        for bare in _BARE.finditer(text):
            slot, particle = bare.groups()
            problem = f"'{bare.group()}'의 조사는 값에 따라 틀릴 수 있어요."
            yield at.caution("fixed_particle", "warning", problem, f"{{{slot}|{particle}}}로 적으세요.")
        for particle in _PARTICLE.findall(text):
            # A known particle has two forms, and so differs after one of these words.
            if {choose(word, particle) for word in ("책", "나무")} == {particle}:
                problem = f"'{particle}'은 받침에 따라 바뀌는 조사가 아니에요."
                yield at.caution(
                    "unknown_particle",
                    "error",
                    problem,
                    "을, 은, 이, 과, 으로, 이에요 가운데 하나를 적으세요.",
                )


def _spacing(variation: Variation, at: _At) -> Iterator[Caution]:
    for text in _texts(variation):
        for pattern, problem in _SPACES:
            if match := pattern.search(text):
                near = text[max(0, match.start() - 8) : match.end() + 8]
                yield at.caution("spacing", "warning", f"{problem}: '{near}'", "띄어쓰기를 고치세요.")
        for wrong, right in _dependent_nouns(_plain(text)):
            yield at.caution(
                "spacing", "warning", f"{attach(repr(wrong), '은')} 띄어 써요.", f"'{right}'로 고치세요."
            )


def _dependent_nouns(text: str) -> Iterator[tuple[str, str]]:
    """할수 있어요, 아는것: a dependent noun (의존 명사) stands by itself after the form that modifies it."""
    tokens = morphology().tokens(text)
    for before, noun in itertools.pairwise(tokens):
        if before.tag == "ETM" and noun.tag == "NNB" and before.end == noun.start and noun.form in _NOUNS:
            start = text.rfind(" ", 0, noun.start) + 1
            yield text[start : noun.end], f"{text[start : noun.start]} {text[noun.start : noun.end]}"


_NOUNS = frozenset(["수", "것", "줄", "적", "만큼", "대로", "동안", "때문", "뿐", "뻔"])


def _wordings(variations: Sequence[Variation], at: _At) -> Iterator[Caution]:
    if not any(variation.channel is None and variation.condition is None for variation in variations):
        problem = "조건이나 채널이 없는 문구가 없어서, 맞는 것이 없으면 아무 말도 하지 못해요."
        yield at.caution("no_fallback", "warning", problem, "조건과 채널이 없는 문구를 하나 더 적으세요.")
    spoken = any(variation.channel == "voice" for variation in variations)
    if not spoken and any(_ON_SCREEN.search(v.text) and (v.buttons or v.cards()) for v in variations):
        problem = "화면에 있는 것을 말하는데 전화에서 쓸 문구가 없어요."
        yield at.caution("not_spoken", "hint", problem, "channel: voice 문구를 하나 더 적으세요.")


def _texts(variation: Variation) -> list[str]:
    return [variation.text, *(button.title for button in variation.buttons)]


def _plain(text: str) -> str:
    """With a word where a value will stand, so that sentences are whole."""
    return re.sub(r"\{\w+(?:\|([^{}|]+))?\}", lambda match: f"값{match.group(1) or ''}", text)
