"""Each kind of mistake in the organisation file gives one line, with the line of the file that is wrong."""
# ruff: noqa: E501  # a row of the table, and a line of the file, stay on one line

from datetime import date
from pathlib import Path
from string import Formatter

import pytest

from schedules.domain.organisation import (
    Closure,
    Goals,
    MeetingSeries,
    Membership,
    Organisation,
    PartyKind,
    Rhythm,
    TargetGroup,
)
from schedules.orgfile import InvalidOrganisation, Problem, read_organisation
from schedules.orgfile.words import PROBLEMS_EN, PROBLEMS_SV

EXAMPLE = Path(__file__).parents[2] / "deploy" / "example" / "organisation.yaml"
ALL_SAINTS = date(2026, 10, 31)
EPIPHANY = date(2027, 1, 6)

SOUND = """\
association: Samordningsförbundet Exempel
timezone: Europe/Stockholm
process_leaders: [p9]
administrators: [p9]
target_group: {from_age: 18, to_age: 64}
parties:
  - {id: kommun, name: Tierps kommun, kind: municipality, slack_group: S0001}
  - {id: vc, name: Vårdcentralen Tierp, kind: health_care, organisation: Region Uppsala}
people:
  - {id: p1, party: kommun, name: Helena, email: helena@kommun.example, slack: U0001, phone: +46293000000, language: sv}
  - id: p4
    party: vc
    name: Mirjam
    email: mirjam@vard.example
    slack: [U0004, W0004]
  - {id: p9, party: kommun, name: Birgitta, slack: U0009}
teams:
  - id: tierp
    name: Samverkansteam Tierp
    reference_prefix: TIE
    channel: C0001
    coordinator: p1
    coordinator_deputies: [p9]
    meeting_link: https://video.example/tierp
    closures: [{from: 2026-10-26, to: 2026-10-30, reason: höstlov}]
    parties:
      - {party: kommun, representatives: [p1, p9], from: 2026-08-01, until: 2027-06-30}
      - {party: vc, representatives: [p4], rhythm: every_second, first: 2026-09-15}
    series:
      - {anchor: 2026-09-01, start: "13:00", slots: 4, slot_minutes: 30, weeks: 2, until: 2026-12-15, reserve_slots: 1}
      - {anchor: 2027-01-12, start: 9:00, slots: 4, slot_minutes: 30, until: 2027-06-15}
    rules: {lead_workdays: 7, urgent_lead_workdays: 1, coordinator_confirms: true, answers: required, language: sv}
    goals: {attendance_percent: 85}
  - {id: ost, name: Östhammar, reference_prefix: OST, coordinator: p9, parties: []}
retention: {decision: null, protected_months: 12, all_months: 36, audit_years: 5}
"""


def is_holiday(day: date) -> bool:
    return day in {ALL_SAINTS, EPIPHANY}


def read(text: str, language: str = "sv") -> Organisation:
    return read_organisation(text, "org.yaml", is_holiday, language)


def problems(text: str, language: str = "sv") -> list[str]:
    with pytest.raises(InvalidOrganisation) as caught:
        read(text, language)
    return [str(problem) for problem in caught.value.problems]


def changed(old: str, new: str) -> str:
    assert SOUND.count(old) == 1, old
    return SOUND.replace(old, new)


def test_a_sound_file_is_read_whole() -> None:
    organisation = read(SOUND)
    assert organisation.association == "Samordningsförbundet Exempel"
    assert organisation.target_group == TargetGroup(18, 64)
    assert [party.kind for party in organisation.parties] == [PartyKind.MUNICIPALITY, PartyKind.HEALTH_CARE]
    assert organisation.people[0].phone == "+46293000000"
    assert organisation.people[1].slack == ("U0004", "W0004")
    team = organisation.teams[0]
    assert team.closures == (Closure(date(2026, 10, 26), date(2026, 10, 30), "höstlov"),)
    assert team.parties[1] == Membership("vc", ("p4",), Rhythm.EVERY_SECOND, first=date(2026, 9, 15))
    assert team.goals == Goals(attendance_percent=85)
    assert organisation.retention.decision is None


def test_times_are_understood_with_and_without_quotes() -> None:
    """YAML 1.1 would make 780 minutes of an unquoted 13:00."""
    quoted, plain = read(SOUND).teams[0].series
    assert (quoted.start.hour, quoted.start.minute) == (13, 0)
    assert (plain.start.hour, plain.start.minute) == (9, 0)
    assert read(changed('"13:00"', "13:00")).teams[0].series[0] == quoted


def test_what_looks_like_something_else_stays_text() -> None:
    organisation = read(changed("name: Helena", "name: no"))
    assert organisation.people[0].name == "no"


