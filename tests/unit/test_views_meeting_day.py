"""The modals of the meeting day: valid, within the limits, and with just the fields the outcome asks for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.forms.errors import FieldErrors
from bot.forms.meeting_report import parse
from bot.views.meeting_page import meeting_page, reported
from bot.views.meeting_report import meeting_report
from bot.views.result import result_modal
from schedules.domain.figures.facts import Decision, Feedback, Outcome, TookPart
from schedules.domain.home import CallState
from schedules.domain.meeting_page import AgendaCase, MeetingPage
from schedules.domain.meeting_report import CaseReport, NotHeldReason, ReportCase, Result
from schedules.domain.plan import Answer
from schedules.services.feedback import ResultPage
from schedules.services.report_meeting import Reported, ReportShown
from schedules.texts.words import Words
from tests.unit.block_kit import check_view, texts
from tests.unit.examples_views import BOTH, CASE, MEETING, SV

PARTIES = (("kommun", "Tierps kommun"), ("fk", "Försäkringskassan"))
SHOWN = ReportShown(
    "b-1",
    "m-1",
    CASE,
    PARTIES,
    ("fk",),
    TookPart.ONLINE,
    (*PARTIES, ("vc", "Vårdcentralen")),
    PARTIES[1:],
    (),
)
SLY = "<!channel> *alla* & ingen"
CALLS = (
    CallState("TIE-2026-014", "Försäkringskassan", "Per Ås", Answer.ACCEPTED, identity_known=True),
    CallState(
        "TIE-2026-014",
        "Vårdcentralen",
        SLY,
        Answer.NEEDS_ACTION,
        identity_known=False,
        counts_as_coming=True,
    ),
)
AGENDA = AgendaCase("b-1", "r-1", CASE, CALLS)


def fields(view: dict[str, object]) -> list[str]:
    blocks = view["blocks"]
    assert isinstance(blocks, list)
    return [block["block_id"] for block in blocks if block["type"] == "input"]


def said(view: object) -> str:
    return "\n".join(texts(view))


@pytest.mark.parametrize("words", BOTH)
@pytest.mark.parametrize("outcome", [None, *Outcome])
def test_the_report_asks_for_what_the_outcome_needs(words: Words, outcome: Outcome | None) -> None:
    view = meeting_report(SHOWN, words, outcome)
    check_view(view)
    taken_up = ["present", "took_part", "decisions", "missed", "agreed"]
    after = {Outcome.NOT_HELD: ["not_held"], Outcome.NEW_MEETING: ["next_parties", "next_from", *taken_up]}
    expected = taken_up if outcome is None else after.get(outcome, taken_up)
    assert fields(view) == ["outcome", *expected]


def test_a_team_of_many_parties_fits() -> None:
    many = tuple((f"p{n}", f"Part {n}") for n in range(14))
    shown = replace(SHOWN, called=many, team=many, may_come=many)
    check_view(meeting_report(shown, SV, Outcome.NEW_MEETING))


def test_without_anybody_who_may_come_it_says_what_to_do() -> None:
    view = meeting_report(replace(SHOWN, may_come=()), SV, Outcome.NEW_MEETING)
    check_view(view)
    assert "Samtycket omfattar ingen annan part" in said(view)


@pytest.mark.parametrize("words", BOTH)
def test_the_page_offers_what_can_be_done(words: Words) -> None:
    ended = replace(AGENDA, may_report=True)
    done = replace(AGENDA, booking="b-2", reported=True)
    view = meeting_page(MeetingPage("m-1", MEETING, (AGENDA, ended, done)), words)
    check_view(view)
    pressed = [(e["action_id"], e["value"]) for b in view["blocks"] for e in b.get("elements", [])]
    assert pressed == [
        ("case_show", "r-1"),
        ("meeting_report", "b-1"),
        ("case_show", "r-1"),
        ("case_show", "r-1"),
        ("result_show", "b-2"),
    ]
    assert "<!channel>" not in said(view)
    assert words("meeting_page.comes_silently") in said(view)


def test_a_meeting_without_cases_says_so() -> None:
    view = meeting_page(MeetingPage("m-1", MEETING), SV)
    check_view(view)
    assert SV("home.no_case") in said(view)


def test_what_a_report_led_to_is_told() -> None:
    assert reported(Reported("m-1", "TIE-1"), SV) == "Ärende TIE-1 är rapporterat."
    assert "Ingen tid passar än." in reported(Reported("m-1", "TIE-1", waits=True), SV)
    assert "Ny tid: " in reported(Reported("m-1", "TIE-1", next=CASE), SV)
    assert "redan rapporterat" in reported(Reported("m-1", "TIE-1", repeated=True), SV)


@pytest.mark.parametrize("words", BOTH)
@pytest.mark.parametrize("feedback", Feedback)
def test_the_result_shows_all_that_was_reported(words: Words, feedback: Feedback) -> None:
    at = datetime(2026, 9, 15, 13, tzinfo=UTC)
    report = CaseReport(
        "b-1", "r-1", "m-1", "tierp", held=True, feedback=feedback, reported_by="p1", reported_at=at
    )
    result = Result(Outcome.PLAN_AGREED, ("fk",), TookPart.NO, tuple(Decision), ("vc",), SLY * 80)
    page = ResultPage(report, result, CASE, dict(PARTIES), may_tell=feedback is Feedback.OWED)
    view = result_modal(page, words)
    check_view(view)
    for part in ("Försäkringskassan", words("meeting_report.outcome.plan_agreed")):
        assert part in said(view)
    assert all(words(f"meeting_report.decisions.{one.value}") in said(view) for one in Decision)
    marked = [b["text"]["text"] for b in view["blocks"] if b.get("text", {}).get("type") == "mrkdwn"]
    assert not [text for text in marked if "<!channel>" in text]
    buttons = [e["action_id"] for b in view["blocks"] if b["type"] == "actions" for e in b["elements"]]
    assert buttons == (["feedback_given"] if feedback is Feedback.OWED else [])


def submitted(**values: object) -> dict[str, object]:
    state = {name: {name: value} for name, value in values.items()}
    return {"id": "V1", "private_metadata": '{"booking": "b-1"}', "state": {"values": state}}


def one(value: str | None) -> dict[str, object]:
    return {"type": "radio_buttons", "selected_option": {"value": value} if value else None}


def many(*values: str) -> dict[str, object]:
    return {"type": "checkboxes", "selected_options": [{"value": value} for value in values]}


def test_the_form_is_read() -> None:
    read = parse(
        submitted(
            outcome=one("new_meeting"),
            present=many("fk", "kommun"),
            took_part=one("no"),
            decisions=many("work_training"),
            missed=many(),
            agreed={"type": "plain_text_input", "value": " Kommunen ringer. "},
            next_parties=many("fk"),
            next_from={"type": "datepicker", "selected_date": "2026-12-01"},
        ),
        "p1",
    )
    assert read == ReportCase(
        "p1",
        "b-1",
        Result(
            Outcome.NEW_MEETING,
            ("fk", "kommun"),
            TookPart.NO,
            (Decision.WORK_TRAINING,),
            (),
            "Kommunen ringer.",
            None,
            ("fk",),
            date(2026, 12, 1),
        ),
    )
    away = parse(submitted(outcome=one("not_held"), not_held=one("no_time_left")), "p1")
    assert isinstance(away, ReportCase)
    assert away.result == Result(Outcome.NOT_HELD, not_held=NotHeldReason.NO_TIME_LEFT)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"outcome": one(None)}, "outcome"),
        ({"outcome": one("no_such")}, "outcome"),
        ({"outcome": one("plan_agreed"), "decisions": many("no_such")}, "decisions"),
        ({"outcome": one("plan_agreed"), "took_part": one("no_such")}, "took_part"),
        ({"outcome": one("plan_agreed"), "agreed": {"value": "x" * 2001}}, "agreed"),
        ({"outcome": one("new_meeting"), "next_from": {"selected_date": "soon"}}, "next_from"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(values: dict[str, object], field: str) -> None:
    read = parse(submitted(**values), "p1")
    assert isinstance(read, FieldErrors)
    assert list(read.fields) == [field]
