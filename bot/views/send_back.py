"""The modal `booking_send_back`: the coordinator returns a referral with a reason. Pure."""

from __future__ import annotations

from bot.forms.limits import LIMITS
from bot.views import blocks as b
from bot.views.blocks import View
from schedules.texts.words import Words

CALLBACK = "booking_send_back"


def send_back(booking: str, reference: str, words: Words) -> View:
    """The modal. The reason is protected: only the referrer's form shows it.

    Args:
        booking: the booking's public id.
        reference: Samtid's own reference.
        words: the reader's language.
    """
    reason = b.input_block(
        "reason",
        words("booking_send_back.reason.label"),
        b.text_input(LIMITS["reason"], multiline=True),
        hint=words("booking_send_back.reason.hint"),
    )
    return b.modal(
        CALLBACK,
        words("booking_send_back.title"),
        [b.words_section(words("booking_send_back.told", reference=reference)), reason],
        close=words("modal.cancel"),
        submit=words("booking_send_back.submit"),
        metadata={"booking": booking},
    )
