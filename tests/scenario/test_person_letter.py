"""Issue 3, section 5: a letter to the person, ready to print, with no name in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import httpx
import pytest

from schedules.services.links import LETTER_SECONDS
from tests.support.links import letter_link
from tests.support.raised import call_parties, column, raise_case
from tests.support.rig import Rig, rig


@pytest.fixture
def r(tmp_path: Path) -> Iterator[Rig]:
    with rig(tmp_path) as found:
        yield found
        assert found.local.workspace.problems() == ()


def address(r: Rig, who: str = "maja") -> str:
    """The letter's address, from the person's own view of the case."""
    r.actor(who).click("case_show")
    found = letter_link(r, who)
    assert found is not None
    return found


def test_the_letter_says_all_that_the_person_needs_and_no_name(r: Rig) -> None:
    reference = call_parties(r)
    shown = httpx.get(address(r))
    assert shown.status_code == 200
    for words in (
        "Tisdag 8 december 2026 kl. 13:00–13:30",
        "Vårdcentralen Tierp, rum 4",
        "Tierps kommun och Försäkringskassan",
        "Det är frivilligt att vara med",
        "Du kan ta tillbaka ditt ja när du vill",
        "Ring Helena Lindqvist, som är samordnare: 08-465 004 02.",
        "Till:<span></span>",
    ):
        assert words in shown.text
    for hidden in (reference, "Nasrin", "Arbetsförmåga", "Hur kan stödet", "video.example"):
        assert hidden not in shown.text
    english = httpx.get(address(r) + "?lang=en").text
    assert "Taking part is voluntary" in english
    assert "You can take back your yes" in english


def test_the_letter_may_be_kept_nowhere_but_on_paper(r: Rig) -> None:
    call_parties(r)
    shown = httpx.get(address(r))
    assert shown.headers["cache-control"] == "no-store"
    assert shown.headers["referrer-policy"] == "no-referrer"
    assert "@media print" in shown.text
    assert httpx.post(address(r)).status_code == 405


def test_a_look_at_the_letter_is_on_record(r: Rig) -> None:
    call_parties(r)
    link = address(r)
    seen = "SELECT actor FROM audit WHERE action = 'letter.show.by_link'"
    assert column(r, seen) == []
    httpx.get(link)
    assert column(r, seen) == ["maja"]


def test_only_those_who_carry_or_coordinate_get_the_button(r: Rig) -> None:
    call_parties(r)
    assert address(r, "helena")
    r.actor("nasrin").click("case_show")
    assert letter_link(r, "nasrin") is None


def test_before_a_time_is_booked_there_is_no_letter(r: Rig) -> None:
    raise_case(r)
    r.settle()
    r.actor("helena").click("case_show")
    assert letter_link(r, "helena") is None


def test_the_address_holds_for_half_an_hour_and_cannot_be_changed(r: Rig) -> None:
    call_parties(r)
    link = address(r)
    assert httpx.get(link[:-1] + ("0" if link[-1] != "0" else "1")).status_code == 404
    office = r.local.program.office
    links = office.links
    assert links is not None
    opened = links.seconds()
    for later, status in ((LETTER_SECONDS - 60, 200), (LETTER_SECONDS + 60, 404)):
        at = partial(float, opened + later)
        object.__setattr__(office, "links", replace(links, seconds=at))
        assert httpx.get(link).status_code == status
    assert "gäller i 30 minuter" in httpx.get(link).text


def test_whoever_carries_the_case_no_longer_does_not_see_it(r: Rig) -> None:
    call_parties(r)
    helena, maja = address(r, "helena"), address(r)
    with r.office.unit_of_work() as uow:
        referral = uow.cases.referral(str(column(r, "SELECT id FROM referral")[0]))
        assert referral is not None
        uow.cases.save_referral(replace(referral, referrer="daniel", owner="daniel"))
        uow.commit()
    assert httpx.get(maja).status_code == 404
    assert httpx.get(helena).status_code == 200
    r.actor("helena").click("case_show")
    r.actor("helena").click("booking_withdraw")
    assert httpx.get(helena).status_code == 404
    r.settle()
