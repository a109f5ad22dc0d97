"""The file's teams with their memberships, rules and goals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from schedules.domain.organisation import AnswerRule, Closure, Goals, Membership, Rhythm, Rules, Team
from schedules.orgfile import values
from schedules.orgfile.entry import Entry
from schedules.orgfile.problems import Report
from schedules.orgfile.registry import Ids, Once
from schedules.orgfile.series import SERIES_KEYS, read_series

TEAM_KEYS = (
    "id",
    "name",
    "reference_prefix",
    "municipality",
    "channel",
    "coordinator",
    "coordinator_deputies",
    "place",
    "meeting_link",
    "closures",
    "parties",
    "series",
    "rules",
    "goals",
)
MEMBERSHIP_KEYS = ("party", "representatives", "rhythm", "first", "from", "until")
CLOSURE_KEYS = ("from", "to", "reason")
RULE_KEYS = (
    "lead_workdays",
    "urgent_lead_workdays",
    "agenda_workdays",
    "coordinator_confirms",
    "confirm_by_itself_workdays",
    "invite_delay_minutes",
    "answers",
    "language",
    "free_times_posts",
    "pulse",
)
GOAL_KEYS = ("cases_with_two_parties_per_year", "attendance_percent", "first_contact_days")
WORKDAYS_MOST = 260  # the workdays of a year
DAY_MINUTES = 24 * 60


@dataclass(frozen=True)
class Known:
    """What teams may point to; `party_of` maps people to their parties."""

    parties: Ids
    people: Ids
    party_of: Mapping[str, str]
    is_holiday: Callable[[date], bool]


def read_teams(entries: list[Entry], known: Known, report: Report) -> tuple[Team, ...]:
    """The teams, each checked against the parties and people of the file."""
    ids, once = Ids("teams", report), Once(report)
    return tuple(_team(entry, ids, once, known) for entry in entries)


def _team(entry: Entry, ids: Ids, once: Once, known: Known) -> Team:
    deputies = entry.texts("coordinator_deputies", values.an_id)
    team = Team(
        id=entry.required("id", values.an_id, ""),
        name=entry.required("name", values.text(), ""),
        reference_prefix=entry.required("reference_prefix", values.prefix, ""),
        coordinator=entry.required("coordinator", values.an_id, ""),
        municipality=entry.default("municipality", values.text(), ""),
        channel=entry.optional("channel", values.slack_channel),
        coordinator_deputies=tuple(deputy for deputy, _line in deputies),
        place=entry.default("place", values.text(200), ""),
        meeting_link=entry.optional("meeting_link", values.link),
        closures=tuple(map(_closure, entry.entries("closures", CLOSURE_KEYS))),
        parties=_memberships(entry, known),
        series=read_series(entry.entries("series", SERIES_KEYS), known.is_holiday, entry.report),
        rules=_rules(entry.entry("rules", RULE_KEYS)),
        goals=_goals(entry.entry("goals", GOAL_KEYS)),
    )
    ids.add(entry, team.id)
    if entry.good("reference_prefix"):
        once.add("reference_prefix", team.reference_prefix, entry.line("reference_prefix"))
    _check_coordinators(entry, team, deputies, known)
    return team


def _check_coordinators(entry: Entry, team: Team, deputies: list[tuple[str, int]], known: Known) -> None:
    first = [(team.coordinator, entry.line("coordinator"))] if entry.good("coordinator") else []
    known.people.check("coordinator", first)
    known.people.check("coordinator_deputies", deputies)
    Once(entry.report).add_list("coordinator_deputies", [*first, *deputies])


def _closure(entry: Entry) -> Closure:
    closure = Closure(
        from_date=entry.required("from", values.day, date.min),
        to_date=entry.required("to", values.day, date.min),
        reason=entry.default("reason", values.text(), ""),
    )
    check_order(entry, "from", closure.from_date, "to", closure.to_date)
    return closure


def check_order(entry: Entry, first_key: str, first: date | None, last_key: str, last: date | None) -> None:
    """Report a span that ends before it begins."""
    if first and last and entry.good(first_key, last_key) and last < first:
        entry.bad(last_key, "ends_before", first_key=first_key, first=first, last_key=last_key, last=last)


# --- memberships ---------------------------------------------------------------------------------------


def _memberships(team: Entry, known: Known) -> tuple[Membership, ...]:
    once = Once(team.report)
    return tuple(
        _membership(entry, once, known) for entry in team.entries("parties", MEMBERSHIP_KEYS, required=True)
    )


def _membership(entry: Entry, once: Once, known: Known) -> Membership:
    representatives = entry.texts("representatives", values.an_id)
    membership = Membership(
        party=entry.required("party", values.an_id, ""),
        representatives=tuple(person for person, _line in representatives),
        rhythm=entry.default("rhythm", values.word_of(Rhythm), Rhythm.EVERY),
        first=entry.optional("first", values.day),
        from_date=entry.optional("from", values.day),
        until=entry.optional("until", values.day),
    )
    check_order(entry, "from", membership.from_date, "until", membership.until)
    if membership.rhythm is Rhythm.EVERY_SECOND and not entry.has("first"):
        entry.report.add(entry.line("rhythm"), "no_first")
    if entry.good("party"):
        known.parties.check("party", [(membership.party, entry.line("party"))])
        once.add("party", membership.party, entry.line("party"))
    _check_representatives(entry, membership, representatives, known)
    return membership


def _check_representatives(
    entry: Entry, membership: Membership, representatives: list[tuple[str, int]], known: Known
) -> None:
    """Somebody sits for the party, and belongs to it."""
    entry.need("representatives")
    if entry.good("representatives") and not representatives:
        entry.bad("representatives", "empty_list", key="representatives")
    known.people.check("representatives", representatives)
    Once(entry.report).add_list("representatives", representatives)
    for person, line in representatives:
        own = known.party_of.get(person, membership.party)
        known_both = membership.party in known.parties and own in known.parties
        if known_both and own != membership.party:
            entry.report.add(line, "not_of_party", person=person, party=membership.party, own=own)


# --- rules and goals -----------------------------------------------------------------------------------


def _rules(entry: Entry | None) -> Rules:
    plain = Rules()
    if entry is None:
        return plain
    workdays, some_workdays = values.number(0, WORKDAYS_MOST), values.number(1, WORKDAYS_MOST)
    # A number of workdays, or that only the coordinator ever confirms.
    by_itself = entry.optional("confirm_by_itself_workdays", values.number_or_never(1, WORKDAYS_MOST))
    rules = Rules(
        lead_workdays=entry.default("lead_workdays", workdays, plain.lead_workdays),
        urgent_lead_workdays=entry.default("urgent_lead_workdays", workdays, plain.urgent_lead_workdays),
        agenda_workdays=entry.default("agenda_workdays", some_workdays, plain.agenda_workdays),
        coordinator_confirms=entry.default(
            "coordinator_confirms", values.yes_or_no, plain.coordinator_confirms
        ),
        confirm_by_itself_workdays=by_itself or plain.confirm_by_itself_workdays,
        confirms_by_itself=by_itself != values.NEVER,
        invite_delay_minutes=entry.default(
            "invite_delay_minutes", values.number(0, DAY_MINUTES), plain.invite_delay_minutes
        ),
        answers=entry.default("answers", values.word_of(AnswerRule), plain.answers),
        language=entry.optional("language", values.language),
        free_times_posts=entry.default("free_times_posts", values.yes_or_no, plain.free_times_posts),
        pulse=entry.default("pulse", values.yes_or_no, plain.pulse),
    )
    check_most(
        entry, "urgent_lead_workdays", rules.urgent_lead_workdays, "lead_workdays", rules.lead_workdays
    )
    return rules


def check_most(entry: Entry, key: str, value: int, other: str, limit: int) -> None:
    """Report a number above another's."""
    if entry.good(key) and entry.sound(other) and value > limit:
        entry.bad(key, "above", key=key, value=value, other=other, limit=limit)


def _goals(entry: Entry | None) -> Goals:
    if entry is None:
        return Goals()
    return Goals(
        cases_with_two_parties_per_year=entry.optional(
            "cases_with_two_parties_per_year", values.number(1, 100_000)
        ),
        attendance_percent=entry.optional("attendance_percent", values.number(1, 100)),
        first_contact_days=entry.optional("first_contact_days", values.number(1, 366)),
    )
