"""Cases and referrals. What is protected stands in `Protected`, apart from everything that may be sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Urgency(StrEnum):
    """How soon the case is needed."""

    ORDINARY = "ordinary"
    URGENT = "urgent"


class QuestionCategory(StrEnum):
    """What the meeting is to answer, in open categories."""

    WORK_ABILITY = "work_ability"
    BENEFITS = "benefits"
    CARE = "care"
    WORK_TRAINING = "work_training"
    ECONOMY_HOUSING = "economy_housing"
    JOINT_PLAN = "joint_plan"
    OTHER = "other"


class PersonTakesPart(StrEnum):
    """Whether the person comes; `not_yet_asked` becomes a task."""

    IN_ROOM = "in_room"
    ONLINE = "online"
    NO = "no"
    NOT_YET_ASKED = "not_yet_asked"


class Gender(StrEnum):
    """Women and men are followed separately (DOMAIN.md)."""

    WOMAN = "woman"
    MAN = "man"
    OTHER = "other"
    UNKNOWN = "unknown"


class Support(StrEnum):
    """What the person lives on at the time of the referral."""

    SICKNESS_BENEFIT = "sickness_benefit"
    SICKNESS_COMPENSATION = "sickness_compensation"
    ACTIVITY_COMPENSATION = "activity_compensation"
    UNEMPLOYMENT_BENEFIT = "unemployment_benefit"
    ACTIVITY_SUPPORT = "activity_support"
    INCOME_SUPPORT = "income_support"
    NONE = "none"
    UNKNOWN = "unknown"


class ReferralStatus(StrEnum):
    """FHIR's request status in the words of this field; `returned` waits for the referrer to mend it."""

    ACTIVE = "active"
    WAITING = "waiting"
    RETURNED = "returned"
    REVOKED = "revoked"
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True)
class Consent:
    """The person's written consent: which parties may share, given when, and seen by whom (person id).

    `withdrawn_on` is the local date on which the person took it back: the case is blocked from then on.
    """

    parties: tuple[str, ...]
    given_on: date
    obtained_by: str
    withdrawn_on: date | None = None


@dataclass(frozen=True, slots=True)
class Protected:
    """The protected fields of a referral. Stored encrypted; shown only in modals; never sent."""

    question: str
    consent: Consent
    urgency_reason: str | None = None
    own_reference: str | None = None
    gender: Gender | None = None
    birth_year: int | None = None
    sick_leave_start: date | None = None
    needs: str | None = None
    known_to: tuple[str, ...] | None = None
    support: Support | None = None
    return_reason: str | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """The fields of `referral_details` that still lack a value, in form order."""
        wanted = ("gender", "birth_year", "sick_leave_start", "known_to", "support")
        return tuple(name for name in wanted if getattr(self, name) is None)


class Seal(StrEnum):
    """Why nothing of a case is shown any more: the person took the consent back, or its key is destroyed."""

    BLOCKED = "blocked"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """A case as such: whose it is (`party` is responsible), and whether it is sealed. Instants are UTC."""

    id: str
    team: str
    reference: str
    party: str
    owner: str
    created_at: datetime
    blocked_at: datetime | None = None
    erased: bool = False

    @property
    def seal(self) -> Seal | None:
        """Why it is closed to everybody; None while it is open."""
        if self.erased:
            return Seal.ERASED
        return Seal.BLOCKED if self.blocked_at else None


@dataclass(frozen=True, slots=True)
class Referral:
    """The request to raise a case (initieringsblankett), open fields only.

    `parties` are the requested ones with the referrer's own first. `flags` are open words for the
    coordinator: `outside_target_group`, `later_than_goal`.
    """

    id: str
    case: str
    reference: str
    team: str
    referrer: str
    owner: str
    status: ReferralStatus
    parties: tuple[str, ...]
    categories: tuple[QuestionCategory, ...]
    person_takes_part: PersonTakesPart
    urgency: Urgency
    not_before: date | None
    submitted_at: datetime
    flags: tuple[str, ...] = ()
    view_id: str | None = None
