"""The modal `booking_move`: another time among the next suitable ones. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.views import blocks as b
from bot.views.blocks import View
from bot.views.referral_details import booked_time, offered_time
from schedules.domain.facts import CaseFacts, TimeOffer
from schedules.texts.terms import opening
from schedules.texts.words import Words

CALLBACK = "booking_move"


def choose_time(
    booking: str, reference: str, facts: CaseFacts | None, offers: Sequence[TimeOffer], words: Words
) -> View:
    """The modal with up to ten times; without any, only the words that there is none.

    Args:
        booking: the booking's public id.
        reference: Samtid's own reference.
        facts: the booking as it is now, None when that is not known.
        offers: suitable times, earliest first.
        words: the reader's language.
    """
    now = words("booking_move.now", reference=reference, time=booked_time(facts, words)) if facts else ""
    told = [b.words_section(now or words("booking_move.now.waiting", reference=reference))]
    title, close = words("booking_move.title"), words("modal.cancel")
    if not offers:
        told.append(b.words_section(words("booking_move.none")))
        return b.modal(CALLBACK, title, told, close=words("modal.close"), metadata={"booking": booking})
    field = b.input_block(
        "slot",
        words("booking_move.slot.label"),
        b.radio(b.options((offer.slot, opening(offered_time(offer, words))) for offer in offers)),
        hint=words("booking_move.slot.hint"),
    )
    submit = words("booking_move.submit")
    return b.modal(CALLBACK, title, [*told, field], close=close, submit=submit, metadata={"booking": booking})
