"""One meeting as its coordinator sees it: open facts only. Ids are the values of the buttons."""

from __future__ import annotations

from dataclasses import dataclass

from schedules.domain.cases import Seal
from schedules.domain.facts import CaseFacts, MeetingFacts
from schedules.domain.home import CallState


@dataclass(frozen=True, slots=True)
class AgendaCase:
    """One case of the agenda (ärendelista). `may_report`: its time has ended and lacks a report.

    With a `seal` only its reference and time may be shown.
    """

    booking: str
    referral: str
    facts: CaseFacts
    calls: tuple[CallState, ...]
    proposed: bool = False
    may_report: bool = False
    reported: bool = False
    seal: Seal | None = None


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """A meeting with its cases in order of time."""

    meeting: str
    facts: MeetingFacts
    cases: tuple[AgendaCase, ...] = ()
