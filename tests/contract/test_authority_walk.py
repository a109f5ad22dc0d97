"""Every command tried as every role, as in the one table; a refusal is on record and changes nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import cached_property, partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from bot.organisation import EXAMPLE, Applier, read
from schedules.domain.authority import MAY, Capacity, Command
from schedules.domain.cases import PersonTakesPart, QuestionCategory, Support, Urgency
from schedules.domain.change_case import ChangeCase
from schedules.domain.commands import SaveDetails, SubmitReferral
from schedules.domain.duty import Handover
from schedules.domain.figures.facts import Outcome, Readiness, TookPart
from schedules.domain.follow_up import AnswerFollowUp, FollowUpStatus
from schedules.domain.meeting_report import ReportCase, Result
from schedules.domain.meeting_times import ExtraMeeting
from schedules.domain.opinions import Pulse, Question, Survey, pulse_asked
from schedules.domain.organisation import Organisation, Person
from schedules.domain.plan import Answer, DeclineReason
from schedules.errors import NotAllowed, Outdated, Refused, TimeTaken
from schedules.services import answer_invitation as answers
from schedules.services import ask_party
from schedules.services import decide_booking as decide
from schedules.services import missing_party as missing
from schedules.services import save_details as details
from schedules.services.absence import (
    AbsenceChanged,
    EnterAbsence,
    enter_absence,
    preview_absence,
    take_back_absence,
)
from schedules.services.amend_report import amend_report, open_amendment
from schedules.services.apply_organisation import ApplyOrganisation, apply_organisation
from schedules.services.block_case import block_case, to_block
from schedules.services.cancel_meeting import PlanChanged, cancel_meeting, preview_cancel
from schedules.services.change_case import change_case
from schedules.services.change_form import open_change
from schedules.services.climate_survey import answer_survey, open_survey
from schedules.services.close_period import Period, preview_close
from schedules.services.counter_offer import refuse_counter
from schedules.services.decline import decline
from schedules.services.extra_meeting import cases_to_choose, preview_extra, team_to_extend
from schedules.services.feedback import feedback_given, show_result
from schedules.services.follow_up import answer_follow_up, open_follow_up
from schedules.services.free_times import switch_posts
from schedules.services.hand_over import HandOver, handover_choices, preview_handover
from schedules.services.home import home_page, invitations_to_record
from schedules.services.links import LetterLink
from schedules.services.meeting_page import meeting_page
from schedules.services.move_meeting import NewTime, meeting_to_move, preview_move
from schedules.services.office import Office
from schedules.services.person_letter import open_letter
from schedules.services.publish_report import statistics
from schedules.services.pulse import answer_pulse
from schedules.services.referral_form import form_choices, open_mended
from schedules.services.refusals import with_refusals
from schedules.services.release_meeting import release_meeting
from schedules.services.remind_now import remind_answer, remind_whom
from schedules.services.report_meeting import open_report, report_case
from schedules.services.show_case import show_case
from schedules.services.submit_referral import submit_referral
from schedules.services.take_back_handover import take_back_handover
from schedules.services.tasks import needs_arranged, person_asked, to_ask_person
from schedules.services.urgent_cases import show_urgent
from schedules.store.database import Database
from tests.support.databases import SECRET_KEY
from tests.support.random_office import HandClock, office_on

TEAM, QUICK = "tierp", "snabb"
ACTORS = {
    Capacity.CASEWORKER: "maja",
    Capacity.REPRESENTATIVE: "nasrin",
    Capacity.COORDINATOR: "kurt",
    Capacity.PROCESS_LEADER: "birgitta",
    Capacity.ADMINISTRATOR: "arne",
}
ALSO = {(Command.RAISE_CASE, Capacity.REPRESENTATIVE): Capacity.CASEWORKER}
"""A representative works for a party of the team, which is what raising a case takes."""


@dataclass
class World:
    """One office on a database file, and the ids that the attempts act on."""

    office: Office
    database: Database
    organisation: Organisation
    path: Path
    ids: dict[str, str]

    @cached_property
    def untouched(self) -> str:
        """The fingerprint before anything was attempted: every copy's."""
        return self.fingerprint()

    def copy(self, folder: Path) -> World:
        """The same on a file of its own."""
        path = folder / "samtid.db"
        shutil.copyfile(self.path, path)
        database = Database(f"sqlite:///{path}", [SECRET_KEY])
        opened = with_refusals(database.unit_of_work, self.office.clock)
        return replace(self, office=replace(self.office, unit_of_work=opened), database=database, path=path)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with self.database._engine.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(query)]

    def fingerprint(self) -> str:
        """All that the database holds, the audit trail left out; by the driver, since it is a lot."""
        with self.database._engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            tables = driver.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            held = {
                name: sorted(map(repr, driver.execute(f'SELECT * FROM "{name}"')))
                for (name,) in tables.fetchall()
            }
        held.pop("audit")
        return sha256(repr(sorted(held.items())).encode()).hexdigest()


