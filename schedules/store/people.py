"""People and parties: from the organisation file, and from parties' Slack user groups."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa

from schedules.domain.organisation import Party, PartyKind, Person
from schedules.store.statements import among, listed, upsert
from schedules.store.tables import ASSOCIATION, IDENTITY, PARTY, PERSON
from schedules.store.transaction import Transaction

T = TypeVar("T")
FILE = "file"
GROUP = "group"
OWN = ("own_language", "mail_bounced_at", "comes_unless_declined")
"""What the program has learned of a person; no file and no user group says it."""
WORKSPACE = ""
"""Each association installs its own Slack app in one workspace; its id says nothing more yet."""

_PARTIES = sa.select(PARTY).where(among(PARTY.c.id)).order_by(PARTY.c.position)
_PEOPLE = sa.select(PERSON).where(among(PERSON.c.id)).order_by(PERSON.c.position)
_IDENTITIES = (
    sa.select(IDENTITY).where(among(IDENTITY.c.person)).order_by(IDENTITY.c.person, IDENTITY.c.position)
)
_BY_SLACK = (
    sa.select(PERSON.c.id)
    .join(IDENTITY, IDENTITY.c.person == PERSON.c.id)
    .where(IDENTITY.c.user == sa.bindparam("slack_user"), PERSON.c.retired_at.is_(None))
)
_BY_EMAIL = sa.select(PERSON.c.id).where(
    sa.func.lower(PERSON.c.email) == sa.bindparam("address"), PERSON.c.retired_at.is_(None)
)
_HOLDERS = (
    sa.select(IDENTITY.c.user, PERSON.c.id, PERSON.c.source, PERSON.c.party)
    .join(PERSON, IDENTITY.c.person == PERSON.c.id)
    .where(among(IDENTITY.c.user), PERSON.c.retired_at.is_(None))
)
_OF_GROUP = sa.select(PERSON.c.id).where(
    PERSON.c.source == GROUP, PERSON.c.party == sa.bindparam("group_of"), PERSON.c.retired_at.is_(None)
)
_RETIRE = sa.update(PERSON).where(among(PERSON.c.id)).values(retired_at=sa.bindparam("now"))
_BOUNCED = (
    sa.update(PERSON)
    .where(PERSON.c.id == sa.bindparam("person_id"))
    .values(mail_bounced_at=sa.bindparam("now"))
)
_BOUNCING = sa.select(PERSON.c.id, PERSON.c.mail_bounced_at).where(
    among(PERSON.c.id), PERSON.c.mail_bounced_at.is_not(None)
)
# Nothing is known yet of a new address.
_NEW_ADDRESS = (
    sa.update(PERSON)
    .where(PERSON.c.id == sa.bindparam("person_id"), PERSON.c.email.is_distinct_from(sa.bindparam("address")))
    .values(mail_bounced_at=None)
)
_FORGET = sa.delete(IDENTITY).where(among(IDENTITY.c.person))


def party_of(row: sa.Row[Any]) -> Party:
    """A party's record."""
    return Party(row.id, row.name, PartyKind(row.kind), row.organisation, row.slack_group, row.contact)


def parties(transaction: Transaction, ids: Collection[str]) -> dict[str, tuple[int, Party]]:
    """The parties with those ids and their places, retired ones too: old bookings speak of them."""
    return {row.id: (row.position, party_of(row)) for row in transaction.rows(_PARTIES, listed(ids))}


def people(transaction: Transaction, ids: Collection[str], *, as_in_file: bool = False) -> dict[str, Person]:
    """The people with those ids, retired ones too; their own settings unless `as_in_file`."""
    return in_order(placed(transaction, ids, as_in_file=as_in_file))


def placed(
    transaction: Transaction, ids: Collection[str], *, as_in_file: bool = False
) -> dict[str, tuple[int, Person]]:
    """The same with their places in the order of the file or the group."""
    rows = transaction.rows(_PEOPLE, listed(ids))
    slack: dict[str, list[str]] = {}
    for identity in transaction.rows(_IDENTITIES, listed(ids)) if rows else ():
        slack.setdefault(identity.person, []).append(identity.user)
    return {
        row.id: (row.position, _person(row, tuple(slack.get(row.id, ())), as_in_file=as_in_file))
        for row in rows
    }


