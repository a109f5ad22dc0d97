"""The modal `consent_withdraw`: what blocking a case means, before it happens. Pure."""

from __future__ import annotations

from bot.views import blocks as b
from bot.views.blocks import View
from bot.views.referral_details import booked_time
from schedules.services.block_case import ToBlock
from schedules.texts.words import Words

CALLBACK = "consent_withdraw"
MEANS = ("nobody_sees", "ended", "kept", "no_way_back")


def block_case(shown: ToBlock, words: Words) -> View:
    """The question; its one button blocks the case. The person is asked for nothing but the reader's yes."""
    reference = shown.referral.reference
    freed = [words("block.time", time=booked_time(shown.facts, words))] if shown.facts else []
    means = [words(f"block.{one}") for one in MEANS]
    return b.modal(
        CALLBACK,
        words("block.title"),
        [
            b.header(reference),
            b.words_section(words("block.text")),
            b.section("\n".join(f"• {b.escape(line)}" for line in (*freed, *means))),
        ],
        close=words("modal.cancel"),
        submit=words("block.submit"),
        metadata={"referral": shown.referral.id},
    )
