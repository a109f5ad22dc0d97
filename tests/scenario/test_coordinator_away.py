"""The coordinator is away: the first deputy who is there is called, told and asked instead."""

from __future__ import annotations

from datetime import UTC, datetime

from schedules.domain.plan import Answer
from schedules.services.contacts import contacts
from tests.support.duties import (
    absence_of,
    answer_of,
    away,
    booking,
    busy_is_right,
    calendar,
    leader,
    seats,
)
from tests.support.raised import (
    buttons,
    call_parties,
    decline,
    direct,
    open_home,
    page,
    raise_case,
    text_of,
    texts,
)
from tests.support.rig import Rig

DAY = "2026-12-08"
TODAY = "2026-11-23"


def test_invitations_of_the_period_get_the_deputy_as_coordinator(town: Rig) -> None:
    case, later = call_parties(town), call_parties(town, "samuel")
    uid = booking(town, case).uid
    shown = away(town, "helena", DAY, DAY)
    assert "Samordnare: Amir Haddad" in shown
    assert "Tierps kommun: Amir Haddad kommer i stället" in shown
    for one in (case, later):
        assert leader(town, one) == ["amir"]
        assert seats(town, one)["kommun_tierp"] == "amir"
    assert (calendar(town, "helena")[uid], calendar(town, "amir")[uid]) == ("CANCEL", "REQUEST")
    assert "Du är samordnare för mötet" in text_of(direct(town, "amir")[-1])
    assert busy_is_right(town)


def test_a_coordinator_without_a_seat_is_taken_out_as_well(town: Rig) -> None:
    case = call_parties(town, "yusuf", "osthammar", ["fk"])
    uid = booking(town, case).uid
    day = booking_day(town, case)
    away(town, "karin", day, day)
    assert leader(town, case) == ["yusuf"]
    assert calendar(town, "karin")[uid] == "CANCEL"


def booking_day(town: Rig, reference: str) -> str:
    with town.office.unit_of_work() as uow:
        meeting = uow.plan.meeting(booking(town, reference).meeting)
    assert meeting is not None
    return meeting.day.isoformat()


def test_who_is_there_is_asked_and_told(town: Rig) -> None:
    away(town, "helena", TODAY, "2026-12-31")
    before = len(texts(town, "helena"))
    case = raise_case(town)
    town.settle()
    card = direct(town, "amir")[-1]
    assert case in text_of(card)
    assert "booking_confirm" in buttons(card)
    town.actor("amir").click("booking_confirm", message=card)
    town.settle()
    assert leader(town, case) == ["amir"]
    decline(town, "nasrin", "not_our_case")
    town.settle()
    assert any("svarar att ärende" in text for text in texts(town, "amir"))
    assert len(texts(town, "helena")) == before
    assert answer_of(town, case, "nasrin") is Answer.DECLINED
    open_home(town, "amir")
    assert "Du samordnar Samverkansteam Tierp medan Helena Lindqvist är borta." in page(town, "amir")
    reached = {one.team: one.coordinator.name for one in contacts(town.office, "maja")}
    assert reached["Samverkansteam Tierp"] == "Amir Haddad"


def test_open_proposals_go_to_the_deputy_at_once_and_come_back(town: Rig) -> None:
    case = raise_case(town)
    town.settle()
    away(town, "helena", TODAY, "2026-11-27")
    assert "ligger hos den som samordnar" in text_of(direct(town, "helena")[-1])
    assert "booking_confirm" in buttons(direct(town, "amir")[-1])
    open_home(town, "helena")
    town.actor("helena").click("absence_take_back", absence_of(town, "helena"), where="home")
    town.settle()
    assert "booking_confirm" in buttons(direct(town, "helena")[-1])
    assert "booking_confirm" not in buttons(direct(town, "amir")[-1])
    assert case in text_of(direct(town, "helena")[-1])


def test_open_proposals_go_to_the_deputy_on_the_first_day(town: Rig) -> None:
    raise_case(town)
    town.settle()
    away(town, "helena", "2026-11-24", "2026-11-26")
    assert "booking_confirm" in buttons(direct(town, "helena")[-1])
    assert direct(town, "amir") == []
    town.until(datetime(2026, 11, 24, 7, 30, tzinfo=UTC))  # half past eight, before it confirms itself
    assert "booking_confirm" in buttons(direct(town, "amir")[-1])
    assert "booking_confirm" not in buttons(direct(town, "helena")[-1])


def test_taking_it_back_makes_the_coordinator_lead_again(town: Rig) -> None:
    case = call_parties(town)
    uid = booking(town, case).uid
    away(town, "helena", DAY, DAY)
    open_home(town, "helena")
    town.actor("helena").click("absence_take_back", absence_of(town, "helena"), where="home")
    town.settle()
    assert leader(town, case) == ["helena"]
    assert calendar(town, "helena")[uid] == "REQUEST"
    assert seats(town, case)["kommun_tierp"] == "amir"


def test_when_all_who_lead_are_away_the_coordinator_stays(town: Rig) -> None:
    case = call_parties(town, others=("fk",))
    away(town, "amir", DAY, DAY)
    away(town, "helena", DAY, DAY)
    assert leader(town, case) == ["helena"]
