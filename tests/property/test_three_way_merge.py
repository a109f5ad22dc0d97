"""Whatever was changed where: nothing of the program's is lost silently, and twice is once."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from schedules.domain.organisation import Membership, Organisation, Party, Person, Rules, Team
from schedules.domain.three_way import Merge, merge

SOME = settings(max_examples=60, deadline=None)
PLACES = st.sampled_from(["", "a", "b", "c"])


@st.composite
def organisations(draw: st.DrawFn) -> Organisation:
    """Small enough that three of them meet in the same ids and values, and whole: no dangling references."""
    parties = draw(st.lists(st.sampled_from(["x", "y", "z"]), unique=True, min_size=1))
    people = draw(st.lists(st.sampled_from(["p", "q", "r", "s"]), unique=True, min_size=1))
    teams = draw(st.lists(st.sampled_from(["t", "u"]), unique=True))
    person, party = st.sampled_from(people), st.sampled_from(parties)
    several = st.lists(person, unique=True, min_size=1, max_size=2).map(tuple)
    return Organisation(
        association=draw(st.sampled_from(["A", "B"])),
        process_leaders=draw(several),
        parties=tuple(Party(p, draw(PLACES)) for p in parties),
        people=tuple(Person(p, draw(party), draw(PLACES)) for p in people),
        teams=tuple(
            Team(
                id=team,
                name=draw(PLACES),
                reference_prefix=team.upper(),
                coordinator=draw(person),
                place=draw(PLACES),
                rules=Rules(lead_workdays=draw(st.integers(1, 2))),
                parties=tuple(
                    Membership(p, draw(several)) for p in draw(st.lists(party, unique=True, max_size=2))
                ),
            )
            for team in teams
        ),
    )


@SOME
@given(organisations())
def test_the_same_on_all_sides_changes_nothing(same: Organisation) -> None:
    assert merge(same, same, same) == Merge(same)


@SOME
@given(organisations(), organisations())
def test_an_untouched_database_becomes_the_file(base: Organisation, wanted: Organisation) -> None:
    found = merge(base, wanted, base)
    assert flat(found.result) == flat(wanted)
    assert not found.conflicts
    assert not found.kept


@SOME
@given(organisations(), organisations(), organisations())
def test_a_second_apply_changes_nothing(
    base: Organisation, wanted: Organisation, current: Organisation
) -> None:
    first = merge(base, wanted, current)
    second = merge(wanted, wanted, first.result)
    assert second.result == first.result
    assert not second.changes
    assert not second.conflicts


@SOME
@given(organisations(), organisations(), organisations())
def test_every_difference_is_told(base: Organisation, wanted: Organisation, current: Organisation) -> None:
    """Between database and result: a change. Between file and result: a conflict, or kept."""
    found = merge(base, wanted, current)
    changed = [change.path for change in found.changes]
    told = [c.path for c in found.conflicts] + [c.path for c in found.kept]
    assert all(within(path, changed) for path in differences(current, found.result))
    assert all(within(path, told) for path in differences(wanted, found.result))


@SOME
@given(organisations(), organisations(), organisations())
def test_a_conflict_keeps_the_programs_value(
    base: Organisation, wanted: Organisation, current: Organisation
) -> None:
    found = merge(base, wanted, current)
    lost = differences(current, found.result)
    assert not any(within(path, [conflict.path]) for conflict in found.conflicts for path in lost)


@SOME
@given(organisations(), organisations(), organisations())
def test_the_result_points_to_nothing_that_is_not_there(
    base: Organisation, wanted: Organisation, current: Organisation
) -> None:
    result = merge(base, wanted, current).result
    people, parties = {p.id for p in result.people}, {p.id for p in result.parties}
    assert {p.party for p in result.people} <= parties
    assert {team.coordinator for team in result.teams} | set(result.process_leaders) <= people
    for member in (m for team in result.teams for m in team.parties):
        assert member.party in parties
        assert set(member.representatives) <= people


def flat(organisation: Organisation) -> dict[tuple[str, ...], Any]:
    """Every field by its path, written independently of the merge."""
    found: dict[tuple[str, ...], Any] = {("association",): organisation.association}
    found["process_leaders",] = sorted(organisation.process_leaders)
    for party in organisation.parties:
        found["parties", party.id, "name"] = party.name
    for person in organisation.people:
        found["people", person.id, "name"] = person.name
        found["people", person.id, "party"] = person.party
    for team in organisation.teams:
        at = ("teams", team.id)
        for name in ("name", "coordinator", "place"):
            found[(*at, name)] = getattr(team, name)
        found[(*at, "rules", "lead_workdays")] = team.rules.lead_workdays
        for member in team.parties:
            found[(*at, "parties", member.party, "representatives")] = member.representatives
    return found


def differences(one: Organisation, other: Organisation) -> list[tuple[str, ...]]:
    left, right = flat(one), flat(other)
    return [
        path for path in left.keys() | right.keys() if left.get(path, KeyError) != right.get(path, KeyError)
    ]


def within(path: tuple[str, ...], told: list[tuple[str, ...]]) -> bool:
    return any(path[: len(at)] == at for at in told)
