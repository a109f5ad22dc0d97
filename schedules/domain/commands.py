"""What users ask for, in the imperative. `actor` is always a person id."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from schedules.domain.cases import Gender, PersonTakesPart, QuestionCategory, Support, Urgency


@dataclass(frozen=True, slots=True)
class SubmitReferral:
    """Raise a case (lyfta ett ärende). `parties` are the others; the actor's own is added.

    `view_id` makes a repeated form harmless; `mends` is the returned referral that this one mends.
    """

    actor: str
    view_id: str
    team: str
    parties: tuple[str, ...]
    consent_date: date
    categories: tuple[QuestionCategory, ...]
    question: str
    person_takes_part: PersonTakesPart
    urgency: Urgency
    urgency_reason: str | None = None
    not_before: date | None = None
    own_reference: str | None = None
    case_owner: str | None = None
    mends: str | None = None


@dataclass(frozen=True, slots=True)
class SaveDetails:
    """Fill in `referral_details`. `slot` is None to keep the booked time, "wait", or a slot's id."""

    actor: str
    referral: str
    slot: str | None
    gender: Gender | None
    birth_year: int | None
    sick_leave_start: date | None
    needs: str | None
    known_to: tuple[str, ...] | None
    support: Support | None
    raise_all_the_same: bool = False
