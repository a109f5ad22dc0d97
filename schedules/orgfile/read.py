"""The file's text -> Organisation (DESIGN.md, "Organisation file")."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from schedules.domain.organisation import Organisation, Retention, TargetGroup
from schedules.orgfile import values
from schedules.orgfile.entry import Entry
from schedules.orgfile.people import PARTY_KEYS, PERSON_KEYS, check_contacts, read_parties, read_people
from schedules.orgfile.problems import Report
from schedules.orgfile.registry import Ids, Once
from schedules.orgfile.teams import TEAM_KEYS, Known, check_most, read_teams
from schedules.orgfile.tree import parse

TOP_KEYS = (
    "association",
    "timezone",
    "process_leaders",
    "administrators",
    "target_group",
    "parties",
    "people",
    "teams",
    "retention",
)
TARGET_GROUP_KEYS = ("from_age", "to_age")
RETENTION_KEYS = ("decision", "protected_months", "all_months", "audit_years")


def read_organisation(
    text: str, filename: str, is_holiday: Callable[[date], bool], language: str = "sv"
) -> Organisation:
    """Read and validate the whole file.

    Args:
        text: the file's content.
        filename: the name that stands first in every problem.
        is_holiday: whether a date is a public or de-facto holiday (weekends are known here).
        language: of the problems, `sv` or `en`.

    Raises:
        InvalidOrganisation: with every problem, by line.
    """
    report = Report(filename, language)
    root = parse(text, report)
    report.raise_if_any()
    assert root is not None  # noqa: S101  # parse reports whenever it gives None
    organisation = _organisation(Entry(root, TOP_KEYS, report), is_holiday, report)
    report.raise_if_any()
    return organisation


def _organisation(top: Entry, is_holiday: Callable[[date], bool], report: Report) -> Organisation:
    party_ids, people_ids = Ids("parties", report), Ids("people", report)
    party_entries = top.entries("parties", PARTY_KEYS, required=True)
    parties = read_parties(party_entries, party_ids, report)
    people = read_people(top.entries("people", PERSON_KEYS, required=True), people_ids, party_ids, report)
    check_contacts(party_entries, parties, people_ids)
    known = Known(party_ids, people_ids, {p.id: p.party for p in people if p.party}, is_holiday)
    return Organisation(
        association=top.required("association", values.text(), ""),
        timezone=top.default("timezone", values.timezone, "Europe/Stockholm"),
        process_leaders=_people_at(top, "process_leaders", people_ids),
        administrators=_people_at(top, "administrators", people_ids),
        target_group=_target_group(top.entry("target_group", TARGET_GROUP_KEYS)),
        parties=parties,
        people=people,
        teams=read_teams(top.entries("teams", TEAM_KEYS, required=True), known, report),
        retention=_retention(top.entry("retention", RETENTION_KEYS)),
    )


def _people_at(top: Entry, key: str, people: Ids) -> tuple[str, ...]:
    found = top.texts(key, values.an_id)
    people.check(key, found)
    Once(top.report).add_list(key, found)
    return tuple(person for person, _line in found)


def _target_group(entry: Entry | None) -> TargetGroup:
    plain = TargetGroup()
    if entry is None:
        return plain
    age = values.number(0, 120)
    group = TargetGroup(
        from_age=entry.default("from_age", age, plain.from_age),
        to_age=entry.default("to_age", age, plain.to_age),
    )
    check_most(entry, "from_age", group.from_age, "to_age", group.to_age)
    return group


def _retention(entry: Entry | None) -> Retention:
    plain = Retention()
    if entry is None:
        return plain
    months = values.number(1, 1200)
    retention = Retention(
        decision=entry.optional("decision", values.text()),
        protected_months=entry.default("protected_months", months, plain.protected_months),
        all_months=entry.default("all_months", months, plain.all_months),
        audit_years=entry.default("audit_years", values.number(1, 100), plain.audit_years),
    )
    check_most(entry, "protected_months", retention.protected_months, "all_months", retention.all_months)
    return retention
