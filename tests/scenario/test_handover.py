"""Duties change hands in one step: what changes is shown first, and both calendars are right afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.organisation import Applier
from schedules.domain.organisation import Organisation
from schedules.domain.plan import Answer
from schedules.errors import NotAllowed, NotFound, Outdated, Refused
from schedules.services.authority import coordinates
from schedules.services.hand_over import HandOver, handover_choices, preview_handover
from schedules.services.take_back_handover import take_back_handover
from tests.support.duties import (
    absence_of,
    away,
    booking,
    busy_is_right,
    calendar,
    handover_form,
    leader,
    seats,
)
from tests.support.raised import (
    NEWEST,
    call_parties,
    direct,
    modal,
    open_home,
    page,
    raise_case,
    silence,
    text_of,
    value,
)
from tests.support.raising import TIERP, raised
from tests.support.rig import Rig

TODAY = "2026-11-23"
LATER = "2026-12-15"


def confirmed(town: Rig, who: str, successor: str, first: str, **choices: object) -> str:
    """Hand over, confirm and deliver; what the preview said."""
    actor = handover_form(town, who, successor, first, **choices)  # type: ignore[arg-type]  # passed on
    shown = modal(town, who)
    actor.submit()
    assert actor.modal is None, actor.errors
    town.settle()
    return shown


def representatives(town: Rig, team: str, party: str) -> tuple[str, ...]:
    with town.office.unit_of_work() as uow:
        found = uow.organisation.team(team)
    assert found is not None
    membership = found.membership(party)
    assert membership is not None
    return membership.representatives


def test_all_teams_in_one_step(town: Rig) -> None:
    osthammar = call_parties(town, "yusuf", "osthammar", ["fk"])
    with town.office.unit_of_work() as uow:
        uow.plan.add_absence("nasrin", date(2026, 12, 8), date(2026, 12, 8))
        uow.commit()
    tierp = call_parties(town)
    assert {seats(town, case)["fk"] for case in (tierp, osthammar)} == {"johan"}
    before = silence(town)
    shown = confirmed(town, "johan", "ewa", TODAY)
    assert shown.count("Försäkringskassan: Ewa Kowalska kommer i stället") == 2
    assert "Samverkansteam Tierp och Samverkansteam Östhammar" in shown
    for case in (tierp, osthammar):
        assert case in shown
        assert seats(town, case)["fk"] == "ewa"
        uid = booking(town, case).uid
        assert (calendar(town, "johan")[uid], calendar(town, "ewa")[uid]) == ("CANCEL", "REQUEST")
    assert representatives(town, "tierp", "fk") == ("nasrin", "ewa")
    assert representatives(town, "osthammar", "fk") == ("ewa", "nasrin")
    assert busy_is_right(town)
    after = silence(town)
    changed = {who: after[who] - before[who] for who in after if after[who] != before[who]}
    assert changed == {"ewa": 3, "johan": 2, "maja": 1, "yusuf": 1}  # one message each, and one mail a UID
    assert "har lämnat över till Ewa Kowalska" in text_of(direct(town, "ewa")[-1])


def test_some_teams_only(town: Rig) -> None:
    confirmed(town, "nasrin", "ewa", TODAY, teams=["tierp"])
    assert representatives(town, "tierp", "fk") == ("ewa", "johan")
    assert representatives(town, "osthammar", "fk") == ("johan", "nasrin")


def test_from_a_date_to_come(town: Rig) -> None:
    soon = call_parties(town)
    on_the_22nd = call_parties_on_the_22nd(town)
    shown = confirmed(town, "nasrin", "ewa", LATER, teams=["tierp"])
    assert on_the_22nd in shown
    assert soon not in shown
    assert (seats(town, soon)["fk"], seats(town, on_the_22nd)["fk"]) == ("nasrin", "ewa")
    assert representatives(town, "tierp", "fk") == ("nasrin", "johan")
    assert "Ewa Kowalska tar över efter Nasrin Ahmadi" in page(town, "nasrin")
    another = call_parties_on_the_22nd(town)
    assert seats(town, another)["fk"] == "ewa"  # new bookings know it too
    town.until(datetime(2026, 12, 15, 9, tzinfo=UTC))
    assert representatives(town, "tierp", "fk") == ("ewa", "johan")
    assert busy_is_right(town)


def call_parties_on_the_22nd(town: Rig) -> str:
    raised(town, "maja", **{**TIERP, "parties": ["fk"]}, not_before="2026-12-10").close(everything=True)
    town.settle()
    town.actor("helena").click("booking_confirm")
    town.settle()
    return newest(town)


def newest(town: Rig) -> str:
    return str(value(town, NEWEST))


def test_the_coordinators_role_changes_hands_with_the_seats(town: Rig) -> None:
    called, proposed = call_parties(town), raise_case(town)
    town.settle()
    shown = confirmed(town, "helena", "maja", TODAY, person="helena")
    assert "Samordnare: Maja Björk" in shown
    assert (leader(town, called), seats(town, called)["kommun_tierp"]) == (["maja"], "maja")
    uid = booking(town, called).uid
    assert calendar(town, "helena")[uid] == "CANCEL"
    assert seats(town, proposed)["kommun_tierp"] == "maja"
    with town.office.unit_of_work() as uow:
        team = uow.organisation.team("tierp")
    assert team is not None
    assert (team.coordinator, coordinates(team, "helena")) == ("maja", False)
    town.actor("maja").click("booking_confirm")
    town.settle()
    assert leader(town, proposed) == ["maja"]
    assert busy_is_right(town)


def test_a_successor_who_is_away_is_not_called(town: Rig) -> None:
    case = call_parties(town)
    with town.office.unit_of_work() as uow:
        uow.plan.add_absence("ewa", date(2026, 12, 1), date(2026, 12, 31))
        uow.commit()
    confirmed(town, "nasrin", "ewa", TODAY)
    assert seats(town, case)["fk"] == "johan"


def test_what_has_changed_since_the_preview_is_shown_anew(town: Rig) -> None:
    actor = handover_form(town, "nasrin", "ewa", TODAY)
    assert "Inget som är bokat påverkas" in modal(town, "nasrin")
    case = call_parties(town)
    actor.submit()
    assert "Något har ändrats" in modal(town, "nasrin")
    assert case in modal(town, "nasrin")
    assert representatives(town, "tierp", "fk") == ("nasrin", "johan")
    actor.submit()
    assert representatives(town, "tierp", "fk") == ("ewa", "johan")


def test_who_may(town: Rig) -> None:
    command = HandOver("", "nasrin", "ewa", ("tierp",), town.office.today())
    for actor in ("nasrin", "helena", "amir", "birgitta"):
        preview_handover(town.office, replace(command, actor=actor))
    for actor in ("johan", "maja", "karin"):
        with pytest.raises(NotAllowed):
            preview_handover(town.office, replace(command, actor=actor))
    with pytest.raises(NotAllowed):  # a coordinator only in the own teams
        preview_handover(town.office, replace(command, actor="helena", teams=("osthammar",)))
    with pytest.raises(NotAllowed):
        handover_choices(town.office, "maja")


def test_a_seat_stays_with_the_party_and_the_past_is_past(town: Rig) -> None:
    command = HandOver("helena", "nasrin", "daniel", ("tierp",), town.office.today())
    with pytest.raises(Refused, match="handover_other_party"):
        preview_handover(town.office, command)
    with pytest.raises(Refused, match="handover_past"):
        preview_handover(town.office, replace(command, successor="ewa", from_date=date(2026, 11, 22)))


def with_representatives(organisation: Organisation, *people: str) -> Organisation:
    tierp = next(team for team in organisation.teams if team.id == "tierp")
    parties = tuple(replace(m, representatives=people) if m.party == "fk" else m for m in tierp.parties)
    teams = tuple(replace(t, parties=parties) if t.id == "tierp" else t for t in organisation.teams)
    return replace(organisation, teams=teams)


def test_the_organisation_file_does_not_undo_it(town: Rig) -> None:
    """The same file again keeps it; a file that says something else about it is a conflict, listed."""
    confirmed(town, "nasrin", "ewa", TODAY, teams=["tierp"])
    path = ("teams", "tierp", "parties", "fk", "representatives")
    same = Applier(town.office).apply(town.organisation)
    assert path in [kept.path for kept in same.merge.kept]
    assert representatives(town, "tierp", "fk") == ("ewa", "johan")
    other = Applier(town.office).apply(with_representatives(town.organisation, "johan", "nasrin"))
    assert path in [conflict.path for conflict in other.merge.conflicts]
    assert representatives(town, "tierp", "fk") == ("ewa", "johan")
    agreed = Applier(town.office).apply(with_representatives(town.organisation, "ewa", "johan"))
    assert not agreed.merge.conflicts


def test_an_absence_after_a_handover_to_come_is_the_successors(town: Rig) -> None:
    confirmed(town, "nasrin", "ewa", LATER, teams=["tierp"])
    case = call_parties_on_the_22nd(town)
    away(town, "ewa", "2026-12-22", "2026-12-22")
    assert seats(town, case)["fk"] == "johan"


def taken_back(town: Rig, who: str) -> None:
    """Press the only such button on the person's Home, and deliver."""
    open_home(town, who)
    town.actor(who).click("handover_take_back", where="home")
    town.settle()


