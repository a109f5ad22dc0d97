"""Extra meetings, a single time for one case, a closed period: seen first, then done in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from icalendar import Calendar

from bot.organisation import Applier
from schedules.domain.meeting_times import ExtraMeeting
from schedules.domain.organisation import MeetingSeries
from schedules.domain.plan import Meeting, MeetingStatus
from schedules.errors import NotAllowed
from schedules.services.close_period import Period, close_period, preview_close
from schedules.services.extra_meeting import add_extra_meeting, preview_extra
from schedules.services.move_meeting import NewTime, move_meeting, preview_move
from tests.support.raised import (
    booking_of,
    call_parties,
    channel_posts,
    day_of,
    modal,
    open_home,
    page,
    raise_case,
    texts,
    value,
)
from tests.support.rig import Rig, calendar_part


def meetings(r: Rig, team: str = "tierp") -> tuple[Meeting, ...]:
    with r.office.unit_of_work() as uow:
        return uow.plan.meetings(team, date(2026, 11, 1))


def on(r: Rig, day: date, team: str = "tierp") -> list[Meeting]:
    return [m for m in meetings(r, team) if m.day == day]


def open_form(r: Rig, button: str, team: str, fields: Mapping[str, str]) -> None:
    """The coordinator opens one of the team's forms, fills it in and asks what happens."""
    leads = {"tierp": "helena", "osthammar": "karin"}[team]
    open_home(r, leads)
    actor = r.actor(leads)
    actor.click(button, team)
    for name, given in fields.items():
        actor.fill(name, given)
    actor.submit()


def absent(r: Rig, *people: str, first: date, last: date) -> None:
    with r.office.unit_of_work() as uow:
        for who in people:
            uow.plan.add_absence(who, first, last)
        uow.commit()


def waiting_case(r: Rig, *, urgent: bool = False) -> str:
    """A case for which nobody from Arbetsförmedlingen is there at any of the series' meetings."""
    return raise_case(r, others=("fk", "af"), urgent=urgent)


def nobody_from_af(r: Rig, but: date) -> None:
    absent(r, "daniel", "sofia", first=date(2026, 11, 23), last=but - timedelta(days=1))
    absent(r, "daniel", "sofia", first=but + timedelta(days=1), last=date(2029, 12, 31))


EXTRA_TIME = time(9)
EXTRA = {"day": "2026-12-10", "start": "09:00", "slots": "2", "minutes": "40"}


def test_an_extra_meeting_takes_whoever_waits_in_their_order(town: Rig) -> None:
    """Urgent first, whatever the order of submission; the referrer hears once of each."""
    nobody_from_af(town, date(2026, 12, 10))
    ordinary, urgent = waiting_case(town), waiting_case(town, urgent=True)
    late = waiting_case(town)
    town.settle()
    open_form(town, "team_extra", "tierp", EXTRA)
    said = modal(town, "helena")
    assert said.index(urgent) < said.index(ordinary)
    assert late not in said  # two times, three cases
    assert on(town, date(2026, 12, 10)) == []  # nothing has happened yet
    town.actor("helena").submit()
    town.settle()
    (extra,) = on(town, date(2026, 12, 10))
    assert (extra.series_anchor, len(extra.slots)) == (None, 2)
    assert [day_of(town, case) for case in (urgent, ordinary)] == ["2026-12-10", "2026-12-10"]
    with town.office.unit_of_work() as uow:
        assert [r.reference for r in uow.cases.waiting("tierp")] == [late]
        first = uow.plan.booking(booking_of(town, urgent))
        assert first is not None
        assert extra.slot(first.slot).position == 0


def test_everyone_attends_an_extra_meeting(town: Rig) -> None:
    """The health centre comes every second time to the series, and always to an extra meeting."""
    call = call_parties(town, others=("vc_tierp",))
    day = date.fromisoformat(day_of(town, call))
    absent(town, "mirjam", "petter", first=day, last=date(2029, 12, 31))
    reference = raise_case(town, others=("vc_tierp",))
    preview = preview_extra(
        town.office, "helena", "tierp", ExtraMeeting(day - timedelta(days=5), EXTRA_TIME, 1, 30)
    )
    assert [move.reference for move in preview.moves] == [reference]


def test_a_single_time_moves_a_booked_case(town: Rig) -> None:
    """It keeps its UID, and the parties are asked anew."""
    reference = call_parties(town)
    open_form(
        town,
        "team_single",
        "tierp",
        {"referral": referral_of(town, reference), "day": "2026-12-03", "start": "10:00", "minutes": "60"},
    )
    assert "torsdag 3 december" in modal(town, "helena")
    town.actor("helena").submit()
    town.settle()
    assert day_of(town, reference) == "2026-12-03"
    parts = [Calendar.from_ical(calendar_part(m) or b"").walk("VEVENT")[0] for m in town.mails("nasrin")]
    assert len({str(p["uid"]) for p in parts}) == 1
    assert [p["sequence"] for p in parts] == [0, 1]


