"""What must hold of a replayed county: waits are explained, nobody is in two places, calendars are right."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from schedules.domain.assignment import Assignment, Wish
from schedules.domain.cases import Referral, Urgency
from schedules.domain.commands import SubmitReferral
from schedules.domain.facts import ReferralOutcome
from schedules.domain.organisation import Team
from schedules.services.propose import BY_CHOICE, LAPSED
from schedules.services.replanning import CaseMove
from tests.support.looking import Looking
from tests.support.plan_rows import rows, slots
from tests.support.random_office import RandomOffice, workdays_later
from tests.support.reference_assignment import World, expected
from tests.support.stream_promises import Promises

TICK = timedelta(minutes=5)
AMONG_PEOPLE = "person IN (SELECT value FROM json_each(:people))"
KEPT = "status IN ('proposed', 'booked', 'fulfilled')"


class Explained:
    """Promise 2 at every case: the first suitable slot by plain loops, and every earlier meeting's reason."""

    def __init__(self, it: RandomOffice) -> None:
        self.it = it
        self.looking = Looking(it.database)
        self.names = {party.id: party.name for party in it.organisation.parties}
        self.reasons: Counter[str] = Counter()
        self.waited = 0

    def expected(self, command: SubmitReferral) -> Assignment:
        """What the case is to get, by the rows as they are before it is raised."""
        office = self.it.office
        with office.unit_of_work() as uow:
            team = uow.organisation.team(command.team)
            waiting = uow.cases.waiting(command.team)
        assert team is not None
        world = self._world(team)
        for one in waiting:
            self._give(world, team, one)
        urgent = command.urgency is Urgency.URGENT
        lead = team.rules.urgent_lead_workdays if urgent else team.rules.lead_workdays
        earliest = workdays_later(office.today(), lead, office)
        own = next(p.party for p in self.it.organisation.people if p.id == command.actor)
        wish = Wish((own, *command.parties), command.urgency, earliest, command.not_before)
        return expected(world, team, wish, office.today())

    def _give(self, world: World, team: Team, waiting: Referral) -> None:
        """No newcomer passes a case that waits: one whose time lapsed gets its next one first."""
        office, urgent = self.it.office, waiting.urgency is Urgency.URGENT
        lead = team.rules.urgent_lead_workdays if urgent else team.rules.lead_workdays
        earliest = max(
            workdays_later(office.local(waiting.submitted_at).date(), lead, office),
            workdays_later(office.today(), team.rules.urgent_lead_workdays, office),
        )
        open_to_it = [m for m in world.meetings[team.id] if f"{LAPSED}{m.id}" not in waiting.flags]
        wish = Wish(waiting.parties, waiting.urgency, earliest, waiting.not_before)
        found = expected(replace(world, meetings={team.id: open_to_it}), team, wish, office.today())
        if found.choice is None or BY_CHOICE in waiting.flags:
            return
        slot = next(s for m in open_to_it for s in m.slots if s.id == found.choice.slot)
        world.taken.add(slot.id)
        for _, person in found.choice.representatives:
            world.busy.setdefault(person, []).append((slot.starts_at, slot.ends_at))

    def _world(self, team: Team) -> World:
        office = self.it.office
        with office.unit_of_work() as uow:
            meetings = [m for m in uow.plan.meetings(team.id, office.today()) if m.starts_at > office.now()]
            handovers = sorted(uow.plan.handovers(team.id), key=lambda h: (h.from_date, h.id))
        seated = {p for member in team.parties for p in member.representatives}
        people = seated | {handover.successor for handover in handovers}
        return World(
            {team.id: team},
            {team.id: meetings},
            self._absences(people),
            self._taken(team.id),
            self._busy(people),
            {team.id: [(h.from_date, h.person, h.successor) for h in handovers]},
        )

    def check(self, outcome: ReferralOutcome, wanted: Assignment) -> None:
        """The same slot and people, and a reason for each meeting before it; else it waits, told why."""
        told = [(passed.day, passed.reason, passed.parties) for passed in outcome.passed_over]
        right = [
            (p.day, p.reason, tuple(self.names[party] for party in p.parties)) for p in wanted.passed_over
        ]
        assert told == right, (self.it.office.now(), outcome.reference, told, right)
        self.reasons.update(passed.reason.value for passed in wanted.passed_over)
        if wanted.choice is None:
            assert (outcome.booking, outcome.status) == (None, "waiting")
            self.waited += 1
            return
        ((slot,),) = self.looking.rows("SELECT slot FROM booking WHERE id = :id", id=outcome.booking)
        seats = self.looking.rows(
            "SELECT party, representative FROM seat WHERE booking = :id ORDER BY position", id=outcome.booking
        )
        assert slot == wanted.choice.slot
        assert tuple(map(tuple, seats)) == wanted.choice.representatives

    def check_moves(self, moves: Sequence[CaseMove]) -> None:
        """A case that a cancelled or moved meeting leaves waiting is told why of every meeting."""
        for move in moves:
            if move.after is None:
                assert move.passed_over
            self.reasons.update(passed.reason.value for passed in move.passed_over)

    def _absences(self, people: Iterable[str]) -> dict[str, list[tuple[date, date]]]:
        found: dict[str, list[tuple[date, date]]] = defaultdict(list)
        query = f"SELECT person, from_date, to_date FROM absence WHERE {AMONG_PEOPLE}"
        for person, first, last in self.looking.rows(query, people=set(people)):
            found[person].append((date.fromisoformat(first), date.fromisoformat(last)))
        return found

    def _taken(self, team: str) -> set[str]:
        query = "SELECT slot FROM booking WHERE team = :team AND status IN ('proposed', 'booked')"
        return {slot for (slot,) in self.looking.rows(query, team=team)}

    def _busy(self, people: Iterable[str]) -> dict[str, list[tuple[datetime, datetime]]]:
        found: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
        since = int(self.it.office.now().timestamp()) // 300
        query = f"SELECT person, tick FROM busy WHERE {AMONG_PEOPLE} AND tick >= :since"
        for person, tick in self.looking.rows(query, people=set(people), since=since):
            start = datetime.fromtimestamp(tick * 300, UTC)
            found[person].append((start, start + TICK))
        return found


