"""Who coordinates, and who serves, on a day."""

from __future__ import annotations

from datetime import date

import pytest

from schedules.domain.duty import Absence, Handover, coordinator_on, team_on
from schedules.domain.organisation import Membership, Team

TEAM = Team(
    id="t",
    name="T",
    reference_prefix="T",
    coordinator="c",
    coordinator_deputies=("d", "e"),
    parties=(Membership("k", ("c", "d")), Membership("f", ("n", "j"))),
)
DAY = date(2026, 12, 8)
AWAY = [(date(2026, 12, 1), DAY)]


@pytest.mark.parametrize(
    ("away", "leads"),
    [((), "c"), (("c",), "d"), (("c", "d"), "e"), (("d",), "c"), (("c", "d", "e"), "c")],
)
def test_the_first_leader_who_is_there_coordinates(away: tuple[str, ...], leads: str) -> None:
    assert coordinator_on(TEAM, DAY, dict.fromkeys(away, AWAY)) == leads


def test_both_days_of_an_absence_are_included() -> None:
    assert coordinator_on(TEAM, date(2026, 12, 9), {"c": AWAY}) == "c"
    assert coordinator_on(TEAM, date(2026, 12, 1), {"c": AWAY}) == "d"
    assert Absence("a", "c", DAY, DAY).covers(DAY)
    assert not Absence("a", "c", DAY, DAY).covers(date(2026, 12, 9))


def test_a_handover_changes_seats_and_lead_from_its_day() -> None:
    handover = Handover("h", "t", "c", "x", DAY)
    assert team_on(TEAM, date(2026, 12, 7), [handover]) == TEAM
    then = team_on(TEAM, DAY, [handover])
    assert (then.coordinator, then.coordinator_deputies) == ("x", ("d", "e"))
    assert then.parties[0].representatives == ("x", "d")
    assert coordinator_on(TEAM, DAY, {"x": AWAY}, [handover]) == "d"


def test_a_deputy_who_takes_over_is_not_named_twice() -> None:
    then = team_on(TEAM, DAY, [Handover("h", "t", "c", "d", DAY)])
    assert (then.coordinator, then.coordinator_deputies) == ("d", ("e",))
    assert then.parties[0].representatives == ("d",)


def test_handovers_follow_each_other_and_stay_in_their_team() -> None:
    chain = [Handover("2", "t", "x", "y", DAY), Handover("1", "t", "n", "x", date(2026, 12, 1))]
    assert team_on(TEAM, DAY, chain).parties[1].representatives == ("y", "j")
    assert team_on(TEAM, DAY, [Handover("h", "other", "n", "x", DAY)]) == TEAM
