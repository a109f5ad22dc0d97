"""The modal with what came of a case's time, for those allowed to see it. Pure.

Who is allowed is decided, and recorded, before this is built (promise 6).
"""

from __future__ import annotations

from bot.views import blocks as b
from bot.views.blocks import Block, View
from bot.views.buttons import button
from bot.views.message import button_rows
from bot.views.referral_details import booked_time
from schedules.domain.figures.facts import Feedback
from schedules.services.feedback import ResultPage
from schedules.texts.words import Words

CALLBACK = "result_view"
LINE = 700


def result_modal(page: ResultPage, words: Words) -> View:
    """The modal, without `submit`: there is nothing to fill in."""
    return b.modal(
        CALLBACK,
        words("result_view.title"),
        [
            b.header(page.facts.reference),
            b.section("\n".join(_rows(page, words))),
            *_agreed(page, words),
            *_told(page, words),
            *button_rows([button("report_amend", page.report.booking, words)] if page.may_amend else []),
            b.context(b.escape(words("case_view.protected_note"))),
        ],
        close=words("modal.close"),
        metadata={"booking": page.report.booking},
    )


def _rows(page: ResultPage, words: Words) -> list[str]:
    result = page.result
    decisions = [words(f"meeting_report.decisions.{one.value}") for one in result.decisions]
    rows: list[tuple[str, str | None]] = [
        ("time", booked_time(page.facts, words)),
        ("outcome", words(f"meeting_report.outcome.{result.outcome.value}")),
        ("not_held", words(f"meeting_report.not_held.{result.not_held.value}") if result.not_held else None),
        ("present", _names(result.present, page, words)),
        (
            "took_part",
            words(f"meeting_report.took_part.{result.took_part.value}") if result.took_part else None,
        ),
        ("decisions", "; ".join(decisions)),
        ("missed", _names(result.missed, page, words)),
    ]
    return [
        f"{b.bold(words(f'result_view.{name}'))} {b.escape_within(b.one_line(text), LINE)}"
        for name, text in rows
        if text
    ]


def _names(ids: tuple[str, ...], page: ResultPage, words: Words) -> str:
    return words.all_of([page.parties.get(one, one) for one in ids]) if ids else ""


def _agreed(page: ResultPage, words: Words) -> list[Block]:
    """What was written, as plain text: Slack reads no markup in it."""
    if not page.result.agreed:
        return []
    return [b.section(b.bold(words("result_view.agreed"))), b.words_section(page.result.agreed)]


def _told(page: ResultPage, words: Words) -> list[Block]:
    if page.report.feedback is Feedback.NOT_NEEDED:
        return []
    told = [b.words_section(words(f"result_view.feedback.{page.report.feedback.value}"))]
    return [
        *told,
        *button_rows([button("feedback_given", page.report.booking, words)] if page.may_tell else []),
    ]
