"""What a coordinator does with whole meetings: each change has a form, a preview and a confirmation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt import App
from slack_sdk import WebClient

from bot.forms import meetings as forms
from bot.forms.errors import FieldErrors, errors_for_slack
from bot.forms.meetings import Fields
from bot.forms.state import FormState
from bot.listeners.desk import Ack, Body, Desk, User, answer_problem, open_view
from bot.listeners.doors import button, value_of
from bot.views import meeting_forms as views
from bot.views import plain
from bot.views.blocks import View
from bot.views.plan_preview import plan_preview
from schedules.errors import Refused, SamtidError
from schedules.services import cancel_meeting as cancel
from schedules.services import close_period as close
from schedules.services import extra_meeting as extra
from schedules.services import move_meeting as move
from schedules.services.free_times import switch_posts
from schedules.services.office import Office
from schedules.services.release_meeting import release_meeting
from schedules.services.replanning import PlanChanged, PlanPreview


@dataclass(frozen=True, slots=True)
class _Change:
    """One sort of change. The command is what `read` gives, and goes as it is to the other two."""

    read: Callable[[Fields], Any]
    preview: Callable[[Office, str, str, Any], PlanPreview]
    carry_out: Callable[[Office, str, str, Any, str], PlanPreview]
    form: Callable[[Office, str, str, User], View] | None = None


def _move_form(office: Office, actor: str, meeting: str, user: User) -> View:
    return views.meeting_move(move.meeting_to_move(office, actor, meeting), user.words)


def _extra_form(office: Office, actor: str, team: str, user: User) -> View:
    return views.team_extra(extra.team_to_extend(office, actor, team), user.words)


def _single_form(office: Office, actor: str, team: str, user: User) -> View:
    return views.team_single(*extra.cases_to_choose(office, actor, team), user.words)


def _close_form(office: Office, actor: str, team: str, user: User) -> View:
    return views.team_close(extra.team_to_extend(office, actor, team), user.words)


CHANGES: Mapping[str, _Change] = {
    "meeting_cancel": _Change(
        lambda _: None,
        lambda office, actor, meeting, _: cancel.preview_cancel(office, actor, meeting),
        lambda office, actor, meeting, _, plan: cancel.cancel_meeting(office, actor, meeting, plan),
    ),
    "meeting_move": _Change(forms.new_time, move.preview_move, move.move_meeting, _move_form),
    "team_extra": _Change(forms.extra_meeting, extra.preview_extra, extra.add_extra_meeting, _extra_form),
    "team_single": _Change(forms.single_time, extra.preview_single, extra.add_single_time, _single_form),
    "team_close": _Change(forms.period, close.preview_close, close.close_period, _close_form),
}


def register(app: App, desk: Desk) -> None:
    """Listen for the buttons, the forms and the confirmations of every change."""
    for name, change in CHANGES.items():
        app.action(name)(button(desk, _opened(desk, name, change)))
        app.view(name)(_form(desk, _previewed(desk, name, change)))
        app.view(f"{name}_confirm")(_form(desk, _confirmed(desk, name, change)))

    def release(user: User, body: Body, _client: WebClient) -> None:
        release_meeting(desk.office, user.person.id, value_of(body))

    def posts(user: User, body: Body, client: WebClient) -> None:
        on = switch_posts(desk.office, user.person.id, value_of(body))
        text = user.words("free_times.on" if on else "free_times.off")
        open_view(client, body, plain.notice(user.words("done.title"), text, user.words))

    app.action("meeting_release")(button(desk, release))
    app.action("team_posts")(button(desk, posts))


def _opened(desk: Desk, name: str, change: _Change) -> Callable[[User, Body, WebClient], None]:
    """A change with a form begins with it; one without, with its preview."""

    def opened(user: User, body: Body, client: WebClient) -> None:
        actor, subject = user.person.id, value_of(body)
        if change.form is not None:
            open_view(client, body, change.form(desk.office, actor, subject, user))
            return
        found = change.preview(desk.office, actor, subject, None)
        open_view(client, body, plan_preview(name, found, {}, user.words))

    return opened


Answer = dict[str, Any]


def _previewed(desk: Desk, name: str, change: _Change) -> Callable[[User, Body], Answer]:
    def previewed(user: User, body: Body) -> Answer:
        fields = forms.fields_of(body["view"])
        command = fields if isinstance(fields, FieldErrors) else change.read(fields)
        if isinstance(fields, FieldErrors) or isinstance(command, FieldErrors):
            return _errors(command, user, body)
        found = change.preview(desk.office, user.person.id, fields["subject"], command)
        return {"response_action": "push", "view": plan_preview(name, found, fields, user.words)}

    return previewed


def _confirmed(desk: Desk, name: str, change: _Change) -> Callable[[User, Body], Answer]:
    def confirmed(user: User, body: Body) -> Answer:
        fields = forms.kept_fields(body["view"])
        plan = FormState(body["view"]).needed_metadata("plan")
        command = change.read(fields)
        try:
            change.carry_out(desk.office, user.person.id, fields["subject"], command, plan)
        except PlanChanged as changed:
            view = plan_preview(name, changed.preview, fields, user.words, changed=True)
            return {"response_action": "update", "view": view}
        except Refused as refused:
            # The world has changed since the form was read: there is no field here to stand beside.
            told = " ".join(errors_for_slack(refused, user.words).values())
            view = plain.notice(user.words(f"plan_preview.title.{name}"), told, user.words)
            return {"response_action": "update", "view": view}
        return {"response_action": "clear"}

    return confirmed


def _form(desk: Desk, act: Callable[[User, Body], Answer]) -> Callable[..., None]:
    def listener(ack: Ack, body: Body) -> None:
        user = desk.user(body)
        if user is None:
            ack(response_action="update", view=desk.refusal())
            return
        try:
            ack(**act(user, body))
        except Refused as refused:
            ack(**_errors(refused, user, body))
        except SamtidError as error:
            answer_problem(ack, error, user.words, list(body["view"].get("state", {}).get("values", {})))
        else:
            desk.wake()

    return listener


def _errors(errors: FieldErrors | Refused, user: User, body: Body) -> Answer:
    present = list(body["view"].get("state", {}).get("values", {}))
    return {"response_action": "errors", "errors": errors_for_slack(errors, user.words, present)}
