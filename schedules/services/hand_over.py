"""Handover: a person's duties in all of their teams, or some, to another from a date, in one step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from schedules.domain.authority import Command
from schedules.domain.duty import Handover, team_on
from schedules.domain.organisation import Person, Team
from schedules.errors import Refused, SamtidError
from schedules.ports import Due, DueKind, UnitOfWork
from schedules.services.authority import coordinates, person, refused
from schedules.services.duty_changes import DutyChange, carry_out, fingerprint, plan_duty
from schedules.services.duty_lines import DutyPreviewLine, preview_lines
from schedules.services.live_home import renew_home_of
from schedules.services.office import Office, new_id
from schedules.services.people_served import people_led, people_of
from schedules.services.proposal_card import pass_on_proposals
from schedules.services.propose import people_freed
from schedules.services.tell_duty import tell_duty
from schedules.texts.duty import DutyCause

NamedId = tuple[str, str]


@dataclass(frozen=True, slots=True)
class HandOver:
    """The command: team ids, and the local date from which `successor` does what `person` did."""

    actor: str
    person: str
    successor: str
    teams: tuple[str, ...]
    from_date: date


@dataclass(frozen=True, slots=True)
class HandoverPreview:
    """What the handover would change now: the duties by team, and every invitation."""

    command: HandOver
    name: str
    successor: str
    teams: tuple[str, ...]
    lines: tuple[DutyPreviewLine, ...]
    fingerprint: str


class HandoverChanged(SamtidError):
    """The plan has changed since the preview."""

    def __init__(self, preview: HandoverPreview) -> None:
        super().__init__(person=preview.command.person)
        self.preview = preview


@dataclass(frozen=True, slots=True)
class HandoverChoices:
    """For the form, (id, name) each: whose duties the actor may hand over; then in which teams, to whom."""

    people: tuple[NamedId, ...]
    person: str | None
    teams: tuple[NamedId, ...] = ()
    successors: tuple[NamedId, ...] = ()


def handover_choices(office: Office, actor: str, chosen: str | None = None) -> HandoverChoices:
    """What the form offers for the chosen person, or for the actor. Raises NotAllowed."""
    with office.unit_of_work() as uow:
        people = _people(uow, actor)
        if not people or (chosen is not None and chosen not in people):
            raise refused(Command.HAND_OVER, actor, chosen or actor)
        who = chosen or (actor if actor in people else None)
        named = tuple((p.id, p.name) for p in people.values())
        if who is None:
            return HandoverChoices(named, None)
        teams = teams_open_to(uow, actor, who)
        return HandoverChoices(
            named,
            who,
            tuple((team.id, team.name) for team in teams),
            tuple((p.id, p.name) for p in _successors(uow, people[who], teams)),
        )


def preview_handover(office: Office, command: HandOver) -> HandoverPreview:
    """What would change; nothing is kept. Raises Refused, NotAllowed."""
    with office.unit_of_work() as uow:
        uow.lock_teams(command.teams)
        teams = _allowed(uow, office, command)
        _write(uow, command, teams)
        changes = plan_duty(uow, office, teams, command.person, command.successor)
        return _preview(uow, command, teams, changes)


def hand_over(office: Office, command: HandOver, plan: str) -> HandoverPreview:
    """Carry out the handover that was previewed; each person affected gets one message.

    Raises:
        HandoverChanged: something else would be changed now; it holds the new preview, nothing is saved.
        Refused, NotAllowed.
    """

    def work(uow: UnitOfWork) -> HandoverPreview:
        teams = _allowed(uow, office, command)
        handovers = _write(uow, command, teams)
        changes = plan_duty(uow, office, teams, command.person, command.successor)
        preview = _preview(uow, command, teams, changes)
        if preview.fingerprint != plan:
            raise HandoverChanged(preview)
        acting = person(uow, command.actor)
        for handover in handovers:
            uow.audit.record(acting.id, acting.party, "duty.hand_over", handover.id, office.now())
        cause = {handover.team: handover.cause for handover in handovers}
        done = [(c, carry_out(uow, office, c, command.person, cause[c.called.team.id])) for c in changes]
        why = DutyCause(preview.name, command.from_date, successor=preview.successor)
        tell_duty(uow, office, why, command.person, done, but=command.actor)
        _say_later(uow, office, command, teams)
        renew_home_of(uow, (command.actor, command.person, command.successor), office.now())
        return preview

    return office.change_plans(sorted(set(command.teams)), work)


def say_handovers(uow: UnitOfWork, office: Office, team_id: str) -> bool:
    """Make the organisation say what has been handed over by today, so that authority follows."""
    organisation = uow.organisation.load()
    due = [h for h in uow.plan.handovers(team_id) if h.from_date <= office.today()]
    if organisation is None or not due:
        return False
    was = next((t.coordinator for t in organisation.teams if t.id == team_id), None)
    teams = tuple(team_on(t, office.today(), due) if t.id == team_id else t for t in organisation.teams)
    uow.organisation.save(replace(organisation, teams=teams))
    for handover in due:
        uow.plan.remove_handover(handover.id)
    team = uow.organisation.team(team_id)
    if team is not None:
        pass_on_proposals(uow, office, team, was)
    return True


def _say_later(uow: UnitOfWork, office: Office, command: HandOver, teams: Sequence[Team]) -> None:
    for team in teams:
        if command.from_date <= office.today():
            say_handovers(uow, office, team.id)
        else:
            at = datetime.combine(command.from_date, time(), office.zone).astimezone(UTC)
            uow.due.plan(Due(new_id(), DueKind.HANDOVER, new_id(), team.id, at))
        people_freed(uow, office, team, here=True)


def may_hand_over(uow: UnitOfWork, actor: str) -> bool:
    """Whether there is anybody whose duties the person may hand over."""
    return _over_all(uow, actor) or bool(uow.organisation.teams_served_by(actor))


def teams_open_to(uow: UnitOfWork, actor: str, who: str) -> tuple[Team, ...]:
    """The person's teams in which the actor may hand over."""
    every = actor == who or _over_all(uow, actor)
    return tuple(t for t in uow.organisation.teams_served_by(who) if every or coordinates(t, actor))


