"""The contact list: each person with every way to reach them. mrkdwn, escaped. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from bot.views import blocks as b
from bot.views.blocks import Block
from schedules.domain.home import PartyContacts, Reach, TeamContacts
from schedules.texts.words import Words


def team(one: TeamContacts, words: Words) -> list[tuple[Block, ...]]:
    """A team as items: its name with those who lead it, then each party."""
    lead = [b.bold(b.cut(b.one_line(one.team), 200))]
    lead.append(_named(words("contacts.coordinator"), one.coordinator, words))
    lead.extend(_named(words("contacts.coordinator_deputy"), deputy, words) for deputy in one.deputies)
    return [(b.section("\n".join(lead)),), *((b.section(party(p, words)),) for p in one.parties)]


def party(one: PartyContacts, words: Words) -> str:
    """A party's people in the order in which they are called, and its rhythm."""
    told = [b.bold(b.cut(b.one_line(one.party), 200)), b.escape(words(f"rhythm.{one.rhythm.value}"))]
    told.extend(_numbered(at, person, words) for at, person in enumerate(one.people, start=1))
    if not one.people:
        told.append(b.escape(words("contacts.nobody")))
    return "\n".join(told)


def _numbered(at: int, one: Reach, words: Words) -> str:
    return f"{at}. {reach(one, words)}"


def _named(title: str, one: Reach, words: Words) -> str:
    return f"{b.escape(title)}: {reach(one, words)}"


def reach(one: Reach, words: Words) -> str:
    """A person with Slack mention, phone and mail; an address that mail does not reach is said so."""
    ways: list[str] = [b.escape_within(b.one_line(one.name), 200)]
    if one.slack and one.slack.isalnum():
        ways.append(f"<@{one.slack}>")
    if one.phone:
        ways.append(_link("tel", one.phone.replace(" ", ""), one.phone))
    if one.email:
        ways.append(_link("mailto", one.email, one.email))
    if not (one.slack or one.phone or one.email):
        ways.append(b.escape(words("contacts.no_way")))
    told = ", ".join(ways)
    return f"{told}. {b.escape(words('contacts.bounced'))}" if one.bounced else told


def _link(scheme: str, address: str, label: str) -> str:
    shown = b.escape_within(b.one_line(label), 200).replace("|", "/")
    return f"<{scheme}:{quote(address, safe='@+-._')}|{shown}>"


def items(teams: Sequence[TeamContacts], words: Words) -> list[tuple[Block, ...]]:
    """Every team's items in a row."""
    return [item for one in teams for item in team(one, words)]
