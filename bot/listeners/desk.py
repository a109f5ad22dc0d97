"""What the listeners share: who is asking, in which language, and plain words when it does not work."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.forms.state import BrokenForm
from bot.listeners.in_order import InOrder
from bot.logs import log_fault
from bot.views import plain
from bot.views.blocks import View
from schedules.domain.organisation import Person
from schedules.errors import (
    CannotSave,
    CaseSealed,
    Erased,
    LockTimeout,
    NotAllowed,
    NotFound,
    Outdated,
    SamtidError,
    SlotTaken,
)
from schedules.services.form_choices import end_choices
from schedules.services.office import Office
from schedules.services.referral_form import whom_to_ask
from schedules.services.refusals import record_stranger
from schedules.texts.words import Words

Body = Mapping[str, Any]
Ack = Callable[..., Any]

BUSY = (LockTimeout, SlotTaken)
_TOLD = ((Erased, "error.erased"), (NotFound, "error.not_found"), (BUSY, "error.busy"))
"""What is told of an error in a notice of its own; of a kind and its parent the kind comes first."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class User:
    """The person behind a Slack user id, and their words."""

    person: Person
    slack: str
    words: Words


class Desk:
    """Between Slack and the services."""

    def __init__(self, office: Office, wake: Callable[[], None]) -> None:
        self.office = office
        self.wake = wake
        self.in_order = InOrder()
        """Of the forms that are open: each follows the newest choice made in it in this process."""

    def form_ends(self, form: str) -> None:
        """The form is submitted: no choice in it, here or in another process, may bring it back."""
        self.in_order.finish(form)
        try:
            end_choices(self.office, form)
        except SamtidError as error:  # what the form asked for is saved, and its answer must say so
            log.warning("form_end_not_noted", error=type(error).__name__)

    def user(self, body: Body) -> User | None:
        """Who is asking; None for somebody who is neither in the file nor in a party's user group."""
        slack = slack_user(body)
        with self.office.unit_of_work() as uow:
            person = uow.organisation.person_by_slack(slack)
        if person is None:
            if act := act_of(body):
                record_stranger(self.office.unit_of_work, self.office.clock, slack, act)
            return None
        return self.known(person, slack)

    def known(self, person: Person, slack: str) -> User:
        """A person whom we know, behind that Slack user id."""
        return User(person, slack, Words(person.language or self.office.language))

    def stranger_words(self) -> Words:
        """The words for somebody whom we do not know."""
        return Words(self.office.language)

    def refusal(self) -> View:
        """The plain refusal, with whom to ask."""
        return plain.refusal(whom_to_ask(self.office), self.stranger_words())

    def no_team(self, user: User) -> View:
        """The refusal to somebody whom we know, whose party is in no team."""
        contacts = [one for one in whom_to_ask(self.office) if one.email != user.person.email]
        return plain.no_team(contacts, user.words)

    def refusal_text(self) -> str:
        """The same for a slash command."""
        return plain.refusal_text(whom_to_ask(self.office), self.stranger_words())


def at_once(ack: Ack) -> None:
    """The ack of a listener whose work calls Slack: the work itself is `lazy` and runs on another thread."""
    ack()


def later(work: Callable[..., None]) -> Callable[..., None]:
    """The work as a `lazy` listener; Bolt would write the text of its error into the log (promise 5)."""

    @wraps(work)  # Bolt looks through it for the names of the arguments
    def run(**arguments: Any) -> None:
        try:
            work(**arguments)
        except SlackApiError as error:
            log.warning("slack_refused", error=error.response.get("error"))
        except Exception as error:  # noqa: BLE001  the last place before Bolt's own handler
            log_fault(error)

    return run


def act_of(body: Body) -> str | None:
    """What somebody pressed, wrote or sent, by its fixed name; None when they only look at a page."""
    pressed = (body.get("actions") or [{}])[0]
    sent = body.get("view", {}).get("callback_id") if body.get("type") == "view_submission" else None
    act = pressed.get("action_id") or sent or body.get("callback_id") or body.get("command")
    return str(act) if act else None


def slack_user(body: Body) -> str:
    """The Slack user id in any payload. Raises BrokenForm without one."""
    user = body.get("user") or body.get("user_id") or body.get("event", {}).get("user")
    found = user.get("id") if isinstance(user, Mapping) else user
    if not isinstance(found, str) or not found:
        raise BrokenForm
    return found


def problem_view(error: SamtidError, words: Words) -> View:
    """What the user is told about an error: what happened, and what to do."""
    if isinstance(error, CaseSealed):
        return plain.sealed(words, error.ids["seal"])
    if isinstance(error, NotAllowed):
        return plain.not_allowed(words, error.ids.get("action"))
    if isinstance(error, Outdated):
        return plain.outdated(words)
    for kinds, key in _TOLD:
        if isinstance(error, kinds):
            return plain.notice(words("error.title"), words(key), words)
    return plain.error(words)


def answer_problem(ack: Ack, error: SamtidError, words: Words, present: Sequence[str]) -> None:
    """Answer a form that could not be carried out.

    Where trying again helps, the words stand beside the first field: a view in the form's place would take
    away what was typed.
    """
    log.info("refused", error=type(error).__name__, ids=error.ids)
    if isinstance(error, BUSY) and present:
        ack(response_action="errors", errors={present[0]: words("error.busy")})
    elif isinstance(error, CannotSave) and present:
        ack(response_action="errors", errors={present[0]: plain.error_text(words)})
    elif isinstance(error, NotAllowed) and present and not isinstance(error, CaseSealed):
        text = plain.not_allowed_text(error.ids.get("action"), words)
        ack(response_action="errors", errors={present[0]: text})
    else:
        ack(response_action="update", view=problem_view(error, words))


def open_view(client: WebClient, body: Body, view: View) -> None:
    """Open a modal; on top of one that is open already. A trigger that died is only noted."""
    stacked = body.get("view", {}).get("type") == "modal"
    send = client.views_push if stacked else client.views_open
    try:
        send(trigger_id=str(body.get("trigger_id", "")), view=view)
    except SlackApiError as error:
        log.warning("view_not_opened", error=error.response.get("error"))


@contextmanager
def told(client: WebClient, body: Body, words: Words, ack: Ack) -> Iterator[None]:
    """Tell in a modal what went wrong within the block, and ack."""
    try:
        yield
    except SamtidError as error:
        log.info("refused", error=type(error).__name__, ids=error.ids)
        open_view(client, body, problem_view(error, words))
        ack()
