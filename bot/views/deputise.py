"""The modal `invitation_deputise`: who of the party's other representatives comes instead. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.views import blocks as b
from bot.views.blocks import Named, View
from schedules.texts.words import Words

CALLBACK = "invitation_deputise"


def deputise(invitation: str, reference: str, deputies: Sequence[Named], words: Words) -> View:
    """The modal; without other representatives, only the words on what to do.

    Args:
        invitation: the invitation's public id.
        reference: Samtid's own reference.
        deputies: the party's other representatives (person id, name), in the team's order.
        words: the reader's language.
    """
    title, metadata = words("invitation_deputise.title"), {"invitation": invitation}
    if not deputies:
        told = [b.words_section(words("invitation_deputise.none"))]
        return b.modal(CALLBACK, title, told, close=words("modal.close"), metadata=metadata)
    placeholder = words("invitation_deputise.deputy.placeholder")
    field = b.input_block(
        "deputy",
        words("invitation_deputise.deputy.label"),
        b.select(b.options((one.id, one.name) for one in deputies), placeholder),
        hint=words("invitation_deputise.deputy.hint"),
    )
    return b.modal(
        CALLBACK,
        title,
        [b.words_section(words("invitation_deputise.told", reference=reference)), field],
        close=words("modal.cancel"),
        submit=words("invitation_deputise.submit"),
        metadata=metadata,
    )
