"""One transaction over every store."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Protocol, Self

from schedules.ports.case_file import CaseFiles
from schedules.ports.cases import CaseStore, OutcomeStore
from schedules.ports.due import DueStore
from schedules.ports.erasure import ErasureStore
from schedules.ports.follow_ups import FollowUpStore
from schedules.ports.incoming import IncomingStore
from schedules.ports.letters import OutboxWriter
from schedules.ports.opinions import OpinionStore
from schedules.ports.organisation import FormChoiceStore, OrganisationStore, PageStore, SettingStore
from schedules.ports.plan import PlanStore
from schedules.ports.record import AuditStore, Figures


class UnitOfWork(Protocol):
    """One transaction. Leaving the block without `commit()` rolls back."""

    organisation: OrganisationStore
    plan: PlanStore
    cases: CaseStore
    case_files: CaseFiles
    outcomes: OutcomeStore
    follow_ups: FollowUpStore
    opinions: OpinionStore
    due: DueStore
    outbox: OutboxWriter
    incoming: IncomingStore
    erasure: ErasureStore
    audit: AuditStore
    facts: Figures
    settings: SettingStore
    pages: PageStore
    form_choices: FormChoiceStore

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def lock_teams(self, teams: Collection[str], form: str | None = None) -> None:
        """Lock the teams' rows in id order before reading the plan. Raises LockTimeout after 1.5 s.

        `form`: the view id of one that brings a new case. What it has made already and who waits there will
        be asked for, and may be read along with the lock.
        """
        ...

    def commit(self) -> None:
        """Make it all so."""
        ...


UnitOfWorkFactory = Callable[[], AbstractContextManager[UnitOfWork]]
