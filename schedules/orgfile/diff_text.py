"""What an apply does, in plain text for a terminal: + added, - removed, ~ changed, ! not changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import time
from typing import Any

from schedules.domain.apply_preview import ApplyPreview, TeamMeetings
from schedules.domain.meeting_changes import KeptMeeting
from schedules.domain.organisation import Closure, MeetingSeries, Membership
from schedules.domain.plan import MeetingStatus
from schedules.domain.three_way import Change, Conflict, Merge, Path
from schedules.orgfile.diff_words import DIFF
from schedules.orgfile.words import WEEKDAYS

_FILE_KEYS = {"from_date": "from", "to_date": "to"}
_NOTICED_TOGETHER = {"starts_at": "start", "ends_at": "end"}  # the same times once more, in UTC


def apply_text(preview: ApplyPreview, language: str = "sv") -> str:
    """The diff that is printed before anything is written, and again when it has been; ends in a newline.

    Args:
        preview: from the service, before or after.
        language: `sv` or `en`.
    """
    words = _Words(language)
    lines = [*_merge_lines(preview.merge, words)]
    for team in preview.meetings:
        lines += _meeting_lines(team, words)
    if preview.nothing:
        lines.append(words("nothing"))
    return "\n".join(lines) + "\n"


class _Words:
    """The catalogue in one language."""

    def __init__(self, language: str) -> None:
        self._words = DIFF[language]
        self._weekdays = WEEKDAYS[language]

    def __call__(self, code: str, **facts: object) -> str:
        return self._words[code].format(**facts)

    def path(self, path: Path) -> str:
        """A place in the file, as `team tierp, rules, lead_workdays`."""
        names = [_FILE_KEYS.get(name, name) for name in path]
        if len(names) > 1 and names[0] in self._words:
            names[:2] = [f"{self._words[names[0]]} {names[1]}"]
        return ", ".join(names)

    def value(self, value: Any) -> str:
        """A value much as the file would write it; an item by its name."""
        if value is None or value in ("", ()):
            return self("absent")
        if isinstance(value, bool):
            return self("yes" if value else "no")
        if isinstance(value, tuple):
            return "[" + "; ".join(map(self.value, value)) + "]"
        if isinstance(value, time):
            return f"{value:%H:%M}"
        return self._record(value)

    def _record(self, value: Any) -> str:
        if isinstance(value, MeetingSeries):
            return self._series(value)
        if isinstance(value, Closure):
            return self("closure", first=value.from_date, last=value.to_date)
        if isinstance(value, Membership):
            return self.value(value.representatives)
        return str(getattr(value, "name", value))

    def _series(self, series: MeetingSeries) -> str:
        return self(
            "series",
            weekday=self._weekdays[series.anchor.weekday()],
            start=f"{series.start:%H:%M}",
            slots=series.slots,
            minutes=series.slot_minutes,
            rhythm=self(f"week_{series.weeks}" if series.weeks in {1, 2} else "week_n", weeks=series.weeks),
            anchor=series.anchor,
            until=series.until,
        )


# --- the organisation ----------------------------------------------------------------------------------


def _merge_lines(merge: Merge, words: _Words) -> Iterator[str]:
    yield from _section("changes", merge.changes, lambda change: _change(change, words), words)
    yield from _section("conflicts", merge.conflicts, lambda conflict: _conflict(conflict, words), words)
    yield from _section("kept", merge.kept, lambda change: _kept(change, words), words)


def _section(code: str, found: tuple[Any, ...], line: Callable[[Any], str], words: _Words) -> Iterable[str]:
    return [words(code, count=len(found)), *map(line, found)] if found else []


def _change(change: Change, words: _Words) -> str:
    path, before, after = words.path(change.path), words.value(change.before), words.value(change.after)
    if _is_item(change) and change.before is None:
        return f"  + {path}: {after}"
    if _is_item(change) and change.after is None:
        return f"  - {path}: {before}"
    if change.path[-1] in {"series", "closures"}:
        return "\n".join([f"  ~ {path}:", *_rows(change, words)])
    return f"  ~ {path}: {before} → {after}"


def _rows(change: Change, words: _Words) -> Iterator[str]:
    """Only the series or closures that differ."""
    before, after = change.before or (), change.after or ()
    yield from (f"      - {words.value(row)}" for row in before if row not in after)
    yield from (f"      + {words.value(row)}" for row in after if row not in before)


def _is_item(change: Change) -> bool:
    """Whole items end their path with a key, fields with a field's name."""
    in_team = len(change.path) == 4 and change.path[2] == "parties"  # noqa: PLR2004  # team, id, parties, id
    return in_team or (len(change.path) == 2 and change.path[0] in {"parties", "people", "teams"})  # noqa: PLR2004  # kind, id


def _conflict(conflict: Conflict, words: _Words) -> str:
    wanted, current = words.value(conflict.wanted), words.value(conflict.current)
    return "  ! " + words("conflict", path=words.path(conflict.path), wanted=wanted, current=current)


def _kept(change: Change, words: _Words) -> str:
    wanted, current = words.value(change.before), words.value(change.after)
    return "  ! " + words("conflict", path=words.path(change.path), wanted=wanted, current=current)


# --- the meetings --------------------------------------------------------------------------------------


def _meeting_lines(team: TeamMeetings, words: _Words) -> Iterator[str]:
    found = team.meetings
    if not found.nothing:
        counts = {name: len(getattr(found, name)) for name in ("add", "update", "remove")}
        yield words("meetings", team=team.team, **counts)
    if found.kept_with_bookings:
        yield words("meetings_held", team=team.team, count=len(found.kept_with_bookings))
        for kept in found.kept_with_bookings:
            yield "  ! " + _held(kept, words)


def _held(kept: KeptMeeting, words: _Words) -> str:
    when = f"{kept.meeting.day} {kept.meeting.start:%H:%M}"
    if kept.wanted is None:
        return words("would_go", when=when)
    if kept.wanted.status is MeetingStatus.CLOSED:
        return words("would_close", when=when)
    names = dict.fromkeys(_NOTICED_TOGETHER.get(name, name) for name in kept.fields)
    would = [words("would", name=words(name), value=_would_be(kept, name, words)) for name in names]
    return words("would_change", when=when, fields=", ".join(would))


def _would_be(kept: KeptMeeting, name: str, words: _Words) -> str:
    value = getattr(kept.wanted, name)
    return str(len(value)) if name == "slots" else words.value(value)
