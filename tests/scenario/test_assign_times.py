"""Assignment over signed HTTP: the earliest suitable time, why not earlier, and who decides about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.workspace import payloads
from schedules.domain.plan import MeetingStatus
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
    told,
)
from tests.support.rig import Rig, rig

# A team with one meeting that has one slot.
SMALL = """
association: Liten
target_group: {from_age: 16, to_age: 64}
administrators: [ann]
parties:
  - {id: kommun, name: Kommunen, kind: municipality}
  - {id: fk, name: Kassan, kind: social_insurance}
people:
  - {id: ann, party: kommun, name: Ann Alm, email: ann@kommun.example, slack: U0001, phone: 08-465 004 01}
  - {id: bo, party: fk, name: Bo Berg, email: bo@fk.example, slack: U0002, language: sv}
  - {id: cia, party: kommun, name: Cia Ceder, email: cia@kommun.example, slack: U0003, language: sv}
teams:
  - id: lilla
    name: Lilla teamet
    reference_prefix: LIL
    channel: C0001
    coordinator: ann
    place: Rum 1
    parties:
      - {party: kommun, representatives: [ann], from: 2026-08-01}
      - {party: fk, representatives: [bo], from: 2026-08-01}
    series:
      - {anchor: 2026-12-08, start: "13:00", slots: 1, slot_minutes: 30, weeks: 2, until: 2026-12-08}
    rules: {lead_workdays: 2, coordinator_confirms: true, confirm_by_itself_workdays: 1}
