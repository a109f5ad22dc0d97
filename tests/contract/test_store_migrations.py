"""The schema comes from the migrations, and they say all that the tables say."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from cryptography.fernet import Fernet

from schedules.domain.cases import Seal
from schedules.errors import SamtidError
from schedules.ports import Channel
from schedules.store.database import Database
from schedules.store.encryption import MissingKeys, WrongKeys
from schedules.store.migration import configuration
from schedules.store.tables import METADATA
from tests.support.databases import SECRET_KEY

NOW = datetime(2026, 9, 1, 8, tzinfo=UTC)


def test_upgrade_from_nothing(
    empty_database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The folder is made, the working directory does not matter, and a second upgrade changes nothing."""
    monkeypatch.chdir(tmp_path)
    database = Database(empty_database_url, [SECRET_KEY])
    assert not database.is_current()
    database.migrate()
    database.migrate()
    assert database.is_current()
    database.close()


def test_migrations_say_what_the_tables_say(database: Database) -> None:
    """What `alembic check` asks."""
    with database._engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, METADATA) == []


def test_partial_indexes_are_partial(database: Database) -> None:
    """Alembic does not compare the conditions of indexes, so they are looked at here."""
    inspector = sa.inspect(database._engine)
    dialect = database._engine.dialect.name
    indexes = {index["name"]: index for index in inspector.get_indexes("booking")}
    for name in ("uq_booking_live_slot", "uq_booking_live_referral"):
        assert indexes[name]["unique"]
        condition = str(indexes[name]["dialect_options"][f"{dialect}_where"])
        assert "proposed" in condition
        assert "booked" in condition
        assert "cancelled" not in condition


def test_wrong_keys_are_named_at_the_start(database_url: str) -> None:
    database = Database(database_url, [Fernet.generate_key().decode()])
    with pytest.raises(WrongKeys, match="SAMTID_SECRET_KEYS"):
        database.migrate()
    database.close()


@pytest.mark.parametrize("keys", [[], [""], ["no key"]])
def test_missing_keys_are_named(keys: list[str], tmp_path: Path) -> None:
    with pytest.raises(MissingKeys, match="SAMTID_SECRET_KEYS"):
        Database(f"sqlite:///{tmp_path}/samtid.db", keys)