def test_the_example_file_is_sound() -> None:
    organisation = read(EXAMPLE.read_text(encoding="utf-8"))
    assert len(organisation.teams) == 2
    assert [len(team.parties) for team in organisation.teams] == [4, 4]
    assert [team.rules.coordinator_confirms for team in organisation.teams] == [True, False]


def test_the_example_file_has_meetings_until_the_end_of_2028() -> None:
    organisation = read(EXAMPLE.read_text(encoding="utf-8"))
    for team in organisation.teams:
        assert min(series.anchor for series in team.series) <= date(2026, 9, 10)
        assert max(series.until for series in team.series) >= date(2028, 12, 14)
        assert isinstance(team.series[0], MeetingSeries)


# (what stands, what is written instead, line, words that must be told)
KINDS = [
    ("association: Samordningsförbundet Exempel", "asociation: X", 1, "menade du ”association”?"),
    ("administrators: [p9]", "colour: red", 4, "välj bland association, timezone"),
    ("phone: +46293000000", "phnoe: +46293000000", 10, "menade du ”phone”?"),
    ("answers: required", "answer: required", 32, "menade du ”answers”?"),
    ("reference_prefix: TIE", "reference_prefix: TIE\n    name: Tierp", 21, "nyckeln ”name” står redan på rad 19, låt den stå en gång"),
    ("    coordinator: p1\n", "", 18, "”coordinator” saknas"),
    ("timezone: Europe/Stockholm", "timezone: Europe/Oslo", 2, "”Europe/Oslo” går inte att välja för timezone"),
    ("process_leaders: [p9]", "process_leaders: p9", 3, "ingen lista"),
    ("process_leaders: [p9]", "process_leaders: [p8]", 3, "process_leaders pekar på ”p8” som inte finns bland people"),
    ("administrators: [p9]", "administrators: [p9, p9]", 4, "administrators ”p9” står redan på rad 4"),
    ("from_age: 18", "from_age: 70", 5, "from_age 70 är mer än to_age 64, välj högst 64"),
    ("from_age: 18", "from_age: arton", 5, "”arton” är inget heltal"),
    ("target_group: {from_age: 18, to_age: 64}", "target_group: 18", 5, "”target_group” har inga nycklar"),
    ("kind: municipality", "kind: municipalty", 7, "menade du ”municipality”?"),
    ("slack_group: S0001", "contact: nobody", 7, "contact pekar på ”nobody” som inte finns bland people"),
    ("slack_group: S0001", "slack_group: socialtjanst", 7, "användargrupp"),
    ("people:\n", "  - {id: kommun, name: X}\npeople:\n", 9, "id ”kommun” används redan på rad 7"),
    ("people:\n", "  - {id: v c, name: X}\npeople:\n", 9, "”v c” kan inte vara id"),
    ("organisation: Region Uppsala", "slack_group: S0001", 8, "slack_group ”S0001” står redan på rad 7"),
    ("party: kommun, name: Helena", "party: komun, name: Helena", 10, "party pekar på ”komun” som inte finns bland parties, menade du ”kommun”?"),
    ("email: helena@kommun.example", "email: helena@kommun", 10, "ingen e-postadress"),
    ("email: helena@kommun.example", "email: Helena <h@k.example>", 10, "ingen e-postadress"),
    ("slack: U0001", "slack: '@helena'", 10, "”@helena” är inget id för en person i Slack"),
    ("slack: U0001", "slack: C0001", 10, "inget id för en person i Slack"),
    ("phone: +46293000000", "phone: ring växeln", 10, "inget telefonnummer"),
    ("language: sv}\n  - id: p4", "language: fi}\n  - id: p4", 10, "välj bland sv, en"),
    ("email: mirjam@vard.example", "email: HELENA@kommun.example", 14, "email ”helena@kommun.example” står redan på rad 10"),
    ("[U0004, W0004]", "[U0001, W0004]", 15, "slack ”U0001” står redan på rad 10"),
    ("name: Mirjam", "name: [Mirjam]", 13, "”name” är ingen text"),
    ("name: Birgitta, slack: U0009", "name: Birgitta", 16, "p9 har varken Slack eller e-post, ange slack, email eller båda"),
    ("name: Birgitta, slack: U0009", "name: Birgitta, slack: []", 16, "p9 har varken Slack eller e-post"),
    ("reference_prefix: TIE", "reference_prefix: tie", 20, "kan inte inleda referenser"),
    ("reference_prefix: OST", "reference_prefix: TIE", 34, "reference_prefix ”TIE” står redan på rad 20"),
    ("{id: ost,", "{id: tierp,", 34, "id ”tierp” används redan på rad 18"),
    ("channel: C0001", "channel: '#tierp'", 21, "”#tierp” är inget id för en kanal i Slack"),
    ("channel: C0001", "channel: c0001", 21, "börjar med C eller G"),
    ("coordinator: p1", "coordinator: p7", 22, "coordinator pekar på ”p7”"),
    ("coordinator_deputies: [p9]", "coordinator_deputies: [p9, p7]", 23, "coordinator_deputies pekar på ”p7”"),
    ("coordinator_deputies: [p9]", "coordinator_deputies: [p1]", 23, "”p1” står redan på rad 22"),
    ("https://video.example/tierp", "video.example/tierp", 24, "ingen länk"),
    ("to: 2026-10-30", "to: 2026-10-20", 25, "to 2026-10-20 ligger före from 2026-10-26"),
    ("reason: höstlov", "reason: " + "x" * 76, 25, "längre än 75 tecken"),
    ("representatives: [p1, p9]", "representatives: [p1, p5]", 27, "representatives pekar på ”p5”"),
    ("representatives: [p1, p9]", "representatives: [p1, p4]", 27, "p4 företräder kommun men hör till vc"),
    ("representatives: [p1, p9]", "representatives: []", 27, "”representatives” är tom"),
    ("representatives: [p1, p9], ", "", 27, "”representatives” saknas"),
    ("until: 2027-06-30", "until: 2026-07-31", 27, "until 2026-07-31 ligger före from 2026-08-01, välj ett datum på eller efter 2026-08-01"),
    ("until: 2027-06-30", "until: 2027-06-31", 27, "”2027-06-31” är inget datum"),
    ("party: vc, representatives", "party: af, representatives", 28, "party pekar på ”af” som inte finns bland parties"),
    ("rhythm: every_second, first: 2026-09-15", "rhythm: every_second", 28, "first saknas"),
    ("rhythm: every_second", "rhythm: every_third", 28, "”every_third” går inte att välja för rhythm"),
    ("anchor: 2026-09-01", "anchor: 2026-09-05", 30, "anchor 2026-09-05 är en lördag, välj en arbetsdag"),
    ("anchor: 2027-01-12", "anchor: 2027-01-06", 31, "anchor 2027-01-06 är en helgdag, välj en arbetsdag"),
    ("anchor: 2027-01-12", "anchor: 12/1 2027", 31, "inget datum"),
    ("start: 9:00", "start: 9.00", 31, "”9.00” är inget klockslag"),
    ("start: 9:00", "start: 9:03", 31, "start är 9:03, välj hela fem minuter"),
    ("start: 9:00", "start: '22:00'", 31, "till midnatt eller längre"),
    ("start: 9:00", "start: '23:30'", 31, "till midnatt eller längre"),
    ("slot_minutes: 30, until: 2027", "slot_minutes: 32, until: 2027", 31, "slot_minutes är 32, välj hela fem minuter"),
    ("slots: 4, slot_minutes: 30, until", "slots: 0, slot_minutes: 30, until", 31, "slots är 0, skriv ett tal från 1 till 50"),
    ("slots: 4, slot_minutes: 30, until", "slots: '4', slot_minutes: 30, until", 31, "siffror utan citattecken"),
    ("until: 2026-12-15", "until: 2026-08-15", 30, "until 2026-08-15 ligger före anchor 2026-09-01"),
    ("until: 2026-12-15", "until: 2126-12-15", 30, "serien varar till 2126-12-15"),
    ("reserve_slots: 1", "reserve_slots: 5", 30, "reserve_slots 5 är mer än slots 4"),
    ("anchor: 2027-01-12, start: 9:00", "anchor: 2026-11-24, start: 14:30", 31, "krockar 2026-11-24 med serien på rad 30"),
    ("anchor: 2027-01-12, start: 9:00", "anchor: 2026-09-01, start: 13:00", 31, "krockar 2026-09-01 med serien på rad 30"),
    ("coordinator_confirms: true", "coordinator_confirms: ja", 32, "”ja” är varken ja eller nej"),
    ("urgent_lead_workdays: 1", "urgent_lead_workdays: 8", 32, "urgent_lead_workdays 8 är mer än lead_workdays 7"),
    ("lead_workdays: 7,", "lead_workdays: -1,", 32, "lead_workdays är -1"),
    ("answers: required", "answers: never", 32, "”never” går inte att välja för answers"),
    ("attendance_percent: 85", "attendance_percent: 101", 33, "skriv ett tal från 1 till 100"),
    ("protected_months: 12", "protected_months: 40", 35, "protected_months 40 är mer än all_months 36"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "told"), KINDS, ids=[f"{k[1][:40]}" for k in KINDS])
