"""What was refused is on record, whoever asked and by whichever door (promise 6)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from schedules.errors import NotAllowed
from schedules.ports import Clock, UnitOfWork, UnitOfWorkFactory

REFUSED = "refused"
UNKNOWN = "unknown"


def with_refusals(factory: UnitOfWorkFactory, clock: Clock) -> UnitOfWorkFactory:
    """Units of work of which each that ends in NotAllowed leaves one line in the audit trail.

    The line is written in a transaction of its own: the refused one is rolled back with all that it held.
    """

    @contextmanager
    def opened() -> Iterator[UnitOfWork]:
        try:
            with factory() as uow:
                yield uow
        except NotAllowed as refused:
            _record(factory, clock, refused)
            raise

    def unit_of_work() -> AbstractContextManager[UnitOfWork]:
        return opened()

    return unit_of_work


def _record(factory: UnitOfWorkFactory, clock: Clock, refused: NotAllowed) -> None:
    actor = refused.ids.get("person", UNKNOWN)
    with factory() as uow:
        acting = uow.organisation.people([actor]).get(actor)
        action = f"{REFUSED}:{refused.ids.get('action', UNKNOWN)}"
        subject = refused.ids.get("subject", UNKNOWN)
        uow.audit.record(actor, acting.party if acting else None, action, subject, clock.now())
        uow.commit()


def record_stranger(factory: UnitOfWorkFactory, clock: Clock, slack: str, what: str) -> None:
    """Somebody whom we do not know pressed or wrote something: refused, and on record as well."""
    with factory() as uow:
        uow.audit.record(f"slack:{slack}", None, f"{REFUSED}:{UNKNOWN}", what, clock.now())
        uow.commit()
