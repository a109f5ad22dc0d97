"""Section 5: who is called and how, and what follows when a booking is moved or taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.workspace import webapi
from tests.support.calendars import assert_calendars_are_right, events, planned
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
    move,
    open_home,
    page,
    raise_case,
    silence,
    text_of,
    texts,
    value,
)
from tests.support.rig import Rig, calendar_part, rig

PROTECTED = "Hur kan stödet samordnas framåt?"


@pytest.fixture
def r(tmp_path: Path) -> Iterator[Rig]:
    with rig(tmp_path) as found:
        yield found
        assert found.local.workspace.problems() == ()
        assert_calendars_are_right(found)


def people_with_a_message(r: Rig) -> set[str]:
    return {p.id for p in r.organisation.people if (p.slack and direct(r, p.id)) or r.mails(p.id)}


def test_first_free_representatives_referrer_owner_and_coordinator_are_called_and_nobody_else(r: Rig) -> None:
    call_parties(r, others=("fk", "vc_tierp"))
    assert people_with_a_message(r) == {"maja", "helena", "nasrin", "mirjam"}
    assert set(planned(r, "nasrin")) == set(planned(r, "maja"))


def test_next_representative_is_called_when_the_first_is_away(r: Rig) -> None:
    with r.office.unit_of_work() as uow:
        uow.plan.add_absence("nasrin", date(2026, 12, 8), date(2026, 12, 8))
        uow.commit()
    call_parties(r)
    assert len(cards(r, "johan")) == 1
    assert direct(r, "nasrin") == []


def test_card_has_the_five_buttons_and_only_open_fields(r: Rig) -> None:
    call_parties(r)
    (card,) = cards(r, "nasrin")
    assert buttons(card) == [
        "invitation_accept",
        "invitation_decline",
        "invitation_deputise",
        "case_show",
        "identity_known",
    ]
    for label in ("Jag kommer", "Jag kan inte", "Skicka ersättare", "Visa ärendet", "Jag vet vem det gäller"):
        assert label in text_of(card)
    assert PROTECTED not in text_of(card)


def test_two_cases_at_one_meeting_stand_on_one_card_and_the_old_one_is_a_pointer(r: Rig) -> None:
    first, second = call_parties(r), call_parties(r, "samuel")
    (card,) = cards(r, "nasrin")
    assert first in text_of(card)
    assert second in text_of(card)
    old, new = direct(r, "nasrin")
    assert new.ts == card.ts
    assert old.body["text"] == "Det finns ett nyare meddelande om mötet tisdag 8 december längre ner."
    assert buttons(old) == []


def test_mail_is_an_itip_request_to_one_attendee_with_open_fields_only(r: Rig) -> None:
    reference = call_parties(r)
    (mail,) = r.mails("nasrin")
    ((method, event),) = events([mail])
    attendee, part = event.attendee, (calendar_part(mail) or b"").decode()
    assert method == "REQUEST"
    assert event.organizer.value == f"mailto:{mail['From'].addresses[0].addr_spec}"
    assert attendee.value == "mailto:nasrin.ahmadi@forsakring.example"
    said = {k: v[0] for k, v in attendee.params.items()}
    assert said["CN"] == "Försäkringskassan"
    assert (said["ROLE"], said["PARTSTAT"], said["RSVP"]) == ("REQ-PARTICIPANT", "NEEDS-ACTION", "TRUE")
    assert part.count("\nATTENDEE") == 1
    assert part.count("BEGIN:VTIMEZONE") == 1
    assert event.location.value == "Vårdcentralen Tierp, rum 4"
    assert event.url.value == "https://video.example/tierp"
    assert (event.sequence.value, event.status.value) == ("0", "CONFIRMED")
    assert reference in mail["Subject"]
    assert PROTECTED not in part
    assert "stödet" not in mail.as_string()


def test_roles_in_the_calendar_follow_why_somebody_is_called(r: Rig) -> None:
    call_parties(r, "yusuf", "osthammar", ("vc_osthammar",))
    roles = {who: events(r.mails(who))[0][1].attendee.params["ROLE"][0] for who in ("yusuf", "karin", "elin")}
    assert roles == {"yusuf": "OPT-PARTICIPANT", "karin": "REQ-PARTICIPANT", "elin": "REQ-PARTICIPANT"}


def test_somebody_without_mail_gets_the_card_and_somebody_without_slack_the_mail(r: Rig) -> None:
    for who in ("mirjam", "leila"):
        with r.office.unit_of_work() as uow:
            uow.plan.add_absence(who, date(2026, 11, 1), date(2027, 6, 1))
            uow.commit()
    call_parties(r, others=("vc_tierp",))
    call_parties(r, "yusuf", "osthammar", ("psykiatri",))
    assert len(events(r.mails("petter"))) == 1
    assert len(cards(r, "oskar")) == 1


# --- Visa ärendet ------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["nasrin", "helena", "maja"])
def test_the_case_opens_for_those_allowed_and_the_look_is_on_record_first(
    r: Rig, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    call_parties(r)
    looks = "SELECT count(*) FROM audit WHERE action = 'case.show' AND actor = :who"
    before = []
    opens = webapi.METHODS["views.open"]

    def recorded_first(core: Any, given: Any) -> Any:
        before.append(value(r, looks, who=who))
        return opens(core, given)

    monkeypatch.setitem(webapi.METHODS, "views.open", recorded_first)
    r.actor(who).click("case_show")
    assert PROTECTED in modal(r, who)
    assert before == [1]


def test_others_get_a_plain_sentence_and_see_nothing(r: Rig) -> None:
    call_parties(r)
    (card,) = cards(r, "nasrin")
    for who in ("sofia", "johan", "U0999"):
        r.actor(who).click("case_show", message=card)
        assert PROTECTED not in modal(r, who)
        assert len(modal(r, who)) > 30
    assert column(r, "SELECT actor FROM audit WHERE action = 'case.show'") == []


# --- who is to be told, and who knows ----------------------------------------------------------------


def test_referrer_sees_whom_to_tell_and_who_has_ticked(r: Rig) -> None:
    call_parties(r)
    said = text_of(cards(r, "maja")[0])
    assert "Nasrin Ahmadi (Försäkringskassan)" in said
    assert "på ett säkert sätt och berätta vem ärendet gäller" in said
    r.actor("nasrin").click("identity_known")
    r.settle()
    assert "Nasrin Ahmadi (Försäkringskassan) vet vem det gäller." in text_of(cards(r, "maja")[0])
    assert "identity_known" not in buttons(cards(r, "nasrin")[0])
    r.actor("helena").click("identity_known")
    r.settle()
    assert "Alla kallade partsamordnare vet vem ärendet gäller." in text_of(cards(r, "maja")[0])


# --- taking back -------------------------------------------------------------------------------------


def from_the_card(r: Rig) -> None:
    r.actor("maja").click("case_show")
    r.actor("maja").click("booking_withdraw")


def from_home(r: Rig) -> None:
    open_home(r, "maja")
    r.actor("maja").click("booking_withdraw", where="home")


def from_the_list(r: Rig) -> None:
    r.actor("maja").command("/samtid", "ärenden")
    r.actor("maja").click("booking_withdraw", where="message")


@pytest.mark.parametrize("take_back", [from_the_card, from_home, from_the_list])
def test_taking_back_frees_the_slot_cancels_every_calendar_and_shrinks_the_messages(
    r: Rig, take_back: Any
) -> None:
    reference = call_parties(r)
    slot = value(r, "SELECT slot FROM booking WHERE id = :id", id=booking_of(r, reference))
    take_back(r)
    r.settle()
    for who in ("maja", "nasrin", "helena"):
        method, event = events(r.mails(who))[-1]
        assert (method, event.status.value, event.sequence.value) == ("CANCEL", "CANCELLED", "1")
        assert cards(r, who) == []
        assert "Du har inte längre någon tid" in "\n".join(texts(r, who))
    call_parties(r, "samuel")
    assert value(r, "SELECT slot FROM booking WHERE status = 'booked'") == slot


def test_taking_back_twice_changes_nothing(r: Rig) -> None:
    call_parties(r)
    from_the_card(r)
    r.settle()
    before = silence(r)
    r.actor("maja").close(everything=True)
    r.actor("maja").command("/samtid", "ärenden")
    with pytest.raises(LookupError):
        r.actor("maja").click("booking_withdraw", where="message")
    r.settle()
    assert {**silence(r), "maja": 0} == {**before, "maja": 0}


def test_waiting_case_can_be_taken_back(r: Rig) -> None:
    with r.office.unit_of_work() as uow:
        for who in ("nasrin", "johan"):
            uow.plan.add_absence(who, date(2026, 11, 1), date(2029, 6, 1))
        uow.commit()
    raise_case(r)
    r.settle()
    assert value(r, "SELECT status FROM referral") == "waiting"
    from_the_list(r)
    assert value(r, "SELECT status FROM referral") == "revoked"
    r.settle()
    open_home(r, "helena")
    assert "TIE-2026-001" not in page(r, "helena")


def test_what_was_not_yet_sent_never_leaves_when_it_is_taken_back(r: Rig) -> None:
    raise_case(r)
    r.settle()
    r.actor("helena").click("booking_confirm")
    r.actor("maja").command("/samtid", "ärenden")
    r.actor("maja").click("booking_withdraw")
    r.settle()
    for who in ("maja", "nasrin", "helena"):
        assert r.mails(who) == []
    assert direct(r, "nasrin") == []


# --- moving ------------------------------------------------------------------------------------------


def test_moving_updates_those_who_stay_under_the_same_uid(r: Rig) -> None:
    absent(r, "johan")
    reference = call_parties(r)
    before = day_of(r, reference)
    decline(r, "nasrin")
    r.settle()
    move(r, "maja")
    r.settle()
    assert day_of(r, reference) > before
    (_, first), (method, event) = events(r.mails("nasrin"))
    assert (method, event.uid.value) == ("REQUEST", first.uid.value)
    assert int(event.sequence.value) > int(first.sequence.value)
    assert event.attendee.params["PARTSTAT"] == ["NEEDS-ACTION"]
    (card,) = cards(r, "nasrin")
    assert "invitation_accept" in buttons(card)


def test_moving_ends_the_part_of_those_who_drop_out(r: Rig) -> None:
    reference = call_parties(r)
    absent(r, "nasrin", date(2026, 12, 9))
    absent(r, "johan", date(2026, 12, 8), date(2026, 12, 8))
    decline(r, "nasrin")
    r.settle()
    move(r, "maja")
    r.settle()
    method, event = events(r.mails("nasrin"))[-1]
    assert (method, event.sequence.value) == ("CANCEL", "1")
    assert not hasattr(event, "status")  # the event itself is not cancelled (RFC 5546 3.2.5)
    assert events(r.mails("johan"))[-1][0] == "REQUEST"
    assert cards(r, "nasrin") == []
    assert reference in text_of(cards(r, "johan")[0])


def test_old_buttons_after_a_move_only_show_the_new_time(r: Rig) -> None:
    reference = call_parties(r)
    (old,) = cards(r, "nasrin")
    move_by_home_or_card(r)
    r.actor("nasrin").click("invitation_accept", message=old)
    r.settle()
    assert set(column(r, "SELECT answer FROM invitation WHERE live")) == {"needs-action"}
    assert modal(r, "nasrin")
    day = int(day_of(r, reference)[-2:])
    assert f"{day} " in direct(r, "nasrin")[-1].body["text"]


def move_by_home_or_card(r: Rig) -> None:
    r.actor("maja").click("case_show")
    move(r, "maja")
    r.actor("maja").close(everything=True) if r.actor("maja").modal else None
    r.settle()


def test_calendars_are_right_after_every_turn(r: Rig) -> None:
    first, second = call_parties(r, others=("fk", "vc_tierp")), call_parties(r, "samuel", others=("af",))
    assert_calendars_are_right(r)
    move_by_home_or_card(r)
    assert_calendars_are_right(r)
    r.actor("nasrin").click("invitation_deputise")
    r.actor("nasrin").fill("deputy", "johan")
    r.actor("nasrin").submit()
    r.settle()
    assert_calendars_are_right(r)
    from_the_card(r)
    r.settle()
    assert_calendars_are_right(r)
    assert first != second


def test_the_referrer_hears_when_the_coordinator_takes_the_case_back(r: Rig) -> None:
    call_parties(r)
    r.actor("helena").click("case_show", where="message")
    r.actor("helena").click("booking_withdraw", where="modal")
    r.settle()
    assert sum("är återtaget" in said for said in texts(r, "maja")) == 1


def test_the_referrer_who_takes_it_back_is_not_told_so(r: Rig) -> None:
    call_parties(r)
    r.actor("maja").click("case_show", where="message")
    r.actor("maja").click("booking_withdraw", where="modal")
    r.settle()
    assert not any("är återtaget. Tiden" in said for said in texts(r, "maja"))
