"""The organisation comes back as it was saved, and what goes is retired."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from schedules.domain.organisation import Organisation, Person
from schedules.store.database import Database
from tests.support.examples import ALVKARLEBY, ORGANISATION, PARTIES, PEOPLE, TIERP

OTHER = replace(
    ORGANISATION,
    parties=tuple(reversed(PARTIES)),
    people=(replace(PEOPLE[0], name="Ny samordnare", slack=("U0002",)), replace(PEOPLE[1], slack=("U0001",))),
    teams=(
        replace(
            ALVKARLEBY,
            coordinator="p1",
            parties=(replace(ALVKARLEBY.parties[1], representatives=("p2", "p1")),),
        ),
    ),
)


def save(database: Database, organisation: Organisation) -> None:
    with database.unit_of_work() as unit:
        unit.organisation.save(organisation)
        unit.commit()


def load(database: Database) -> Organisation | None:
    with database.unit_of_work() as unit:
        return unit.organisation.load()


@pytest.fixture(autouse=True)
def _saved(database: Database) -> None:
    assert load(database) is None
    save(database, ORGANISATION)


@pytest.mark.parametrize(
    "steps", [[ORGANISATION], [OTHER], [OTHER, ORGANISATION]], ids=["same", "other", "back"]
)
def test_what_is_saved_is_loaded(database: Database, steps: list[Organisation]) -> None:
    """Also when parts were retired between, Slack identities changed hands, and the order is another."""
    assert load(database) == ORGANISATION
    for step in steps:
        save(database, step)
        assert load(database) == step


def test_the_applied_file_is_kept_apart(database: Database) -> None:
    with database.unit_of_work() as unit:
        assert unit.organisation.applied_file() is None
        unit.organisation.save_applied_file(OTHER)
        assert unit.organisation.applied_file() == OTHER
        assert unit.organisation.load() == ORGANISATION


def test_single_look_ups(database: Database) -> None:
    with database.unit_of_work() as unit:
        store = unit.organisation
        assert store.team("tierp") == TIERP
        assert store.team("nowhere") is None
        assert store.teams_of("kommun") == (TIERP, ALVKARLEBY)
        assert store.teams_of("vc") == (TIERP,)
        assert store.teams_led_by("p5") == (TIERP, ALVKARLEBY)
        assert store.teams_led_by("p2") == ()
        assert store.parties(["vc", "nowhere"]) == {"vc": PARTIES[3]}
        assert store.people(["p2", "p3"]) == {"p2": PEOPLE[1], "p3": PEOPLE[2]}
        assert store.person_by_slack("U0022") == PEOPLE[1]
        assert store.person_by_slack("U9") is None
        assert store.slack_groups() == {"S0001": "kommun"}
        assert store.association() == replace(ORGANISATION, parties=(), people=(), teams=())


def test_a_changed_team_is_seen_by_everybody_at_once(database: Database) -> None:
    """Teams are kept in memory; a save, but not one that is rolled back, makes them be read again."""
    changed = replace(TIERP, place="Online")
    with database.unit_of_work() as unit:
        assert unit.organisation.team("tierp") == TIERP
        unit.organisation.save(replace(ORGANISATION, teams=(changed, ALVKARLEBY)))
        assert unit.organisation.team("tierp") == changed
    with database.unit_of_work() as unit:
        assert unit.organisation.team("tierp") == TIERP
    save(database, replace(ORGANISATION, teams=(changed, ALVKARLEBY)))
    with database.unit_of_work() as unit:
        assert unit.organisation.team("tierp") == changed


def test_what_is_gone_is_retired(database: Database) -> None:
    """Old bookings still speak of it, but nobody acts by it."""
    save(database, OTHER)
    with database.unit_of_work() as unit:
        store = unit.organisation
        assert store.team("tierp") is None
        assert store.teams_of("kommun") == ()
        assert store.person_by_slack("U0004") is None
        assert store.people(["p4"])["p4"].name == "Rehabkoordinator"


def test_own_language_goes_before_the_files(database: Database) -> None:
    with database.unit_of_work() as unit:
        unit.organisation.set_language("p1", "en")
        unit.commit()
    save(database, OTHER)
    save(database, ORGANISATION)
    with database.unit_of_work() as unit:
        found = unit.organisation.person_by_slack("U0001")
        assert found == replace(PEOPLE[0], language="en")
        assert unit.organisation.load() == ORGANISATION


def member(user: str, party: str = "kommun", name: str = "Handläggare") -> Person:
    return Person(f"slack-{user}", party, name, slack=(user,))


def save_members(database: Database, party: str, *members: Person) -> None:
    with database.unit_of_work() as unit:
        unit.organisation.save_group_members(party, members)
        unit.commit()


def by_slack(database: Database, user: str) -> Person | None:
    with database.unit_of_work() as unit:
        return unit.organisation.person_by_slack(user)


def test_whose_mail_does_not_arrive_until_the_address_is_another(database: Database) -> None:
    with database.unit_of_work() as unit:
        unit.organisation.mark_bounced("p2", datetime(2026, 9, 1, tzinfo=UTC))
        unit.commit()
    with database.unit_of_work() as unit:
        assert unit.organisation.bounced(["p1", "p2"]).keys() == {"p2"}
        assert unit.organisation.bounced(["p1"]) == {}
        assert unit.organisation.bounced([]) == {}
    moved = tuple(replace(p, email="ny@fk.example") if p.id == "p2" else p for p in PEOPLE)
    save(database, replace(ORGANISATION, people=moved))
    with database.unit_of_work() as unit:
        assert unit.organisation.bounced(["p2"]) == {}


def test_members_of_a_user_group(database: Database) -> None:
    save_members(database, "kommun", member("U71"), member("U72"))
    save_members(database, "kommun", member("U72", name="Nytt namn"), member("U73"))
    assert by_slack(database, "U71") is None
    assert by_slack(database, "U72") == member("U72", name="Nytt namn")
    assert by_slack(database, "U73") == member("U73")
    assert load(database) == ORGANISATION
    save_members(database, "kommun", member("U71"))
    assert by_slack(database, "U71") == member("U71")
    save(database, OTHER)
    assert by_slack(database, "U71") == member("U71"), "an apply does not touch the group's people"


def test_people_of_the_file_win(database: Database) -> None:
    """Whether the group or the file knew them first."""
    save_members(database, "kommun", member("U0001"), member("U77"))
    assert by_slack(database, "U0001") == PEOPLE[0]
    with_77 = replace(ORGANISATION, people=(*PEOPLE, Person("p7", "kommun", "Ny", slack=("U77",))))
    save(database, with_77)
    assert by_slack(database, "U77") == with_77.people[-1]
    save_members(database, "kommun", member("U0001"), member("U77"))
    assert by_slack(database, "U77") == with_77.people[-1]
    assert load(database) == with_77


def test_a_member_of_two_groups_stays_with_the_first(database: Database) -> None:
    save_members(database, "kommun", member("U71"))
    save_members(database, "fk", member("U71", "fk"))
    assert by_slack(database, "U71") == member("U71")
    save_members(database, "kommun")
    save_members(database, "fk", member("U71", "fk"))
    assert by_slack(database, "U71") == member("U71", "fk")
