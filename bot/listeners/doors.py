"""The two ways in from a message or a form: who it is, one act, and the answer or plain words."""

from __future__ import annotations

from collections.abc import Callable

from pydantic_core import to_json
from slack_sdk import WebClient

from bot.forms.errors import FieldErrors, errors_for_slack
from bot.listeners.desk import Ack, Body, Desk, User, answer_problem, open_view, told
from bot.views.blocks import View
from schedules.errors import Refused, SamtidError, TimeTaken

Press = Callable[[User, Body, WebClient], None]
Submit = Callable[[User, Body], View | FieldErrors | None]
SubmitFirst = Callable[[Body], View | FieldErrors]


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


def submitted(desk: Desk, act: Submit) -> Callable[..., None]:
    """A listener for a form: another view takes its place, errors stand beside the fields, or all closes."""

    def listener(ack: Ack, body: Body) -> None:
        user = desk.user(body)
        if user is None:
            ack(response_action="update", view=desk.refusal())
            return
        try:
            found = act(user, body)
        except SamtidError as error:
            _tell(ack, body, user, error)
            return
        if isinstance(found, FieldErrors):
            _tell(ack, body, user, found)
        else:
            _show(desk, ack, found)

    return listener


def submitted_first(desk: Desk, act: SubmitFirst) -> Callable[..., None]:
    """The same for a form whose act finds out by itself who it is, in the transaction that it needs anyway.

    Only what went wrong is told to somebody who has to be looked for first.
    """

    def listener(ack: Ack, body: Body) -> None:
        problem: SamtidError | FieldErrors
        try:
            found = act(body)
        except SamtidError as error:
            problem = error
        else:
            if not isinstance(found, FieldErrors):
                _show(desk, ack, found)
                return
            problem = found
        user = desk.user(body)
        if user is None:
            ack(response_action="update", view=desk.refusal())
        else:
            _tell(ack, body, user, problem)

    return listener


def _show(desk: Desk, ack: Ack, view: View | None) -> None:
    if view is None:
        ack(response_action="clear")
    else:
        # Already in JSON, which Bolt hands on: its own way there takes five times as long.
        ack(to_json({"response_action": "update", "view": view}).decode())
    desk.wake()


def _tell(ack: Ack, body: Body, user: User, problem: SamtidError | FieldErrors) -> None:
    present = list(body["view"].get("state", {}).get("values", {}))
    if isinstance(problem, Refused | FieldErrors):
        ack(response_action="errors", errors=errors_for_slack(problem, user.words, present))
    elif isinstance(problem, TimeTaken) and "slot" in present:
        ack(response_action="errors", errors={"slot": user.words("refused.time_taken")})
    else:
        answer_problem(ack, problem, user.words, present)
