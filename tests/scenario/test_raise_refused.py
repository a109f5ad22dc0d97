"""What is refused stands beside its field, says what to do, and leaves no trace."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any, cast

import pytest

from bot.workspace import Actor
from schedules.store.database import Database
from schedules.store.tables import METADATA
from tests.support.raised import column
from tests.support.raising import (
    OSTHAMMAR,
    callback,
    choose,
    fill,
    opened,
    raised,
    seen,
    stored,
    submit_unchecked,
    sync,
    told,
)
from tests.support.rig import Rig

# Who such numbers belong to: nobody. The tax agency publishes them for tests.
PERSONNUMMER = "19121212-1212"
SAMORDNINGSNUMMER = "19701063-2391"
TRACES = {
    "personnummer": (PERSONNUMMER, "personnummer eller samordningsnummer"),
    "samordningsnummer": (SAMORDNINGSNUMMER, "personnummer eller samordningsnummer"),
    "phone": ("070-174 06 51", "telefonnummer"),
    "mail": ("kajsa.varg@post.example", "e-postadress"),
}


def bytes_of(town: Rig, folder: Path) -> bytes:
    """Everything that the program's database has written, its log of changes included."""
    assert isinstance(town.database, Database)
    if town.database._engine.dialect.name == "postgresql":
        return b"".join(rows_of(town))
    files = [one for one in folder.iterdir() if one.name.startswith("samtid.db")]
    assert files
    return b"".join(one.read_bytes() for one in files)


