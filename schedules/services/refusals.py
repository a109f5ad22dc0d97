"""What was refused is on record, whoever asked and by whichever door (promise 6)."""

from __future__ import annotations

from types import TracebackType

from schedules.errors import NotAllowed
from schedules.ports import Clock, UnitOfWork, UnitOfWorkFactory

REFUSED = "refused"
UNKNOWN = "unknown"


def with_refusals(factory: UnitOfWorkFactory, clock: Clock) -> UnitOfWorkFactory:
    """Units of work of which each that ends in NotAllowed leaves one line in the audit trail.

    The line is written in a transaction of its own: the refused one is rolled back with all that it held.
    """
    return lambda: _Watched(factory, clock)


class _Watched:
    """One of them, for a `with` block. A class and no generator, since every form and button opens one."""

    def __init__(self, factory: UnitOfWorkFactory, clock: Clock) -> None:
        self._factory = factory
        self._clock = clock
        self._within = factory()

    def __enter__(self) -> UnitOfWork:
        return self._within.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._within.__exit__(kind, error, trace)
        if isinstance(error, NotAllowed):
            _record(self._factory, self._clock, error)


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
