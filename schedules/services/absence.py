"""Absence: entered, changed, taken back; what is booked then goes to the deputies without more ado."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from schedules.domain.authority import Command
from schedules.domain.duty import Absence, absence_on
from schedules.domain.organisation import Person, Team
from schedules.errors import NotFound, Refused, SamtidError
from schedules.ports import Due, DueKind, UnitOfWork
from schedules.services.authority import Subject, coordinates, person, refused, require
from schedules.services.duty_changes import (
    DutyChange,
    carry_out,
    come_back,
    fingerprint,
    live_calls,
    pass_on_answer,
    plan_duty,
)
from schedules.services.duty_lines import DutyPreviewLine, preview_lines
from schedules.services.live_home import renew_home_of
from schedules.services.office import Office, new_id
from schedules.services.people_served import people_led
from schedules.services.proposal_card import pass_on_proposals
from schedules.services.propose import people_freed
from schedules.services.tell_duty import tell_duty
from schedules.texts.duty import DutyCause

LONGEST = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class EnterAbsence:
    """The command: local days, both included. `absence` is the one to change, None for a new one."""

    actor: str
    person: str
    from_date: date
    to_date: date
    absence: str | None = None


@dataclass(frozen=True, slots=True)
class AbsencePreview:
    """What the absence would change now. The same `fingerprint` means the same."""

    command: EnterAbsence
    name: str
    lines: tuple[DutyPreviewLine, ...]
    fingerprint: str


class AbsenceChanged(SamtidError):
    """The plan has changed since the preview."""

    def __init__(self, preview: AbsencePreview) -> None:
        super().__init__(person=preview.command.person)
        self.preview = preview


@dataclass(frozen=True, slots=True)
class AbsenceChoices:
    """For the form: whom the actor may enter for (id, name), oneself first; and the absence to change."""

    people: tuple[tuple[str, str], ...]
    absence: Absence | None = None


def absence_choices(office: Office, actor: str, absence: str | None = None) -> AbsenceChoices:
    """What the form offers. Raises NotFound, NotAllowed."""
    with office.unit_of_work() as uow:
        acting = person(uow, actor)
        if absence is not None:
            found = _known(uow, absence)
            who = _allowed(uow, actor, found.person)
            return AbsenceChoices(((who.id, who.name),), found)
        own = [(acting.id, acting.name)] if uow.organisation.teams_served_by(actor) else []
        others = [(p.id, p.name) for p in people_led(uow, actor) if p.id != actor]
        if not own and not others:
            raise refused(Command.ENTER_ABSENCE, actor, actor)
        return AbsenceChoices((*own, *others))


def preview_absence(office: Office, command: EnterAbsence) -> AbsencePreview:
    """What would change; nothing is kept. Raises Refused, NotFound, NotAllowed."""
    with office.unit_of_work() as uow:
        teams = uow.organisation.teams_served_by(command.person)
        uow.lock_teams([team.id for team in teams])
        _write(uow, office, command)
        changes = plan_duty(uow, office, teams, command.person)
        return _preview(uow, command, changes)


def enter_absence(office: Office, command: EnterAbsence, plan: str) -> AbsencePreview:
    """Save the absence and carry out what was previewed; each person affected gets one message.

    Raises:
        AbsenceChanged: something else would be changed now; it holds the new preview, nothing is saved.
        Refused, NotFound, NotAllowed.
    """

    def work(uow: UnitOfWork) -> AbsencePreview:
        teams = uow.organisation.teams_served_by(command.person)
        before = uow.plan.absence(command.absence) if command.absence else None
        absence = _write(uow, office, command)
        changes = plan_duty(uow, office, teams, command.person)
        preview = _preview(uow, command, changes)
        if preview.fingerprint != plan:
            raise AbsenceChanged(preview)
        acting = person(uow, command.actor)
        uow.audit.record(acting.id, acting.party, "absence.enter", absence.id, office.now())
        done = [(c, carry_out(uow, office, c, command.person, absence.cause)) for c in changes]
        why = DutyCause(preview.name, absence.from_date, absence.to_date)
        tell_duty(uow, office, why, command.person, done, but=command.actor)
        _after(uow, office, teams, absence)
        if before is not None:
            _back_again(uow, office, teams, before, absence)
        renew_home_of(uow, (command.actor, command.person), office.now())
        return preview

    return office.change_plans(_teams_of(office, command.person), work)


def take_back_absence(office: Office, actor: str, absence_id: str) -> Absence:
    """The person is there after all: free for new times, and coordinator again. Deputies keep their seats.

    Raises NotFound (taken back already), NotAllowed.
    """
    with office.unit_of_work() as uow:
        who = _known(uow, absence_id).person

    def work(uow: UnitOfWork) -> Absence:
        absence = _known(uow, absence_id)
        name = _allowed(uow, actor, absence.person).name
        acting = person(uow, actor)
        uow.plan.remove_absence(absence.id)
        uow.audit.record(acting.id, acting.party, "absence.take_back", absence.id, office.now())
        teams = uow.organisation.teams_served_by(absence.person)
        changes = plan_duty(uow, office, teams, absence.person)
        done = [(c, carry_out(uow, office, c, absence.person, absence.cause)) for c in changes]
        why = DutyCause(name, absence.from_date, absence.to_date, taken_back=True)
        tell_duty(uow, office, why, absence.person, done, but=actor)
        _after(uow, office, teams, absence)
        _back_again(uow, office, teams, absence, None)
        renew_home_of(uow, (actor, absence.person), office.now())
        return absence

    return office.change_plans(_teams_of(office, who), work)


def absences_to_show(uow: UnitOfWork, office: Office, actor: str) -> tuple[tuple[Absence, str], ...]:
    """The coming and present absences that the person may change, with the names."""
    people = {p.id: p.name for p in (person(uow, actor), *people_led(uow, actor))}
    return tuple((a, people[a.person]) for a in uow.plan.absences_of(people, office.today()))


def _known(uow: UnitOfWork, absence_id: str) -> Absence:
    absence = uow.plan.absence(absence_id)
    if absence is None:
        raise NotFound(absence=absence_id)
    return absence


def _allowed(uow: UnitOfWork, actor: str, person_id: str) -> Person:
    """The person who is to be away: oneself, or somebody in a team that the actor coordinates."""
    teams = uow.organisation.teams_served_by(person_id)
    require(uow, Command.ENTER_ABSENCE, actor, Subject(person_id, person=person_id, teams=tuple(teams)))
    return person(uow, person_id)


def _teams_of(office: Office, person_id: str) -> list[str]:
    with office.unit_of_work() as uow:
        return [team.id for team in uow.organisation.teams_served_by(person_id)]


def _write(uow: UnitOfWork, office: Office, command: EnterAbsence) -> Absence:
    _allowed(uow, command.actor, command.person)
    if command.to_date < office.today():
        raise Refused({"to_date": "absence_past"})
    if command.to_date < command.from_date:
        raise Refused({"to_date": "absence_order"})
    if command.to_date - command.from_date > LONGEST:
        raise Refused({"to_date": "absence_long"})
    if command.absence is not None and _known(uow, command.absence).person != command.person:
        raise refused(Command.ENTER_ABSENCE, command.actor, command.absence)
    absence = Absence(command.absence or new_id(), command.person, command.from_date, command.to_date)
    uow.plan.save_absence(absence)
    return absence


def _preview(uow: UnitOfWork, command: EnterAbsence, changes: Sequence[DutyChange]) -> AbsencePreview:
    name = person(uow, command.person).name
    found = fingerprint(changes)
    return AbsencePreview(command, name, preview_lines(uow, changes), found)


def _after(uow: UnitOfWork, office: Office, teams: Sequence[Team], absence: Absence) -> None:
    """Open proposals lie with whoever coordinates, today and on each day when that changes."""
    led = [t for t in teams if coordinates(t, absence.person)]
    for team in led:
        pass_on_proposals(uow, office, team)
        for day in (absence.from_date, absence.to_date + timedelta(days=1)):
            if day > office.today():
                at = datetime.combine(day, time(8), office.zone).astimezone(UTC)
                uow.due.plan(Due(new_id(), DueKind.COORDINATOR, new_id(), team.id, at))


def _back_again(
    uow: UnitOfWork, office: Office, teams: Sequence[Team], before: Absence, now: Absence | None
) -> None:
    """What the absence answered for is open again on days that no absence covers; people are free."""
    left = uow.plan.absences_of([before.person], office.today())
    for called in live_calls(uow, office, teams):
        day = called.meeting.day
        if not before.covers(day) or (now and now.covers(day)):
            continue
        other = absence_on(left, day)
        if other is not None:
            pass_on_answer(uow, called, before.cause, other.cause)
        else:
            come_back(uow, office, called, before.person, before.cause)
    for team in teams:
        people_freed(uow, office, team, here=True)