def offered(town: Rig, who: str) -> int:
    """How many handovers the person's Home offers to take back."""
    open_home(town, who)
    town.settle()
    home = town.actor(who).home
    return str(home.blocks if home else "").count("'handover_take_back'")


def test_a_handover_to_come_is_taken_back(town: Rig) -> None:
    soon, on_the_22nd = call_parties(town), call_parties_on_the_22nd(town)
    confirmed(town, "nasrin", "ewa", LATER, teams=["tierp"])
    newer = call_parties_on_the_22nd(town)
    assert (seats(town, on_the_22nd)["fk"], seats(town, newer)["fk"]) == ("ewa", "ewa")
    before = silence(town)
    taken_back(town, "nasrin")
    assert {seats(town, case)["fk"] for case in (soon, on_the_22nd, newer)} == {"nasrin"}
    for case in (on_the_22nd, newer):
        uid = booking(town, case).uid
        assert (calendar(town, "nasrin")[uid], calendar(town, "ewa")[uid]) == ("REQUEST", "CANCEL")
    told = text_of(direct(town, "ewa")[-1])
    assert "Nasrin Ahmadi lämnar inte över till Ewa Kowalska tisdag 15 december, utan har kvar" in told
    after = silence(town)
    # Two mails each whose calendars change; one message to who is affected, none to who pressed.
    assert {who: after[who] - before[who] for who in after if after[who] != before[who]} == {
        "ewa": 3,
        "nasrin": 2,
        "maja": 1,
    }
    assert "tar över efter" not in page(town, "nasrin")
    town.until(datetime(2026, 12, 15, 9, tzinfo=UTC))
    assert representatives(town, "tierp", "fk") == ("nasrin", "johan")
    assert busy_is_right(town)


