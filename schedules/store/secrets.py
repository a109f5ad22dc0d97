"""The database's stable secrets, and their rotation."""

from __future__ import annotations

import hmac

import sqlalchemy as sa

from schedules.store.encryption import Wrapper
from schedules.store.statements import insert_if_new
from schedules.store.tables import CASE, SECRET
from schedules.store.transaction import Transaction

HMAC = "own_reference_hmac"
LINKS = b"samtid links 1"
_READ = sa.select(SECRET.c.wrapped).where(SECRET.c.name == sa.bindparam("secret"))


def hmac_key(transaction: Transaction, wrapper: Wrapper) -> bytes:
    """The key of own references; created once, at the first start. Raises WrongKeys."""
    row = transaction.first(_READ, {"secret": HMAC})
    if row is None:
        _, wrapped = wrapper.new_key()
        new = {"name": HMAC, "wrapped": wrapped}
        transaction.write(insert_if_new(transaction.dialect, SECRET), new)
        row = transaction.rows(_READ, {"secret": HMAC})[0]
    return wrapper.unwrap(row.wrapped)


def derived(key: bytes, purpose: bytes) -> bytes:
    """A key of its own for one purpose; it says nothing about `key` or about those of other purposes."""
    return hmac.digest(key, purpose, "sha256")


def rewrap(transaction: Transaction, wrapper: Wrapper) -> int:
    """Wrap every key by the newest secret key, so that the older ones can be thrown away; how many.

    Raises:
        WrongKeys: a key was wrapped by none of the secret keys; nothing is changed then.
    """
    transaction.start_writing()
    return sum(_rewrap(transaction, wrapper, *columns) for columns in _WRAPPED)


_WRAPPED = ((SECRET, "name", "wrapped"), (CASE, "id", "data_key"))


def _rewrap(transaction: Transaction, wrapper: Wrapper, table: sa.Table, key: str, wrapped: str) -> int:
    found = sa.select(table.c[key].label("row"), table.c[wrapped].label("old"))
    # Locked, so that a key destroyed meanwhile does not come back.
    rows = transaction.rows(found.where(table.c[wrapped].is_not(None)).with_for_update())
    changes = [{"which": row.row, "new": wrapper.rewrap(row.old)} for row in rows]
    if changes:
        update = sa.update(table).where(table.c[key] == sa.bindparam("which"))
        transaction.write(update.values({wrapped: sa.bindparam("new")}), changes)
    return len(changes)