@pytest.mark.parametrize("url", ["mysql://localhost/samtid", "sqlite://"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(SamtidError, match="SAMTID_DATABASE_URL"):
        Database(url, [SECRET_KEY])


def test_data_of_the_version_before_are_read_after_the_upgrade(empty_database_url: str) -> None:
    """A person and a waiting mail written under 0001 are there, and may be used, under the newest."""
    database = Database(empty_database_url, [SECRET_KEY])
    with database._engine.connect() as connection, connection.begin():
        command.upgrade(configuration(connection), "0001")
        old = sa.MetaData()
        old.reflect(connection)
        party = {"id": "fk", "association_id": "a", "name": "FK", "kind": "other", "position": 0}
        connection.execute(old.tables["party"].insert().values(**party))
        person = {"id": "pa", "association_id": "a", "party": "fk", "name": "Pa", "email": "pa@fk.example"}
        connection.execute(old.tables["person"].insert().values(**person, source="file", position=0))
        letter = {"id": "l", "stream": "s", "position": 1, "channel": "mail", "kind": "request"}
        rest = {"recipient": "pa@fk.example", "payload": "{}", "not_before": NOW, "created_at": NOW}
        state = {"status": "pending", "attempts": 0, "failures": 0, "outcome_unknown": False}
        connection.execute(old.tables["outbox"].insert().values(**letter, **rest, **state))
        connection.execute(old.tables["team"].insert().values(**_old_team()))
    database.migrate()
    with database.unit_of_work() as unit:
        team = unit.organisation.team("tierp")
        assert team is not None
        assert team.rules.confirms_by_itself, "as it was before there was a choice"
        assert unit.outbox.failed(["tierp"]) == ()
        found = unit.organisation.person_by_address("pa@fk.example")
    assert found is not None
    assert [row.id for row in database.outbox.claim([Channel.MAIL], NOW, 5, timedelta(minutes=1))] == ["l"]
    database.close()


def test_seats_and_people_from_before_declines_are_used_after_the_upgrade(empty_database_url: str) -> None:
    """Under 0002 nobody stood in, and everybody answered each call."""
    database = Database(empty_database_url, [SECRET_KEY])
    with database._engine.connect() as connection, connection.begin():
        command.upgrade(configuration(connection), "0002")
        old = sa.MetaData()
        old.reflect(connection)
        party = {"id": "fk", "association_id": "a", "name": "FK", "kind": "other", "position": 0}
        connection.execute(old.tables["party"].insert().values(**party))
        person = {"id": "pa", "association_id": "a", "party": "fk", "name": "Pa", "email": "pa@fk.example"}
        connection.execute(old.tables["person"].insert().values(**person, source="file", position=0))
    database.migrate()
    with database.unit_of_work() as unit:
        assert not unit.organisation.people(["pa"])["pa"].comes_unless_declined
        assert unit.organisation.parties(["fk"])["fk"].contact is None
        unit.organisation.set_comes_unless_declined("pa", comes=True)
        unit.commit()
    with database.unit_of_work() as unit:
        assert unit.organisation.people(["pa"])["pa"].comes_unless_declined
    database.close()


def _old_team() -> dict[str, object]:
    """A team as 0001 has it."""
    words = {"id": "tierp", "association_id": "a", "revision": "1", "name": "Tierp", "municipality": "Tierp"}
    more = {"reference_prefix": "TIE", "coordinator": "pa", "place": "Rum 4", "answers": "required"}
    spans = ("lead_workdays", "urgent_lead_workdays", "agenda_workdays", "confirm_by_itself_workdays")
    return {
        **words,
        **more,
        **dict.fromkeys(spans, 1),
        "coordinator_confirms": True,
        "invite_delay_minutes": 10,
        "position": 0,
    }


def test_teams_and_meetings_of_the_version_before_are_read_after_the_upgrade(empty_database_url: str) -> None:
    """Written under 0002: the channel is told of free times, and no meeting has been moved by hand."""
    database = Database(empty_database_url, [SECRET_KEY])
    with database._engine.connect() as connection, connection.begin():
        command.upgrade(configuration(connection), "0002")
        old = sa.MetaData()
        old.reflect(connection)
        for table, row in OF_0002.items():
            connection.execute(old.tables[table].insert().values(**row))
    database.migrate()
    with database.unit_of_work() as unit:
        team, meeting = unit.organisation.team("tierp"), unit.plan.meeting("m")
    assert team is not None
    assert team.rules.free_times_posts
    assert team.rules.pulse
    assert meeting is not None
    assert meeting.scheduled_at is None
    database.close()


def test_a_case_of_the_version_before_blocking_is_open_and_can_be_blocked(empty_database_url: str) -> None:
    """Written under 0008, when nobody could block a case."""
    database = Database(empty_database_url, [SECRET_KEY])
    with database._engine.connect() as connection, connection.begin():
        command.upgrade(configuration(connection), "0008_meeting_day")
        old = sa.MetaData()
        old.reflect(connection)
        for table in ("party", "person", "team"):
            connection.execute(old.tables[table].insert().values(**OF_0002[table]))
        case = {"id": "c", "association_id": "a", "team": "tierp", "reference": "TIE-2026-001"}
        rest = {"party": "fk", "owner": "pa", "created_at": NOW, "data_key": "wrapped"}
        connection.execute(old.tables["case_record"].insert().values(**case, **rest))
    database.migrate()
    with database.unit_of_work() as unit:
        (found,) = unit.cases.by_reference("TIE-2026-001")
        assert (found.id, found.seal) == ("c", None)
        unit.cases.block("c", NOW)
        unit.cases.block("c", NOW + timedelta(days=1))
        unit.commit()
    with database.unit_of_work() as unit:
        blocked = unit.cases.case("c")
    assert blocked is not None
    assert (blocked.seal, blocked.blocked_at) == (Seal.BLOCKED, NOW), "blocked once is blocked"
    database.close()


OF_0002: dict[str, dict[str, object]] = {
    "party": {"id": "fk", "association_id": "a", "name": "FK", "kind": "other", "position": 0},
    "person": {
        "id": "pa",
        "association_id": "a",
        "party": "fk",
        "name": "Pa",
        "source": "file",
        "position": 0,
    },
    "team": {
        "id": "tierp",
        "association_id": "a",
        "revision": "1",
        "name": "Tierp",
        "reference_prefix": "TIE",
        "municipality": "Tierp",
        "coordinator": "pa",
        "place": "Rum 4",
        "lead_workdays": 7,
        "urgent_lead_workdays": 1,
        "agenda_workdays": 5,
        "coordinator_confirms": True,
        "confirm_by_itself_workdays": 1,
        "invite_delay_minutes": 10,
        "answers": "required",
        "position": 0,
    },
    "meeting": {
        "id": "m",
        "team": "tierp",
        "day": NOW.date(),
        "start": time(13),
        "end": time(15),
        "starts_at": NOW,
        "ends_at": NOW + timedelta(hours=2),
        "place": "Rum 4",
        "status": "planned",
        "series_anchor": NOW.date(),
        "series_weeks": 2,
        "occurrence": 0,
    },
}
