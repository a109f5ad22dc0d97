"""Who meets whom, where and when: the organisation as its file (DESIGN.md) describes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum


class PartyKind(StrEnum):
    """What sort of public body a party is."""

    MUNICIPALITY = "municipality"
    SOCIAL_INSURANCE = "social_insurance"
    EMPLOYMENT_SERVICE = "employment_service"
    HEALTH_CARE = "health_care"
    OTHER = "other"


class Rhythm(StrEnum):
    """At which meetings of a series a party takes part."""

    EVERY = "every"
    EVERY_SECOND = "every_second"
    ON_REQUEST = "on_request"


class AnswerRule(StrEnum):
    """Whether silence is an answer (DESIGN.md, "The quiet bot")."""

    REQUIRED = "required"
    ONLY_DECLINES = "only_declines"


@dataclass(frozen=True, slots=True)
class Party:
    """A public body (part). Two units of one `organisation` count as one in the two-parties goal.

    `contact` (person id) is asked when none of the party's representatives can come.
    """

    id: str
    name: str
    kind: PartyKind = PartyKind.OTHER
    organisation: str | None = None
    slack_group: str | None = None
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works with the cases; has a Slack identity, a mail address, or both.

    `comes_unless_declined` is the person's own setting "I come unless I say otherwise"; no file says it.
    """

    id: str
    party: str
    name: str
    email: str | None = None
    slack: tuple[str, ...] = ()
    phone: str | None = None
    language: str | None = None
    comes_unless_declined: bool = False


@dataclass(frozen=True, slots=True)
class Membership:
    """A party's part in a team: its representatives in order, its rhythm, its first and last day."""

    party: str
    representatives: tuple[str, ...]
    rhythm: Rhythm = Rhythm.EVERY
    first: date | None = None
    from_date: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Closure:
    """Days, both included, on which the team does not meet."""

    from_date: date
    to_date: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MeetingSeries:
    """The rule for a term's meetings (mötesserie); `start` is local wall time."""

    anchor: date
    start: time
    slots: int
    slot_minutes: int
    until: date
    weeks: int = 2
    reserve_slots: int = 0
    reserve_release_workdays: int = 3


@dataclass(frozen=True, slots=True)
class Rules:
    """A team's rules; spans in workdays, excluding the first day.

    Without `confirms_by_itself` only the coordinator confirms a held time; one that nobody confirms lapses.
    `free_times_posts`: whether the team's channel is told of free times (services/free_times.py).
    `pulse`: whether those who were at a meeting are asked, in a word, how it was (services/pulse.py).
    """

    lead_workdays: int = 7
    urgent_lead_workdays: int = 1
    agenda_workdays: int = 5
    coordinator_confirms: bool = True
    confirm_by_itself_workdays: int = 1
    confirms_by_itself: bool = True
    invite_delay_minutes: int = 10
    answers: AnswerRule = AnswerRule.REQUIRED
    language: str | None = None
    free_times_posts: bool = True
    pulse: bool = True


@dataclass(frozen=True, slots=True)
class Goals:
    """What the board wants to see (DOMAIN.md, "Rules and figures")."""

    cases_with_two_parties_per_year: int | None = None
    attendance_percent: int | None = None
    first_contact_days: int | None = None


@dataclass(frozen=True, slots=True)
class Team:
    """The parties that meet at one place (samverkansteam)."""

    id: str
    name: str
    reference_prefix: str
    coordinator: str
    municipality: str = ""
    channel: str | None = None
    coordinator_deputies: tuple[str, ...] = ()
    place: str = ""
    meeting_link: str | None = None
    closures: tuple[Closure, ...] = ()
    parties: tuple[Membership, ...] = ()
    series: tuple[MeetingSeries, ...] = ()
    rules: Rules = field(default_factory=Rules)
    goals: Goals = field(default_factory=Goals)

    def membership(self, party: str) -> Membership | None:
        """The team's membership of `party`, or None."""
        return next((m for m in self.parties if m.party == party), None)


@dataclass(frozen=True, slots=True)
class TargetGroup:
    """Ages, both included, outside which the referrer is asked "raise all the same?"."""

    from_age: int = 16
    to_age: int = 64


@dataclass(frozen=True, slots=True)
class Retention:
    """When case data may be erased; nothing is before `decision` names a decision's number."""

    decision: str | None = None
    protected_months: int = 12
    all_months: int = 36
    audit_years: int = 5


@dataclass(frozen=True, slots=True)
class Organisation:
    """One association (samordningsförbund) and all that its file says."""

    association: str
    timezone: str = "Europe/Stockholm"
    process_leaders: tuple[str, ...] = ()
    administrators: tuple[str, ...] = ()
    target_group: TargetGroup = field(default_factory=TargetGroup)
    parties: tuple[Party, ...] = ()
    people: tuple[Person, ...] = ()
    teams: tuple[Team, ...] = ()
    retention: Retention = field(default_factory=Retention)
