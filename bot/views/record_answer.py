"""The modal `record_answer`: the coordinator records what somebody said by phone. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.views import blocks as b
from bot.views.blocks import Named, View
from schedules.domain.plan import Answer
from schedules.texts.words import Words

CALLBACK = "record_answer"
ANSWERS = (Answer.ACCEPTED, Answer.DECLINED, Answer.TENTATIVE)


def record_answer(meeting: str, invitations: Sequence[Named], words: Words) -> View:
    """The modal; without anybody called, only the words that there is nobody.

    Args:
        meeting: the meeting's id.
        invitations: (public id, who and which case) of those called to the meeting.
        words: the reader's language.
    """
    title, metadata = words("record_answer.title"), {"meeting": meeting}
    if not invitations:
        told = [b.words_section(words("record_answer.none"))]
        return b.modal(CALLBACK, title, told, close=words("modal.close"), metadata=metadata)
    placeholder = words("record_answer.invitation.placeholder")
    who = b.select(b.options((one.id, one.name) for one in invitations), placeholder)
    said = b.radio(b.options((one.value, words(f"answer.{one.value}")) for one in ANSWERS))
    return b.modal(
        CALLBACK,
        title,
        [
            b.input_block("invitation", words("record_answer.invitation.label"), who),
            b.input_block(
                "answer",
                words("record_answer.answer.label"),
                said,
                hint=words("record_answer.answer.hint"),
            ),
        ],
        close=words("modal.cancel"),
        submit=words("record_answer.submit"),
        metadata=metadata,
    )
