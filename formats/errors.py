"""The root of the product's exceptions.

    SangdamError                 every error that a person may see: stable code, Korean and English, remedy
    └── FormatError              a file that a builder wrote is wrong: file, line, what was expected

Each package draws its own branch in its own `errors.py`. The user interface and other programs switch on `code`;
the texts may be reworded at any time.
"""

from __future__ import annotations

from pathlib import Path


class SangdamError(Exception):
    """Base of every error with a stable `code`, a message for people (`ko`, `en`) and a `remedy`.

    >>> try:
    ...     raise SangdamError("no_such_case", ko="상담을 찾을 수 없어요.", en="No such case.")
    ... except SangdamError as error:
    ...     print(error.code)
    no_such_case
    """

    status = 500
    """The HTTP status under which this error is reported."""

    def __init__(self, code: str, *, ko: str, en: str, remedy: str = "", status: int | None = None) -> None:
        super().__init__(en)
        self.code = code
        self.ko = ko
        self.en = en
        self.remedy = remedy
        if status is not None:
            self.status = status


class FormatError(SangdamError):
    """A file holds an unknown key or a wrong value. Names the place, what stands there and what was expected."""

    status = 422

    def __init__(self, file: Path | str, line: int, problem: str, expected: str = "") -> None:
        self.file = str(file)
        self.line = line
        self.problem = problem
        self.expected = expected
        text = f"{file}:{line}: {problem}" + (f" (expected: {expected})" if expected else "")
        super().__init__("bad_file", ko=f"파일을 읽을 수 없어요. {text}", en=text, remedy=expected)
