"""What a coordinator does with a whole meeting."""

from __future__ import annotations

from slack_bolt import App
from slack_sdk import WebClient

from bot.forms.state import FormState
from bot.listeners.desk import Ack, Body, Desk, answer_problem, open_view, told
from bot.listeners.doors import value_of
from bot.views.cancel_meeting import cancel_meeting as cancel_view
from schedules.errors import SamtidError
from schedules.services.cancel_meeting import PlanChanged, cancel_meeting, preview_cancel


def register(app: App, desk: Desk) -> None:
    """Listen for the button that previews a cancellation, and for its confirmation."""

    def preview(ack: Ack, body: Body, client: WebClient) -> None:
        user = desk.user(body)
        if user is None:
            ack()
            return
        with told(client, body, user.words, ack):
            plan = preview_cancel(desk.office, user.person.id, value_of(body))
            open_view(client, body, cancel_view(plan, user.words))
            ack()

    def confirm(ack: Ack, body: Body) -> None:
        user = desk.user(body)
        if user is None:
            ack(response_action="update", view=desk.refusal())
            return
        try:
            state = FormState(body["view"])
            meeting, plan = state.needed_metadata("meeting"), state.needed_metadata("plan")
            cancel_meeting(desk.office, user.person.id, meeting, plan)
        except PlanChanged as changed:
            ack(response_action="update", view=cancel_view(changed.preview, user.words, changed=True))
        except SamtidError as error:
            answer_problem(ack, error, user.words, ())
        else:
            ack(response_action="clear")
            desk.wake()

    app.action("meeting_cancel")(preview)
    app.view("meeting_cancel")(confirm)
