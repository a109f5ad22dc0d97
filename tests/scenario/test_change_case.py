"""Change a case: those affected hear of it, and nobody else; what moves it is shown first."""

from __future__ import annotations

from typing import Any

import pytest
from icalendar import Calendar

from bot.workspace.actor import Actor
from tests.support.raised import booking_of, buttons, call_parties, column, direct, raise_case, text_of, value
from tests.support.raising import callback, choose, label, raised, seen, told
from tests.support.rig import Rig, calendar_part


def called_when_the_health_centre_is_away(town: Rig) -> str:
    """A case on 22 December; the health centre comes on 8 December and 5 January."""
    raised(town, parties=["fk"], not_before="2026-12-10").close(everything=True)
    town.settle()
    town.actor("helena").click("booking_confirm")
    town.settle()
    return "TIE-2026-001"


def changing(town: Rig, who: str = "maja") -> Actor:
    """The person before the form, from the case's page."""
    actor = town.actor(who)
    newest = next(m for m in reversed(direct(town, who)) if "case_show" in buttons(m))
    actor.click("case_show", message=newest)
    actor.click("case_change", where="modal")
    assert callback(actor) == "case_change"
    return actor


def consent(actor: Actor) -> None:
    """Tick the new consent and date it."""
    actor.fill("consent", ["given"])
    actor.fill("consent_date", "2026-11-20")


def save(town: Rig, actor: Actor) -> None:
    actor.submit()
    assert actor.modal is not None
    assert callback(actor) == "notice", (actor.errors, seen(actor))
    actor.close(everything=True)
    town.settle()


def events(town: Rig, person: str) -> list[Any]:
    return [
        (str(calendar["METHOD"]), calendar.walk("VEVENT")[0])
        for mail in town.mails(person)
        if (part := calendar_part(mail))
        for calendar in [Calendar.from_ical(part)]
    ]


def audited(town: Rig, action: str) -> int:
    return town.count("SELECT count(*) FROM audit WHERE action = :action", action=action)


def test_an_added_party_is_called_and_the_others_keep_their_answers(town: Rig) -> None:
    """A new consent is asked for in the same form, naming the parties; the time stays."""
    reference = call_parties(town, others=["fk"])
    town.actor("nasrin").click("invitation_accept")
    town.settle()
    before = {who: len(direct(town, who)) for who in ("nasrin", "maja", "helena", "johan")}
    slot = value(town, "SELECT slot FROM booking WHERE id = :b", b=booking_of(town, reference))

    maja = changing(town)
    choose(maja, "parties", ["fk", "af"])
    assert "Arbetsförmedlingen" in label(maja, "consent")
    maja.submit()
    assert set(maja.errors) == {"consent", "consent_date"}
    consent(maja)
    save(town, maja)

    assert value(town, "SELECT slot FROM booking WHERE id = :b", b=booking_of(town, reference)) == slot
    assert any("is needed at the coordination meeting" in text for text in told(town, "daniel"))
    assert [method for method, _ in events(town, "daniel")] == ["REQUEST"]
    kept = "SELECT answer FROM invitation WHERE person = 'nasrin'"
    assert value(town, kept) == "accepted"
    assert len(direct(town, "nasrin")) == before["nasrin"], "no new message"
    assert len(direct(town, "johan")) == before["johan"]
    _, newest = events(town, "nasrin")[-1]
    assert newest["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    assert "Arbetsförmedlingen" in str(newest["DESCRIPTION"])
    assert audited(town, "consent.renew") == 1
    assert audited(town, "case.change") == 1


def test_a_party_taken_away_has_only_its_part_cancelled(town: Rig) -> None:
    call_parties(town, others=["fk", "af"])
    maja = changing(town)
    choose(maja, "parties", ["fk"])
    save(town, maja)
    method, ended = events(town, "daniel")[-1]
    assert method == "CANCEL"
    assert str(ended.get("STATUS")) != "CANCELLED", "only the part has ended"
    assert [method for method, _ in events(town, "nasrin")] == ["REQUEST", "REQUEST"]
    assert "daniel" not in column(town, "SELECT person FROM invitation WHERE live")
    assert audited(town, "consent.renew") == 0


def test_the_coordinators_own_party_needs_no_new_consent(town: Rig) -> None:
    """It is told of every case anyway; the consent names it from the start."""
    raise_case(town, "nasrin", others=["af"])
    town.settle()
    helena = changing(town, "helena")
    choose(helena, "parties", ["af", "kommun"])
    assert "consent" not in [b["block_id"] for b in helena.modal.blocks] if helena.modal else False
    save(town, helena)
    assert audited(town, "consent.renew") == 0


def test_a_new_question_reaches_those_who_prepare_for_it(town: Rig) -> None:
    call_parties(town, others=["fk"])
    before = len(direct(town, "nasrin"))
    mails = len(town.mails("nasrin"))
    helena = changing(town, "helena")
    helena.fill("question", "Vilken del av arbetet går att börja med?")
    save(town, helena)
    (new,) = [text_of(one) for one in direct(town, "nasrin")[before:]]
    assert "frågan till mötet" in new
    assert "Vilken del" not in new
    assert len(town.mails("nasrin")) == mails, "nothing in the calendar entry has changed"
    assert any("frågan till mötet" in text for text in told(town, "maja"))


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("question", "Kan 19121212-1212 börja arbeta?", "personnummer"),
        ("question", "Kort", "Minst 10 tecken"),
    ],
)
def test_what_may_not_be_said_stands_beside_the_field(town: Rig, field: str, text: str, words: str) -> None:
    call_parties(town, others=["fk"])
    maja = changing(town)
    maja.fill(field, text)
    maja.submit()
    assert words in maja.errors[field]


