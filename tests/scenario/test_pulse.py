"""The pulse after a meeting: a question on the card one has already, one click, and no name kept."""

from __future__ import annotations

from datetime import timedelta

from schedules.domain.opinions import PEOPLE, Counted, Place
from tests.support.meeting_days import meeting_of, report
from tests.support.raised import call_parties, column
from tests.support.raising import told, town
from tests.support.rig import Rig

__all__ = ["town"]

TIERP = Place("Tierp", "tierp")


def test_whoever_was_called_says_how_it_was_with_one_click(town: Rig) -> None:
    reference = call_parties(town)
    meeting = meeting_of(town, reference)
    town.until(meeting.ends_at - timedelta(minutes=1))
    before = len(told(town, "nasrin"))
    town.until(meeting.ends_at)
    asked = [t for t in told(town, "nasrin") if "Hur var mötet?" in t]
    assert len(asked) == 1
    assert reference in asked[0], "it is the card that she had"
    assert len(told(town, "nasrin")) == before, "and no message of its own"
    assert [t for t in told(town, "helena") if "Hur var mötet?" in t], "the coordinator too"
    assert not [t for t in told(town, "maja") if "Hur var mötet?" in t]
    nasrin = town.actor("nasrin")
    (card,) = (m for m in nasrin.messages() if "pulse_clear" in repr(m.body))
    nasrin.click("pulse_clear", message=card)
    nasrin.click("pulse_not_at_all", message=card)
    town.settle()
    (thanked,) = (t for t in told(town, "nasrin") if "ditt svar om mötet är räknat" in t)
    assert "Hur var mötet?" not in thanked
    assert reference in thanked
    topic = f"pulse:{meeting.day.year}-07"
    with town.office.unit_of_work() as uow:
        assert set(uow.opinions.counted(topic)) == {
            Counted(TIERP, PEOPLE, "", 1),
            Counted(TIERP, "pulse", "clear", 1),
        }
    assert not column(town, "SELECT action FROM audit WHERE action LIKE 'pulse%'")
    report(town, reference, took_part="in_room").close(everything=True)
    town.until(meeting.ends_at + timedelta(days=30))
    assert not [t for t in told(town, "helena") if "Hur var mötet?" in t], "it is gone after a while"
    with town.office.unit_of_work() as uow:
        assert uow.opinions.asked(f"pulse:{meeting.id}") == {}