def _over_all(uow: UnitOfWork, actor: str) -> bool:
    """Whether the person is a process leader or an administrator."""
    association = uow.organisation.association()
    return association is not None and actor in (*association.process_leaders, *association.administrators)


def _people(uow: UnitOfWork, actor: str) -> dict[str, Person]:
    """Whose duties the person may hand over: their own, their teams', or everybody's."""
    if _over_all(uow, actor):
        organisation = uow.organisation.load()
        serving = {p for team in (organisation.teams if organisation else ()) for p in people_of(team)}
        found = sorted(uow.organisation.people(serving).values(), key=lambda p: p.name)
        return {p.id: p for p in found}
    own = [person(uow, actor)] if uow.organisation.teams_served_by(actor) else []
    return {p.id: p for p in (*own, *people_led(uow, actor))}


def _successors(uow: UnitOfWork, who: Person, teams: Sequence[Team]) -> tuple[Person, ...]:
    """Colleagues of the same party; for a coordinator also those who lead with them. By name."""
    organisation = uow.organisation.load()
    leading = {p for team in teams if coordinates(team, who.id) for p in people_of(team)}
    people = organisation.people if organisation else ()
    fitting = [p for p in people if p.id != who.id and (p.party == who.party or p.id in leading)]
    return tuple(sorted(fitting, key=lambda p: p.name))


def _allowed(uow: UnitOfWork, office: Office, command: HandOver) -> tuple[Team, ...]:
    """The chosen teams. Raises NotAllowed, Refused."""
    open_to = {team.id: team for team in teams_open_to(uow, command.actor, command.person)}
    if not command.teams or not set(command.teams) <= open_to.keys():
        raise refused(Command.HAND_OVER, command.actor, command.person)
    if command.from_date < office.today():
        raise Refused({"from_date": "handover_past"})
    teams = tuple(sorted((open_to[team] for team in set(command.teams)), key=lambda t: t.name))
    successor = uow.organisation.people([command.successor]).get(command.successor)
    if successor is None or command.successor == command.person:
        raise Refused({"successor": "choose"})
    _require_seats_stay(person(uow, command.person), successor, teams)
    return teams


def _require_seats_stay(who: Person, successor: Person, teams: Sequence[Team]) -> None:
    """A seat is the party's: nobody of another party takes it over."""
    seated = any(who.id in m.representatives for team in teams for m in team.parties)
    if seated and who.party != successor.party:
        raise Refused({"successor": "handover_other_party"})


def _write(uow: UnitOfWork, command: HandOver, teams: Sequence[Team]) -> list[Handover]:
    handovers = [
        Handover(new_id(), team.id, command.person, command.successor, command.from_date) for team in teams
    ]
    for handover in handovers:
        uow.plan.add_handover(handover)
    return handovers


def _preview(
    uow: UnitOfWork, command: HandOver, teams: Sequence[Team], changes: Sequence[DutyChange]
) -> HandoverPreview:
    return HandoverPreview(
        command,
        person(uow, command.person).name,
        person(uow, command.successor).name,
        tuple(team.name for team in teams),
        preview_lines(uow, changes),
        fingerprint(changes),
    )
