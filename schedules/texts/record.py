"""What is on record about a case, in words: who saw or did what, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from schedules.domain.case_file import Names, Trail
from schedules.domain.cases import CaseRecord, Seal
from schedules.texts.words import Words

REFUSED = "refused:"
BY_LINK = ".by_link"
KNOWN_ACTORS = {"samtid": "record.actor.itself", "command line": "record.actor.operator"}


@dataclass(frozen=True, slots=True)
class Telling:
    """The words, the names and the zone that all of a record is told with."""

    names: Names
    words: Words
    zone: ZoneInfo

    def when(self, instant: datetime) -> str:
        """A date and a wall time: "24 november 2026 kl. 10:00"."""
        local = instant.astimezone(self.zone)
        day = self.words.day_and_year(local.date())
        return self.words("record.when", day=day, clock=self.words.clock(local))

    def person(self, who: str) -> str:
        """A person's name, or what else acted."""
        if who in KNOWN_ACTORS:
            return self.words(KNOWN_ACTORS[who])
        if who.startswith("absence:"):
            return self.words("record.actor.absence")
        if who.startswith("handover:"):
            return self.words("record.actor.handover")
        if who.startswith("slack:"):
            return self.words("record.actor.stranger", user=who.removeprefix("slack:"))
        return self.names.people.get(who, who)

    def party(self, party: str) -> str:
        """A party's name."""
        return self.names.parties.get(party, party)

    def parties(self, ids: tuple[str, ...] | None) -> str | None:
        """Parties by name, as a list in words; None without any."""
        return self.words.all_of([self.party(one) for one in ids]) if ids else None

    def action(self, action: str) -> str:
        """What was seen or done. One that the catalogue does not know is given by its own name."""
        refused = action.startswith(REFUSED)
        by_link = action.endswith(BY_LINK)
        plain = action.removeprefix(REFUSED).removesuffix(BY_LINK)
        if refused:
            return self._refused(plain)
        said = self.words(f"audit.{plain}") if self.words.has(f"audit.{plain}") else plain
        return self.words("record.by_link", what=said) if by_link else said

    def _refused(self, command: str) -> str:
        if self.words.has(f"denied.{command}"):
            return self.words("record.refused", what=self.words(f"denied.{command}"))
        return self.words("record.refused.other", what=command)


def trail_columns(words: Words) -> tuple[str, ...]:
    """The headings of the audit trail."""
    return tuple(words(f"record.column.{name}") for name in ("when", "who", "party", "what"))


def trail_rows(trail: Trail, words: Words, zone: ZoneInfo) -> list[tuple[str, ...]]:
    """One row a line: when, who, for which party, what."""
    telling = Telling(trail.names, words, zone)
    return [
        (
            telling.when(line.at),
            telling.person(line.actor),
            telling.party(line.party) if line.party else "",
            telling.action(line.action),
        )
        for line in trail.lines
    ]


def trail_title(trail: Trail, words: Words) -> str:
    """What the trail is of."""
    return words("record.trail.title", reference=trail.record.reference, team=trail.team)


def sealed_since(record: CaseRecord, words: Words, zone: ZoneInfo) -> str | None:
    """That the case is blocked or erased; None while it is open."""
    if record.seal is Seal.ERASED:
        return words("record.erased")
    if record.blocked_at is None:
        return None
    return words("record.blocked", day=words.day_and_year(record.blocked_at.astimezone(zone).date()))
