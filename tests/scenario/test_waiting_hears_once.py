"""A case that waits is booked by itself, also when it is itself what changes; the referrer hears once."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.support.raised import buttons, column, direct, raise_case, text_of
from tests.support.raising import callback, choose, raised, seen
from tests.support.rig import Rig


def only(town: Rig, team: str, *days: str) -> None:
    """Leave only these meetings of the team."""
    with town.database._engine.begin() as connection:
        cancel = "UPDATE meeting SET status = 'cancelled' WHERE team = :team AND day NOT IN :days"
        statement = sa.text(cancel).bindparams(sa.bindparam("days", expanding=True))
        connection.execute(statement, {"team": team, "days": list(days)})


@pytest.mark.parametrize(
    ("team", "who", "day"), [("tierp", "maja", "2026-12-08"), ("osthammar", "grace", "2026-12-03")]
)
def test_a_withdrawal_books_the_next_and_its_referrer_hears_once(
    town: Rig, team: str, who: str, day: str
) -> None:
    only(town, team, day)
    others = {"tierp": ["af"], "osthammar": ["vc_osthammar"]}[team]
    first = [raise_case(town, "johan", team, others) for _ in range(3)]
    waiting = raise_case(town, who, team, ["fk"])
    town.pass_time(days=2)
    assert column(town, "SELECT status FROM referral WHERE status = 'waiting'") == ["waiting"]
    before = len(direct(town, who))
    johan = town.actor("johan")
    case = next(
        m for m in reversed(direct(town, "johan")) if first[0] in text_of(m) and "case_show" in buttons(m)
    )
    johan.click("case_show", message=case)
    johan.click("booking_withdraw", where="modal")
    johan.close(everything=True)
    town.pass_time(**{"tierp": {"days": 1, "hours": 2}, "osthammar": {"minutes": 11}}[team])
    assert column(town, "SELECT status FROM referral WHERE status = 'waiting'") == []
    new = [m for m in direct(town, who)[before:] if waiting in text_of(m) and "nyare" not in text_of(m)]
    current = [m for m in new if buttons(m)]
    assert len(current) == 1, [text_of(m) for m in new]


def test_a_waiting_case_that_is_changed_may_get_a_time_at_once(town: Rig) -> None:
    """The health centre is not at the one meeting there is; without it there is a time."""
    only(town, "tierp", "2026-12-22")
    maja = raised(town, parties=["fk", "vc_tierp"])
    assert "väntar" in seen(maja)
    maja.close(everything=True)
    town.settle()
    maja.command("/samtid", "ärenden")
    maja.click("case_show")
    maja.click("case_change", where="modal")
    assert callback(maja) == "case_change"
    choose(maja, "parties", ["fk"])
    maja.submit()
    assert "nu passar en tid: tisdag 22 december" in seen(maja)
    town.settle()
    assert column(town, "SELECT status FROM referral") == ["active"]


def test_a_waiting_case_that_still_does_not_suit_goes_on_waiting(town: Rig) -> None:
    only(town, "tierp", "2026-12-22")
    raised(town, parties=["fk", "vc_tierp"]).close(everything=True)
    maja = town.actor("maja")
    maja.command("/samtid", "ärenden")
    maja.click("case_show")
    maja.click("case_change", where="modal")
    maja.fill("person_takes_part", "online")
    maja.submit()
    assert "väntar fortfarande" in seen(maja)
    assert column(town, "SELECT status FROM referral") == ["waiting"]
