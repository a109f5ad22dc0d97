"""The two ways in from a message or a small form: who it is, one act, and the answer or plain words."""

from __future__ import annotations

from collections.abc import Callable

from slack_sdk import WebClient

from bot.forms.errors import FieldErrors, errors_for_slack
from bot.listeners.desk import Ack, Body, Desk, User, answer_problem, open_view, told
from schedules.errors import Refused, SamtidError, TimeTaken

Press = Callable[[User, Body, WebClient], None]
Submit = Callable[[User, Body], FieldErrors | None]


def value_of(body: Body) -> str:
    """The public id that the pressed button carries."""
    return str(body["actions"][0].get("value") or "")


def button(desk: Desk, act: Press) -> Callable[..., None]:
    """A listener for a button. Somebody unknown gets the refusal; what goes wrong is told in a modal."""

    def listener(ack: Ack, body: Body, client: WebClient) -> None:
        user = desk.user(body)
        if user is None:
            open_view(client, body, desk.refusal())
            ack()
            return
        with told(client, body, user.words, ack):
            act(user, body, client)
            ack()
            desk.wake()

    return listener


def small_form(desk: Desk, act: Submit) -> Callable[..., None]:
    """A listener for a form of a few fields: it closes, or the errors stand beside the fields."""

    def listener(ack: Ack, body: Body) -> None:
        user = desk.user(body)
        if user is None:
            ack(response_action="update", view=desk.refusal())
            return
        present = list(body["view"].get("state", {}).get("values", {}))
        try:
            errors = act(user, body)
        except Refused as refused:
            ack(response_action="errors", errors=errors_for_slack(refused, user.words, present))
        except TimeTaken:
            ack(response_action="errors", errors={"slot": user.words("refused.time_taken")})
        except SamtidError as error:
            answer_problem(ack, error, user.words, present)
        else:
            if errors is not None:
                ack(response_action="errors", errors=errors_for_slack(errors, user.words, present))
                return
            ack(response_action="clear")
            desk.wake()

    return listener
