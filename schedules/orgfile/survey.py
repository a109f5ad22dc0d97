"""The climate survey's file -> Questionnaire: read and checked as the organisation file is."""

from __future__ import annotations

from datetime import date

from schedules.domain.opinions import Question, Questionnaire
from schedules.orgfile import values
from schedules.orgfile.entry import Entry
from schedules.orgfile.problems import Report
from schedules.orgfile.registry import Ids
from schedules.orgfile.tree import parse

TOP_KEYS = ("opens", "questions")
OPENS_KEYS = ("month", "day")
QUESTION_KEYS = ("id", "sv", "en")
MOST = 10  # questions: nobody answers more
LONGEST = 200  # characters of a question
LAST_DAY = 28  # a day that every month has


def read_survey(text: str, filename: str, language: str = "sv") -> Questionnaire:
    """Read and validate the whole file; `filename` stands first in every problem.

    Raises:
        InvalidOrganisation: with every problem, by line.
    """
    report = Report(filename, language)
    root = parse(text, report)
    report.raise_if_any()
    assert root is not None  # noqa: S101  # parse reports whenever it gives None
    top = Entry(root, TOP_KEYS, report)
    first = _opens(top)
    found = Questionnaire(first.month, first.day, _questions(top, report))
    report.raise_if_any()
    return found


def _opens(top: Entry) -> date:
    top.need("opens")
    entry = top.entry("opens", OPENS_KEYS)
    if entry is None:
        return date.min
    month = entry.required("month", values.number(1, 12), 1)
    return date(1, month, entry.required("day", values.number(1, LAST_DAY), 1))


def _questions(top: Entry, report: Report) -> tuple[Question, ...]:
    entries = top.entries("questions", QUESTION_KEYS, required=True)
    if top.good("questions") and not entries:
        top.bad("questions", "empty_list", key="questions")
    if len(entries) > MOST:
        report.add(entries[MOST].own_line, "too_many", key="questions", most=MOST)
    ids = Ids("questions", report)
    return tuple(_question(entry, ids) for entry in entries)


def _question(entry: Entry, ids: Ids) -> Question:
    said = values.text(LONGEST)
    question = Question(
        entry.required("id", values.an_id, ""),
        entry.required("sv", said, ""),
        entry.required("en", said, ""),
    )
    ids.add(entry, question.id)
    return question
