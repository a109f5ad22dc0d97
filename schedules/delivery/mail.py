"""The mail channel's sender: an outbox row's payload becomes bytes and goes to the transport."""

import json
from dataclasses import dataclass

from schedules.domain.messages import MailMessage
from schedules.ports import MailTransport, OutboxRow, SendFailed


@dataclass(frozen=True, slots=True)
class MailSender:
    """A `Sender` of mails whose payload is a `MailMessage` in JSON.

    After an unknown outcome it simply sends again: the same Message-ID, UID and SEQUENCE change no calendar.
    """

    transport: MailTransport

    def send(self, row: OutboxRow) -> str | None:
        """Send the mail; the reference is its Message-ID, as JSON.

        Raises:
            SendFailed: see `MailTransport`; `mail_unreadable` (permanent) when the row is no mail.
        """
        built = _built(row.payload)
        if built is None:
            raise SendFailed("mail_unreadable", permanent=True)
        message, raw = built
        self.transport.send(message.from_email, message.to_email, raw)
        return json.dumps({"message_id": message.message_id})


def _built(payload: str) -> tuple[MailMessage, bytes] | None:
    """The message and its bytes; None instead of an error, whose text might quote the payload."""
    # icalendar is loaded with the first mail, not at the start.
    from schedules.delivery.itip import UnsupportedZone  # noqa: PLC0415
    from schedules.delivery.mime import mail_bytes  # noqa: PLC0415

    try:
        message = MailMessage.from_json(payload)
        return message, mail_bytes(message)
    except (ValueError, UnsupportedZone):
        return None