def rows_of(town: Rig) -> list[bytes]:
    """Every row of every table; the server's files are not ours to read."""
    return [
        str(row).encode()
        for table in METADATA.tables
        for row in column(town, f"SELECT CAST(t AS text) FROM {table} t")
    ]


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Everything that is logged at the level that the program is held to (`bot.logs`)."""
    caplog.set_level(logging.INFO)
    return caplog


@pytest.mark.parametrize("field", ["question", "urgency_reason", "own_reference"])
def test_what_identifies_a_person_is_refused_in_each_free_text(
    town: Rig, tmp_path: Path, logged: pytest.LogCaptureFixture, field: str
) -> None:
    maja = fill(opened(town), urgency="urgent", urgency_reason="Ersättningen tar slut snart.")
    for trace, named in TRACES.values():
        maja.fill(field, f"Gäller {trace}")
        maja.submit()
        assert set(maja.errors) == {field}
        assert named in maja.errors[field]
        assert "Ta bort de" in maja.errors[field]
        assert "Inget har sparats." in maja.errors[field]
        town.settle()
        assert stored(town) == 0
        assert trace.encode() not in bytes_of(town, tmp_path)
        assert trace not in logged.text
    maja.fill(field, "Beteckning 12/2026")
    maja.submit()
    assert callback(maja) == "referral_details"


def test_and_in_what_the_person_needs(town: Rig, tmp_path: Path) -> None:
    maja = raised(town)
    for trace, named in TRACES.values():
        maja.fill("needs", f"Ring {trace} först")
        maja.submit()
        assert set(maja.errors) == {"needs"}
        assert named in maja.errors["needs"]
        assert trace.encode() not in bytes_of(town, tmp_path)
    assert town.count("SELECT count(*) FROM audit WHERE action = 'referral.save_details'") == 0


def test_and_in_the_reason_for_sending_back(town: Rig, tmp_path: Path) -> None:
    raised(town)
    town.settle()
    helena = town.actor("helena")
    helena.click("booking_send_back")
    for trace, named in TRACES.values():
        helena.fill("reason", f"Ring {trace} om frågan.")
        helena.submit()
        assert set(helena.errors) == {"reason"}
        assert named in helena.errors["reason"]
        assert trace.encode() not in bytes_of(town, tmp_path)
    assert town.count("SELECT count(*) FROM referral WHERE status = 'returned'") == 0


def test_protected_identity_stops_with_whom_to_call_and_nothing_is_stored(
    town: Rig, tmp_path: Path, logged: pytest.LogCaptureFixture
) -> None:
    canary = "Kanariefågeln sjunger för mötet"
    maja = fill(opened(town), question=canary)
    choose(maja, "protected_identity", "yes")
    stop = "Lyft inte ärendet här. Ring Helena Lindqvist, 08-465 004 02. Samtid har inte sparat något."
    assert stop in seen(maja)
    maja.submit()
    assert maja.errors == {"protected_identity": stop}
    town.settle()
    assert stored(town) == 0
    assert town.count("SELECT count(*) FROM audit WHERE action LIKE 'referral.%'") == 0
    assert town.count("SELECT count(*) FROM due WHERE kind = 'details'") == 0
    assert canary.encode() not in bytes_of(town, tmp_path)
    assert canary not in logged.text
    assert not any("TIE-2026" in one for one in told(town, "helena"))


def test_protected_identity_before_a_team_is_chosen_names_the_coordinator_in_general(town: Rig) -> None:
    ewa = opened(town, "ewa")
    choose(ewa, "protected_identity", "yes")
    assert "Ring teamets samordnare" in seen(ewa)
    submit_unchecked(ewa)
    assert set(ewa.errors) == {"protected_identity"}
    choose(ewa, "team", "osthammar")
    assert "Ring Karin Wallin, 08-465 004 06" in seen(ewa)


def test_in_english_it_says_the_same(town: Rig) -> None:
    grace = fill(opened(town, "grace"), **OSTHAMMAR)
    choose(grace, "protected_identity", "yes")
    grace.submit()
    error = grace.errors["protected_identity"]
    assert "Karin Wallin, 08-465 004 06" in error
    assert error.endswith("Samtid has not stored anything.")


REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "no consent": ({"consent": []}, "consent", "Personen behöver samtycka skriftligt först."),
    "no consent date": ({"consent_date": None}, "consent_date", "Ange vilken dag personen skrev under"),
    "consent tomorrow": ({"consent_date": "2026-11-24"}, "consent_date", "Datumet har inte varit än."),
    "short question": ({"question": "Hur nu?"}, "question", "Minst 10 tecken."),
    "only spaces": ({"question": "              "}, "question", "Minst 10 tecken."),
    "no other party": ({"parties": []}, "parties", "Välj minst en part till."),
    "urgent, no reason": ({"urgency": "urgent"}, "urgency_reason", "Skriv varför det är skyndsamt."),
    "no category": ({"question_categories": []}, "question_categories", "Välj minst ett område."),
    "before yesterday": ({"not_before": "2026-11-20"}, "not_before", "Datumet har passerat."),
    "long question": ({"question": "å" * 2001}, "question", "Korta den till högst 2000 tecken."),
    "long reference": ({"own_reference": "1" * 51}, "own_reference", "högst 50 tecken."),
    "unknown owner": ({"case_owner": "U0999"}, "case_owner", "är inte inlagd i Samtid"),
}


def test_refused_beside_the_field(town: Rig) -> None:
    for case, (change, field, said) in REFUSED.items():
        maja = fill(opened(town), **change)
        submit_unchecked(maja)
        assert set(maja.errors) == {field}, case
        assert said in maja.errors[field]
        assert callback(maja) == "referral_submit"
        maja.close()
    assert stored(town) == 0


def test_a_long_reason_for_urgency_is_refused(town: Rig) -> None:
    maja = fill(opened(town), urgency="urgent", urgency_reason="å" * 501)
    submit_unchecked(maja)
    assert "högst 500 tecken" in maja.errors["urgency_reason"]


def test_consent_today_is_consent(town: Rig) -> None:
    raised(town, consent_date="2026-11-23")


def test_several_refusals_are_told_at_once(town: Rig) -> None:
    maja = fill(opened(town), question="Hur?", consent=[], parties=[], consent_date="2027-01-01")
    submit_unchecked(maja)
    assert set(maja.errors) == {"question", "consent", "parties", "consent_date"}


def test_an_active_own_reference_shows_its_status_and_the_way_to_it(town: Rig) -> None:
    raised(town, own_reference="SN 2026/17")
    town.settle()
    maja = fill(opened(town), own_reference="sn 2026/17 ")
    maja.submit()
    assert maja.errors == {
        "own_reference": "Ärende TIE-2026-001 med samma egna beteckning är redan lyft i teamet. "
        "Läge: Har en tid. Du hittar det i fliken Hem i Samtid eller med /samtid ärenden."
    }
    assert stored(town) == 1
    maja.close()
    maja.open_home()
    maja.until(lambda: maja.home is not None)
    maja.click("case_show", where="home")
    assert "SN 2026/17" in seen(maja)


def test_somebody_elses_active_reference_names_the_coordinator(town: Rig) -> None:
    raised(town, own_reference="SN 2026/17")
    samuel = fill(opened(town, "samuel"), own_reference="SN 2026/17")
    samuel.submit()
    error = samuel.errors["own_reference"]
    assert "TIE-2026-001" in error
    assert "Helena Lindqvist, 08-465 004 02" in error


def test_the_same_own_reference_in_another_team_is_no_hindrance(town: Rig) -> None:
    raised(town, "ewa", team="tierp", parties=["af"], own_reference="FK 1")
    raised(town, "ewa", team="osthammar", parties=["psykiatri"], own_reference="FK 1")


def test_an_own_reference_is_free_again_when_the_case_is_taken_back(town: Rig) -> None:
    raised(town, own_reference="SN 2026/17").close()
    maja = town.actor("maja")
    maja.open_home()
    maja.until(lambda: maja.home is not None)
    maja.click("booking_withdraw", where="home")
    raised(town, own_reference="SN 2026/17")


def forged(town: Rig, who: str) -> Actor:
    """A form of Maja's that somebody else submits."""
    fill(opened(town))
    core = town.local.workspace.core
    core.database.run("UPDATE views SET user_id = ?", town.actor(who).user_id)
    return town.actor(who)


