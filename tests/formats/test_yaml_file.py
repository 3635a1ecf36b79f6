"""Files of builders: read with the line of each key; what is wrong is said with file, line and what was expected."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from formats import FormatError, SangdamError, load_yaml


class Desk(BaseModel):
    model_config = ConfigDict(extra="forbid")
    minutes: float = Field(default=6, gt=0)
    codes: list[str] = []


class Config(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    language: str = "ko"
    desk: Desk = Desk()
    desks: list[Desk] = []


def written(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "config.yml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_plain_values_come_out_of_the_file(tmp_path: Path) -> None:
    file = load_yaml(
        written(tmp_path, "name: 이음은행\ncount: 3\nshare: 0.5\non: true\nnone:\nlist: [1, 두 번째]\n")
    )
    assert file.data == {
        "name": "이음은행",
        "count": 3,
        "share": 0.5,
        "on": True,
        "none": None,
        "list": [1, "두 번째"],
    }
    assert type(file.data) is dict
    assert type(file.data["list"]) is list
    assert type(file.data["name"]) is str


def test_an_empty_file_is_an_empty_mapping(tmp_path: Path) -> None:
    assert load_yaml(written(tmp_path, "# nothing yet\n")).data == {}


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ((), 1),
        (("name",), 1),
        (("desk",), 2),
        (("desk", "codes"), 4),
        (("desk", "codes", 1), 6),
        (("desk", "nothing"), 2),
        (("nothing", "at", "all"), 1),
        (("desk", "codes", 9), 4),
    ],
)
def test_line_of_a_key_or_of_its_nearest_ancestor(
    tmp_path: Path, path: tuple[str | int, ...], line: int
) -> None:
    text = "name: 은행\ndesk:\n  minutes: 5\n  codes:\n    - a\n    - b\n"
    assert load_yaml(written(tmp_path, text)).line(path) == line


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("name: a\n  b: c\n", 2, "mapping values"),
        ("name: [1, 2\n", 2, "expected"),
        ("name: a\nname: b\n", 2, "duplicate key"),
        ("name: a\n\tb: c\n", 2, "token"),
        ("name: *nobody\n", 1, "alias"),
    ],
)
def test_what_is_no_yaml_is_refused_with_its_line(tmp_path: Path, text: str, line: int, problem: str) -> None:
    with pytest.raises(FormatError) as caught:
        load_yaml(written(tmp_path, text))
    assert caught.value.line == line
    assert problem in caught.value.problem


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="no such file"):
        load_yaml(tmp_path / "config.yml")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="can't be read"):
        load_yaml(tmp_path)


def test_other_encodings_are_refused_with_the_line(tmp_path: Path) -> None:
    with pytest.raises(FormatError) as caught:
        load_yaml(written(tmp_path, b"name: a\nlanguage: " + "한국어".encode("cp949") + b"\n"))
    assert (caught.value.line, caught.value.problem) == (2, "not UTF-8 text")


@pytest.mark.parametrize(
    ("text", "line", "problem", "expected"),
    [
        ("name: a\nlangauge: ko\n", 2, "unknown key 'langauge'", "did you mean 'language'?"),
        ("language: ko\n", 1, "key 'name' is missing", "name: …"),
        ("name: a\ndesk:\n  minutes: viele\n", 3, "desk.minutes is 'viele'", "a valid number"),
        ("name: a\ndesk:\n  minutes: -1\n", 3, "desk.minutes is -1", "greater than 0"),
        ("name: a\ndesk:\n  minute: 3\n", 3, "unknown key 'minute'", "did you mean 'minutes'?"),
        ("name: a\ndesk: 3\n", 2, "desk is 3", "dictionary"),
        ("name: a\ndesks:\n  - minutes: 3\n  - codes: 4\n", 4, "desks.codes is 4", "list"),
        ("name: [a]\n", 1, "name is list", "string"),
        ("- a\n- b\n", 1, "the file is list", "dictionary"),
    ],
)
def test_validation_names_place_problem_and_what_was_expected(
    tmp_path: Path, text: str, line: int, problem: str, expected: str
) -> None:
    file = load_yaml(written(tmp_path, text))
    with pytest.raises(FormatError) as caught:
        file.validate(Config)
    error = caught.value
    assert error.line == line
    assert problem in error.problem
    assert expected in error.expected
    assert str(error).startswith(f"{file.path}:{line}: ")


def test_a_part_of_a_file_is_validated_at_its_place(tmp_path: Path) -> None:
    file = load_yaml(written(tmp_path, "name: a\ndesk:\n  codes: [x]\n  wrong: 1\n"))
    with pytest.raises(FormatError) as caught:
        file.validate(Desk, ("desk",))
    assert caught.value.line == 4


def test_errors_carry_code_both_languages_and_a_remedy() -> None:
    error = FormatError("a.yml", 3, "odd", "even")
    assert isinstance(error, SangdamError)
    assert (error.code, error.status, error.remedy) == ("bad_file", 422, "even")
    assert "a.yml:3: odd (expected: even)" in error.ko
    assert str(error) == error.en == "a.yml:3: odd (expected: even)"


def test_status_may_be_given() -> None:
    assert SangdamError("x", ko="가", en="a").status == 500
    assert SangdamError("x", ko="가", en="a", status=404).status == 404


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text(alphabet=st.sampled_from("ab:-[]{}'\"#&*!|>%@`\n\t ,?0가")))
def test_any_text_is_read_or_refused_in_our_words(tmp_path: Path, text: str) -> None:
    try:
        load_yaml(written(tmp_path, text))
    except FormatError as error:
        assert error.line >= 1
