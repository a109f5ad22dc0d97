"""The App Home's part about absences and handovers. Pure."""

from __future__ import annotations

from bot.views import blocks as b
from bot.views.blocks import Block
from bot.views.buttons import button
from bot.views.fitting import Group
from bot.views.message import button_rows
from bot.views.paging import listed
from schedules.domain.home import AbsenceLine, ComingHandover, DutyDesk
from schedules.texts.words import Words


def duty_groups(desk: DutyDesk, words: Words) -> list[Group]:
    """The buttons that begin an absence or a handover, and what has been entered; nothing for a guest."""
    names = []
    if desk.may_enter:
        names.append(button("absence_new", "new", words))
    if desk.may_hand_over:
        names.append(button("handover_new", "new", words))
    if not names:
        return []
    items = [*_told(desk, words), *(_absence(one, words) for one in desk.absences)]
    rows = button_rows(names)
    return [listed("home.duty", items, lambda one, _: one, words, before=(b.divider(),), after_title=rows)]


def _told(desk: DutyDesk, words: Words) -> list[list[Block]]:
    stands_in = [words("home.duty.leads_for", person=person, team=team) for person, team in desk.leads_for]
    return [
        *([b.words_section(text)] for text in stands_in),
        *(_handover(one, words) for one in desk.handovers),
    ]


def _handover(one: ComingHandover, words: Words) -> list[Block]:
    day = words.day_and_year(one.from_date)
    text = words("home.duty.handover", team=one.team, person=one.person, successor=one.successor, day=day)
    taken_back = [] if one.take_back is None else [button("handover_take_back", one.take_back, words)]
    return [b.words_section(text), *button_rows(taken_back)]


def _absence(one: AbsenceLine, words: Words) -> list[Block]:
    key = "home.duty.own" if one.own else "home.duty.other"
    first, last = words.day_and_year(one.from_date), words.day_and_year(one.to_date)
    text = words(key, person=one.person, first=first, last=last)
    names = ("absence_change", "absence_take_back")
    return [b.words_section(text), *button_rows([button(name, one.absence, words) for name in names])]
