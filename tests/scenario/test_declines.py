"""Issue 3, section 1: a representative cannot come, and what happens then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from bot.organisation import Applier
from schedules.domain.plan import DeclineReason
from schedules.services.decide_booking import move_booking, other_times
from schedules.services.decline import decline as say_no
from tests.support.attendee_calendars import calendar_of
from tests.support.calendars import assert_calendars_are_right, events
from tests.support.raised import (
    absent,
    booking_of,
    buttons,
    call_parties,
    cards,
    column,
    day_of,
    decline,
    direct,
    modal,
    open_home,
    page,
    silence,
    text_of,
    texts,
    value,
)
from tests.support.rig import Rig, rig

SEAT = "SELECT representative FROM seat WHERE party = 'fk'"
STAND_IN = "SELECT stand_in FROM seat WHERE party = 'fk'"
REASONS = "SELECT reason FROM decline ORDER BY declined_at"
CANNOT = "kan inte vara med"


@pytest.fixture
def r(tmp_path: Path) -> Iterator[Rig]:
    with rig(tmp_path) as found:
        yield found
        assert found.local.workspace.problems() == ()
        assert_calendars_are_right(found)


def plain_text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def nobody_left(r: Rig, reason: str = "absent") -> str:
    """A case whose only free representative of Försäkringskassan says no."""
    absent(r, "johan")
    reference = call_parties(r, others=("fk", "af"))
    decline(r, "nasrin", reason)
    r.settle()
    return reference


def move_on(r: Rig, reference: str) -> None:
    """Somebody moves the case elsewhere in the meantime."""
    booking = booking_of(r, reference)
    move_booking(r.office, "maja", booking, other_times(r.office, "maja", booking)[1][0].slot)


# --- the next one is called ---------------------------------------------------------------------------


def test_a_no_calls_the_next_representative_at_once_and_ends_the_first_ones_part(r: Rig) -> None:
    reference = call_parties(r)
    helena = len(r.mails("helena"))
    decline(r, "nasrin")
    r.settle()
    assert value(r, SEAT) == "johan"
    assert reference in text_of(cards(r, "johan")[0])
    assert cards(r, "nasrin") == []
    assert [method for method, _ in events(r.mails("nasrin"))] == ["REQUEST", "CANCEL"]
    assert not hasattr(events(r.mails("nasrin"))[-1][1], "status")
    assert "Det är bara din del som upphör." in plain_text(r.mails("nasrin")[-1])
    assert [method for method, _ in events(r.mails("johan"))] == ["REQUEST"]
    assert len(r.mails("helena")) == helena
    assert column(r, REASONS) == ["absent"]
    assert value(r, "SELECT answered_at FROM invitation WHERE person = 'nasrin'") is not None
    assert not any(CANNOT in text for text in texts(r, "helena"))  # nothing needs her


def test_the_deputy_whom_the_representative_knows_is_called_instead_of_the_next(r: Rig) -> None:
    call_parties(r, others=("fk",))
    r.actor("helena").click("invitation_decline")
    r.actor("helena").fill("reason", "other")
    r.actor("helena").fill("deputy", "amir")
    r.actor("helena").submit()
    r.settle()
    assert value(r, "SELECT representative FROM seat WHERE party = 'kommun_tierp'") == "amir"
    assert value(r, "SELECT deputy FROM decline") == "amir"
    # The coordinator is still called as coordinator: her entry changes, it does not end.
    assert [method for method, _ in events(r.mails("helena"))] == ["REQUEST", "REQUEST"]


def test_a_no_without_a_reason_is_not_taken(r: Rig) -> None:
    call_parties(r)
    r.actor("nasrin").click("invitation_decline")
    r.actor("nasrin").submit()
    assert "reason" in r.actor("nasrin").errors
    assert value(r, SEAT) == "nasrin"


def test_who_has_said_no_is_not_called_again_for_the_same_meeting(r: Rig) -> None:
    call_parties(r)
    decline(r, "nasrin")
    r.settle()
    decline(r, "johan", "wrong_person")
    r.settle()
    assert value(r, SEAT) == "johan"
    assert column(r, REASONS) == ["absent", "wrong_person"]
    assert "Johan Öberg (Försäkringskassan) kan inte vara med" in direct(r, "helena")[-1].body["text"]


def test_somebody_elses_form_changes_nothing(r: Rig) -> None:
    call_parties(r)
    (card,) = cards(r, "nasrin")
    r.actor("sofia").click("invitation_decline", message=card)
    assert value(r, SEAT) == "nasrin"
    assert "reason" not in modal(r, "sofia")


def test_a_form_that_was_left_open_while_the_time_moved_declines_nothing(r: Rig) -> None:
    call_parties(r)
    nasrin = r.actor("nasrin")
    nasrin.click("invitation_decline")
    nasrin.fill("reason", "absent")
    move_on(r, "TIE-2026-001")
    nasrin.submit()
    r.settle()
    assert column(r, REASONS) == []
    assert set(column(r, "SELECT answer FROM invitation WHERE live")) == {"needs-action"}


# --- nobody left --------------------------------------------------------------------------------------


def test_nobody_left_gives_the_coordinator_three_ways_in_message_and_on_home(r: Rig) -> None:
    open_home(r, "helena")
    nobody_left(r)
    told = direct(r, "helena")[-1]
    assert "Nasrin Ahmadi (Försäkringskassan) kan inte vara med" in told.body["text"]
    assert "Skäl: borta då." in text_of(told)
    assert buttons(told) == ["seat_move", "seat_without", "seat_contact", "case_show"]
    home = page(r, "helena")
    assert "Nästa tid som passar" in home
    assert "Håll mötet utan parten" in home
    assert buttons(direct(r, "maja")[-1]) == ["booking_move", "case_show"]


def test_the_next_suitable_time_is_shown_with_why_not_earlier_and_then_taken(r: Rig) -> None:
    reference = nobody_left(r)
    before = day_of(r, reference)
    helena = r.actor("helena")
    helena.click("seat_move")
    shown = modal(r, "helena")
    assert "tisdag 22 december kl. 13:00" in shown
    assert "8 december kan Försäkringskassan inte delta" in shown
    assert day_of(r, reference) == before
    helena.submit()
    r.settle()
    assert day_of(r, reference) == "2026-12-22"
    assert value(r, SEAT) == "nasrin"
    assert value(r, "SELECT actor FROM audit WHERE action = 'booking.move'") == "helena"


def test_another_next_time_than_the_one_shown_is_shown_first(r: Rig) -> None:
    reference = nobody_left(r)
    before = day_of(r, reference)
    helena = r.actor("helena")
    helena.click("seat_move")
    with r.office.unit_of_work() as uow:
        uow.plan.add_absence("nasrin", date(2026, 12, 22), date(2026, 12, 22))
        uow.commit()
    helena.submit()
    assert "En annan tid är nu den nästa som passar" in modal(r, "helena")
    assert day_of(r, reference) == before
    helena.submit()
    r.settle()
    assert day_of(r, reference) > "2026-12-22"


def test_the_meeting_is_held_without_the_party(r: Rig) -> None:
    nobody_left(r)
    helena = r.actor("helena")
    helena.click("seat_without")
    shown = modal(r, "helena")
    assert "Daniel Okafor (Arbetsförmedlingen)" in shown
    assert "Försäkringskassan kallas igen om ärendet flyttas" in shown
    assert value(r, SEAT) == "nasrin"
    daniel = len(r.mails("daniel"))
    helena.submit()
    r.settle()
    assert value(r, SEAT) is None
    assert [method for method, _ in events(r.mails("nasrin"))] == ["REQUEST", "CANCEL"]
    (told,) = r.mails("daniel")[daniel:]
    found = calendar_of(told.as_bytes())
    assert found is not None
    assert "Försäkringskassan" not in str(found[0].walk("VEVENT")[0]["DESCRIPTION"])
    assert "Försäkringskassan" not in text_of(direct(r, "daniel")[-1])
    assert "utan Försäkringskassan" in direct(r, "maja")[-1].body["text"]
    assert value(r, "SELECT count(*) FROM audit WHERE action = 'seat.hold_without'") == 1


def test_when_everybody_else_comes_the_referrer_hears_that_all_come(r: Rig) -> None:
    nobody_left(r)
    for who in ("helena", "daniel"):
        r.actor(who).click("invitation_accept", where="message")
    r.actor("helena").click("seat_without")
    r.actor("helena").submit()
    r.settle()
    assert any("har svarat att de kommer" in text for text in texts(r, "maja"))


def test_the_partys_contact_is_shown_and_then_written_to(r: Rig) -> None:
    call_parties(r)
    absent(r, "johan")
    decline(r, "nasrin")
    r.settle()
    helena = r.actor("helena")
    helena.click("seat_contact")
    assert "Johan Öberg, johan.oberg@forsakring.example" in modal(r, "helena")
    assert not any("behövs på samverkansmöte" in text for text in texts(r, "johan"))
    helena.submit()
    r.settle()
    asked = direct(r, "johan")[-1]
    assert "men ingen som är kallad kan komma" in asked.body["text"]
    assert "Helena Lindqvist" in text_of(asked)
    open_home(r, "helena")
    assert "Johan Öberg fick frågan om någon annan kan komma måndag 23 november" in page(r, "helena")
    before = silence(r)
    r.actor("helena").click("seat_contact")
    r.actor("helena").submit()
    r.settle()
    assert silence(r) == before


def test_the_partys_contact_of_the_file_goes_before_the_other_representatives(r: Rig) -> None:
    parties = tuple(replace(p, contact="ewa") if p.id == "fk" else p for p in r.organisation.parties)
    Applier(r.office).apply(replace(r.organisation, parties=parties))
    nobody_left(r)
    r.actor("helena").click("seat_contact")
    assert "Kontakt för Försäkringskassan: Ewa Kowalska" in modal(r, "helena")
    r.actor("helena").submit()
    r.settle()
    assert "men ingen som är kallad kan komma" in direct(r, "ewa")[-1].body["text"]
    assert value(r, "SELECT contact FROM decline") == "ewa"


@pytest.mark.parametrize("way", ["seat_move", "seat_without"])
def test_only_the_coordinator_decides(r: Rig, way: str) -> None:
    nobody_left(r)
    told = direct(r, "helena")[-1]
    r.actor("maja").click(way, message=told)
    assert value(r, SEAT) == "nasrin"
    assert "Kallas:" not in modal(r, "maja")
    assert "Ingenting har ändrats än." not in modal(r, "maja")


def test_who_comes_after_all_needs_no_decision(r: Rig) -> None:
    open_home(r, "helena")
    nobody_left(r)
    told = direct(r, "helena")[-1]
    r.actor("nasrin").click("invitation_accept")
    r.settle()
    assert column(r, REASONS) == []
    assert "Håll mötet utan parten" not in page(r, "helena")
    r.actor("helena").click("seat_without", message=told)
    assert value(r, SEAT) == "nasrin"
    assert "Kallas" not in modal(r, "helena")


def test_saying_no_twice_is_saying_it_once(r: Rig) -> None:
    nobody_left(r)
    before = silence(r), value(r, "SELECT count(*) FROM audit"), value(r, "SELECT count(*) FROM outbox")
    public_id = value(r, "SELECT public_id FROM invitation WHERE person = 'nasrin'")
    say_no(r.office, "nasrin", public_id, DeclineReason.OTHER)
    r.settle()
    after = silence(r), value(r, "SELECT count(*) FROM audit"), value(r, "SELECT count(*) FROM outbox")
    assert after == before
    assert column(r, REASONS) == ["absent"]


# --- not our case -------------------------------------------------------------------------------------


def test_not_our_case_goes_to_coordinator_and_referrer_and_not_to_a_deputy(r: Rig) -> None:
    call_parties(r)
    decline(r, "nasrin", "not_our_case")
    r.settle()
    assert value(r, SEAT) == "nasrin"
    assert direct(r, "johan") == []
    assert r.mails("johan") == []
    for who in ("helena", "maja"):
        assert "svarar att ärende TIE-2026-001" in direct(r, who)[-1].body["text"]
    assert buttons(direct(r, "helena")[-1]) == ["seat_without", "seat_again", "seat_move", "case_show"]
    assert column(r, REASONS) == ["not_our_case"]


def test_a_deputy_is_not_named_for_a_case_that_is_not_theirs(r: Rig) -> None:
    call_parties(r)
    nasrin = r.actor("nasrin")
    nasrin.click("invitation_decline")
    nasrin.fill("reason", "not_our_case")
    nasrin.fill("deputy", "johan")
    nasrin.submit()
    assert "deputy" in nasrin.errors
    assert value(r, SEAT) == "nasrin"


def test_held_without_a_party_whose_case_it_is_not_takes_it_off_the_referral(r: Rig) -> None:
    reference = call_parties(r, others=("fk", "af"))
    decline(r, "nasrin", "not_our_case")
    r.settle()
    r.actor("helena").click("seat_without")
    assert "Försäkringskassan kallas inte heller till en ny tid" in modal(r, "helena")
    r.actor("helena").submit()
    r.settle()
    move_on(r, reference)
    r.settle()
    assert value(r, SEAT) is None


def test_it_is_theirs_after_all(r: Rig) -> None:
    call_parties(r)
    decline(r, "nasrin", "not_our_case")
    r.settle()
    r.actor("helena").click("seat_again")
    assert "Nasrin Ahmadi får veta att ärendet är deras" in modal(r, "helena")
    r.actor("helena").submit()
    r.settle()
    asked = direct(r, "nasrin")[-1]
    assert "Försäkringskassan behövs i ärende TIE-2026-001" in asked.body["text"]
    assert column(r, REASONS) == []
    r.actor("nasrin").click("invitation_accept", message=asked)
    r.settle()
    assert value(r, "SELECT answer FROM invitation WHERE person = 'nasrin' AND live") == "accepted"


# --- silence ------------------------------------------------------------------------------------------


def second_reminder(r: Rig) -> None:
    r.until(datetime(2026, 12, 1, 8, tzinfo=UTC))


def test_silence_until_the_second_reminder_asks_the_deputy_as_well(r: Rig) -> None:
    open_home(r, "helena")
    call_parties(r)
    r.actor("helena").click("invitation_accept")
    second_reminder(r)
    assert (value(r, SEAT), value(r, STAND_IN)) == ("nasrin", "johan")
    assert [method for method, _ in events(r.mails("nasrin"))] == ["REQUEST"]
    assert [method for method, _ in events(r.mails("johan"))] == ["REQUEST"]
    assert "Nasrin Ahmadi har inte svarat, så du är också tillfrågad." in text_of(cards(r, "johan")[0])
    assert "Johan Öberg är också tillfrågad" in text_of(cards(r, "nasrin")[0])
    home = page(r, "helena")
    assert "Svar som dröjer" in home
    assert "Johan Öberg är också tillfrågad" in home
    assert "Johan" not in text_of(cards(r, "maja")[0])  # the referrer tells whoever gets the seat


@pytest.mark.parametrize(("first", "other"), [("johan", "nasrin"), ("nasrin", "johan")])
def test_whoever_answers_first_takes_the_seat_and_the_others_part_ends(
    r: Rig, first: str, other: str
) -> None:
    call_parties(r)
    r.actor("helena").click("invitation_accept")
    second_reminder(r)
    r.actor(first).click("invitation_accept")
    r.settle()
    assert (value(r, SEAT), value(r, STAND_IN)) == (first, None)
    assert value(r, "SELECT answer FROM invitation WHERE live AND person = :who", who=first) == "accepted"
    assert [method for method, _ in events(r.mails(other))] == ["REQUEST", "CANCEL"]
    assert [method for method, _ in events(r.mails(first))] == ["REQUEST"]
    assert any("har svarat att de kommer" in text for text in texts(r, "maja"))


def test_a_no_of_the_first_gives_the_seat_to_the_deputy_already_asked(r: Rig) -> None:
    call_parties(r)
    second_reminder(r)
    decline(r, "nasrin")
    r.settle()
    assert (value(r, SEAT), value(r, STAND_IN)) == ("johan", None)
    assert [method for method, _ in events(r.mails("johan"))] == ["REQUEST"]
    assert "har inte svarat, så du" not in text_of(cards(r, "johan")[0])


def test_a_no_of_the_deputy_leaves_the_seat_with_the_first(r: Rig) -> None:
    call_parties(r)
    second_reminder(r)
    decline(r, "johan")
    r.settle()
    assert (value(r, SEAT), value(r, STAND_IN)) == ("nasrin", None)
    assert [method for method, _ in events(r.mails("johan"))] == ["REQUEST", "CANCEL"]


def test_a_deputy_who_says_that_it_is_not_their_case_speaks_for_the_party(r: Rig) -> None:
    call_parties(r)
    second_reminder(r)
    decline(r, "johan", "not_our_case")
    r.settle()
    assert (value(r, SEAT), value(r, STAND_IN)) == ("johan", None)
    assert [method for method, _ in events(r.mails("nasrin"))] == ["REQUEST", "CANCEL"]
    assert buttons(direct(r, "helena")[-1])[0] == "seat_without"


def test_without_a_free_deputy_the_coordinator_sees_the_silence(r: Rig) -> None:
    absent(r, "johan")
    open_home(r, "helena")
    call_parties(r)
    second_reminder(r)
    open_home(r, "helena")
    r.actor("helena").click("invitation_accept")
    r.settle()
    assert value(r, STAND_IN) is None
    assert "Ingen annan partsamordnare är ledig då." in page(r, "helena")


# --- silence that is a yes ----------------------------------------------------------------------------


def test_i_come_unless_i_say_otherwise_is_set_on_home_and_no_reminder_follows(r: Rig) -> None:
    open_home(r, "nasrin")
    nasrin = r.actor("nasrin")
    nasrin.click("comes_unless_declined", where="home")
    nasrin.until(lambda: "om du inte säger annat" in page(r, "nasrin"), 5)
    open_home(r, "helena")
    call_parties(r)
    assert "Du behöver bara svara om du inte kan." in text_of(cards(r, "nasrin")[0])
    assert "Kommer om de inte säger annat: Nasrin Ahmadi" in page(r, "helena")
    r.actor("helena").click("invitation_accept")
    r.settle()
    assert any("räknas med" in text for text in texts(r, "maja"))
    second_reminder(r)
    assert not any("inte svarat" in text for text in texts(r, "nasrin"))
    assert value(r, STAND_IN) is None
    decline(r, "nasrin")
    r.settle()
    assert value(r, SEAT) == "johan"


def test_the_file_does_not_undo_the_setting_and_it_can_be_taken_back(r: Rig) -> None:
    open_home(r, "nasrin")
    nasrin = r.actor("nasrin")
    nasrin.click("comes_unless_declined", where="home")
    nasrin.until(lambda: "om du inte säger annat. Du får" in page(r, "nasrin"), 5)
    Applier(r.office).apply(r.organisation)
    assert value(r, "SELECT comes_unless_declined FROM person WHERE id = 'nasrin'")
    nasrin.click("comes_unless_declined", where="home")
    nasrin.until(lambda: "Du svarar på varje kallelse" in page(r, "nasrin"), 5)
    assert not value(r, "SELECT comes_unless_declined FROM person WHERE id = 'nasrin'")


def test_a_team_of_only_declines_neither_reminds_nor_asks_a_deputy(r: Rig) -> None:
    call_parties(r, "grace", "osthammar", ("fk",))
    r.until(datetime(2027, 1, 20, 8, tzinfo=UTC))
    assert column(r, "SELECT stand_in FROM seat WHERE stand_in IS NOT NULL") == []
    assert not any("inte svarat" in text for text in [*texts(r, "johan"), *texts(r, "karin")])
