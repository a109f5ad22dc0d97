"""Open facts: the allow-list of what may stand in a message, a mail or a calendar entry (promise 5).

Nothing protected has a field here, so nothing protected can be sent. Times are local wall times.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from schedules.domain.assignment import Reason
from schedules.domain.cases import PersonTakesPart, QuestionCategory, ReferralStatus, Urgency
from schedules.domain.plan import Answer, Role


@dataclass(frozen=True, slots=True)
class Contact:
    """A colleague who can be reached: the coordinator, an administrator."""

    name: str
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """When and where a team meets."""

    team: str
    day: date
    start: time
    end: time
    place: str
    link: str | None


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """One booking as those called may see it. `parties` are the names of all that are called."""

    reference: str
    meeting: MeetingFacts
    start: time
    end: time
    parties: tuple[str, ...]
    categories: tuple[QuestionCategory, ...]
    urgency: Urgency
    person_takes_part: PersonTakesPart
    referrer: str
    coordinator: Contact


@dataclass(frozen=True, slots=True)
class OwnCall:
    """One line of somebody's own card: a case they are called to, with the state of their answer.

    `public_id` is their invitation's. `instead_of` names a silent colleague who still holds the seat that
    the reader is asked for as well; `also_asked` names who is asked beside the reader, who holds it.
    `need_not_answer`: the reader's silence is a yes.
    """

    case: CaseFacts
    public_id: str
    referral: str
    party: str | None
    roles: tuple[Role, ...]
    answer: Answer
    identity_known: bool
    instead_of: str | None = None
    also_asked: str | None = None
    need_not_answer: bool = False


@dataclass(frozen=True, slots=True)
class PassedOverFacts:
    """An earlier meeting and why not; `parties` are names."""

    day: date
    reason: Reason
    parties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TimeOffer:
    """A suitable time that can be chosen."""

    slot: str
    day: date
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Called:
    """Who is called for a party, by name; `party` None for the referrer, owner and coordinator."""

    party: str | None
    person: str
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class ReferralOutcome:
    """What a submitted referral led to, as the form tells it.

    `case` is None while it waits. `calls_by_itself_minutes` is set where the referrer's minutes run,
    `awaits_coordinator` where the coordinator confirms.
    """

    referral: str
    reference: str
    team: str
    status: ReferralStatus
    case: CaseFacts | None
    called: tuple[Called, ...]
    passed_over: tuple[PassedOverFacts, ...]
    alternatives: tuple[TimeOffer, ...]
    awaits_coordinator: bool
    invite_delay_minutes: int | None
    booking: str | None
    repeated: bool = False
    later_than_goal: bool = False
    waits_by_choice: bool = False