def test_each_kind_has_its_own_line(old: str, new: str, line: int, told: str) -> None:
    text = changed(old, new)
    found = problems(text)
    assert len(found) == 1, found
    assert found[0].startswith(f"org.yaml:{line}: ")
    assert told in found[0]


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("", 1, "filen är tom"),
        ("# bara en kommentar\n", 1, "filen är tom"),
        ("- a\n- b\n", 1, "inte uppbyggd av nycklar"),
        ("\n\nhej\n", 3, "inte uppbyggd av nycklar"),
        ("association: X\nparties:\n\t- {id: a}\n", 3, "tabb, använd mellanslag"),
        ("association: X\nparties: [\nteams: []\n", 4, "kontrollera indrag, kolon och citattecken"),
        ("association: a: b\n", 1, "går filen inte att läsa"),
        ("association: X\n---\nparties: []\n", 2, "ett andra dokument"),
        ("association: X\nteams: \x00\n", 2, "ett tecken som inte kan läsas"),
        ("association: *nobody\n", 1, "går filen inte att läsa"),
        ("[" * 3000, 1, "går filen inte att läsa"),
    ],
    ids=["empty", "comment", "list", "text", "tab", "bracket", "colon", "second", "nul", "alias", "deep"],
)
def test_a_text_that_is_no_file_of_keys(text: str, line: int, told: str) -> None:
    found = problems(text)
    assert found[0].startswith(f"org.yaml:{line}: ")
    assert told in found[0]
    assert len(found) == 1


