"""Why not an earlier meeting (promise 2), in so few sentences that somebody reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from schedules.domain.assignment import Reason
from schedules.domain.facts import PassedOverFacts
from schedules.texts.terms import opening
from schedules.texts.words import Words

NAMED_DAYS = 3  # more days than this are told as a span
SENTENCES = 6  # more sentences than this are told as a number


@dataclass(frozen=True, slots=True)
class _Run:
    reason: Reason
    parties: tuple[str, ...]
    meetings: tuple[PassedOverFacts, ...]


def why_not_earlier(passed_over: Sequence[PassedOverFacts], words: Words) -> tuple[str, ...]:
    """One sentence for each run of meetings passed over for the same reason, earliest first.

    Args:
        passed_over: earlier meetings with local dates, by start.
        words: the reader's language.
    """
    runs = [
        _Run(reason, parties, tuple(meetings))
        for (reason, parties), meetings in groupby(passed_over, key=lambda m: (m.reason, m.parties))
    ]
    if len(runs) <= SENTENCES:
        return tuple(_sentence(run, words) for run in runs)
    told, left = runs[: SENTENCES - 1], runs[SENTENCES - 1 :]
    more = words.count("reason.more", sum(len(run.meetings) for run in left))
    return (*(_sentence(run, words) for run in told), more)


def _sentence(run: _Run, words: Words) -> str:
    key = f"reason.{run.reason.value}"
    days = _days(run.meetings, words)
    return opening(words.count(key, len(run.meetings), days=days, parties=words.all_of(run.parties)))


def _days(meetings: Sequence[PassedOverFacts], words: Words) -> str:
    if len(meetings) <= NAMED_DAYS:
        return words.all_of([words.day(meeting.day) for meeting in meetings])
    first, last = words.day(meetings[0].day), words.day(meetings[-1].day)
    return words("reason.days.many", number=len(meetings), first=first, last=last)
