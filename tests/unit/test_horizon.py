"""What a horizon has judged holds for its own offers only."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from schedules.domain.assignment import Busy, MeetingOffer, Reason, SlotOffer, Wish
from schedules.domain.cases import Urgency
from schedules.domain.plan import MeetingStatus
from schedules.services.horizon import Horizon
from tests.support.examples import TIERP

STARTS = datetime(2026, 12, 1, 12, tzinfo=UTC)
OFFER = MeetingOffer(
    "m1",
    STARTS.date(),
    STARTS,
    MeetingStatus.PLANNED,
    (SlotOffer("s1", 0, STARTS, STARTS + timedelta(minutes=30), taken=False),),
    {"fk": ("p1",)},
)
WISH = Wish(("fk",), Urgency.ORDINARY, date(2026, 11, 1))


def test_a_horizon_with_other_offers_judges_anew() -> None:
    horizon = Horizon(TIERP, {}, (OFFER,), Busy())
    assert horizon.assign(WISH).choice is not None
    without = replace(horizon, offers=(replace(OFFER, attending={"fk": ()}),))
    assert [passed.reason for passed in without.assign(WISH).passed_over] == [Reason.NO_REPRESENTATIVE]
    assert horizon.assign(WISH).choice is not None


def test_each_wish_is_judged_for_itself() -> None:
    horizon = Horizon(TIERP, {}, (OFFER,), Busy())
    assert horizon.suitable(WISH, 1) != ()
    assert horizon.suitable(replace(WISH, not_before=date(2027, 1, 1)), 1) == ()
