"""The App Home by role: what is missing, whom to chase, what to arrange; every line acts from there."""

from __future__ import annotations

from datetime import timedelta

from bot.workspace import Actor
from tests.support.raised import (
    booking_of,
    call_parties,
    column,
    decline,
    modal,
    open_home,
    page,
    texts,
    value,
)
from tests.support.raising import town
from tests.support.rig import Rig

__all__ = ["town"]
REFERRAL = "SELECT referral FROM booking WHERE id = :booking"


def referral_of(r: Rig, reference: str) -> str:
    return str(value(r, REFERRAL, booking=booking_of(r, reference)))


def choose(actor: Actor, action: str, about: str) -> None:
    """Choose an entry of a line's menu on the Home tab."""
    actor.click("more", f"{action}|{about}", where="home")


def pressed_on(r: Rig, who: str) -> list[tuple[str, str]]:
    """Action and value of every button on the person's Home tab."""
    home = r.actor(who).home
    assert home is not None
    return [
        (element["action_id"], element.get("value", ""))
        for block in home.blocks
        for element in block.get("elements", [])
        if element.get("type") == "button"
    ]


def close(r: Rig, who: str) -> str:
    """What the open modal says; then it is closed."""
    said = modal(r, who)
    r.actor(who).close(everything=True)
    return said


def test_the_coordinator_chases_an_answer_from_the_line(town: Rig) -> None:
    first, second = call_parties(town), call_parties(town)
    open_home(town, "helena")
    shown = page(town, "helena")
    assert "Har inte svarat" in shown
    assert "*Nasrin Ahmadi, Försäkringskassan*" in shown
    assert f"Svar saknas för {first} och {second}." in shown
    before = len(texts(town, "nasrin"))
    helena = town.actor("helena")
    offered = [v for a, v in pressed_on(town, "helena") if a == "invitation_remind"]
    calls = set(column(town, "SELECT public_id FROM invitation WHERE person = 'nasrin'"))
    (call,) = calls & set(offered)
    helena.click("invitation_remind", call, where="home")
    assert "Påminnelsen skickas nu." in close(town, "helena")
    helena.click("invitation_remind", call, where="home")
    assert "Ingen påminnelse behövdes." in close(town, "helena")
    town.settle()
    new = texts(town, "nasrin")[before:]
    assert new == ["Kan du vara med på samverkansmöte tisdag 8 december? Vi saknar ditt svar i 2 ärenden."]
    town.clock.advance(timedelta(days=1))
    helena.click("invitation_remind", call, where="home")
    assert "Påminnelsen skickas nu." in close(town, "helena")
    assert len(column(town, "SELECT id FROM audit WHERE action = 'invitation.remind'")) == 2


def test_a_lines_menu_shows_and_moves_the_case(town: Rig) -> None:
    reference = call_parties(town)
    open_home(town, "helena")
    helena = town.actor("helena")
    choose(helena, "case_show", referral_of(town, reference))
    assert "Hur kan stödet samordnas framåt?" in close(town, "helena")
    choose(helena, "booking_move", booking_of(town, reference))
    assert helena.modal is not None
    assert helena.modal.body["callback_id"] == "booking_move"


def test_who_does_not_know_whom_it_concerns_until_they_tick(town: Rig) -> None:
    reference = call_parties(town)
    open_home(town, "helena")
    shown = page(town, "helena")
    assert "Vet inte än: Helena Lindqvist, Tierps kommun; Nasrin Ahmadi, Försäkringskassan" in shown
    assert "Maja Björk berättar, på ett säkert sätt." in shown
    town.actor("helena").click("identity_remind", where="home")
    assert "Påminnelsen skickas nu." in close(town, "helena")
    town.settle()
    assert any(reference in text for text in texts(town, "maja"))
    open_home(town, "maja")
    told = "Berätta på ett säkert sätt vem ärendet gäller för: Helena Lindqvist, Tierps kommun"
    assert f"{told}; Nasrin Ahmadi, Försäkringskassan" in page(town, "maja")
    town.actor("nasrin").click("identity_known")
    town.settle()
    assert "; Nasrin Ahmadi, Försäkringskassan" not in page(town, "helena").partition("Kommande möten")[0]
    town.actor("maja").open_home()
    town.actor("maja").until(lambda: f"{told};" not in page(town, "maja"), 5)
    assert told in page(town, "maja")


def test_nobody_tells_someone_who_cannot_come_whom_it_concerns(town: Rig) -> None:
    call_parties(town)
    open_home(town, "helena")
    assert "Nasrin Ahmadi, Försäkringskassan" in untold_lines(town)
    decline(town, "nasrin", "not_our_case")
    town.settle()
    open_home(town, "helena")
    assert "Nasrin Ahmadi, Försäkringskassan" not in untold_lines(town)


def untold_lines(r: Rig) -> str:
    """The coordinator's list of those who do not know yet whom a case concerns."""
    shown = page(r, "helena")
    return shown.partition("Vet inte än vem ärendet gäller")[2].partition("Kommande möten")[0]


