"""YAML with positions: pydantic models validated against a file, every complaint carrying file and line."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from formats.errors import FormatError

Model = TypeVar("Model", bound=BaseModel)
Path_ = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Located:
    """A value and the 1-based line on which it stands."""

    value: Any
    line: int


class YamlFile:
    """One parsed YAML file that still knows where each key stands.

    `data` is plain dicts, lists and scalars. `line(path)` gives the 1-based line of a key path, or of the nearest
    known ancestor.
    """

    def __init__(self, path: Path, root: Any) -> None:
        self.path = path
        self._root = root
        self.data: Any = _plain(root)

    def line(self, path: Sequence[str | int] = ()) -> int:
        """The 1-based line of the value under `path` (keys and indexes), or of its nearest ancestor in the file."""
        node, line = self._root, 1
        for step in path:
            try:
                if isinstance(node, CommentedMap):
                    line = node.lc.key(step)[0] + 1
                elif isinstance(node, CommentedSeq):
                    line = node.lc.item(step)[0] + 1
                node = node[step]
            except (KeyError, IndexError, TypeError, AttributeError):
                break
        return line

    def error(self, path: Sequence[str | int], problem: str, expected: str = "") -> FormatError:
        """A `FormatError` at the place of `path`, to be raised by the caller."""
        return FormatError(self.path, self.line(path), problem, expected)

    def validate(self, model: type[Model], path: Sequence[str | int] = ()) -> Model:
        """The part under `path` as `model`. Raises `FormatError` with file, line and what was expected."""
        value = self.data
        for step in path:
            value = value[step]
        try:
            return model.model_validate(value if value is not None else {})
        except ValidationError as error:
            first = min(error.errors(), key=_telling)
            location = (*path, *_known(value, first["loc"]))
            problem, expected = _explain(first, model)
            raise self.error(location, problem, expected) from None


def load_yaml(path: Path) -> YamlFile:
    """Read a YAML file. Raises `FormatError` for a file that is missing, not UTF-8, or not YAML, with its line."""
    reader = YAML(typ="rt")
    reader.allow_duplicate_keys = False
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise FormatError(path, 1, "no such file", "a readable file") from None
    except OSError as error:
        raise FormatError(path, 1, f"can't be read ({error.strerror})", "a readable file") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise FormatError(path, line, "not UTF-8 text", "a file saved as UTF-8") from None
    try:
        root = reader.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = (error.problem or error.context or "not valid YAML").split("\n")[0]
        raise FormatError(path, (mark.line + 1) if mark else 1, problem, "valid YAML") from None
    except YAMLError as error:
        raise FormatError(path, 1, str(error).split("\n")[0], "valid YAML") from None
    return YamlFile(path, root if root is not None else CommentedMap())


def _plain(node: Any) -> Any:
    """ruamel's round-trip containers and scalars as plain ones."""
    if isinstance(node, Mapping):
        return {str(key) if isinstance(key, str) else key: _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(item) for item in node]
    if isinstance(node, bool) or node is None:
        return node
    if isinstance(node, str):
        return str(node)
    if isinstance(node, int):
        return int(node)
    if isinstance(node, float):
        return float(node)
    return node


def _telling(error: Any) -> tuple[int, int]:
    """Orders pydantic's errors: a mistyped key before the key that is missing for it, a rule of ours before the
    alternatives of a union that didn't fit, the deepest place first."""
    rank = {"extra_forbidden": 0, "value_error": 1}.get(error["type"], 2)
    return rank, (-len(error["loc"]) if rank < 2 else 0)


def _known(value: Any, location: Sequence[Any]) -> Path_:
    """The part of a pydantic location that exists in the data: union tags and model names fall out."""
    found: list[str | int] = []
    for step in location:
        inside_map = isinstance(value, Mapping) and step in value
        inside_list = isinstance(value, list) and isinstance(step, int) and step < len(value)
        if inside_map or inside_list:
            value = value[step]
            found.append(step)
    return tuple(found)


def _explain(error: Any, model: type[BaseModel]) -> tuple[str, str]:
    """A pydantic error as (problem, expected) in words a builder understands."""
    # What pydantic calls an alternative of a union, `list[…]`, is no key of the file.
    place = ".".join(step for step in error["loc"] if isinstance(step, str) and "[" not in step)
    if error["type"] == "extra_forbidden":
        key = str(error["loc"][-1])
        known = _fields_at(model, error["loc"][:-1])
        near = difflib.get_close_matches(key, known, 1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        return f"unknown key {key!r}", f"{hint}one of {', '.join(sorted(known))}" if known else "no such key"
    if error["type"] == "missing":
        return f"key {error['loc'][-1]!r} is missing" + (
            f" in {place}" if place else ""
        ), f"{error['loc'][-1]}: …"
    given = error.get("input")
    shown = (
        repr(given) if isinstance(given, str | int | float | bool) or given is None else type(given).__name__
    )
    message = error["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    return f"{place or 'the file'} is {shown[:80]}", message


def _fields_at(model: type[BaseModel], location: Sequence[str | int]) -> list[str]:
    """The field names (aliases included) of the model that stands at `location` inside `model`."""
    current: Any = model
    for step in location:
        if not (isinstance(current, type) and issubclass(current, BaseModel)):
            return []
        if isinstance(step, int):
            continue
        field = current.model_fields.get(step)
        if field is None:
            continue
        current = _inner_model(field.annotation)
    if isinstance(current, type) and issubclass(current, BaseModel):
        return [field.alias or name for name, field in current.model_fields.items()]
    return []


def _inner_model(annotation: Any) -> Any:
    """The first pydantic model inside an annotation such as `list[X] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        found = _inner_model(argument)
        if found is not None:
            return found
    return None
