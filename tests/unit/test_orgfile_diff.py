"""The diff that the command line prints."""

from datetime import date, time
from string import Formatter

from schedules.domain.apply_preview import ApplyPreview
from schedules.domain.organisation import Closure, MeetingSeries, Membership, Organisation, Person
from schedules.domain.three_way import Change, Conflict, Merge
from schedules.orgfile.diff_text import apply_text
from schedules.orgfile.diff_words import DIFF_EN, DIFF_SV

SERIES = MeetingSeries(date(2026, 9, 1), time(13), 4, 30, date(2026, 12, 15))


def text(*changes: Change, conflicts: tuple[Conflict, ...] = (), kept: tuple[Change, ...] = ()) -> str:
    return apply_text(ApplyPreview(Merge(Organisation("X"), changes, conflicts, kept)))


def test_items_and_fields() -> None:
    told = text(
        Change(("people", "p1"), None, Person("p1", "fk", "Amina")),
        Change(("teams", "t", "parties", "fk"), Membership("fk", ("p1", "p2")), None),
        Change(("teams", "t", "parties", "fk", "from_date"), None, date(2027, 1, 1)),
        Change(("teams", "t", "rules", "coordinator_confirms"), True, False),  # noqa: FBT003  # a field's values
        Change(("teams", "t", "series"), (), (SERIES,)),
        Change(("teams", "t", "closures"), (Closure(date(2026, 10, 26), date(2026, 10, 30)),), ()),
        Change(("association",), "X", "Y"),
    )
    assert told.splitlines() == [
        "Ändras (7):",
        "  + person p1: Amina",
        "  - team t, parties, fk: [p1; p2]",
        "  ~ team t, parties, fk, from: inget → 2027-01-01",
        "  ~ team t, rules, coordinator_confirms: true → false",
        "  ~ team t, series:",
        "      + tisdag kl. 13:00, 4 tider på 30 min, varannan vecka, 2026-09-01 till 2026-12-15",
        "  ~ team t, closures:",
        "      - 2026-10-26 till 2026-10-30",
        "  ~ association: X → Y",
    ]


def test_conflicts_and_what_is_kept_say_both_values() -> None:
    told = text(
        conflicts=(Conflict(("teams", "t", "place"), "a", "b", "c"),),
        kept=(Change(("teams", "t", "name"), "a", "d"),),
    )
    assert "  ! team t, place: filen säger b, programmet har c\n" in told
    assert "  ! team t, name: filen säger a, programmet har d\n" in told


def test_both_catalogues_have_the_same_messages_and_facts() -> None:
    assert DIFF_SV.keys() == DIFF_EN.keys()
    for code, swedish in DIFF_SV.items():
        assert _facts(swedish) == _facts(DIFF_EN[code]), code


def _facts(words: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(words)} - {None}
