"""The App Home, by role: what needs a decision, the coming meetings, the own times and cases. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from bot.views import blocks as b
from bot.views import lines
from bot.views.blocks import Block, View
from bot.views.buttons import button
from bot.views.duty_home import duty_groups
from bot.views.fitting import Group, fit
from bot.views.message import button_block, button_rows
from schedules.domain.chat import Button
from schedules.domain.facts import OwnCall
from schedules.domain.home import (
    CoordinatorDesk,
    DeclinedCall,
    FailedDelivery,
    HomePage,
    LedTeam,
    MeetingLine,
    OwnCase,
    Proposal,
    SilentCall,
    UrgentCount,
    WaitingReferral,
)
from schedules.texts import buttons as shared
from schedules.texts.words import LANGUAGES, Words

T = TypeVar("T")


def home(page: HomePage, words: Words) -> View:
    """The page, 100 blocks at most."""
    top = _top(page, words)
    duty = duty_groups(page.duty, words)
    groups = [*_desk(page.coordinator, words), *_own(page, words)]
    empty = [] if groups else [b.words_section(words("home.empty"))]
    shown = [*empty, *fit([*groups, *duty], b.HOME_BLOCKS - len(top) - len(empty))]
    return {"type": "home", "blocks": [*top, *shown]}


def _top(page: HomePage, words: Words) -> list[Block]:
    languages = b.options((code, words(f"language.{code}")) for code in LANGUAGES)
    choice = {**b.select(languages, words("language.placeholder"), page.language), "action_id": "language"}
    raise_case = [button_block(button("referral_new", "new", words))] if page.may_raise else []
    return [
        b.header(words("home.title", name=b.cut(b.one_line(page.name), 100))),
        b.actions([*raise_case, choice]),
        *_setting(page.comes_unless_declined, words),
    ]


def _setting(comes: bool | None, words: Words) -> list[Block]:  # noqa: FBT001  the page's own field
    """Whether a representative's silence is a yes, and the button to change it."""
    if comes is None:
        return []
    told = words("home.comes_unless_declined" if comes else "home.answers_each_call")
    return [
        b.section(
            b.escape(told), button_block(button("comes_unless_declined", "no" if comes else "yes", words))
        )
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
        *_group("home.silent", desk.silent, _silent, words),
        *_group("home.waiting", desk.waiting, _waiting, words),
        *_group("home.empty_meetings", desk.empty, _empty, words),
        *_group("home.failed", desk.failed, _failed, words),
    ]
    if not groups:
        nothing = b.words_section(words("home.nothing_to_decide"))
        groups = [Group((nothing,), (), lambda left: b.context(str(left)))]
    meetings = _group("home.meetings", desk.meetings, _meeting, words)
    return [
        *groups,
        *meetings,
        *_group("home.urgent", desk.urgent, _urgent, words),
        *_group("home.teams", desk.teams, _team, words),
    ]


def _own(page: HomePage, words: Words) -> list[Group]:
    return [
        *_group("home.calls", page.calls, _call, words),
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
    names = [*shared.ways(one.invitation, one.ways, words), shared.show(one.referral, words)]
    return [b.section(lines.declined(one, words)), *button_rows(names)]


def _silent(one: SilentCall, words: Words) -> list[Block]:
    names = [("answer_record", one.meeting), ("booking_move", one.booking), ("case_show", one.referral)]
    return [b.section(lines.silent(one, words)), *_buttons(names, words)]


def _waiting(one: WaitingReferral, words: Words) -> list[Block]:
    show = button_block(button("case_show", one.referral, words))
    return [b.section(lines.waiting(one, words), show)]


def _failed(one: FailedDelivery, words: Words) -> list[Block]:
    return [b.section(lines.failed(one, words))]


def _urgent(one: UrgentCount, words: Words) -> list[Block]:
    show = button_block(button("urgent_show", one.team, words))
    return [b.section(lines.urgent(one, words), show)]


def _meeting(one: MeetingLine, words: Words) -> list[Block]:
    record = [("answer_record", one.meeting)] if one.calls else []
    names = [*record, ("meeting_move", one.meeting), ("meeting_cancel", one.meeting)]
    return [b.section(lines.meeting(one, words)), *_buttons(names, words)]


def _empty(one: MeetingLine, words: Words) -> list[Block]:
    told = lines.text(lines.meeting_title(one.facts, words), words("home.no_case"))
    return [b.section(told), *_buttons([("meeting_release", one.meeting)], words)]


def _team(one: LedTeam, words: Words) -> list[Block]:
    """The changes of the team's meetings, and whether its channel is told of free times."""
    names = [("team_extra", one.team), ("team_single", one.team), ("team_close", one.team)]
    shown = [button(action, value, words) for action, value in names]
    told = ""
    if one.posts is not None:
        told = words("home.posts.on" if one.posts else "home.posts.off")
        label = words("interface.button.posts_off" if one.posts else "interface.button.posts_on")
        shown.append(Button("team_posts", one.team, label))
    return [b.section(lines.text(one.name, told)), *button_rows(shown)]


def _call(one: OwnCall, words: Words) -> list[Block]:
    names = list(shared.answers(one.public_id, one.answer, words)) if one.party else []
    names.append(shared.show(one.referral, words))
    if one.party and not one.identity_known:
        names.append(shared.identity_known(one.public_id, words))
    return [b.section(lines.call(one, words)), *button_rows(names)]


def _case(one: OwnCase, words: Words) -> list[Block]:
    return [b.section(lines.own_case(one, words)), *_buttons(lines.case_buttons(one), words)]
