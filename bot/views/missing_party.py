"""The modals in which a coordinator looks at a way before it is taken, when a party has nobody. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.views import blocks as b
from bot.views.blocks import Block, View
from bot.views.referral_details import offered_time
from schedules.domain.facts import Called
from schedules.services.ask_party import Again, ToContact
from schedules.services.declined_seat import Missing
from schedules.services.missing_party import NextTime, Without
from schedules.texts import phrases
from schedules.texts.missing import reason_line
from schedules.texts.reasons import why_not_earlier
from schedules.texts.words import Words


def next_time(preview: NextTime, words: Words, *, changed: bool = False) -> View:
    """The next suitable time and why not earlier; `changed` when another one was shown before."""
    told = [b.words_section(words("seat_move.changed"))] if changed else []
    told += _about(preview.missing, words)
    time = words("seat_move.none")
    if preview.time is not None:
        time = words("seat_move.time", time=offered_time(preview.time, words))
    lines = [time, *_people(preview.called, words)]
    told += [b.divider(), b.words_section("\n".join(lines))]
    why = why_not_earlier(preview.passed_over, words)
    if why:
        told.append(
            b.section(b.cut("\n".join([b.bold(words("why_not_earlier")), *map(b.escape, why)]), 2900))
        )
    if preview.time is None:
        return _modal("seat_move", words("seat_move.title"), told, words)
    title, submit = words("seat_move.title"), words("seat_move.submit")
    shown = {"invitation": preview.missing.invitation, "slot": preview.time.slot}
    return _modal("seat_move", title, told, words, submit, shown)


def without(preview: Without, words: Words) -> View:
    """Who comes all the same, and what changes."""
    told = _about(preview.missing, words)
    then = words(
        "seat_without.for_good" if preview.for_good else "seat_without.this_time",
        party=preview.missing.party,
    )
    changes = words("seat_without.changes", person=preview.missing.person)
    told += [b.divider(), b.words_section("\n".join([*_people(preview.called, words), changes, then]))]
    title, submit = words("seat_without.title"), words("seat_without.submit")
    return _modal("seat_without", title, told, words, submit, {"invitation": preview.missing.invitation})


def to_contact(preview: ToContact, words: Words) -> View:
    """Whom the party has, how to reach them, and what they are written."""
    told = _about(preview.missing, words)
    if preview.contact is None:
        told.append(b.words_section(words("seat_contact.nobody", party=preview.missing.party)))
        return _modal("seat_contact", words("seat_contact.title"), told, words)
    reach = [part for part in (preview.contact.name, preview.contact.phone, preview.contact.email) if part]
    lines = [words("seat_contact.who", party=preview.missing.party, contact=", ".join(reach))]
    if preview.asked_on is not None:
        lines.append(words("seat_contact.asked", day=words.day(preview.asked_on)))
    lines.append(words("seat_contact.message", person=preview.missing.person))
    told += [b.divider(), b.words_section("\n".join(lines))]
    title, submit = words("seat_contact.title"), words("seat_contact.submit")
    return _modal("seat_contact", title, told, words, submit, {"invitation": preview.missing.invitation})


def again(preview: Again, words: Words) -> View:
    """The representative is told that the case is theirs and asked anew; or who comes instead."""
    missing = preview.missing
    then = words(
        _again_then(preview), person=missing.person, party=missing.party, deputy=preview.instead or ""
    )
    told = [*_about(missing, words), b.divider(), b.words_section(then)]
    title = words("seat_again.title")
    submit = words("seat_again.submit" if preview.comes else "seat_again.theirs")
    return _modal("seat_again", title, told, words, submit, {"invitation": missing.invitation})


def _again_then(preview: Again) -> str:
    if preview.comes:
        return "seat_again.then"
    return "seat_again.instead" if preview.instead else "seat_again.nobody"


def _about(missing: Missing, words: Words) -> list[Block]:
    key = (
        "seat.not_our_case"
        if missing.reason and not missing.reason.counts_against_attendance
        else "seat.cannot"
    )
    who = phrases.person_of(missing.person, missing.party, words)
    case = missing.case
    told = words(key, person=who, when=phrases.when(case, words), reference=case.reference)
    lines = [told, *reason_line(missing.reason, words), words("seat.nothing_yet")]
    return [b.words_section("\n".join(lines))]


def _people(called: Sequence[Called], words: Words) -> list[str]:
    names = [phrases.person_of(c.person, c.party, words) for c in called if c.party]
    return [words("seat.comes", people=words.all_of(names))] if names else []


def _modal(
    callback: str,
    title: str,
    told: list[Block],
    words: Words,
    submit: str | None = None,
    metadata: Mapping[str, str] | None = None,
) -> View:
    """With `submit` the way can be taken; without it there is only something to read."""
    close = words("modal.cancel" if submit else "modal.close")
    return b.modal(callback, title, told, close=close, submit=submit, metadata=metadata or {})