def test_a_single_time_for_a_case_that_waits_is_confirmed_at_once(town: Rig) -> None:
    nobody_from_af(town, date(2026, 12, 3))
    reference = waiting_case(town)
    town.settle()
    referral = referral_of(town, reference)
    fields = {"referral": referral, "day": "2026-12-03", "start": "10:00"}
    open_form(town, "team_single", "tierp", fields)
    town.actor("helena").submit()
    town.settle()
    assert (
        value(town, "SELECT status FROM booking WHERE id = :id", id=booking_of(town, reference)) == "booked"
    )
    assert day_of(town, reference) == "2026-12-03"


def test_who_is_not_free_is_named(town: Rig) -> None:
    reference = call_parties(town)
    absent(town, "nasrin", "johan", first=date(2026, 12, 3), last=date(2026, 12, 3))
    fields = {"referral": referral_of(town, reference), "day": "2026-12-03", "start": "10:00"}
    open_form(town, "team_single", "tierp", fields)
    said = town.actor("helena").errors["start"]
    assert "Försäkringskassan" in said
    for who in ("nasrin", "johan"):
        assert town.person(who).name in said
    assert on(town, date(2026, 12, 3)) == []


def referral_of(r: Rig, reference: str) -> str:
    statement = 'SELECT r.id FROM referral r JOIN case_record c ON r."case" = c.id WHERE c.reference = :ref'
    return str(value(r, statement, ref=reference))


# --- a closed period -----------------------------------------------------------------------------------


def test_a_closed_period_moves_all_its_cases_at_once(town: Rig) -> None:
    """Two meetings, two cases: one plan, one message to somebody who is in both."""
    first = call_parties(town)
    absent(town, "nasrin", "johan", first=date(2026, 12, 1), last=date(2026, 12, 21))
    second = call_parties(town)
    days = sorted({day_of(town, case) for case in (first, second)})
    assert len(days) == 2
    before = len(texts(town, "maja"))
    open_form(town, "team_close", "tierp", {"first": days[0], "last": days[1], "reason": "Ombyggnad"})
    said = modal(town, "helena")
    assert first in said
    assert second in said
    town.actor("helena").submit()
    town.settle()
    closed = [m for m in meetings(town) if days[0] <= m.day.isoformat() <= days[1]]
    assert {m.status for m in closed} == {MeetingStatus.CANCELLED}
    assert all(day_of(town, case) > days[1] for case in (first, second))
    new = texts(town, "maja")[before:]
    assert len(new) == 1, new
    assert "är inställda" in new[0]
    assert "Ombyggnad" not in " ".join(texts(town, "nasrin"))


def test_a_closed_period_survives_the_file(town: Rig) -> None:
    """What is planned later in the period is closed as well, and an apply takes nothing back."""
    period = Period(date(2026, 12, 7), date(2027, 1, 6), "Ombyggnad")
    plan = preview_close(town.office, "helena", "tierp", period)
    close_period(town.office, "helena", "tierp", period, plan.fingerprint)
    before = meetings(town)
    Applier(town.office).apply(town.organisation)
    assert meetings(town) == before
    teams = tuple(
        replace(t, series=tuple(replace(s, start=s.start.replace(hour=14)) for s in t.series))
        for t in town.organisation.teams
    )
    Applier(town.office).apply(replace(town.organisation, teams=teams))
    held = [m for m in meetings(town) if m.status is MeetingStatus.PLANNED]
    assert all(not period.first <= m.day <= period.last for m in held)


def test_only_the_coordinator_may_close(town: Rig) -> None:
    with pytest.raises(NotAllowed):
        preview_close(town.office, "maja", "tierp", Period(date(2026, 12, 1), date(2026, 12, 2), "x"))


# --- the file ------------------------------------------------------------------------------------------


def test_a_moved_and_an_extra_meeting_survive_the_file_and_the_next_term(town: Rig) -> None:
    office = town.office
    moved = next(m for m in meetings(town) if m.status is MeetingStatus.PLANNED and m.day > date(2026, 12, 1))
    wanted = NewTime(date(2026, 12, 10), moved.start, "Biblioteket", moved.link)
    move_meeting(
        office, "helena", moved.id, wanted, preview_move(office, "helena", moved.id, wanted).fingerprint
    )
    extra = ExtraMeeting(date(2026, 12, 11), EXTRA_TIME, 2, 30, "Biblioteket")
    add_extra_meeting(
        office, "helena", "tierp", extra, preview_extra(office, "helena", "tierp", extra).fingerprint
    )
    before = meetings(town)
    applied = Applier(office).apply(town.organisation)
    assert applied.nothing
    assert meetings(town) == before
    teams = tuple(
        replace(
            t,
            place="Nya huset",
            series=tuple(replace(s, until=s.until + timedelta(weeks=2)) for s in t.series),
        )
        for t in town.organisation.teams
    )
    Applier(office).apply(replace(town.organisation, teams=teams))
    assert on(town, date(2026, 12, 10)) == [m for m in before if m.day == date(2026, 12, 10)]
    assert on(town, date(2026, 12, 11)) == [m for m in before if m.day == date(2026, 12, 11)]
    assert on(town, moved.day) == []


