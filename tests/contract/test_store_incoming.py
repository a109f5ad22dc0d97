"""Mails that were looked at, and what they are matched with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from schedules.domain.plan import BookingStatus, Invitation
from schedules.ports import Channel, Incoming, IncomingOutcome, Letter, MailKey, MailOrigin
from schedules.store.database import Database
from schedules.store.tables import LETTER, PERSON
from schedules.store.unit_of_work import SqlUnitOfWork
from tests.support.examples import (
    NOW,
    ORGANISATION,
    a_booking,
    a_meeting,
    a_referral,
    an_invitation,
    store_referral,
)

HOUR = timedelta(hours=1)


@pytest.fixture
def unit(database: Database) -> Iterator[SqlUnitOfWork]:
    with database.unit_of_work() as unit:
        unit.organisation.save(ORGANISATION)
        unit.commit()
        yield unit


def a_mail(uid: str = "1", digest: str = "d1", outcome: str = "answered", hours: int = 0) -> Incoming:
    return Incoming(
        origin=MailOrigin("samverkan", MailKey("7", uid), digest),
        kind="reply",
        outcome=IncomingOutcome(outcome),
        handled_at=NOW,
        event_uid="u1",
        attendee="nasrin@fk.example",
        sequence=2,
        dtstamp=NOW + hours * HOUR,
    )


def test_a_mail_is_there_once(unit: SqlUnitOfWork) -> None:
    assert unit.incoming.first_time(a_mail())
    assert not unit.incoming.first_time(a_mail(digest="other"))
    assert unit.incoming.outcome("samverkan", MailKey("7", "1")) is IncomingOutcome.ANSWERED


def test_the_same_bytes_under_another_number_are_there_once(unit: SqlUnitOfWork) -> None:
    assert unit.incoming.first_time(a_mail())
    assert not unit.incoming.first_time(a_mail(uid="2"))
    assert unit.incoming.outcome("samverkan", MailKey("7", "2")) is None


def test_what_was_left_is_listed_each_time_it_lies_there(unit: SqlUnitOfWork) -> None:
    left = [a_mail(uid, outcome="left") for uid in "12"]
    assert all(unit.incoming.first_time(mail) for mail in left)
    unit.incoming.first_time(a_mail("3"))
    assert set(unit.incoming.left()) == set(left)


def test_the_newest_heeded_reply_at_a_sequence(unit: SqlUnitOfWork) -> None:
    mails = [a_mail("1", "a", hours=1), a_mail("2", "b", hours=3), a_mail("3", "c", "unchanged", 5)]
    for mail in mails:
        assert unit.incoming.first_time(mail)
    assert unit.incoming.newest_reply("u1", "nasrin@fk.example", 2) == NOW + 3 * HOUR
    assert unit.incoming.newest_reply("u1", "nasrin@fk.example", 3) is None
    assert unit.incoming.newest_reply("u1", "johan@fk.example", 2) is None


def test_who_was_called_by_uid_and_address(unit: SqlUnitOfWork) -> None:
    meeting = a_meeting()
    unit.plan.save_meeting(meeting)
    slot = meeting.slots[0]
    booking = a_booking(store_referral(unit, a_referral()), slot)
    unit.plan.add_booking(booking, slot.starts_at, slot.ends_at)
    ended = an_invitation(booking, live=False)
    unit.plan.save_invitation(ended)
    address = address_of(unit, ended)
    assert unit.plan.invitation_of(booking.id, address.upper()) == ended
    live = an_invitation(booking, called_at=ended.called_at - HOUR)
    unit.plan.save_invitation(live)
    assert unit.plan.invitation_of(booking.id, address) == live
    assert unit.plan.invitation_of(booking.id, "nobody@fk.example") is None
    unit.plan.save_booking(replace(booking, status=BookingStatus.CANCELLED), slot.starts_at, slot.ends_at)
    found = unit.plan.booking_by_uid(booking.uid)
    assert found is not None
    assert (found.id, found.live) == (booking.id, False)
    assert unit.plan.booking_by_uid("another") is None


def address_of(unit: SqlUnitOfWork, invitation: Invitation) -> str:
    return unit.organisation.people([invitation.person])[invitation.person].email or ""


def test_a_sent_mail_is_found_by_its_message_id(database: Database, unit: SqlUnitOfWork) -> None:
    letter = Letter("s", Channel.MAIL, "request", "n@fk.example", "{}", NOW, message_id="<1@samtid.example>")
    row = unit.outbox.add(letter, NOW)
    assert unit.outbox.mail("<1@samtid.example>") is None
    unit.commit()
    with database._engine.begin() as connection:
        connection.execute(sa.update(LETTER).values(status="sent"))
    found = unit.outbox.mail("<1@samtid.example>")
    assert found is not None
    assert (found.id, found.recipient) == (row, "n@fk.example")


def test_a_mark_of_a_bounced_address_lasts_as_long_as_the_address(
    database: Database, unit: SqlUnitOfWork
) -> None:
    def marked() -> list[str]:
        with database._engine.connect() as connection:
            query = sa.select(PERSON.c.id).where(PERSON.c.mail_bounced_at.is_not(None))
            return list(connection.execute(query).scalars())

    who = next(p for p in ORGANISATION.people if p.email)
    unit.organisation.mark_bounced(who.id, NOW)
    unit.organisation.save(ORGANISATION)
    unit.commit()
    assert marked() == [who.id]
    people = tuple(replace(p, email="new@x.example") if p == who else p for p in ORGANISATION.people)
    unit.organisation.save(replace(ORGANISATION, people=people))
    unit.commit()
    assert marked() == []
