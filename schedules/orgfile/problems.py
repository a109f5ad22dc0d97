"""What is wrong with the file: one line each, for the person who wrote it."""

from __future__ import annotations

from dataclasses import dataclass

from schedules.errors import SamtidError
from schedules.orgfile.words import problem_words


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend. `line` counts from 1; `what` and `expected` are in the reader's language."""

    file: str
    line: int
    what: str
    expected: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}, {self.expected}"


class InvalidOrganisation(SamtidError):
    """The organisation file has problems; nothing was changed."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class Report:
    """Collects problems while the whole file is read, so that all are told at once."""

    def __init__(self, filename: str, language: str) -> None:
        self._filename = filename
        self._language = language
        self._problems: set[Problem] = set()  # a set: an alias shows the same mistake twice

    def add(self, line: int, code: str, /, **facts: object) -> None:
        """Note the problem `code` of the catalogue at `line` (from 1)."""
        what, expected = problem_words(code, self._language, facts)
        self._problems.add(Problem(self._filename, line, what, expected))

    def raise_if_any(self) -> None:
        """Raise InvalidOrganisation with everything noted, by line."""
        if self._problems:
            raise InvalidOrganisation(tuple(sorted(self._problems)))
