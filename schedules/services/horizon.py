"""The team's coming meetings as the assignment sees them, read within the team's lock."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property

from schedules.domain.assignment import (
    Assignment,
    Busy,
    Choice,
    Judgement,
    MeetingOffer,
    PassedOver,
    Wish,
    could_suit,
    earliest,
    judge,
    suitable,
)
from schedules.domain.calendar import meeting_offers
from schedules.domain.cases import Referral, Urgency
from schedules.domain.facts import PassedOverFacts, TimeOffer
from schedules.domain.organisation import Team
from schedules.domain.plan import Meeting
from schedules.domain.workdays import add_workdays
from schedules.ports import UnitOfWork
from schedules.services.office import Office

NEAR = 13  # fortnightly meetings in half a year
ALL = 10_000  # more than any team has to come
CHOICES = 3  # the booked time and the next two


@dataclass(frozen=True, slots=True)
class Horizon:
    """Meetings by id, what they offer, and when the representatives are busy elsewhere."""

    team: Team
    meetings: dict[str, Meeting]
    offers: tuple[MeetingOffer, ...]
    busy: Busy
    # Not handed on by `replace`: a horizon with other offers judges anew.
    _judged: dict[Wish, dict[str, Judgement]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def assign(self, wish: Wish, only: Collection[str] | None = None) -> Assignment:
        """The earliest suitable slot, perhaps among some meetings only."""
        offers = self.offers if only is None else [offer for offer in self.offers if offer.id in only]
        return earliest(self._judge(wish, offers))

    def suitable(self, wish: Wish, limit: int) -> tuple[Choice, ...]:
        """The earliest slot of each of the next `limit` suitable meetings."""
        return suitable(self._judge(wish, self.offers), limit)

    def _judge(self, wish: Wish, offers: Sequence[MeetingOffer]) -> Iterator[Judgement]:
        """What the wish finds at each; a form asks for its search, its choice and the next two times."""
        known = self._judged.setdefault(wish, {})
        for offer in offers:
            if offer.id not in known:
                known[offer.id] = judge(wish, offer, self.busy)
            yield known[offer.id]

    def choice_for(self, wish: Wish, slot: str) -> Choice | None:
        """The representatives who can sit in just this slot, or None if it does not suit."""
        for offer in self.offers:
            wanted = tuple(s for s in offer.slots if s.id == slot)
            if wanted:
                found = judge(wish, replace(offer, slots=wanted), self.busy)
                return found if isinstance(found, Choice) else None
        return None

    def passed_over_before(self, wish: Wish, meeting: str) -> tuple[PassedOver, ...]:
        """The meetings before that one that do not suit, and why; those that would suit are left out."""
        ids = [offer.id for offer in self.offers]
        earlier = self.offers[: ids.index(meeting)] if meeting in ids else ()
        return tuple(one for one in self._judge(wish, earlier) if isinstance(one, PassedOver))

    def span(self, choice: Choice) -> tuple[datetime, datetime]:
        """The chosen slot's UTC instants."""
        slot = self.meetings[choice.meeting].slot(choice.slot)
        return slot.starts_at, slot.ends_at

    def time_offer(self, choice: Choice) -> TimeOffer:
        """The choice as open facts."""
        meeting = self.meetings[choice.meeting]
        slot = meeting.slot(choice.slot)
        return TimeOffer(slot.id, meeting.day, slot.start, slot.end)


def load_horizon(
    uow: UnitOfWork,
    office: Office,
    team: Team,
    except_booking: str | None = None,
    changed: Meeting | None = None,
    *,
    under_way: bool = False,
) -> Horizon:
    """Read the team's meetings from today on; `except_booking` is left out of who is busy.

    `changed` stands for the stored meeting with its id. `under_way`: one that has begun and not ended is
    read as well, for its later times.
    """
    today, now = office.today(), office.now()
    stored = _stored(uow, team, today, changed)
    meetings = [m for m in stored if (m.ends_at if under_way else m.starts_at) > now]
    sitting = _Sitting(uow, team, today)
    offers = sitting.offers(meetings, uow.plan.taken_slots(team.id, today))
    return _horizon(team, meetings, offers, sitting.busy(meetings, except_booking))


def load_openings(uow: UnitOfWork, office: Office, team: Team, most: int = ALL) -> Horizon:
    """So many of the next meetings, to find a time for a case that has none; they hold free slots only.

    A full meeting is passed over whoever is free, so nobody's time is asked for before the first opening.
    """
    sitting = _Sitting(uow, team, office.today())
    meetings = list(_openings(uow, office, sitting, most))
    return _horizon(team, meetings, sitting.offers(meetings), sitting.busy([m for m in meetings if m.slots]))


