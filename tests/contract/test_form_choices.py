"""Of a form's choices the newest shows, whichever process handles which."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import NoReturn

import pytest

from bot.listeners.desk import Desk
from schedules.errors import LockTimeout
from schedules.services.form_choices import end_choices, is_newest, note_choice
from schedules.services.submit_referral import submit_referral
from schedules.store.database import Database
from tests.support import one_team
from tests.support.examples import NOW
from tests.support.random_office import RandomOffice, office_on

DAY = timedelta(days=1)


def test_an_older_choice_is_refused_and_an_old_form_forgotten(database: Database) -> None:
    database.migrate()
    with database.unit_of_work() as unit:
        noted = [unit.form_choices.note("V1", at, NOW) for at in (2.5, 1.0, 2.5, 7.0)]
        assert noted == [True, False, True, True]
        assert unit.form_choices.note("V2", 1.0, NOW + DAY)
        assert unit.form_choices.newest("V1") == 7.0
        assert unit.form_choices.note("V1", math.inf, NOW + DAY)
        assert not unit.form_choices.note("V1", 9e9, NOW + DAY)
        unit.form_choices.note("V3", 1.0, NOW + 2 * DAY + timedelta(seconds=1))
        assert unit.form_choices.newest("V1") is None


@pytest.fixture
def pair(database_url: str) -> Iterator[tuple[RandomOffice, RandomOffice]]:
    """Two programs on one database."""
    one = one_team.opened(database_url)
    other = office_on(database_url, one.organisation)
    other.clock.at = one.clock.at
    yield one, other
    one.database.close()
    other.database.close()


def test_what_one_process_has_shown_the_other_knows(pair: tuple[RandomOffice, RandomOffice]) -> None:
    one, other = (it.office for it in pair)
    assert note_choice(one, "V1", 1.0)
    assert note_choice(other, "V1", 2.0)
    assert not note_choice(one, "V1", 1.5)
    assert not is_newest(one, "V1", 1.0)
    assert is_newest(one, "V1", 2.0)
    end_choices(other, "V1")
    assert not note_choice(one, "V1", 3.0)
    assert not is_newest(one, "V1", 2.0)


def test_no_choice_brings_a_referrals_form_back(pair: tuple[RandomOffice, RandomOffice]) -> None:
    one, other = (it.office for it in pair)
    assert note_choice(one, "V1", 1.0)
    submit_referral(other, one_team.a_form("V1"))
    assert not is_newest(one, "V1", 1.0)
    assert not note_choice(one, "V1", 2.0)


def test_an_end_that_cannot_be_noted_does_not_say_that_nothing_was_saved(
    pair: tuple[RandomOffice, RandomOffice],
) -> None:
    def away() -> NoReturn:
        raise LockTimeout

    desk = Desk(replace(pair[0].office, unit_of_work=away), lambda: None)
    desk.form_ends("V1")
    with desk.in_order.turn("V1", 9e9) as newest:
        assert not newest
