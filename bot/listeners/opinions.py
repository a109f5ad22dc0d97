"""The yearly climate survey, and the pulse after a meeting."""

from __future__ import annotations

from slack_bolt import App
from slack_sdk import WebClient

from bot.forms.errors import FieldErrors
from bot.forms.state import FormState, Unreadable, unreadable
from bot.listeners.desk import Body, Desk, User, open_view
from bot.listeners.doors import button, small_form, value_of
from bot.views.survey import CALLBACK
from bot.views.survey import survey as form_view
from schedules.services.climate_survey import answer_survey, open_survey


def register(app: App, desk: Desk) -> None:
    """Listen for the survey's button and form."""

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

    app.action("survey_open")(button(desk, open_form))
    app.view(CALLBACK)(small_form(desk, answer))