def organisation() -> Organisation:
    """The example with one person a role: the coordinator and the administrator are of no team's party."""
    found = read(EXAMPLE)
    people = (
        *found.people,
        Person("kurt", "forbund", "Kurt Sand", "kurt@forbundet.example", ("U0101",)),
        Person("arne", "forbund", "Arne Lind", "arne@forbundet.example", ("U0102",)),
    )
    tierp = replace(
        next(t for t in found.teams if t.id == TEAM), coordinator="kurt", coordinator_deputies=("helena",)
    )
    rules = replace(tierp.rules, coordinator_confirms=False)
    quick = replace(tierp, id=QUICK, name="Snabb", reference_prefix="SNA", channel=None, rules=rules)
    return replace(
        found, people=people, administrators=("arne",), process_leaders=("birgitta",), teams=(tierp, quick)
    )


def command_of(actor: str, view: str, team: str = TEAM, mends: str | None = None) -> SubmitReferral:
    return SubmitReferral(
        actor=actor,
        view_id=view,
        team=team,
        parties=tuple(p for p in ("fk", "af") if (p, actor) != ("fk", "nasrin")),
        consent_date=date(2026, 11, 20),
        categories=(QuestionCategory.WORK_ABILITY,),
        question="Hur kan stödet samordnas?",
        person_takes_part=PersonTakesPart.NOT_YET_ASKED,
        urgency=Urgency.ORDINARY,
        mends=mends,
    )


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A case called to, one proposed to the coordinator, one in the referrer's minutes, one sent back."""
    path = tmp_path_factory.mktemp("authority") / "samtid.db"
    first = Database(f"sqlite:///{path}", [SECRET_KEY])
    first.migrate()
    first.close()
    found = organisation()
    built = office_on(f"sqlite:///{path}", found)
    ids = _raise_cases(built.office)
    with built.database._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    yield World(built.office, built.database, found, path, ids)
    built.database.close()


def _raise_cases(office: Office) -> dict[str, str]:
    ids: dict[str, str] = {}
    for name, team in (
        ("called", TEAM),
        ("proposed", TEAM),
        ("quick", QUICK),
        ("returned", TEAM),
        ("declined", TEAM),
        ("reported", TEAM),
    ):
        raised = submit_referral(office, command_of("maja", name, team))
        ids[name], ids[f"{name} booking"] = raised.referral, raised.booking or ""
    decide.confirm_booking(office, "kurt", ids["called booking"])
    decide.confirm_booking(office, "kurt", ids["declined booking"])
    decide.confirm_booking(office, "kurt", ids["reported booking"])
    report_case(later(office), _report("kurt", ids["reported booking"]))
    _ask(office, ids["reported"])
    ids["over"] = _open_survey(office, ids["reported booking"])
    decide.send_back(office, "kurt", ids["returned booking"], "Frågan behöver bli tydligare.")
    with office.unit_of_work() as uow:
        booking = uow.plan.booking(ids["called booking"])
        assert booking is not None
        ids["meeting"] = booking.meeting
        calls = uow.plan.invitations(booking.id)
        ids["call"] = next(i.public_id for i in calls if i.person == "nasrin")
        calls = uow.plan.invitations(ids["declined booking"])
        ids["declined call"] = next(i.public_id for i in calls if i.party == "fk")
        who = next(i.person for i in calls if i.party == "fk")
        ids["empty meeting"] = uow.plan.meetings(TEAM, FAR)[-1].id
    ids["team"] = TEAM
    decline(office, who, ids["declined call"], DeclineReason.NOT_OUR_CASE)
    away = EnterAbsence("nasrin", "nasrin", date(2027, 6, 1), date(2027, 6, 2))
    enter_absence(office, away, preview_absence(office, away).fingerprint)
    with office.unit_of_work() as uow:
        ids["absence"] = uow.plan.absences_of(["nasrin"], FAR)[0].id
        uow.plan.add_handover(Handover("coming", TEAM, "nasrin", "ewa", FAR))
        uow.commit()
    return ids


