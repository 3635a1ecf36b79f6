"""Conditions of flows.yml, domain.yml and conditional responses: `slots.amount > 50000000 and slots.confirmed`.

The format is the one that Rasa documents for its flows, with two differences, both named at load: `and` mixed with `or`
needs parentheses (their precedence there is not what a reader expects), and comparing an unset value is false instead
of an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Scope = Mapping[str, Mapping[str, Any]]
"""Namespaces a condition may read: `slots`, `context`."""
_Eval = Callable[[Scope], Any]

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>-?\d+(?:\.\d+)?)|(?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
    r"""|(?P<name>[A-Za-z_][\w.]*)|(?P<op>>=|<=|!=|==|=|>|<|\(|\)))"""
)
_WORDS = {"and", "or", "not", "is", "contains", "matches", "true", "false", "null", "undefined", "empty"}


class PredicateError(ValueError):
    """Raised by `Predicate.parse` with what is wrong and what was expected."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """`slots.card_type = "신용카드"`: name, operator and what it is compared with."""

    name: str
    operator: str
    literal: Any


@dataclass(frozen=True, slots=True)
class Predicate:
    """A parsed condition. `names` are the `slots.x` and `context.y` that it reads."""

    source: str
    names: frozenset[str]
    _evaluate: _Eval
    comparisons: tuple[Comparison, ...] = ()
    """Of a name with something that is written out."""

    @classmethod
    def parse(cls, source: str | bool) -> Predicate:
        """Raises `PredicateError` for anything outside the grammar."""
        if isinstance(source, bool):
            return cls(str(source).lower(), frozenset(), lambda _scope: source)
        parser = _Parser(source)
        evaluate = parser.parse()
        return cls(source, frozenset(parser.names), evaluate, tuple(parser.comparisons))

    def __call__(self, scope: Scope) -> bool:
        """Whether the condition holds."""
        return bool(self._evaluate(scope))


class _Parser:
    """Recursive descent over the token list; each method returns a closure over the scope."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.names: set[str] = set()
        self.comparisons: list[Comparison] = []
        self._last: tuple[str, Any] = ("", None)
        self._tokens = _tokenise(source)
        self._at = 0

    def parse(self) -> _Eval:
        evaluate = self._expression()
        if self._at < len(self._tokens):
            raise PredicateError(f"{self._tokens[self._at][1]!r} is not expected here in {self.source!r}")
        return evaluate

    def _peek(self) -> str:
        if self._at >= len(self._tokens):
            return ""
        kind, text = self._tokens[self._at]
        return text.lower() if kind == "name" and text.lower() in _WORDS else text

    def _take(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise PredicateError(f"{self.source!r} ends too early")
        self._at += 1
        return self._tokens[self._at - 1]

    def _expression(self) -> _Eval:
        parts, joined = [self._negation()], ""
        while self._peek() in ("and", "or"):
            word = self._take()[1].lower()
            if joined and word != joined:
                raise PredicateError(f"'and' and 'or' are mixed in {self.source!r}: use parentheses")
            joined = word
            parts.append(self._negation())
        if len(parts) == 1:
            return parts[0]
        if joined == "and":
            return lambda scope: all(part(scope) for part in parts)
        return lambda scope: any(part(scope) for part in parts)

    def _negation(self) -> _Eval:
        if self._peek() == "not":
            self._take()
            inner = self._negation()
            return lambda scope: not inner(scope)
        return self._comparison()

    def _comparison(self) -> _Eval:
        left = self._value()
        kind, name = self._last
        operator = self._peek()
        if operator not in (">", ">=", "<", "<=", "=", "==", "!=", "is", "contains", "matches"):
            return left
        self._take()
        if operator == "is" and self._peek() == "not":
            self._take()
            operator = "!="
        if self._peek() == "empty":
            self._take()
            empty: _Eval = lambda scope: left(scope) in (None, "", [], {})  # noqa: E731
            return (lambda scope: not empty(scope)) if operator == "!=" else empty
        right = self._value()
        if kind == "name" and self._last[0] == "literal":
            self.comparisons.append(Comparison(name, operator, self._last[1]))
        compare = _COMPARE[operator]
        return lambda scope: compare(left(scope), right(scope))

    def _value(self) -> _Eval:
        kind, text = self._take()
        if text == "(":
            inner = self._expression()
            self._last = ("", None)
            if self._take()[1] != ")":
                raise PredicateError(f"a closing parenthesis is missing in {self.source!r}")
            return inner
        if kind == "number":
            number = float(text)
            self._last = ("literal", number)
            return lambda _scope: number
        if kind == "string":
            literal = re.sub(r"\\(.)", r"\1", text[1:-1])
            self._last = ("literal", literal)
            return lambda _scope: literal
        if kind == "name":
            return self._name(text)
        raise PredicateError(f"{text!r} is not a value in {self.source!r}")

    def _name(self, text: str) -> _Eval:
        word = text.lower()
        if word in ("true", "false"):
            self._last = ("literal", word == "true")
            return lambda _scope: word == "true"
        if word in ("null", "undefined"):
            self._last = ("literal", None)
            return lambda _scope: None
        space, _, name = text.partition(".")
        if space not in ("slots", "context") or not name:
            raise PredicateError(f"{text!r} in {self.source!r}: write slots.{text} or put text in quotes")
        self.names.add(text)
        self._last = ("name", text)
        return lambda scope: scope.get(space, {}).get(name)


def _tokenise(source: str) -> list[tuple[str, str]]:
    tokens, at = [], 0
    source = source.strip()
    while at < len(source):
        match = _TOKEN.match(source, at)
        if match is None:
            raise PredicateError(f"{source[at : at + 10]!r} can't be read in {source!r}")
        at = match.end()
        tokens.append((str(match.lastgroup), match.group(str(match.lastgroup))))
    if not tokens:
        raise PredicateError("the condition is empty")
    return tokens


def _ordered(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """A comparison that is false, not an error, for unset values and unlike types."""

    def compare(left: Any, right: Any) -> bool:
        try:
            return left is not None and right is not None and test(left, right)
        except TypeError:
            return False

    return compare


def _contains(left: Any, right: Any) -> bool:
    return isinstance(left, str | list | tuple) and right is not None and right in left


def _matches(left: Any, right: Any) -> bool:
    return isinstance(left, str) and isinstance(right, str) and re.search(right, left) is not None


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    ">": _ordered(lambda a, b: a > b),
    ">=": _ordered(lambda a, b: a >= b),
    "<": _ordered(lambda a, b: a < b),
    "<=": _ordered(lambda a, b: a <= b),
    "=": lambda a, b: a == b,
    "==": lambda a, b: a == b,
    "is": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "contains": _contains,
    "matches": _matches,
}
