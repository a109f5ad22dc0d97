"""A case was changed while its time stays: what is new, in open words."""

from __future__ import annotations

from collections.abc import Sequence

from schedules.domain.change_case import Changed
from schedules.domain.chat import ChatMessage, Section
from schedules.domain.facts import CaseFacts
from schedules.texts import buttons, phrases
from schedules.texts.compose import compose
from schedules.texts.words import Words


def case_changed(
    reference: str,
    case: CaseFacts | None,
    what: Sequence[Changed],
    language: str | None,
    *,
    referral_id: str,
) -> ChatMessage:
    """The message; the question itself is only in the case, behind the button.

    Args:
        reference: the case's running reference.
        case: the open facts as they are now, None while the case waits.
        what: what was changed.
        language: the reader's.
        referral_id: what `case_show` carries.
    """
    words = Words(language)
    text = words("case_changed.waiting", reference=reference)
    if case is not None:
        text = words("case_changed.text", reference=reference, when=phrases.when(case, words))
    changed = words("case_changed.what", what=words.all_of([words(f"case_changed.{one}") for one in what]))
    lines = (text, changed, words("case_changed.then")) if case else (text, changed)
    title = words("case_changed.title", reference=reference)
    return compose(words, text, (Section(title, lines, None, (buttons.show(referral_id, words),)),))
