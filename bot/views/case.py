"""The modal "Visa ärendet": a case with its protected fields, for those allowed to see it. Pure.

Who is allowed is decided, and recorded, before this is built (promise 6).
"""

from __future__ import annotations

from bot.views import blocks as b
from bot.views.blocks import Block, View
from bot.views.buttons import button
from bot.views.message import button_rows
from bot.views.referral_details import booked_time
from schedules.domain.case_page import CalledPerson, CasePage
from schedules.domain.cases import Protected
from schedules.domain.plan import Role
from schedules.texts import terms
from schedules.texts.words import Words

CALLBACK = "case_view"
LETTER = "person_letter"
LINE = 700
LINES = 2800


def case_modal(page: CasePage, words: Words) -> View:
    """The modal, without `submit`: there is nothing to fill in."""
    return b.modal(
        CALLBACK,
        words("case_view.title"),
        [
            b.header(page.referral.reference),
            b.section(_open_facts(page, words)),
            *_called(page, words),
            b.divider(),
            *_free_texts(page.protected, words),
            *_protected(page, words),
            *button_rows([button(action, value, words) for action, value in page.buttons]),
            *_letter(page, words),
            b.context(b.escape(words("case_view.protected_note"))),
        ],
        close=words("modal.close"),
        metadata={"referral": page.referral.id},
    )


def _letter(page: CasePage, words: Words) -> list[Block]:
    """A button that opens a page of ours; Slack tells of the press as well, which only has to be acked."""
    if page.letter is None:
        return []
    opened = {"type": "button", "action_id": LETTER, "url": page.letter}
    return [b.actions([opened | {"text": b.plain(words("case_view.letter"), b.BUTTON)}])]


def _row(label: str, text: str) -> str:
    return f"{b.bold(label)} {b.escape_within(b.one_line(text), LINE)}"


def _rows(prefix: str, rows: list[tuple[str, str | None]], words: Words) -> str:
    return _short([_row(words(f"{prefix}.{name}"), text) for name, text in rows if text])


def _short(lines: list[str]) -> str:
    """Lines within one section; those that do not fit are left out with an ellipsis."""
    kept: list[str] = []
    for line in lines:
        if sum(len(one) + 1 for one in kept) + len(line) > LINES:
            return "\n".join([*kept, "…"])
        kept.append(line)
    return "\n".join(kept)


def _names(ids: tuple[str, ...], page: CasePage, words: Words) -> str:
    return words.all_of([page.parties.get(party, party) for party in ids])


def _open_facts(page: CasePage, words: Words) -> str:
    referral, facts = page.referral, page.facts
    categories = terms.opening(terms.categories(referral.categories, words))
    rows: list[tuple[str, str | None]] = [
        ("status", words(f"status.{referral.status.value}")),
        ("team", page.team),
        ("time", booked_time(facts, words) if facts else None),
        ("place", facts.meeting.place if facts else None),
        ("parties", _names(referral.parties, page, words)),
        ("categories", categories),
        ("urgency", words(f"urgency.{referral.urgency.value}")),
        ("takes_part", words(f"takes_part.{referral.person_takes_part.value}")),
        ("referrer", page.referrer),
        ("owner", page.owner),
        ("not_before", words.day_and_year(referral.not_before) if referral.not_before else None),
    ]
    return _rows("case_view", rows, words)


def _called(page: CasePage, words: Words) -> list[Block]:
    if not page.called:
        return []
    lines = [b.bold(words("case_view.called")), *(_called_line(one, words) for one in page.called)]
    return [b.section(_short(lines))]


def _called_line(one: CalledPerson, words: Words) -> str:
    who = f"{one.person} ({one.party})" if one.party else one.person
    said = []
    if Role.REPRESENTATIVE in one.roles:
        knows = "knows" if one.identity_known else "does_not_know"
        said = [words(f"answer.{one.answer.value}"), words(f"case_view.{knows}")]
    else:
        said = [terms.roles(one.roles, words)]
    return b.escape_within(b.one_line(f"{who}: {'. '.join(said)}"), LINE)


def _free_texts(protected: Protected, words: Words) -> list[Block]:
    """What people wrote, as plain text: Slack reads no markup in it."""
    texts = [
        ("question", protected.question),
        ("urgency_reason", protected.urgency_reason),
        ("needs", protected.needs),
        ("return_reason", protected.return_reason),
    ]
    return [
        block
        for name, text in texts
        if text
        for block in (b.section(b.bold(words(f"case_view.{name}"))), b.words_section(text))
    ]


def _protected(page: CasePage, words: Words) -> list[Block]:
    protected = page.protected
    consent = words(
        "case_view.consent.text",
        parties=_names(protected.consent.parties, page, words),
        day=words.day_and_year(protected.consent.given_on),
    )
    start = protected.sick_leave_start
    rows: list[tuple[str, str | None]] = [
        ("consent", consent),
        ("own_reference", protected.own_reference),
        ("gender", words(f"gender.{protected.gender.value}") if protected.gender else None),
        ("birth_year", str(protected.birth_year) if protected.birth_year else None),
        ("sick_leave_start", words.day_and_year(start) if start else None),
        ("known_to", _names(protected.known_to, page, words) if protected.known_to else None),
        ("support", words(f"support.{protected.support.value}") if protected.support else None),
    ]
    return [b.section(_rows("case_view", rows, words))]
