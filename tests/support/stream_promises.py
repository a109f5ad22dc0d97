"""A random stream of all commands, and what must hold after each of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from schedules.domain.assignment import Wish
from schedules.domain.cases import Referral, Urgency
from schedules.domain.duty import coordinator_on, is_away
from schedules.domain.organisation import Team
from schedules.domain.plan import Answer
from schedules.ports import IncomingOutcome
from schedules.services.letters import language_of
from schedules.services.people_served import people_of
from schedules.services.propose import LAPSED
from schedules.texts import terms
from schedules.texts.words import Words
from tests.support.attendee_calendars import Entry
from tests.support.plan_rows import LIVE, LiveBooking, check_promise_1, rows, world_of
from tests.support.random_office import workdays_later
from tests.support.reference_assignment import expected
from tests.support.stream_calls import CallCommands
from tests.support.stream_cases import CaseCommands
from tests.support.stream_duty import DutyCommands
from tests.support.stream_meetings import MeetingCommands

Step = tuple[str, int, int, int]
"""A command's name and three numbers that choose among what there is."""

BY_CHOICE = "waits_by_choice"
USUAL = ("submit",) * 5 + ("confirm",) * 2 + ("answer",) * 3 + ("time_passes",) * 2
RARER = (
    *(
        "mend",
        "submit_again",
        "move",
        "withdraw",
        "block",
        "send_back",
        "details",
        "change",
        "change",
        "widen",
        "widen",
        "see_to",
        "look",
    ),
    *("deputise", "by_mail", "by_mail", "counter", "other_mail", "by_link", "settle_a_seat", "remind"),
    *("cancel", "move_meeting", "extra", "single", "close", "release", "posts"),
    *("go_away", "go_away", "come_back", "hand_over", "keep_duties", "apply", "comes_unless"),
)
MAILING = ("deliver",) * 4 + ("deliver_all",) * 2
"""Where the mail server has its moods."""


class Promises(CaseCommands, CallCommands, MeetingCommands, DutyCommands):
    """One office under a stream of commands, and what must hold after each."""

    def run(self, stream: Sequence[Step]) -> None:
        for name, *chosen in stream:
            getattr(self, name)(*chosen)
            self.hold()
        self.deliver_all()
        self.seen.update(self.it.postman.seen)
        self.seen["CANCEL"] += self.it.postman.calendars.cancels
        self.seen.update(row.action for row in rows(self.it.database, "SELECT action FROM audit"))

    def hold(self) -> None:
        """The promises, and that whoever waits does so for want of a time."""
        check_promise_1(self.it.database, self.slots())
        self.settle()
        self.nobody_waits_for_a_free_slot()
        self.those_and_only_those_are_called()
        self.nobody_sits_who_is_away()
        self.meetings_that_are_not_held_have_no_cases()

    # --- time and mail -------------------------------------------------------------------------------

    def time_passes(self, days: int, minutes: int, *_: int) -> None:
        """To working hours of a workday; what was due on the way is done late, as after a stop."""
        clock, office = self.it.clock, self.office
        clock.at += timedelta(days=(0, 0, 1, 1, 2, 5)[days % 6], minutes=(15, 60, 200)[minutes % 3])
        local = office.local(clock.at)
        while local.hour not in range(8, 17) or local.weekday() >= 5 or office.is_holiday(local.date()):
            clock.at += timedelta(hours=1)
            local = office.local(clock.at)
        self.settle()

    def deliver(self, *numbers: int) -> None:
        """The mail server has its moods; each call of it has one of them."""
        self.it.postman.moods = [("arrives", "refused", "unknown", "lost")[n % 4] for n in numbers]
        self.it.deliver()

    def deliver_all(self, *_: int) -> None:
        """Everything owed arrives in the end; then the calendars are the plan (promise 4)."""
        self.it.postman.moods = []
        postponed = "UPDATE outbox SET not_before = created_at WHERE status = 'pending' AND failures > 0"
        with self.it.database._engine.begin() as connection:
            connection.exec_driver_sql(postponed)
        self.it.deliver()
        self.calendars_are_the_plan()

    def calendars_are_the_plan(self) -> None:
        """Who is called has the entry at its time; nobody else has one; what has ended says so."""
        now, calendars = self.office.now(), self.it.postman.calendars
        addresses = {p.id: p.email for p in self.it.organisation.people if p.email}
        bookings = {b.id: b for b in self.live() if b.ends_at > now}
        wanted = {
            (addresses[i.person], bookings[i.booking].uid): bookings[i.booking]
            for i in self.invitations(live=True)
            if i.person in addresses and i.booking in bookings
        }
        assert calendars.spans(now) == {key: (b.starts_at, b.ends_at) for key, b in wanted.items()}
        self.seen["calendar entries"] += len(wanted)
        ended = {
            row.uid for row in rows(self.it.database, "SELECT uid FROM booking WHERE status='cancelled'")
        }
        assert {uid for (_, uid), entry in calendars.entries.items() if entry.ended} <= ended

    # --- what must hold after each -------------------------------------------------------------------

    def nobody_waits_for_a_free_slot(self) -> None:
        """Once the ticks have run, no referral waits beside a slot that suits it, except by choice.

        One whose time lapsed waits at most until the meeting of that time begins.
        """
        world = world_of(self.office, self.it.database)
        coming = {f"{LAPSED}{m.id}" for meetings in world.meetings.values() for m in meetings}
        for referral in self.referrals("waiting"):
            if not {BY_CHOICE, *coming}.intersection(referral.flags):
                team = world.teams[referral.team]
                found = expected(world, team, self._wish(team, referral), self.office.today())
                assert found.choice is None, (referral.reference, found.choice)

    def _wish(self, team: Team, referral: Referral) -> Wish:
        office, urgent = self.office, referral.urgency is Urgency.URGENT
        lead = team.rules.urgent_lead_workdays if urgent else team.rules.lead_workdays
        earliest = max(
            workdays_later(office.local(referral.submitted_at).date(), lead, office),
            workdays_later(office.today(), team.rules.urgent_lead_workdays, office),
        )
        return Wish(referral.parties, referral.urgency, earliest, referral.not_before)

    def those_and_only_those_are_called(self) -> None:
        """A booked booking calls its seats, whoever is asked beside them, referrer, owner, coordinator."""
        live = {b.id: b for b in self.live() if b.status == "booked"}
        by_booking: dict[str, set[str]] = {booking: set() for booking in live}
        for invitation in self.invitations(live=True):
            by_booking[invitation.booking].add(invitation.person)
        teams = {team.id: team for team in self.organisation().teams}
        referrals = {r.id: r for r in self.referrals("active", "waiting", "returned", "revoked", "completed")}
        for booking, called in by_booking.items():
            if live[booking].starts_at > self.office.now():  # what has begun is left as it was
                referral = referrals[live[booking].referral]
                assert called == self._to_be_called(live[booking], referral, teams[referral.team])
                self.seen["asked as well"] += len(live[booking].asked_as_well)

    def _to_be_called(self, booking: LiveBooking, referral: Referral, team: Team) -> frozenset[str]:
        day = booking.starts_at.astimezone(self.office.zone).date()
        with self.office.unit_of_work() as uow:
            handovers = uow.plan.handovers(team.id)
            leading = {*people_of(team), *(h.successor for h in handovers)}
            coordinator = coordinator_on(team, day, uow.plan.absences(leading, day), handovers)
        return booking.people | booking.asked_as_well | {referral.referrer, referral.owner, coordinator}

    def nobody_sits_who_is_away(self) -> None:
        """Unless nobody else of the party is free; then the answer is no, until they say something else.

        Nor is anybody asked as well who is away.
        """
        now, zone = self.office.now(), self.office.zone
        called = [b for b in self.live() if b.starts_at > now and b.status == "booked"]
        with self.office.unit_of_work() as uow:
            concerned = {p for b in called for p in b.people | b.asked_as_well}
            absences = uow.plan.absences(concerned, self.office.today())
            for booking in called:
                day = booking.starts_at.astimezone(zone).date()
                gone = [person for person in booking.people if is_away(person, day, absences)]
                called_as = {i.person: i for i in uow.plan.invitations(booking.id) if gone}
                for away in (called_as[person] for person in gone):
                    assert away.answer in {Answer.DECLINED, Answer.ACCEPTED} or (
                        away.answer is Answer.TENTATIVE and away.answered_by == away.person
                    )
                self.seen.update("away in a seat" for _ in gone)
                assert not [p for p in booking.asked_as_well if is_away(p, day, absences)]

    def meetings_that_are_not_held_have_no_cases(self) -> None:
        found = rows(
            self.it.database,
            "SELECT b.id FROM booking b JOIN meeting m ON m.id = b.meeting"
            f" WHERE b.status IN {LIVE} AND m.status IN ('cancelled', 'closed')",
        )
        assert found == []


