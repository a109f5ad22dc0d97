"""What becomes of the messages about a case that is erased: its own go, shared ones lose its lines.

A mail that has left cannot be called back: only its row goes (docs/erasure.md).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from schedules.codec import decode, encode
from schedules.domain.chat import ChatMessage
from schedules.domain.erased_messages import references_in, without_case
from schedules.errors import SamtidError
from schedules.ports import Channel, HeldCase, Letter, StreamLetter, UnitOfWork
from schedules.services.letters import CARD, CARD_EDIT
from schedules.services.office import Office

ERASE = "erase"
"""The letter that deletes a message of ours. Its payload says where it is, or which row posted it."""

REWRITE = "rewrite"
"""The letter that shows a message without the case's lines."""


class OnTheirWay(SamtidError):
    """Messages about the case are still to be sent."""


@dataclass(frozen=True, slots=True)
class Place:
    """A message in chat, by channel and timestamp; or, where that is not known, by the row that posted it."""

    channel: str
    ts: str | None = None
    row: str | None = None


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A message in chat and what it is to say."""

    channel: str
    ts: str
    message: ChatMessage


@dataclass(frozen=True, slots=True)
class Cleared:
    """What is to be done: messages to delete and to rewrite, rows to remove, payloads to replace."""

    deleted: tuple[Place, ...] = ()
    rewritten: tuple[tuple[StreamLetter, Rewritten], ...] = ()
    gone: tuple[str, ...] = ()
    changed: Mapping[str, str] | None = None


def clear_messages(uow: UnitOfWork, office: Office, case: HeldCase) -> Cleared:
    """Remove the case from the outbox, and have its messages in chat deleted or rewritten.

    The places are taken from the rows now: afterwards there are no rows. Raises OnTheirWay.
    """
    cleared = to_clear(uow.erasure.letters(case), case.reference)
    uow.erasure.destroy_letters(cleared.gone, cleared.changed or {})
    for place in cleared.deleted:
        uow.outbox.add(_erase(place, office), office.now())
    for letter, rewritten in cleared.rewritten:
        uow.outbox.add(_rewrite(letter, rewritten, office), office.now())
    return cleared


def to_clear(letters: Iterable[StreamLetter], reference: str) -> Cleared:
    """What is to be done with the rows of the streams in which the case is named. Raises OnTheirWay."""
    rows = tuple(letters)
    if not all(row.final or _waits_to_rewrite(row) for row in rows):
        raise OnTheirWay(reference=reference)
    cleared = Cleared(changed={})
    for _, stream in groupby(rows, key=lambda row: row.stream):
        cleared = _joined(cleared, _of_stream(tuple(stream), reference))
    return cleared


def _of_stream(rows: tuple[StreamLetter, ...], reference: str) -> Cleared:
    gone = {row.id for row in rows if row.names and not _others(row, reference)}
    changed = {row.id: _payload_without(row, reference) for row in rows if row.names and row.id not in gone}
    deleted = [Place(row.recipient, row=row.id) for row in rows if _lost(row)]
    rewritten = []
    newest = next((ref for row in reversed(rows) if (ref := _ref(row)) is not None), None)
    for ref, group in _messages(rows):
        shown = group[-1]
        if ref != newest and any(row.kind == CARD for row in group):
            deleted.append(_place(ref))  # it points to a newer message, and says nothing else
        elif not _others(shown, reference):
            deleted.append(_place(ref))
            gone |= {row.id for row in group if not _others(row, reference)}
        elif shown.names and shown.final:
            message = without_case(_message(shown), reference)
            rewritten.append((shown, Rewritten(**json.loads(ref), message=message)))
    return Cleared(tuple(deleted), tuple(rewritten), tuple(sorted(gone)), changed)


def _messages(rows: tuple[StreamLetter, ...]) -> Iterator[tuple[str, list[StreamLetter]]]:
    """The messages in chat that have named the case, each with the rows that made it what it is."""
    by_ref: dict[str, list[StreamLetter]] = {}
    for row in rows:
        ref = _ref(row)
        if row.channel is Channel.CHAT and ref is not None:
            by_ref.setdefault(ref, []).append(row)
    return ((ref, group) for ref, group in by_ref.items() if any(row.names for row in group))


def _waits_to_rewrite(row: StreamLetter) -> bool:
    """Whether the row is to take another case's lines away: then it takes this one's as well."""
    return row.kind == REWRITE and row.pending


def _ref(row: StreamLetter) -> str | None:
    """The message that the row has made, or will have made, what it is."""
    if not _waits_to_rewrite(row):
        return row.ref
    place = decode(Rewritten, row.payload)
    return json.dumps({"channel": place.channel, "ts": place.ts})


def _lost(row: StreamLetter) -> bool:
    """Whether nobody knows that the row's message was posted, so that it must be looked for."""
    return row.names and row.channel is Channel.CHAT and row.may_have_left and row.kind != CARD_EDIT


def _others(row: StreamLetter, reference: str) -> frozenset[str]:
    """The other cases that the row's message names."""
    return references_in(" \n".join(_texts(json.loads(row.payload or "null")))) - {reference}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (text for one in value.values() for text in _texts(one))
    elif isinstance(value, list):
        yield from (text for one in value for text in _texts(one))


def _payload_without(row: StreamLetter, reference: str) -> str:
    """What the row still says: it is final, so that of a mail nothing is needed any more."""
    if row.channel is not Channel.CHAT:
        return ""
    message = without_case(_message(row), reference)
    if row.kind == REWRITE:
        return encode(replace(decode(Rewritten, row.payload), message=message))
    return encode(message)


def _message(row: StreamLetter) -> ChatMessage:
    if row.kind == REWRITE:
        return decode(Rewritten, row.payload).message
    return decode(ChatMessage, row.payload)


def _place(ref: str) -> Place:
    return Place(**json.loads(ref))


def _joined(one: Cleared, other: Cleared) -> Cleared:
    return Cleared(
        one.deleted + other.deleted,
        one.rewritten + other.rewritten,
        one.gone + other.gone,
        {**(one.changed or {}), **(other.changed or {})},
    )


def _erase(place: Place, office: Office) -> Letter:
    return Letter(
        stream=f"chat:{place.channel}:{ERASE}:{place.ts or place.row}",
        channel=Channel.CHAT,
        kind=ERASE,
        recipient=place.channel,
        payload=encode(place),
        not_before=office.now(),
    )


def _rewrite(letter: StreamLetter, rewritten: Rewritten, office: Office) -> Letter:
    """In the message's own stream, so that it comes before whatever is said there later."""
    return Letter(
        stream=letter.stream,
        channel=Channel.CHAT,
        kind=REWRITE,
        recipient=letter.recipient,
        payload=encode(rewritten),
        not_before=office.now(),
    )
