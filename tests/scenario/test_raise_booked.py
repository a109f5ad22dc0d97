"""What a submitted form leads to: the booking, the form that follows, what is asked for later, once."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.workspace import Actor, payloads
from bot.workspace.actions import _apply as apply_answer
from bot.workspace.courier import Ack
from schedules.store.database import Database
from schedules.texts.words import Words
from tests.support.races import race
from tests.support.raising import (
    OSTHAMMAR,
    callback,
    fill,
    label,
    offered,
    opened,
    raised,
    seen,
    stored,
    told,
)
from tests.support.rig import Rig

DETAILS = {
    "gender": "woman",
    "birth_year": "1985",
    "sick_leave_start": "2026-11-10",
    "needs": "Tolk",
    "known_to": ["fk"],
    "support": "sickness_benefit",
}
BUSY = Words("sv")("error.busy")
ASKED = "Några uppgifter om ärende TIE-2026-001 saknas"


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """The instant of a wall time in Stockholm in 2026."""
    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo("Europe/Stockholm")).astimezone(UTC)


def details(actor: Actor, **fields: object) -> Actor:
    """Fill in the remaining fields and save."""
    for field, value in {**DETAILS, **fields}.items():
        actor.fill(field, value)
    actor.submit()
    return actor


def bookings(town: Rig) -> int:
    return town.count("SELECT count(*) FROM booking WHERE status IN ('proposed', 'booked')")


def test_the_form_answers_with_time_place_people_and_why_not_earlier(town: Rig) -> None:
    maja = raised(town)
    text = seen(maja)
    for said in (
        "Ärende TIE-2026-001, Samverkansteam Tierp",
        "Tisdag 8 december kl. 13:00–13:30",
        "Vårdcentralen Tierp, rum 4",
        "Försäkringskassan: Nasrin Ahmadi",
        "Arbetsförmedlingen: Daniel Okafor",
        "Varför inte tidigare?",
        "Tisdag 24 november är för nära i tid",
        "Tiden är kvar även om du stänger.",
    ):
        assert said in text
    assert offered(maja, "slot")[0] == "booked"
    assert offered(maja, "slot")[-1] == "wait"
    assert len(offered(maja, "slot")) == 4
    assert "Tisdag 22 december kl. 13:00–13:30\nTisdag 5 januari kl. 13:00–13:30" in text
    fields = [one["block_id"] for one in maja.modal.blocks if one["type"] == "input"] if maja.modal else []
    assert fields == ["slot", *DETAILS]


def test_referral_booking_audit_and_question_are_one_transaction(
    town: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    commits = []
    whole = Database.unit_of_work

    def counted(self: Database) -> object:
        uow = whole(self)
        commit = uow.commit

        def counting() -> None:
            commits.append((stored(town), bookings(town)))
            commit()

        monkeypatch.setattr(uow, "commit", counting)
        return uow

    assert town.local.program.office is town.office  # its transactions are counted in this process
    maja = fill(opened(town))
    object.__setattr__(town.office, "unit_of_work", lambda: counted(town.database))
    maja.submit()
    assert callback(maja) == "referral_details"
    assert commits == [(0, 0)]
    assert (stored(town), bookings(town)) == (1, 1)


def test_closing_the_form_keeps_the_booking(town: Rig) -> None:
    raised(town).close()
    town.settle()
    assert bookings(town) == 1
    assert any("TIE-2026-001" in one for one in told(town, "helena"))


def test_what_is_missing_is_asked_for_two_workdays_later_and_again_before_the_meeting(town: Rig) -> None:
    raised(town).close()
    town.until(at(25, 8, 59))
    assert not any(ASKED in one for one in told(town, "maja"))
    town.until(at(25, 9))  # Monday at nine, and two workdays
    asked = [one for one in told(town, "maja") if ASKED in one]
    assert len(asked) == 1
    assert "Tiden är bokad ändå" in asked[0]
    town.until(at(1, 8, 59, month=12))
    assert len([one for one in told(town, "maja") if ASKED in one]) == 1
    town.until(at(1, 9, month=12))  # five workdays before the meeting
    asked = [one for one in told(town, "maja") if ASKED in one]
    assert len(asked) == 2
    assert "Fyll i dem före mötet tisdag 8 december" in asked[1]
    maja = town.actor("maja")
    maja.click("details_open")
    assert callback(maja) == "referral_details"
    assert maja.values["slot"]["slot"]["selected_option"]["value"] == "booked"


def test_what_is_filled_in_is_not_asked_for(town: Rig) -> None:
    maja = details(raised(town))
    assert maja.modal is None
    town.until(at(9, 9, month=12))
    assert not any(ASKED in one for one in told(town, "maja"))


def test_only_part_filled_in_is_asked_for_and_prefilled(town: Rig) -> None:
    details(raised(town), support=None)
    town.until(at(25, 9))
    assert any(ASKED in one for one in told(town, "maja"))
    maja = town.actor("maja")
    maja.click("details_open")
    assert maja.values["birth_year"]["birth_year"]["value"] == "1985"
    maja.fill("support", "none")
    maja.submit()
    town.until(at(7, 9, month=12))
    assert len([one for one in told(town, "maja") if ASKED in one]) == 1


def test_a_moved_case_is_asked_again_before_its_new_meeting(town: Rig) -> None:
    raised(town).close()
    town.until(at(1, 9, month=12))
    helena = town.actor("helena")
    assert len([one for one in told(town, "maja") if ASKED in one]) == 2
    helena.open_home()
    maja = town.actor("maja")
    maja.click("details_open")
    maja.fill("slot", offered(maja, "slot")[1])
    maja.submit()
    maja.close()
    town.until(at(15, 9, month=12))  # five workdays before 22 December
    asked = [one for one in told(town, "maja") if ASKED in one]
    assert len(asked) == 3
    assert "före mötet tisdag 22 december" in asked[2]


@pytest.mark.parametrize(
    ("year", "outside"), [("2011", True), ("2010", False), ("1961", False), ("1960", True)]
)
def test_an_age_outside_the_target_group_is_asked_about(town: Rig, year: str, *, outside: bool) -> None:
    maja = details(raised(town), birth_year=year)
    assert (callback(maja) == "referral_details") == outside


def test_raised_all_the_same_it_is_flagged_to_the_coordinator_only(town: Rig) -> None:
    maja = raised(town)
    later = offered(maja, "slot")[1]
    maja.fill("slot", later)
    details(maja, birth_year="2012")
    assert label(maja, "raise_all_the_same").startswith("Personens ålder är utanför målgruppen, 16–64 år.")
    assert maja.values["needs"]["needs"]["value"] == "Tolk"
    assert maja.values["slot"]["slot"]["selected_option"]["value"] == later
    maja.submit()
    assert "Kryssa för att lyfta ärendet ändå" in maja.errors["raise_all_the_same"]
    maja.fill("raise_all_the_same", ["yes"])
    maja.submit()
    assert maja.errors == {}
    assert "Tisdag 22 december" in seen(maja)
    town.settle()
    assert any("Ärendet är utanför målgruppen" in one for one in told(town, "helena"))
    assert not any("målgruppen" in one for one in told(town, "maja"))
    for one in [*told(town, "helena"), *told(town, "maja")]:
        assert "2012" not in one
    maja.submit()  # agreed to once is enough
    assert maja.errors == {}


LATE = "Senare än målet"


def test_later_than_the_goal_is_flagged_to_both_without_why(town: Rig) -> None:
    maja = details(raised(town), sick_leave_start="2026-11-02")  # 36 days before 8 December
    assert "Tiden är senare än målet för en första kontakt. Samordnaren ser också det." in seen(maja)
    town.settle()
    for who in ("maja", "helena"):
        assert any(LATE in one for one in told(town, who)), who
        assert not any("sjuk" in one.casefold() for one in told(town, who))


def test_just_within_the_goal_is_not_flagged(town: Rig) -> None:
    details(raised(town), sick_leave_start="2026-11-03")
    town.settle()
    assert not any(LATE in one for who in ("maja", "helena") for one in told(town, who))


def test_a_time_that_the_coordinator_chooses_is_compared_with_the_goal_too(town: Rig) -> None:
    details(raised(town), sick_leave_start="2026-11-03")
    town.settle()
    helena = town.actor("helena")
    helena.click("booking_move")
    helena.fill("slot", offered(helena, "slot")[0])
    helena.submit()
    town.settle()
    for who in ("maja", "helena"):
        assert any(LATE in one for one in told(town, who)), who


def test_submitted_twice_and_edited_it_is_one_referral_and_is_shown(town: Rig) -> None:
    maja = fill(opened(town))
    core, view = maja._core, maja.modal
    assert view is not None
    first = payloads.submission(core, view)
    maja.submit()
    first["view"]["state"]["values"]["question"]["question"]["value"] = "En helt annan fråga, omskriven"
    first["view"]["state"]["values"]["urgency"]["urgency"]["selected_option"] = None
    first["view"]["state"]["values"]["urgency"]["urgency"]["selected_option"] = {"value": "ordinary"}
    again = core.courier.payload(first)
    assert again.ok
    apply_answer(core, view, again.body)
    assert "Ärendet är redan lyft; här är det." in seen(maja)
    assert "Tisdag 8 december" in seen(maja)
    assert (stored(town), bookings(town)) == (1, 1)


def test_the_same_form_from_eight_threads_at_once_is_one_referral(town: Rig) -> None:
    maja = fill(opened(town))
    view = maja.modal
    assert view is not None
    sent = [payloads.submission(maja._core, view) for _ in range(8)]

    def until_heard(form: dict[str, Any]) -> Ack:
        """Sent again by whoever reads that somebody else is at it: eight new processes may take too long."""
        answers = (maja._core.courier.payload(form) for _ in sent)
        return next(one for one in answers if BUSY not in one.body.get("errors", {}).values())

    acks = race([partial(until_heard, one) for one in sent])
    assert {ack.ok for ack in acks} == {True}
    assert {ack.body["view"]["callback_id"] for ack in acks} == {"referral_details"}
    assert (stored(town), bookings(town)) == (1, 1)


def test_another_time_may_be_chosen_in_the_form(town: Rig) -> None:
    maja = raised(town)
    maja.fill("slot", offered(maja, "slot")[2])
    maja.submit()
    assert "Tisdag 5 januari kl. 13:00–13:30" in seen(maja)
    town.settle()
    assert any("tisdag 5 januari" in one for one in told(town, "helena"))
    assert not any("tisdag 8 december" in one for one in told(town, "helena"))
    assert bookings(town) == 1


def test_waiting_may_be_chosen_and_a_time_after_all(town: Rig) -> None:
    maja = raised(town)
    town.settle()
    maja.fill("slot", "wait")
    maja.submit()
    assert "Ärendet väntar, som du valde," in seen(maja)
    town.settle()
    assert bookings(town) == 0
    assert any("väntar på en annan tid" in one for one in told(town, "helena"))
    assert not any("återtaget" in one for one in told(town, "helena"))
    maja.fill("slot", offered(maja, "slot")[0])
    maja.submit()
    assert maja.errors == {}
    assert "Tisdag 8 december kl. 13:00–13:30" in seen(maja)
    assert bookings(town) == 1


def test_a_slot_taken_meanwhile_is_told_beside_the_field(town: Rig) -> None:
    maja = raised(town, "grace", **OSTHAMMAR)
    wanted = offered(maja, "slot")[1]
    other = raised(town, "karin", **OSTHAMMAR)
    other.fill("slot", wanted)
    other.submit()
    maja.fill("needs", "Interpreter")
    maja.fill("slot", wanted)
    maja.submit()
    assert set(maja.errors) == {"slot"}
    assert maja.errors["slot"] == "That time has just been taken. Choose another one."
    assert maja.values["needs"]["needs"]["value"] == "Interpreter"
    assert town.count("SELECT count(*) FROM audit WHERE action = 'referral.save_details'") == 1


def test_a_case_taken_back_meanwhile_is_told_in_the_forms_place(town: Rig) -> None:
    maja = raised(town)
    town.settle()
    form = maja.modal
    other = town.actor("maja")
    other.open_home()
    other.until(lambda: other.home is not None)
    other.click("booking_withdraw", where="home")
    assert form is not None
    ack = maja._core.courier.payload(payloads.submission(maja._core, form))
    assert ack.body["view"]["callback_id"] == "notice"
    assert "har ändrats sedan du öppnade det" in str(ack.body)


def test_a_locked_plan_is_told_in_the_form_and_nothing_is_stored(town: Rig) -> None:
    maja = fill(opened(town))
    with town.office.unit_of_work() as other:
        other.lock_teams(["tierp"])
        maja.submit()
        assert set(maja.errors) == {"team"}
        assert "Någon annan ändrar" in maja.errors["team"]
        assert "Inget har sparats." in maja.errors["team"]
        assert stored(town) == 0
    maja.submit()
    assert callback(maja) == "referral_details"
    assert stored(town) == 1


def test_a_locked_plan_is_told_in_the_details_too(town: Rig) -> None:
    maja = raised(town)
    with town.office.unit_of_work() as other:
        other.lock_teams(["tierp"])
        details(maja)
        assert set(maja.errors) == {"slot"}
        assert maja.values["needs"]["needs"]["value"] == "Tolk"
    maja.submit()
    assert maja.modal is None