def _ask(office: Office, referral: str) -> None:
    """The follow-up of a reported case is asked of a representative."""
    with office.unit_of_work() as uow:
        found = uow.cases.referral(referral)
        planned = uow.follow_ups.of_case(found.case) if found else None
        assert planned is not None
        uow.follow_ups.save(replace(planned, status=FollowUpStatus.ASKED, asked="nasrin"))
        uow.commit()


def _open_survey(office: Office, booking: str) -> str:
    """A survey of this year is open, and a meeting's pulse is asked for; the meeting."""
    survey = Survey(2026, office.today(), (Question("trust", "Vi litar på varandra.", "We trust."),), 2)
    with office.unit_of_work() as uow:
        found = uow.plan.booking(booking)
        assert found is not None
        uow.opinions.save_survey(survey)
        uow.opinions.ask(survey.topic, ["nasrin", "kurt"])
        uow.opinions.ask(pulse_asked(found.meeting), ["nasrin", "kurt"])
        uow.commit()
    return found.meeting


def _follow_up(world: World, actor: str) -> None:
    words = Support.NONE, Readiness.SAME, Readiness.NOT_ASKED
    answer_follow_up(world.office, AnswerFollowUp(actor, world.ids["reported"], *words))


def _save(world: World, actor: str) -> object:
    command = SaveDetails(actor, world.ids["called"], None, None, None, None, None, None, None)
    return details.save_details(world.office, command)


def _oversee(world: World, actor: str) -> object:
    if not home_page(world.office, actor).overview:
        raise NotAllowed
    return None


def _apply(world: World, actor: str) -> object:
    office, changed = world.office, replace(world.organisation, association="Ett annat namn")
    return apply_organisation(
        ApplyOrganisation(changed, actor), office.unit_of_work, office.clock, Applier(office)._term_meetings
    )


def _cancel(world: World, actor: str) -> None:
    with suppress(PlanChanged):  # allowed: only the plan was not the present one
        cancel_meeting(world.office, actor, world.ids["meeting"], "an old plan")


FAR = date(2026, 12, 22)
LATER_TIME = NewTime(FAR, time(9), "Vårdcentralen Tierp, rum 4", None)
EXTRA = ExtraMeeting(FAR, time(9), 2, 30)


def _change(world: World, actor: str) -> None:
    words = (QuestionCategory.CARE,), "Hur kan stödet samordnas?", PersonTakesPart.NO, Urgency.ORDINARY
    command = ChangeCase(actor, world.ids["called"], "as it was", ("fk",), None, *words)
    with suppress(Outdated):  # allowed: only what the form showed was not the present state
        change_case(world.office, command)


def _absence(actor: str) -> EnterAbsence:
    return EnterAbsence(actor, "nasrin", FAR, FAR)


def _go_away(world: World, actor: str) -> None:
    with suppress(AbsenceChanged):  # allowed: only the plan was not the present one
        enter_absence(world.office, _absence(actor), "an old plan")


def _handover(actor: str) -> HandOver:
    return HandOver(actor, "nasrin", "johan", (TEAM,), FAR)


def later(office: Office) -> Office:
    """The same office when the meetings are over."""
    return replace(office, clock=HandClock(datetime(2027, 3, 1, 12, tzinfo=UTC)))


