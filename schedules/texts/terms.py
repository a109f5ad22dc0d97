"""The words for the values of the domain, shared by forms, messages and mails.

Each stands alone (an option in a form, a line in a message) and so begins with a capital; `inside` makes
it fit within a sentence.
"""

from __future__ import annotations

from collections.abc import Sequence

from schedules.domain.cases import (
    Gender,
    PersonTakesPart,
    QuestionCategory,
    ReferralStatus,
    Support,
    Urgency,
)
from schedules.domain.plan import Answer, Role
from schedules.texts.words import Words


def category(value: QuestionCategory, words: Words) -> str:
    """A question category: "Arbetsförmåga"."""
    return words(f"category.{value.value}")


def categories(values: Sequence[QuestionCategory], words: Words) -> str:
    """Categories in a row, for a sentence: "arbetsförmåga och ersättning"."""
    return words.all_of([inside(category(value, words)) for value in values])


def urgency(value: Urgency, words: Words) -> str:
    """How soon the case is needed: "Skyndsamt"."""
    return words(f"urgency.{value.value}")


def takes_part(value: PersonTakesPart, words: Words) -> str:
    """Whether the person comes: "Personen är med på plats"."""
    return words(f"takes_part.{value.value}")


def role(value: Role, words: Words) -> str:
    """Why somebody is called: "Partsamordnare"."""
    return words(f"role.{value.value}")


def roles(values: Sequence[Role], words: Words) -> str:
    """Merged roles: "Partsamordnare och lyfte ärendet"."""
    return opening(words.all_of([inside(role(value, words)) for value in values]))


def answer(value: Answer, words: Words) -> str:
    """Somebody's answer as others read it: "Kommer"."""
    return words(f"answer.{value.value}")


def status(value: ReferralStatus, words: Words) -> str:
    """Where a referral stands: "Väntar på tid"."""
    return words(f"status.{value.value}")


def gender(value: Gender, words: Words) -> str:
    """Gender as the form offers it. Protected: only in modals."""
    return words(f"gender.{value.value}")


def support(value: Support, words: Words) -> str:
    """What the person lives on, as the form offers it. Protected: only in modals."""
    return words(f"support.{value.value}")


def inside(text: str) -> str:
    """The words as they stand within a sentence: the first letter small."""
    return text[:1].lower() + text[1:]


def opening(text: str) -> str:
    """The words as they open a sentence: the first letter capital."""
    return text[:1].upper() + text[1:]
