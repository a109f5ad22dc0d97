"""The modals of absence and handover, each with its preview before anything is saved. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.views import blocks as b
from bot.views.blocks import Block, View
from schedules.services.absence import AbsenceChoices, AbsencePreview
from schedules.services.duty_lines import DutyPreviewLine
from schedules.services.hand_over import HandoverChoices, HandoverPreview
from schedules.texts import terms
from schedules.texts.phrases import when
from schedules.texts.words import Words

NamedIds = Sequence[tuple[str, str]]


def absence_edit(choices: AbsenceChoices, words: Words) -> View:
    """From which day to which; for somebody else too, where there is a choice."""
    absence = choices.absence
    metadata = {"absence": absence.id} if absence else {}
    blocks = [b.words_section(words("absence_edit.told"))]
    if len(choices.people) == 1:
        metadata["person"] = choices.people[0][0]
    else:
        own = choices.people[0][0]
        blocks.append(_person(choices.people, words("absence_edit.person.label"), words, own))
    blocks.append(
        _day("from_date", words("absence_edit.from_date.label"), absence.from_date if absence else None)
    )
    blocks.append(_day("to_date", words("absence_edit.to_date.label"), absence.to_date if absence else None))
    return b.modal(
        "absence_edit",
        words("absence_edit.title"),
        blocks,
        close=words("modal.cancel"),
        submit=words("absence_edit.submit"),
        metadata=metadata,
    )


def absence_save(preview: AbsencePreview, words: Words, *, changed: bool = False) -> View:
    """What the absence changes; `changed` when it is something else than was shown before."""
    command = preview.command
    first, last = words.day(command.from_date), words.day(command.to_date)
    one_day = command.from_date == command.to_date
    span = "absence_save.told_one_day" if one_day else "absence_save.told"
    told = words(span, person=preview.name, first=first, last=last)
    metadata = {
        "person": command.person,
        "from_date": command.from_date.isoformat(),
        "to_date": command.to_date.isoformat(),
        "plan": preview.fingerprint,
        **({"absence": command.absence} if command.absence else {}),
    }
    return b.modal(
        "absence_save",
        words("absence_save.title"),
        _preview(told, preview.lines, words, changed=changed),
        close=words("modal.cancel"),
        submit=words("absence_save.submit"),
        metadata=metadata,
    )


def handover_who(choices: HandoverChoices, words: Words) -> View:
    """Whose duties, where there is a choice."""
    return b.modal(
        "handover_who",
        words("handover_who.title"),
        [_person(choices.people, words("handover_who.person.label"), words, choices.person)],
        close=words("modal.cancel"),
        submit=words("handover_who.submit"),
    )


def handover_edit(choices: HandoverChoices, words: Words) -> View:
    """In which teams, to whom, and from when."""
    title = words("handover_edit.title")
    if not choices.successors or not choices.teams:
        return b.modal(
            "handover_edit", title, [b.words_section(words("handover_edit.none"))], close=words("modal.close")
        )
    name = dict(choices.people).get(choices.person or "", "")
    teams = b.options(choices.teams)
    every = [team for team, _ in choices.teams]
    successor = _select(choices.successors, words("handover_edit.successor.placeholder"))
    placeholder = words("handover_edit.teams.placeholder")
    return b.modal(
        "handover_edit",
        title,
        [
            b.words_section(words("handover_edit.told", person=name)),
            b.input_block(
                "teams",
                words("handover_edit.teams.label"),
                b.boxes_or_multi(teams, placeholder, every),
            ),
            b.input_block("successor", words("handover_edit.successor.label"), successor),
            _day("from_date", words("handover_edit.from_date.label"), None),
        ],
        close=words("modal.cancel"),
        submit=words("handover_edit.submit"),
        metadata={"person": choices.person or ""},
    )


def handover_save(preview: HandoverPreview, words: Words, *, changed: bool = False) -> View:
    """Every invitation that changes; `changed` when it is something else than was shown before."""
    command = preview.command
    told = words(
        "handover_save.told",
        person=preview.name,
        successor=preview.successor,
        teams=words.all_of(preview.teams),
        day=words.day(command.from_date),
    )
    return b.modal(
        "handover_save",
        words("handover_save.title"),
        _preview(told, preview.lines, words, changed=changed),
        close=words("modal.cancel"),
        submit=words("handover_save.submit"),
        metadata={
            "person": command.person,
            "successor": command.successor,
            "teams": " ".join(command.teams),
            "from_date": command.from_date.isoformat(),
            "plan": preview.fingerprint,
        },
    )


def _person(people: NamedIds, label: str, words: Words, initial: str | None = None) -> Block:
    return b.input_block("person", label, _select(people, words("absence_edit.person.placeholder"), initial))


def _select(named: NamedIds, placeholder: str, initial: str | None = None) -> Block:
    """A select; in groups by hundred where there are more, each with its first and last name."""
    offered = b.options(named)
    if len(offered) <= b.SELECT_OPTIONS:
        return b.select(offered, placeholder, initial)
    parts = [offered[n : n + b.SELECT_OPTIONS] for n in range(0, len(offered), b.SELECT_OPTIONS)]
    groups = [{"label": b.plain(_from_to(part), b.OPTION), "options": part} for part in parts]
    first = b.chosen(offered, () if initial is None else (initial,))
    element: Block = {
        "type": "static_select",
        "placeholder": b.plain(placeholder, b.PLACEHOLDER),
        "option_groups": groups,
    }
    return {**element, "initial_option": first[0]} if first else element


def _from_to(part: Sequence[Block]) -> str:
    return f"{part[0]['text']['text'][:30]} – {part[-1]['text']['text'][:30]}"


def _day(name: str, label: str, initial: date | None) -> Block:
    return b.input_block(name, label, b.date_input(initial.isoformat() if initial else None))


def _preview(told: str, lines: Sequence[DutyPreviewLine], words: Words, *, changed: bool) -> list[Block]:
    head = [b.words_section(words("duty_preview.changed"))] if changed else []
    cases = [b.section(text) for text in _packed([_line(line, words) for line in lines])]
    nothing = [b.words_section(words("duty_preview.nothing"))]
    then = [b.context(b.escape(words("duty_preview.then")))] if lines else []
    return [*head, b.words_section(told), b.divider(), *(cases or nothing), *then]


def _packed(texts: Sequence[str]) -> list[str]:
    """The texts in as few sections as hold them, so that a modal holds more than a thousand bookings."""
    packed: list[str] = []
    for text in texts:
        if packed and len(packed[-1]) + len(text) + 2 <= b.SECTION:
            packed[-1] = f"{packed[-1]}\n\n{text}"
        else:
            packed.append(text)
    return packed


def _line(line: DutyPreviewLine, words: Words) -> str:
    time = terms.opening(when(line.case, words))
    told = [b.bold(f"{time}, {line.case.reference}"), b.escape(line.case.meeting.team)]
    if line.party is not None and line.deputy is None:
        told.append(b.escape(words("duty_preview.nobody", party=line.party)))
    elif line.party is not None:
        key = "duty_preview.seat_proposed" if line.proposed else "duty_preview.seat"
        told.append(b.escape(words(key, party=line.party, deputy=line.deputy)))
    if line.beside is not None:
        key = "duty_preview.beside" if line.deputy else "duty_preview.beside_nobody"
        told.append(b.escape(words(key, party=line.beside, deputy=line.deputy or "")))
    if line.leader is not None:
        told.append(b.escape(words("duty_preview.leader", leader=line.leader)))
    return b.cut("\n".join(told), 900)
