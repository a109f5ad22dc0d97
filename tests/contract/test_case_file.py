"""All that is held on a case, and who saw or did what with it, taken out by reference (GDPR art. 15)."""

from __future__ import annotations

import json
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from bot.record_command import as_data, table
from schedules.domain.cases import Seal, Urgency
from schedules.domain.figures.facts import Decision, Outcome, TookPart
from schedules.domain.meeting_report import ReportCase, Result
from schedules.domain.plan import Answer, DeclineReason
from schedules.errors import NotAllowed, NotFound
from schedules.services.answer_by_link import accept
from schedules.services.answer_invitation import answer_invitation, know_identity
from schedules.services.block_case import block_case
from schedules.services.case_file import audit_trail, export_case
from schedules.services.decline import decline
from schedules.services.feedback import feedback_given, show_result
from schedules.services.report_meeting import report_case
from schedules.services.show_case import show_case
from schedules.texts.case_document import case_document
from schedules.texts.record_page import record_html, record_text
from schedules.texts.words import Words
from tests.support.one_team import AFTER, called, it, submit
from tests.support.plan_rows import rows
from tests.support.random_office import RandomOffice

__all__ = ["it"]
ZONE = ZoneInfo("Europe/Stockholm")
SWEDISH = Words("sv")
CASE, OTHER = "NOR-2026-001", "NOR-2026-002"
OPERATOR = "command line"


def public_id(it: RandomOffice, booking: str, person: str) -> str:
    with it.office.unit_of_work() as uow:
        return next(i.public_id for i in uow.plan.invitations(booking) if i.person == person)


def answer_and_report(it: RandomOffice, booking: str) -> None:
    """One answers, one by link, one says no and the deputy takes over; then it is reported."""
    answer_invitation(it.office, "a0", public_id(it, booking, "a0"), Answer.ACCEPTED)
    accept(it.office, public_id(it, booking, "c0"))
    decline(it.office, "b0", public_id(it, booking, "b0"), DeclineReason.ABSENT)
    know_identity(it.office, "b1", public_id(it, booking, "b1"))
    it.clock.at = AFTER
    result = Result(
        Outcome.PLAN_AGREED,
        took_part=TookPart.NO,
        present=("a", "b"),
        missed=("c",),
        decisions=(Decision.WORK_TRAINING,),
        agreed="klockfrukt ordnar intyget",
    )
    report_case(it.office, ReportCase("a3", booking, result))
    show_result(it.office, "a1", booking)
    feedback_given(it.office, "a2", booking)


def whole(it: RandomOffice) -> str:
    """The export in Swedish."""
    return record_text(case_document(export_case(it.office, CASE, OPERATOR), SWEDISH, ZONE))


def test_all_that_is_held_on_the_case_and_nothing_of_another(it: RandomOffice) -> None:
    _, booking = called(it)
    submit(it, "b2", Urgency.ORDINARY)
    answer_and_report(it, booking)
    said = whole(it)
    for part in (
        "Referens: NOR-2026-001",
        "Hur kan stödet samordnas framåt?",
        "granitsnigel",
        "Samtycket gäller: ",
        "Kallelse till a0 (a) – partsamordnare: Kallad 24 november 2026 kl. 10:00. Kommer, svar av a0",
        "Nej från b0: 24 november 2026 kl. 10:00. Skäl: Borta då",
        "Kallelse till b1 (b) – partsamordnare",
        "Vem gör vad, och till när: klockfrukt ordnar intyget",
        "Parter som saknades: c",
        "Personen fick återkoppling, noterat av: a2",
        "Mejl till c0: kallelse",
        "c0 (c): svarade: kommer (via en länk)",
        "a1 (a): såg vad mötet ledde till",
        "Driften, från kommandoraden: tog ut allt som finns om ärendet",
    ):
        assert part in said, part
    assert OTHER not in said
    page = record_html(case_document(export_case(it.office, CASE, OPERATOR), SWEDISH, ZONE))
    assert "klockfrukt" in page
    assert '<html lang="sv">' in page
    data = json.loads(as_data(export_case(it.office, CASE, OPERATOR)))
    assert data["referrals"][0]["protected"]["urgency_reason"] == "granitsnigel"
    assert data["referrals"][0]["bookings"][0]["result"]["agreed"] == "klockfrukt ordnar intyget"
    assert OTHER not in json.dumps(data)


def test_markup_in_what_people_wrote_is_shown_as_they_wrote_it(it: RandomOffice) -> None:
    referral, _ = called(it)
    with it.office.unit_of_work() as uow:
        protected = uow.cases.protected(referral)
        uow.cases.save_protected(referral, replace(protected, needs="<b>ramp</b> & hiss"))
        uow.commit()
    page = record_html(case_document(export_case(it.office, CASE, OPERATOR), SWEDISH, ZONE))
    assert "&lt;b&gt;ramp&lt;/b&gt; &amp; hiss" in page


def test_a_blocked_case_can_be_taken_out_and_says_so(it: RandomOffice) -> None:
    referral, _ = called(it)
    block_case(it.office, "a1", referral)
    with pytest.raises(NotAllowed):
        show_case(it.office, "a1", referral)
    said = whole(it)
    assert "Ärendet är spärrat sedan den 24 november 2026" in said
    assert "Samtycket togs tillbaka: 24 november 2026" in said
    assert "granitsnigel" in said
    assert "a1 (a): nekades att öppna ärendet" in said
    assert "a1 (a): spärrade ärendet" in said


def test_of_an_erased_case_what_is_left_can_be_taken_out(it: RandomOffice) -> None:
    called(it)
    with it.database._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE case_record SET data_key = NULL")
    file = export_case(it.office, CASE, OPERATOR)
    assert file.record.seal is Seal.ERASED
    said = record_text(case_document(file, SWEDISH, ZONE))
    assert "Ärendet är gallrat" in said
    assert "granitsnigel" not in said


def test_who_saw_or_did_what_in_order_of_time(it: RandomOffice) -> None:
    referral, booking = called(it)
    show_case(it.office, "b0", booking)
    with pytest.raises(NotAllowed):
        show_case(it.office, "c1", booking)
    block_case(it.office, "a3", referral)
    shown = table(audit_trail(it.office, CASE.lower(), OPERATOR), it.office, SWEDISH)
    wanted = (
        "Lyfte ärendet",
        "Bekräftade tiden",
        "Öppnade ärendet",
        "Nekades att öppna ärendet",
        "Spärrade ärendet",
    )
    places = [shown.index(one) for one in wanted]
    assert places == sorted(places)
    assert "Ärendet är spärrat sedan den 24 november 2026" in shown
    again = audit_trail(it.office, CASE, OPERATOR)
    assert again.lines[-1].action == "case.audit", "that somebody asked is on record as well"
    assert [line.at for line in again.lines] == sorted(line.at for line in again.lines)


def test_an_export_is_on_record_and_an_unknown_reference_is_not(it: RandomOffice) -> None:
    called(it)
    export_case(it.office, CASE, OPERATOR)
    newest = "SELECT actor, action FROM audit ORDER BY id DESC LIMIT 1"
    assert [tuple(row) for row in rows(it.database, newest)] == [(OPERATOR, "case.export")]
    for look in (export_case, audit_trail):
        with pytest.raises(NotFound):
            look(it.office, "NOR-2026-009", OPERATOR)
    assert [tuple(row) for row in rows(it.database, newest)] == [(OPERATOR, "case.export")]
