"""Who has said no, or is asked beside somebody silent, when one of a party goes away."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.organisation import Applier
from schedules.domain.organisation import Team
from schedules.domain.plan import Answer
from tests.support.duties import answer_of, away, busy_is_right, calendar, seats
from tests.support.raised import call_parties, cards, decline, direct, open_home, page, text_of, value
from tests.support.rig import Rig

DAY = "2026-12-08"
STAND_IN = "SELECT stand_in FROM seat WHERE party = 'fk'"


def asked_as_well(r: Rig) -> str:
    """Nasrin has been silent until the second reminder, so Johan is asked as well."""
    reference = call_parties(r)
    r.until(datetime(2026, 12, 1, 8, tzinfo=UTC))
    assert value(r, STAND_IN) == "johan"
    return reference


def test_who_has_said_no_is_not_called_again(town: Rig) -> None:
    reference = call_parties(town)
    decline(town, "nasrin")
    town.settle()
    assert seats(town, reference)["fk"] == "johan"
    assert "ingen annan är ledig" in away(town, "johan", DAY, DAY)
    assert seats(town, reference)["fk"] == "johan"
    assert cards(town, "nasrin") == []
    assert "saknar någon som kan vara med" in text_of(direct(town, "helena")[-1])


def test_when_the_silent_one_goes_away_whoever_was_asked_as_well_has_the_seat(town: Rig) -> None:
    reference = asked_as_well(town)
    assert "Johan Öberg kommer i stället" in away(town, "nasrin", DAY, DAY)
    assert (seats(town, reference)["fk"], value(town, STAND_IN)) == ("johan", None)
    assert list(calendar(town, "johan").values()) == ["REQUEST"]
    assert busy_is_right(town)


def test_who_was_asked_as_well_and_goes_away_is_let_go(town: Rig) -> None:
    open_home(town, "helena")
    reference = asked_as_well(town)
    shown = away(town, "johan", DAY, DAY)
    assert "Försäkringskassan: ersättaren är inte längre tillfrågad, och ingen annan är ledig." in shown
    assert (seats(town, reference)["fk"], value(town, STAND_IN)) == ("nasrin", None)
    assert list(calendar(town, "johan").values()) == ["CANCEL"]
    assert cards(town, "johan") == []
    assert "också tillfrågad" not in text_of(cards(town, "nasrin")[0])
    assert "också tillfrågad" not in page(town, "helena")


def test_the_next_one_is_asked_beside_the_silent_one(town: Rig) -> None:
    """The silent one's own answer stands open, and only who is asked beside them changes."""
    teams = tuple(with_a_third(team) for team in town.organisation.teams)
    Applier(town.office).apply(replace(town.organisation, teams=teams))
    reference = asked_as_well(town)
    nasrin = len(direct(town, "nasrin"))
    shown = away(town, "johan", DAY, DAY)
    assert "Försäkringskassan: Ewa Kowalska tillfrågas i stället, vid sidan av" in shown
    assert (seats(town, reference)["fk"], value(town, STAND_IN)) == ("nasrin", "ewa")
    assert "Nasrin Ahmadi har inte svarat, så du är också tillfrågad." in text_of(cards(town, "ewa")[0])
    assert "Ewa Kowalska är också tillfrågad" in text_of(cards(town, "nasrin")[0])
    assert len(direct(town, "nasrin")) == nasrin
    assert answer_of(town, reference, "nasrin") is Answer.NEEDS_ACTION


def with_a_third(team: Team) -> Team:
    """Försäkringskassan has one more representative."""
    seats = [replace(m, representatives=(*m.representatives, "ewa")) for m in team.parties if m.party == "fk"]
    return replace(team, parties=(*(m for m in team.parties if m.party != "fk"), *seats))


def test_who_leaves_in_the_middle_of_a_meeting_is_replaced_at_its_later_times(town: Rig) -> None:
    over, later = call_parties(town), call_parties(town)
    town.until(datetime(2026, 12, 8, 12, 10, tzinfo=UTC))  # ten minutes into the first of them
    shown = away(town, "nasrin", DAY, DAY)
    assert later in shown
    assert over not in shown
    assert (seats(town, over)["fk"], seats(town, later)["fk"]) == ("nasrin", "johan")
    assert "Du tar över platsen för Försäkringskassan" in text_of(direct(town, "johan")[-1])
    assert busy_is_right(town)
