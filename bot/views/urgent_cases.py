"""The modal `urgent_cases`: who marks what as urgent, and why. Protected: for the coordinator. Pure."""

from __future__ import annotations

from bot.views import blocks as b
from bot.views.blocks import Block, View
from bot.views.fitting import Group, Shown, fit
from schedules.domain.urgent import UrgentCase, UrgentPage, UrgentParty
from schedules.texts.words import Words

CALLBACK = "urgent_cases"
MODAL_BLOCKS = 100
REASON = 600


def urgent_cases(page: UrgentPage, words: Words) -> View:
    """The modal, without `submit`: there is nothing to fill in."""
    term = {"first": words.day_and_year(page.first), "last": words.day_and_year(page.last)}
    head = b.words_section(words("urgent_cases.told", team=page.team, **term))
    note = b.context(b.escape(words("case_view.protected_note")))
    shown = fit([_party(one, words) for one in page.parties], MODAL_BLOCKS - 2)
    if not page.parties:
        shown = [b.words_section(words("urgent_cases.none"))]
    title = words("urgent_cases.title")
    return b.modal(CALLBACK, title, [head, *shown, note], close=words("modal.close"))


def _party(one: UrgentParty, words: Words) -> Group:
    counted = words.count("urgent_cases.party", len(one.cases), party=one.party, raised=one.raised)
    items = tuple(tuple(_case(case, words)) for case in one.cases)
    begins = (b.divider(), b.section(b.bold(counted)))

    def rest(shown: Shown) -> Block:
        return b.context(b.escape(words.count("list.more", shown.total - shown.count)))

    return Group(one.party, lambda _: begins, items, rest)


def _case(case: UrgentCase, words: Words) -> list[Block]:
    """The reason is somebody's own words: plain text, so that Slack reads no markup in it."""
    status, day = words(f"status.{case.status.value}"), words.day(case.raised_on)
    head = words("urgent_cases.case", reference=case.reference, day=day, status=status)
    closed = f"sealed.{case.seal.value}.title" if case.seal else "urgent_cases.no_reason"
    reason = case.reason or words(closed)
    return [b.words_section(b.cut(f"{head}\n{reason}", REASON))]
