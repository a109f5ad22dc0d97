"""Section 6: reminders and agenda, from due rows, in working hours, never twice and never in vain.

The case of these tests is called on Monday 23 November 2026 for Tuesday 8 December at 13:00.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.workspace.messages import Message
from tests.support.raised import (
    buttons,
    call_parties,
    channel_posts,
    column,
    day_of,
    decline,
    direct,
    raise_case,
    shown,
    silence,
    text_of,
    texts,
)
from tests.support.rig import Rig, rig

UNANSWERED = "Vi saknar ditt svar"
AGAIN = "väntar på ditt svar"
AGENDA = "Din ärendelista"
DAY_BEFORE = "är det samverkansmöte. Du har"
MORNING = "Samverkansmöte i dag."
IDENTITY = "Vet du vem ärendet gäller?"
UNTOLD = "inte alla kallade har bekräftat att de vet vem ärende"


@pytest.fixture
def r(tmp_path: Path) -> Iterator[Rig]:
    with rig(tmp_path) as found:
        yield found
        assert found.local.workspace.problems() == ()


def at(day: int, hour: int = 9, minute: int = 0, month: int = 12) -> datetime:
    """Stockholm's winter time as UTC."""
    return datetime(2026, month, day, hour - 1, minute, tzinfo=UTC)


def count(r: Rig, who: str, words: str) -> int:
    return sum(words in text for text in texts(r, who))


def test_unanswered_calls_are_reminded_of_after_three_workdays_and_five_before(r: Rig) -> None:
    call_parties(r)
    r.until(at(26, 8, 59, month=11))
    assert count(r, "nasrin", UNANSWERED) == 0
    r.until(at(26, 9, month=11))
    assert count(r, "nasrin", UNANSWERED) == 1
    assert "invitation_accept" in buttons(direct(r, "nasrin")[-1])
    r.until(at(1, 8, 59))
    assert count(r, "nasrin", AGAIN) == 0
    r.until(at(1, 9))
    assert (count(r, "nasrin", UNANSWERED), count(r, "nasrin", AGAIN)) == (1, 1)
    assert count(r, "maja", UNANSWERED) == 0  # the referrer is told, not asked


def test_answered_calls_are_not_reminded_of(r: Rig) -> None:
    call_parties(r)
    r.actor("nasrin").click("invitation_accept")
    decline(r, "helena")
    r.until(at(1, 9))
    for who in ("nasrin", "helena"):
        assert count(r, who, UNANSWERED) + count(r, who, AGAIN) == 0


def test_answer_in_the_reminder_itself_counts(r: Rig) -> None:
    call_parties(r)
    r.until(at(26, 9, month=11))
    r.actor("nasrin").click("invitation_accept", message=direct(r, "nasrin")[-1])
    r.until(at(1, 9))
    assert count(r, "nasrin", AGAIN) == 0


def test_nobody_is_asked_twice_on_one_day(r: Rig) -> None:
    r.until(at(26, 9, month=11))
    call_parties(r, urgent=True)  # three workdays later is five workdays before
    r.until(at(1, 17))
    assert count(r, "nasrin", UNANSWERED) + count(r, "nasrin", AGAIN) == 1


def test_one_reminder_lists_all_unanswered_cases_of_a_meeting(r: Rig) -> None:
    first, second = call_parties(r), call_parties(r, "samuel")
    r.until(at(26, 9, month=11))
    assert count(r, "nasrin", UNANSWERED) == 1
    said = text_of(direct(r, "nasrin")[-1])
    assert first in said
    assert second in said


def test_agenda_of_each_called_person_lists_only_the_own_cases(r: Rig) -> None:
    first, second = call_parties(r, others=("fk", "vc_tierp")), call_parties(r, "samuel", others=("af",))
    r.until(at(1, 8))
    (nasrin,) = [m for m in direct(r, "nasrin") if AGENDA in m.body["text"]]
    said = text_of(nasrin)
    assert first in said
    assert second not in said
    assert "13:00–13:30" in said
    assert "arbetsförmåga" in said
    assert "Vårdcentralen Tierp" in said
    assert count(r, "helena", f"{AGENDA} till samverkansmöte tisdag 8 december: 2 ärenden") == 1
    assert [count(r, who, AGENDA) for who in ("maja", "mirjam")] == [1, 1]
    assert [count(r, who, AGENDA) for who in ("johan", "sofia", "amir")] == [0, 0, 0]


def test_agenda_of_an_english_speaker_is_in_english(r: Rig) -> None:
    call_parties(r, "samuel")
    r.until(at(1, 8))
    assert count(r, "samuel", "agenda") == 1


def test_channel_gets_date_place_and_counts_only(r: Rig) -> None:
    reference = call_parties(r)
    before = len(agenda_posts(r))
    r.until(at(1, 8))
    posts = agenda_posts(r)[before:]
    assert len(posts) == 1
    said = text_of(posts[0])
    assert "Samverkansmöte tisdag 8 december kl. 13:00–15:00, Vårdcentralen Tierp, rum 4." in said
    assert "En tid är bokad, 3 är lediga." in said
    for hidden in (reference, "TIE", "Försäkringskassan", "Nasrin", "video.example", "rbetsförmåga"):
        assert hidden not in said
        assert hidden not in str(shown(posts[0].body.get("blocks")))
    assert buttons(posts[0]) == []


