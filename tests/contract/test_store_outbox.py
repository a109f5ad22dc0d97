"""The outbox: nothing twice, every stream in order, what is pointless not at all (promise 3)."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from schedules.errors import LockTimeout
from schedules.ports import Channel, Letter, OutboxRow, Standing
from schedules.store.database import Database
from schedules.store.tables import LETTER
from tests.support.databases import SECRET_KEY
from tests.support.examples import NOW, ORGANISATION, a_meeting
from tests.support.races import race

MINUTE = timedelta(minutes=1)
BOTH = (Channel.MAIL, Channel.CHAT)


def letter(
    kind: str = "request",
    stream: str = "s1",
    *,
    replaces: tuple[str, ...] = (),
    needs_sent: tuple[str, ...] = (),
    not_before: datetime = NOW,
    expires_at: datetime | None = None,
    channel: Channel = Channel.MAIL,
    meeting: str | None = None,
) -> Letter:
    return Letter(
        stream=stream,
        channel=channel,
        kind=kind,
        recipient="pa@fk.example",
        payload=f"{{{kind}}}",
        not_before=not_before,
        meeting=meeting,
        replaces=replaces,
        needs_sent=needs_sent,
        expires_at=expires_at,
    )


def write(database: Database, *letters: Letter) -> list[str | None]:
    with database.unit_of_work() as unit:
        ids = [unit.outbox.add(one, NOW) for one in letters]
        unit.commit()
    return ids


def claim(
    database: Database, due: datetime = NOW, limit: int = 10, lease: timedelta = MINUTE
) -> list[OutboxRow]:
    return database.outbox.claim(BOTH, due, limit, lease)


def kinds(rows: Sequence[OutboxRow]) -> list[str]:
    return [row.kind for row in rows]


def stored(database: Database, row: str | None) -> sa.Row[tuple[object, ...]]:
    with database._engine.connect() as connection:
        return connection.execute(sa.select(LETTER).where(LETTER.c.id == row)).one()


def test_a_row_as_it_is_claimed(database: Database) -> None:
    (written,) = write(database, letter())
    assert claim(database) == [
        OutboxRow(
            id=str(written),
            stream="s1",
            position=1,
            channel=Channel.MAIL,
            kind="request",
            recipient="pa@fk.example",
            payload="{request}",
            attempts=1,
            outcome_unknown=False,
            previous_ref=None,
        )
    ]
    assert claim(database) == []


def test_only_what_is_due_on_the_channels_asked_for(database: Database) -> None:
    write(
        database,
        letter("later", "s1", not_before=NOW + MINUTE),
        letter("chat", "s2", channel=Channel.CHAT),
        letter("mail", "s3"),
    )
    assert kinds(database.outbox.claim([Channel.MAIL], NOW, 10, MINUTE)) == ["mail"]
    assert kinds(claim(database)) == ["chat"]
    assert kinds(claim(database, NOW + MINUTE)) == ["later"]


def test_oldest_first_and_no_more_than_asked_for(database: Database) -> None:
    write(database, *(letter(f"k{n}", f"s{n}", not_before=NOW - n * MINUTE) for n in range(5)))
    assert kinds(claim(database, limit=2)) == ["k4", "k3"]


def test_a_stream_goes_in_order(database: Database) -> None:
    """A CANCEL never overtakes its REQUEST, not even one that waits for another try."""
    write(database, letter("request"), letter("cancel", needs_sent=("request",)), letter("other", "s2"))
    rows = sorted(claim(database), key=lambda row: row.stream)
    assert kinds(rows) == ["request", "other"]
    assert claim(database) == []
    database.outbox.mark_retry(rows[0], "greylisted", NOW + MINUTE, counted=True, outcome_unknown=False)
    assert claim(database) == []
    (again,) = claim(database, NOW + MINUTE)
    assert (again.kind, again.attempts, again.outcome_unknown) == ("request", 2, False)
    database.outbox.mark_sent(again, "<id-1>", NOW)
    (cancel,) = claim(database)
    assert (cancel.kind, cancel.position, cancel.previous_ref) == ("cancel", 2, "<id-1>")


def test_a_row_that_failed_lets_the_next_go(database: Database) -> None:
    ids = write(database, letter("request"), letter("update"))
    (first,) = claim(database)
    database.outbox.mark_failed(first, "550", NOW, outcome_unknown=False)
    assert (stored(database, ids[0]).status, stored(database, ids[0]).reason) == ("failed", "550")
    assert kinds(claim(database)) == ["update"]


def test_the_last_ref_of_the_stream_is_given(database: Database) -> None:
    write(database, letter("card"), letter("silent"), letter("pointer"))
    for ref in ("ts-1", None):
        (row,) = claim(database)
        database.outbox.mark_sent(row, ref, NOW)
    assert [row.previous_ref for row in claim(database)] == ["ts-1"]


def test_a_mark_says_whether_the_following_row_may_be_sent(database: Database) -> None:
    write(database, letter("a", "s1"), letter("b", "s2"), letter("c", "s3", expires_at=NOW))
    a, b, c = sorted(claim(database), key=lambda row: row.kind)
    assert not database.outbox.mark_sent(a, None, NOW)
    assert database.outbox.mark_sent(a, None, NOW, b)
    assert not database.outbox.mark_sent(a, None, NOW, c), "it has expired"
    assert not database.outbox.mark_sent(a, None, NOW, a), "it has left"
    write(database, letter("d", "s4"))
    (lost,) = claim(database, lease=timedelta(seconds=-1))
    assert not database.outbox.mark_sent(b, None, NOW, lost)


def test_what_has_left_has_left_although_the_lease_ran_out(database: Database) -> None:
    """Whoever has taken the row over by then finds that it is no longer theirs to send."""
    (written,) = write(database, letter())
    (late,) = claim(database, lease=timedelta(seconds=-1))
    (taken,) = claim(database)
    database.outbox.mark_sent(late, "ts-1", NOW)
    assert stored(database, written).status == "sent"
    assert database.outbox.standing(taken, NOW) is Standing.LOST


def test_an_expired_lease_is_taken_over_with_outcome_unknown(database: Database) -> None:
    """The process stopped within the call; it can no longer put the row back."""
    (written,) = write(database, letter())
    (lost,) = claim(database, lease=timedelta(seconds=-1))
    assert database.outbox.standing(lost, NOW) is Standing.LOST
    (taken,) = claim(database)
    assert (taken.attempts, taken.outcome_unknown) == (2, True)
    assert database.outbox.standing(taken, NOW) is Standing.READY
    assert database.outbox.standing(lost, NOW) is Standing.LOST
    database.outbox.mark_retry(lost, "late", NOW, counted=True, outcome_unknown=False)
    assert stored(database, written).status == "claimed"
    database.outbox.mark_retry(taken, "refused", NOW, counted=True, outcome_unknown=False)
    assert claim(database)[0].outcome_unknown, "once unknown, always unknown"


def test_another_process_does_not_hold_our_lease(database: Database, database_url: str) -> None:
    write(database, letter())
    (row,) = claim(database)
    other = Database(database_url, [SECRET_KEY])
    assert other.outbox.standing(row, NOW) is Standing.LOST
    other.outbox.mark_failed(row, "not mine", NOW, outcome_unknown=False)
    assert database.outbox.standing(row, NOW) is Standing.READY
    other.close()


def test_what_is_replaced_before_it_was_claimed_never_leaves(database: Database) -> None:
    ids = write(database, letter("request"), letter("update", replaces=("request", "update")))
    assert stored(database, ids[0]).status == "superseded"
    assert kinds(claim(database)) == ["update"]


def test_what_was_claimed_once_is_not_replaced(database: Database) -> None:
    write(database, letter("request"))
    (row,) = claim(database)
    write(database, letter("update", replaces=("request",)))
    assert database.outbox.standing(row, NOW) is Standing.READY
    database.outbox.mark_retry(row, "busy", NOW, counted=True, outcome_unknown=True)
    write(database, letter("update2", replaces=("request", "update")))
    (row,) = claim(database)
    assert row.kind == "request"
    database.outbox.mark_sent(row, None, NOW)
    assert kinds(claim(database)) == ["update2"]


CANCEL = letter("cancel", replaces=("request",), needs_sent=("request",))


def test_a_cancel_without_a_request_that_can_have_left_is_skipped(database: Database) -> None:
    assert write(database, CANCEL) == [None]
    ids = write(database, letter("request"), CANCEL)
    assert ids[1] is None
    assert stored(database, ids[0]).status == "superseded"
    assert claim(database) == []


def test_a_request_whose_cancel_was_skipped_is_not_claimed_before_that_is_committed(
    database: Database, database_url: str
) -> None:
    """Else the entry would stay in the calendar: it was decided that the REQUEST had not left (promise 3)."""
    write(database, letter("request"))
    other = Database(database_url, [SECRET_KEY], lock_wait=0.05)
    with database.unit_of_work() as unit:
        assert unit.outbox.add(CANCEL, NOW) is None
        with suppress(LockTimeout):  # on SQLite only one writes at a time
            assert claim(other) == []
        unit.commit()
    assert claim(other) == []
    other.close()


@pytest.mark.parametrize("end", ["claimed", "sent", "retry", "failed"])
def test_a_cancel_after_a_request_that_may_have_left_is_kept(database: Database, end: str) -> None:
    write(database, letter("request"))
    (row,) = claim(database)
    if end == "sent":
        database.outbox.mark_sent(row, None, NOW)
    elif end == "retry":
        database.outbox.mark_retry(row, "timeout", NOW, counted=True, outcome_unknown=True)
    elif end == "failed":
        database.outbox.mark_failed(row, "timeout", NOW, outcome_unknown=False)
    assert write(database, CANCEL) != [None]


def test_a_request_that_will_leave_keeps_its_cancel(database: Database) -> None:
    """Nothing replaced it, so it goes out first."""
    assert write(database, letter("request"), letter("cancel", needs_sent=("request",)))[1] is not None


def test_what_has_expired_is_dropped(database: Database) -> None:
    """A reminder whose meeting has passed; and what hangs on it was never needed."""
    (written,) = write(database, letter("request", expires_at=NOW))
    (row,) = claim(database)
    assert database.outbox.standing(row, NOW - MINUTE) is Standing.READY
    assert database.outbox.standing(row, NOW) is Standing.POINTLESS
    assert database.outbox.standing(row, NOW - MINUTE) is Standing.POINTLESS, "dropped is final"
    assert stored(database, written).status == "dropped"
    assert write(database, CANCEL) == [None]


def test_what_corrects_an_entry_never_expires(database: Database) -> None:
    """A time moved while the mail server was away: the entry must not stay at the old time (promise 4)."""
    correction = replace(letter("request", replaces=("request",), expires_at=NOW), corrects=("request",))
    (first,) = write(database, correction)
    (row,) = claim(database)
    assert stored(database, first).expires_at is not None, "there was nothing to correct"
    database.outbox.mark_retry(row, "timeout", NOW, counted=True, outcome_unknown=True)
    (second,) = write(database, correction)
    assert stored(database, second).expires_at is None
    for one in (first, second):
        (row,) = claim(database)
        assert row.id == one
        assert database.outbox.standing(row, NOW - MINUTE) is Standing.READY
        database.outbox.mark_sent(row, None, NOW)


def test_what_follows_what_waits_expires_with_it(database: Database) -> None:
    """The same time with other words: what has not left need not be corrected, and leaves first."""
    follows = replace(letter("request", expires_at=NOW), corrects=("request",))
    written = write(database, letter("request", expires_at=NOW), follows)
    assert [stored(database, str(one)).expires_at is None for one in written] == [False, False]
    (row,) = claim(database)
    assert row.id == written[0]


def test_what_is_rolled_back_is_not_sent(database: Database) -> None:
    with database.unit_of_work() as unit:
        unit.outbox.add(letter(), NOW)
    assert claim(database) == []


def test_failed_rows_are_shown_to_their_teams(database: Database) -> None:
    with database.unit_of_work() as unit:
        unit.organisation.save(ORGANISATION)
        for team in ("tierp", "alvkarleby"):
            meeting = a_meeting(team=team)
            unit.plan.save_meeting(meeting)
            unit.outbox.add(letter(stream=team, meeting=meeting.id), NOW)
        unit.commit()
    for row in claim(database):
        database.outbox.mark_failed(row, "550", NOW, outcome_unknown=False)
    with database.unit_of_work() as unit:
        (failed,) = unit.outbox.failed(["tierp"])
        assert (failed.channel, failed.recipient) == ("mail", "pa@fk.example")
        assert len(unit.outbox.failed(["tierp", "alvkarleby"])) == 2


def work(database: Database) -> list[OutboxRow]:
    """What a process sends until nothing is left for it."""
    sent: list[OutboxRow] = []
    while rows := database.outbox.claim(BOTH, NOW, 5, MINUTE):
        for row in rows:
            assert database.outbox.standing(row, NOW) is Standing.READY
            sent.append(row)
            database.outbox.mark_sent(row, row.id, NOW)
    return sent


@pytest.mark.parametrize("processes", [3])
def test_several_processes_send_nothing_twice_and_every_stream_in_order(
    database: Database, database_url: str, processes: int
) -> None:
    """Each with its own engine, as processes have; `sent` within one is in order, and refs link the rest."""
    write(database, *(letter(f"k{n}", f"s{n % 40}") for n in range(200)))
    others = [Database(database_url, [SECRET_KEY], lock_wait=30) for _ in range(processes)]
    sent = [row for rows in race([partial(work, other) for other in others]) for row in rows]
    sent += work(database)
    assert len(sent) == len({row.id for row in sent}) == 200
    streams: dict[str, list[OutboxRow]] = defaultdict(list)
    for row in sorted(sent, key=lambda row: row.position):
        streams[row.stream].append(row)
    for rows in streams.values():
        assert [row.position for row in rows] == [1, 2, 3, 4, 5]
        # Each was claimed when the one before had been sent, never earlier.
        assert [row.previous_ref for row in rows] == [None, *(row.id for row in rows[:-1])]
    for other in others:
        other.close()


def test_what_the_stream_says_already_is_no_news(database: Database) -> None:
    """Nor is what will leave; what was superseded was never said."""
    first = letter(kind="card")
    assert write(database, first)[0] is not None
    assert write(database, replace(first, kind="card_edit", only_news=True)) == [None]
    other = replace(first, kind="card_edit", payload="other", only_news=True)
    assert write(database, other)[0] is not None
    assert write(database, other) == [None]
    back = replace(first, kind="card_edit", replaces=("card_edit",), only_news=True)
    assert write(database, back)[0] is not None
    assert write(database, back) == [None]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_sqlite_plans_each_statement_once(database: Database) -> None:
    """What it compares with a bound term where a partial index may serve, it would plan anew each time."""
    planned: list[str] = []

    def note(action: int, about: str | None, *_: object) -> int:
        if action != sqlite3.SQLITE_TRANSACTION:
            planned.append(f"{action} {about}")
        return sqlite3.SQLITE_OK

    def once(stream: str) -> None:
        write(database, letter("card", stream, channel=Channel.CHAT))
        write(database, letter("card", stream, channel=Channel.CHAT, replaces=("card",)))
        (row,) = claim(database)
        assert database.outbox.standing(row, NOW) is Standing.READY
        database.outbox.mark_sent(row, "{}", NOW)
        edit = replace(letter("card_edit", stream, channel=Channel.CHAT), only_news=True)
        write(database, replace(edit, payload="{other}", needs_sent=("card",)))
        (row,) = claim(database)
        database.outbox.mark_retry(row, "busy", NOW, counted=True, outcome_unknown=False)
        (row,) = claim(database)
        database.outbox.mark_failed(row, "gone", NOW, outcome_unknown=False)

    driver = database._engine.raw_connection()
    driver.driver_connection.set_authorizer(note)  # type: ignore[union-attr]  # the driver's own
    driver.close()
    once("s1")
    assert planned
    planned.clear()
    once("s2")
    assert planned == []
