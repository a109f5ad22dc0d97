"""The App Home, by role: what needs a decision, whom to chase, the meetings, own times and cases. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from bot.views import blocks as b
from bot.views import home_lines as show
from bot.views.blocks import Block, View
from bot.views.buttons import button
from bot.views.duty_home import duty_groups
from bot.views.fitting import Group, fit
from bot.views.message import button_block
from bot.views.paging import listed, only
from bot.views.tools import Section, tool_row
from schedules.domain.home import CoordinatorDesk, HomePage
from schedules.texts.words import LANGUAGES, Words

T = TypeVar("T")


def home(page: HomePage, words: Words, starts: Mapping[str, int] | None = None) -> View:
    """The page, 100 blocks at most; `starts` says where a list's page begins, by the list's name."""
    top = _top(page, words)
    duty = duty_groups(page.duty, words)
    groups = [*_desk(page.coordinator, words), *_own(page, words), *_teams(page.coordinator, words)]
    shown = fit([*groups, *duty], b.HOME_BLOCKS - len(top), starts)
    if not groups and not duty:
        shown = [b.words_section(words("home.empty"))]
    return {"type": "home", "blocks": [*top, *shown]}


def _top(page: HomePage, words: Words) -> list[Block]:
    languages = b.options((code, words(f"language.{code}")) for code in LANGUAGES)
    choice = {**b.select(languages, words("language.placeholder"), page.language), "action_id": "language"}
    raise_case = [button_block(button("referral_new", "new", words))] if page.may_raise else []
    return [
        b.header(words("home.title", name=b.cut(b.one_line(page.name), 100))),
        b.actions([*raise_case, choice]),
        *tool_row(Section.EVERYBODY, words),
        *_setting(page.comes_unless_declined, words),
    ]


def _setting(comes: bool | None, words: Words) -> list[Block]:  # noqa: FBT001  the page's own field
    """Whether a representative's silence is a yes, and the button to change it."""
    if comes is None:
        return []
    told = words("home.comes_unless_declined" if comes else "home.answers_each_call")
    turn = button_block(button("comes_unless_declined", "no" if comes else "yes", words))
    return [b.section(b.escape(told), turn)]


def _group(
    name: str, items: Sequence[T], line: Callable[[T, Words], list[Block]], words: Words
) -> list[Group]:
    return [listed(name, items, line, words, before=(b.divider(),))] if items else []


def _tools(section: Section, words: Words) -> list[Group]:
    row = tool_row(section, words)
    return [only(row)] if row else []


def _desk(desk: CoordinatorDesk | None, words: Words) -> list[Group]:
    if desk is None:
        return []
    decisions = [
        *_group("home.proposals", desk.proposals, show.proposal, words),
        *_group("home.declined", desk.declined, show.declined, words),
        *_group("home.waiting", desk.waiting, show.waiting, words),
        *_group("home.empty_meetings", desk.empty, show.empty, words),
        *_group("home.unreported", desk.unreported, show.unreported, words),
        *_group("home.failed", desk.failed, show.failed, words),
    ]
    nothing = [only([b.words_section(words("home.nothing_to_decide"))])]
    return [
        *_tools(Section.COORDINATOR, words),
        *(decisions or nothing),
        *_group("home.silent", desk.silent, show.silent, words),
        *_group("home.untold", desk.untold, show.untold, words),
        *_group("home.tasks", desk.tasks, show.task, words),
        *_group("home.meetings", desk.meetings, show.meeting, words),
        *_group("home.reported", desk.reported, show.reported, words),
        *_group("home.urgent", desk.urgent, show.urgent, words),
    ]


def _teams(desk: CoordinatorDesk | None, words: Words) -> list[Group]:
    """What is done a few times a term stands below what waits today."""
    return _group("home.teams", desk.teams, show.team, words) if desk else []


def _own(page: HomePage, words: Words) -> list[Group]:
    return [
        *(_tools(Section.REPRESENTATIVE, words) if page.represents else []),
        *_group("home.calls", page.calls, show.call, words),
        *(_tools(Section.CASEWORKER, words) if page.may_raise else []),
        *_group("home.cases", page.cases, show.case, words),
        *(_tools(Section.LEADER, words) if page.overview else []),
        *_group("home.overview", page.overview, show.overview, words),
    ]