def test_case_that_comes_after_the_agenda_is_an_addition_to_those_called_to_it(r: Rig) -> None:
    first = call_parties(r)
    r.until(at(2, 9))
    posts = len(channel_posts(r))
    second = call_parties(r, "samuel", others=("af",), urgent=True)
    assert day_of(r, second) == day_of(r, first)
    (added,) = [m for m in direct(r, "helena") if "Tillägg till din ärendelista" in m.body["text"]]
    assert second in text_of(added)
    assert first not in text_of(added)
    assert count(r, "nasrin", "Tillägg") == 0
    assert len(channel_posts(r)) == posts


def test_deputy_called_after_the_agenda_gets_an_addition(r: Rig) -> None:
    reference = call_parties(r)
    r.until(at(2, 9))
    r.actor("nasrin").click("invitation_deputise")
    r.actor("nasrin").fill("deputy", "johan")
    r.actor("nasrin").submit()
    r.settle()
    added = [m for m in direct(r, "johan") if "Tillägg" in m.body["text"]]
    assert len(added) == 1
    assert reference in text_of(added[0])
    assert count(r, "helena", "Tillägg") == 0


def test_workday_before_at_nine_with_own_times_and_in_the_morning_the_link(r: Rig) -> None:
    call_parties(r)
    r.until(at(7, 8, 59))
    assert count(r, "nasrin", DAY_BEFORE) == 0
    r.until(at(7, 9))
    (before,) = [m for m in direct(r, "nasrin") if DAY_BEFORE in m.body["text"]]
    assert "13:00–13:30" in before.body["text"]
    r.until(at(8, 7, 59))
    assert count(r, "nasrin", MORNING) == 0
    r.until(at(8, 8))
    (today,) = [m for m in direct(r, "nasrin") if MORNING in m.body["text"]]
    assert "https://video.example/tierp" in text_of(today)
    r.until(at(8, 23))
    assert (count(r, "nasrin", DAY_BEFORE), count(r, "nasrin", MORNING)) == (1, 1)


def test_who_has_declined_is_not_reminded_of_the_meeting(r: Rig) -> None:
    call_parties(r)
    decline(r, "nasrin")
    r.until(at(8, 12))
    assert [count(r, "nasrin", words) for words in (DAY_BEFORE, MORNING, IDENTITY)] == [0, 0, 0]
    assert count(r, "helena", DAY_BEFORE) == 1


def test_who_does_not_know_whom_it_concerns_and_the_referrer_are_reminded_the_day_before(r: Rig) -> None:
    call_parties(r)
    r.actor("helena").click("identity_known")
    r.until(at(7, 9))
    assert (count(r, "nasrin", IDENTITY), count(r, "helena", IDENTITY), count(r, "maja", UNTOLD)) == (1, 0, 1)
    said = text_of(next(m for m in direct(r, "maja") if UNTOLD in m.body["text"]))
    assert "Kontakta Nasrin Ahmadi (Försäkringskassan) på ett säkert sätt" in said
    assert "Helena Lindqvist (Tierps kommun) vet vem det gäller" in said


def test_nobody_is_reminded_when_all_know_whom_it_concerns(r: Rig) -> None:
    call_parties(r)
    r.actor("helena").click("identity_known")
    r.actor("nasrin").click("identity_known")
    r.until(at(7, 12))
    assert (count(r, "nasrin", IDENTITY), count(r, "maja", UNTOLD)) == (0, 0)


def test_nothing_is_sent_about_a_case_that_was_withdrawn(r: Rig) -> None:
    call_parties(r)
    r.actor("maja").click("case_show")
    r.actor("maja").click("booking_withdraw")
    r.settle()
    before, posts = silence(r), len(agenda_posts(r))
    r.until(at(9, 9))
    after = silence(r)
    del before["posts"], after["posts"]
    for coordinator in ("helena", "karin"):  # asked about their meetings without a case, not about this one
        assert "Inget ärende är bokat" in text_of(direct(r, coordinator)[-1])
        after[coordinator] -= 1
    assert after == before
    assert len(agenda_posts(r)) == posts + 1  # the agenda of times and counts: no time is booked
    assert "Ingen tid är bokad, 4 är lediga." in texts_of_channel(r)


def agenda_posts(r: Rig) -> list[Message]:
    """The posts in the channel with an agenda's counts; others tell of free times."""
    return [m for m in channel_posts(r) if "bokad" in m.body["text"]]


def texts_of_channel(r: Rig) -> str:
    return "\n".join(text_of(m) for m in channel_posts(r))


