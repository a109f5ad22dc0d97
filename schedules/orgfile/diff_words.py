"""The words of the diff that the command line prints, in Swedish and English."""

from __future__ import annotations

from collections.abc import Mapping

DIFF_SV: Mapping[str, str] = {
    "nothing": "Inget att ändra: filen stämmer med det som gäller.",
    "changes": "Ändras ({count}):",
    "conflicts": "Ändrat både i filen och i programmet. Programmets värde får stå ({count}):",
    "conflict": "{path}: filen säger {wanted}, programmet har {current}",
    "kept": "Ändrat i programmet sedan filen lades in. Det får stå ({count}):",
    "meetings": "Möten i {team}: {add} nya, {update} ändrade, {remove} tas bort.",
    "meetings_held": "Möten i {team} som har bokade ärenden ändras inte ({count}):",
    "would_go": "{when}: serien ger inte längre mötet. Flytta eller återta ärendena först",
    "would_close": "{when}: dagen är stängd. Flytta eller återta ärendena först",
    "would_change": "{when}: {fields}. Flytta ärendena först om det ska ändras",
    "would": "{name} skulle bli {value}",
    "absent": "inget",
    "yes": "true",
    "no": "false",
    "series": "{weekday} kl. {start} var {weeks}:e vecka, {anchor} till {until}",
    "closure": "{first} till {last}",
    "day": "dag",
    "start": "börjar",
    "end": "slutar",
    "slots": "antal tider",
    "place": "plats",
    "link": "möteslänk",
    "status": "status",
    "parties": "part",
    "people": "person",
    "teams": "team",
}

DIFF_EN: Mapping[str, str] = {
    "nothing": "Nothing to change: the file agrees with what holds.",
    "changes": "Will change ({count}):",
    "conflicts": "Changed both in the file and in the program. The program's value stays ({count}):",
    "conflict": "{path}: the file says {wanted}, the program has {current}",
    "kept": "Changed in the program since the file was applied. It stays ({count}):",
    "meetings": "Meetings of {team}: {add} new, {update} changed, {remove} removed.",
    "meetings_held": "Meetings of {team} that hold booked cases are not changed ({count}):",
    "would_go": "{when}: the series no longer gives this meeting. Move or withdraw the cases first",
    "would_close": "{when}: the day is closed. Move or withdraw the cases first",
    "would_change": "{when}: {fields}. Move the cases first if it is to change",
    "would": "{name} would become {value}",
    "absent": "nothing",
    "yes": "true",
    "no": "false",
    "series": "{weekday} at {start} every {weeks} weeks, {anchor} to {until}",
    "closure": "{first} to {last}",
    "day": "day",
    "start": "start",
    "end": "end",
    "slots": "number of times",
    "place": "place",
    "link": "meeting link",
    "status": "status",
    "parties": "party",
    "people": "person",
    "teams": "team",
}

DIFF: Mapping[str, Mapping[str, str]] = {"sv": DIFF_SV, "en": DIFF_EN}
