"""The button "the person withdraws consent", and what officials take out of the case afterwards."""

from __future__ import annotations

import json
import stat
from pathlib import Path

from schedules.domain.figures.facts import Ending
from tests.support.meeting_days import facts
from tests.support.raised import booking_of, modal, texts
from tests.support.raising import QUESTION, callback, raised, seen, town
from tests.support.rig import KEY, Rig
from tests.support.samtid_process import samtid

__all__ = ["town"]
CASE = "TIE-2026-001"
BLOCKED = "Ärendet är spärrat"


def called(town: Rig) -> None:
    """A case with its details filled in, its parties called and everything delivered."""
    maja = raised(town)
    for field, value in {"gender": "woman", "birth_year": "1973", "needs": "tolk i klockfrukt"}.items():
        maja.fill(field, value)
    maja.submit()
    assert maja.modal is None, maja.errors
    town.settle()
    town.actor("helena").click("booking_confirm", where="message")
    town.settle()
    town.actor("nasrin").click("invitation_accept", where="message")
    town.settle()


def block(town: Rig, who: str) -> str:
    """Press the button on the case's page and say yes; what the question said."""
    actor = town.actor(who)
    actor.click("case_show", where="message")
    actor.click("consent_withdraw", where="modal")
    assert callback(actor) == "consent_withdraw"
    asked = seen(actor)
    actor.submit()
    assert actor.modal is None, actor.errors
    town.settle()
    return asked


def test_the_case_is_blocked_from_its_page(town: Rig) -> None:
    called(town)
    booking = booking_of(town, CASE)
    asked = block(town, "maja")
    assert "Det går inte att ångra" in asked
    assert "Spärra ärendet" in asked
    assert "blir ledig" in asked
    assert "inte varför" in asked
    for person in ("nasrin", "daniel", "helena"):
        newest = town.mails(person)[-1]
        assert newest["subject"].startswith(("Avbokat: ", "Cancelled: "))
        told = "".join([*texts(town, person), str(newest.get_body(("plain",)))]).casefold()
        assert [why for why in ("samtyck", "consent", "spärr", "block") if why in told] == []
    for who, action, value in (("helena", "case_show", booking), ("maja", "details_open", None)):
        actor = town.actor(who)
        with_button = [m for m in actor.messages() if action in json.dumps(m.body)]
        if with_button:
            actor.click(action, value, message=with_button[-1])
            assert BLOCKED in modal(town, who)
            assert QUESTION not in modal(town, who)
            actor.close(everything=True)
    (case,) = facts(town).cases
    assert case.ending is Ending.CONSENT_WITHDRAWN


def test_a_form_that_is_open_stores_nothing_after_the_block(town: Rig) -> None:
    called(town)
    maja = town.actor("maja")
    maja.click("case_show", where="message")
    maja.click("details_open", where="modal")
    maja.fill("needs", "ledsagare")
    block(town, "helena")
    maja.submit()
    assert BLOCKED in modal(town, "maja")
    assert "klockfrukt" not in modal(town, "maja")
    maja.close(everything=True)
    refused = "SELECT count(*) FROM audit WHERE action = 'refused:referral.details'"
    assert town.count(refused) == 1


def test_officials_take_out_the_trail_and_all_that_is_held(town: Rig, tmp_path: Path) -> None:
    called(town)
    block(town, "maja")
    settings = {
        "SAMTID_DATABASE_URL": town.address,
        "SAMTID_SECRET_KEYS": KEY,
        "SAMTID_LANGUAGE": "sv",
    }
    held = samtid("export", CASE, folder=tmp_path, **settings)
    assert (held.returncode, held.stderr) == (0, "")
    for word in (
        QUESTION,
        "tolk i klockfrukt",
        "1973",
        "Kvinna",
        "Samtycket togs tillbaka: 23 november 2026",
        "Ärendet är spärrat",
    ):
        assert word in held.stdout
    page = tmp_path / "utdrag.html"
    written = samtid("export", CASE.lower(), "--out", str(page), folder=tmp_path, **settings)
    assert (written.returncode, written.stdout.count("\n"), QUESTION in written.stdout) == (0, 1, False)
    assert "tolk i klockfrukt" in page.read_text(encoding="utf-8")
    assert stat.S_IMODE(page.stat().st_mode) == stat.S_IRUSR | stat.S_IWUSR
    again = samtid("export", CASE, "--out", str(page), folder=tmp_path, **settings)
    assert (again.returncode, again.stdout, again.stderr.count("\n")) == (2, "", 1)

    trail = samtid("audit", CASE, folder=tmp_path, **settings)
    assert trail.returncode == 0
    lines = [line for line in trail.stdout.splitlines() if "kl." in line]
    assert "Lyfte ärendet" in next(line for line in lines if "Maja" in line)
    assert sum("Tog ut allt som finns om ärendet" in line for line in lines) == 2
    assert any("Maja" in line and "Spärrade ärendet" in line for line in lines)
    data = json.loads(samtid("audit", CASE, "--json", folder=tmp_path, **settings).stdout)
    assert [one["at"] for one in data["lines"]] == sorted(one["at"] for one in data["lines"])
    assert data["record"]["blocked_at"]


def test_an_unknown_reference_is_one_line(tmp_path: Path) -> None:
    for command in (("audit",), ("export", "--out", str(tmp_path / "utdrag.html"))):
        done = samtid(*command, "TIE-2026-999", folder=tmp_path, SAMTID_LANGUAGE="sv")
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == "Det finns inget ärende TIE-2026-999.\n"
    assert not (tmp_path / "utdrag.html").exists()
