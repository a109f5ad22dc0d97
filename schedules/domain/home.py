"""What the App Home and the lists show, by role. Open facts only: a page in chat is no modal.

Days and times are local. Ids are public ids, the values of the buttons.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from schedules.domain.cases import QuestionCategory, ReferralStatus, Urgency
from schedules.domain.facts import MeetingFacts, OwnCall
from schedules.domain.figures.measures import percent
from schedules.domain.organisation import Rhythm
from schedules.domain.plan import Answer, DeclineReason


@dataclass(frozen=True, slots=True)
class When:
    """A booked time."""

    day: date
    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Proposal:
    """A held time that the coordinator is to confirm.

    `confirms_itself` is when it does so unasked; `lapses` when others get the time instead.
    """

    booking: str
    referral: str
    reference: str
    team: str
    when: When
    referrer: str
    parties: tuple[str, ...]
    categories: tuple[QuestionCategory, ...]
    urgency: Urgency
    flags: tuple[str, ...] = ()
    confirms_itself: tuple[date, time] | None = None
    lapses: tuple[date, time] | None = None


@dataclass(frozen=True, slots=True)
class DeclinedCall:
    """A party without anybody who can come, and the `ways` (actions) that there are.

    `invitation` is the declined call's public id; `contact` is whom the party's contact is and on which day
    they were asked for somebody.
    """

    booking: str
    referral: str
    reference: str
    when: When
    party: str
    person: str
    invitation: str = ""
    reason: DeclineReason | None = None
    ways: tuple[str, ...] = ()
    contact: str | None = None
    contact_asked_on: date | None = None


@dataclass(frozen=True, slots=True)
class WaitingReferral:
    """A referral that no time suits yet."""

    referral: str
    reference: str
    team: str
    parties: tuple[str, ...]
    since: date
    urgency: Urgency


@dataclass(frozen=True, slots=True)
class FailedDelivery:
    """A message that could not be delivered; `channel` is `mail` or `chat`, or `address`: mail comes back.

    `referral` is the case that it was about, if any; `phone` the person's.
    """

    person: str
    channel: str
    reference: str | None = None
    referral: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class CallState:
    """Where one call to a case of a meeting stands; `counts_as_coming` with or without a word."""

    reference: str
    party: str | None
    person: str
    answer: Answer
    identity_known: bool
    must_answer: bool = True
    counts_as_coming: bool = False


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """A coming meeting: how full it is, and who has answered. `leads`: the reader coordinates its team."""

    meeting: str
    facts: MeetingFacts
    taken: int
    slots: int
    calls: tuple[CallState, ...] = ()
    leads: bool = False
    own: tuple[OwnCall, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseLink:
    """A case that a line is about, with the ids that its menu acts on."""

    referral: str
    reference: str
    booking: str | None = None


@dataclass(frozen=True, slots=True)
class SilentCall:
    """Somebody who has not answered: one line a person and meeting. `invitation` is one of their calls.

    `reminded` twice already; then `deputy` is asked as well, if one is free.
    """

    meeting: str
    team: str
    day: date
    invitation: str
    person: str
    party: str
    cases: tuple[CaseLink, ...]
    reminded: bool = False
    deputy: str | None = None


@dataclass(frozen=True, slots=True)
class UntoldCase:
    """A case of which somebody called does not yet know whom it concerns; the referrer is to tell them."""

    case: CaseLink
    when: When
    people: tuple[str, ...]
    referrer: str


class TaskKind(StrEnum):
    """What has to be seen to before a meeting; what the person needs is protected and not said here."""

    NEEDS = "needs"
    ASK_PERSON = "ask_person"
    FEEDBACK = "feedback"  # the person was not at the meeting and is to be told


@dataclass(frozen=True, slots=True)
class Task:
    """Something to arrange for a case."""

    kind: TaskKind
    case: CaseLink
    referrer: str
    when: When | None = None


@dataclass(frozen=True, slots=True)
class UnreportedMeeting:
    """A meeting that is over, and how many of its cases are not reported."""

    meeting: str
    facts: MeetingFacts
    cases: int


@dataclass(frozen=True, slots=True)
class ReportedMeeting:
    """A meeting of these days that is reported; its results can be read and changed."""

    meeting: str
    facts: MeetingFacts


@dataclass(frozen=True, slots=True)
class UrgentCount:
    """How many of a team's cases this term are marked urgent; `team` is its id."""

    team: str
    name: str
    urgent: int


@dataclass(frozen=True, slots=True)
class LedTeam:
    """A team that the reader coordinates; `posts`: whether its channel is told of free times."""

    team: str
    name: str
    posts: bool | None = None


@dataclass(frozen=True, slots=True)
class AttendanceAtRisk:
    """A party under its goal, which it reaches with `needed` of `left` meetings; `silent` did not answer."""

    team: str
    party: str
    called: int
    came: int
    goal: int
    needed: int
    left: int
    silent: tuple[SilentCall, ...] = ()

    @property
    def percent(self) -> int:
        """Whole percent of the meetings it was called to."""
        return percent(self.came, self.called) or 0


@dataclass(frozen=True, slots=True)
class PersonsAtRisk:
    """A team behind its yearly goal of persons with two organisations; `free` times are left in its plan."""

    team: str
    goal: int
    free: int


