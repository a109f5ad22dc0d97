"""The figures in the running program: `/samtid statistik`, `samtid report`, and the term's report."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.clock import OFFSET
from bot.report_command import CannotReport, make
from schedules.domain.figures.facts import Fact
from schedules.domain.figures.month import Month, Period
from schedules.domain.figures.page import WHOLE, Page, PageKind
from schedules.services.publish_report import MonthNotOver, publish
from schedules.services.term_report import send_term_reports
from schedules.texts.words import Words
from tests.support.fact_examples import SEPTEMBER, a_case, a_meeting, a_referral, an_outcome
from tests.support.raising import told, town, words
from tests.support.report_examples import AUTUMN
from tests.support.rig import KEY, Rig
from tests.support.samtid_process import samtid

__all__ = ["town"]

ROUNDS = 500  # of delivery; one of them finds what the other thread has left
NEW_YEAR = datetime(2027, 1, 4, 9, tzinfo=UTC)
TEAMS = {"tierp": "Tierp", "osthammar": "Östhammar"}


def autumn(count: int, team: str = "tierp") -> list[Fact]:
    """So many women, each raised and met in September with two organisations, at one meeting."""
    where: dict[str, Any] = {"team": team, "municipality": TEAMS[team]}
    found: list[Fact] = [a_meeting(slots_used=count, **where)]
    for n in range(count):
        case = a_case(f"{team}-{n}", party="fk", **where)
        found += [case, a_referral(case, **where), an_outcome(case, **where)]
    return found


def write(town: Rig, *facts: Fact) -> None:
    with town.office.unit_of_work() as uow:
        for fact in facts:
            uow.facts.write(fact)
        uow.commit()


def asked(town: Rig, who: str, text: str = "statistik") -> str:
    """What the command answers at once."""
    actor = town.actor(who)
    actor.command("/samtid", text)
    return words(actor.ephemerals()[-1].body)


def sent(town: Rig, who: str, text: str = "statistik") -> str:
    """The report that follows as a direct message. It is made on another thread, after the ack."""
    assert "Den kommer strax som ett direktmeddelande" in asked(town, who, text)
    before = len(reports(town, who))
    for _ in range(ROUNDS):
        town.settle()
        if len(reports(town, who)) > before:
            break
    return reports(town, who)[-1]


def reports(town: Rig, who: str) -> list[str]:
    """The reports that the person was sent."""
    return [text for text in told(town, who) if text.startswith("Statistik för ")]


def test_the_coordinator_sees_the_last_finished_term_of_their_team(town: Rig) -> None:
    write(town, *autumn(12), *autumn(9, "osthammar"))
    town.clock.at = NEW_YEAR
    seen = sent(town, "helena")
    assert "Samverkansteam Tierp, juli 2026–december 2026" in seen
    assert "Personer som togs upp på ett möte: 12 (kvinnor 12, män 0)" in seen
    assert "mål 30" in seen
    assert not reports(town, "amir")


def test_the_figures_come_with_charts_that_are_said_in_words_too(town: Rig) -> None:
    write(town, *autumn(12))
    town.clock.at = NEW_YEAR
    sent(town, "helena")
    helena = town.actor("helena")
    message = next(m for m in helena.messages() if m.body["text"].startswith("Statistik för "))
    blocks = message.body["blocks"]
    pictures = [block for block in blocks if block["type"] == "image"]
    assert [block["alt_text"].partition(":")[0] for block in pictures] == ["Stapeldiagram"] * 2
    assert "Försäkringskassan: 12" in pictures[1]["alt_text"]
    for block in pictures:
        at = f"{town.url}/workspace/ui/picture/{block['slack_file']['id']}"
        seen = httpx.get(at, params={"as": helena.user_id}, trust_env=False)
        assert (seen.status_code, seen.headers["content-type"]) == (200, "image/png")
        assert seen.content.startswith(b"\x89PNG")
        stranger = town.actor("maja").user_id
        assert httpx.get(at, params={"as": stranger}, trust_env=False).status_code == 404


def test_the_process_leader_sees_all_and_may_ask_for_a_part(town: Rig) -> None:
    write(town, *autumn(12), *autumn(9, "osthammar"))
    town.clock.at = NEW_YEAR
    assert "Personer vars ärende lyftes: 21 (kvinnor 21, män 0)" in sent(town, "birgitta")
    nine = sent(town, "birgitta", "statistik östhammar")
    assert "Personer vars ärende lyftes: 9 (kvinnor 9, män 0)" in nine
    assert "Det finns inget team" in asked(town, "birgitta", "statistik Uppsala")


@pytest.mark.parametrize("who", ["maja", "nasrin"])
def test_nobody_else_sees_figures(town: Rig, who: str) -> None:
    town.clock.at = NEW_YEAR
    assert "visas för samordnare, processledare och administratörer" in asked(town, who)
    assert town.count("SELECT count(*) FROM audit WHERE action = 'report_made'") == 0


def test_four_persons_are_not_shown_and_who_asked_is_on_record(town: Rig) -> None:
    write(town, *autumn(4))
    town.clock.at = NEW_YEAR
    assert "Personer som togs upp på ett möte: dolt (kvinnor dolt, män 0)" in sent(town, "helena")
    assert town.count("SELECT count(*) FROM audit WHERE action = 'report_made' AND actor = 'helena'") == 1


def test_a_second_period_does_not_tell_what_the_first_one_hid(town: Rig) -> None:
    """Twelve in September; three more in October. The municipality is the same page as its only team."""
    late = [a_case(f"late-{n}", party="fk", raised=Month(2026, 10)) for n in range(3)]
    write(town, *autumn(12), *late)
    town.clock.at = NEW_YEAR
    team, place = Page(PageKind.TEAM, "tierp"), Page(PageKind.MUNICIPALITY, "Tierp")
    until_september = Period(Month(2026, 7), Month(2026, 9))
    first = publish(town.office, team, until_september, "helena").report
    assert first.line("persons_raised").total == 12
    assert publish(town.office, place, AUTUMN, "helena").report.line("persons_raised").total is None
    assert publish(town.office, team, until_september, "helena").report == first


def test_a_report_does_not_change_and_whoever_came_late_is_counted_in_the_next_one(town: Rig) -> None:
    """A meeting of September reported in January; the municipality's reports are the same page's."""
    write(town, *autumn(12))
    town.clock.at = NEW_YEAR
    team, place = Page(PageKind.TEAM, "tierp"), Page(PageKind.MUNICIPALITY, "Tierp")
    first = publish(town.office, team, AUTUMN, "helena").report
    late = a_case("late", party="fk")
    write(town, late, a_referral(late, met=SEPTEMBER, waiting_days=90), an_outcome(late))
    assert publish(town.office, place, AUTUMN, "helena").report == first
    write(town, *(a_case(f"new-{n}", party="fk", raised=Month(2027, 1)) for n in range(9)))
    town.clock.at += timedelta(days=31)
    january = publish(town.office, team, Period(Month(2027, 1), Month(2027, 1)), "helena").report
    assert january.line("persons_raised").total == 10


def test_a_month_that_is_not_over_is_refused(town: Rig) -> None:
    with pytest.raises(MonthNotOver):
        publish(town.office, WHOLE, Period(Month(2026, 9), Month(2026, 11)), "birgitta")
    publish(town.office, WHOLE, Period(Month(2026, 9), Month(2026, 10)), "birgitta")


def test_the_terms_reports_go_to_the_process_leader_once(town: Rig) -> None:
    """On the tenth workday of the new term, in working hours: the whole, then each municipality."""
    write(town, *autumn(12), *autumn(9, "osthammar"))
    town.settle()
    town.until(datetime(2027, 1, 15, 16, 30, tzinfo=UTC))  # Friday, after hours, the ninth workday
    before = len(told(town, "birgitta"))
    town.until(datetime(2027, 1, 18, 8, tzinfo=UTC))
    messages = told(town, "birgitta")[before:]
    messages.sort()
    assert [text.splitlines()[0] for text in messages] == [
        "Statistik för Samordningsförbundet Exempel, juli 2026–december 2026.",
        "Statistik för Tierp, juli 2026–december 2026.",
        "Statistik för Östhammar, juli 2026–december 2026.",
    ]
    assert "Personer vars ärende lyftes: 12 (kvinnor 12, män 0)" in messages[1]
    sent_blocks = [m.body["blocks"] for m in town.actor("birgitta").messages()[before:]]
    assert [sum(one["type"] == "image" for one in blocks) for blocks in sent_blocks] == [2, 2, 2]
    town.pass_time(days=30)
    assert len(told(town, "birgitta")) == before + 3
    assert not send_term_reports(town.office)


def test_a_new_installation_sends_no_report_of_a_term_before_it(town: Rig) -> None:
    town.settle()
    assert not told(town, "birgitta")


def test_the_command_prints_what_the_database_holds(town: Rig, tmp_path: Path) -> None:
    """A process of its own on the same database, with the local workspace's clock in a later year."""
    write(town, *autumn(12), *autumn(9, "osthammar"))
    with town.office.unit_of_work() as uow:
        uow.settings.set(OFFSET, str(timedelta(days=1000).total_seconds()))
        uow.commit()
    asked_for = ("--from", "2026-07", "--to", "2026-09", "--team", "tierp", "--format", "json")
    where = {"SAMTID_DATABASE_URL": town.address, "SAMTID_SECRET_KEYS": KEY}
    done = samtid("report", *asked_for, folder=tmp_path, **where)
    assert (done.returncode, done.stderr) == (0, "")
    data = json.loads(done.stdout)
    counts = {(one["row"], one["of"]): one["total"] for one in data["counts"]}
    assert counts["persons_met", None] == 12
    assert data["page"] == {"kind": "team", "of": "tierp", "title": "Samverkansteam Tierp"}


def test_what_is_wrong_is_one_line(tmp_path: Path) -> None:
    done = samtid("report", "--from", "2026-13", "--to", "2026-12", folder=tmp_path, SAMTID_SECRET_KEYS=KEY)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "2026-13 is no month. Write for example 2026-09.\n"


def test_a_page_or_a_month_that_there_is_not(town: Rig) -> None:
    period = Period(Month(2026, 9), Month(2026, 10))
    with pytest.raises(CannotReport, match="There is no team"):
        make(town.office, Page(PageKind.TEAM, "uppsala"), period, Words("en"))
    with pytest.raises(CannotReport, match="the latest is October 2026"):
        make(town.office, WHOLE, AUTUMN, Words("en"))
