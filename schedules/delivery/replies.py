"""What a mail in our mailbox is: an answer, a proposal, a bounce, an automatic answer, or nothing of ours.

The caller marks as handled what became a command or was recorded; `Unreadable` and `Other` stay untouched.
"""

import re
from email.message import Message
from email.parser import BytesParser

from schedules.delivery.incoming_bounce import report_in
from schedules.delivery.incoming_calendar import answer_in
from schedules.delivery.incoming_headers import answered_id, header, message_id, sender_of
from schedules.delivery.incoming_parts import calendars_in, holds_tnef
from schedules.domain.incoming import (
    Counter,
    IncomingMail,
    Other,
    OutOfOffice,
    Reply,
    Unreadable,
    UnreadableReason,
)

_AUTOREPLY_FIELDS = ("X-Autoreply", "X-Autorespond", "X-Autoresponse", "X-Autoreply-From")
_FIRST_WORD = re.compile(r"[a-z_-]*")


def read_reply(raw: bytes) -> IncomingMail:
    """What the mail is. Never raises, whatever `raw` holds; never carries text of the mail.

    A calendar answer goes before the marks of an automatic one: calendars answer by themselves too, and that
    is their owner's answer.
    """
    try:
        mail = BytesParser().parsebytes(raw)
        return _read(mail)
    except Exception:  # noqa: BLE001  one mail, broken in a way nobody thought of, must not stop the mailbox
        return Unreadable(UnreadableReason.MAIL, None)


def _read(mail: Message) -> IncomingMail:
    report = report_in(mail)
    if report is not None:
        return report
    answer = _calendar_answer(mail)
    if isinstance(answer, (Reply, Counter)):
        return answer
    if _is_automatic(mail):
        return OutOfOffice(sender_of(mail), answered_id(mail), message_id(mail))
    if answer is None and holds_tnef(mail):
        return Unreadable(UnreadableReason.TNEF, message_id(mail))
    return answer or Other(message_id(mail), sender_of(mail))


def _calendar_answer(mail: Message) -> Reply | Counter | Unreadable | Other | None:
    """The first part that is an answer; else what the first calendar part is; None without one.

    The same answer often stands in a mail twice, and only one of them may be whole.
    """
    sender, identity = sender_of(mail), message_id(mail)
    first: Unreadable | Other | None = None
    for calendar in calendars_in(mail):
        answer = answer_in(calendar, sender, identity)
        if isinstance(answer, (Reply, Counter)):
            return answer
        first = first or answer
    return first


def _is_automatic(mail: Message) -> bool:
    """Whether a program answered in somebody's place (RFC 3834 5; the rest by custom).

    What newsletters and notices bear too counts only in an answer to a mail.
    """
    submitted, precedence = _word(mail, "Auto-Submitted"), _word(mail, "Precedence")
    if submitted == "auto-replied" or precedence == "auto_reply":
        return True
    if any(_word(mail, name) not in ("", "no") for name in _AUTOREPLY_FIELDS):
        return True
    perhaps = (
        submitted == "auto-generated" or precedence in ("bulk", "junk") or header(mail, "Return-Path") == "<>"
    )
    return perhaps and answered_id(mail) is not None


def _word(mail: Message, name: str) -> str:
    """The field's first word, lower-case: a comment or parameter may follow."""
    found = _FIRST_WORD.match(header(mail, name).lower())
    return found[0] if found else ""
