"""Cases and referrals: found again, encrypted, and their keys rotated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from schedules.domain.cases import Gender, Protected, ReferralStatus, Support, Urgency
from schedules.errors import Outdated
from schedules.store.database import Database
from schedules.store.encryption import WrongKeys
from schedules.store.tables import METADATA
from schedules.store.unit_of_work import SqlUnitOfWork
from tests.support.databases import SECRET_KEY
from tests.support.examples import NOW, ORGANISATION, TIERP, a_referral, protected, store_referral

FULL = protected(
    "kanariefråga",
    urgency_reason="kanarieskäl",
    own_reference="KANARIE-77/1",
    gender=Gender.WOMAN,
    birth_year=1987,
    sick_leave_start=date(2026, 6, 1),
    needs="kanariebehov",
    known_to=("fk", "vc"),
    support=Support.SICKNESS_BENEFIT,
    return_reason="kanarieretur",
)


@pytest.fixture
def unit(database: Database) -> Iterator[SqlUnitOfWork]:
    with database.unit_of_work() as unit:
        unit.organisation.save(ORGANISATION)
        unit.commit()
        unit.lock_teams(["tierp"])
        yield unit


def test_a_referral_comes_back_as_it_was(unit: SqlUnitOfWork) -> None:
    wanted = a_referral(flags=("outside_target_group",), not_before=date(2026, 10, 1), view_id="V1")
    referral = store_referral(unit, wanted, FULL)
    assert referral.reference == "TIE-2026-001"
    assert (unit.cases.referral(referral.id), unit.cases.protected(referral.id)) == (referral, FULL)
    unit.commit()
    assert unit.cases.referral(referral.id) == referral
    assert unit.cases.by_view("V1") == referral
    assert unit.cases.protected(referral.id) == FULL
    assert unit.cases.referral("another") is None
    assert unit.cases.by_view("V2") is None
    with pytest.raises(KeyError):
        unit.cases.protected("another")


def test_changes(unit: SqlUnitOfWork) -> None:
    referral = store_referral(unit, a_referral())
    changed = replace(
        referral, status=ReferralStatus.WAITING, parties=("fk", "vc"), urgency=Urgency.URGENT, owner="p3"
    )
    unit.cases.save_referral(changed)
    unit.cases.save_protected(referral.id, FULL)
    unit.commit()
    assert unit.cases.referral(referral.id) == changed
    assert unit.cases.protected(referral.id) == FULL
    unit.cases.set_owner(referral.case, "p4")
    assert unit.cases.referral(referral.id) == replace(changed, owner="p4")


def test_what_was_written_is_read_anew_when_the_transaction_has_ended(
    database: Database, unit: SqlUnitOfWork
) -> None:
    referral = store_referral(unit, a_referral())
    unit.cases.save_protected(referral.id, FULL)
    unit.commit()
    with database.unit_of_work() as other:
        other.cases.save_referral(replace(referral, status=ReferralStatus.WAITING))
        other.cases.save_protected(referral.id, replace(FULL, needs="tolk"))
        other.commit()
    found = unit.cases.referral(referral.id)
    assert (found and found.status, unit.cases.protected(referral.id).needs) == (
        ReferralStatus.WAITING,
        "tolk",
    )
    unit.lock_teams(["tierp"])
    assert unit.cases.protected(referral.id).needs == "tolk"


@pytest.mark.parametrize("same", ["KANARIE-77/1", "kanarie 77/1", " Kanarie77/1 "])
def test_own_reference_is_found_however_it_is_written(unit: SqlUnitOfWork, same: str) -> None:
    referral = store_referral(unit, a_referral(), FULL)
    assert unit.cases.by_own_reference("tierp", same) == referral
    assert unit.cases.by_own_reference("alvkarleby", same) is None
    assert unit.cases.by_own_reference("tierp", "77/1") is None
    assert unit.cases.by_own_reference("tierp", " - ") is None
    unit.cases.save_referral(replace(referral, status=ReferralStatus.RETURNED))
    assert unit.cases.by_own_reference("tierp", same) is not None
    unit.cases.save_referral(replace(referral, status=ReferralStatus.REVOKED))
    assert unit.cases.by_own_reference("tierp", same) is None
    again = store_referral(unit, a_referral(), FULL)
    assert unit.cases.by_own_reference("tierp", same) == again


def test_own_reference_is_active_once_in_a_team(unit: SqlUnitOfWork) -> None:
    store_referral(unit, a_referral(), FULL)
    store_referral(unit, a_referral("alvkarleby"), FULL)
    store_referral(unit, a_referral(), protected())
    store_referral(unit, a_referral(), protected())
    store_referral(unit, a_referral(), FULL)
    with pytest.raises(Outdated):
        unit.commit()


def test_a_view_makes_one_referral(unit: SqlUnitOfWork) -> None:
    store_referral(unit, a_referral(view_id="V1"))
    store_referral(unit, a_referral("alvkarleby", view_id="V1"))
    with pytest.raises(Outdated):
        unit.commit()


def test_references_run_per_team_and_year(unit: SqlUnitOfWork) -> None:
    given = [unit.cases.next_reference("tierp", "TIE", year) for year in (2026, 2026, 2027)]
    given.append(unit.cases.next_reference("alvkarleby", "ALV", 2026))
    assert given == ["TIE-2026-001", "TIE-2026-002", "TIE-2027-001", "ALV-2026-001"]


def waiting(unit: SqlUnitOfWork, minute: int, start: date | None, urgency: Urgency = Urgency.ORDINARY) -> str:
    referral = a_referral(
        status=ReferralStatus.WAITING, submitted_at=NOW + timedelta(minutes=minute), urgency=urgency
    )
    return store_referral(unit, referral, protected(sick_leave_start=start)).id


def test_who_waits_comes_urgent_first_then_by_goal_then_by_submission(
    unit: SqlUnitOfWork,
) -> None:
    order = {
        waiting(unit, 1, None): 4,
        waiting(unit, 2, date(2026, 8, 1)): 2,
        waiting(unit, 3, date(2026, 7, 1)): 1,
        waiting(unit, 4, date(2026, 8, 1)): 3,
        waiting(unit, 5, None, Urgency.URGENT): 0,
    }
    store_referral(unit, a_referral())
    assert [order[referral.id] for referral in unit.cases.waiting("tierp")] == [0, 1, 2, 3, 4]


def test_what_a_form_asks_first_is_as_this_transaction_leaves_it(unit: SqlUnitOfWork) -> None:
    """On PostgreSQL it is read along with the lock, and what is written afterwards must show."""
    unit.commit()
    unit.lock_teams(["tierp"], "V1")
    assert (unit.cases.by_view("V1"), unit.cases.waiting("tierp")) == (None, ())
    made = store_referral(unit, a_referral(view_id="V1", status=ReferralStatus.WAITING))
    assert (unit.cases.by_view("V1"), unit.cases.waiting("tierp")) == (made, (made,))
    active = replace(made, status=ReferralStatus.ACTIVE)
    unit.cases.save_referral(active)
    assert (unit.cases.by_view("V1"), unit.cases.waiting("tierp")) == (active, ())
    unit.cases.set_owner(made.case, "p3")
    assert unit.cases.by_view("V1") == replace(active, owner="p3")


@pytest.mark.parametrize("form", ["V'1", 'V"1', "V\\1", "V%1 %s %(x)s", "V;1 -- $1", "Vå1"])
def test_a_form_is_found_whatever_its_id_holds(unit: SqlUnitOfWork, form: str) -> None:
    """On PostgreSQL it is filled in before the server reads the words."""
    made = store_referral(unit, a_referral(view_id=form))
    unit.commit()
    unit.lock_teams(["tierp"], form)
    assert unit.cases.by_view(form) == made


def test_without_a_goal_submission_decides(unit: SqlUnitOfWork) -> None:
    no_goal = replace(TIERP, goals=replace(TIERP.goals, first_contact_days=None))
    unit.organisation.save(replace(ORGANISATION, teams=(no_goal,)))
    submitted = [waiting(unit, 1, None), waiting(unit, 2, date(2026, 7, 1))]
    assert [referral.id for referral in unit.cases.waiting("tierp")] == submitted


def test_lists_by_person_and_team(unit: SqlUnitOfWork) -> None:
    first = store_referral(unit, a_referral())
    second = store_referral(unit, a_referral(owner="p3", submitted_at=NOW + timedelta(hours=1)))
    third = store_referral(unit, a_referral(referrer="p4", owner="p3", status=ReferralStatus.REVOKED))
    both = [ReferralStatus.ACTIVE, ReferralStatus.REVOKED]
    assert unit.cases.of_person("p2", both) == (second, first)
    assert unit.cases.of_person("p3", both) == (second, third)
    assert unit.cases.of_person("p3", [ReferralStatus.WAITING]) == ()
    assert unit.cases.of_team("tierp", [ReferralStatus.ACTIVE]) == (first, second)


def everything(database: Database) -> str:
    """All that any table holds, as text."""
    with database._engine.connect() as connection:
        tables = [connection.execute(sa.select(table)).all() for table in METADATA.sorted_tables]
    return repr(tables)


def test_no_protected_field_is_stored_in_plain(database: Database, unit: SqlUnitOfWork) -> None:
    """Looked for in every column, and in the bytes of SQLite's files with its log."""
    store_referral(unit, a_referral(), FULL)
    unit.commit()
    stored = everything(database)
    if database._engine.dialect.name == "sqlite":
        path = str(database._engine.url.database)
        for suffix in ("", "-wal"):
            with open(path + suffix, "rb") as file:  # noqa: PTH123 - a name with a suffix, no path of its own
                stored += file.read().decode("utf-8", "replace") + " "
    assert "TIE-2026-001" in stored, "the search must be able to find something"
    plain = stored.casefold()
    for field in ("question", "urgency_reason", "own_reference", "needs", "return_reason"):
        assert str(getattr(FULL, field)).casefold() not in plain
    readable = re.sub(r"[0-9a-f]{32,}|gAAAAA[\w-]+=*", " ", stored).casefold()
    for value in (str(FULL.birth_year), "2026, 6, 1", "2026-06-01", "sickness_benefit", "woman"):
        assert value not in readable, "ids and ciphertext aside, where any four digits turn up by chance"
    assert len(fields(Protected)) == 11, "a new protected field: look for it here too"


def test_keys_can_be_rotated(database_url: str) -> None:
    new_key = Fernet.generate_key().decode()
    old, both, new = (
        Database(database_url, keys) for keys in ([SECRET_KEY], [new_key, SECRET_KEY], [new_key])
    )
    with old.unit_of_work() as unit:
        unit.organisation.save(ORGANISATION)
        referral = store_referral(unit, a_referral(), FULL)
        unit.commit()
    with pytest.raises(WrongKeys):
        new.rewrap_keys()
    with pytest.raises(WrongKeys), new.unit_of_work() as unit:
        unit.cases.protected(referral.id)
    assert both.rewrap_keys() == 2
    with new.unit_of_work() as unit:
        assert unit.cases.protected(referral.id) == FULL
        assert unit.cases.by_own_reference("tierp", "KANARIE-77/1") == referral
    with pytest.raises(WrongKeys), old.unit_of_work() as unit:
        unit.cases.protected(referral.id)
    for database in (old, both, new):
        database.close()