def test_needs_are_a_task_that_says_no_more_and_is_done_once(town: Rig) -> None:
    reference = call_parties(town)
    fill_in_needs(town, "Tolk i somaliska och hiss")
    open_home(town, "helena")
    shown = page(town, "helena")
    assert f"{reference}: behov att ordna" in shown
    assert "somaliska" not in shown
    looks = "SELECT count(*) FROM audit WHERE action = 'case.show' AND actor = 'helena'"
    assert value(town, looks) == 0
    helena = town.actor("helena")
    helena.click("case_show", referral_of(town, reference), where="home", block_id=None)
    assert "somaliska" in close(town, "helena")
    assert value(town, looks) == 1
    helena.click("needs_arranged", where="home")
    town.settle()
    assert "behov att ordna" not in page(town, "helena")
    fill_in_needs(town, "Tolk i arabiska")
    town.settle()
    assert "behov att ordna" in page(town, "helena")


def fill_in_needs(r: Rig, needs: str) -> None:
    open_home(r, "maja")
    maja = r.actor("maja")
    maja.click("details_open", where="home")
    maja.fill("needs", needs)
    maja.submit()
    assert maja.modal is None or maja.errors == {}
    if maja.modal is not None:
        maja.close(everything=True)
    r.settle()


def test_a_person_not_yet_asked_is_a_task_until_the_answer_is_written(town: Rig) -> None:
    from tests.support.raising import TIERP, raised

    raised(town, "maja", **{**TIERP, "person_takes_part": "not_yet_asked"})
    town.actor("maja").close(everything=True)
    town.settle()
    open_home(town, "maja")
    open_home(town, "helena")
    line = "personen är inte tillfrågad om att vara med"
    assert line in page(town, "helena")
    assert line.capitalize() in page(town, "maja")
    maja = town.actor("maja")
    reference = str(value(town, "SELECT reference FROM case_record"))
    choose(maja, "person_asked", referral_of(town, reference))
    assert reference in modal(town, "maja")
    maja.submit()
    assert list(maja.errors) == ["person_takes_part"]
    maja.fill("person_takes_part", "online")
    maja.submit()
    assert maja.modal is None
    town.settle()
    assert line not in page(town, "helena")
    assert column(town, "SELECT person_takes_part FROM referral") == ["online"]


def test_a_case_outside_the_consent_says_for_whom_it_is_missing(town: Rig) -> None:
    reference = call_parties(town)
    with town.office.unit_of_work() as uow:
        from dataclasses import replace

        found = uow.cases.referral(referral_of(town, reference))
        assert found is not None
        uow.cases.save_referral(replace(found, parties=(*found.parties, "af")))
        uow.commit()
    open_home(town, "maja")
    assert "Samtycke saknas för Arbetsförmedlingen." in page(town, "maja")


def test_the_process_leader_sees_teams_in_counts_and_no_case(town: Rig) -> None:
    reference = call_parties(town)
    open_home(town, "birgitta")
    shown = page(town, "birgitta")
    assert "Teamen" in shown
    assert "Samverkansteam Tierp" in shown
    assert "1 ärende har en tid." in shown
    assert "Tisdag 8 december kl. 13:00–15:00: 1 av 4 tider är bokade." in shown
    assert reference not in shown
    open_home(town, "maja")
    assert "Teamen" not in page(town, "maja")


def test_the_lists_act_and_only_the_asker_sees_them(town: Rig) -> None:
    reference = call_parties(town)
    maja, helena = town.actor("maja"), town.actor("helena")
    maja.command("/samtid", "ärenden", channel="C0001")
    (mine,) = maja.ephemerals("C0001")
    assert helena.ephemerals("C0001") == []
    maja.click("case_show", referral_of(town, reference), message=mine)
    assert reference in close(town, "maja")
    town.actor("nasrin").command("/samtid", "möten", channel="C0001")
    nasrin = town.actor("nasrin")
    (meetings,) = nasrin.ephemerals("C0001")
    nasrin.click("invitation_accept", message=meetings)
    town.settle()
    assert column(town, "SELECT answer FROM invitation WHERE person = 'nasrin'") == ["accepted"]


def test_the_contact_list_says_how_to_reach_everybody(town: Rig) -> None:
    with town.office.unit_of_work() as uow:
        uow.organisation.mark_bounced("petter", town.clock.now() - timedelta(days=1))
        uow.commit()
    maja = town.actor("maja")
    maja.command("/samtid", "kontakter", channel="C0001")
    from tests.support.raised import shown as said

    told = "\n".join(said(maja.ephemerals("C0001")[-1].body["blocks"]))
    assert "Samordnare: Helena Lindqvist, <@U0002>, <tel:08-46500402|08-465 004 02>" in told
    assert "Ersättare för samordnaren: Amir Haddad" in told
    assert "Med på vartannat möte. Kallas i den här ordningen:\n1. Mirjam Sandberg" in told
    assert "2. Petter Aho, <mailto:petter.aho@vard.example|petter.aho@vard.example>. Mejlen" in told
