"""The yearly climate survey, and the pulse after a meeting."""

from __future__ import annotations

from collections.abc import Callable

from slack_bolt import App
from slack_sdk import WebClient

from bot.forms.errors import FieldErrors
from bot.forms.state import FormState, Unreadable, unreadable
from bot.listeners.desk import Body, Desk, User, open_view
from bot.listeners.doors import button, submitted, value_of
from bot.views.survey import CALLBACK
from bot.views.survey import survey as form_view
from schedules.domain.opinions import Pulse
from schedules.services.climate_survey import answer_survey, open_survey
from schedules.services.pulse import answer_pulse


def register(app: App, desk: Desk) -> None:
    """Listen for the survey's button and form, and for the pulse's three buttons."""

    def open_form(user: User, body: Body, client: WebClient) -> None:
        shown = open_survey(desk.office, user.person.id, value_of(body))
        open_view(client, body, form_view(shown, user.words))

    def answer(user: User, body: Body) -> FieldErrors | None:
        state = FormState(body["view"])
        year = state.needed_metadata("survey")
        try:
            chosen = {field: state.choice(field) or "" for field in state.fields}
        except Unreadable as error:
            return unreadable(error.field)
        answer_survey(desk.office, user.person.id, year, chosen)
        return None

    def pulse(said: Pulse) -> Callable[..., None]:
        def act(user: User, body: Body, client: WebClient) -> None:
            del client  # the card says thank you
            answer_pulse(desk.office, user.person.id, value_of(body), said)

        return button(desk, act)

    for said in Pulse:
        app.action(f"pulse_{said.value}")(pulse(said))
    app.action("survey_open")(button(desk, open_form))
    app.view(CALLBACK)(submitted(desk, answer))
