"""What the App Home and the lists show, by role. Open facts only: a page in chat is no modal.

Days and times are local. Ids are public ids, the values of the buttons.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from schedules.domain.cases import QuestionCategory, ReferralStatus, Urgency
from schedules.domain.facts import Contact, MeetingFacts, OwnCall
from schedules.domain.plan import Answer


@dataclass(frozen=True, slots=True)
class When:
    """A booked time."""

    day: date
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Proposal:
    """A held time that the coordinator is to confirm; `confirms_itself` is when it does so unasked."""

    booking: str
    referral: str
    reference: str
    team: str
    when: When
    referrer: str
    parties: tuple[str, ...]
    categories: tuple[QuestionCategory, ...]
    urgency: Urgency
    flags: tuple[str, ...] = ()
    confirms_itself: tuple[date, time] | None = None


@dataclass(frozen=True, slots=True)
class DeclinedCall:
    """A representative who cannot come: the booking may have to move."""

    booking: str
    referral: str
    reference: str
    when: When
    party: str
    person: str


@dataclass(frozen=True, slots=True)
class WaitingReferral:
    """A referral that no time suits yet."""

    referral: str
    reference: str
    team: str
    parties: tuple[str, ...]
    since: date
    urgency: Urgency


@dataclass(frozen=True, slots=True)
class FailedDelivery:
    """A message that could not be delivered; `channel` is `mail` or `chat`."""

    person: str
    channel: str
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class CallState:
    """Where one call to a case of a meeting stands."""

    reference: str
    party: str | None
    person: str
    answer: Answer
    identity_known: bool
    must_answer: bool = True


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """A coming meeting: how full it is, and who has answered."""

    meeting: str
    facts: MeetingFacts
    taken: int
    slots: int
    calls: tuple[CallState, ...] = ()


@dataclass(frozen=True, slots=True)
class CoordinatorDesk:
    """What needs a coordinator's decision, and the next meetings."""

    proposals: tuple[Proposal, ...] = ()
    declined: tuple[DeclinedCall, ...] = ()
    waiting: tuple[WaitingReferral, ...] = ()
    failed: tuple[FailedDelivery, ...] = ()
    meetings: tuple[MeetingLine, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnCase:
    """A case that the reader has raised or owns.

    `missing` are the names of `referral_details` fields without a value. `proposed` while the time is held
    but not yet confirmed; `can_send_now` while the referrer's own minutes run.
    """

    referral: str
    reference: str
    team: str
    status: ReferralStatus
    when: When | None = None
    booking: str | None = None
    proposed: bool = False
    can_send_now: bool = False
    accepted: int = 0
    asked: int = 0
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HomePage:
    """The page of one person. `coordinator` is None for those who lead no team.

    `represents`: is a party's representative or deputy in some team.
    """

    name: str
    language: str
    may_raise: bool
    represents: bool = False
    coordinator: CoordinatorDesk | None = None
    calls: tuple[OwnCall, ...] = ()
    cases: tuple[OwnCase, ...] = ()


@dataclass(frozen=True, slots=True)
class TeamContacts:
    """Whom to reach in a team: the coordinator, and per party its representatives' names."""

    team: str
    coordinator: Contact
    parties: tuple[tuple[str, tuple[str, ...]], ...] = ()
