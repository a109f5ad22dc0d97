"""Cases that go (gallring). What erased rows leave behind in files is scrub.py's business."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from schedules.domain.cases import ReferralStatus
from schedules.domain.figures.month import Month
from schedules.domain.plan import BookingStatus
from schedules.ports import ErasedCase, HeldCase, StreamLetter
from schedules.store.erased_letters import naming, stream_letter
from schedules.store.held import Held
from schedules.store.owned_rows import every_id, owned_ids, owned_tables
from schedules.store.statements import among, insert_into, listed
from schedules.store.tables import (
    AUDIT,
    BOOKING,
    CASE,
    CASE_REPORT,
    DUE,
    ERASED_REPORT,
    FACT_CASE,
    FACT_LINK,
    INCOMING,
    LETTER,
    REFERRAL,
)
from schedules.store.transaction import Transaction

ERASED = "case.erase:"
"""How the audit trail's line about an erased case begins; the decision's number follows."""

ENDINGS = (
    "meeting.report",
    "meeting.amend_report",
    "referral.withdraw",
    "booking.send_back",
    "consent.withdraw",
)
"""The audit trail's words for what ends a case, or a part of it. Looks at a case are no events of it."""

_RUNNING = [ReferralStatus.ACTIVE.value, ReferralStatus.WAITING.value]
_LIVE = [BookingStatus.PROPOSED.value, BookingStatus.BOOKED.value]

_OF_CASE = REFERRAL.c.case == CASE.c.id
_IS_RUNNING = sa.exists().where(_OF_CASE, REFERRAL.c.status.in_(_RUNNING)) | sa.exists().where(
    _OF_CASE, BOOKING.c.referral == REFERRAL.c.id, BOOKING.c.status.in_(_LIVE)
)
_HELD = sa.select(
    CASE.c.id,
    CASE.c.team,
    CASE.c.reference,
    CASE.c.data_key.is_not(None).label("sealed"),
    _IS_RUNNING.label("running"),
)
_FIND = _HELD.where(CASE.c.reference == sa.bindparam("named")).order_by(CASE.c.created_at, CASE.c.id)


def _untouched_since(before: sa.BindParameter[Any]) -> sa.ColumnElement[bool]:
    """Nothing that a row tells of happened to the case since."""
    booked = sa.exists().where(_OF_CASE, BOOKING.c.referral == REFERRAL.c.id, BOOKING.c.created_at >= before)
    reported = sa.exists().where(
        _OF_CASE, CASE_REPORT.c.referral == REFERRAL.c.id, CASE_REPORT.c.reported_at >= before
    )
    return sa.and_(CASE.c.created_at < before, ~booked, ~reported)


