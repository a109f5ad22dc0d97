"""The modal of one meeting for its coordinator: the agenda in order, and one button a case. Pure."""

from __future__ import annotations

from bot.views import blocks as b
from bot.views import lines
from bot.views.blocks import Block, View
from bot.views.buttons import button
from bot.views.message import button_rows
from bot.views.referral_details import booked_time
from schedules.domain.home import CallState
from schedules.domain.meeting_page import AgendaCase, MeetingPage
from schedules.services.report_meeting import Reported
from schedules.texts import terms
from schedules.texts.words import Words

CALLBACK = "meeting_page"


def meeting_page(page: MeetingPage, words: Words, done: Reported | None = None) -> View:
    """The meeting; `done` is the report that has just been made, told at the top."""
    shown = [block for case in page.cases for block in (b.divider(), *_case(case, words))]
    empty = [] if page.cases else [b.words_section(words("home.no_case"))]
    place = [b.words_section(page.facts.place)] if page.facts.place else []
    link = [b.section(b.link(page.facts.link, words("meeting_page.link")))] if page.facts.link else []
    return b.modal(
        CALLBACK,
        words("meeting_page.title"),
        [
            *([b.words_section(reported(done, words))] if done else []),
            b.header(lines.meeting_title(page.facts, words)),
            *place,
            *link,
            *empty,
            *shown,
        ],
        close=words("modal.close"),
        metadata={"meeting": page.meeting},
    )


def reported(done: Reported, words: Words) -> str:
    """What a report led to."""
    said = words("meeting_page.repeated" if done.repeated else "meeting_page.done", reference=done.reference)
    if done.next is not None:
        return f"{said} {words('meeting_page.done.next', time=booked_time(done.next, words))}"
    return f"{said} {words('meeting_page.done.waits')}" if done.waits else said


def _case(case: AgendaCase, words: Words) -> list[Block]:
    facts = case.facts
    if case.seal is not None:
        time = f"{words.span(facts.start, facts.end)}, {facts.reference}"
        return [b.section(lines.text(time, words(f"sealed.{case.seal.value}.title")))]
    told = lines.text(
        f"{words.span(facts.start, facts.end)}, {facts.reference}",
        words("home.parties", parties=words.all_of(facts.parties)),
        terms.opening(terms.categories(facts.categories, words)),
        words(f"takes_part.{facts.person_takes_part.value}"),
        words("home.raised_by", person=facts.referrer),
        words("home.proposed") if case.proposed else "",
        *(_call(call, words) for call in case.calls),
        words("meeting_page.reported") if case.reported else "",
    )
    names = [("case_show", case.referral)]
    if case.may_report:
        names.insert(0, ("meeting_report", case.booking))
    if case.reported:
        names.append(("result_show", case.booking))
    return [b.section(told), *button_rows([button(action, value, words) for action, value in names])]


def _call(call: CallState, words: Words) -> str:
    who = f"{call.person}, {call.party}" if call.party else call.person
    silent = call.counts_as_coming and call.answer.value == "needs-action"
    answer = words("meeting_page.comes_silently" if silent else f"answer.{call.answer.value}")
    knows = words("case_view.knows" if call.identity_known else "case_view.does_not_know")
    return f"{who}: {answer}. {knows}"
