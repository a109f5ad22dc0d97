"""How much a command asks of its database once the organisation is known: on PostgreSQL each is a journey."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from schedules.domain.plan import Answer, Invitation
from schedules.services.answer_invitation import answer_invitation, know_identity
from schedules.services.decide_booking import confirm_booking
from schedules.services.save_details import submit_and_open
from tests.support import one_team
from tests.support.plan_rows import rows
from tests.support.random_office import RandomOffice
from tests.support.statements import statements

DAYS = one_team.TEAM.series[0]
TEAM = replace(one_team.TEAM, series=(replace(DAYS, slots=4, until=date(2027, 6, 1)),))


@pytest.fixture
def it(database_url: str) -> Iterator[RandomOffice]:
    """An office that has done each of the commands, and searched twice, so that all are at their usual."""
    opened = one_team.opened(database_url, TEAM)
    confirmed(opened, "V0")
    confirmed(opened, "V1")
    yield opened
    opened.database.close()


def submit(it: RandomOffice, view: str) -> str:
    """Raise a case; its booking."""
    _, shown = submit_and_open(it.office, "UA1", one_team.a_form(view))
    booking = shown.outcome.booking
    assert booking is not None
    return booking


def confirmed(it: RandomOffice, view: str) -> Invitation:
    """The same confirmed; b's call to it."""
    booking = submit(it, view)
    confirm_booking(it.office, "a3", booking)
    with it.office.unit_of_work() as uow:
        (call,) = [call for call in uow.plan.invitations(booking) if call.person == "b0"]
    return call


def test_a_submission_asks_little(it: RandomOffice, database_url: str) -> None:
    with statements() as asked:
        submit(it, "V2")
    assert len(asked) <= (17 if database_url.startswith("sqlite") else 10)


def test_a_first_call_asks_little(it: RandomOffice) -> None:
    booking = submit(it, "V2")
    with statements() as asked:
        confirm_booking(it.office, "a3", booking)
    assert len(asked) <= 22


def test_answers_ask_little_and_leave_one_row_for_each_public_id(it: RandomOffice) -> None:
    call = confirmed(it, "V2")
    with statements() as asked:
        answer_invitation(it.office, "b0", call.public_id, Answer.ACCEPTED)
    assert len(asked) <= 21
    with statements() as asked:
        know_identity(it.office, "b0", call.public_id)
    assert len(asked) <= 20
    links = "SELECT public_id, invitation FROM invitation_public_id"
    assert len(rows(it.database, links)) == len(rows(it.database, "SELECT id FROM invitation"))
