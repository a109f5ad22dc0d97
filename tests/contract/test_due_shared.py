"""Several processes share what is due: each team's rows go to one of them, and nobody waits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time, timedelta
from functools import partial

import pytest

from schedules.domain.cases import PersonTakesPart, QuestionCategory, Urgency
from schedules.domain.commands import SubmitReferral
from schedules.domain.organisation import MeetingSeries, Membership, Organisation, Party, Rules, Team
from schedules.errors import NotFound, SamtidError
from schedules.ports import Due, DueKind
from schedules.services.run_due import _HANDLERS, DONE, Ending, run_due
from schedules.services.submit_referral import submit_referral
from schedules.store.database import Database
from schedules.store.unit_of_work import SqlUnitOfWork
from tests.support.databases import SECRET_KEY
from tests.support.examples import NOW, ORGANISATION
from tests.support.plan_rows import rows
from tests.support.races import race
from tests.support.random_office import PARTIES, RandomOffice, office_on, people

LEASE = timedelta(minutes=10)
TEAMS = sorted(team.id for team in ORGANISATION.teams)
FIRST, SECOND = TEAMS
EACH = 3
MEETING = date(2026, 12, 8)


@contextmanager
def process(url: str, lock_wait: float = 1.5) -> Iterator[Database]:
    """A database as another process has it: with connections and a gate of its own."""
    opened = Database(url, [SECRET_KEY], lock_wait)
    yield opened
    opened.close()


@pytest.fixture
def owed(database: Database) -> Database:
    """Two teams, each with a few rows that are due."""
    with database.unit_of_work() as unit:
        unit.organisation.save(ORGANISATION)
        for team in TEAMS:
            for number in range(EACH):
                unit.due.plan(Due(f"{team}{number}", DueKind.MORNING, f"{team}{number}", team, NOW))
        unit.commit()
    return database


def claim(database: Database, owner: str, lease: timedelta = LEASE) -> list[str]:
    with database.unit_of_work() as unit:
        found = unit.due.claim(owner, NOW, lease)
        unit.commit()
    return [row.id for row in found]


def of(team: str) -> list[str]:
    return [f"{team}{number}" for number in range(EACH)]


def test_a_team_goes_to_one_of_them_and_whole(owed: Database) -> None:
    first, second = claim(owed, "one"), claim(owed, "two")
    assert [first, second] == [of(FIRST), of(SECOND)]
    assert claim(owed, "three") == []
    with owed.unit_of_work() as unit:
        # What comes due meanwhile waits for whoever has the team: its plan is changed by one at a time.
        unit.due.plan(Due("new", DueKind.AGENDA, "new", FIRST, NOW))
        unit.commit()
    assert claim(owed, "three") == []


def test_what_is_given_back_or_done_is_free(owed: Database) -> None:
    mine = claim(owed, "one")
    with owed.unit_of_work() as unit:
        unit.due.release("somebody else", mine)
        unit.commit()
    theirs = claim(owed, "two")
    assert set(mine).isdisjoint(theirs)
    with owed.unit_of_work() as unit:
        unit.due.release("one", mine)
        unit.commit()
    assert claim(owed, "two") == mine


def test_whoever_was_stopped_loses_the_team_when_the_lease_runs_out(owed: Database) -> None:
    mine = claim(owed, "stopped", lease=timedelta(seconds=-1))
    assert claim(owed, "another") == mine


def test_what_was_put_off_is_nobodys(owed: Database) -> None:
    mine = claim(owed, "one")
    with owed.unit_of_work() as unit:
        unit.due.plan(Due("again", DueKind.MORNING, mine[0], FIRST, NOW + LEASE))
        unit.due.release("one", mine[1:])
        later = unit.due.claim("two", NOW + LEASE, LEASE)
    assert [row.id for row in later] == [*mine[1:], mine[0]]


def test_a_team_whose_plan_is_being_changed_is_passed_over(owed: Database, database_url: str) -> None:
    """On SQLite the whole file is being changed: whoever asks gives up for now, and claims nothing."""
    with process(database_url, lock_wait=0.05) as other, owed.unit_of_work() as changing:
        changing.lock_teams([FIRST])
        try:
            got = claim(other, "other")
        except SamtidError:
            got = []
    assert got == ([] if database_url.startswith("sqlite") else of(SECOND))


def test_nothing_goes_to_two_that_ask_at_once(owed: Database, database_url: str) -> None:
    with process(database_url) as one, process(database_url) as other:
        for number in range(20):
            got = race([partial(everything, one, f"a{number}"), partial(everything, other, f"b{number}")])
            assert sorted([*got[0], *got[1]]) == of(FIRST) + of(SECOND)
            with one.unit_of_work() as unit:
                unit.due.release(f"a{number}", got[0])
                unit.due.release(f"b{number}", got[1])
                unit.commit()


def everything(database: Database, owner: str) -> list[str]:
    got: list[str] = []
    while more := claim(database, owner):
        got += more
        assert len(got) <= len(TEAMS) * EACH
    return got


def team(number: int) -> Team:
    """Meets once, at an hour of its own; what it proposes confirms itself."""
    name = f"t{number}"
    return Team(
        name,
        name,
        name.upper(),
        coordinator="a3",
        parties=(Membership("a", ("a0",)), Membership("b", ("b0", "b1")), Membership("c", ("c0",))),
        series=(MeetingSeries(MEETING, time(8 + number), 1, 30, MEETING, 2),),
        rules=Rules(lead_workdays=1, confirm_by_itself_workdays=1),
    )


@pytest.fixture
def offices(database_url: str) -> Iterator[tuple[RandomOffice, RandomOffice]]:
    """Two processes of the program, in the instant in which a case of each of eight teams is to be called."""
    teams = tuple(team(number) for number in range(8))
    organisation = Organisation(
        "Exempel", parties=tuple(Party(party, party) for party in PARTIES), people=people(), teams=teams
    )
    opened = office_on(database_url, organisation), office_on(database_url, organisation)
    for number, one in enumerate(teams):
        submit_referral(opened[0].office, referral(one.id, "b" if number % 2 else "c"))
    for each in opened:
        each.clock.at += timedelta(days=2)
    yield opened
    for each in opened:
        each.database.close()


def referral(team: str, party: str) -> SubmitReferral:
    return SubmitReferral(
        actor="a1",
        view_id=team,
        team=team,
        parties=(party,),
        consent_date=date(2026, 11, 20),
        categories=(QuestionCategory.CARE,),
        question="Hur kan stödet samordnas framåt?",
        person_takes_part=PersonTakesPart.NO,
        urgency=Urgency.ORDINARY,
    )


def test_two_that_tick_at_once_do_each_thing_once(offices: tuple[RandomOffice, RandomOffice]) -> None:
    one, other = offices
    reports = race([lambda: run_due(one.office), lambda: run_due(other.office)])
    reports.append(run_due(one.office))
    assert [report.failures for report in reports] == [(), (), ()]
    done = rows(one.database, "SELECT id, subject FROM due WHERE kind = 'call' AND note = 'called'")
    assert len(done) == 8
    every = rows(one.database, "SELECT id FROM due WHERE outcome != 'open'")
    assert sum(report.closed for report in reports) == len(every)
    sent = "SELECT booking, recipient FROM outbox WHERE channel = 'mail' AND kind = 'request'"
    called = [(row.booking, row.recipient) for row in rows(one.database, sent)]
    assert len(called) == len(set(called))
    assert {booking for booking, _ in called} == {row.subject for row in done}


def broken(_uow: SqlUnitOfWork, _office: object, _rows: object) -> list[object]:
    raise ZeroDivisionError


def test_an_unexpected_error_in_one_team_holds_no_other_up(
    offices: tuple[RandomOffice, RandomOffice], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its rows stay claimed for a while; the next tick goes on with the next team."""
    one, _ = offices
    with monkeypatch.context() as patched:
        patched.setitem(_HANDLERS, DueKind.CALL, broken)
        with pytest.raises(ZeroDivisionError):
            run_due(one.office)
    assert run_due(one.office).failures == ()
    left = rows(one.database, "SELECT team FROM due WHERE kind = 'call' AND outcome = 'open'")
    assert [row.team for row in left] == ["t0"]


def test_one_that_cannot_be_done_holds_up_none_of_its_kind(
    offices: tuple[RandomOffice, RandomOffice], monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are done in one transaction; where that fails, each in one of its own."""
    one, _ = offices
    with one.office.unit_of_work() as uow:
        for name in "abc":
            uow.due.plan(Due(name, DueKind.MORNING, name, "t0", one.clock.at))
        uow.commit()

    def handle(uow: SqlUnitOfWork, _office: object, due: tuple[Due, ...]) -> list[tuple[Due, Ending]]:
        uow.settings.set(f"said {due[0].id}", "once")
        if due[0].id == "b":
            raise NotFound
        return [(row, DONE) for row in due]

    monkeypatch.setitem(_HANDLERS, DueKind.MORNING, handle)
    assert run_due(one.office).failures == ("NotFound",)
    left = rows(one.database, "SELECT id, lease_owner FROM due WHERE length(id) = 1 AND outcome = 'open'")
    assert [tuple(row) for row in left] == [("b", None)]
    with one.office.unit_of_work() as uow:
        assert [uow.settings.get(f"said {name}") for name in "abc"] == ["once", None, "once"]
