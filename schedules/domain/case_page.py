"""A case as one reader may see it: open and protected fields. For modals only, after the look is audited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from schedules.domain.cases import Protected, Referral
from schedules.domain.facts import CaseFacts
from schedules.domain.plan import Answer, Role


@dataclass(frozen=True, slots=True)
class CalledPerson:
    """Somebody called to the case, with their answer and whether they know whom it concerns."""

    party: str | None
    person: str
    roles: tuple[Role, ...]
    answer: Answer
    identity_known: bool


@dataclass(frozen=True, slots=True)
class CasePage:
    """A case as one reader may see it.

    `facts` is None while it waits. `parties` maps party ids to names. `buttons` are (action, value) by the
    reader's role; actions by their fixed names. `letter` is the address of the letter to the person, for
    those who carry or coordinate a case with a booked time.
    """

    referral: Referral
    protected: Protected
    team: str
    referrer: str
    owner: str
    facts: CaseFacts | None = None
    called: tuple[CalledPerson, ...] = ()
    parties: Mapping[str, str] = field(default_factory=dict)
    buttons: tuple[tuple[str, str], ...] = ()
    letter: str | None = None