def test_a_seat_that_nobody_could_take_over_is_asked_about_again(town: Rig) -> None:
    case = call_parties_on_the_22nd(town)
    with town.office.unit_of_work() as uow:
        for person in ("ewa", "johan"):
            uow.plan.add_absence(person, date(2026, 12, 22), date(2026, 12, 22))
        uow.commit()
    confirmed(town, "nasrin", "ewa", LATER)
    assert answer(town, case, "nasrin") is Answer.DECLINED
    assert offered(town, "nasrin") == 2  # in each of the two teams
    town.actor("helena").open_home()
    taken_back(town, "helena")  # in Tierp, which she coordinates
    assert answer(town, case, "nasrin") is Answer.NEEDS_ACTION
    assert offered(town, "nasrin") == 1


def test_a_no_for_a_handover_that_is_taken_back_is_that_of_an_absence(town: Rig) -> None:
    """Whoever is away as well is asked again only when they are back."""
    case = call_parties_on_the_22nd(town)
    with town.office.unit_of_work() as uow:
        for person in ("ewa", "johan"):
            uow.plan.add_absence(person, date(2026, 12, 22), date(2026, 12, 22))
        uow.commit()
    confirmed(town, "nasrin", "ewa", LATER, teams=["tierp"])
    away(town, "nasrin", "2026-12-22", "2026-12-22")
    taken_back(town, "nasrin")
    assert answer(town, case, "nasrin") is Answer.DECLINED
    town.actor("nasrin").click("absence_take_back", absence_of(town, "nasrin"), where="home")
    town.settle()
    assert answer(town, case, "nasrin") is Answer.NEEDS_ACTION