def check_places(it: RandomOffice) -> int:
    """Promise 1 over the whole year: a slot has one case, a person one place at a time. How many bookings."""
    times = slots(it.office, [team.id for team in it.organisation.teams])
    kept = rows(it.database, f"SELECT id, slot FROM booking WHERE {KEPT}")
    assert len({row.slot for row in kept}) == len(kept), "a slot was given twice"
    spans: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    query = f"SELECT representative, slot FROM seat JOIN booking ON booking.id = seat.booking WHERE {KEPT}"
    for seat in rows(it.database, query):
        slot = times[seat.slot]
        spans[seat.representative].append((slot.starts_at, slot.ends_at))
    for person, taken in spans.items():
        for (_, ends), (begins, _) in pairwise(sorted(taken)):
            assert ends <= begins, f"{person} was in two places"
    return len(kept)


def check_calendars(it: RandomOffice) -> int:
    """Promise 4 over the whole year: who was called has the entry at its time, nobody else has one."""
    times = slots(it.office, [team.id for team in it.organisation.teams])
    addresses = {p.id: p.email.lower() for p in it.organisation.people if p.email}
    query = (
        "SELECT i.person, b.uid, b.slot FROM invitation i JOIN booking b ON b.id = i.booking"
        f" WHERE i.live AND b.{KEPT}"
    )
    wanted = {
        (addresses[row.person], row.uid): (times[row.slot].starts_at, times[row.slot].ends_at)
        for row in rows(it.database, query)
        if row.person in addresses
    }
    assert it.postman.calendars.spans(datetime.min.replace(tzinfo=UTC)) == wanted
    return len(wanted)


def check_delivered(it: RandomOffice) -> int:
    """Promise 3: nothing that is due is left, nothing failed. How many messages left."""
    ended = Counter(row.status for row in rows(it.database, "SELECT status FROM outbox"))
    assert set(ended) <= {"sent", "superseded", "dropped"}, ended
    return ended["sent"]


class Standing(Promises):
    """What must hold of the plan as it stands, also after reports."""

    def invitations(self, *, live: bool | None) -> list[Any]:
        """Without those to times that were taken up, which nothing changes any more."""
        held = {row.id for row in rows(self.it.database, "SELECT id FROM booking WHERE status = 'fulfilled'")}
        return [row for row in super().invitations(live=live) if row.booking not in held]