_RIPE = _HELD.where(
    ~_IS_RUNNING,
    sa.or_(
        CASE.c.data_key.is_not(None)
        & _untouched_since(sa.bindparam("protected_before", type_=CASE.c.created_at.type)),
        _untouched_since(sa.bindparam("all_before", type_=CASE.c.created_at.type)),
    ),
).order_by(CASE.c.created_at, CASE.c.id)
_EVENTS = (
    sa.select(CASE.c.created_at.label("at")).where(CASE.c.id == sa.bindparam("of_case")),
    sa.select(REFERRAL.c.submitted_at).where(REFERRAL.c.case == sa.bindparam("of_case")),
    sa.select(BOOKING.c.created_at)
    .join(REFERRAL, BOOKING.c.referral == REFERRAL.c.id)
    .where(REFERRAL.c.case == sa.bindparam("of_case")),
    sa.select(CASE_REPORT.c.reported_at)
    .join(REFERRAL, CASE_REPORT.c.referral == REFERRAL.c.id)
    .where(REFERRAL.c.case == sa.bindparam("of_case")),
    sa.select(AUDIT.c.at).where(among(AUDIT.c.subject), AUDIT.c.action.in_(ENDINGS)),
)
_ENDED_IN = (
    sa.select(FACT_CASE.c.ended)
    .join(FACT_LINK, FACT_LINK.c.fact == FACT_CASE.c.id)
    .where(FACT_LINK.c.subject == sa.bindparam("of_case"))
)
_ERASED = (
    sa.select(AUDIT.c.at, AUDIT.c.action)
    .where(AUDIT.c.reference == sa.bindparam("named"), AUDIT.c.action.startswith(ERASED, autoescape=True))
    .order_by(AUDIT.c.id.desc())
)
_FAILED = sa.select(sa.func.count()).where(among(LETTER.c.kind, "kinds"), sa.text("outbox.status = 'failed'"))
_HELD_AT = sa.select(ERASED_REPORT.c.held).where(ERASED_REPORT.c.meeting == sa.bindparam("of_meeting"))
_STREAMS = (
    sa.select(LETTER)
    .where(among(LETTER.c.stream))
    .order_by(LETTER.c.stream, LETTER.c.position)
    # Whoever delivers passes over locked rows.
    .with_for_update()
)
_REMOVE = sa.delete(LETTER).where(among(LETTER.c.id))
_CHANGE = (
    sa.update(LETTER).where(LETTER.c.id == sa.bindparam("letter_id")).values(payload=sa.bindparam("without"))
)
_TAG = sa.update(AUDIT).where(among(AUDIT.c.subject)).values(reference=sa.bindparam("of_reference"))
_CLOSE = (
    sa.update(REFERRAL)
    .where(REFERRAL.c.case == sa.bindparam("of_case"), REFERRAL.c.status == ReferralStatus.RETURNED.value)
    .values(status=ReferralStatus.REVOKED.value)
)
_OLDEST = (
    sa.select(AUDIT.c.id)
    .where(AUDIT.c.at < sa.bindparam("before", type_=AUDIT.c.at.type))
    .order_by(AUDIT.c.at)
    .limit(sa.bindparam("most"))
)
_FORGET = sa.delete(AUDIT).where(AUDIT.c.id.in_(_OLDEST))


