"""The modal `case_change`: change a case that has a time or waits for one. Pure.

The consent is asked for only while a party is ticked that it does not name. A change that moves the case is
shown first, above the fields, which keep what was typed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.views import blocks as b
from bot.views.blocks import Block, Named, View
from bot.views.referral_details import booked_time, offered_time
from bot.views.referral_submit import (
    Prefill,
    ReferralForm,
    question_fields,
    takes_part_field,
    urgency_fields,
)
from schedules.domain.change_case import ChangeCase
from schedules.services.change_case import MovePreview
from schedules.services.change_form import ChangeShown
from schedules.texts.reasons import why_not_earlier
from schedules.texts.words import Words

CALLBACK = "case_change"


@dataclass(frozen=True, slots=True)
class ChangeForm:
    """What the form shows: as stored, or as typed so far. None in `chosen` or `urgent`: not touched yet."""

    shown: ChangeShown
    chosen: tuple[str, ...] | None = None
    urgent: bool | None = None
    typed: ChangeCase | None = None
    preview: MovePreview | None = None

    @property
    def ticked(self) -> tuple[str, ...]:
        """The parties ticked besides the referrer's own."""
        if self.chosen is not None:
            return self.chosen
        return self.typed.parties if self.typed else self.shown.referral.parties


def case_change(form: ChangeForm, words: Words) -> View:
    """The modal; with a preview its button says that the case moves."""
    shown, preview = form.shown, form.preview
    metadata = {"referral": shown.referral.id, "seen": shown.seen}
    fields = _filled(form)
    return b.modal(
        CALLBACK,
        words("case_change.title"),
        [
            *_now(shown, words),
            *(_preview(preview, words) if preview else ()),
            _parties(form, words),
            *_consent(form, words),
            *question_fields(fields, words),
            takes_part_field(fields, words),
            *urgency_fields(fields, words),
        ],
        close=words("modal.cancel"),
        submit=words("case_change.submit.move" if preview else "case_change.submit"),
        metadata={**metadata, "plan": preview.fingerprint} if preview else metadata,
    )


def _now(shown: ChangeShown, words: Words) -> list[Block]:
    reference = shown.referral.reference
    if shown.facts is None:
        return [b.words_section(words("case_change.now.waiting", reference=reference))]
    time = booked_time(shown.facts, words)
    return [b.words_section(words("booking_move.now", reference=reference, time=time))]


def _preview(preview: MovePreview, words: Words) -> list[Block]:
    told = [
        b.bold(words("case_change.moves")),
        *(b.escape(line) for line in why_not_earlier((preview.why,), words)),
        b.escape(words("case_change.moves.to", time=offered_time(preview.after, words))),
        *(b.escape(line) for line in why_not_earlier(preview.passed_over, words)),
    ]
    told.append(b.escape(words("case_change.moves.then", time=booked_time(preview.before, words))))
    return [b.section(b.cut("\n".join(told), b.SECTION)), b.divider()]


def _parties(form: ChangeForm, words: Words) -> Block:
    offered = b.options((one, name) for one, name in form.shown.parties)
    placeholder = words("referral_submit.parties.placeholder")
    element = b.boxes_or_multi(offered, placeholder, form.ticked)
    hint = words("case_change.parties.hint", party=form.shown.own_party[1])
    return b.input_block("parties", words("referral_submit.parties.label"), element, hint=hint, dispatch=True)


def _consent(form: ChangeForm, words: Words) -> list[Block]:
    """A new consent, to be ticked anew; nothing where the present one names all."""
    shown = form.shown
    if set(form.ticked) <= {*shown.covered, shown.own_party[0]}:
        return []
    leading = [shown.coordinator_party] if shown.coordinator_party else []
    ticked = [party for party in shown.parties if party[0] in form.ticked]
    names = dict((shown.own_party, *ticked, *leading))
    label = words("referral_submit.consent.label", parties=words.all_of(list(names.values())))
    given = b.options([("given", words("referral_submit.consent.given"))])
    typed = form.typed.consent_date if form.typed else None
    return [
        b.input_block(
            "consent",
            label,
            b.boxes(given, ["given"] if typed else []),
            hint=words("case_change.consent.hint"),
        ),
        b.input_block(
            "consent_date",
            words("referral_submit.consent_date.label"),
            b.date_input(typed.isoformat() if typed else None),
        ),
    ]


def _filled(form: ChangeForm) -> ReferralForm:
    """The fields that both forms share, with what is stored or was typed."""
    referral, protected, typed = form.shown.referral, form.shown.protected, form.typed
    if typed is not None:
        referral = replace(
            referral,
            categories=typed.categories,
            person_takes_part=typed.person_takes_part,
            urgency=typed.urgency,
        )
        protected = replace(protected, question=typed.question, urgency_reason=typed.urgency_reason)
    return ReferralForm(
        teams=(),
        own_party=Named(*form.shown.own_party),
        urgent=form.urgent,
        prefill=Prefill(referral, protected),
    )
