"""What a line of the App Home does at once: remind now, note as arranged, record whether the person comes."""

from __future__ import annotations

from slack_bolt import App
from slack_sdk import WebClient

from bot.forms import person_asked as form
from bot.forms.errors import FieldErrors
from bot.listeners.desk import Body, Desk, User, open_view
from bot.listeners.doors import button, submitted, value_of
from bot.views.person_asked import CALLBACK
from bot.views.person_asked import person_asked as asked_view
from bot.views.plain import notice
from schedules.services.remind_now import remind_answer, remind_whom
from schedules.services.tasks import needs_arranged, person_asked, to_ask_person


def register(app: App, desk: Desk) -> None:
    """Listen for the buttons of lines that wait for somebody, and for the form about the person."""

    def answer(user: User, body: Body, client: WebClient) -> None:
        reminded = remind_answer(desk.office, user.person.id, value_of(body))
        _say(client, body, user, reminded=reminded)

    def whom(user: User, body: Body, client: WebClient) -> None:
        reminded = remind_whom(desk.office, user.person.id, value_of(body))
        _say(client, body, user, reminded=reminded)

    def arranged(user: User, body: Body, client: WebClient) -> None:
        del client
        needs_arranged(desk.office, user.person.id, value_of(body))

    def ask(user: User, body: Body, client: WebClient) -> None:
        referral = to_ask_person(desk.office, user.person.id, value_of(body))
        open_view(client, body, asked_view(referral.id, referral.reference, user.words))

    def asked(user: User, body: Body) -> FieldErrors | None:
        read = form.person_asked(body["view"])
        if isinstance(read, FieldErrors):
            return read
        person_asked(desk.office, user.person.id, read.referral, read.answer)
        return None

    app.action("invitation_remind")(button(desk, answer))
    app.action("identity_remind")(button(desk, whom))
    app.action("needs_arranged")(button(desk, arranged))
    app.action("person_asked")(button(desk, ask))
    app.view(CALLBACK)(submitted(desk, asked))


def _say(client: WebClient, body: Body, user: User, *, reminded: bool) -> None:
    words = user.words
    text = words("done.reminded") if reminded else words("done.reminded_before")
    open_view(client, body, notice(words("done.title"), text, words))
