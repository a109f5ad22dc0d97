"""The figures in the running program: `/samtid statistik`, `samtid report`, and the term's report."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from schedules.domain.figures.facts import Fact
from schedules.domain.figures.month import Month, Period
from schedules.domain.figures.page import WHOLE, Page, PageKind
from schedules.services.publish_report import MonthNotOver, publish
from schedules.services.term_report import send_term_reports
from tests.support.fact_examples import a_case, a_meeting, a_referral, an_outcome
from tests.support.raising import told, town, words
from tests.support.report_examples import AUTUMN
from tests.support.rig import KEY, Rig
from tests.support.samtid_process import samtid

__all__ = ["town"]

NEW_YEAR = datetime(2027, 1, 4, 9, tzinfo=UTC)
TEAMS = {"tierp": "Tierp", "osthammar": "Östhammar"}


def autumn(count: int, team: str = "tierp") -> list[Fact]:
    """So many women, each raised and met in September with two organisations, at one meeting."""
    where = {"team": team, "municipality": TEAMS[team]}
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
    actor = town.actor(who)
    actor.command("/samtid", text)
    return words(actor.ephemerals()[-1].body)


def test_the_coordinator_sees_the_last_finished_term_of_their_team(town: Rig) -> None:
    write(town, *autumn(12), *autumn(9, "osthammar"))
    town.clock.at = NEW_YEAR
    seen = asked(town, "helena")
    assert "Samverkansteam Tierp, juli 2026–december 2026" in seen
    assert "Personer som togs upp på ett möte: 12 (kvinnor 12, män 0)" in seen
    assert "mål 30" in seen
    assert not told(town, "amir")


def test_the_process_leader_sees_all_and_may_ask_for_a_part(town: Rig) -> None:
    write(town, *autumn(12), *autumn(9, "osthammar"))
    town.clock.at = NEW_YEAR
    assert "Personer vars ärende lyftes: 21 (kvinnor 21, män 0)" in asked(town, "birgitta")
    assert "Personer vars ärende lyftes: 9 (kvinnor 9, män 0)" in asked(
        town, "birgitta", "statistik östhammar"
    )
    assert "Det finns inget team" in asked(town, "birgitta", "statistik Uppsala")


@pytest.mark.parametrize("who", ["maja", "nasrin"])
def test_nobody_else_sees_figures(town: Rig, who: str) -> None:
    town.clock.at = NEW_YEAR
    assert "visas för samordnare, processledare och administratörer" in asked(town, who)
    assert town.count("SELECT count(*) FROM audit WHERE action = 'report_made'") == 0


def test_four_persons_are_not_shown_and_who_asked_is_on_record(town: Rig) -> None:
    write(town, *autumn(4))
    town.clock.at = NEW_YEAR
    assert "Personer som togs upp på ett möte: dolt (kvinnor dolt, män 0)" in asked(town, "helena")
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
    town.pass_time(days=30)
    assert len(told(town, "birgitta")) == before + 3
    assert not send_term_reports(town.office)


def test_a_new_installation_sends_no_report_of_a_term_before_it(town: Rig) -> None:
    town.settle()
    assert not told(town, "birgitta")


def test_the_command_writes_every_format(town: Rig, tmp_path: Path) -> None:
    """A process of its own on the same database; its real clock is later than the rig's term."""
    write(town, *autumn(12), *autumn(9, "osthammar"))
    with town.office.unit_of_work() as uow:
        uow.settings.set("clock", "86400000")
        uow.commit()

    def run(*more: str) -> tuple[int, str, str]:
        done = samtid(
            "report", "--from", "2026-07", "--to", "2026-09", *more, folder=tmp_path, SAMTID_SECRET_KEYS=KEY
        )
        return done.returncode, done.stdout, done.stderr

    code, printed, problem = run("--team", "tierp", "--format", "json")
    assert (code, problem) == (0, "")
    data = json.loads(printed)
    counts = {(one["row"], one["of"]): one["total"] for one in data["counts"]}
    assert counts["persons_met", None] == 12
    assert data["page"] == {"kind": "team", "of": "tierp", "title": "Samverkansteam Tierp"}
    assert "Persons taken up at a meeting" in run("--municipality", "Tierp")[1]
    assert run("--association", "--format", "csv", "--out", str(tmp_path / "r.csv"))[0] == 0
    assert (tmp_path / "r.csv").read_bytes().startswith("\ufeff".encode())
    assert run("--format", "xlsx", "--out", str(tmp_path / "r.xlsx"))[0] == 0
    assert (tmp_path / "r.xlsx").read_bytes().startswith(b"PK")
    assert run("--format", "png", "--out", str(tmp_path / "charts"))[0] == 0
    assert {path.name for path in (tmp_path / "charts").iterdir()} == {"persons.png", "raised_by.png"}


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("--from", "2026-13", "--to", "2026-12"), "2026-13 is no month. Write for example 2026-09."),
        (("--from", "2026-02", "--to", "2026-01"), "The first month comes after the last."),
        (("--from", "2026-01", "--to", "2099-01"), "A report takes whole months that are over"),
        (("--from", "2026-01", "--to", "2026-02", "--format", "xlsx"), "xlsx needs a file: --out."),
        (("--from", "2026-01", "--to", "2026-02", "--team", "a", "--association"), "Choose only one"),
        (("--from", "2026-01", "--to", "2026-02", "--team", "a"), "There is no team"),
        (("--from", "2026-01", "--to", "2026-02", "--format", "json", "--out", "/no/r.json"), "/no/r.json: "),
    ],
)
def test_what_is_wrong_is_one_line(
    town: Rig, tmp_path: Path, arguments: tuple[str, ...], problem: str
) -> None:
    done = samtid("report", *arguments, folder=tmp_path, SAMTID_SECRET_KEYS=KEY)
    assert (done.returncode, done.stdout) == (2, "")
    assert problem in done.stderr
    assert done.stderr.count("\n") == 1
