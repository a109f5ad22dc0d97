"""What the databases refuse, in our words, and never with the values of a row (promise 5)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import sqlalchemy as sa

from schedules.errors import CannotSave, LockTimeout

# By their codes, so that the driver is not loaded on SQLite: lock_not_available, deadlock_detected.
WAITED = frozenset({"55P03", "40P01"})
DISK_FULL, TOO_MANY_CONNECTIONS = "53100", "53300"


def of_driver(
    error: Exception, dialect: sa.Dialect, connection: sa.PoolProxiedConnection | None
) -> sa.exc.DBAPIError:
    """SQLAlchemy's error for one of the driver's; it says whether the connection is lost."""
    driver: Any = dialect.loaded_dbapi
    lost = connection is not None and dialect.is_disconnect(cast("Any", error), connection, None)
    without_detail(error)
    told = sa.exc.DBAPIError.instance(
        None, None, error, driver.Error, hide_parameters=True, connection_invalidated=lost
    )
    return cast("sa.exc.DBAPIError", told)


def without_detail(error: Any) -> bool:
    """Leave out PostgreSQL's DETAIL: it repeats the values of a refused row, whatever hide_parameters says.

    Returns whether there was one.
    """
    # The driver is not named here: on SQLite it is never loaded.
    diag = getattr(error, "diag", None)
    if diag is None or not diag.message_detail:
        return False
    error.args = (diag.message_primary,)
    return True


@contextmanager
def plain_errors(*, lost_is_unknown: bool = False) -> Iterator[None]:
    """Turn the databases' words into LockTimeout (somebody else is at it) and CannotSave (full, or gone).

    A connection that is lost while it commits leaves open what was saved (`lost_is_unknown`): that error
    goes on as it is.
    """
    try:
        yield
    except sa.exc.DBAPIError as error:
        raise in_our_words(error, lost_is_unknown=lost_is_unknown) from None


def in_our_words(error: sa.exc.DBAPIError, *, lost_is_unknown: bool = False) -> Exception:
    """LockTimeout, CannotSave, or the error as it is."""
    if isinstance(error, sa.exc.OperationalError | sa.exc.InterfaceError):
        if waited_in_vain(error.orig):
            return LockTimeout()
        if _is_full(error.orig) or (_is_gone(error) and not lost_is_unknown):
            return CannotSave()
    return error


def waited_in_vain(error: BaseException | None) -> bool:
    """Whether a driver's error says that somebody else held what was wanted."""
    if isinstance(error, sqlite3.OperationalError):
        return _primary(error) in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
    return getattr(error, "sqlstate", None) in WAITED


def _is_full(error: BaseException | None) -> bool:
    """The disk is full, broken or read-only: the database has rolled back."""
    if isinstance(error, sqlite3.OperationalError):
        return _primary(error) in _NO_DISK
    return getattr(error, "sqlstate", None) == DISK_FULL


def _is_gone(error: sa.exc.DBAPIError) -> bool:
    """The server takes no connection, or has cut this one. What it says itself has a code."""
    if error.connection_invalidated or getattr(error.orig, "sqlstate", None) == TOO_MANY_CONNECTIONS:
        return True
    return getattr(error.orig, "sqlstate", "not PostgreSQL's") is None


def _primary(error: sqlite3.OperationalError) -> int:
    """The low byte is the primary code; the rest says which kind."""
    return error.sqlite_errorcode & 0xFF


_NO_DISK = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}


@contextmanager
def refusing(*names: str, error: type[Exception]) -> Iterator[None]:
    """Raise `error` when one of these constraints refuses a row.

    PostgreSQL names the constraint or index, SQLite the first column (`booking.slot`). The transaction is
    spent afterwards: leave the unit of work and begin again.
    """
    try:
        yield
    except sa.exc.IntegrityError as refusal:
        if any(name in _refused_by(refusal.orig) for name in names):
            raise error from None
        raise


def _refused_by(error: BaseException | None) -> str:
    diag = getattr(error, "diag", None)
    return str(error) if diag is None else diag.constraint_name or ""