def test_a_stranger_is_refused_plainly_with_whom_to_ask(town: Rig) -> None:
    stranger = town.actor("U0999")
    whom = "Kontakta Birgitta Ståhl, 08-465 004 01, birgitta.stahl@forbundet.example för att bli inlagd."
    for door in ("command", "shortcut"):
        if door == "command":
            stranger.command("/samtid", "lyft")
        else:
            stranger.shortcut("referral_new")
        assert callback(stranger) == "notice"
        assert whom in seen(stranger)
        stranger.close()
    stranger.command("/samtid", "ärenden")
    assert whom in stranger.ephemerals()[-1].body["text"]
    stranger.open_home()
    stranger.until(lambda: stranger.home is not None)
    assert stranger.home is not None
    assert whom in str(stranger.home.body)
    assert "referral_new" not in str(stranger.home.body)


@pytest.mark.parametrize("question", ["Hur kan stödet samordnas framåt?", "Ring 070-174 06 05"])
def test_a_strangers_forged_submission_is_refused_and_leaves_nothing(town: Rig, question: str) -> None:
    """Nor does a stranger hear what would have to be mended in the form."""
    stranger = forged(town, "U0999")
    stranger.fill("question", question)
    submit_unchecked(stranger)
    assert callback(stranger) == "notice"
    assert "Du är inte inlagd i Samtid" in seen(stranger)
    assert stored(town) == 0
    on_record = "SELECT actor || ' ' || subject FROM audit WHERE action = 'refused:unknown'"
    assert column(town, on_record) == ["slack:U0999 referral_submit"]


def test_a_form_for_a_team_of_others_is_refused(town: Rig) -> None:
    karin = forged(town, "karin")  # of Östhammar, with a form for Tierp
    submit_unchecked(karin)
    assert karin.errors == {"team": "Din part är inte med i det teamet. Välj ett annat team."}
    assert stored(town) == 0


def test_members_of_the_user_group_may_raise_cases(town: Rig) -> None:
    lovisa = town.actor("U0901")
    lovisa.command("/samtid", "lyft")
    assert callback(lovisa) == "notice"  # before the group was fetched
    lovisa.close()
    sync(town)
    raised(town, "U0901")
    assert "Tierps kommun: Helena Lindqvist" in seen(lovisa)
    town.settle()
    assert any("TIE-2026-001" in one for one in told(town, "helena"))


def test_the_groups_are_kept_locally(town: Rig) -> None:
    sync(town)
    cast("dict[str, object]", town.local.workspace.core.setup.user_groups).clear()  # Slack cannot tell now
    raised(town, "U0901")


def test_somebody_whose_party_is_in_no_team_is_told_so(town: Rig) -> None:
    birgitta = opened(town, "birgitta")
    assert callback(birgitta) == "notice"
    assert "Din part är inte med i något team i Samtid." in seen(birgitta)
