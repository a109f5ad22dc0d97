"""Phrases that several messages share: when, who, and what a case is about in open words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schedules.domain.cases import PersonTakesPart, Urgency
from schedules.domain.chat import Link, Section
from schedules.domain.facts import Called, CaseFacts, Contact, MeetingFacts, PassedOverFacts
from schedules.texts import terms
from schedules.texts.reasons import why_not_earlier
from schedules.texts.words import Words


@dataclass(frozen=True, slots=True)
class ToTell:
    """A called representative, and whether they have said that they know whom the case concerns."""

    person: str
    party: str | None
    knows: bool


Telling = Mapping[str, Sequence[ToTell]]  # by referral


def when(facts: CaseFacts, words: Words) -> str:
    """A case's own time: "tisdag 1 december kl. 13:00–13:30"."""
    return words("when", day=words.day(facts.meeting.day), span=words.span(facts.start, facts.end))


def meeting_when(meeting: MeetingFacts, words: Words) -> str:
    """The whole meeting's time: "tisdag 1 december kl. 13:00–15:00"."""
    return words("when", day=words.day(meeting.day), span=words.span(meeting.start, meeting.end))


def where(meeting: MeetingFacts, words: Words) -> tuple[str, ...]:
    """Team and place, a line each."""
    place = (words("place", place=meeting.place),) if meeting.place else ()
    return (meeting.team, *place)


def link(meeting: MeetingFacts, words: Words) -> Link | None:
    """The meeting link, for those called and nobody else."""
    return Link(meeting.link, words("card.link")) if meeting.link else None


def contact(person: Contact) -> str:
    """A colleague and how to reach them: "Maria Ek, +46 293 00 00 00"."""
    return ", ".join(part for part in (person.name, person.phone or person.email) if part)


def person_of(person: str, party: str | None, words: Words) -> str:
    """A colleague with their party: "Maria Ek (Försäkringskassan)"."""
    return words("person_of_party", person=person, party=party) if party else person


def called_people(called: Sequence[Called], words: Words) -> str | None:
    """Who sits for the parties, in one sentence; None if nobody is named yet."""
    names = [person_of(c.person, c.party, words) for c in called if c.party]
    return words("called.people", people=words.all_of(names)) if names else None


def about(case: CaseFacts, party: str | None, words: Words) -> tuple[str, ...]:
    """What a case is about in open words, a line each; the reader's own `party` is not told to itself."""
    lines = [words("case.categories", categories=terms.categories(case.categories, words))]
    if not case.categories:
        lines.clear()
    lines.extend(_parties(case, party, words))
    lines.append(f"{terms.takes_part(case.person_takes_part, words)}.")
    if case.urgency is Urgency.URGENT:
        lines.append(words("case.urgent"))
    return tuple(lines)


def _parties(case: CaseFacts, party: str | None, words: Words) -> tuple[str, ...]:
    others = tuple(name for name in case.parties if name != party)
    if not others:
        return ()
    if party in case.parties:
        return (words.count("case.other_parties", len(others), parties=words.all_of(others)),)
    return (words("case.parties", parties=words.all_of(others)),)


def tell(to_tell: Sequence[ToTell] | None, words: Words) -> tuple[str, ...]:
    """To the referrer: whom to tell, who knows, and how not to. None when the names are not known here."""
    if to_tell is None:
        return (words("tell.called"), words("tell.never"))
    left = [person_of(one.person, one.party, words) for one in to_tell if not one.knows]
    known = [person_of(one.person, one.party, words) for one in to_tell if one.knows]
    if not left:
        return (words("tell.all_know"),) if known else ()
    lines = [words("tell.left", people=words.all_of(left)), words("tell.never")]
    if known:
        lines.append(words.count("tell.know", len(known), people=words.all_of(known)))
    return tuple(lines)


def ask_person(case: CaseFacts, words: Words) -> tuple[str, ...]:
    """The task that follows from a person who has not been asked yet."""
    unasked = case.person_takes_part is PersonTakesPart.NOT_YET_ASKED
    return (words("card.ask_person"),) if unasked else ()


def why_section(
    passed_over: Sequence[PassedOverFacts], words: Words, title: str = "why_not_earlier"
) -> tuple[Section, ...]:
    """Why not earlier, as a section of its own; nothing when nothing was passed over. `title` is a key."""
    sentences = why_not_earlier(passed_over, words)
    return (Section(words(title), sentences),) if sentences else ()