def test_all_problems_come_at_once_by_line() -> None:
    text = SOUND.replace("C0001", "kanalen").replace("kind: municipality", "kind: x").replace("[p4]", "[p5]")
    lines = [int(found.split(":")[1]) for found in problems(text)]
    assert lines == [7, 21, 28]


def test_an_empty_line_or_comment_moves_the_line_along() -> None:
    assert problems("# ett\n\n" + changed("channel: C0001", "channel: x"))[0].startswith("org.yaml:23: ")


def test_windows_line_ends_and_a_byte_order_mark_are_read() -> None:
    assert read("\ufeff" + SOUND.replace("\n", "\r\n")) == read(SOUND)


def test_a_value_of_many_lines_is_told_on_one() -> None:
    found = problems(changed("channel: C0001", "channel: |\n      a\n      b\n"))
    assert len(found) == 1
    assert "\n" not in found[0]


def test_series_on_alternate_weeks_do_not_overlap() -> None:
    text = changed("anchor: 2027-01-12, start: 9:00", "anchor: 2026-09-08, start: 13:00")
    assert len(read(text).teams[0].series) == 2


def test_series_that_follow_one_another_on_a_day_do_not_overlap() -> None:
    text = changed("anchor: 2027-01-12, start: 9:00", "anchor: 2026-09-01, start: 15:00")
    assert len(read(text).teams[0].series) == 2


def test_a_problem_in_english() -> None:
    found = problems(changed("anchor: 2026-09-01", "anchor: 2026-09-05"), "en")
    assert found == ["org.yaml:30: anchor 2026-09-05 is a Saturday, choose a workday, Monday to Friday"]


def test_the_error_tells_everything() -> None:
    problem = Problem("f.yaml", 3, "det är fel", "gör rätt")
    assert str(InvalidOrganisation((problem,))) == "f.yaml:3: det är fel, gör rätt"


def test_both_catalogues_have_the_same_messages_and_facts() -> None:
    assert PROBLEMS_SV.keys() == PROBLEMS_EN.keys()
    for code, swedish in PROBLEMS_SV.items():
        assert _facts(swedish) == _facts(PROBLEMS_EN[code]), code


def _facts(words: tuple[str, str]) -> set[str | None]:
    return {name for text in words for _, name, _, _ in Formatter().parse(text)} - {None}


@pytest.mark.parametrize(("written", "by_itself"), [("2", True), ("never", False), ("Never", False)])
def test_a_time_may_confirm_itself_or_never(written: str, *, by_itself: bool) -> None:
    text = changed("coordinator_confirms: true", f"confirm_by_itself_workdays: {written}")
    assert read(text).teams[0].rules.confirms_by_itself is by_itself


@pytest.mark.parametrize("written", ["0", "sometimes", "261"])
def test_other_words_for_confirming_are_refused(written: str) -> None:
    found = problems(changed("coordinator_confirms: true", f"confirm_by_itself_workdays: {written}"))
    assert len(found) == 1
    assert written in found[0]
