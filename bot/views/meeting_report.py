"""The modal `meeting_report`: what came of one case, filled in from the answers. Pure.

Only what the chosen outcome asks for is shown; Slack keeps what was typed in the fields that stay.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from bot.forms.limits import LIMITS
from bot.views import blocks as b
from bot.views.blocks import Block, View
from bot.views.referral_details import booked_time
from schedules.domain.figures.facts import Decision, Outcome, TookPart
from schedules.domain.meeting_report import ENDS, NotHeldReason, Result
from schedules.services.report_meeting import ReportShown
from schedules.texts.words import Words

CALLBACK = "meeting_report"
AMEND = "report_amend"


def meeting_report(shown: ReportShown, words: Words, outcome: Outcome | None = None) -> View:
    """The form; `outcome` is what is chosen so far."""
    held = outcome is not Outcome.NOT_HELD
    return b.modal(
        CALLBACK,
        words("meeting_report.title"),
        [
            b.words_section(
                words(
                    "meeting_report.case",
                    reference=shown.facts.reference,
                    time=booked_time(shown.facts, words),
                )
            ),
            _radio("outcome", Outcome, outcome, words, dispatch=True),
            *(_new_meeting(shown, words) if outcome is Outcome.NEW_MEETING else ()),
            *(_taken_up(shown, words) if held else (_radio("not_held", NotHeldReason, None, words),)),
        ],
        close=words("modal.cancel"),
        submit=words("meeting_report.submit"),
        metadata={"booking": shown.booking, "meeting": shown.meeting},
    )


def report_amendment(shown: ReportShown, words: Words) -> View:
    """The form that changes a report, filled in with it; what it has set going cannot be chosen anew."""
    result = shown.result
    outcome = result.outcome if result else None
    ends = [one for one in _named("outcome", Outcome, words) if one[0] in ENDS]
    started = words("meeting_report.outcome_stays") if outcome not in ENDS else ""
    return b.modal(
        AMEND,
        words("report_amend.title"),
        [
            b.words_section(
                words(
                    "meeting_report.case",
                    reference=shown.facts.reference,
                    time=booked_time(shown.facts, words),
                )
            ),
            *([b.words_section(started)] if started else [_radio_of("outcome", ends, outcome, words)]),
            *_taken_up(shown, words),
        ],
        close=words("modal.cancel"),
        submit=words("report_amend.submit"),
        metadata={"booking": shown.booking, "outcome": outcome.value if outcome else ""},
    )


def _taken_up(shown: ReportShown, words: Words) -> list[Block]:
    result = shown.result or Result(Outcome.PLAN_AGREED)
    return [
        _boxes("present", shown.called, shown.coming, words, hint="meeting_report.present.hint"),
        _radio("took_part", TookPart, result.took_part or shown.took_part, words),
        _boxes("decisions", _named("decisions", Decision, words), result.decisions, words),
        _boxes("missed", shown.team, result.missed, words),
        b.input_block(
            "agreed",
            words("meeting_report.agreed.label"),
            b.text_input(LIMITS["agreed"], multiline=True, initial=result.agreed),
            hint=words("meeting_report.agreed.hint"),
            optional=True,
        ),
    ]


def _new_meeting(shown: ReportShown, words: Words) -> list[Block]:
    hint = words("meeting_report.next_from.hint")
    when = b.input_block(
        "next_from", words("meeting_report.next_from.label"), b.date_input(), hint=hint, optional=True
    )
    if not shown.may_come:
        return [b.words_section(words("meeting_report.nobody_may_come")), when]
    parties = _boxes(
        "next_parties",
        shown.may_come,
        shown.wanted,
        words,
        hint="meeting_report.next_parties.hint",
        optional=False,
    )
    return [parties, when]


def _named(field: str, kind: type[StrEnum], words: Words) -> list[tuple[str, str]]:
    return [(one.value, words(f"meeting_report.{field}.{one.value}")) for one in kind]


def _radio(
    field: str, kind: type[StrEnum], initial: StrEnum | None, words: Words, *, dispatch: bool = False
) -> Block:
    return _radio_of(field, _named(field, kind, words), initial, words, dispatch=dispatch)


def _radio_of(
    field: str,
    offered: Iterable[tuple[str, str]],
    initial: StrEnum | None,
    words: Words,
    *,
    dispatch: bool = False,
) -> Block:
    element = b.radio(b.options(offered), initial.value if initial else None)
    return b.input_block(field, words(f"meeting_report.{field}.label"), element, dispatch=dispatch)


def _boxes(
    field: str,
    offered: Iterable[tuple[str, str]],
    initial: Iterable[str],
    words: Words,
    *,
    hint: str | None = None,
    optional: bool = True,
) -> Block:
    placeholder = words("meeting_report.choose")
    element = b.boxes_or_multi(b.options(offered), placeholder, initial)
    label = words(f"meeting_report.{field}.label")
    return b.input_block(field, label, element, hint=words(hint) if hint else None, optional=optional)
