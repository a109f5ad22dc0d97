"""A party has nobody who can come: the coordinator looks at a way, then takes it."""

from __future__ import annotations

from collections.abc import Callable

from slack_bolt import App
from slack_sdk import WebClient

from bot.forms.state import FormState
from bot.listeners.desk import Ack, Body, Desk, User, answer_problem, open_view
from bot.listeners.doors import button, submitted, value_of
from bot.views import missing_party as views
from bot.views.blocks import View
from schedules.errors import SamtidError
from schedules.services import ask_party
from schedules.services import missing_party as ways
from schedules.services.office import Office
from schedules.texts.words import Words

Preview = Callable[[Office, str, str, Words], View]
Take = Callable[[Office, str, str], object]

PREVIEWS: dict[str, Preview] = {
    "seat_move": lambda o, who, call, w: views.next_time(ways.preview_next_time(o, who, call), w),
    "seat_without": lambda o, who, call, w: views.without(ways.preview_without(o, who, call), w),
    "seat_contact": lambda o, who, call, w: views.to_contact(ask_party.preview_contact(o, who, call), w),
    "seat_again": lambda o, who, call, w: views.again(ask_party.preview_again(o, who, call), w),
}
TAKEN: dict[str, Take] = {
    "seat_without": ways.hold_without,
    "seat_contact": ask_party.ask_contact,
    "seat_again": ask_party.ask_again,
}


def register(app: App, desk: Desk) -> None:
    """Listen for the buttons that preview a way, and for their confirmations."""
    for name, preview in PREVIEWS.items():
        app.action(name)(button(desk, _look(desk, preview)))
    for name, take in TAKEN.items():
        app.view(name)(submitted(desk, _taken(desk, take)))
    app.view("seat_move")(_moved(desk))


def _look(desk: Desk, preview: Preview) -> Callable[[User, Body, WebClient], None]:
    def look(user: User, body: Body, client: WebClient) -> None:
        open_view(client, body, preview(desk.office, user.person.id, value_of(body), user.words))

    return look


def _taken(desk: Desk, take: Take) -> Callable[[User, Body], None]:
    def taken(user: User, body: Body) -> None:
        take(desk.office, user.person.id, FormState(body["view"]).needed_metadata("invitation"))

    return taken


def _moved(desk: Desk) -> Callable[..., None]:
    """A confirmation that shows the new preview when the time is not the one that was shown."""

    def moved(ack: Ack, body: Body) -> None:
        user = desk.user(body)
        if user is None:
            ack(response_action="update", view=desk.refusal())
            return
        try:
            state = FormState(body["view"])
            invitation, slot = state.needed_metadata("invitation"), state.needed_metadata("slot")
            ways.move_to_next_time(desk.office, user.person.id, invitation, slot)
        except ways.NextTimeChanged as changed:
            ack(response_action="update", view=views.next_time(changed.preview, user.words, changed=True))
        except SamtidError as error:
            answer_problem(ack, error, user.words, ())
        else:
            ack(response_action="clear")
            desk.wake()

    return moved