def test_urgency_needs_a_reason_and_is_shown_to_those_called(town: Rig) -> None:
    call_parties(town, others=["fk"])
    maja = changing(town)
    choose(maja, "urgency", "urgent")
    maja.submit()
    assert "urgency_reason" in maja.errors
    maja.fill("urgency_reason", "Ersättningen upphör snart.")
    save(town, maja)
    _, newest = events(town, "nasrin")[-1]
    assert "Skyndsamt" in str(newest["DESCRIPTION"])
    assert "upphör" not in str(newest["DESCRIPTION"])


def test_a_party_that_cannot_be_there_moves_the_case_after_a_preview(town: Rig) -> None:
    """The health centre comes every second time: the next such meeting is shown, then confirmed."""
    reference = called_when_the_health_centre_is_away(town)
    meeting = "SELECT m.day FROM meeting m JOIN booking b ON b.meeting = m.id WHERE b.id = :b"
    before = value(town, meeting, b=booking_of(town, reference))
    maja = changing(town)
    choose(maja, "parties", ["fk", "vc_tierp"])
    consent(maja)
    maja.submit()
    assert callback(maja) == "case_change"
    assert "Ingenting har hänt än" in seen(maja)
    assert "Vårdcentralen Tierp" in seen(maja)
    assert value(town, meeting, b=booking_of(town, reference)) == before
    save(town, maja)
    assert value(town, meeting, b=booking_of(town, reference)) != before
    assert {str(event["SEQUENCE"]) for _, event in events(town, "nasrin")} == {"0", "1"}
    assert len({str(event["UID"]) for who in ("nasrin", "mirjam") for _, event in events(town, who)}) == 1


def test_a_plan_that_has_changed_is_shown_anew(town: Rig) -> None:
    called_when_the_health_centre_is_away(town)
    maja = changing(town)
    choose(maja, "parties", ["fk", "vc_tierp"])
    consent(maja)
    maja.submit()
    first = seen(maja)
    for _ in range(3):  # the previewed meeting fills up, but for the time kept for urgent cases
        raised(town, "nasrin", parties=["vc_tierp"], not_before="2026-12-28").close(everything=True)
    maja.submit()
    assert callback(maja) == "case_change"
    assert "Ingenting har hänt än" in seen(maja)
    assert seen(maja) != first


def test_the_same_form_again_changes_nothing_and_another_state_is_not_written_over(town: Rig) -> None:
    call_parties(town, others=["fk"])
    late = changing(town, "helena")
    maja = changing(town)
    maja.fill("question", "Vilken del av arbetet går att börja med?")
    save(town, maja)
    late.fill("question", "Hur kan arbetsplatsen anpassas?")
    late.submit()
    assert "ändrats sedan du öppnade" in seen(late)
    assert audited(town, "case.change") == 1


def test_a_proposal_is_changed_before_anybody_is_called(town: Rig) -> None:
    raise_case(town, others=["fk"])
    town.settle()
    helena = changing(town, "helena")
    choose(helena, "parties", ["fk", "af"])
    consent(helena)
    save(town, helena)
    assert town.mails("daniel") == []
    helena.click("booking_confirm")
    town.settle()
    assert [method for method, _ in events(town, "daniel")] == ["REQUEST"]
    assert [method for method, _ in events(town, "nasrin")] == ["REQUEST"]


def test_only_those_who_carry_or_coordinate_it_may(town: Rig) -> None:
    call_parties(town, others=["fk"])
    nasrin = town.actor("nasrin")
    nasrin.click("case_show")
    assert "case_change" not in seen(nasrin)
    with pytest.raises(LookupError):
        nasrin.click("case_change", where="modal")
