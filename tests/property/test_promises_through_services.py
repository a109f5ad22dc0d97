"""Promises 1, 2 and 4 through the use cases: random offices, random commands, a real database.

After each command the rows are read by plain SQL and compared with the promises. The calendars of promise
4 are rebuilt from the delivered bytes alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from schedules.domain.assignment import Assignment, Reason, Wish
from schedules.domain.cases import Gender, PersonTakesPart, QuestionCategory, Referral, Support, Urgency
from schedules.domain.change_case import ChangeCase
from schedules.domain.commands import SaveDetails, SubmitReferral
from schedules.domain.duty import coordinator_on, is_away
from schedules.domain.facts import ReferralOutcome
from schedules.domain.organisation import Organisation
from schedules.domain.plan import Answer, DeclineReason
from schedules.errors import NotAllowed, Outdated, Refused
from schedules.services.absence import EnterAbsence, enter_absence, preview_absence, take_back_absence
from schedules.services.answer_invitation import answer_invitation, deputies_for, deputise, know_identity
from schedules.services.change_case import MoveNeeded, change_case, open_change
from schedules.services.decide_booking import (
    confirm_booking,
    move_booking,
    other_times,
    send_back,
    withdraw_referral,
)
from schedules.services.decline import decline
from schedules.services.hand_over import HandOver, hand_over, handover_choices, preview_handover
from schedules.services.missing_party import ask_again, ask_contact, hold_without
from schedules.services.office import Office
from schedules.services.people_served import people_of
from schedules.services.run_due import run_due
from schedules.services.save_details import WAIT, save_details
from schedules.services.submit_referral import submit_referral
from tests.support.plan_rows import check_promise_1, live_bookings, rows, slots, world_of
from tests.support.random_office import TODAY, RandomOffice, cancel_meetings, open_office, organisations
from tests.support.reference_assignment import expected

T = TypeVar("T")
BY_CHOICE = "waits_by_choice"
numbers = st.integers(0, 1_000)
KNOWN_REFUSALS = (Outdated, NotAllowed, Refused)


def picked(found: Sequence[T], number: int) -> T | None:
    return found[number % len(found)] if found else None


def workdays_later(day: date, n: int, office: Office) -> date:
    while n:
        day += timedelta(days=1)
        if day.weekday() < 5 and not office.is_holiday(day):
            n -= 1
    return day


Command = tuple[str, int, int, int]
"""A command's name and three numbers that choose among what there is."""
USUAL = ("submit", "submit", "submit", "submit", "confirm", "confirm", "answer", "deliver", "time_passes")
RARER = (
    "mend",
    "submit_again",
    "move",
    "withdraw",
    "send_back",
    "deputise",
    "deputise",
    "details",
    "change",
    "go_away",
    "go_away",
    "come_back",
    "hand_over",
)
commands = st.tuples(
    st.sampled_from(USUAL) | st.sampled_from((*RARER, "deliver_all")), numbers, numbers, numbers
)
streams = st.lists(commands, min_size=30, max_size=50)


