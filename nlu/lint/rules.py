"""The rules. Each reads the data and yields findings; `lint` runs them all, worst first."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from korean.normalise import compact
from nlu.cross_validation import Answer
from nlu.lint.findings import Finding, Level, Place
from nlu.near import near_pairs
from nlu.training_data import Example, TrainingData

FEW = 8
"""Examples below which an intent is a gamble."""
UNBALANCED = 6
"""Times the median number of examples, up or down, from which an intent stands out."""
SURE, DOUBTED = 0.8, 0.1
"""A label is suspicious if models that haven't seen it are this sure of another, and give its own at most so much."""
_LEVELS: tuple[Level, ...] = ("error", "warning", "hint")


@dataclass(frozen=True, slots=True)
class DomainNames:
    """What domain.yml knows, each name with its line."""

    file: str
    intents: Mapping[str, int] = field(default_factory=dict)
    entities: Mapping[str, int] = field(default_factory=dict)


def lint(
    data: TrainingData,
    domain: DomainNames | None = None,
    tests: Sequence[Example] = (),
    answers: Sequence[Answer] = (),
) -> list[Finding]:
    """All findings. `answers` are those of cross-validation, without which no label is suspicious."""
    found = [
        *same_in_two_intents(data.examples),
        *repeated(data.examples),
        *few(data),
        *unbalanced(data),
        *leaking(data.examples, tests),
        *suspicious(answers),
    ]
    if domain is not None:
        found += [*against_domain(data, domain)]
    return sorted(found, key=lambda f: (_LEVELS.index(f.level), f.code, f.place.file, f.place.line))


def same_in_two_intents(examples: Sequence[Example]) -> Iterator[Finding]:
    """No model can be right about both."""
    told: set[tuple[str, ...]] = set()
    for one, other, _ in near_pairs([example.text for example in examples]):
        first, second = examples[one], examples[other]
        if first.intent == second.intent:
            continue
        same = compact(first.text) == compact(second.text)
        key = (compact(second.text), *sorted((first.intent, second.intent)))
        if key in told:
            continue
        told.add(key)
        yield Finding(
            "same_in_two_intents" if same else "near_in_two_intents",
            "error" if same else "warning",
            Place.of(second),
            f"{second.text!r}({second.intent}) — {first.text!r}({first.intent})",
            f"{second.text!r} stands in {second.intent}, {first.text!r} in {first.intent}.",
            Place.of(first),
        )


def repeated(examples: Sequence[Example]) -> Iterator[Finding]:
    """The same utterance again teaches nothing; spaces don't count, as models learn from text without them anyway."""
    seen: dict[tuple[str, str], Example] = {}
    for example in examples:
        first = seen.setdefault((example.intent, example.text), example)
        if first is not example:
            yield Finding(
                "repeated_example",
                "hint",
                Place.of(example),
                f"{example.text!r} ({example.intent})",
                f"{example.text!r} stands twice in {example.intent}.",
                Place.of(first),
            )


def few(data: TrainingData) -> Iterator[Finding]:
    """Intents that can hardly be learned."""
    for intent, found in _by_intent(data.examples).items():
        if len(found) < FEW:
            yield Finding(
                "too_few_examples",
                "warning",
                Place.of(found[0]),
                f"{intent}: {len(found)}개 (권장 {FEW}개 이상, 15개면 좋아요)",
                f"{intent} has {len(found)} examples; {FEW} or more, better 15.",
            )


def unbalanced(data: TrainingData) -> Iterator[Finding]:
    """Intents with very many or very few examples beside the others."""
    groups = _by_intent(data.examples)
    middle = statistics.median(len(found) for found in groups.values()) if groups else 0
    for intent, found in groups.items():
        if len(found) > UNBALANCED * middle or len(found) * UNBALANCED < middle:
            yield Finding(
                "unbalanced_intents",
                "hint",
                Place.of(found[0]),
                f"{intent}: {len(found)}개 (의도마다 보통 {middle:g}개)",
                f"{intent} has {len(found)} examples, the median is {middle:g}.",
            )


def leaking(examples: Sequence[Example], tests: Sequence[Example]) -> Iterator[Finding]:
    """Test utterances that were learned make figures too good; labels that nothing is learned for make them too bad."""
    pairs = near_pairs([t.text for t in tests], [e.text for e in examples], 0.95) if tests else []
    told: set[int] = set()
    for at, learned, _ in pairs:
        if at not in told:
            told.add(at)
            yield Finding(
                "test_in_training",
                "warning",
                Place.of(tests[at]),
                f"{tests[at].text!r} — 학습 예문 {examples[learned].text!r}",
                f"{tests[at].text!r} is learned from as {examples[learned].text!r}.",
                Place.of(examples[learned]),
            )
    known = {example.intent for example in examples}
    for test in tests:
        if test.intent not in known:
            yield Finding(
                "test_label_unknown",
                "error",
                Place.of(test),
                f"{test.text!r} ({test.intent})",
                f"No training example has the intent {test.intent!r}.",
            )


def suspicious(answers: Sequence[Answer]) -> Iterator[Finding]:
    """Labels that models trained without them contradict with confidence."""
    for answer in answers:
        sure = not answer.right and answer.confidence >= SURE and answer.wanted_confidence <= DOUBTED
        if sure:
            example = answer.example
            yield Finding(
                "suspicious_label",
                "hint",
                Place.of(example),
                f"{example.text!r}: {example.intent}인데 {answer.intent}({answer.confidence:.0%})로 보여요",
                f"{example.text!r} is {example.intent}, but looks like {answer.intent} ({answer.confidence:.0%}).",
            )


def against_domain(data: TrainingData, domain: DomainNames) -> Iterator[Finding]:
    """Names that only one of the two files knows."""
    groups = _by_intent(data.examples)
    for intent, line in domain.intents.items():
        if intent not in groups:
            yield Finding(
                "intent_without_examples",
                "warning",
                Place(domain.file, line),
                f"{intent}: 예문을 쓰거나 domain.yml에서 지우세요",
                f"{intent} has no examples; write some, or take it out of domain.yml.",
            )
    for intent, found in groups.items():
        if intent not in domain.intents:
            yield Finding(
                "intent_unknown",
                "error",
                Place.of(found[0]),
                f"{intent}: domain.yml의 intents에 적으세요",
                f"{intent} isn't among the intents of domain.yml.",
            )
    told: set[str] = set()
    for example in data.examples:
        for mark in example.annotations:
            if mark.entity not in domain.entities and mark.entity not in told:
                told.add(mark.entity)
                yield Finding(
                    "entity_unknown",
                    "warning",
                    Place.of(example),
                    f"{mark.entity}: domain.yml의 entities에 적으세요",
                    f"{mark.entity} isn't among the entities of domain.yml.",
                )


def _by_intent(examples: Sequence[Example]) -> dict[str, list[Example]]:
    counts = Counter(example.intent for example in examples)
    return {intent: [e for e in examples if e.intent == intent] for intent in sorted(counts)}
