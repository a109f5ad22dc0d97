"""The modal `person_asked`: whether the person takes part in the meeting, and how. Pure."""

from __future__ import annotations

from bot.views import blocks as b
from bot.views.blocks import View
from schedules.domain.cases import PersonTakesPart
from schedules.texts import terms
from schedules.texts.words import Words

CALLBACK = "person_asked"
ANSWERS = (PersonTakesPart.IN_ROOM, PersonTakesPart.ONLINE, PersonTakesPart.NO)


def person_asked(referral: str, reference: str, words: Words) -> View:
    """The modal.

    Args:
        referral: the referral's id.
        reference: Samtid's own reference.
        words: the reader's language.
    """
    said = b.radio(b.options((one.value, terms.takes_part(one, words)) for one in ANSWERS))
    label = words("person_asked.label", reference=reference)
    return b.modal(
        CALLBACK,
        words("person_asked.title"),
        [b.input_block("person_takes_part", label, said, hint=words("person_asked.hint"))],
        close=words("modal.cancel"),
        submit=words("person_asked.submit"),
        metadata={"referral": referral},
    )
