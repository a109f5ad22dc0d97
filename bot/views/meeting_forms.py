"""The modals in which a coordinator changes the team's meetings; a preview follows each. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.forms.limits import LIMITS
from bot.forms.meetings import MINUTES, SLOTS
from bot.views import blocks as b
from bot.views.blocks import Block, View
from schedules.domain.organisation import Team
from schedules.domain.plan import Meeting
from schedules.texts.words import Words

REFERRALS = 100


def meeting_move(meeting: Meeting, words: Words) -> View:
    """Another time, place or link, from how it is now."""
    fields = [
        _day("day", words, meeting.day.isoformat()),
        _start(words, f"{meeting.start:%H:%M}"),
        *_where(words, meeting.place, meeting.link),
    ]
    return _form("meeting_move", meeting.id, fields, words)


def team_extra(team: Team, words: Words) -> View:
    """An extra meeting: when, how many times, how long, where."""
    fields = [
        _day("day", words),
        _start(words),
        _number("slots", SLOTS, 4, words),
        _number("minutes", MINUTES, 30, words),
        *_where(words, team.place, team.meeting_link),
    ]
    return _form("team_extra", team.id, fields, words)


def team_single(team: Team, cases: Sequence[tuple[str, str]], words: Words) -> View:
    """A single time for one case: which, when, how long, where."""
    if not cases:
        told = [b.words_section(words("team_single.none"))]
        return b.modal(
            "team_single", words("plan_preview.title.team_single"), told, close=words("modal.close")
        )
    label, placeholder = words("team_single.referral.label"), words("team_single.referral.placeholder")
    fields = [
        b.input_block("referral", label, b.select(b.options(cases[-REFERRALS:]), placeholder)),
        _day("day", words),
        _start(words),
        _number("minutes", MINUTES, 60, words),
        *_where(words, team.place, team.meeting_link),
    ]
    return _form("team_single", team.id, fields, words)


def team_close(team: Team, words: Words) -> View:
    """A period without meetings, and why."""
    reason = b.text_input(LIMITS["reason"])
    fields = [
        _day("first", words),
        _day("last", words),
        b.input_block(
            "reason",
            words("meeting_form.reason.label"),
            reason,
            hint=words("meeting_form.reason.hint"),
        ),
    ]
    return _form("team_close", team.id, fields, words)


def _form(callback: str, subject: str, fields: Sequence[Block], words: Words) -> View:
    return b.modal(
        callback,
        words(f"plan_preview.title.{callback}"),
        [b.words_section(words(f"meeting_form.intro.{callback}")), *fields],
        close=words("modal.cancel"),
        submit=words("meeting_form.submit"),
        metadata={"subject": subject},
    )


def _day(name: str, words: Words, initial: str | None = None) -> Block:
    return b.input_block(name, words(f"meeting_form.{name}.label"), b.date_input(initial))


def _start(words: Words, initial: str | None = None) -> Block:
    return b.input_block("start", words("meeting_form.start.label"), b.time_input(initial))


def _number(name: str, offered: Sequence[int], initial: int, words: Words) -> Block:
    label = words(f"meeting_form.{name}.label")
    element = b.select(b.options((str(n), str(n)) for n in offered), label, str(initial))
    return b.input_block(name, label, element)


def _where(words: Words, place: str, link: str | None) -> list[Block]:
    at = b.text_input(LIMITS["place"], initial=place)
    online = b.text_input(LIMITS["link"], initial=link)
    return [
        b.input_block("place", words("meeting_form.place.label"), at, optional=True),
        b.input_block("link", words("meeting_form.link.label"), online, optional=True),
    ]
