"""What an answer by mail changes, and above all when it changes nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from schedules.domain.incoming import Counter, Reply, ReplyStatus
from schedules.domain.plan import Answer, Booking, BookingStatus, Invitation, Role
from schedules.domain.replies import (
    Answered,
    Decision,
    Delegated,
    Ended,
    NotTheAttendee,
    Overtaken,
    Stale,
    Standing,
    TimeProposed,
    Unchanged,
    UnknownInvitation,
    decide,
)

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
STAMP = NOW - timedelta(minutes=5)
START = datetime(2026, 12, 3, 8, tzinfo=UTC)
ANNA, EVA = "anna@fk.example", "eva@af.example"

REPLY = Reply("b1@kommun.example", ANNA, 2, ReplyStatus.ACCEPTED, STAMP, ANNA, "<1@fk.example>")
COUNTER = Counter(
    "b1@kommun.example", ANNA, 2, ReplyStatus.TENTATIVE, START, None, STAMP, ANNA, "<1@fk.example>"
)
INVITATION = Invitation(
    id="i1",
    public_id="p1",
    booking="b1",
    person="anna",
    party="fk",
    roles=(Role.REPRESENTATIVE,),
    answer=Answer.NEEDS_ACTION,
    answered_at=None,
    answered_by=None,
    identity_known_at=None,
    last_sequence=2,
    called_at=NOW - timedelta(days=1),
)
BOOKING = Booking(
    "b1",
    "r1",
    "tierp",
    "m1",
    "s1",
    BookingStatus.BOOKED,
    "b1@kommun.example",
    4,
    None,
    NOW - timedelta(days=2),
)
STANDING = Standing(INVITATION, BOOKING, ends_at=NOW + timedelta(days=7))


def decided(reply: Reply | Counter, standing: Standing | None = STANDING) -> Decision:
    return decide(reply, standing, NOW)


def standing_with(**changes: object) -> Standing:
    return replace(STANDING, invitation=replace(INVITATION, **changes))  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize(
    ("status", "decision"),
    [
        (ReplyStatus.ACCEPTED, Answered(Answer.ACCEPTED)),
        (ReplyStatus.DECLINED, Answered(Answer.DECLINED)),
        (ReplyStatus.TENTATIVE, Answered(Answer.TENTATIVE)),
        (ReplyStatus.NEEDS_ACTION, Unchanged()),
        (ReplyStatus.DELEGATED, Delegated(EVA)),
    ],
)
def test_an_answer_is_recorded(status: ReplyStatus, decision: Decision) -> None:
    assert decided(replace(REPLY, partstat=status, delegate=EVA)) == decision


def test_a_mind_that_was_changed() -> None:
    assert decided(REPLY, standing_with(answer=Answer.DECLINED)) == Answered(Answer.ACCEPTED)


def test_the_same_answer_again_is_nothing() -> None:
    assert decided(REPLY, standing_with(answer=Answer.ACCEPTED)) == Unchanged()


def test_delegation_without_a_name() -> None:
    assert decided(replace(REPLY, partstat=ReplyStatus.DELEGATED)) == Delegated(None)


def test_another_time_is_proposed() -> None:
    assert decided(COUNTER) == TimeProposed(START, None)


# --- who ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mail", [REPLY, COUNTER])
@pytest.mark.parametrize("sender", [EVA, None, "anna@fk.example.evil.example"])
def test_only_the_attendee_answers(mail: Reply | Counter, sender: str | None) -> None:
    assert decided(replace(mail, sender=sender)) == NotTheAttendee()


def test_a_stranger_learns_nothing_of_what_there_is() -> None:
    """Whether or not there is such a booking, the outcome is the same."""
    assert decided(replace(REPLY, sender=EVA), None) == NotTheAttendee()


def test_capitals_do_not_matter() -> None:
    assert decided(replace(REPLY, sender="Anna@FK.example", attendee="ANNA@fk.example")) == Answered(
        Answer.ACCEPTED
    )


def test_an_event_or_attendee_that_is_not_ours() -> None:
    assert decided(REPLY, None) == UnknownInvitation()


# --- when --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mail", [REPLY, COUNTER])
@pytest.mark.parametrize("sequence", [0, 1, None])
def test_an_answer_to_an_earlier_time_changes_nothing(mail: Reply | Counter, sequence: int | None) -> None:
    assert decided(replace(mail, sequence=sequence)) == Stale()


def test_what_was_sent_to_others_since_does_not_make_it_stale() -> None:
    assert BOOKING.sequence > 2
    assert decided(REPLY) == Answered(Answer.ACCEPTED)


def test_a_reply_without_sequence_answers_the_first_invitation() -> None:
    first = standing_with(last_sequence=0)
    assert decided(replace(REPLY, sequence=None), first) == Answered(Answer.ACCEPTED)


def test_nothing_was_sent_to_this_attendee_yet() -> None:
    assert decided(REPLY, standing_with(last_sequence=None)) == Stale()


@pytest.mark.parametrize(
    "standing",
    [
        standing_with(live=False),
        replace(STANDING, booking=replace(BOOKING, status=BookingStatus.CANCELLED)),
        replace(STANDING, booking=replace(BOOKING, status=BookingStatus.PROPOSED)),
        replace(STANDING, ends_at=NOW),
    ],
)
@pytest.mark.parametrize("sequence", [1, 2])
def test_a_call_that_has_ended(standing: Standing, sequence: int) -> None:
    assert decided(replace(REPLY, sequence=sequence), standing) == Ended()


def test_an_answer_that_came_later_but_was_made_before() -> None:
    later = replace(STANDING, newest_reply=STAMP + timedelta(seconds=1))
    assert decided(REPLY, later) == Overtaken()


@pytest.mark.parametrize("stamp", [STAMP, STAMP + timedelta(seconds=1), None])
def test_an_answer_made_after_the_last_one_or_nobody_knows_when(stamp: datetime | None) -> None:
    earlier = replace(STANDING, newest_reply=STAMP)
    assert decided(replace(REPLY, dtstamp=stamp), earlier) == Answered(Answer.ACCEPTED)
