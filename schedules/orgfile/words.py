"""The words of the room's messages, in Swedish and English, by code.

A problem has two parts, what and what is expected. `{}` fields are facts of the file itself.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

Words = Mapping[str, tuple[str, str]]

PROBLEMS_SV: Words = {
    # the file as such
    "empty": ("filen är tom", "börja med en rad som ”association: Samordningsförbundet Exempel”"),
    "syntax": (
        "här går filen inte att läsa ({detail})",
        "kontrollera indrag, kolon och citattecken här och på raden före",
    ),
    "tab": ("indraget är gjort med tabb", "använd mellanslag"),
    "second_document": ("här börjar ett andra dokument", "skriv allt i ett, utan ”---” mellan"),
    "character": ("här finns ett tecken som inte kan läsas", "ta bort det och spara filen som UTF-8"),
    # keys
    "top_level": (
        "filen är inte uppbyggd av nycklar med värden",
        "börja med en rad som ”association: Samordningsförbundet Exempel”",
    ),
    "unknown_key": ("nyckeln ”{key}” finns inte", "välj bland {keys}"),
    "unknown_key_near": ("nyckeln ”{key}” finns inte", "menade du ”{near}”?"),
    "repeated_key": ("nyckeln ”{key}” står redan på rad {first}", "låt den stå en gång"),
    "missing_key": ("”{key}” saknas", "lägg till den"),
    # values
    "not_mapping": ("”{key}” har inga nycklar", "skriv nycklar med värden, som i exempelfilen"),
    "not_list": (
        "”{key}” är ingen lista",
        "skriv en lista, som [a, b] eller en rad med bindestreck för varje",
    ),
    "not_text": ("”{key}” är ingen text", "skriv ett enda värde på en rad"),
    "too_long": ("”{key}” är längre än {most} tecken", "korta texten"),
    "empty_list": ("”{key}” är tom", "skriv minst en"),
    "too_many": ("”{key}” har fler än {most}", "ta bort några"),
    "not_id": (
        "”{value}” kan inte vara id",
        "använd bokstäver, siffror, bindestreck och understreck, högst 40 tecken",
    ),
    "not_date": ("”{value}” är inget datum", "skriv år, månad och dag som 2026-09-01"),
    "not_time": ("”{value}” är inget klockslag", 'skriv timmar och minuter inom citattecken, som "13:00"'),
    "not_number": ("”{value}” är inget heltal", "skriv siffror utan citattecken"),
    "not_between": ("{key} är {value}", "skriv ett tal från {least} till {most}"),
    "not_boolean": ("”{value}” är varken ja eller nej", "skriv true för ja eller false för nej"),
    "not_choice": ("”{value}” går inte att välja för {key}", "välj bland {choices}"),
    "not_choice_near": ("”{value}” går inte att välja för {key}", "menade du ”{near}”?"),
    "not_five_minutes": ("{key} är {value}", "välj hela fem minuter"),
    "not_email": ("”{value}” är ingen e-postadress", "skriv den som namn@kommun.example"),
    "not_phone": ("”{value}” är inget telefonnummer", 'skriv det som "+46 8 465 004 00"'),
    "not_link": ("”{value}” är ingen länk", "skriv hela adressen, med https:// först"),
    "not_prefix": ("”{value}” kan inte inleda referenser", "skriv två till sex versaler, som TIE"),
    "not_channel": (
        "”{value}” är inget id för en kanal i Slack",
        "kopiera kanalens id, det börjar med C eller G, som C0001",
    ),
    "not_user": (
        "”{value}” är inget id för en person i Slack",
        "kopiera personens medlems-id, det börjar med U eller W, som U0001",
    ),
    "not_group": (
        "”{value}” är inget id för en användargrupp i Slack",
        "kopiera gruppens id, det börjar med S, som S0001",
    ),
    # one thing against another
    "duplicate_id": ("id ”{value}” används redan på rad {first}", "välj ett annat id"),
    "duplicate_value": ("{key} ”{value}” står redan på rad {first}", "ta bort den ena eller rätta den"),
    "unknown_ref": (
        "{key} pekar på ”{value}” som inte finns bland {where}",
        "lägg till ”{value}” där eller rätta id:t",
    ),
    "unknown_ref_near": ("{key} pekar på ”{value}” som inte finns bland {where}", "menade du ”{near}”?"),
    "unreachable": ("{person} har varken Slack eller e-post", "ange slack, email eller båda"),
    "not_of_party": ("{person} företräder {party} men hör till {own}", "välj någon som hör till {party}"),
    "ends_before": (
        "{last_key} {last} ligger före {first_key} {first}",
        "välj ett datum på eller efter {first}",
    ),
    "above": ("{key} {value} är mer än {other} {limit}", "välj högst {limit}"),
    "weekend": ("anchor {day} är en {weekday}", "välj en arbetsdag, måndag till fredag"),
    "holiday": ("anchor {day} är en helgdag", "välj en arbetsdag"),
    "series_too_long": (
        "serien varar till {last}",
        "välj ett datum senast {limit}, och en ny serie för tiden därefter",
    ),
    "past_midnight": (
        "mötet börjar {start} och varar {minutes} minuter, alltså till midnatt eller längre",
        "korta tiderna eller börja tidigare",
    ),
    "overlap": (
        "mötets tider krockar {day} med serien på rad {first}",
        "flytta start eller välj andra dagar",
    ),
    "no_first": ("rhythm är every_second men first saknas", "ange i first datumet för partens första möte"),
}

PROBLEMS_EN: Words = {
    "empty": ("the file is empty", 'begin with a line like "association: Samordningsförbundet Exempel"'),
    "syntax": (
        "the file cannot be read here ({detail})",
        "check indents, colons and quotes here and on the line before",
    ),
    "tab": ("the indent is made with a tab", "use spaces"),
    "second_document": ("a second document begins here", 'write everything in one, without "---" between'),
    "character": ("there is a character here that cannot be read", "remove it and save the file as UTF-8"),
    "top_level": (
        "the file is not made of keys with values",
        'begin with a line like "association: Samordningsförbundet Exempel"',
    ),
    "unknown_key": ('there is no key "{key}"', "choose among {keys}"),
    "unknown_key_near": ('there is no key "{key}"', 'did you mean "{near}"?'),
    "repeated_key": ('the key "{key}" already stands on line {first}', "let it stand once"),
    "missing_key": ('"{key}" is missing', "add it"),
    "not_mapping": ('"{key}" has no keys', "write keys with values, as in the example file"),
    "not_list": ('"{key}" is not a list', "write a list, as [a, b] or a line with a dash for each"),
    "not_text": ('"{key}" is not a text', "write a single value on one line"),
    "too_long": ('"{key}" is longer than {most} characters', "shorten the text"),
    "empty_list": ('"{key}" is empty', "write at least one"),
    "too_many": ('"{key}" has more than {most}', "remove some"),
    "not_id": (
        '"{value}" cannot be an id',
        "use letters, digits, hyphens and underscores, at most 40 characters",
    ),
    "not_date": ('"{value}" is not a date', "write year, month and day as 2026-09-01"),
    "not_time": ('"{value}" is not a time of day', 'write hours and minutes in quotes, as "13:00"'),
    "not_number": ('"{value}" is not a whole number', "write digits without quotes"),
    "not_between": ("{key} is {value}", "write a number from {least} to {most}"),
    "not_boolean": ('"{value}" is neither yes nor no', "write true for yes or false for no"),
    "not_choice": ('"{value}" cannot be chosen for {key}', "choose among {choices}"),
    "not_choice_near": ('"{value}" cannot be chosen for {key}', 'did you mean "{near}"?'),
    "not_five_minutes": ("{key} is {value}", "choose whole five minutes"),
    "not_email": ('"{value}" is not an e-mail address', "write it as name@kommun.example"),
    "not_phone": ('"{value}" is not a phone number', 'write it as "+46 8 465 004 00"'),
    "not_link": ('"{value}" is not a link', "write the whole address, with https:// first"),
    "not_prefix": ('"{value}" cannot begin references', "write two to six capitals, as TIE"),
    "not_channel": (
        '"{value}" is not the id of a Slack channel',
        "copy the channel's id, it begins with C or G, as C0001",
    ),
    "not_user": (
        '"{value}" is not the id of a Slack user',
        "copy the person's member id, it begins with U or W, as U0001",
    ),
    "not_group": (
        '"{value}" is not the id of a Slack user group',
        "copy the group's id, it begins with S, as S0001",
    ),
    "duplicate_id": ('the id "{value}" is already used on line {first}', "choose another id"),
    "duplicate_value": ('{key} "{value}" already stands on line {first}', "remove one of them or mend it"),
    "unknown_ref": (
        '{key} points to "{value}", which is not among the {where}',
        'add "{value}" there or mend the id',
    ),
    "unknown_ref_near": (
        '{key} points to "{value}", which is not among the {where}',
        'did you mean "{near}"?',
    ),
    "unreachable": ("{person} has neither Slack nor e-mail", "give slack, email or both"),
    "not_of_party": (
        "{person} represents {party} but belongs to {own}",
        "choose somebody who belongs to {party}",
    ),
    "ends_before": ("{last_key} {last} is before {first_key} {first}", "choose a date on or after {first}"),
    "above": ("{key} {value} is more than {other} {limit}", "choose at most {limit}"),
    "weekend": ("anchor {day} is a {weekday}", "choose a workday, Monday to Friday"),
    "holiday": ("anchor {day} is a public holiday", "choose a workday"),
    "series_too_long": (
        "the series lasts until {last}",
        "choose a date no later than {limit}, and a new series for the time after it",
    ),
    "past_midnight": (
        "the meeting begins at {start} and lasts {minutes} minutes, which is until midnight or later",
        "shorten the times or begin earlier",
    ),
    "overlap": (
        "the meeting's times overlap on {day} with the series on line {first}",
        "move the start or choose other days",
    ),
    "no_first": (
        "rhythm is every_second but first is missing",
        "give in first the date of the party's first meeting",
    ),
}

PROBLEMS: Mapping[str, Words] = {"sv": PROBLEMS_SV, "en": PROBLEMS_EN}

WEEKDAYS: Mapping[str, tuple[str, ...]] = {
    "sv": ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}


def _one_line(fact: object) -> object:
    """A fact short enough for its line: what is quoted from the file may be pages long."""
    return textwrap.shorten(fact, 60, placeholder="…") if isinstance(fact, str) else fact


def problem_words(code: str, language: str, facts: Mapping[str, object]) -> tuple[str, str]:
    """What is wrong and what is expected; `weekday` is a number from Monday = 0 and becomes a word."""
    words = {name: _one_line(value) for name, value in facts.items()}
    if isinstance(number := words.get("weekday"), int):
        words["weekday"] = WEEKDAYS[language][number]
    what, expected = PROBLEMS[language][code]
    return what.format(**words), expected.format(**words)
