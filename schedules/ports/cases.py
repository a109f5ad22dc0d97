"""Where cases, referrals and what was reported of them are kept."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from schedules.domain.cases import CaseRecord, Protected, Referral, ReferralStatus
from schedules.domain.meeting_report import CaseReport, Result


class CaseStore(Protocol):
    """Cases and referrals; protected fields encrypted with the case's own key."""

    def next_reference(self, team: str, prefix: str, year: int) -> str:
        """The team's next running reference, for instance TIE-2026-014. Under the team's lock."""
        ...

    def add_case(self, case: str, team: str, reference: str, party: str, owner: str, at: datetime) -> None:
        """Insert a case with a new data key."""
        ...

    def case(self, case: str) -> CaseRecord | None:
        """The case itself, without its key."""
        ...

    def by_reference(self, reference: str) -> tuple[CaseRecord, ...]:
        """The cases with that running reference: one, unless teams share a prefix."""
        ...

    def of_case(self, case: str) -> tuple[Referral, ...]:
        """The case's referrals, oldest first."""
        ...

    def block(self, case: str, at: datetime) -> None:
        """Seal the case: the person has taken the consent back. Blocking it again changes nothing."""
        ...

    def set_owner(self, case: str, owner: str) -> None:
        """Hand the case to another person."""
        ...

    def add_referral(self, referral: Referral, protected: Protected) -> None:
        """Insert a referral; its own reference is found again by HMAC.

        Raises:
            Outdated: the form's view made a referral already, or the own reference is active in the team.
        """
        ...

    def save_referral(self, referral: Referral) -> None:
        """Update the open fields."""
        ...

    def save_protected(self, referral: str, protected: Protected) -> None:
        """Replace the protected fields."""
        ...

    def referral(self, referral: str) -> Referral | None:
        """One referral, open fields."""
        ...

    def protected(self, referral: str) -> Protected:
        """The protected fields, decrypted. Raises KeyError if unknown, Erased. The caller audits first."""
        ...

    def by_view(self, view_id: str) -> Referral | None:
        """The referral that a form with this view id made."""
        ...

    def by_own_reference(self, team: str, own_reference: str) -> Referral | None:
        """The active, waiting or returned referral of the team with that own reference."""
        ...

    def waiting(self, team: str) -> tuple[Referral, ...]:
        """Waiting referrals: urgent first, then by goal date, then by submission."""
        ...

    def at_meeting(self, meeting: str) -> dict[str, Referral]:
        """The referrals of the meeting's live bookings, by id: read at once."""
        ...

    def of_person(self, person: str, statuses: Collection[ReferralStatus]) -> tuple[Referral, ...]:
        """Referrals the person referred or owns, newest first."""
        ...

    def of_team(self, team: str, statuses: Collection[ReferralStatus]) -> tuple[Referral, ...]:
        """The team's referrals, oldest first."""
        ...


class OutcomeStore(Protocol):
    """What was reported of the cases' times; results encrypted with the case's own key."""

    def add(self, report: CaseReport, result: Result) -> None:
        """Insert the report of a booking; KeyError if the case is unknown.

        Raises:
            Erased: the case has no key any more.
            Outdated: the booking is reported already.
        """
        ...

    def amend(self, report: CaseReport, result: Result) -> None:
        """Replace the result of a reported booking, and whether feedback is owed."""
        ...

    def of_booking(self, booking: str) -> CaseReport | None:
        """The booking's report."""
        ...

    def of_meeting(self, meeting: str) -> tuple[CaseReport, ...]:
        """The meeting's reports, in the order in which they were made."""
        ...

    def of_referral(self, referral: str) -> tuple[CaseReport, ...]:
        """The referral's reports, in the order in which they were made."""
        ...

    def owed_feedback(self, team: str) -> tuple[CaseReport, ...]:
        """The team's reports whose person is still to be told, oldest first; not of sealed cases."""
        ...

    def owed_feedback_by(self, person: str) -> tuple[CaseReport, ...]:
        """The same for the cases that the person raised or owns."""
        ...

    def result(self, booking: str) -> Result:
        """What was reported, decrypted. Raises KeyError if unknown, Erased. The caller audits first."""
        ...

    def give_feedback(self, booking: str, by: str, at: datetime) -> None:
        """Record who told the person, and when."""
        ...