def in_order(found: Mapping[str, tuple[int, T]]) -> dict[str, T]:
    """The records without their places, in the order of these."""
    if len(found) == 1:  # as nearly always
        return {one: record for one, (_, record) in found.items()}
    return {one: record for one, (_, record) in sorted(found.items(), key=lambda item: (item[1][0], item[0]))}


def _person(row: sa.Row[Any], slack: tuple[str, ...], *, as_in_file: bool) -> Person:
    language = row.language if as_in_file else row.own_language or row.language
    comes = row.comes_unless_declined and not as_in_file
    return Person(row.id, row.party, row.name, row.email, slack, row.phone, language, comes)


def person_by_slack(transaction: Transaction, user: str) -> Person | None:
    """The active person with that Slack user id."""
    row = transaction.first(_BY_SLACK, {"slack_user": user})
    return people(transaction, [row.id])[row.id] if row else None


def person_by_address(transaction: Transaction, address: str) -> Person | None:
    """The active person with that mail address or Slack user id."""
    row = transaction.first(_BY_EMAIL, {"address": address.lower()})
    return people(transaction, [row.id])[row.id] if row else person_by_slack(transaction, address)


def save_group_members(
    transaction: Transaction, party: str, members: Sequence[Person], now: datetime
) -> None:
    """Replace who belongs to the party by its user group.

    People of the file are never touched, and who is in two parties' groups stays with the first.
    """
    transaction.start_writing()
    users = [user for member in members for user in member.slack]
    theirs = {
        row.user
        for row in transaction.rows(_HOLDERS, listed(users))
        if (row.source, row.party) != (GROUP, party)
    }
    kept = [member for member in members if not theirs.intersection(member.slack)]
    before = {row.id for row in transaction.rows(_OF_GROUP, {"group_of": party})}
    retire(transaction, before - {member.id for member in kept}, now)
    save_people(transaction, kept, GROUP)


def mark_bounced(transaction: Transaction, person: str, at: datetime | None) -> None:
    """Record that mail to the person's present address does not arrive, or (None) that it does again."""
    transaction.write(_BOUNCED, {"person_id": person, "now": at})


def bounced(transaction: Transaction, ids: Collection[str]) -> dict[str, datetime]:
    """Those of the people to whose present address mail does not arrive, and since when."""
    return {row.id: row.mail_bounced_at for row in transaction.rows(_BOUNCING, listed(ids))}


def save_people(transaction: Transaction, members: Sequence[Person], source: str) -> None:
    """Write people and their Slack identities; what the program has learned of them stays."""
    if not members:
        return
    transaction.write(_NEW_ADDRESS, [{"person_id": p.id, "address": p.email} for p in members])
    rows = [_row(person, source, position) for position, person in enumerate(members)]
    transaction.write(upsert(transaction.dialect, PERSON, *OWN), rows)
    transaction.write(_FORGET, listed([person.id for person in members]))
    identities = [
        {"workspace": WORKSPACE, "user": user, "person": person.id, "position": position}
        for person in members
        for position, user in enumerate(person.slack)
    ]
    if identities:
        # A Slack identity that the file gives to somebody leaves whoever had it.
        transaction.write(upsert(transaction.dialect, IDENTITY), identities)


def retire(transaction: Transaction, ids: Collection[str], now: datetime) -> None:
    """Let people go: they stay in the records, but nobody is found by their Slack identities."""
    if ids:
        transaction.write(_RETIRE, listed(ids) | {"now": now})
        transaction.write(_FORGET, listed(ids))


def _row(person: Person, source: str, position: int) -> dict[str, Any]:
    return {
        "id": person.id,
        "association_id": ASSOCIATION,
        "party": person.party,
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "language": person.language,
        "own_language": None,
        "comes_unless_declined": False,
        "source": source,
        "position": position,
        "retired_at": None,
    }
