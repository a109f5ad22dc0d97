"""What a mail outbox row carries: everything a mail says, fixed at the decision (promise 3).

A retry builds the same bytes from the same row, so nothing here is looked up or made up at the moment of
sending: not the date, not the Message-ID, not SEQUENCE or DTSTAMP. What would make a broken mail or a wrong
calendar is refused here, while the decision can still be undone.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar

Method = Literal["REQUEST", "CANCEL", "DECLINECOUNTER"]
Status = Literal["TENTATIVE", "CONFIRMED", "CANCELLED"]
Role = Literal["CHAIR", "REQ-PARTICIPANT", "OPT-PARTICIPANT"]
PartStat = Literal["NEEDS-ACTION", "ACCEPTED", "DECLINED", "TENTATIVE"]

# RFC 5322 dot-atom@domain in ASCII: what every mail server and calendar takes. A domain with å, ä or ö is
# written in its xn-- form.
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9.-]+")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9._=+-]+@[A-Za-z0-9.-]+>")
# No sign that a calendar would escape: answers are matched by the UID, letter for letter.
_UID = re.compile(r"[A-Za-z0-9@._-]+")
_URL = re.compile(r"https?://[!-~]+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*")
# A line break in a header field is how headers are smuggled in, and so is an encoded word (RFC 2047): the
# email library of Python 3.11 decodes `=?utf-8?q?=0D=0ABcc:...?=` and writes it out as a header of its own.
_UNFIT_FOR_HEADER = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]|=\?")

_Record = TypeVar("_Record")


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """One recipient's iTIP message about one booking (RFC 5546): one event, one attendee.

    `start` and `end` are local wall times without offset in the IANA zone `zone`; `dtstamp` is UTC.
    `method` CANCEL with `status` CANCELLED means that the whole booking ends; CANCEL with another status
    takes only this attendee out (RFC 5546 3.2.5).

    Raises:
        ValueError: a field would make a calendar wrong; the message names the field, never its value.
    """

    method: Method
    uid: str
    sequence: int
    dtstamp: datetime
    start: datetime
    end: datetime
    zone: str
    summary: str
    description: str
    location: str
    url: str | None
    status: Status
    organizer_name: str
    organizer_email: str
    attendee_name: str
    attendee_email: str
    role: Role
    partstat: PartStat
    rsvp: bool
    language: str

    def __post_init__(self) -> None:
        _require_utc("dtstamp", self.dtstamp)
        _require("start", holds=self.start.tzinfo is None)
        _require("end", holds=self.end.tzinfo is None and self.end > self.start)
        _require("uid", holds=bool(_UID.fullmatch(self.uid)))
        _require("sequence", holds=self.sequence >= 0)
        # An event cancelled by a REQUEST stays in the calendar (TRAPS.md).
        _require("status", holds=self.method == "CANCEL" or self.status != "CANCELLED")
        _require("url", holds=self.url is None or bool(_URL.fullmatch(self.url)))
        _require("language", holds=bool(_LANGUAGE.fullmatch(self.language)))
        _require_address("organizer_email", self.organizer_email)
        _require_address("attendee_email", self.attendee_email)


@dataclass(frozen=True, slots=True)
class MailMessage:
    """One mail to one recipient, in words that are ready, with at most one calendar part.

    `date` is UTC. `message_id` and `in_reply_to` have their angle brackets. With a calendar part, From is
    its organizer and To its attendee: answers come back to the mailbox that is polled, and nobody gets
    somebody else's invitation.

    Raises:
        ValueError: a field would break the mail; the message names the field, never its value.
    """

    message_id: str
    date: datetime
    from_name: str
    from_email: str
    to_name: str
    to_email: str
    subject: str
    text: str
    html: str
    language: str
    calendar: CalendarPart | None = None
    in_reply_to: str | None = None

    def __post_init__(self) -> None:
        _require_utc("date", self.date)
        for name in ("from_name", "to_name", "subject"):
            _require(name, holds=not _UNFIT_FOR_HEADER.search(getattr(self, name)))
        _require_address("from_email", self.from_email)
        _require_address("to_email", self.to_email)
        _require("message_id", holds=bool(_MESSAGE_ID.fullmatch(self.message_id)))
        _require(
            "in_reply_to", holds=self.in_reply_to is None or bool(_MESSAGE_ID.fullmatch(self.in_reply_to))
        )
        _require("language", holds=bool(_LANGUAGE.fullmatch(self.language)))
        if self.calendar is not None:
            _require("calendar", holds=_same(self.calendar.organizer_email, self.from_email))
            _require("calendar", holds=_same(self.calendar.attendee_email, self.to_email))

    @staticmethod
    def from_json(text: str) -> "MailMessage":
        """The message of an outbox row's payload, as `codec.encode` wrote it.

        It is read here: what a codec says of a broken payload would quote it.

        Raises:
            ValueError: the text is not such a message.
        """
        return _mail_message(_load(text))


def _require(field: str, *, holds: bool) -> None:
    if not holds:
        raise ValueError(f"{field} cannot be sent as it is")


def _require_utc(field: str, instant: datetime) -> None:
    _require(field, holds=instant.utcoffset() == timedelta(0))


def _require_address(field: str, address: str) -> None:
    _require(field, holds=bool(_ADDRESS.fullmatch(address)))


def _same(address: str, other: str) -> bool:
    return address.lower() == other.lower()


def _load(text: str) -> dict[str, Any]:
    values = json.loads(text)
    if not isinstance(values, dict):
        raise ValueError("the payload is not a JSON object")  # noqa: TRY004  a broken payload is one error
    return values


def _calendar_part(values: dict[str, Any]) -> CalendarPart:
    return _built(CalendarPart, values, instants=("dtstamp", "start", "end"))


def _mail_message(values: dict[str, Any]) -> MailMessage:
    calendar = values.get("calendar")
    part = None if calendar is None else _calendar_part(calendar)
    return _built(MailMessage, {**values, "calendar": part}, instants=("date",))


def _built(record: type[_Record], values: dict[str, Any], instants: tuple[str, ...]) -> _Record:
    """The record, with its times read back; a missing, unknown or mistyped field is a ValueError."""
    try:
        times = {name: datetime.fromisoformat(values[name]) for name in instants}
        return record(**{**values, **times})
    except (KeyError, TypeError, AttributeError):
        broken = record.__name__
    raise ValueError(f"the payload is not a {broken}")