def _report(actor: str, booking: str) -> ReportCase:
    return ReportCase(actor, booking, Result(Outcome.PLAN_AGREED, took_part=TookPart.NO))


Attempt = Callable[[World, str], object]


def on(act: Callable[..., object], what: str, *more: object) -> Attempt:
    """A service that takes (office, actor, id, ...)."""
    return lambda world, actor: act(world.office, actor, world.ids[what], *more)


ATTEMPTS: tuple[tuple[Command, str, Attempt], ...] = (
    (Command.RAISE_CASE, "form", lambda w, actor: form_choices(w.office, actor)),
    (Command.RAISE_CASE, "submit", lambda w, actor: submit_referral(w.office, command_of(actor, "new"))),
    (Command.MEND_CASE, "form", on(open_mended, "returned")),
    (
        Command.MEND_CASE,
        "submit",
        lambda w, actor: submit_referral(w.office, command_of(actor, "mended", mends=w.ids["returned"])),
    ),
    (Command.FILL_IN_DETAILS, "form", on(details.open_details, "called")),
    (Command.FILL_IN_DETAILS, "save", _save),
    (Command.FILL_IN_DETAILS, "outcome", on(decide.outcome_of, "called")),
    (Command.SHOW_CASE, "", on(show_case, "called")),
    (Command.CONFIRM_TIME, "", on(decide.confirm_booking, "proposed booking")),
    (Command.SEND_NOW, "", on(decide.confirm_booking, "quick booking")),
    (Command.MOVE_BOOKING, "form", on(decide.other_times, "called booking")),
    (Command.MOVE_BOOKING, "move", on(decide.move_booking, "called booking", "")),
    (Command.WITHDRAW_CASE, "", on(decide.withdraw_referral, "called booking")),
    (Command.SEND_BACK, "form", on(decide.to_send_back, "proposed booking")),
    (Command.SEND_BACK, "send", on(decide.send_back, "proposed booking", "Tydligare fråga, tack.")),
    (Command.ANSWER, "", on(answers.answer_invitation, "call", Answer.ACCEPTED)),
    (Command.DEPUTISE, "form", on(answers.deputies_for, "call")),
    (Command.DEPUTISE, "send", on(answers.deputise, "call", "johan")),
    (Command.KNOW_IDENTITY, "", on(answers.know_identity, "call")),
    (Command.RECORD_ANSWERS, "", on(invitations_to_record, "meeting")),
    (Command.CANCEL_MEETING, "preview", on(preview_cancel, "meeting")),
    (Command.CANCEL_MEETING, "cancel", _cancel),
    (Command.REMIND_ANSWER, "", on(remind_answer, "call")),
    (Command.REMIND_IDENTITY, "", on(remind_whom, "called booking")),
    (Command.ARRANGE_NEEDS, "", on(needs_arranged, "called")),
    (Command.RECORD_TAKING_PART, "form", on(to_ask_person, "called")),
    (Command.RECORD_TAKING_PART, "save", on(person_asked, "called", PersonTakesPart.ONLINE)),
    (Command.CHANGE_CASE, "form", on(open_change, "called")),
    (Command.CHANGE_CASE, "save", _change),
    (Command.SHOW_LETTER, "", lambda w, actor: open_letter(w.office, LetterLink(w.ids["called"], actor))),
    (Command.SHOW_URGENT, "", on(show_urgent, "team")),
    (Command.SETTLE_SEAT, "move", on(missing.preview_next_time, "declined call")),
    (Command.SETTLE_SEAT, "without", on(missing.hold_without, "declined call")),
    (Command.SETTLE_SEAT, "again", on(ask_party.ask_again, "declined call")),
    (Command.REFUSE_TIME, "", lambda w, actor: refuse_counter(w.office, actor, f"{w.ids['call']}:0a1b")),
    (Command.MOVE_MEETING, "form", on(meeting_to_move, "meeting")),
    (Command.MOVE_MEETING, "preview", on(preview_move, "meeting", LATER_TIME)),
    (Command.RELEASE_MEETING, "", on(release_meeting, "empty meeting")),
    (Command.ADD_MEETING, "form", on(team_to_extend, "team")),
    (Command.ADD_MEETING, "single", on(cases_to_choose, "team")),
    (Command.ADD_MEETING, "preview", on(preview_extra, "team", EXTRA)),
    (Command.CLOSE_PERIOD, "", on(preview_close, "team", Period(FAR, FAR, "flytt"))),
    (Command.SWITCH_POSTS, "", on(switch_posts, "team")),
    (Command.ENTER_ABSENCE, "preview", lambda w, actor: preview_absence(w.office, _absence(actor))),
    (Command.ENTER_ABSENCE, "enter", _go_away),
    (Command.ENTER_ABSENCE, "take back", on(take_back_absence, "absence")),
    (Command.HAND_OVER, "form", lambda w, actor: handover_choices(w.office, actor, "nasrin")),
    (Command.HAND_OVER, "preview", lambda w, actor: preview_handover(w.office, _handover(actor))),
    (Command.HAND_OVER, "take back", lambda w, who: take_back_handover(w.office, who, TEAM, "coming")),
    (Command.SHOW_MEETING, "", on(meeting_page, "meeting")),
    (
        Command.REPORT_MEETING,
        "form",
        lambda w, actor: open_report(later(w.office), actor, w.ids["called booking"]),
    ),
    (
        Command.REPORT_MEETING,
        "save",
        lambda w, actor: report_case(later(w.office), _report(actor, w.ids["called booking"])),
    ),
    (Command.AMEND_REPORT, "form", on(open_amendment, "reported booking")),
    (
        Command.AMEND_REPORT,
        "save",
        lambda w, actor: amend_report(w.office, _report(actor, w.ids["reported booking"])),
    ),
    (Command.SHOW_RESULT, "", on(show_result, "reported booking")),
    (Command.GIVE_FEEDBACK, "", on(feedback_given, "reported booking")),
    (Command.FOLLOW_UP, "form", on(open_follow_up, "reported")),
    (Command.FOLLOW_UP, "answer", _follow_up),
    (Command.SURVEY, "form", lambda w, actor: open_survey(w.office, actor, "2026")),
    (Command.SURVEY, "answer", lambda w, actor: answer_survey(w.office, actor, "2026", {"trust": "4"})),
    (Command.PULSE, "", on(answer_pulse, "over", Pulse.CLEAR)),
    (Command.SHOW_FIGURES, "", lambda w, actor: statistics(w.office, actor, "")),
    (Command.OVERSEE, "", _oversee),
    (Command.APPLY_ORGANISATION, "", _apply),
    (Command.BLOCK_CASE, "form", on(to_block, "called")),
    (Command.BLOCK_CASE, "block", on(block_case, "called")),
)
SILENT = {Command.OVERSEE}
"""Nobody asks for the overview: it is on the page of those who may see it, and of nobody else."""


