"""The App Home, by role: what needs a decision, the coming meetings, the own times and cases. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from bot.views import blocks as b
from bot.views import lines
from bot.views.blocks import Block, View
from bot.views.buttons import button
from bot.views.fitting import Group, fit
from bot.views.message import button_block, button_rows
from bot.views.tools import Line, Section, line_menu, menu, tool_row
from schedules.domain.facts import OwnCall
from schedules.domain.home import (
    CoordinatorDesk,
    DeclinedCall,
    FailedDelivery,
    HomePage,
    MeetingLine,
    OwnCase,
    Proposal,
    WaitingReferral,
)
from schedules.texts import buttons as shared
from schedules.texts.words import LANGUAGES, Words

T = TypeVar("T")


def home(page: HomePage, words: Words) -> View:
    """The page, 100 blocks at most."""
    top = _top(page, words)
    groups = [*_desk(page.coordinator, words), *_own(page, words)]
    shown = fit(groups, b.HOME_BLOCKS - len(top))
    if not groups:
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
    ]


def _group(
    title: str, items: Sequence[T], show: Callable[[T, Words], list[Block]], words: Words
) -> list[Group]:
    if not items:
        return []
    heading = (b.divider(), b.header(words(title)))
    blocks = tuple(tuple(show(item, words)) for item in items)
    return [Group(heading, blocks, lambda left: b.context(b.escape(words.count("list.more", left))))]


def _desk(desk: CoordinatorDesk | None, words: Words) -> list[Group]:
    if desk is None:
        return []
    groups = [
        *_group("home.proposals", desk.proposals, _proposal, words),
        *_group("home.declined", desk.declined, _declined, words),
        *_group("home.waiting", desk.waiting, _waiting, words),
        *_group("home.failed", desk.failed, _failed, words),
    ]
    if not groups:
        nothing = b.words_section(words("home.nothing_to_decide"))
        groups = [Group((nothing,), (), lambda left: b.context(str(left)))]
    tools = _tools(Section.COORDINATOR, words)
    return [*tools, *groups, *_group("home.meetings", desk.meetings, _meeting, words)]


def _tools(section: Section, words: Words) -> list[Group]:
    row = tool_row(section, words)
    return [Group(tuple(row), (), lambda left: b.context(str(left)))] if row else []


def _own(page: HomePage, words: Words) -> list[Group]:
    return [
        *(_tools(Section.REPRESENTATIVE, words) if page.represents else []),
        *_group("home.calls", page.calls, _call, words),
        *(_tools(Section.CASEWORKER, words) if page.may_raise else []),
        *_group("home.cases", page.cases, _case, words),
    ]


def _buttons(names: Sequence[tuple[str, str]], words: Words) -> list[Block]:
    return button_rows([button(action, value, words) for action, value in names])


def _proposal(one: Proposal, words: Words) -> list[Block]:
    names = [
        ("booking_confirm", one.booking),
        ("booking_move", one.booking),
        ("booking_send_back", one.booking),
        ("case_show", one.referral),
    ]
    return [b.section(lines.proposal(one, words)), *_buttons(names, words)]


def _declined(one: DeclinedCall, words: Words) -> list[Block]:
    names = [shared.move_next(one.booking, words), shared.show(one.referral, words)]
    return [b.section(lines.declined(one, words)), *button_rows(names)]


def _waiting(one: WaitingReferral, words: Words) -> list[Block]:
    show = button_block(button("case_show", one.referral, words))
    return [b.section(lines.waiting(one, words), show)]


def _failed(one: FailedDelivery, words: Words) -> list[Block]:
    return [b.section(lines.failed(one, words))]


def _meeting(one: MeetingLine, words: Words) -> list[Block]:
    record = [("answer_record", one.meeting)] if one.calls else []
    names = [*record, ("meeting_cancel", one.meeting)]
    more = menu(line_menu(Line.MEETING, one.meeting, words))
    return [b.section(lines.meeting(one, words), more), *_buttons(names, words)]


def _call(one: OwnCall, words: Words) -> list[Block]:
    names = list(shared.answers(one.public_id, one.answer, words)) if one.party else []
    names.append(shared.show(one.referral, words))
    if one.party and not one.identity_known:
        names.append(shared.identity_known(one.public_id, words))
    return [b.section(lines.call(one, words)), *button_rows(names)]


def _case(one: OwnCase, words: Words) -> list[Block]:
    return [b.section(lines.own_case(one, words)), *_buttons(lines.case_buttons(one), words)]
