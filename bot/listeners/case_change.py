"""Change a case: open the form, let it follow the choices, carry it out or show what it would move."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_bolt import App
from slack_sdk import WebClient

from bot.forms import case_change as form
from bot.forms.errors import FieldErrors
from bot.forms.state import FormState
from bot.listeners.desk import Body, Desk, User, at_once, later, open_view
from bot.listeners.doors import button, submitted, value_of
from bot.listeners.following import follow_choice
from bot.views import plain
from bot.views.blocks import View
from bot.views.case_change import CALLBACK, ChangeForm, case_change
from bot.views.referral_details import booked_time
from schedules.domain.change_case import ChangeCase
from schedules.services.change_case import CaseChanged, MoveNeeded, change_case
from schedules.services.change_form import open_change

FOLLOWED = ("parties", "urgency")


def is_change(body: Body) -> bool:
    """Whether the field is one of this form's; the form that raises a case has fields of the same names."""
    view = body.get("view")
    return isinstance(view, Mapping) and view.get("callback_id") == CALLBACK


def register(app: App, desk: Desk) -> None:
    """Listen for the button, the form's fields and its submission; before whoever follows all such fields."""

    def open_form(user: User, body: Body, client: WebClient) -> None:
        shown = open_change(desk.office, user.person.id, value_of(body))
        open_view(client, body, case_change(ChangeForm(shown), user.words))

    def follow(body: Body, client: WebClient) -> None:
        follow_choice(desk, body, client, lambda user, view: _followed(desk, user, view))

    app.action("case_change")(button(desk, open_form))
    for field in FOLLOWED:
        listen = app.action({"block_id": field, "action_id": field}, matchers=[is_change])
        listen(ack=at_once, lazy=[later(follow)])
    app.view(CALLBACK)(submitted(desk, lambda user, body: _change(desk, user, body)))


def _followed(desk: Desk, user: User, view: Mapping[str, Any]) -> View:
    state = FormState(view)
    shown = open_change(desk.office, user.person.id, state.needed_metadata("referral"))
    urgency = state.choice("urgency")
    urgent = None if urgency is None else urgency == "urgent"
    return case_change(ChangeForm(shown, state.choices("parties"), urgent), user.words)


def _change(desk: Desk, user: User, body: Body) -> View | FieldErrors:
    read = form.parse(body["view"], user.person.id, desk.office.today())
    if isinstance(read, FieldErrors):
        return read
    return _carry_out(desk, user, read, body["view"]["id"])


def _carry_out(desk: Desk, user: User, read: ChangeCase, view_id: str) -> View:
    try:
        done = change_case(desk.office, read)
    except MoveNeeded as needed:
        # The preview stands in the form itself, with everything that was typed.
        shown = open_change(desk.office, user.person.id, read.referral)
        return case_change(ChangeForm(shown, typed=read, preview=needed.preview), user.words)
    desk.form_ends(view_id)
    return plain.notice(user.words("done.title"), _done(done, user), user.words)


def _done(done: CaseChanged, user: User) -> str:
    if done.facts is None:
        return user.words("done.changed.waiting")
    key = "done.changed.booked" if done.booked_now else "done.changed"
    return user.words(key, time=booked_time(done.facts, user.words))
