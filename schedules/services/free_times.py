"""Posts in the team's channel that colleagues can raise cases: dates, places and counts only (promise 5).

A term is a half-year (DOMAIN.md, "termin"). It opens three weeks before the last day on which an ordinary
case can be raised for the first meeting that the term's series give: by then its times wait to be filled. A
post falls on the first open day from then on, so that none comes in the summer. Later each meeting that still
has times gets one post, a week before its own last day. What would have been posted before the meetings were
in the plan is not posted at all. `free_times_posts: false` in the team's rules turns both off.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from schedules.domain.authority import Command
from schedules.domain.calendar import closed_reason, occurrences, reserve_holds
from schedules.domain.chat import ChatMessage
from schedules.domain.organisation import Team
from schedules.domain.plan import Meeting, MeetingStatus
from schedules.domain.schedule import DAY_BEFORE_AT, at
from schedules.domain.workdays import add_workdays
from schedules.ports import Due, DueKind, UnitOfWork
from schedules.services.authority import Subject, require, team_of
from schedules.services.facts import meeting_facts, meeting_of
from schedules.services.letters import About, post_in_channel, posted
from schedules.services.office import Office, new_id
from schedules.texts.free_times import term_opens, times_left
from schedules.texts.words import Words

WEEK = timedelta(weeks=1)
TERM_AHEAD = 3 * WEEK
POSTS = (DueKind.FREE_TIMES, DueKind.TERM_OPENS)


def plan_posts(uow: UnitOfWork, office: Office, team: Team, meeting: Meeting, round_: int = 0) -> None:
    """Plan what is to be posted about a meeting; what is past already is not."""
    last = last_day(office, team, meeting)
    times = {
        DueKind.FREE_TIMES: _open_at(office, team, last - WEEK),
        DueKind.TERM_OPENS: _open_at(office, team, last - TERM_AHEAD),
    }
    for kind, when in times.items():
        # Whether it opens its term is asked last: that looks at the whole series.
        if when > office.now() and (kind is DueKind.FREE_TIMES or opens_term(office, team, meeting)):
            uow.due.plan(Due(new_id(), kind, meeting.id, team.id, when, round_))


def last_day(office: Office, team: Team, meeting: Meeting) -> date:
    """The last day on which an ordinary case can be raised for the meeting."""
    return add_workdays(meeting.day, -team.rules.lead_workdays, office.is_holiday)


def opens_term(office: Office, team: Team, meeting: Meeting) -> bool:
    """Whether the meeting is the first of its half-year that the series give on an open day."""
    if meeting.series_anchor is None:
        return False
    scheduled = office.local(meeting.scheduled_at).date() if meeting.scheduled_at else meeting.day
    days = (
        day
        for series in team.series
        for _, day in occurrences(series)
        if _term(day) == _term(scheduled) and closed_reason(day, team.closures, office.is_holiday) is None
    )
    return min(days, default=None) == scheduled


def post_times_left(uow: UnitOfWork, office: Office, team: Team, meeting_id: str) -> bool:
    """Post that a meeting still has times. False if it has none, or nobody wants to know."""
    meeting = meeting_of(uow, meeting_id)
    last = last_day(office, team, meeting)
    free = _free(uow, office, team, [meeting])
    topic = f"free:{meeting.id}:{meeting.day}"
    if meeting.status is not MeetingStatus.PLANNED or not free or office.today() > last:
        return False
    language = team.rules.language or office.language
    message = times_left(meeting_facts(team, meeting), free, Words(language).day(last), language)
    return _post(uow, office, team, message, topic, meeting)


def post_term_opens(uow: UnitOfWork, office: Office, team: Team, meeting_id: str) -> bool:
    """Post that the term opens. False if no meeting of it is left, or nobody wants to know."""
    term = _term(meeting_of(uow, meeting_id).day)
    coming = [
        m
        for m in uow.plan.meetings(team.id, office.today())
        if m.status is MeetingStatus.PLANNED and m.starts_at > office.now() and _term(m.day) == term
    ]
    if not coming:
        return False
    free = _free(uow, office, team, coming)
    language = team.rules.language or office.language
    message = term_opens(meeting_facts(team, coming[0]), len(coming), free, language)
    return _post(uow, office, team, message, f"term:{team.id}:{term}", coming[0])


def switch_posts(office: Office, actor: str, team_id: str) -> bool:
    """Turn the posts off, or on again; whether they are on now. Raises NotFound, NotAllowed."""

    def work(uow: UnitOfWork) -> bool:
        team = team_of(uow, team_id)
        acting = require(uow, Command.SWITCH_POSTS, actor, Subject(team_id, team))
        on = not team.rules.free_times_posts
        uow.audit.record(actor, acting.party, "team.free_times_posts", team_id, office.now())
        organisation = uow.organisation.load()
        if organisation is not None:
            changed = (_switched(one, on) if one.id == team_id else one for one in organisation.teams)
            uow.organisation.save(replace(organisation, teams=tuple(changed)))
        return on

    return office.change_plan(team_id, work)


def _switched(team: Team, on: bool) -> Team:  # noqa: FBT001  the rule's own value
    return replace(team, rules=replace(team.rules, free_times_posts=on))


def _post(
    uow: UnitOfWork, office: Office, team: Team, message: ChatMessage, topic: str, meeting: Meeting
) -> bool:
    channel = team.channel
    if channel is None or not team.rules.free_times_posts or posted(uow, channel, topic):
        return False
    about = About(meeting=meeting.id, expires_at=meeting.starts_at)
    post_in_channel(uow, office, channel, message, topic, about)
    return True


def _free(uow: UnitOfWork, office: Office, team: Team, meetings: list[Meeting]) -> int:
    """Times that an ordinary case could have."""
    taken = uow.plan.taken_slots(team.id, office.today())
    return sum(
        slot.id not in taken and not (slot.reserved and reserve_holds(meeting, office.today()))
        for meeting in meetings
        for slot in meeting.slots
    )


def _open_at(office: Office, team: Team, day: date) -> datetime:
    """In the morning of that day, or of the first open day after it."""
    while closed_reason(day, team.closures, office.is_holiday) is not None:
        day += timedelta(days=1)
    return at(day, DAY_BEFORE_AT, office.zone)


def _term(day: date) -> str:
    return f"{day.year}-{1 if day.month <= 6 else 2}"  # noqa: PLR2004  June is the first half's last month