def test_every_command_is_tried() -> None:
    assert {command for command, _, _ in ATTEMPTS} == set(Command)


@pytest.mark.parametrize("capacity", Capacity)
@pytest.mark.parametrize(
    ("command", "act"), [pytest.param(c, act, id=f"{c}-{way}") for c, way, act in ATTEMPTS]
)
def test_who_may(world: World, tmp_path: Path, command: Command, act: Attempt, capacity: Capacity) -> None:
    here, actor = world.copy(tmp_path), ACTORS[capacity]
    may = bool(MAY[command] & {capacity, ALSO.get((command, capacity), capacity)})
    attempt = partial(act, here, actor)
    if may:
        _is_carried_out(attempt)
    else:
        with pytest.raises(NotAllowed):
            attempt()
        assert here.fingerprint() == world.untouched
    refused = here.rows("SELECT actor, action, subject FROM audit WHERE action LIKE 'refused:%'")
    expected = [] if may or command in SILENT else [(actor, f"refused:{command.value}")]
    assert [row[:2] for row in refused] == expected
    assert all(subject != "unknown" for _, _, subject in refused)
    here.database.close()


def _is_carried_out(attempt: Callable[[], object]) -> None:
    """The table lets them; that no time or deputy of that name is free is another matter."""
    with suppress(TimeTaken, Refused):
        attempt()
