"""Change a case that has been raised: what is asked for, and what a change needs to be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from schedules.domain.cases import PersonTakesPart, Protected, QuestionCategory, Referral, Urgency


@dataclass(frozen=True, slots=True)
class ChangeCase:
    """Change a referral. `actor` is a person id; `parties` are the others, the referrer's own is added.

    `seen` is the state that the form showed; `consent_date` is given with a new consent only; `plan` is the
    preview that the user has confirmed, if there was one.
    """

    actor: str
    referral: str
    seen: str
    parties: tuple[str, ...]
    consent_date: date | None
    categories: tuple[QuestionCategory, ...]
    question: str
    person_takes_part: PersonTakesPart
    urgency: Urgency
    urgency_reason: str | None = None
    plan: str | None = None


class Changed(StrEnum):
    """What of a case was changed, in open words: never to what, where that is protected."""

    PARTIES = "parties"
    CATEGORIES = "categories"
    QUESTION = "question"
    TAKES_PART = "takes_part"
    URGENCY = "urgency"


ON_THE_INVITATION = frozenset({Changed.PARTIES, Changed.CATEGORIES, Changed.TAKES_PART, Changed.URGENCY})
"""What stands in the mails and calendar entries of those called."""

TO_PREPARE = frozenset({Changed.CATEGORIES, Changed.QUESTION})
"""What a representative prepares for, and hence hears of."""


def what_changed(
    before: Referral, after: Referral, protected_before: Protected, protected_after: Protected
) -> tuple[Changed, ...]:
    """What differs, in the order of the form. A new reason for the urgency counts as urgency."""
    differs = {
        Changed.PARTIES: set(before.parties) != set(after.parties),
        Changed.CATEGORIES: before.categories != after.categories,
        Changed.QUESTION: protected_before.question != protected_after.question,
        Changed.TAKES_PART: before.person_takes_part is not after.person_takes_part,
        Changed.URGENCY: before.urgency is not after.urgency,
    }
    return tuple(one for one, changed in differs.items() if changed)
