"""The modal `…_confirm`: what a change of meetings means for each case, before anything happens. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from bot.views import blocks as b
from bot.views.blocks import Block, View
from bot.views.referral_details import offered_time
from schedules.services.replanning import CaseMove, PlanPreview
from schedules.texts import terms
from schedules.texts.reasons import why_not_earlier
from schedules.texts.words import Words

SHOWN = 80  # of a modal's 100 blocks


def plan_preview(
    change: str, preview: PlanPreview, fields: Mapping[str, str], words: Words, *, changed: bool = False
) -> View:
    """The preview.

    Args:
        change: `meeting_cancel`, `meeting_move`, `team_extra`, `team_single` or `team_close`.
        preview: what would happen.
        fields: what the form held, to be confirmed.
        words: the reader's language.
        changed: the plan is another one than that shown before.
    """
    told = [b.words_section(words("plan_preview.changed"))] if changed else []
    told += [b.words_section(line) for line in _told(change, preview, words)]
    if not preview.proven:
        told.append(b.words_section(words("plan_preview.not_proven")))
    cases = [_case(move, words) for move in preview.moves[:SHOWN]]
    if not cases:
        cases = [b.words_section(words(f"plan_preview.no_cases.{change}"))]
    if left := len(preview.moves) - SHOWN:
        cases += [b.context(b.escape(words.count("list.more", left)))] if left > 0 else []
    return b.modal(
        f"{change}_confirm",
        words(f"plan_preview.title.{change}"),
        [*told, b.divider(), *cases, b.context(b.escape(words("plan_preview.then")))],
        close=words("modal.cancel"),
        submit=words(f"plan_preview.submit.{change}"),
        metadata={**fields, "subject": preview.subject, "plan": preview.fingerprint},
    )


def _told(change: str, preview: PlanPreview, words: Words) -> list[str]:
    """Which meetings it is about; a period may have none."""
    if not preview.facts:
        return [words("team_close.no_meetings")]
    first = preview.facts[0]
    times = [words("when", day=words.day(m.day), span=words.span(m.start, m.end)) for m in preview.facts]
    lines = [words(f"plan_preview.told.{change}", when=words.all_of(times[:SHOWN]), team=first.team)]
    if change not in {"team_close", "meeting_cancel"} and first.place:
        lines.append(words("place", place=first.place))
    return [*lines, words("plan_preview.nothing_yet")]


def _case(move: CaseMove, words: Words) -> Block:
    where = terms.opening(offered_time(move.after, words)) if move.after else words("plan_preview.waits")
    if move.stays:
        where = words("plan_preview.stays", when=offered_time(move.after, words) if move.after else "")
    lines = [b.bold(words("changes.case", reference=move.reference)), b.escape(where)]
    lines += [
        b.escape(words("plan_preview.instead", party=party, before=before, after=after))
        for party, before, after in move.instead
    ]
    lines += [b.escape(line) for line in why_not_earlier(move.passed_over, words)]
    return b.section(b.cut("\n".join(lines), b.SECTION))
