"""Every command tried on cases that are blocked: nothing protected comes back, and each look is on record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from schedules.domain.authority import MAY, Capacity, Command
from schedules.errors import CaseSealed, SamtidError
from schedules.services.block_case import block_case, to_block
from schedules.services.feedback import show_result
from schedules.services.referral_form import open_mended
from schedules.services.show_case import show_case
from tests.contract import test_authority_walk as walk
from tests.contract.test_authority_walk import ACTORS, ATTEMPTS, Attempt, World

CASES = ("called", "proposed", "quick", "returned", "declined", "reported")
PROTECTED = ("Hur kan st", "beh\u00f6ver bli tydligare")
CLOSED = frozenset(
    {
        Command.MEND_CASE,
        Command.FILL_IN_DETAILS,
        Command.SHOW_CASE,
        Command.CONFIRM_TIME,
        Command.SEND_NOW,
        Command.MOVE_BOOKING,
        Command.WITHDRAW_CASE,
        Command.SEND_BACK,
        Command.REMIND_IDENTITY,
        Command.ARRANGE_NEEDS,
        Command.RECORD_TAKING_PART,
        Command.CHANGE_CASE,
        Command.SHOW_LETTER,
        Command.REPORT_MEETING,
        Command.AMEND_REPORT,
        Command.SHOW_RESULT,
        Command.GIVE_FEEDBACK,
    }
)
"""What is about one case and open to those who carry or coordinate it."""

world = walk.world


@pytest.fixture(scope="module")
def blocked(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The same world with every case blocked."""
    here = world.copy(tmp_path_factory.mktemp("blocked"))
    for case in CASES:
        block_case(here.office, "maja", here.ids[case])
    with here.database._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    yield here
    here.database.close()


@pytest.mark.parametrize(
    ("command", "act"), [pytest.param(c, act, id=f"{c}-{way}") for c, way, act in ATTEMPTS]
)
def test_a_blocked_case_is_closed_to_everybody(
    blocked: World, tmp_path: Path, command: Command, act: Attempt
) -> None:
    here = blocked.copy(tmp_path)
    for capacity in (Capacity.CASEWORKER, Capacity.REPRESENTATIVE, Capacity.COORDINATOR):
        actor, before = ACTORS[capacity], here.fingerprint()
        answer, refusal = _tried(here, actor, act)
        assert not [word for word in PROTECTED if word in repr(answer)]
        if command in CLOSED and capacity in MAY[command] and capacity is not Capacity.REPRESENTATIVE:
            assert isinstance(refusal, CaseSealed)
            newest = "SELECT actor, action FROM audit ORDER BY id DESC LIMIT 1"
            assert here.rows(newest) == [(actor, f"refused:{command.value}")]
        if refusal is not None:
            assert here.fingerprint() == before
    here.database.close()


def _tried(here: World, actor: str, act: Attempt) -> tuple[object, SamtidError | None]:
    try:
        return act(here, actor), None
    except SamtidError as error:
        return None, error


def test_the_question_is_not_asked_of_a_blocked_case(blocked: World, tmp_path: Path) -> None:
    here = blocked.copy(tmp_path)
    with pytest.raises(CaseSealed):
        to_block(here.office, "maja", here.ids["called"])
    here.database.close()


def test_those_called_once_see_no_result_of_a_blocked_case(blocked: World, tmp_path: Path) -> None:
    here = blocked.copy(tmp_path)
    with pytest.raises(CaseSealed):
        show_result(here.office, "nasrin", here.ids["reported booking"])
    here.database.close()


def test_the_words_would_be_found(world: World) -> None:
    shown = repr(show_case(world.office, "maja", world.ids["called"]))
    assert PROTECTED[0] in shown
    returned = repr(open_mended(world.office, "maja", world.ids["returned"]))
    assert PROTECTED[1] in returned
