"""The outbox rows in which a case is named, for its erasure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from schedules.ports import Channel, HeldCase, StreamLetter
from schedules.store.letter_status import LetterStatus
from schedules.store.tables import BOOKING, CASE, LETTER, MEETING, REFERRAL

# Written out, not bound, so that SQLite sees that the partial index serves.
_ALONE = "outbox.meeting IS NULL AND outbox.referral IS NULL AND outbox.kind <> 'home'"
_FINAL = {LetterStatus.SENT, LetterStatus.FAILED, LetterStatus.SUPERSEDED, LetterStatus.DROPPED}


def naming(dialect: str, case: HeldCase, ids: Mapping[str, list[str]]) -> sa.CompoundSelect[Any]:
    """The rows that name the case, by its reference or by an id behind a button.

    A letter is about a meeting of the case's team, about the case itself, or (an absence, a handover) about
    none; so it is found by index, not by reading the whole outbox.
    """
    raised = sa.select(CASE.c.created_at).where(CASE.c.id == case.id).scalar_subquery()
    day = sa.select(sa.func.date(CASE.c.created_at)).where(CASE.c.id == case.id).scalar_subquery()
    meetings = sa.select(MEETING.c.id).where(MEETING.c.team == case.team, MEETING.c.day >= day)
    about = (
        LETTER.c.meeting.in_(meetings),
        LETTER.c.referral.in_(ids[REFERRAL.name]),
        sa.and_(sa.text(_ALONE), LETTER.c.created_at >= raised),
    )
    # As JSON writes it: the payload is JSON, where a letter of another alphabet may be escaped.
    spelled = {case.reference, json.dumps(case.reference)[1:-1]}
    words = [one for some in ids.values() for one in some]
    # Either looks for the bytes as they are; LIKE would take several times as long.
    place_in = sa.func.instr if dialect == "sqlite" else sa.func.strpos
    names = sa.or_(
        LETTER.c.booking.in_(ids[BOOKING.name]),
        LETTER.c.referral.in_(ids[REFERRAL.name]),
        *(place_in(LETTER.c.payload, word) > 0 for word in (*sorted(spelled), *words)),
    )
    found = sa.select(LETTER.c.id, LETTER.c.stream)
    return sa.union(*(found.where(each, names) for each in about))


def stream_letter(row: sa.Row[Any], *, names: bool) -> StreamLetter:
    """A row as erasure sees it."""
    status = LetterStatus(row.status)
    return StreamLetter(
        id=row.id,
        stream=row.stream,
        channel=Channel(row.channel),
        kind=row.kind,
        recipient=row.recipient,
        payload=row.payload,
        ref=row.ref if status is LetterStatus.SENT else None,
        names=names,
        final=status in _FINAL,
        pending=status is LetterStatus.PENDING,
        may_have_left=row.outcome_unknown and status is not LetterStatus.SENT,
    )