class Delivered(Promises):
    """The same where every mail arrives at once: after each command the calendars are the plan."""

    def after_each(self) -> None:
        self.it.deliver(chat=False)
        self.calendars_are_the_plan()
        self._entries_say_what_the_plan_says()

    def settle(self) -> bool:
        done = super().settle()
        if done:
            self.after_each()
        return done

    def deliver(self, *_: int) -> None:
        """Nothing is left to deliver."""

    def _entries_say_what_the_plan_says(self) -> None:
        """The place, the parties, what is said of the case, and the SEQUENCE that was sent last."""
        entries, now = self.it.postman.calendars.entries, self.office.now()
        people = {p.id: p for p in self.organisation().people if p.email}
        parties = {p.id: p.name for p in self.it.organisation.parties}
        with self.office.unit_of_work() as uow:
            for booking in (b for b in self.live() if b.ends_at > now and b.status == "booked"):
                stored = uow.plan.booking(booking.id)
                assert stored is not None
                meeting, referral = uow.plan.meeting(stored.meeting), uow.cases.referral(booking.referral)
                assert meeting is not None
                assert referral is not None
                for invitation in uow.plan.invitations(booking.id):
                    if invitation.person not in people:
                        continue
                    who = people[invitation.person]
                    entry = entries[(who.email or "").lower(), booking.uid]
                    team = uow.organisation.team(booking.team)
                    words = Words(language_of(who, team, self.office))
                    assert entry.sequence == invitation.last_sequence
                    assert entry.location == (meeting.place or meeting.link or "")
                    named = words.all_of([parties[p] for p, _ in booking.seats])
                    assert named in entry.description, (invitation.person, entry.description)
                    assert terms.categories(referral.categories, words) in entry.description
                    assert terms.takes_part(referral.person_takes_part, words) in entry.description
                    if invitation.must_answer and invitation.answer is Answer.NEEDS_ACTION:
                        self.seen[f"asked, and shows {entry.partstat}"] += 1

    def _heeded(self, outcome: IncomingOutcome, address: str, uid: str, entry: Entry) -> None:
        """Whoever answers what stands in their calendar is never told that it is an earlier time."""
        del address, uid
        assert outcome is not IncomingOutcome.STALE
        if outcome is IncomingOutcome.ENDED:
            assert entry.span is not None
            assert entry.span[1] <= self.office.now()