def test_all_reminders_come_in_working_hours_and_none_twice(r: Rig) -> None:
    call_parties(r, others=("fk", "vc_tierp"))
    r.pass_time(hours=9.5)
    call_parties(r, "samuel", others=("af",))  # called at half past six in the evening
    r.clock.advance(timedelta(minutes=1))
    started = r.clock.now()
    r.until(at(10, 9))
    sent = [m for p in r.organisation.people if p.slack for m in direct(r, p.id)]
    reminders = [m for m in sent if datetime.fromtimestamp(float(m.ts), UTC) > started]
    assert len(reminders) > 20
    for message in reminders:
        local = r.office.local(datetime.fromtimestamp(float(message.ts), UTC))
        assert local.weekday() < 5
        assert 8 <= local.hour < 17
    said = [(m.channel, text_of(m)) for m in reminders]
    assert len(said) == len(set(said))


# --- stopped and started again -----------------------------------------------------------------------


def called(folder: Path) -> None:
    with rig(folder) as r:
        call_parties(r)


def test_restart_sends_nothing_again(tmp_path: Path) -> None:
    with rig(tmp_path) as r:
        call_parties(r)
        r.until(at(1, 9))
        before = silence(r)
    with rig(tmp_path, at=at(1, 9, 1)) as r:
        r.settle()
        assert silence(r) == before


def test_reminder_due_while_the_process_was_down_is_sent_when_it_is_back(tmp_path: Path) -> None:
    called(tmp_path)
    with rig(tmp_path, at=at(27, 10, month=11)) as r:
        r.settle()
        r.settle()
        assert count(r, "nasrin", UNANSWERED) == 1


def test_late_reminder_waits_for_working_hours(tmp_path: Path) -> None:
    called(tmp_path)
    with rig(tmp_path, at=at(26, 22, month=11)) as r:
        before = silence(r)
        r.settle()
        assert silence(r) == before
        r.until(at(27, 7, 59, month=11))
        assert silence(r) == before
        r.until(at(27, 8, month=11))
        assert count(r, "nasrin", UNANSWERED) == 1


def test_late_agenda_waits_over_the_weekend(tmp_path: Path) -> None:
    called(tmp_path)
    with rig(tmp_path, at=at(5, 12)) as r:
        r.settle()
        assert count(r, "nasrin", AGENDA) == 0
        r.until(at(7, 8))
        assert count(r, "nasrin", AGENDA) == 1


def test_reminder_of_a_meeting_that_has_passed_is_dropped_and_recorded(tmp_path: Path) -> None:
    called(tmp_path)
    with rig(tmp_path, at=at(9, 9)) as r:
        before = silence(r)
        r.settle()
        after = silence(r)
        assert after.pop("posts") - before.pop("posts") == 2  # a new term, and free times
        assert after.pop("helena") - before.pop("helena") == 1  # the meeting is not reported
        assert after == before
        statement = "SELECT kind FROM due WHERE outcome = 'dropped' AND note = 'the meeting has passed'"
        kinds = {
            "unanswered_first",
            "unanswered_second",
            "agenda",
            "day_before",
            "morning",
            "identity",
            "details",
        }
        assert set(column(r, statement)) == kinds
        assert column(r, "SELECT kind FROM due WHERE outcome = 'open' AND at < '2026-12-09'") == []


def test_message_queued_before_the_meeting_and_not_sent_is_dropped_after_it(tmp_path: Path) -> None:
    with rig(tmp_path) as r:
        raise_case(r)
        r.settle()
        r.actor("helena").click("booking_confirm")
    with rig(tmp_path, at=at(9, 9)) as r:
        r.settle()
        assert direct(r, "nasrin") == []
        assert r.mails("nasrin") == []


# --- the calendar's hard days ------------------------------------------------------------------------


def local_due(r: Rig, kind: str) -> str:
    """When it is due for the booked meeting, in Stockholm's time."""
    statement = (
        "SELECT d.at FROM due d JOIN booking b ON b.meeting = d.subject"
        " WHERE d.kind = :kind AND d.outcome = 'open'"
    )
    (found,) = column(r, statement, kind=kind)
    utc = datetime.fromisoformat(str(found)).replace(tzinfo=UTC)
    return f"{r.office.local(utc):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("now", "day", "agenda", "day_before"),
    [
        # Christmas Eve, Christmas Day, New Year's Eve and New Year's Day lie between.
        ((2026, 12, 14), "2027-01-05", "2026-12-23 08:00", "2027-01-04 09:00"),
        # Easter: 26 and 29 March are red, and summer time begins on the 28th.
        ((2027, 3, 15), "2027-03-30", "2027-03-19 08:00", "2027-03-25 09:00"),
    ],
)
def test_red_days_and_summer_time_are_counted_with(
    tmp_path: Path, now: tuple[int, int, int], day: str, agenda: str, day_before: str
) -> None:
    with rig(tmp_path, at=datetime(*now, 8, tzinfo=UTC)) as r:
        assert day_of(r, call_parties(r)) == day
        assert local_due(r, "agenda") == agenda
        assert local_due(r, "day_before") == day_before
        assert local_due(r, "morning") == f"{day} 08:00"
        r.until(datetime.fromisoformat(f"{day}T12:00+00:00"))
        assert count(r, "nasrin", MORNING) == 1
