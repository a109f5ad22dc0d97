"""Whether a case is blocked or erased: the one place that says so, and the one that refuses for it.

Whoever asks the table (services/authority.py) about a referral is refused here once its case is sealed, so
no door of the case has to remember it. Lists over many cases ask `seal_of` for each.
"""

from __future__ import annotations

from schedules.domain.authority import Command
from schedules.domain.cases import Referral, Seal
from schedules.errors import CaseSealed
from schedules.ports import UnitOfWork


def seal_of(uow: UnitOfWork, case: str) -> Seal | None:
    """Why nothing of the case is shown any more; None while it is open, or was never there."""
    found = uow.cases.case(case)
    return found.seal if found else None


def require_open(uow: UnitOfWork, command: Command, actor: str, referral: Referral, subject: str) -> None:
    """Let nothing be seen or changed in a sealed case; `subject` is what the audit trail is to name.

    Raises CaseSealed; that it was refused is on record as any refusal (refusals.py).
    """
    seal = seal_of(uow, referral.case)
    if seal is not None:
        raise CaseSealed(person=actor, action=command.value, subject=subject, seal=seal.value)