def _longer(series: MeetingSeries) -> MeetingSeries:
    return replace(series, until=series.until + timedelta(weeks=2))


# --- a meeting without a case --------------------------------------------------------------------------


def empty_meeting(r: Rig) -> Meeting:
    """Let time pass until the coordinator is asked about a meeting; that meeting."""
    meeting = next(m for m in meetings(r) if m.status is MeetingStatus.PLANNED and m.day > date(2026, 12, 1))
    r.until(meeting.starts_at - timedelta(days=6))
    return meeting


def questions(r: Rig) -> list[str]:
    return [text for text in texts(r, "helena") if "Inget ärende är bokat" in text]


def test_a_meeting_without_cases_is_released(town: Rig) -> None:
    """Asked once; on release the meeting is cancelled, and the representatives hear of it in chat."""
    open_home(town, "helena")
    meeting = empty_meeting(town)
    asked = len(questions(town))
    assert asked
    assert "Möten utan ärenden" in page(town, "helena")
    before = len(texts(town, "nasrin"))
    town.actor("helena").click("meeting_release", meeting.id)
    town.settle()
    (found,) = on(town, meeting.day)
    assert found.status is MeetingStatus.CANCELLED
    assert "är inställt, eftersom inget ärende är bokat" in texts(town, "nasrin")[before]
    assert town.mails("nasrin") == []
    town.pass_time(days=1)
    assert len(questions(town)) < asked  # the question itself says now that the meeting is cancelled


def test_the_question_is_withdrawn_when_a_case_is_booked(town: Rig) -> None:
    meeting = empty_meeting(town)
    asked = len(questions(town))
    reference = raise_case(town, urgent=True)
    town.settle()
    assert day_of(town, reference) == meeting.day.isoformat()
    assert len(questions(town)) == asked - 1
    with pytest.raises(LookupError):
        town.actor("helena").click("meeting_release", meeting.id, where="message")


def test_a_meeting_that_is_not_released_is_held(town: Rig) -> None:
    meeting = empty_meeting(town)
    town.until(meeting.starts_at + timedelta(hours=1))
    (found,) = on(town, meeting.day)
    assert found.status is MeetingStatus.PLANNED


# --- free times ----------------------------------------------------------------------------------------


def posts(r: Rig) -> list[str]:
    return [m.body["text"] for m in channel_posts(r)]


def test_the_channel_is_told_of_free_times_a_week_before_it_is_too_late(town: Rig) -> None:
    """The last day for 22 December is the 11th, seven workdays before: so the post comes on the 4th."""
    reference = call_parties(town)
    town.until(town.clock.at.replace(day=4, month=12, hour=9))
    found = [text for text in posts(town) if "lediga tider" in text and "22 december" in text]
    assert len(found) == 1, posts(town)
    assert "11 december" in str(channel_posts(town)[-1].body)
    assert reference not in " ".join(posts(town))
    assert "https" not in " ".join(str(m.body) for m in channel_posts(town))
    town.until(town.clock.at.replace(day=12))
    assert len([text for text in posts(town) if "lediga tider" in text and "22 december" in text]) == 1


def test_the_channel_is_told_when_the_term_opens(town: Rig) -> None:
    """The first meeting of 2027 is on 5 January; the last day for it, three weeks earlier, an open day."""
    town.until(town.clock.at.replace(day=18, month=12))
    found = [text for text in posts(town) if "En ny termin börjar" in text]
    assert len(found) == 1, posts(town)


def test_the_posts_can_be_turned_off(town: Rig) -> None:
    open_home(town, "helena")
    town.actor("helena").click("more", "team_posts|tierp", where="home")
    town.settle()
    assert "får inte veta" in page(town, "helena")
    town.until(town.clock.at.replace(day=18, month=12))
    assert not [text for text in posts(town) if "lediga tider" in text or "termin" in text]
    Applier(town.office).apply(town.organisation)
    with town.office.unit_of_work() as uow:
        team = uow.organisation.team("tierp")
    assert team is not None
    assert not team.rules.free_times_posts
