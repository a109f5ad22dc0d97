"""The database: engine, keys, migrations, units of work and the outbox."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import sqlalchemy as sa

from schedules.store import secrets
from schedules.store.encryption import Wrapper
from schedules.store.engine import make_engine
from schedules.store.log_room import make_room
from schedules.store.memory import Memory
from schedules.store.migration import is_current, upgrade
from schedules.store.outbox import SqlOutbox
from schedules.store.scrub import scrub
from schedules.store.teams import TeamCache
from schedules.store.transaction import SHORT, Transaction
from schedules.store.unit_of_work import SqlUnitOfWork


class Database:
    """One association's database. Safe to share between threads; units of work are not.

    Args:
        url: `sqlite:///path` or `postgresql://…`.
        secret_keys: Fernet keys, newest first (SAMTID_SECRET_KEYS).
        lock_wait: seconds that a transaction waits for another before it raises LockTimeout.

    Raises:
        SamtidError: another kind of URL, or no usable secret key.
    """

    def __init__(self, url: str, secret_keys: Sequence[str], lock_wait: float = SHORT) -> None:
        self._wrapper = Wrapper(secret_keys)
        self._engine = make_engine(url, lock_wait)
        self._lock_wait = lock_wait
        self._gate = threading.Lock()
        self._teams: TeamCache = {}
        self._memory = Memory()
        self._hmac: bytes | None = None
        self._links: bytes | None = None
        self.outbox = SqlOutbox(self._transaction)

    def unit_of_work(self) -> SqlUnitOfWork:
        """A new unit of work, for a `with` block."""
        return SqlUnitOfWork(self._transaction(), self._teams, self._memory, self._wrapper, self._hmac_key)

    def migrate(self) -> None:
        """Bring the schema up to date and make sure that the secret keys are this database's.

        Raises:
            WrongKeys: the database was written with other keys.
        """
        upgrade(self._engine)
        self._hmac = self._stable_key()
        self._links = secrets.derived(self._hmac, secrets.LINKS)

    def make_room(self) -> None:
        """Make SQLite's log as long as it becomes, so that nobody waits while it grows."""
        make_room(self._engine, self._gate, self._lock_wait)

    def is_current(self) -> bool:
        """Whether the schema is the one that this program knows."""
        return is_current(self._engine)

    def is_ready(self) -> bool:
        """The same; False when the database cannot be reached."""
        try:
            return self.is_current()
        except (sa.exc.OperationalError, sa.exc.InterfaceError):
            return False

    def rewrap_keys(self) -> int:
        """Wrap every key by the newest secret key; afterwards the older ones may go. How many keys."""
        transaction = self._transaction()
        try:
            count = secrets.rewrap(transaction, self._wrapper)
            transaction.commit()
        finally:
            transaction.close()
        return count

    def link_key(self) -> bytes:
        """The key that signs the addresses of our pages: stable, and of no use for anything else.

        Raises:
            WrongKeys: the database was written with other keys.
        """
        return self._links or secrets.derived(self._stable_key(), secrets.LINKS)

    def scrub(self) -> bool:
        """Clear the database's own files of what has been erased; False when somebody hinders it now."""
        return scrub(self._engine, self._gate, self._lock_wait)

    def close(self) -> None:
        """Give all connections back."""
        self._engine.dispose()

    def _transaction(self, lock_wait: float | None = None) -> Transaction:
        return Transaction(self._engine, self._gate, self._lock_wait if lock_wait is None else lock_wait)

    def _stable_key(self) -> bytes:
        transaction = self._transaction()
        try:
            key = secrets.hmac_key(transaction, self._wrapper)
            transaction.commit()
        finally:
            transaction.close()
        return key

    def _hmac_key(self, transaction: Transaction) -> bytes:
        # Only `migrate` remembers the key: one created in a transaction that rolls back never was.
        return self._hmac or secrets.hmac_key(transaction, self._wrapper)