"""


@pytest.fixture
def village(tmp_path: Path) -> Iterator[Rig]:
    """A team with one meeting that has one slot."""
    file = tmp_path / "organisation.yaml"
    file.write_text(SMALL, encoding="utf-8")
    with rig(tmp_path, organisation=file) as running:
        yield running
        assert running.local.workspace.problems() == ()


LILLA = {"team": "lilla", "parties": ["fk"]}


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """The instant of a wall time in Stockholm in 2026."""
    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo("Europe/Stockholm")).astimezone(UTC)


def absent(town: Rig, person: str, first: date, last: date) -> None:
    with town.office.unit_of_work() as uow:
        uow.plan.add_absence(person, first, last)
        uow.commit()


def change_meeting(town: Rig, team: str, day: date, status: MeetingStatus) -> None:
    with town.office.unit_of_work() as uow:
        uow.lock_teams([team])
        meeting = next(m for m in uow.plan.meetings(team, day) if m.day == day)
        uow.plan.save_meeting(replace(meeting, status=status))
        uow.commit()


def result(text: str) -> str:
    """The part of the form that tells what it led to."""
    return text.partition("Passar tiden?")[0]


def test_the_lead_time_counts_from_submission(town: Rig) -> None:
    town.until(at(27, 9))  # seven workdays before 8 December, not counting the day itself
    assert "Tisdag 8 december" in seen(raised(town))
    town.until(at(27, 23, 30))
    assert "Tisdag 8 december" in seen(raised(town))
    town.until(at(30, 9))
    text = result(seen(raised(town)))
    assert "Tisdag 22 december kl. 13:00–13:30" in text
    assert "8 december är för nära i tid för att alla ska hinna förbereda sig" in text


def test_an_urgent_case_comes_earlier(town: Rig) -> None:
    text = seen(raised(town, urgency="urgent", urgency_reason="Ersättningen tar slut."))
    assert "Tisdag 24 november kl. 13:00–13:30" in text
    assert "Varför inte tidigare?" not in text


def test_not_before_the_wished_day(town: Rig) -> None:
    text = result(seen(raised(town, not_before="2026-12-09")))
    assert "Tisdag 22 december" in text
    assert "Tisdag 8 december är före den dag som önskats som tidigast." in text


def test_a_party_that_comes_every_second_time(town: Rig) -> None:
    assert "Tisdag 8 december kl. 13:00" in seen(raised(town, parties=["vc_tierp"]))
    text = result(seen(raised(town, parties=["vc_tierp"], not_before="2026-12-09")))
    assert "Tisdag 22 december är Vårdcentralen Tierp inte med på mötet." in text
    assert "Tisdag 5 januari kl. 13:00–13:30" in text
    assert "Vårdcentralen Tierp: Mirjam Sandberg" in text


def test_the_deputy_is_called_when_the_first_is_away(town: Rig) -> None:
    absent(town, "nasrin", date(2026, 12, 7), date(2026, 12, 9))
    assert "Försäkringskassan: Johan Öberg" in seen(raised(town))


def test_when_nobody_is_free_the_meeting_is_passed_over(town: Rig) -> None:
    for who in ("nasrin", "johan"):
        absent(town, who, date(2026, 12, 7), date(2026, 12, 9))
    text = result(seen(raised(town)))
    assert "Tisdag 8 december kan Försäkringskassan inte delta." in text
    assert "Tisdag 22 december kl. 13:00–13:30" in text


def test_a_full_meeting_and_what_is_kept_for_the_urgent(town: Rig) -> None:
    spans = [result(seen(raised(town))) for _ in range(3)]
    for text, span in zip(spans, ("13:00–13:30", "13:30–14:00", "14:00–14:30"), strict=True):
        assert f"Tisdag 8 december kl. {span}" in text
    fourth = result(seen(raised(town)))
    assert "Tisdag 8 december finns bara tid för skyndsamma ärenden." in fourth
    assert "Tisdag 22 december kl. 13:00–13:30" in fourth
    urgent = {"urgency": "urgent", "urgency_reason": "Ersättningen tar slut."}
    assert "Tisdag 8 december kl. 14:30–15:00" in seen(raised(town, **urgent, not_before="2026-12-01"))
    assert "Tisdag 8 december är fullt." in seen(raised(town))


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (MeetingStatus.CANCELLED, "Tisdag 8 december är mötet inställt."),
        (MeetingStatus.CLOSED, "Tisdag 8 december hålls inget möte."),
    ],
)
def test_cancelled_and_closed_meetings_are_passed_over(town: Rig, status: MeetingStatus, words: str) -> None:
    change_meeting(town, "tierp", date(2026, 12, 8), status)
    text = result(seen(raised(town)))
    assert words in text
    assert "Tisdag 22 december" in text


def test_no_slot_waits_says_so_and_tells_the_coordinator(village: Rig) -> None:
    raised(village, "cia", **LILLA).close()
    cia = raised(village, "cia", **LILLA)
    assert "Ingen tid passar ännu. Ärendet väntar och får den första tid som passar." in seen(cia)
    assert "Samordnaren vet om det." in seen(cia)
    assert "Tisdag 8 december är fullt." in seen(cia)
    village.settle()
    assert any("Ärende LIL-2026-002 i Lilla teamet väntar" in one for one in told(village, "ann"))
    ann = village.actor("ann")
    ann.open_home()
    ann.until(lambda: ann.home is not None)
    assert ann.home is not None
    assert "Ärenden som väntar på tid" in str(ann.home.body)


def test_a_freed_slot_books_the_one_that_waits_and_newcomers_never_pass(village: Rig) -> None:
    raised(village, "cia", **LILLA).close()
    raised(village, "cia", **LILLA).close()
    third = raised(village, "cia", **LILLA)
    assert "Ingen tid passar ännu" in seen(third)
    third.close()
    cia = village.actor("cia")
    cia.open_home()
    cia.until(lambda: cia.home is not None and "LIL-2026-003" in str(cia.home.body))
    first = village.count("SELECT count(*) FROM booking WHERE status = 'proposed'")
    assert first == 1
    with village.office.unit_of_work() as uow:
        (booked,) = [
            b for m in uow.plan.meetings("lilla", date(2026, 12, 1)) for b in uow.plan.live_bookings(m.id)
        ]
    cia.click("booking_withdraw", booked.id, where="home")
    village.settle()
    assert any("Ärende LIL-2026-002 har fått tiden tisdag 8 december" in one for one in told(village, "ann"))
    fourth = raised(village, "cia", **LILLA)
    assert "Ingen tid passar ännu" in seen(fourth)
    with village.office.unit_of_work() as uow:
        assert [r.reference for r in uow.cases.waiting("lilla")] == ["LIL-2026-003", "LIL-2026-004"]


def test_the_coordinator_confirms(town: Rig) -> None:
    raised(town).close()
    town.settle()
    card = next(one for one in told(town, "helena") if "TIE-2026-001" in one)
    for said in (
        "Ärende TIE-2026-001 har fått tiden tisdag 8 december kl. 13:00–13:30.",
        "Om du inte gör något bekräftas tiden av sig själv tisdag 24 november kl. 09:00.",
        "Tisdag 24 november är för nära i tid",
        "Bekräfta",
        "Välj annan tid",
        "Skicka tillbaka",
    ):
        assert said in card
    assert town.mails("nasrin") == []
    town.actor("helena").click("booking_confirm")
    town.settle()
    assert len(town.mails("nasrin")) == 1
    assert any("är bekräftad. Kallelserna skickas." in one for one in told(town, "helena"))
    town.actor("helena")
    town.until(at(24, 10))
    assert len(town.mails("nasrin")) == 1


def test_unanswered_it_confirms_itself(town: Rig) -> None:
    raised(town).close()
    town.until(at(24, 8, 59))
    assert town.mails("nasrin") == []
    town.until(at(24, 9))
    assert len(town.mails("nasrin")) == 1
    assert any("har bekräftats av sig själv" in one for one in told(town, "helena"))


def test_another_time_is_chosen_among_the_next_ten_suitable(town: Rig) -> None:
    raised(town).close()
    town.settle()
    helena = town.actor("helena")
    helena.click("booking_move")
    assert callback(helena) == "booking_move"
    assert len(offered(helena, "slot")) == 10
    assert "Ärende TIE-2026-001 har nu tiden tisdag 8 december kl. 13:00–13:30." in seen(helena)
    assert "Tisdag 22 december kl. 13:00–13:30" in seen(helena)
    helena.fill("slot", offered(helena, "slot")[1])
    helena.submit()
    assert helena.modal is None
    town.settle()
    assert len(town.mails("nasrin")) == 1
    assert "5 januari" in str(town.mails("nasrin")[0]["subject"])
    assert any("har en ny tid: tisdag 5 januari" in one for one in told(town, "helena"))


def test_sent_back_it_is_mended_in_the_same_form_and_keeps_its_reference(town: Rig) -> None:
    raised(town, own_reference="SN 7", case_owner="U0003", parties=["fk", "vc_tierp"]).close()
    town.settle()
    helena = town.actor("helena")
    helena.click("booking_send_back")
    helena.submit()
    assert set(helena.errors) == {"reason"}
    helena.fill("reason", "Frågan är för bred.")
    helena.submit()
    town.settle()
    assert town.count("SELECT count(*) FROM booking WHERE status = 'proposed'") == 0
    maja = town.actor("maja")
    note = next(one for one in told(town, "maja") if "behöver kompletteras" in one)
    assert "Frågan är för bred" not in note
    maja.click("referral_mend")
    assert "Frågan är för bred." in seen(maja)
    values = maja.values
    assert values["own_reference"]["own_reference"]["value"] == "SN 7"
    assert values["case_owner"]["case_owner"]["selected_user"] == "U0003"
    assert [one["value"] for one in values["parties"]["parties"]["selected_options"]] == ["fk", "vc_tierp"]
    assert "Vårdcentralen Tierp" in label(maja, "consent")
    maja.fill("question", "Kan arbetsträning börja i januari?")
    form = maja.modal
    maja.submit()
    assert "Ärende TIE-2026-001" in seen(maja)
    assert town.count("SELECT count(*) FROM referral") == 1
    town.settle()
    assert sum("Ärende TIE-2026-001 har fått tiden" in one for one in told(town, "helena")) == 1
    assert form is not None
    again = payloads.submission(maja._core, form)
    again["view"]["id"] = "VANOTHERONE"  # a second form that was open
    ack = maja._core.courier.payload(again)
    assert "Ärendet är redan lyft; här är det." in str(ack.body)
    town.until(at(25, 9))
    assert any("Några uppgifter om ärende TIE-2026-001 saknas" in one for one in told(town, "maja"))


def test_without_a_confirming_coordinator_invitations_leave_after_ten_minutes(town: Rig) -> None:
    karin = raised(town, "karin", **OSTHAMMAR)
    assert "Kallelserna skickas om 10 minuter." in seen(karin)
    town.pass_time(minutes=9)
    assert town.mails("johan") == []
    town.pass_time(minutes=1)
    assert len(town.mails("johan")) == 1


def test_the_referrer_can_send_now(town: Rig) -> None:
    raised(town, "yusuf", **OSTHAMMAR).close()
    town.settle()
    assert any("Kallelserna skickas kl. 09:10." in one for one in told(town, "yusuf"))
    town.actor("yusuf").click("booking_send_now")
    town.settle()
    assert len(town.mails("johan")) == 1
    town.pass_time(minutes=20)
    assert len(town.mails("johan")) == 1


def test_the_referrer_can_choose_another_time_meanwhile(town: Rig) -> None:
    raised(town, "yusuf", **OSTHAMMAR).close()
    town.settle()
    yusuf = town.actor("yusuf")
    yusuf.click("booking_move")
    yusuf.fill("slot", offered(yusuf, "slot")[0])
    yusuf.submit()
    town.pass_time(minutes=20)
    (mail,) = town.mails("johan")
    assert "17 december" in str(mail["subject"])


def test_the_referrer_can_take_it_back_meanwhile(town: Rig) -> None:
    raised(town, "yusuf", **OSTHAMMAR).close()
    town.settle()
    town.actor("yusuf").click("booking_withdraw")
    town.pass_time(minutes=20)
    assert town.mails("johan") == []
    assert any("är återtaget" in one for one in told(town, "yusuf"))
    assert town.count("SELECT count(*) FROM booking WHERE status IN ('proposed', 'booked')") == 0


@pytest.fixture
def anywhere(tmp_path: Path, empty_database_url: str) -> Iterator[Rig]:
    """The program on each of the two databases."""
    with rig(tmp_path, url=empty_database_url) as running:
        yield running
        assert running.local.workspace.problems() == ()


def test_the_last_slot_at_the_same_instant_goes_to_one_and_the_next_to_the_other(anywhere: Rig) -> None:
    for who in ("karin", "yusuf"):
        raised(anywhere, who, **OSTHAMMAR).close()
    pair = [fill(opened(anywhere, who), **OSTHAMMAR) for who in ("karin", "yusuf")]
    race([pair[0].submit, pair[1].submit])
    assert [one.errors for one in pair] == [{}, {}]
    times = sorted(result(seen(one)).split("Torsdag ")[1].split("\n")[0] for one in pair)
    assert times == ["17 december kl. 09:00–09:40", "3 december kl. 10:20–11:00"]
    assert anywhere.count("SELECT count(*) FROM booking WHERE status = 'proposed'") == 4


def test_a_held_lock_is_told_on_either_database(anywhere: Rig) -> None:
    karin = fill(opened(anywhere, "karin"), **OSTHAMMAR)
    with anywhere.office.unit_of_work() as other:
        other.lock_teams(["osthammar"])
        karin.submit()
        assert "Någon annan ändrar" in karin.errors["team"]
    assert anywhere.count("SELECT count(*) FROM referral") == 0
    karin.submit()
    assert callback(karin) == "referral_details"
