"""Follow-ups in both databases: one a case, found by whoever is to answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from schedules.domain.follow_up import FollowUp, FollowUpStatus
from schedules.store.database import Database
from tests.support.examples import NOW, ORGANISATION, a_referral, protected, store_referral


def test_a_case_has_one_follow_up_that_waits_for_the_owner_and_whoever_is_asked(database: Database) -> None:
    with database.unit_of_work() as unit:
        unit.organisation.save(ORGANISATION)
        unit.commit()
        unit.lock_teams(["tierp"])
        referral = store_referral(unit, a_referral(), protected())
        planned = FollowUp(referral.case, referral.id, "tierp", date(2026, 9, 15))
        unit.follow_ups.save(planned)
        assert unit.follow_ups.of_case(referral.case) == planned
        assert unit.follow_ups.asked_in("tierp") == ()
        asked = replace(planned, status=FollowUpStatus.ASKED, asked="p1")
        unit.follow_ups.save(asked)
        unit.commit()
    with database.unit_of_work() as unit:
        assert referral.owner != "p1"
        for found in (
            unit.follow_ups.asked_in("tierp"),
            unit.follow_ups.asked_of("p1"),
            unit.follow_ups.asked_of(referral.owner),
        ):
            assert found == (asked,)
        assert unit.follow_ups.asked_of("somebody") == ()
        closed = replace(asked, status=FollowUpStatus.ANSWERED, closed_at=NOW)
        unit.follow_ups.save(closed)
        assert unit.follow_ups.of_case(referral.case) == closed
        assert unit.follow_ups.asked_of("p1") == ()
