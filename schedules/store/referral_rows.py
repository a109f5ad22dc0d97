"""A referral between its row and its record."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from schedules.domain.cases import (
    CaseRecord,
    PersonTakesPart,
    QuestionCategory,
    Referral,
    ReferralStatus,
    Urgency,
)
from schedules.store.tables import CASE, REFERRAL

SELECT = sa.select(
    *(column for column in REFERRAL.columns if column.name not in {"protected", "own_reference_hmac"}),
    CASE.c.reference,
    CASE.c.party,
    CASE.c.team.label("case_team"),
    CASE.c.owner.label("case_owner"),
    CASE.c.created_at,
    CASE.c.blocked_at,
    CASE.c.data_key.is_(None).label("erased"),
).join(CASE, REFERRAL.c.case == CASE.c.id)
"""Referrals with their case; ciphertexts and keys stay where they are."""


def row_of(referral: Referral) -> dict[str, Any]:
    """The open fields as a row."""
    return {
        "id": referral.id,
        "case": referral.case,
        "team": referral.team,
        "referrer": referral.referrer,
        "owner": referral.owner,
        "status": referral.status.value,
        "parties": list(referral.parties),
        "categories": [category.value for category in referral.categories],
        "flags": list(referral.flags),
        "person_takes_part": referral.person_takes_part.value,
        "urgency": referral.urgency.value,
        "not_before": referral.not_before,
        "submitted_at": referral.submitted_at,
        "view_id": referral.view_id,
    }


def referral_of(row: sa.Row[Any]) -> Referral:
    """The record of a row of `SELECT`."""
    return Referral(
        id=row.id,
        case=row.case,
        reference=row.reference,
        team=row.team,
        referrer=row.referrer,
        owner=row.owner,
        status=ReferralStatus(row.status),
        parties=tuple(row.parties),
        categories=tuple(QuestionCategory(category) for category in row.categories),
        person_takes_part=PersonTakesPart(row.person_takes_part),
        urgency=Urgency(row.urgency),
        not_before=row.not_before,
        submitted_at=row.submitted_at,
        flags=tuple(row.flags),
        view_id=row.view_id,
    )


def case_of(row: sa.Row[Any]) -> CaseRecord:
    """The case of the same row."""
    return CaseRecord(
        id=row.case,
        team=row.case_team,
        reference=row.reference,
        party=row.party,
        owner=row.case_owner,
        created_at=row.created_at,
        blocked_at=row.blocked_at,
        erased=bool(row.erased),
    )
