"""The file applied last, the new file, the database: who gets their way."""

from dataclasses import replace
from datetime import date

from schedules.domain.organisation import Closure, Membership, Organisation, Party, Person, Rules, Team
from schedules.domain.three_way import Change, Conflict, keep_items, merge

MEMBERS = (Membership("kommun", ("p1", "p2")), Membership("fk", ("p3",)))
TEAM = Team("tierp", "Tierp", "TIE", "p1", place="Rum 4", parties=MEMBERS)
PEOPLE = tuple(Person(f"p{n}", party, f"N{n}") for n, party in enumerate(("kommun", "kommun", "fk", "fk"), 1))
BASE = Organisation(
    "Exempel", parties=(Party("kommun", "Kommun"), Party("fk", "FK")), people=PEOPLE, teams=(TEAM,)
)


def with_team(**changes: object) -> Organisation:
    return replace(BASE, teams=(replace(TEAM, **changes),))  # type: ignore[arg-type]  # names of fields


def test_the_first_apply_takes_the_whole_file() -> None:
    found = merge(None, BASE, None)
    assert found.result == BASE
    assert Change(("teams", "tierp"), None, TEAM) in found.changes
    assert len(found.changes) == 2 + 4 + 1
    assert not found.conflicts
    assert not found.kept


def test_a_lost_database_takes_the_whole_file() -> None:
    assert merge(BASE, BASE, None).result == BASE


def test_what_only_the_file_changed_is_taken() -> None:
    found = merge(BASE, with_team(place="Rum 7"), BASE)
    assert found.result == with_team(place="Rum 7")
    assert found.changes == (Change(("teams", "tierp", "place"), "Rum 4", "Rum 7"),)


def test_what_only_the_program_changed_is_kept_and_told() -> None:
    current = with_team(coordinator="p2")
    found = merge(BASE, BASE, current)
    assert found.result == current
    assert (found.changes, found.conflicts) == ((), ())
    assert found.kept == (Change(("teams", "tierp", "coordinator"), "p1", "p2"),)


def test_what_both_changed_stays_and_is_a_conflict() -> None:
    current = with_team(place="Rum 9", meeting_link="https://x.example/")
    found = merge(BASE, with_team(place="Rum 7", name="Tierp och Älvkarleby"), current)
    assert found.result.teams[0].place == "Rum 9"
    assert found.result.teams[0].name == "Tierp och Älvkarleby"
    assert found.conflicts == (Conflict(("teams", "tierp", "place"), "Rum 4", "Rum 7", "Rum 9"),)


def test_the_same_change_on_both_sides_is_nothing() -> None:
    wanted = with_team(place="Rum 7")
    found = merge(BASE, wanted, wanted)
    assert (found.result, found.changes, found.conflicts, found.kept) == (wanted, (), (), ())


def test_rules_are_compared_field_by_field() -> None:
    wanted = with_team(rules=Rules(lead_workdays=9))
    found = merge(BASE, wanted, with_team(rules=Rules(agenda_workdays=3)))
    assert found.result.teams[0].rules == Rules(lead_workdays=9, agenda_workdays=3)
    assert [change.path for change in found.changes] == [("teams", "tierp", "rules", "lead_workdays")]


def test_memberships_are_compared_one_by_one() -> None:
    handed_over = (MEMBERS[0], replace(MEMBERS[1], representatives=("p4", "p3")))
    ended = (replace(MEMBERS[0], until=date(2027, 6, 30)), MEMBERS[1])
    found = merge(BASE, with_team(parties=ended), with_team(parties=handed_over))
    assert found.result.teams[0].parties == (ended[0], handed_over[1])
    assert found.conflicts == ()


def test_an_order_that_means_nothing_is_no_change() -> None:
    closures = (
        Closure(date(2026, 10, 26), date(2026, 10, 30)),
        Closure(date(2027, 2, 22), date(2027, 2, 26)),
    )
    base = with_team(closures=closures)
    current = replace(with_team(closures=closures[::-1]), people=PEOPLE[::-1])
    found = merge(base, base, current)
    assert (found.result, found.changes, found.kept) == (current, (), ())


def test_the_order_of_representatives_is_a_change() -> None:
    turned = (replace(MEMBERS[0], representatives=("p2", "p1")), MEMBERS[1])
    found = merge(BASE, with_team(parties=turned), BASE)
    assert [c.path for c in found.changes] == [("teams", "tierp", "parties", "kommun", "representatives")]


def test_items_are_added_and_removed() -> None:
    newcomer = Person("p5", "fk", "N5")
    found = merge(BASE, replace(BASE, people=(*PEOPLE[:3], newcomer)), BASE)
    assert found.result.people == (*PEOPLE[:3], newcomer)
    assert set(found.changes) == {
        Change(("people", "p4"), PEOPLE[3], None),
        Change(("people", "p5"), None, newcomer),
    }


def test_what_the_program_changed_is_not_removed() -> None:
    renamed = replace(PEOPLE[3], name="Ny")
    found = merge(BASE, replace(BASE, people=PEOPLE[:3]), replace(BASE, people=(*PEOPLE[:3], renamed)))
    assert found.result.people[3] == renamed
    assert found.conflicts == (Conflict(("people", "p4"), PEOPLE[3], None, renamed),)


def test_what_the_program_removed_stays_away() -> None:
    current = replace(BASE, people=PEOPLE[:3])
    found = merge(BASE, BASE, current)
    assert found.result == current
    assert found.kept == (Change(("people", "p4"), PEOPLE[3], None),)


def test_a_person_the_program_made_representative_is_not_removed() -> None:
    in_use = with_team(parties=(MEMBERS[0], replace(MEMBERS[1], representatives=("p4",))))
    found = merge(BASE, replace(BASE, people=PEOPLE[:3]), in_use)
    assert PEOPLE[3] in found.result.people
    assert found.changes == ()
    assert found.conflicts == (Conflict(("people", "p4"), PEOPLE[3], None, PEOPLE[3]),)


def test_a_person_the_file_needs_comes_back_as_a_change() -> None:
    needs = with_team(parties=(MEMBERS[0], replace(MEMBERS[1], representatives=("p4",))))
    found = merge(BASE, needs, replace(BASE, people=PEOPLE[:3]))
    assert Change(("people", "p4"), None, PEOPLE[3]) in found.changes
    assert PEOPLE[3] in found.result.people
    assert found.kept == ()


def test_a_team_that_must_stay_brings_its_people_and_parties_back() -> None:
    found = keep_items(merge(BASE, Organisation("Exempel"), BASE), BASE, {("teams", "tierp")})
    assert found.result.teams == BASE.teams
    assert {person.id for person in found.result.people} == {"p1", "p2", "p3"}
    assert {party.id for party in found.result.parties} == {"kommun", "fk"}
    assert found.changes == (Change(("people", "p4"), PEOPLE[3], None),)
    assert len(found.conflicts) == 1 + 3 + 2
