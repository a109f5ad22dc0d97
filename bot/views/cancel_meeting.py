"""The modal `meeting_cancel`: where each case would go, and why there, before anything happens. Pure."""

from __future__ import annotations

from bot.views import blocks as b
from bot.views.blocks import Block, View
from bot.views.referral_details import offered_time
from schedules.services.cancel_meeting import CancelPreview, CaseMove
from schedules.texts.reasons import why_not_earlier
from schedules.texts.words import Words

CALLBACK = "meeting_cancel"


def cancel_meeting(preview: CancelPreview, words: Words, *, changed: bool = False) -> View:
    """The preview; `changed` when the plan is another one than that shown before."""
    day = words.day(preview.facts.day)
    told = [b.words_section(words("meeting_cancel.changed"))] if changed else []
    told.append(b.words_section(words("meeting_cancel.told", day=day, team=preview.facts.team)))
    cases = [_case(move, words) for move in preview.moves[:30]]
    if not cases:
        cases = [b.words_section(words("meeting_cancel.no_cases"))]
    return b.modal(
        CALLBACK,
        words("meeting_cancel.title"),
        [*told, b.divider(), *cases, b.context(b.escape(words("meeting_cancel.then")))],
        close=words("modal.cancel"),
        submit=words("meeting_cancel.submit"),
        metadata={"meeting": preview.meeting, "plan": preview.fingerprint},
    )


def _case(move: CaseMove, words: Words) -> Block:
    where = offered_time(move.after, words) if move.after else words("meeting_cancel.waits")
    lines = [b.bold(words("changes.case", reference=move.reference)), b.escape(where)]
    lines += [b.escape(line) for line in why_not_earlier(move.passed_over, words)]
    return b.section(b.cut("\n".join(lines), b.SECTION))