class SqlErasureStore:
    """`ErasureStore` over the tables."""

    def __init__(self, transaction: Transaction, held: Held) -> None:
        self._transaction = transaction
        self._held = held

    def ripe(self, protected_before: datetime, all_before: datetime) -> tuple[HeldCase, ...]:
        """Cases that may be old enough, oldest first; none of them is running."""
        values = {"protected_before": protected_before, "all_before": all_before}
        return tuple(map(_case, self._transaction.rows(_RIPE, values)))

    def find(self, reference: str) -> tuple[HeldCase, ...]:
        """The cases with that running reference."""
        return tuple(map(_case, self._transaction.rows(_FIND, {"named": reference})))

    def erased(self, reference: str) -> ErasedCase | None:
        """When the case with that reference was erased, as long as that is on record."""
        row = self._transaction.first(_ERASED, {"named": reference})
        return ErasedCase(row.at, row.action.removeprefix(ERASED)) if row else None

    def events(self, case: str) -> tuple[datetime, Month | None]:
        """The case's latest known event (UTC), and the month it ended in."""
        values = {"of_case": case, **every_id(owned_ids(self._transaction, case))}
        found = [row[0] for each in _EVENTS for row in self._transaction.rows(each, values)]
        ended = self._transaction.first(_ENDED_IN, values)
        return max(found), Month.parse(ended.ended) if ended and ended.ended else None

    def counts(self, case: str) -> Mapping[str, int]:
        """How many rows of each table belong to the case."""
        ids = owned_ids(self._transaction, case)
        return {
            owned.table.name: self._transaction.rows(
                sa.select(sa.func.count()).select_from(owned.table).where(owned.of(ids))
            )[0][0]
            for owned in owned_tables()
        }

    def letters(self, case: HeldCase) -> tuple[StreamLetter, ...]:
        """Every row of the streams in which the case is named, by stream and position."""
        ids = owned_ids(self._transaction, case.id)
        named = {
            row.id: row.stream for row in self._transaction.rows(naming(self._transaction.dialect, case, ids))
        }
        rows = self._transaction.rows(_STREAMS, listed(named.values()))
        return tuple(stream_letter(row, names=row.id in named) for row in rows)

    def destroy_letters(self, gone: tuple[str, ...], changed: Mapping[str, str]) -> None:
        """Remove the rows with those ids; give others a payload without the case."""
        self._transaction.write(_REMOVE, listed(gone))
        for letter, payload in changed.items():
            self._transaction.write(_CHANGE, {"letter_id": letter, "without": payload})

    def destroy_protected(self, case: str) -> None:
        """Destroy the case's key, its ciphertexts and the HMAC of its own reference."""
        ids = owned_ids(self._transaction, case)
        for owned in owned_tables():
            if owned.secrets:
                emptied = dict.fromkeys(owned.secrets)
                self._transaction.write(sa.update(owned.table).where(owned.of(ids)).values(emptied))
        # Nobody can mend what nobody can read.
        self._transaction.write(_CLOSE, {"of_case": case})
        self._transaction.write(sa.delete(DUE).where(among(DUE.c.subject)), every_id(ids))
        self._held.forget()

    def destroy(self, case: HeldCase) -> None:
        """Destroy every row of the case but the audit trail, which says from now on what it is about."""
        ids = owned_ids(self._transaction, case.id)
        for row in self._transaction.rows(_held_at(ids)):
            count = {"meeting": row.meeting, "held": row.held}
            self._transaction.write(_counted(self._transaction.dialect), count)
        uids = [row.uid for row in self._transaction.rows(_uids(ids))]
        every = every_id(ids)
        self._transaction.write(_TAG, {**every, "of_reference": case.reference})
        self._transaction.write(sa.delete(DUE).where(among(DUE.c.subject)), every)
        self._transaction.write(sa.delete(INCOMING).where(among(INCOMING.c.event_uid)), listed(uids))
        for owned in reversed(owned_tables()):
            self._transaction.write(sa.delete(owned.table).where(owned.of(ids)))
        self._held.forget()

    def undeleted(self, kinds: Collection[str]) -> int:
        """How many letters of those kinds, which take a case out of messages, were given up."""
        return int(self._transaction.rows(_FAILED, {"kinds": sorted(kinds)})[0][0])

    def held_at(self, meeting: str) -> int:
        """How many cases that were taken up at the meeting have been erased since."""
        row = self._transaction.first(_HELD_AT, {"of_meeting": meeting})
        return row.held if row else 0

    def fact_subjects(self, case: str) -> tuple[str, ...]:
        """The ids of ours from which a way leads to the case's facts: its own, and those made of them."""
        every = every_id(owned_ids(self._transaction, case))["ids"]
        found: set[str] = set()
        for one in every:
            # From "id:" to before "id;": by the index, as LIKE would not be.
            made = (FACT_LINK.c.subject >= f"{one}:") & (FACT_LINK.c.subject < f"{one};")
            rows = self._transaction.rows(
                sa.select(FACT_LINK.c.subject).where((FACT_LINK.c.subject == one) | made)
            )
            found |= {row.subject for row in rows}
        return tuple(sorted(found))

    def forget_audit(self, before: datetime, limit: int) -> int:
        """Remove at most `limit` audit rows from before that instant; how many."""
        return self._transaction.write(_FORGET, {"before": before, "most": limit}).count


def _held_at(ids: Mapping[str, list[str]]) -> sa.Select[Any]:
    """The meetings at which the case was taken up, and how often."""
    held = sa.select(CASE_REPORT.c.meeting, sa.func.count().label("held"))
    of_case = CASE_REPORT.c.booking.in_(ids[BOOKING.name]) & CASE_REPORT.c.held.is_(sa.true())
    return held.where(of_case).group_by(CASE_REPORT.c.meeting)


def _counted(dialect: str) -> sa.Executable:
    insert = insert_into(dialect, ERASED_REPORT)
    more = ERASED_REPORT.c.held + insert.excluded.held
    return insert.on_conflict_do_update(index_elements=["meeting"], set_={"held": more})


def _uids(ids: Mapping[str, list[str]]) -> sa.Select[Any]:
    return sa.select(BOOKING.c.uid).where(BOOKING.c.id.in_(ids[BOOKING.name]))


def _case(row: sa.Row[Any]) -> HeldCase:
    return HeldCase(row.id, row.team, row.reference, bool(row.running), bool(row.sealed))
