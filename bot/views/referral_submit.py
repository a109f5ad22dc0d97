"""The modal `referral_submit`, "Lyft ett ärende": what booking needs, in the order of DESIGN.md. Pure.

The fields keep their block_id whatever is chosen, so that `views.update` keeps what was typed. Slack may
then keep a ticked party that the newly chosen team does not have; nobody sees it, and `bot.forms` drops
what the view did not offer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.forms.limits import LIMITS
from bot.views import blocks as b
from bot.views.blocks import Block, Named, View
from schedules.domain.cases import PersonTakesPart, Protected, QuestionCategory, Referral, Urgency
from schedules.domain.facts import Contact
from schedules.texts.words import Words

CALLBACK = "referral_submit"


@dataclass(frozen=True, slots=True)
class Prefill:
    """A returned referral to be mended; `owner_slack` is its owner's Slack user id in this workspace."""

    referral: Referral
    protected: Protected
    owner_slack: str | None = None


@dataclass(frozen=True, slots=True)
class ReferralForm:
    """What the form offers one user, and what it has to react to.

    `team` is the chosen team's id; `parties` the chosen team's, the user's own left out; `chosen` the
    parties ticked so far, whom the consent label names beside the own and the coordinator's. None in
    `chosen`, `protected_identity` or `urgent`: not touched yet, so what is prefilled counts.
    """

    teams: tuple[Named, ...]
    own_party: Named
    team: str | None = None
    parties: tuple[Named, ...] = ()
    coordinator: Contact | None = None
    coordinator_party: Named | None = None
    chosen: tuple[str, ...] | None = None
    protected_identity: bool | None = None
    urgent: bool | None = None
    prefill: Prefill | None = None


def referral_submit(form: ReferralForm, words: Words) -> View:
    """The modal. A single team is preselected but still shown."""
    metadata = {"mends": form.prefill.referral.id} if form.prefill else None
    return b.modal(
        CALLBACK,
        words("referral_submit.title"),
        [
            *_return_reason(form, words),
            _team(form, words),
            *_protected_identity(form, words),
            *_parties(form, words),
            *_consent(form, words),
            *question_fields(form, words),
            takes_part_field(form, words),
            *urgency_fields(form, words),
            *_the_rest(form, words),
        ],
        close=words("referral_submit.close"),
        submit=words("referral_submit.submit"),
        metadata=metadata,
    )


def team_suggestions(teams: Sequence[Named], typed: str) -> dict[str, list[Block]]:
    """The answer to Slack's `block_suggestion` for `team`: the first 100 whose name holds `typed`."""
    hits = [team for team in teams if typed.casefold().strip() in team.name.casefold()]
    hits.sort(key=lambda team: team.name.casefold())
    return {"options": _named(hits[: b.SELECT_OPTIONS])}


def protected_identity_stop(coordinator: Contact | None, words: Words) -> str:
    """Whom to call instead of raising the case here."""
    if coordinator is None:
        return words("refused.protected_identity_no_coordinator")
    if not coordinator.phone:
        return words("refused.protected_identity_no_phone", coordinator=coordinator.name)
    return words("refused.protected_identity", coordinator=coordinator.name, phone=coordinator.phone)


def consent_label(form: ReferralForm, words: Words) -> str:
    """What the person has consented to, with every party by name: the own, the chosen, the coordinator's."""
    chosen = [party for party in form.parties if party.id in set(_chosen(form))]
    extra = [form.coordinator_party] if form.coordinator_party else []
    names = {party.id: party.name for party in (form.own_party, *chosen, *extra)}
    if not chosen:
        return words("referral_submit.consent.label.none_chosen")
    return words("referral_submit.consent.label", parties=words.all_of(list(names.values())))


def _named(items: Sequence[Named]) -> list[Block]:
    return b.options((item.id, item.name) for item in items)


def _chosen(form: ReferralForm) -> tuple[str, ...]:
    if form.chosen is not None:
        return form.chosen
    return form.prefill.referral.parties if form.prefill else ()


def _return_reason(form: ReferralForm, words: Words) -> list[Block]:
    if form.prefill is None:
        return []
    reason = form.prefill.protected.return_reason
    said = [b.words_section(reason)] if reason else []
    return [b.words_section(words("referral_submit.returned")), *said, b.divider()]


def _team(form: ReferralForm, words: Words) -> Block:
    offered = _named(form.teams)
    only = form.teams[0].id if len(form.teams) == 1 else None
    initial = form.team or (form.prefill.referral.team if form.prefill else None) or only
    element = b.select(offered, words("referral_submit.team.placeholder"), initial)
    if len(offered) > b.SELECT_OPTIONS:
        del element["options"]
        element |= {"type": "external_select", "min_query_length": 0}
        if first := b.chosen(offered, () if initial is None else (initial,)):
            element["initial_option"] = first[0]
    return b.input_block("team", words("referral_submit.team.label"), element, dispatch=True)