@dataclass(frozen=True, slots=True)
class CaseAtRisk:
    """A case whose first meeting would come later than the goal; `when` is None without a time."""

    case: CaseLink
    team: str
    when: When | None


GoalAtRisk = AttendanceAtRisk | PersonsAtRisk | CaseAtRisk


@dataclass(frozen=True, slots=True)
class CoordinatorDesk:
    """What needs a coordinator's decision, whom to chase, what to arrange, the next meetings, the teams.

    `empty` are meetings without a case whose agenda is due: the reader may release them. `goals` are at risk
    while they can still be reached.
    """

    proposals: tuple[Proposal, ...] = ()
    declined: tuple[DeclinedCall, ...] = ()
    silent: tuple[SilentCall, ...] = ()
    untold: tuple[UntoldCase, ...] = ()
    tasks: tuple[Task, ...] = ()
    waiting: tuple[WaitingReferral, ...] = ()
    failed: tuple[FailedDelivery, ...] = ()
    meetings: tuple[MeetingLine, ...] = ()
    urgent: tuple[UrgentCount, ...] = ()
    empty: tuple[MeetingLine, ...] = ()
    teams: tuple[LedTeam, ...] = ()
    unreported: tuple[UnreportedMeeting, ...] = ()
    goals: tuple[GoalAtRisk, ...] = ()
    reported: tuple[ReportedMeeting, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnCase:
    """A case that the reader has raised or owns.

    `missing` are the names of `referral_details` fields without a value. `proposed` while the time is held
    but not yet confirmed; `can_send_now` while the referrer's own minutes run. `without_consent` are the
    parties that the consent does not name, `to_tell` those who do not know whom it concerns. `owed` is the
    booking of a meeting of which the person is still to be told.
    """

    referral: str
    reference: str
    team: str
    status: ReferralStatus
    when: When | None = None
    booking: str | None = None
    proposed: bool = False
    can_send_now: bool = False
    accepted: int = 0
    asked: int = 0
    missing: tuple[str, ...] = ()
    without_consent: tuple[str, ...] = ()
    to_tell: tuple[str, ...] = ()
    tasks: tuple[TaskKind, ...] = ()
    owed: str | None = None


@dataclass(frozen=True, slots=True)
class TeamOverview:
    """A team in counts, for those who follow all teams: no case and nobody called.

    `unreported` meetings have lacked a report for more than five workdays.
    """

    team: str
    coordinator: str
    live: int
    waiting: int
    meetings: tuple[MeetingLine, ...] = ()
    unreported: int = 0


@dataclass(frozen=True, slots=True)
class AbsenceLine:
    """A present or coming absence that the reader may change; `own` when it is the reader's."""

    absence: str
    person: str
    from_date: date
    to_date: date
    own: bool


@dataclass(frozen=True, slots=True)
class ComingHandover:
    """What changes hands on a day to come, in a team of the reader's. Names.

    `take_back` is the value of the button that takes it back, where the reader may.
    """

    team: str
    person: str
    successor: str
    from_date: date
    take_back: str | None = None


@dataclass(frozen=True, slots=True)
class DutyDesk:
    """Absences and handovers; `leads_for`: coordinators (with their teams) for whom the reader stands in."""

    absences: tuple[AbsenceLine, ...] = ()
    handovers: tuple[ComingHandover, ...] = ()
    leads_for: tuple[tuple[str, str], ...] = ()
    may_enter: bool = False
    may_hand_over: bool = False


@dataclass(frozen=True, slots=True)
class FollowUpLine:
    """A follow-up that waits, after a meeting on that day. `asked`: who was asked, if not the reader."""

    referral: str
    reference: str
    team: str
    meeting_day: date
    asked: str | None = None


@dataclass(frozen=True, slots=True)
class HomePage:
    """The page of one person. `coordinator` is None for those who lead no team.

    `comes_unless_declined` is the setting of somebody who represents a party, None for others.
    `represents`: is a party's representative or deputy in some team.
    """

    name: str
    language: str
    may_raise: bool
    represents: bool = False
    coordinator: CoordinatorDesk | None = None
    calls: tuple[OwnCall, ...] = ()
    cases: tuple[OwnCase, ...] = ()
    comes_unless_declined: bool | None = None
    duty: DutyDesk = DutyDesk()
    overview: tuple[TeamOverview, ...] = ()
    follow_ups: tuple[FollowUpLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Reach:
    """How to reach a colleague. `slack` is a user id; `bounced`: mail to the address does not arrive."""

    name: str
    phone: str | None = None
    email: str | None = None
    slack: str | None = None
    bounced: bool = False


@dataclass(frozen=True, slots=True)
class PartyContacts:
    """A party's representatives in calling order, and at which meetings it takes part."""

    party: str
    rhythm: Rhythm
    people: tuple[Reach, ...]


@dataclass(frozen=True, slots=True)
class TeamContacts:
    """Whom to reach in a team: the coordinator, the deputies, and each party's people."""

    team: str
    coordinator: Reach
    deputies: tuple[Reach, ...] = ()
    parties: tuple[PartyContacts, ...] = ()
