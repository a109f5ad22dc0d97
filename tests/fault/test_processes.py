"""Several processes on one database, behind a balancer, with no leader: the same comes of it as with one."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from bot.organisation import EXAMPLE, Applier
from bot.workspace import Actor
from schedules.store.database import Database
from schedules.texts.words import LANGUAGES, Words
from tests.support.databases import own_database, shared_server
from tests.support.fleet import Fleet, fleet, waited_for
from tests.support.launch import Instance, Launch
from tests.support.races import race
from tests.support.raised import direct, open_home, page, shown, text_of, value
from tests.support.raising import fill, opened
from tests.support.recordings import recorded
from tests.support.rig import KEY, MONDAY, _applied, calendar_part
from tests.support.shared_clock import SharedClock
from tests.support.story import STORY, outcome, play

pytestmark = pytest.mark.exhaustive  # real processes that race: `make faults`, on a machine of its own

FLEETS = [("postgresql", 1), ("postgresql", 2), ("postgresql", 8), ("sqlite", 1), ("sqlite", 2)]
SHORT = 8
PEOPLE = ("maja", "samuel", "amir")
PRESSES = 20


@pytest.mark.parametrize(("kind", "processes"), [one for one in FLEETS if one != ("sqlite", 1)])
def test_the_story_is_the_same(tmp_path: Path, kind: str, processes: int) -> None:
    with fleet(tmp_path, kind=kind, processes=processes) as r:
        play(r, STORY[:SHORT])
        assert outcome(r) == recorded("sqlite", SHORT).outcome
        assert r.local.workspace.problems() == ()
        assert value(r, "SELECT count(*) FROM incoming") == 1
        assert "Traceback" not in r.logs()


@pytest.mark.parametrize(("kind", "processes"), FLEETS)
def test_the_whole_story_is_the_same(tmp_path: Path, kind: str, processes: int) -> None:
    with fleet(tmp_path, kind=kind, processes=processes) as r:
        play(r)
        assert outcome(r) == recorded("sqlite", len(STORY)).outcome
        assert r.local.workspace.problems() == ()


@pytest.fixture(scope="module", params=["postgresql", "sqlite"])
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    """Two processes, shared by the tests below: each uses people and cases of its own."""
    with fleet(tmp_path_factory.mktemp("pair"), kind=request.param, processes=2) as found:
        yield found
        assert found.local.workspace.problems() == ()


def test_what_one_process_changes_the_other_knows(pair: Fleet) -> None:
    """Both have answered before, and remember; then the organisation changes elsewhere."""

    def contacts() -> str:
        actor = pair.actor("maja")
        actor.command("/samtid", "kontakter")
        return "\n".join(shown(actor.ephemerals()[-1].body.get("blocks", [])))

    def named(name: str) -> None:
        people = [replace(p, name=name) if p.id == "helena" else p for p in pair.organisation.people]
        Applier(pair.office).apply(replace(pair.organisation, people=tuple(people)))

    before = pair.person("helena").name
    assert all(before in contacts() for _ in range(4))
    named("Helena Nyman")
    assert all("Helena Nyman" in contacts() for _ in range(4))
    named(before)


def pressed(actor: Actor) -> None:
    """Press until the form is taken: after 1.5 s without the plan it says so, and nothing is saved."""
    busy = {Words(language)("error.busy") for language in LANGUAGES}
    for _ in range(PRESSES):
        actor.submit()
        if not busy & set(actor.errors.values()):
            return


def test_forms_sent_at_the_same_moment_get_times_of_their_own(pair: Fleet) -> None:
    actors = [fill(opened(pair, who)) for who in PEOPLE]
    before = value(pair, "SELECT count(*) FROM booking")
    race([partial(pressed, actor) for actor in actors])
    for actor in actors:
        assert actor.errors == {}
        actor.close(everything=True)
    live = "FROM booking WHERE status IN ('proposed', 'booked')"
    assert value(pair, "SELECT count(*) FROM booking") == before + len(PEOPLE)
    assert value(pair, f"SELECT count(*) {live}") == value(pair, f"SELECT count(DISTINCT slot) {live}")


def test_the_same_form_sent_to_both_at_once_is_one_booking(pair: Fleet) -> None:
    actor = fill(opened(pair, "maja"))
    before = value(pair, "SELECT count(*) FROM booking")
    race([partial(pressed, actor), partial(pressed, actor)])
    actor.close(everything=True)
    assert value(pair, "SELECT count(*) FROM booking") == before + 1


def test_a_page_opened_at_one_process_is_renewed_by_the_other(pair: Fleet) -> None:
    pair.settle()
    open_home(pair, "helena")
    fill(opened(pair, "samuel")).submit()
    reference = value(pair, "SELECT reference FROM case_record ORDER BY reference DESC")
    pair.actor("samuel").close(everything=True)
    pair.settle()
    assert str(reference) in page(pair, "helena")


def test_their_own_ticks_deliver_everything_once(tmp_path: Path) -> None:
    """Nothing is ticked by hand: each process polls for itself, and fetches the user groups as it starts."""
    with fleet(tmp_path, kind="postgresql", processes=2, ticks_by_hand=False) as r:
        fill(opened(r, "maja")).submit()
        helena, nasrin = r.actor("helena"), r.actor("nasrin")
        helena.until(lambda: any("TIE-2026-001" in text_of(m) for m in direct(r, "helena")), 30)
        helena.click("booking_confirm", where="message")
        nasrin.until(lambda: any("TIE-2026-001" in text_of(m) for m in direct(r, "nasrin")), 30)
        nasrin.until(lambda: any(calendar_part(m) for m in r.mails("nasrin")), 30)
        waited_for(lambda: r.owed() == 0)
        outcome(r)
        waited_for(lambda: value(r, "SELECT count(*) FROM person WHERE id LIKE 'slack-%'") == 2)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_processes_that_start_together_on_an_empty_database(tmp_path: Path, kind: str) -> None:
    """One migrates, one applies the example; all of them serve."""
    SharedClock(tmp_path / "clock", MONDAY)
    fresh = f"sqlite:///{_applied(EXAMPLE)}"
    with own_database(shared_server(), "") as url:
        settings = {
            "SAMTID_DATABASE_URL": url if kind == "postgresql" else f"sqlite:///{tmp_path}/samtid.db",
            "SAMTID_SECRET_KEYS": KEY,
            "SLACK_BOT_TOKEN": "xoxb-test",
            "SLACK_SIGNING_SECRET": "secret",
            "SLACK_API_URL": "http://127.0.0.1:9/api/",
            "SAMTID_SMTP_URL": "smtp://127.0.0.1:9",
        }
        launch = Launch(settings, tmp_path / "clock", tmp_path / "log")
        with ThreadPoolExecutor(4) as pool:
            started = list(pool.map(Instance, [launch] * 4))
        try:
            assert all(httpx.get(f"{one.url}/readyz").is_success for one in started)
            assert _meetings(settings["SAMTID_DATABASE_URL"]) == _meetings(fresh)
        finally:
            for one in started:
                one.end()
    assert "Traceback" not in (tmp_path / "log").read_text()


def _meetings(url: str) -> list[tuple[str, str]]:
    """Team and day of every meeting."""
    database = Database(url, [KEY])
    try:
        with database._engine.connect() as connection:
            rows = connection.execute(sa.text("SELECT team, day FROM meeting"))
            return sorted((str(team), str(day)[:10]) for team, day in rows)
    finally:
        database.close()
