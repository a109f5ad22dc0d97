"""Who one can be in the local workspace, and a first tour of it: from the organisation file."""

from __future__ import annotations

from bot.workspace import GuideStep, Persona
from schedules.domain.organisation import Organisation, Person, Team
from schedules.texts.words import LANGUAGES, Words

GROUP_MEMBERS = (("U0901", "Linnea Holm"), ("U0902", "Omar Saleh"))
STRANGER = ("U0999", "Robin Ström")
ORDER = ("caseworker", "coordinator", "representative", "process_leader")


def cast_of(organisation: Organisation) -> tuple[Persona, ...]:
    """Everybody with a Slack id, by role, then members of a user group and somebody who may do nothing."""
    people = [p for p in organisation.people if p.slack]
    people.sort(key=lambda p: ORDER.index(_role(organisation, p)))
    return (*(_persona(organisation, p) for p in people), *_visitors(organisation))


def group_members(organisation: Organisation) -> dict[str, tuple[str, ...]]:
    """The invented members of the first party's user group; they stand in no file."""
    group = next((p.slack_group for p in organisation.parties if p.slack_group), None)
    return {group: tuple(user for user, _ in GROUP_MEMBERS)} if group else {}


def guide_of(organisation: Organisation, language: str) -> tuple[GuideStep, ...]:
    """A tour in the first team whose coordinator confirms: raise, confirm, answer, remind."""
    teams = [t for t in organisation.teams if t.rules.coordinator_confirms]
    for team in teams or organisation.teams:
        steps = _tour(organisation, team, Words(language))
        if steps:
            return steps
    return ()


def _tour(organisation: Organisation, team: Team, words: Words) -> tuple[GuideStep, ...]:
    people = {p.id: p for p in organisation.people if p.slack}
    coordinator = people.get(team.coordinator)
    called = [people[m.representatives[0]] for m in team.parties if m.representatives[0] in people]
    own = {m.party for m in team.parties}
    caseworkers = [p for p in people.values() if p.party in own and _role(organisation, p) == "caseworker"]
    referrer = _speaking(words.language, caseworkers)
    guests = [p for p in called if referrer and p.party != referrer.party and p.id != team.coordinator]
    guest = _speaking(words.language, guests)
    if not (coordinator and referrer and guest):
        return ()
    party = next(p.name for p in organisation.parties if p.id == guest.party)
    return (
        _step(referrer, "raise", words, party=party, team=team.name),
        _step(coordinator, "confirm", words),
        _step(guest, "answer", words),
        _step(guest, "remind", words),
    )


def _speaking(language: str, people: list[Person]) -> Person | None:
    return next((p for p in people if (p.language or "sv") == language), people[0] if people else None)


def _step(person: Person, key: str, words: Words, **values: object) -> GuideStep:
    title = words(f"local.guide.{key}")
    return GuideStep(person.slack[0], title, words(f"local.guide.{key}.how", **values))


def _persona(organisation: Organisation, person: Person) -> Persona:
    party = next((p.name for p in organisation.parties if p.id == person.party), "")
    locale, role = person.language or "sv", _role(organisation, person)
    said = Words(locale)(f"local.{role}", party=party)
    return Persona(person.slack[0], person.name, said, person.email, locale, _headings(role))


def _visitors(organisation: Organisation) -> tuple[Persona, ...]:
    group = next((p for p in organisation.parties if p.slack_group), None)
    words = Words("sv")
    members = [
        Persona(user, name, words("local.caseworker", party=group.name), None, "sv", _headings("caseworker"))
        for user, name in GROUP_MEMBERS
        if group is not None
    ]
    return (*members, Persona(*STRANGER, words("local.stranger"), None, "sv", _headings("stranger")))


def _headings(role: str) -> dict[str, str]:
    return {language: Words(language)(f"local.group.{role}") for language in LANGUAGES}


def _role(organisation: Organisation, person: Person) -> str:
    if any(person.id == team.coordinator for team in organisation.teams):
        return "coordinator"
    if any(person.id in m.representatives for team in organisation.teams for m in team.parties):
        return "representative"
    return "process_leader" if person.id in organisation.process_leaders else "caseworker"
