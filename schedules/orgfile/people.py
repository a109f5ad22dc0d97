"""The file's parties and people."""

from __future__ import annotations

from schedules.domain.organisation import Party, PartyKind, Person
from schedules.orgfile import values
from schedules.orgfile.entry import Entry
from schedules.orgfile.problems import Report
from schedules.orgfile.registry import Ids, Once

PARTY_KEYS = ("id", "name", "kind", "organisation", "slack_group", "contact")
PERSON_KEYS = ("id", "party", "name", "email", "slack", "phone", "language")


def read_parties(entries: list[Entry], ids: Ids, report: Report) -> tuple[Party, ...]:
    """The parties; their ids are noted in `ids`."""
    once = Once(report)
    return tuple(_party(entry, ids, once) for entry in entries)


def _party(entry: Entry, ids: Ids, once: Once) -> Party:
    party = Party(
        id=entry.required("id", values.an_id, ""),
        name=entry.required("name", values.text(), ""),
        kind=entry.default("kind", values.word_of(PartyKind), PartyKind.OTHER),
        organisation=entry.optional("organisation", values.text()),
        slack_group=entry.optional("slack_group", values.slack_group),
        contact=entry.optional("contact", values.an_id),
    )
    ids.add(entry, party.id)
    if party.slack_group:
        once.add("slack_group", party.slack_group, entry.line("slack_group"))
    return party


def check_contacts(entries: list[Entry], parties: tuple[Party, ...], people: Ids) -> None:
    """Whether the parties' contacts are people of the file."""
    for entry, party in zip(entries, parties, strict=True):
        if party.contact and entry.good("contact"):
            people.check("contact", [(party.contact, entry.line("contact"))])


def read_people(entries: list[Entry], ids: Ids, parties: Ids, report: Report) -> tuple[Person, ...]:
    """The people; their ids are noted in `ids`."""
    once = Once(report)
    return tuple(_person(entry, ids, parties, once) for entry in entries)


def _person(entry: Entry, ids: Ids, parties: Ids, once: Once) -> Person:
    slack = entry.texts("slack", values.slack_user, single=True)
    person = Person(
        id=entry.required("id", values.an_id, ""),
        party=entry.required("party", values.an_id, ""),
        name=entry.required("name", values.text(), ""),
        email=entry.optional("email", values.email),
        slack=tuple(user for user, _line in slack),
        phone=entry.optional("phone", values.phone),
        language=entry.optional("language", values.language),
    )
    ids.add(entry, person.id)
    if entry.good("party"):
        parties.check("party", [(person.party, entry.line("party"))])
    _check_addresses(entry, person, slack, once)
    return person


def _check_addresses(entry: Entry, person: Person, slack: list[tuple[str, int]], once: Once) -> None:
    """Everybody can be reached, and nobody in another's name."""
    if person.email:
        once.add("email", person.email.lower(), entry.line("email"))
    once.add_list("slack", slack)
    for user, line in dict(slack).items():
        once.add("slack", user, line)
    if not (entry.has("email") or slack) and entry.sound("email", "slack"):
        entry.report.add(entry.own_line, "unreachable", person=person.id or person.name or "?")
