"""Raise a case: open the form, let it follow the choices, submit it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_bolt import App
from slack_sdk import WebClient

from bot.forms import referral_submit as form
from bot.forms.errors import FieldErrors
from bot.forms.state import FormState, Unreadable
from bot.listeners.desk import Ack, Body, Desk, User, at_once, later, open_view, slack_user
from bot.listeners.doors import button, submitted_first, value_of
from bot.listeners.following import follow_choice
from bot.views import referral_submit as view
from bot.views.blocks import Named, View
from bot.views.referral_details import DetailsForm, referral_details
from schedules.domain.facts import Contact
from schedules.errors import NotAllowed
from schedules.services.referral_form import FormChoices, form_choices, open_mended
from schedules.services.save_details import submit_and_open
from schedules.services.whom_to_call import coordinator_of

FOLLOWED = ("team", "parties", "protected_identity", "urgency")


def register_submission(app: App, desk: Desk) -> None:
    """Listen for the submitted form."""
    app.view("referral_submit")(submitted_first(desk, lambda body: _submit(desk, body)))


def register(app: App, desk: Desk) -> None:
    """Listen for the shortcut, the Home button and the form's fields."""

    def open_form(ack: Ack, body: Body, client: WebClient) -> None:
        raise_case(desk, ack, body, client)

    def follow(body: Body, client: WebClient) -> None:
        follow_choice(desk, body, client, lambda user, view: _followed(desk, user, view))

    def suggest(ack: Ack, body: Body) -> None:
        user = desk.user(body)
        teams = form_choices(desk.office, user.person.id).teams if user else ()
        ack(**view.team_suggestions(_named(teams), str(body.get("value") or "")))

    def mend(user: User, body: Body, client: WebClient) -> None:
        mended = open_mended(desk.office, user.person.id, value_of(body))
        choices = form_choices(desk.office, user.person.id, mended.referral.team)
        prefill = view.Prefill(mended.referral, mended.protected, mended.owner_slack)
        open_view(client, body, view.referral_submit(_form(choices, prefill=prefill), user.words))

    app.shortcut("referral_new")(open_form)
    app.action("referral_new")(open_form)
    app.action("referral_mend")(button(desk, mend))
    for field in FOLLOWED:
        app.action({"block_id": field, "action_id": field})(ack=at_once, lazy=[later(follow)])
    app.options("team")(suggest)


def raise_case(desk: Desk, ack: Ack, body: Body, client: WebClient) -> None:
    """Open the form at once, from local data."""
    user = desk.user(body)
    if user is None:
        open_view(client, body, desk.refusal())
        ack()
        return
    try:
        choices = form_choices(desk.office, user.person.id)
        shown = view.referral_submit(_form(choices), user.words)
    except NotAllowed:
        shown = desk.no_team(user)
    open_view(client, body, shown)
    ack()


def _named(pairs: tuple[tuple[str, str], ...]) -> tuple[Named, ...]:
    return tuple(Named(one, name) for one, name in pairs)


def _form(
    choices: FormChoices,
    *,
    chosen: tuple[str, ...] | None = None,
    protected_identity: bool | None = None,
    urgent: bool | None = None,
    prefill: view.Prefill | None = None,
) -> view.ReferralForm:
    return view.ReferralForm(
        teams=_named(choices.teams),
        own_party=Named(*choices.own_party),
        team=choices.team,
        parties=_named(choices.parties),
        coordinator=choices.coordinator,
        coordinator_party=Named(*choices.coordinator_party) if choices.coordinator_party else None,
        chosen=chosen,
        protected_identity=protected_identity,
        urgent=urgent,
        prefill=prefill,
    )


def _followed(desk: Desk, user: User, shown: Mapping[str, Any]) -> View:
    state = FormState(shown)
    choices = form_choices(desk.office, user.person.id, state.choice("team"))
    offered = {party for party, _ in choices.parties}
    mends = state.metadata("mends")
    prefill = None
    if mends is not None:
        mended = open_mended(desk.office, user.person.id, mends)
        prefill = view.Prefill(mended.referral, mended.protected, mended.owner_slack)
    protected = state.choice("protected_identity")
    urgency = state.choice("urgency")
    followed = _form(
        choices,
        chosen=tuple(p for p in state.choices("parties") if p in offered),
        protected_identity=None if protected is None else protected == "yes",
        urgent=None if urgency is None else urgency == "urgent",
        prefill=prefill,
    )
    return view.referral_submit(followed, user.words)


def _submit(desk: Desk, body: Body) -> View | FieldErrors:
    slack = slack_user(body)
    read = form.parse(body["view"], slack, desk.office.today(), _coordinator(desk, body["view"]))
    if isinstance(read, FieldErrors):
        return read
    person, shown = submit_and_open(desk.office, slack, read)
    desk.in_order.finish(body["view"]["id"])
    details = DetailsForm.of(_named(shown.parties), shown.protected)
    return referral_details(shown.outcome, details, desk.known(person, slack).words)


def _coordinator(desk: Desk, shown: Mapping[str, Any]) -> Contact | None:
    """Whom to call about somebody with protected identity; not looked up for anybody else."""
    state = FormState(shown)
    try:
        if state.choice("protected_identity") != "yes":
            return None
        team = state.choice("team")
    except Unreadable:
        team = None
    return coordinator_of(desk.office, team)
