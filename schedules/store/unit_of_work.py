"""One transaction over all stores."""

from __future__ import annotations

from collections.abc import Callable, Collection
from types import TracebackType
from typing import Self

import sqlalchemy as sa

from schedules.ports import (
    AuditStore,
    CaseFiles,
    CaseStore,
    DueStore,
    ErasureStore,
    Figures,
    FollowUpStore,
    FormChoiceStore,
    IncomingStore,
    OpinionStore,
    OrganisationStore,
    OutboxWriter,
    OutcomeStore,
    PageStore,
    PlanStore,
    SettingStore,
)
from schedules.store.audit import AuditTable
from schedules.store.case_file import CaseFileTables
from schedules.store.cases import SqlCaseStore, asked_first
from schedules.store.due import SqlDueStore
from schedules.store.encryption import Wrapper
from schedules.store.erasure import SqlErasureStore
from schedules.store.facts import FactTables
from schedules.store.follow_ups import FollowUpTable
from schedules.store.form_choices import FormChoices
from schedules.store.held import Held
from schedules.store.incoming import IncomingTable
from schedules.store.memory import Memory, Recollection
from schedules.store.opinions import OpinionTables
from schedules.store.organisation import SqlOrganisationStore
from schedules.store.outbox_writer import SqlOutboxWriter
from schedules.store.outcomes import OutcomeTable
from schedules.store.pages import Pages
from schedules.store.plan import SqlPlanStore
from schedules.store.settings import SettingTable
from schedules.store.statements import among, listed
from schedules.store.tables import TEAM
from schedules.store.teams import TeamCache
from schedules.store.transaction import Transaction

# Weaker than FOR UPDATE: planners exclude each other, foreign keys to the team do not wait.
_LOCK = sa.select(TEAM.c.id).where(among(TEAM.c.id)).order_by(TEAM.c.id).with_for_update(key_share=True)


class SqlUnitOfWork:
    """`UnitOfWork` over a transaction. Leaving the block without `commit()` rolls back.

    After `commit()` a further statement begins a new transaction.
    """

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

    def __init__(
        self,
        transaction: Transaction,
        cache: TeamCache,
        memory: Memory,
        wrapper: Wrapper,
        hmac_key: Callable[[Transaction], bytes],
    ) -> None:
        self._transaction = transaction
        settings = SettingTable(transaction)
        self.settings = settings
        known = self._known = Recollection(transaction, settings, memory)
        self.organisation = SqlOrganisationStore(transaction, cache, settings, known)
        self.pages = Pages(transaction, settings, known)
        self._held = Held(transaction)
        self.plan = SqlPlanStore(transaction, known, self._held)
        self.cases = SqlCaseStore(transaction, wrapper, hmac_key, self._held)
        self.case_files = CaseFileTables(transaction)
        self.outcomes = OutcomeTable(transaction, wrapper, self._held)
        self.follow_ups = FollowUpTable(transaction)
        self.opinions = OpinionTables(transaction)
        self.due = SqlDueStore(transaction)
        self.outbox = SqlOutboxWriter(transaction)
        self.incoming = IncomingTable(transaction)
        self.erasure = SqlErasureStore(transaction, self._held)
        self.audit = AuditTable(transaction)
        self.facts = FactTables(transaction)
        self.form_choices = FormChoices(transaction)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._transaction.close()

    def lock_teams(self, teams: Collection[str], form: str | None = None) -> None:
        """Lock the teams' rows in id order; what is read afterwards stands until the end.

        On SQLite the whole database is locked for writing. On PostgreSQL what a new case's `form` needs
        first is read on the same journey. Raises LockTimeout after 1.5 s.
        """
        if self._transaction.dialect == "sqlite":
            self._transaction.start_writing()
            self._held.forget()
            return
        along = {} if form is None else asked_first(form, teams)
        found = self._known.start_writing((_LOCK, listed(teams)), *along.values())
        self._held.forget()
        for question, rows in zip(along, found, strict=True):
            self._held.keep(question, rows)

    def commit(self) -> None:
        """Make it all so."""
        self._transaction.commit()
