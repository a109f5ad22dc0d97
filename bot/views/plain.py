"""Small answers: refusal, error, help, and the lists of `ärenden`, `möten` and `kontakter`. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from bot.views import blocks as b
from bot.views import contact_lines, home_lines
from bot.views.blocks import Block, View
from bot.views.fitting import fit
from bot.views.paging import listed
from schedules.domain.authority import MAY, Command, in_order
from schedules.domain.facts import Contact
from schedules.domain.home import MeetingLine, OwnCase, TeamContacts
from schedules.texts.words import Words

T = TypeVar("T")
NOTICE = "notice"
HELP_COMMANDS = ("refer", "cases", "meetings", "contacts", "stats", "help")


def notice(title: str, text: str, words: Words) -> View:
    """A modal that only tells something."""
    return b.modal(NOTICE, title, [b.words_section(text)], close=words("modal.close"))


def refusal_text(contacts: Sequence[Contact], words: Words) -> str:
    """Why somebody may not raise a case, and whom to ask. Plain words, not escaped."""
    told = _reach(contacts)
    if not told:
        return words("refusal.nobody")
    return words("refusal.ask", contacts=words.either(told))


def _reach(contacts: Sequence[Contact]) -> list[str]:
    return [", ".join(part for part in (one.name, one.phone, one.email) if part) for one in contacts]


def refusal(contacts: Sequence[Contact], words: Words) -> View:
    """The same as a modal."""
    return notice(words("refusal.title"), refusal_text(contacts, words), words)


def no_team(contacts: Sequence[Contact], words: Words) -> View:
    """Why somebody whose party is in no team may not raise a case, and whom to ask."""
    told = _reach(contacts)
    text = words("no_team.ask", contacts=words.either(told)) if told else words("no_team.nobody")
    return notice(words("refusal.title"), text, words)


def error_text(words: Words) -> str:
    """Something went wrong and nothing is stored."""
    return words("error.now")


def error(words: Words) -> View:
    """The same as a modal."""
    return notice(words("error.title"), error_text(words), words)


def outdated(words: Words) -> View:
    """What the form or button spoke of has changed since."""
    return notice(words("error.title"), words("error.outdated"), words)


def not_allowed_text(action: str | None, words: Words) -> str:
    """Who may do this instead, as the one table has it."""
    if action not in {command.value for command in Command}:
        return words("error.not_allowed")
    who = [words(f"capacity.{one.value}") for one in in_order(MAY[Command(action)])]
    return words("error.only_allowed", who=words.either(who))


def not_allowed(words: Words, action: str | None = None) -> View:
    """The person may not see or do this."""
    return notice(words("error.title"), not_allowed_text(action, words), words)


def sealed(words: Words, seal: str) -> View:
    """The case is blocked or erased (`seal`): nothing of it is shown."""
    return notice(words(f"sealed.{seal}.title"), words(f"sealed.{seal}.text"), words)


def help_blocks(words: Words) -> list[Block]:
    """The answer to `/samtid hjälp`."""
    commands = "\n".join(b.escape(words(f"help.{name}")) for name in HELP_COMMANDS)
    return [
        b.section(f"{b.bold(words('help.title'))}\n{b.escape(words('help.what'))}"),
        b.section(commands),
        b.context(b.escape(words("help.safe"))),
    ]


def _list(
    name: str,
    none: str,
    items: Sequence[T],
    show: Callable[[T, Words], list[Block]],
    words: Words,
    starts: Mapping[str, int] | None,
) -> list[Block]:
    if not items:
        return [b.words_section(words(none))]
    return fit([listed(name, items, show, words)], b.MESSAGE_BLOCKS, starts)


def case_list(cases: Sequence[OwnCase], words: Words, starts: Mapping[str, int] | None = None) -> list[Block]:
    """The answer to `/samtid ärenden`."""
    return _list("list.cases", "list.cases.none", cases, home_lines.case, words, starts)


def meeting_list(
    meetings: Sequence[MeetingLine], words: Words, starts: Mapping[str, int] | None = None
) -> list[Block]:
    """The answer to `/samtid möten`: times, places and counts, and the reader's own cases."""
    return _list("list.meetings", "list.meetings.none", meetings, home_lines.listed_meeting, words, starts)


def contact_list(
    teams: Sequence[TeamContacts], words: Words, starts: Mapping[str, int] | None = None
) -> list[Block]:
    """The answer to `/samtid kontakter`."""
    items = contact_lines.items(teams, words)
    return _list("list.contacts", "list.contacts.none", items, lambda item, _: list(item), words, starts)
