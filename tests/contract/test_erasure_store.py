"""How erasure finds rows: by foreign keys, by index, and in the file itself."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command

from schedules.ports import Channel
from schedules.services.erase_case import erase_case, scrub_owed
from schedules.services.erase_messages import ERASE, REWRITE
from schedules.store.database import Database
from schedules.store.erased_letters import naming
from schedules.store.migration import configuration
from schedules.store.owned_rows import SECRETS, owned_ids, owned_tables
from schedules.store.tables import METADATA
from tests.support.databases import SECRET_KEY
from tests.support.erasing import DECISION, Archive, archive_on, bytes_of, ids_of, secrets_of

KEPT = {
    # Seen to by name.
    "audit": "stays for its years",
    "due": "by its subject",
    "fact_link": "by its subject",
    "incoming": "by the booking's UID",
    "outbox": "by what its message names",
    # De-identified (docs/figures.md).
    **dict.fromkeys(
        ("fact_call", "fact_case", "fact_follow_up", "fact_meeting", "fact_outcome", "fact_referral"),
        "leads to no case",
    ),
    "erased_report": "a number a meeting",
    "report_shown": "counts",
    "report_closed": "counts",
    "opinion_asked": "that somebody was asked their opinion of the work together",
    "opinion_count": "counts",
    "survey": "questions",
    "reference_counter": "a number",
    "form_choice": "digests that lead nowhere",
    # The organisation and its meetings.
    **dict.fromkeys(
        (
            "absence",
            "association",
            "closure",
            "coordinator_deputy",
            "handover",
            "meeting",
            "membership",
            "party",
            "person",
            "person_identity",
            "representative",
            "series",
            "slot",
            "team",
        ),
        "the organisation",
    ),
    "secret": "keys of the database",
    "setting": "names no case",
}


@pytest.fixture
def archive(database_url: str) -> Iterator[Archive]:
    opened = archive_on(database_url)
    yield opened
    opened.database.close()


def test_of_every_table_is_known_what_erasure_does_with_it() -> None:
    """A new table that does not lead to a case by foreign keys has to be thought about here."""
    owned = {one.table.name for one in owned_tables()}
    assert owned & KEPT.keys() == set()
    assert owned | KEPT.keys() == set(METADATA.tables)


def test_each_column_of_protected_fields_is_in_a_table_that_goes() -> None:
    owned = {one.table.name for one in owned_tables()}
    found = {t.name for t in METADATA.tables.values() if set(SECRETS) & set(t.c.keys())}
    assert found <= owned
    assert found == {"case_record", "referral", "case_report"}


def test_the_messages_of_a_case_are_found_by_index(archive: Archive) -> None:
    reference = archive.raise_case()
    transaction = archive.database._transaction()
    with archive.it.office.unit_of_work() as uow:
        (case,) = uow.erasure.find(reference)
    statement = naming(transaction.dialect, case, owned_ids(transaction, case.id))
    transaction.close()
    engine = archive.database._engine
    explain = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SET enable_seqscan = off")
        compiled = statement.compile(engine, compile_kwargs={"literal_binds": True})
        plan = "\n".join(
            str(row) for row in connection.exec_driver_sql(explain + str(compiled).replace("%", "%%"))
        )
    assert {"ix_outbox_meeting", "ix_outbox_referral", "ix_outbox_alone"} <= {
        word.strip("'(),") for word in plan.split()
    }
    assert "SCAN outbox" not in plan
    assert "Seq Scan on outbox" not in plan


def test_a_message_that_could_not_be_deleted_is_counted(archive: Archive) -> None:
    """For `samtid doctor`: no meeting and no case is left by which a coordinator would hear of it."""
    reference = archive.raise_case()
    archive.end_all()
    archive.decide()
    erasing = erase_case(archive.it.office, reference, DECISION, "command line")
    outbox, now = archive.database.outbox, archive.it.clock.now()
    for row in outbox.claim([Channel.CHAT], now, 100, timedelta(minutes=1)):
        outbox.mark_failed(row, "slack_invalid_auth", now, outcome_unknown=False)
    with archive.it.office.unit_of_work() as uow:
        assert uow.erasure.undeleted((ERASE, REWRITE)) == erasing.deleted > 0


def test_copies_that_an_earlier_version_left_in_the_file_go_too(
    tmp_path: Path, sqlite_template: Path
) -> None:
    """Before secure_delete was set on every connection, what was replaced stayed in the file."""
    archive = _on_sqlite(tmp_path, sqlite_template)
    reference = archive.raise_case()
    archive.end_all()
    old = secrets_of(archive.database, reference)[1]
    earlier = sqlite3.connect(str(archive.database._engine.url.database))
    earlier.execute("PRAGMA secure_delete=OFF")
    # Enough of them that not all is written over again by chance.
    many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)"
    earlier.execute(f"CREATE TABLE page AS {many} SELECT protected FROM referral, n")
    earlier.execute("UPDATE referral SET protected = 'written anew'")
    earlier.execute("DROP TABLE page")
    earlier.commit()
    earlier.close()
    with archive.database._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    assert old in bytes_of(archive.database)
    archive.decide()
    erase_case(archive.it.office, reference, DECISION, "command line")
    assert scrub_owed(archive.it.office, archive.database.scrub)
    assert old not in bytes_of(archive.database)
    archive.database.close()


def test_what_is_replaced_is_overwritten_on_every_connection(tmp_path: Path, sqlite_template: Path) -> None:
    archive = _on_sqlite(tmp_path, sqlite_template)
    engine = archive.database._engine
    with engine.connect() as one, engine.connect() as other:
        for connection in (one, other):
            assert connection.exec_driver_sql("PRAGMA secure_delete").scalar_one() == 1
    archive.database.close()


def _on_sqlite(folder: Path, template: Path) -> Archive:
    path = folder / "samtid.db"
    shutil.copyfile(template, path)
    return archive_on(f"sqlite:///{path}")


def test_a_case_of_the_version_before_is_erased_after_the_upgrade(empty_database_url: str) -> None:
    """Written under 0008: its audit rows name no case, and its messages were never indexed."""
    database = Database(empty_database_url, [SECRET_KEY])
    with database._engine.connect() as connection, connection.begin():
        command.upgrade(configuration(connection), "0008_meeting_day")
        old = sa.MetaData()
        old.reflect(connection)
        for table, row in OF_0008:
            connection.execute(old.tables[table].insert().values(**row))
    database.migrate()
    with database.unit_of_work() as unit:
        (case,) = unit.erasure.find("TIE-2026-001")
        assert not case.running
        assert [letter.id for letter in unit.erasure.letters(case)] == ["l1", "l2"]
        unit.erasure.destroy_letters(("l1", "l2"), {})
        unit.erasure.destroy(case)
        unit.commit()
    with database._engine.connect() as connection:
        (line,) = connection.execute(sa.text("SELECT subject, reference FROM audit")).all()
        assert tuple(line) == ("r1", "TIE-2026-001")
        for table in ("case_record", "referral", "outbox"):
            assert connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one() == 0
    assert ids_of(database, "TIE-2026-001") == ["TIE-2026-001"]
    database.close()


AT = datetime(2026, 9, 1, 8, tzinfo=UTC)
_WORDS = dict.fromkeys(("name", "municipality", "reference_prefix", "place"), "TIE")
_SPANS = dict.fromkeys(
    ("lead_workdays", "urgent_lead_workdays", "agenda_workdays", "confirm_by_itself_workdays"), 1
)
_TEAM = {"coordinator_confirms": True, "invite_delay_minutes": 10, "answers": "required", "position": 0}
_LETTER = {
    "stream": "s",
    "channel": "chat",
    "kind": "post",
    "recipient": "U1",
    "payload": '{"text":"TIE-2026-001","sections":[],"context":null,"pointer":null}',
    "not_before": AT,
    "created_at": AT,
    "status": "sent",
    "attempts": 1,
    "failures": 0,
    "outcome_unknown": False,
}
OF_0008: tuple[tuple[str, dict[str, object]], ...] = (
    ("party", {"id": "fk", "association_id": "a", "name": "FK", "kind": "other", "position": 0}),
    (
        "person",
        {"id": "pa", "association_id": "a", "party": "fk", "name": "Pa", "source": "file", "position": 0},
    ),
    (
        "team",
        {
            "id": "tierp",
            "association_id": "a",
            "revision": "1",
            "coordinator": "pa",
            **_WORDS,
            **_SPANS,
            **_TEAM,
        },
    ),
    (
        "case_record",
        {
            "id": "c1",
            "association_id": "a",
            "team": "tierp",
            "reference": "TIE-2026-001",
            "party": "fk",
            "owner": "pa",
            "created_at": AT,
            "data_key": "k",
        },
    ),
    (
        "referral",
        {
            "id": "r1",
            "case": "c1",
            "team": "tierp",
            "referrer": "pa",
            "owner": "pa",
            "status": "revoked",
            "parties": ["fk"],
            "categories": [],
            "flags": [],
            "person_takes_part": "no",
            "urgency": "ordinary",
            "submitted_at": AT,
            "protected": "p",
        },
    ),
    ("audit", {"association_id": "a", "actor": "pa", "action": "referral.submit", "subject": "r1", "at": AT}),
    ("outbox", {"id": "l1", "position": 1, "referral": "r1", **_LETTER}),
    ("outbox", {"id": "l2", "position": 2, **_LETTER}),
)