def load_enough(uow: UnitOfWork, office: Office, team: Team, wish: Wish) -> Horizon:
    """The openings up to the meeting at which `CHOICES` times have been found, else all of them.

    A user waits for the answer, and nearly always the next half-year holds it: so only that is read, and who
    is busy only then when the meetings could suit.
    """
    sitting = _Sitting(uow, team, office.today())
    meetings: list[Meeting] = []
    offers: list[MeetingOffer] = []
    could: list[Meeting] = []
    for meeting in _openings(uow, office, sitting, NEAR):
        meetings.append(meeting)
        offers.extend(sitting.offers([meeting]))
        if could_suit(wish, offers[-1]):
            could.append(meeting)
        if len(could) == CHOICES:
            near = _horizon(team, meetings, offers, sitting.busy(could))
            if len(near.suitable(wish, CHOICES)) == CHOICES:
                return near
            break
    return load_openings(uow, office, team)


def _openings(uow: UnitOfWork, office: Office, sitting: _Sitting, most: int) -> Iterator[Meeting]:
    """So many of the team's next meetings, without one that has begun; one is put together when asked for."""
    now = office.now()
    found = uow.plan.openings(sitting.team.id, sitting.today, most, sitting.people)
    return (meeting for meeting in found if meeting.starts_at > now)


class _Sitting:
    """Whoever sits for the team's parties, now or after a handover, and when they are away."""

    def __init__(self, uow: UnitOfWork, team: Team, today: date) -> None:
        self._uow = uow
        self.team = team
        self.today = today
        self._handovers = uow.plan.handovers(team.id)
        now = {person for membership in team.parties for person in membership.representatives}
        self.people = frozenset(now | {handover.successor for handover in self._handovers})

    @cached_property
    def _absences(self) -> Mapping[str, Sequence[tuple[date, date]]]:
        # Not before the openings, which may bring them along.
        return self._uow.plan.absences(self.people, self.today)

    def offers(self, meetings: Sequence[Meeting], taken: Collection[str] = ()) -> list[MeetingOffer]:
        """What the meetings offer."""
        return meeting_offers(self.team, meetings, taken, self._absences, self.today, self._handovers)

    def busy(self, meetings: Sequence[Meeting], except_booking: str | None = None) -> Busy:
        """When they are busy from the first to the last of the meetings, which are in order of time."""
        if not meetings or not self.people:
            return Busy({})
        last = max(meeting.ends_at for meeting in meetings)
        return Busy(self._uow.plan.busy(self.people, meetings[0].starts_at, last, except_booking))


def _horizon(team: Team, meetings: Sequence[Meeting], offers: Sequence[MeetingOffer], busy: Busy) -> Horizon:
    return Horizon(team, {meeting.id: meeting for meeting in meetings}, tuple(offers), busy)


def load_without_decliners(uow: UnitOfWork, office: Office, team: Team, booking: str) -> Horizon:
    """The horizon for a booking that is to move: whoever has said no to the case at a meeting is not there.

    They may be free at another of the team's meetings, and are asked for those like everybody else.
    """
    horizon = load_horizon(uow, office, team, booking)
    cannot: dict[str, set[str]] = {}
    for decline in uow.plan.declines(booking):
        cannot.setdefault(decline.meeting, set()).add(decline.person)
    offers = tuple(_without(offer, cannot.get(offer.id, set())) for offer in horizon.offers)
    return replace(horizon, offers=offers)


def _without(offer: MeetingOffer, people: Collection[str]) -> MeetingOffer:
    if not people:
        return offer
    left = {party: tuple(p for p in all_ if p not in people) for party, all_ in offer.attending.items()}
    return replace(offer, attending=left)


def _stored(uow: UnitOfWork, team: Team, today: date, changed: Meeting | None) -> Sequence[Meeting]:
    stored = uow.plan.meetings(team.id, today)
    if changed is None:
        return stored
    others = [meeting for meeting in stored if meeting.id != changed.id]
    return sorted((*others, changed), key=lambda meeting: (meeting.starts_at, meeting.id))


def wish_of(office: Office, team: Team, referral: Referral) -> Wish:
    """What the referral asks of a slot.

    The lead time counts from submission (DESIGN.md, "Time"); a time chosen later is still never nearer
    than an urgent case's lead from today, so that those called can come.
    """
    rules = team.rules
    lead = rules.urgent_lead_workdays if referral.urgency is Urgency.URGENT else rules.lead_workdays
    submitted = office.local(referral.submitted_at).date()
    earliest = max(
        add_workdays(submitted, lead, office.is_holiday),
        add_workdays(office.today(), rules.urgent_lead_workdays, office.is_holiday),
    )
    return Wish(referral.parties, referral.urgency, earliest, referral.not_before)


def passed_over_facts(uow: UnitOfWork, assignment: Assignment) -> tuple[PassedOverFacts, ...]:
    """The reasons with the parties' names."""
    return passed_over_names(uow, assignment.passed_over)


def passed_over_names(uow: UnitOfWork, passed_over: Sequence[PassedOver]) -> tuple[PassedOverFacts, ...]:
    """The same for any passed-over meetings."""
    named = uow.organisation.parties({p for passed in passed_over for p in passed.parties})
    return tuple(
        PassedOverFacts(passed.day, passed.reason, tuple(named[p].name for p in passed.parties))
        for passed in passed_over
    )
