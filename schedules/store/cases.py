"""Cases and referrals; protected fields encrypted with the case's own key."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime
from functools import cache, partial
from typing import Any

import sqlalchemy as sa

from schedules.domain.cases import CaseRecord, Protected, Referral, ReferralStatus, Urgency
from schedules.errors import Erased, Outdated
from schedules.store.busy import LIVE
from schedules.store.database_errors import refusing
from schedules.store.encryption import Wrapper, decrypt, encrypt, own_reference_hmac
from schedules.store.held import Held
from schedules.store.journeys import Question
from schedules.store.referral_rows import SELECT, case_of, referral_of, row_of
from schedules.store.statements import among, insert_into, listed, upsert
from schedules.store.tables import ASSOCIATION, BOOKING, CASE, COUNTER, REFERRAL, TEAM
from schedules.store.tables.cases import ONE_PER_OWN_REFERENCE, ONE_PER_VIEW, OPEN
from schedules.store.transaction import Transaction

_REPEATED = partial(
    refusing, ONE_PER_OWN_REFERENCE, ONE_PER_VIEW, "referral.view_id", "referral.team", error=Outdated
)

_BY_ID = SELECT.where(REFERRAL.c.id == sa.bindparam("referral_id"))
# What a new case's form needs first is asked for in few words: PostgreSQL plans these anew each time.
_OF_VIEW = sa.select(REFERRAL.c.id).where(REFERRAL.c.view_id == sa.bindparam("of_view"))
_WHO_WAIT = sa.select(REFERRAL.c.id).where(
    REFERRAL.c.team == sa.bindparam("of_team"), REFERRAL.c.status == ReferralStatus.WAITING.value
)
_COUNTS = sa.select(COUNTER.c.year, COUNTER.c.value).where(COUNTER.c.team == sa.bindparam("of_team"))
_BY_OWN_REFERENCE = SELECT.where(
    REFERRAL.c.team == sa.bindparam("of_team"),
    REFERRAL.c.own_reference_hmac == sa.bindparam("hmac"),
    sa.text(f"referral.{OPEN}"),
)
_OF_TEAM = SELECT.where(
    REFERRAL.c.team == sa.bindparam("of_team"), among(REFERRAL.c.status, "statuses")
).order_by(REFERRAL.c.submitted_at, REFERRAL.c.id)
_OF_PERSON = SELECT.where(
    (REFERRAL.c.referrer == sa.bindparam("of_person")) | (REFERRAL.c.owner == sa.bindparam("of_person")),
    among(REFERRAL.c.status, "statuses"),
).order_by(REFERRAL.c.submitted_at.desc(), REFERRAL.c.id)
_ORDERING = (
    sa.select(REFERRAL.c.id, REFERRAL.c.protected, CASE.c.data_key, TEAM.c.first_contact_days)
    .join(CASE, REFERRAL.c.case == CASE.c.id)
    .join(TEAM, REFERRAL.c.team == TEAM.c.id)
    .where(among(REFERRAL.c.id))
)
_PROTECTED = (
    sa.select(REFERRAL.c.protected, CASE.c.data_key)
    .join(CASE, REFERRAL.c.case == CASE.c.id)
    .where(REFERRAL.c.id == sa.bindparam("referral_id"))
)
_OF_CASE = SELECT.where(REFERRAL.c.case == sa.bindparam("case_id")).order_by(
    REFERRAL.c.submitted_at, REFERRAL.c.id
)
_AT_MEETING = SELECT.join(BOOKING, BOOKING.c.referral == REFERRAL.c.id).where(
    BOOKING.c.meeting == sa.bindparam("of_meeting"), LIVE
)
_CASE = sa.select(CASE).where(CASE.c.id == sa.bindparam("case_id"))
_CALLED = sa.select(CASE).where(CASE.c.reference == sa.bindparam("known_as")).order_by(CASE.c.team)
_BLOCK = (
    sa.update(CASE)
    .where(CASE.c.id == sa.bindparam("case_id"), CASE.c.blocked_at.is_(None))
    .values(blocked_at=sa.bindparam("at"))
)
_DATA_KEY = sa.select(CASE.c.data_key).where(CASE.c.id == sa.bindparam("case_id"))
_ADD_CASE = sa.insert(CASE)
_ADD = sa.insert(REFERRAL)
_SAVE_PROTECTED = (
    sa.update(REFERRAL)
    .where(REFERRAL.c.id == sa.bindparam("referral_id"))
    .values(protected=sa.bindparam("ciphertext"), own_reference_hmac=sa.bindparam("hmac"))
)
_CHANGING = [name for name in REFERRAL.c.keys() if name not in {"id", "protected", "own_reference_hmac"}]  # noqa: SIM118 - a column collection iterates over columns
_SAVE = (
    sa.update(REFERRAL)
    .where(REFERRAL.c.id == sa.bindparam("referral_id"))
    .values({name: sa.bindparam(f"new_{name}") for name in _CHANGING})
)
_SET_OWNER = (
    sa.update(CASE)
    .where(CASE.c.id == sa.bindparam("case_id"), CASE.c.owner != sa.bindparam("new_owner"))
    .values(owner=sa.bindparam("new_owner"))
)
_SET_REFERRALS_OWNER = (
    sa.update(REFERRAL)
    .where(REFERRAL.c.case == sa.bindparam("case_id"))
    .values(owner=sa.bindparam("new_owner"))
)


@cache
def _count_on(dialect: str) -> sa.Executable:
    return (
        insert_into(dialect, COUNTER)
        .on_conflict_do_update(index_elements=["team", "year"], set_={"value": COUNTER.c.value + 1})
        .returning(COUNTER.c.value)
    )


_WHO_WAITS, _OF_FORM, _COUNTED = "who waits", "of form", "counted"
"""Kinds of what is held (`Held`): rows that may have been read along with the lock."""


def asked_first(form: str, teams: Collection[str]) -> dict[tuple[str, str], Question]:
    """What a form (view id) that brings a new case needs first, by the question under which rows are held."""
    waits = {(_WHO_WAITS, team): (_WHO_WAIT, {"of_team": team}) for team in teams}
    counts = {(_COUNTED, team): (_COUNTS, {"of_team": team}) for team in teams}
    return {(_OF_FORM, form): (_OF_VIEW, {"of_view": form}), **waits, **counts}


class SqlCaseStore:
    """`CaseStore` over the tables."""

    def __init__(
        self,
        transaction: Transaction,
        wrapper: Wrapper,
        hmac_key: Callable[[Transaction], bytes],
        held: Held,
    ) -> None:
        self._transaction = transaction
        self._wrapper = wrapper
        self._hmac_key = hmac_key
        self._new_keys: dict[str, bytes] = {}
        self._held = held

    def next_reference(self, team: str, prefix: str, year: int) -> str:
        """The team's next running reference, for instance TIE-2026-014. Under the team's lock."""
        number = self._counted_on(team, year)
        return f"{prefix}-{year}-{number:03d}"

    def _counted_on(self, team: str, year: int) -> int:
        """The next number, and that it is given away. Nobody else counts under the team's lock."""
        dialect, row = self._transaction.dialect, {"team": team, "year": year, "value": 1}
        question = (_COUNTED, team)
        known = self._held.known(question)
        if known is None:
            found = self._transaction.write(_count_on(dialect), row).rows[0]
            return int(found.value)
        value: int = dict(known).get(year, 0) + 1
        self._transaction.later(upsert(dialect, COUNTER), row | {"value": value})
        self._held.forget(*question)
        return value

    def add_case(self, case: str, team: str, reference: str, party: str, owner: str, at: datetime) -> None:
        """Insert a case with a new data key."""
        key, wrapped = self._wrapper.new_key()
        row = {
            "id": case,
            "association_id": ASSOCIATION,
            "team": team,
            "reference": reference,
            "party": party,
            "owner": owner,
            "created_at": at,
            "data_key": wrapped,
        }
        self._transaction.later(_ADD_CASE, row)  # with its first referral
        self._new_keys[case] = key
        self._held.keep(("case", case), CaseRecord(case, team, reference, party, owner, at))

    def case(self, case: str) -> CaseRecord | None:
        """The case itself, without its key."""
        return self._held.recall(("case", case), lambda: self._record(case))

    def _record(self, case: str) -> CaseRecord | None:
        row = self._transaction.first(_CASE, {"case_id": case})
        return _record_of(row) if row else None

    def by_reference(self, reference: str) -> tuple[CaseRecord, ...]:
        """The cases with that running reference: one, unless teams share a prefix."""
        return tuple(map(_record_of, self._transaction.rows(_CALLED, {"known_as": reference})))

    def of_case(self, case: str) -> tuple[Referral, ...]:
        """The case's referrals, oldest first."""
        return self._many(_OF_CASE, {"case_id": case})

    def block(self, case: str, at: datetime) -> None:
        """Seal the case: the person has taken the consent back. Blocking it again changes nothing."""
        self._transaction.write(_BLOCK, {"case_id": case, "at": at})
        self._held.forget("case")
        self._forget_lists()

    def set_owner(self, case: str, owner: str) -> None:
        """Hand the case, with all its referrals, to another person."""
        values = {"case_id": case, "new_owner": owner}
        if self._transaction.write(_SET_OWNER, values).count:
            self._transaction.write(_SET_REFERRALS_OWNER, values)
            self._held.forget("referral")
            self._held.forget("case")
            self._forget_lists()

    def add_referral(self, referral: Referral, protected: Protected) -> None:
        """Insert a referral; its own reference is found again by HMAC.

        Raises:
            Outdated: the form's view made a referral already, or the own reference is active in the team; at
                the latest at the commit.
        """
        row = row_of(referral) | {
            "protected": encrypt(protected, self._data_key(referral.case)),
            "own_reference_hmac": self._hmac(protected.own_reference),
        }
        self._transaction.later(_ADD, row, _REPEATED)
        self._forget_lists()
        self._held.keep(("referral", referral.id), referral)
        self._held.keep(("protected", referral.id), protected)

    def save_referral(self, referral: Referral) -> None:
        """Update the open fields; a new owner is the whole case's. Raises Outdated as `add_referral`."""
        row = row_of(referral)
        values = {f"new_{name}": row[name] for name in _CHANGING}
        with _REPEATED():
            self._transaction.write(_SAVE, values | {"referral_id": referral.id})
        self._forget_lists()
        self._held.keep(("referral", referral.id), referral)
        self.set_owner(referral.case, referral.owner)

    def save_protected(self, referral: str, protected: Protected) -> None:
        """Replace the protected fields. Raises KeyError, Erased, and Outdated as `add_referral`."""
        self._transaction.start_writing()
        values = {
            "referral_id": referral,
            "ciphertext": encrypt(protected, self._wrapper.unwrap(self._stored(referral).data_key)),
            "hmac": self._hmac(protected.own_reference),
        }
        with _REPEATED():
            self._transaction.write(_SAVE_PROTECTED, values)
        self._forget_lists()
        self._held.keep(("protected", referral), protected)

    def referral(self, referral: str) -> Referral | None:
        """One referral, open fields."""
        return self._held.recall(("referral", referral), lambda: self._one(_BY_ID, {"referral_id": referral}))

    def protected(self, referral: str) -> Protected:
        """The protected fields, decrypted. Raises KeyError if unknown, Erased. The caller audits first."""
        return self._held.recall(("protected", referral), lambda: self._decrypted(referral))

    def at_meeting(self, meeting: str) -> dict[str, Referral]:
        """The referrals of the meeting's live bookings, by id."""
        return {referral.id: referral for referral in self._many(_AT_MEETING, {"of_meeting": meeting})}

    def by_view(self, view_id: str) -> Referral | None:
        """The referral that a form with this view id made."""
        values = {"of_view": view_id}
        rows = self._held.recall((_OF_FORM, view_id), lambda: self._transaction.rows(_OF_VIEW, values))
        return self.referral(rows[0].id) if rows else None

    def by_own_reference(self, team: str, own_reference: str) -> Referral | None:
        """The active, waiting or returned referral of the team with that own reference."""
        hmac = self._hmac(own_reference)
        return self._one(_BY_OWN_REFERENCE, {"of_team": team, "hmac": hmac}) if hmac else None

    def waiting(self, team: str) -> tuple[Referral, ...]:
        """Waiting referrals: urgent first, then by goal date, then by submission.

        The goal date follows from the start of the sick leave, which only the ciphertext knows; without a
        goal of the team there is no goal date, and who has none comes after those who have one.
        """
        values = {"of_team": team}
        who = self._held.recall((_WHO_WAITS, team), lambda: self._transaction.rows(_WHO_WAIT, values))
        if not who:
            return ()
        ids = listed([row.id for row in who])
        starts = {row.id: self._goal_order(row) for row in self._transaction.rows(_ORDERING, ids)}
        found = [r for r in self.of_team(team, [ReferralStatus.WAITING]) if r.id in starts]

        def order(one: Referral) -> tuple[Any, ...]:
            # Of two at the same instant the lower number was first; "-1000" comes after "-999".
            numbered = (len(one.reference), one.reference)
            return (one.urgency is not Urgency.URGENT, starts[one.id], one.submitted_at, *numbered)

        return tuple(sorted(found, key=order))

    def of_person(self, person: str, statuses: Collection[ReferralStatus]) -> tuple[Referral, ...]:
        """Referrals the person referred or owns, newest first."""
        return self._many(_OF_PERSON, {"of_person": person, "statuses": sorted(statuses)})

    def of_team(self, team: str, statuses: Collection[ReferralStatus]) -> tuple[Referral, ...]:
        """The team's referrals, oldest first."""
        return self._many(_OF_TEAM, {"of_team": team, "statuses": sorted(statuses)})

    def _one(self, statement: sa.Executable, values: dict[str, str]) -> Referral | None:
        row = self._transaction.first(statement, values)
        return self._kept(row) if row else None

    def _many(self, statement: sa.Executable, values: dict[str, Any]) -> tuple[Referral, ...]:
        return tuple(map(self._kept, self._transaction.rows(statement, values)))

    def _kept(self, row: sa.Row[Any]) -> Referral:
        """The row's referral; whoever asks for it, or whether its case is sealed, need not read again."""
        referral = referral_of(row)
        if self._transaction.writing:
            self._held.keep(("referral", referral.id), referral)
            self._held.keep(("case", referral.case), case_of(row))
        return referral

    def _decrypted(self, referral: str) -> Protected:
        row = self._stored(referral)
        return decrypt(row.protected, self._wrapper.unwrap(row.data_key))

    def _stored(self, referral: str) -> sa.Row[Any]:
        row = self._transaction.first(_PROTECTED, {"referral_id": referral})
        if row is None:
            raise KeyError(referral)
        if row.data_key is None or row.protected is None:
            raise Erased(referral=referral)
        return row

    def _data_key(self, case: str) -> bytes:
        if case in self._new_keys:
            return self._new_keys[case]
        row = self._transaction.first(_DATA_KEY, {"case_id": case})
        if row is None:
            raise KeyError(case)
        if row.data_key is None:
            raise Erased(case=case)
        return self._wrapper.unwrap(row.data_key)

    def _hmac(self, own_reference: str | None) -> str | None:
        return own_reference_hmac(self._hmac_key(self._transaction), own_reference) if own_reference else None

    def _forget_lists(self) -> None:
        for kind in (_WHO_WAITS, _OF_FORM):
            self._held.forget(kind)

    def _goal_order(self, row: sa.Row[Any]) -> date:
        if row.first_contact_days is None or row.data_key is None or row.protected is None:
            return date.max
        start = decrypt(row.protected, self._wrapper.unwrap(row.data_key)).sick_leave_start
        return start or date.max


def _record_of(row: sa.Row[Any]) -> CaseRecord:
    return CaseRecord(
        id=row.id,
        team=row.team,
        reference=row.reference,
        party=row.party,
        owner=row.owner,
        created_at=row.created_at,
        blocked_at=row.blocked_at,
        erased=row.data_key is None,
    )
