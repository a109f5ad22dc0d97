"""Bounces: a mail server's report that a mail of ours did not arrive (RFC 3464), and its older forms."""

from collections.abc import Iterator
from email.message import Message
from email.parser import HeaderParser

from schedules.delivery.incoming_headers import address, answered_id, header, message_id, sender_of
from schedules.delivery.incoming_parts import parts_of
from schedules.domain.incoming import Bounce, Other, Unreadable, UnreadableReason

_STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")
_ORIGINAL_TYPES = (
    "message/rfc822",
    "text/rfc822-headers",
    "message/global",
    "message/global-headers",
)
_ARRIVED = ("delivered", "relayed", "expanded")


def report_in(mail: Message) -> Bounce | Unreadable | Other | None:
    """What the mail reports; `Other` for a receipt or a delivery; None when it is no report."""
    if mail.get_content_type() == "multipart/report":
        return _delivery_report(mail)
    if header(mail, "X-Failed-Recipients"):  # Exim, and those that copied it
        recipient = address(header(mail, "X-Failed-Recipients").partition(",")[0])
        return Bounce(recipient, _original_id(mail), permanent=True, message_id=message_id(mail))
    if (sender_of(mail) or "").partition("@")[0] in ("mailer-daemon", "mail-daemon"):
        return Unreadable(UnreadableReason.BOUNCE, message_id(mail))
    return None


def _delivery_report(mail: Message) -> Bounce | Unreadable | Other:
    status = [part for part in parts_of(mail) if part.get_content_type() in _STATUS_TYPES]
    if not status:  # a read receipt (RFC 8098), an abuse report
        return Other(message_id(mail))
    blocks = [block for block in _blocks(status[0]) if _action(block)]
    if not blocks:
        return Unreadable(UnreadableReason.BOUNCE, message_id(mail))
    late = [block for block in blocks if _action(block) not in _ARRIVED]
    if not late:
        return Other(message_id(mail))
    worst = min(late, key=lambda block: _action(block) != "failed")
    return Bounce(
        _recipient(worst) or _original_recipient(mail),
        _original_id(mail),
        permanent=_action(worst) == "failed",
        message_id=message_id(mail),
    )


def _blocks(status: Message) -> Iterator[Message]:
    """The groups of fields: one about the message, one for each recipient (RFC 3464 2.1)."""
    payload = status.get_payload()
    blocks = [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []
    for block in blocks:
        yield block
        rest = block.get_payload()
        if isinstance(rest, str):  # the email library takes only message/delivery-status apart
            yield from (HeaderParser().parsestr(group) for group in rest.split("\n\n"))


def _action(block: Message) -> str:
    return header(block, "Action").partition(" ")[0].lower()


def _recipient(block: Message) -> str | None:
    """The address that we wrote to goes before the one that it was forwarded to."""
    for name in ("Original-Recipient", "Final-Recipient"):
        found = address(header(block, name).rpartition(";")[2].strip("<> "))
        if found is not None:
            return found
    return None


def _original_recipient(mail: Message) -> str | None:
    return next((address(header(one, "To").rpartition("<")[2].strip("> ")) for one in _originals(mail)), None)


def _original_id(mail: Message) -> str | None:
    """The Message-ID of the mail that came back."""
    found = (message_id(original) for original in _originals(mail))
    return next((one for one in found if one is not None), None) or answered_id(mail)


def _originals(mail: Message) -> Iterator[Message]:
    """The returned mail, or its header fields (RFC 3462)."""
    for part in parts_of(mail):
        if part.get_content_type() not in _ORIGINAL_TYPES:
            continue
        payload = part.get_payload()
        if isinstance(payload, list):
            yield from (one for one in payload if isinstance(one, Message))
        else:
            text = part.get_payload(decode=True)
            yield HeaderParser().parsestr(text.decode("latin-1") if isinstance(text, bytes) else "")