def test_a_seat_goes_back_to_whoever_had_it(town: Rig) -> None:
    """Not to the first of the party who is free."""
    away(town, "nasrin", "2026-12-22", "2026-12-22")
    case = call_parties_on_the_22nd(town)
    town.actor("nasrin").click("absence_take_back", absence_of(town, "nasrin"), where="home")
    confirmed(town, "johan", "ewa", LATER, teams=["tierp"])
    assert seats(town, case)["fk"] == "ewa"
    taken_back(town, "johan")
    assert seats(town, case)["fk"] == "johan"
    with town.office.unit_of_work() as uow:
        assert uow.plan.handovers("tierp") == ()
    assert value(town, "SELECT actor FROM audit WHERE action = 'duty.take_back'") == "johan"


def test_who_waits_because_of_a_handover_gets_a_time_when_it_is_taken_back(town: Rig) -> None:
    with town.office.unit_of_work() as uow:
        for person in ("ewa", "johan"):
            uow.plan.add_absence(person, date(2026, 12, 1), date(2029, 12, 31))
        uow.commit()
    confirmed(town, "nasrin", "ewa", LATER, teams=["tierp"])
    raised(town, "maja", **{**TIERP, "parties": ["fk"]}, not_before="2026-12-16").close(everything=True)
    assert value(town, "SELECT status FROM referral") == "waiting"
    taken_back(town, "nasrin")
    assert value(town, "SELECT status FROM referral") == "active"


def answer(town: Rig, case: str, person: str) -> Answer:
    with town.office.unit_of_work() as uow:
        found = uow.plan.invitations(booking(town, case).id)
    return next(i.answer for i in found if i.person == person)


def test_who_may_take_a_handover_back(town: Rig) -> None:
    confirmed(town, "nasrin", "ewa", LATER, teams=["tierp"])
    with town.office.unit_of_work() as uow:
        (handover,) = uow.plan.handovers("tierp")
    assert [offered(town, who) for who in ("nasrin", "helena", "ewa", "johan")] == [1, 1, 0, 0]
    for actor in ("ewa", "johan", "maja"):
        with pytest.raises(NotAllowed):
            take_back_handover(town.office, actor, "tierp", handover.id)
    take_back_handover(town.office, "helena", "tierp", handover.id)
    with pytest.raises(NotFound):
        take_back_handover(town.office, "helena", "tierp", handover.id)


def test_a_handover_that_another_builds_on_is_taken_back_after_it(town: Rig) -> None:
    confirmed(town, "nasrin", "ewa", LATER, teams=["tierp"])
    with town.office.unit_of_work() as uow:
        (first,) = uow.plan.handovers("tierp")
    confirmed(town, "ewa", "johan", "2026-12-20")
    assert [offered(town, who) for who in ("nasrin", "ewa")] == [0, 1]
    with pytest.raises(Outdated):
        take_back_handover(town.office, "nasrin", "tierp", first.id)
    taken_back(town, "ewa")
    assert offered(town, "nasrin") == 1
    taken_back(town, "nasrin")
    with town.office.unit_of_work() as uow:
        assert uow.plan.handovers("tierp") == ()


def test_what_has_happened_is_not_taken_back(town: Rig) -> None:
    confirmed(town, "nasrin", "ewa", LATER, teams=["tierp"])
    open_home(town, "nasrin")
    with town.office.unit_of_work() as uow:
        (handover,) = uow.plan.handovers("tierp")
    town.until(datetime(2026, 12, 15, 9, tzinfo=UTC))
    assert offered(town, "nasrin") == 0
    with pytest.raises(NotFound):
        take_back_handover(town.office, "helena", "tierp", handover.id)
