"""The modal `invitation_decline`: why not, and who comes instead, where that is known. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.views import blocks as b
from bot.views.blocks import Named, View
from schedules.domain.plan import DeclineReason
from schedules.texts.words import Words

CALLBACK = "invitation_decline"


def decline(invitation: str, reference: str, deputies: Sequence[Named], words: Words) -> View:
    """The modal; without free colleagues it asks for no deputy.

    Args:
        invitation: the invitation's public id.
        reference: Samtid's own reference.
        deputies: the party's representatives who are free (person id, name), in the team's order.
        words: the reader's language.
    """
    then = "invitation_decline.next" if deputies else "invitation_decline.nobody"
    reasons = b.options((one.value, words(f"answer_page.reason.{one.value}")) for one in DeclineReason)
    fields = [
        b.words_section(words("invitation_decline.told", reference=reference)),
        b.input_block("reason", words("invitation_decline.reason.label"), b.radio(reasons)),
    ]
    if deputies:
        offered = b.options((one.id, one.name) for one in deputies)
        fields.append(
            b.input_block(
                "deputy",
                words("invitation_decline.deputy.label"),
                b.select(offered, words("invitation_decline.deputy.placeholder")),
                hint=words("invitation_decline.deputy.hint"),
                optional=True,
            )
        )
    return b.modal(
        CALLBACK,
        words("invitation_decline.title"),
        [*fields, b.context(b.escape(words(then)))],
        close=words("modal.cancel"),
        submit=words("invitation_decline.submit"),
        metadata={"invitation": invitation},
    )