class Promises:
    """One office and all that happens to it."""

    def __init__(self, it: RandomOffice, seen: Counter[str]) -> None:
        self.it = it
        self.seen = seen
        self.views = 0
        self.submitted: dict[str, SubmitReferral] = {}
        self.times = slots(it.office)

    def run(self, stream: Sequence[Command]) -> None:
        for name, *chosen in stream:
            getattr(self, name)(*chosen)
            self.promise_1()
            self.nobody_waits_for_a_free_slot()
            self.those_and_only_those_are_called()
            self.nobody_sits_who_is_away()
        self.deliver_all()
        self.seen.update(self.it.postman.seen)
        self.seen["CANCEL"] += self.it.postman.calendars.cancels

    # --- commands ------------------------------------------------------------------------------------

    def attempt(self, name: str, work: Callable[[], T]) -> T | None:
        try:
            done = work()
        except KNOWN_REFUSALS as refusal:
            self.seen[f"{name} {type(refusal).__name__}"] += 1
            return None
        self.seen[name] += 1
        return done

    def submit(self, team: int, actor: int, mask: int) -> None:
        self._submit(team, actor, mask, mask // 4, team // 2, actor // 3, None)

    def mend(self, number: int, mask: int, urgent: int) -> None:
        returned = picked(self.referrals("returned"), number)
        if returned is not None:
            teams = [team.id for team in self.it.organisation.teams]
            self._submit(teams.index(returned.team), 0, mask, urgent, 0, 0, returned)

    def _submit(
        self, team: int, actor: int, mask: int, urgent: int, wait: int, owner: int, mended: Any
    ) -> None:
        chosen = self.it.organisation.teams[team % len(self.it.organisation.teams)]
        parties = [m.party for m in chosen.parties]
        own = parties[actor % len(parties)]
        who = mended.referrer if mended is not None else f"{own}{actor % 4}"
        others = [p for p in parties if p != who[0]]
        asked = tuple(p for n, p in enumerate(others) if mask >> n & 1) or tuple(others[:1])
        self.views += 1
        command = SubmitReferral(
            actor=who,
            view_id=f"V{self.views}",
            team=chosen.id,
            parties=asked,
            consent_date=TODAY,
            categories=(QuestionCategory.CARE,),
            question="Hur kan stödet samordnas framåt?",
            person_takes_part=PersonTakesPart.NO,
            urgency=Urgency.URGENT if urgent % 4 == 0 else Urgency.ORDINARY,
            urgency_reason="Det brådskar" if urgent % 4 == 0 else None,
            not_before=self.it.office.today() + timedelta(days=wait % 30) if wait % 5 == 0 else None,
            case_owner=f"U{own.upper()}{owner % 4}" if owner % 3 == 0 else None,
            mends=mended.id if mended is not None else None,
        )
        wanted = self._expected(command)
        outcome = self.attempt(
            "mend" if mended is not None else "submit", lambda: submit_referral(self.it.office, command)
        )
        if outcome is not None:
            self.submitted[outcome.referral] = command
            self._compare(outcome, wanted)

    def _expected(self, command: SubmitReferral) -> Assignment:
        office = self.it.office
        world = world_of(office, self.it.database)
        team = world.teams[command.team]
        lead = (
            team.rules.urgent_lead_workdays if command.urgency is Urgency.URGENT else team.rules.lead_workdays
        )
        earliest = workdays_later(office.today(), max(lead, team.rules.urgent_lead_workdays), office)
        parties = (command.actor[0], *command.parties)
        return expected(
            world, team, Wish(parties, command.urgency, earliest, command.not_before), office.today()
        )

    def _compare(self, outcome: ReferralOutcome, wanted: Assignment) -> None:
        """Promise 2: the slot, who sits in it, and each reason."""
        names = {party.id: party.name for party in self.it.organisation.parties}
        told = [(passed.day, passed.reason, passed.parties) for passed in outcome.passed_over]
        assert told == [
            (p.day, p.reason, tuple(names[party] for party in p.parties)) for p in wanted.passed_over
        ]
        self.seen.update(passed.reason for passed in wanted.passed_over)
        booked = [b for b in self.live() if b.referral == outcome.referral]
        if wanted.choice is None:
            assert (booked, outcome.status) == ([], "waiting")
            self.seen["waiting"] += 1
        else:
            assert [(b.slot, b.seats) for b in booked] == [
                (wanted.choice.slot, wanted.choice.representatives)
            ]

    def submit_again(self, number: int, *_: int) -> None:
        """The same form once more, edited: nothing changes."""
        referral = picked(list(self.submitted), number)
        if referral is None:
            return
        before = self.everything()
        again = submit_referral(self.it.office, self.submitted[referral])
        assert (again.referral, again.repeated) == (referral, True)
        assert self.everything() == before

    def confirm(self, number: int, by: int, *_: int) -> None:
        booking = picked(self.live(), number)
        if booking is not None:
            actor = self.referrer(booking.referral) if by % 2 else "c3"
            self.attempt("confirm", lambda: confirm_booking(self.it.office, actor, booking.id))

    def move(self, number: int, which: int, by: int) -> None:
        booking = picked(self.live(), number)
        if booking is None:
            return
        actor = self.referrer(booking.referral) if by % 2 else "c3"
        found = self.attempt("other times", lambda: other_times(self.it.office, actor, booking.id))
        slot = picked(found[1], which) if found else None
        if slot is not None:
            self.attempt("move", lambda: move_booking(self.it.office, actor, booking.id, slot.slot))
            (moved,) = (b for b in self.live() if b.id == booking.id)
            assert moved.slot == slot.slot

    def withdraw(self, number: int, *_: int) -> None:
        referral = picked(self.referrals("active", "waiting", "returned"), number)
        if referral is not None:
            withdraw_referral(self.it.office, referral.referrer, referral.id)
            self.seen["withdraw"] += 1

    def send_back(self, number: int, *_: int) -> None:
        booking = picked(self.live(), number)
        if booking is not None:
            self.attempt("send back", lambda: send_back(self.it.office, "c3", booking.id, "Skriv en fråga"))

    def answer(self, number: int, which: int, *_: int) -> None:
        found = picked(self.invitations(live=None), number)
        if found is None:
            return
        if which % 3 == 0:
            self.decline(found, which // 3)
        else:
            self.attempt(
                "answer",
                lambda: answer_invitation(self.it.office, found.person, found.public_id, Answer.ACCEPTED),
            )
        self.attempt("known", lambda: know_identity(self.it.office, found.person, found.public_id))

    def decline(self, found: Any, which: int) -> None:
        """Say no for one of the reasons; where nobody is left, the coordinator does one thing or another."""
        reason = (None, *DeclineReason)[which % 5]
        self.attempt("decline", lambda: decline(self.it.office, found.person, found.public_id, reason))
        way = (hold_without, ask_contact, ask_again)[which // 5 % 3]
        for leader in {team.coordinator for team in self.it.organisation.teams}:
            self.attempt(way.__name__, partial(way, self.it.office, leader, found.public_id))

    def deputise(self, number: int, which: int, *_: int) -> None:
        found = picked(self.invitations(live=True), number)
        if found is None:
            return
        offered = self.attempt(
            "deputies", lambda: deputies_for(self.it.office, found.person, found.public_id)
        )
        deputy = picked(offered[1], which) if offered else None
        if deputy is not None:
            self.attempt(
                "deputise", lambda: deputise(self.it.office, found.person, found.public_id, deputy.id)
            )

    def details(self, number: int, choice: int, *_: int) -> None:
        """The second form: another time, waiting, or just the details."""
        referral = picked(self.referrals("active", "waiting"), number)
        if referral is None:
            return
        booking = next((b for b in self.live() if b.referral == referral.id), None)
        slot = WAIT if choice % 3 == 0 else None
        if booking is not None and choice % 3 == 1:
            offers = self.attempt(
                "other times", lambda: other_times(self.it.office, referral.referrer, booking.id)
            )
            offer = picked(offers[1], choice) if offers else None
            slot = offer.slot if offer else None
        command = SaveDetails(
            referral.referrer, referral.id, slot, Gender.WOMAN, 1990, TODAY, None, (), Support.NONE
        )
        self.attempt("wait" if slot == WAIT else "details", lambda: save_details(self.it.office, command))

    def change(self, number: int, mask: int, which: int) -> None:
        """Other parties, another urgency; what moves it is confirmed as previewed, or left."""
        referral = picked(self.referrals("active", "waiting"), number)
        if referral is None:
            return
        actor = referral.referrer if which % 2 else "c3"
        shown = self.attempt("open change", lambda: open_change(self.it.office, actor, referral.id))
        if shown is None:
            return
        asked = tuple(p for n, (p, _) in enumerate(shown.parties) if mask >> n & 1)
        command = ChangeCase(
            actor=actor,
            referral=referral.id,
            seen=shown.seen,
            parties=asked,
            consent_date=TODAY,
            categories=(QuestionCategory.BENEFITS,) if which % 3 else referral.categories,
            question="Hur kan stödet samordnas framåt?",
            person_takes_part=PersonTakesPart.NO,
            urgency=Urgency.URGENT if which % 5 == 0 else Urgency.ORDINARY,
        )
        try:
            self.attempt("change", lambda: change_case(self.it.office, command))
        except MoveNeeded as needed:
            self.seen["change moves"] += 1
            planned = replace(command, plan=needed.preview.fingerprint)
            self.attempt("change moved", lambda: change_case(self.it.office, planned))

    def go_away(self, number: int, start: int, length: int) -> None:
        teams = self.organisation().teams
        seated = [m.representatives[0] for team in teams for m in team.parties]
        seated += [team.coordinator for team in teams]
        who = seated[number % len(seated)]
        first = self.it.office.today() + timedelta(days=start % 40)
        command = EnterAbsence(who, who, first, first + timedelta(days=length % 20))
        self.attempt("go away", lambda: self._go_away(command))

    def _go_away(self, command: EnterAbsence) -> None:
        shown = preview_absence(self.it.office, command)
        assert enter_absence(self.it.office, command, shown.fingerprint) == shown
        self.seen.update("deputy called" for line in shown.lines if line.deputy)
        self.seen.update("nobody free" for line in shown.lines if line.party and not line.deputy)
        self.seen.update("deputy leads" for line in shown.lines if line.leader)

    def come_back(self, number: int, *_: int) -> None:
        people = [person.id for person in self.it.organisation.people]
        with self.it.office.unit_of_work() as uow:
            absence = picked(uow.plan.absences_of(people, self.it.office.today()), number)
        if absence is not None:
            take_back_absence(self.it.office, absence.person, absence.id)
            self.seen["come back"] += 1

    def hand_over(self, number: int, which: int, some: int) -> None:
        teams = self.organisation().teams
        who = picked(sorted({p for team in teams for p in people_of(team)}), number)
        assert who is not None
        choices = handover_choices(self.it.office, who, who)
        successor = picked(choices.successors, which)
        chosen = tuple(team for n, (team, _) in enumerate(choices.teams) if some >> n & 1 or len(teams) == 1)
        if successor is None or not chosen:
            return
        command = HandOver(who, who, successor[0], chosen, self.it.office.today())
        self.attempt("hand over", lambda: self._hand_over(command))

    def _hand_over(self, command: HandOver) -> None:
        shown = preview_handover(self.it.office, command)
        assert hand_over(self.it.office, command, shown.fingerprint) == shown
        with self.it.office.unit_of_work() as uow:
            assert all(uow.plan.handovers(team) == () for team in command.teams)

    def time_passes(self, days: int, minutes: int, *_: int) -> None:
        """To working hours of a workday; what was due on the way is done late, as after a stop."""
        clock, office = self.it.clock, self.it.office
        clock.at += timedelta(days=(0, 0, 1, 1, 2, 5)[days % 6], minutes=(15, 60, 200)[minutes % 3])
        local = office.local(clock.at)
        while local.hour not in range(8, 17) or local.weekday() >= 5 or office.is_holiday(local.date()):
            clock.at += timedelta(hours=1)
            local = office.local(clock.at)
        self.settle()

    def settle(self) -> None:
        while (report := run_due(self.it.office)).closed:
            assert report.failures == ()

    def deliver(self, *numbers: int) -> None:
        self.it.postman.moods = [("arrives", "refused", "unknown", "lost")[n % 4] for n in numbers]
        self.it.deliver()

    def deliver_all(self, *_: int) -> None:
        """Everything owed arrives in the end; then the calendars are the plan (promise 4)."""
        self.it.postman.moods = []
        postponed = "UPDATE outbox SET not_before = created_at WHERE status = 'pending' AND failures > 0"
        with self.it.database._engine.begin() as connection:
            connection.exec_driver_sql(postponed)
        self.it.deliver()
        now = self.it.clock.now()
        addresses = {p.id: p.email for p in self.it.organisation.people if p.email}
        bookings = {b.id: b for b in self.live() if b.ends_at > now}
        wanted = {
            (addresses[i.person], bookings[i.booking].uid): (
                bookings[i.booking].starts_at,
                bookings[i.booking].ends_at,
            )
            for i in self.invitations(live=True)
            if i.person in addresses and i.booking in bookings
        }
        calendars = self.it.postman.calendars
        assert calendars.spans(now) == wanted
        self.seen["calendar entries"] += len(wanted)
        ended = {
            row.uid for row in rows(self.it.database, "SELECT uid FROM booking WHERE status='cancelled'")
        }
        assert {uid for (_, uid), entry in calendars.entries.items() if entry.ended} <= ended

    # --- what must hold after each -------------------------------------------------------------------

    def promise_1(self) -> None:
        check_promise_1(self.it.database, self.times)

    def nobody_waits_for_a_free_slot(self) -> None:
        """Once the ticks have run, no referral waits beside a slot that suits it, except by choice."""
        self.settle()
        world = world_of(self.it.office, self.it.database)
        for referral in self.referrals("waiting"):
            if BY_CHOICE not in referral.flags:
                office, team = self.it.office, world.teams[referral.team]
                urgent = referral.urgency is Urgency.URGENT
                lead = team.rules.urgent_lead_workdays if urgent else team.rules.lead_workdays
                earliest = max(
                    workdays_later(office.local(referral.submitted_at).date(), lead, office),
                    workdays_later(office.today(), team.rules.urgent_lead_workdays, office),
                )
                wish = Wish(referral.parties, referral.urgency, earliest, referral.not_before)
                assert expected(world, team, wish, office.today()).choice is None

    def those_and_only_those_are_called(self) -> None:
        """A booked booking calls its seats, whoever is asked beside them, referrer, owner, coordinator."""
        by_booking: dict[str, set[str]] = {b.id: set() for b in self.live() if b.status == "booked"}
        for invitation in self.invitations(live=True):
            by_booking[invitation.booking].add(invitation.person)
        teams = {team.id: team for team in self.organisation().teams}
        now, zone = self.it.clock.now(), self.it.office.zone
        live = {b.id: b for b in self.live()}
        referrals = {r.id: r for r in self.referrals("active", "waiting", "returned", "revoked", "completed")}
        for booking, called in by_booking.items():
            referral = referrals[live[booking].referral]
            if live[booking].starts_at <= now:
                continue  # what has begun is left as it was
            team, day = teams[referral.team], live[booking].starts_at.astimezone(zone).date()
            with self.it.office.unit_of_work() as uow:
                absences = uow.plan.absences(people_of(team), day)
            others = {referral.referrer, referral.owner, coordinator_on(team, day, absences)}
            assert called == live[booking].people | live[booking].asked_as_well | others
            self.seen["asked as well"] += len(live[booking].asked_as_well)

    def nobody_sits_who_is_away(self) -> None:
        """Unless nobody else of the party is free; then the answer is no, and nobody waits for it."""
        now, zone = self.it.clock.now(), self.it.office.zone
        called = [b for b in self.live() if b.starts_at > now and b.status == "booked"]
        with self.it.office.unit_of_work() as uow:
            absences = uow.plan.absences({p for b in called for p in b.people}, self.it.office.today())
            for booking in called:
                day = booking.starts_at.astimezone(zone).date()
                gone = [person for person in booking.people if is_away(person, day, absences)]
                answers = {i.person: i.answer for i in uow.plan.invitations(booking.id) if gone}
                assert {answers[person] for person in gone} <= {Answer.DECLINED, Answer.ACCEPTED}
                self.seen.update("away in a seat" for _ in gone)

    # --- looking -------------------------------------------------------------------------------------

    def organisation(self) -> Organisation:
        with self.it.office.unit_of_work() as uow:
            found = uow.organisation.load()
        assert found is not None
        return found

    def live(self) -> list[Any]:
        return sorted(live_bookings(self.it.database, self.times), key=lambda b: (b.starts_at, b.team))

    def referrals(self, *statuses: str) -> list[Referral]:
        from schedules.domain.cases import ReferralStatus

        wanted = [ReferralStatus(status) for status in statuses]
        with self.it.office.unit_of_work() as uow:
            found = [r for team in self.it.organisation.teams for r in uow.cases.of_team(team.id, wanted)]
        return sorted(found, key=lambda r: r.reference)

    def referrer(self, referral: str) -> str:
        with self.it.office.unit_of_work() as uow:
            found = uow.cases.referral(referral)
        assert found is not None
        return found.referrer

    def invitations(self, *, live: bool | None) -> list[Any]:
        found = rows(
            self.it.database,
            "SELECT i.booking, i.person, i.public_id, i.live FROM invitation i JOIN booking b"
            " ON b.id = i.booking ORDER BY b.created_at, b.rowid, i.person",
        )
        return [row for row in found if live is None or bool(row.live) == live]

    def everything(self) -> list[Any]:
        names = ("booking", "seat", "busy", "invitation", "outbox", "referral")
        return [sorted(map(tuple, rows(self.it.database, f"SELECT * FROM {name}"))) for name in names]


WANTED = {
    *Reason,
    "waiting",
    "submit",
    "mend",
    "confirm",
    "move",
    "withdraw",
    "send back",
    "answer",
    "answer Outdated",
    "known",
    "deputise",
    "details",
    "change",
    "change moved",
    "wait",
    "arrives",
    "refused",
    "unknown",
    "lost",
    "CANCEL",
    "go away",
    "deputy called",
    "nobody free",
    "deputy leads",
    "come back",
    "hand over",
    "calendar entries",
}


def test_the_promises_hold_whatever_is_asked_for(sqlite_template: Path, tmp_path: Path) -> None:
    """Always the same examples, so that it can also fail unless everything happened at least once."""
    seen: Counter[str] = Counter()

    @settings(
        max_examples=24,
        derandomize=True,
        database=None,
        phases=[Phase.generate],  # shrinking takes minutes here; the same stream fails again
        suppress_health_check=list(HealthCheck),
    )
    @given(organisations(), st.sampled_from([(), (), (2,), (1, 3)]), streams)
    def run(organisation: Organisation, cancelled: tuple[int, ...], stream: list[Command]) -> None:
        it = open_office(sqlite_template, tmp_path, organisation)
        try:
            cancel_meetings(it, lambda n: n in cancelled)
            Promises(it, seen).run(stream)
        finally:
            it.database.close()

    run()
    assert set(seen) >= WANTED, sorted(map(str, WANTED - set(seen)))