def _protected_identity(form: ReferralForm, words: Words) -> list[Block]:
    values = [(value, words(f"referral_submit.protected_identity.{value}")) for value in ("no", "yes")]
    answered = form.protected_identity is not None or form.prefill is not None
    initial = ("yes" if form.protected_identity else "no") if answered else None
    field = b.input_block(
        "protected_identity",
        words("referral_submit.protected_identity.label"),
        b.radio(b.options(values), initial),
        hint=words("referral_submit.protected_identity.hint"),
        dispatch=True,
    )
    stop = protected_identity_stop(form.coordinator, words)
    return [field, b.words_section(stop)] if form.protected_identity else [field]


def _parties(form: ReferralForm, words: Words) -> list[Block]:
    if not form.parties:
        known = form.team is not None
        key = "referral_submit.parties.none" if known else "referral_submit.parties.choose_team"
        return [b.words_section(words(key))]
    element = b.boxes_or_multi(
        _named(form.parties), words("referral_submit.parties.placeholder"), _chosen(form)
    )
    hint = words("referral_submit.parties.hint", party=form.own_party.name)
    label = words("referral_submit.parties.label")
    return [b.input_block("parties", label, element, hint=hint, dispatch=True)]


def _consent(form: ReferralForm, words: Words) -> list[Block]:
    protected = form.prefill.protected if form.prefill else None
    given = b.options([("given", words("referral_submit.consent.given"))])
    return [
        b.input_block(
            "consent",
            consent_label(form, words),
            b.boxes(given, ["given"] if protected else []),
            hint=words("referral_submit.consent.hint"),
        ),
        b.input_block(
            "consent_date",
            words("referral_submit.consent_date.label"),
            b.date_input(protected.consent.given_on.isoformat() if protected else None),
        ),
    ]


def question_fields(form: ReferralForm, words: Words) -> list[Block]:
    """What it is about: the open categories, and the question itself."""
    prefill = form.prefill
    offered = b.options((one.value, words(f"category.{one.value}")) for one in QuestionCategory)
    categories = [one.value for one in prefill.referral.categories] if prefill else []
    question = prefill.protected.question if prefill else None
    return [
        b.input_block(
            "question_categories",
            words("referral_submit.question_categories.label"),
            b.multi_select(offered, words("referral_submit.question_categories.placeholder"), categories),
            hint=words("referral_submit.question_categories.hint"),
        ),
        b.input_block(
            "question",
            words("referral_submit.question.label"),
            b.text_input(LIMITS["question"], multiline=True, initial=question),
            hint=words("referral_submit.question.hint"),
        ),
    ]


def takes_part_field(form: ReferralForm, words: Words) -> Block:
    """Whether the person takes part."""
    initial = form.prefill.referral.person_takes_part.value if form.prefill else None
    offered = b.options((one.value, words(f"takes_part.{one.value}")) for one in PersonTakesPart)
    return b.input_block(
        "person_takes_part",
        words("referral_submit.person_takes_part.label"),
        b.radio(offered, initial),
        hint=words("referral_submit.person_takes_part.hint"),
    )


def urgency_fields(form: ReferralForm, words: Words) -> list[Block]:
    """Whether it is urgent, and why."""
    prefill = form.prefill
    mended = prefill is not None and prefill.referral.urgency is Urgency.URGENT
    urgent = mended if form.urgent is None else form.urgent
    offered = b.options((one.value, words(f"urgency.{one.value}")) for one in Urgency)
    reason = prefill.protected.urgency_reason if prefill else None
    return [
        b.input_block(
            "urgency",
            words("referral_submit.urgency.label"),
            b.radio(offered, (Urgency.URGENT if urgent else Urgency.ORDINARY).value),
            hint=words("referral_submit.urgency.hint"),
            dispatch=True,
        ),
        b.input_block(
            "urgency_reason",
            words("referral_submit.urgency_reason.label"),
            b.text_input(LIMITS["urgency_reason"], multiline=True, initial=reason),
            hint=words("referral_submit.urgency_reason.hint"),
            optional=not urgent,
        ),
    ]


def _the_rest(form: ReferralForm, words: Words) -> list[Block]:
    prefill = form.prefill
    not_before = prefill.referral.not_before if prefill else None
    reference = prefill.protected.own_reference if prefill else None
    owner = prefill.owner_slack if prefill else None
    users = {
        "type": "users_select",
        "placeholder": b.plain(words("referral_submit.case_owner.placeholder"), b.PLACEHOLDER),
    }
    fields: list[tuple[str, Block]] = [
        ("not_before", b.date_input(not_before.isoformat() if not_before else None)),
        ("own_reference", b.text_input(LIMITS["own_reference"], initial=reference)),
        ("case_owner", {**users, "initial_user": owner} if owner else users),
    ]
    return [
        b.input_block(
            name,
            words(f"referral_submit.{name}.label"),
            element,
            hint=words(f"referral_submit.{name}.hint"),
            optional=True,
        )
        for name, element in fields
    ]
