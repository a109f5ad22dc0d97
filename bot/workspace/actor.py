"""One person at the keyboard: what the page does and what scenario tests do goes through here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.workspace import actions, payloads, state
from bot.workspace.answers import PARTSTATS, answer_to
from bot.workspace.blockkit.check import listed_options
from bot.workspace.shapes import SlackError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.workspace.courier import Ack
    from bot.workspace.messages import Message
    from bot.workspace.setup import Workspace
    from bot.workspace.shapes import Json, Persona
    from bot.workspace.views import OpenView


class Actor:
    """Acts as one persona. A missing field or button is a LookupError: a person could not do that either."""

    def __init__(self, workspace: Workspace, user_id: str) -> None:
        self._core = workspace.core
        self.user_id = user_id
        self.persona: Persona = self._core.persona(user_id)

    @property
    def direct_message(self) -> str:
        """The id of the person's direct message with the bot."""
        return self._core.messages.open_direct((self.user_id,)).id

    def command(self, name: str, text: str = "", channel: str | None = None) -> Ack:
        """Type a slash command, in the bot's direct message unless a channel is given."""
        where = channel or self.direct_message
        return actions.send_command(self._core, self.user_id, where, name, text)

    def shortcut(self, callback_id: str) -> Ack:
        """Choose a shortcut from the menu."""
        return actions.send_shortcut(self._core, self.user_id, callback_id)

    def say(self, text: str, channel: str | None = None) -> Message:
        """Write an ordinary message."""
        where = self._core.messages.conversation(channel or self.direct_message)
        return self._core.messages.post(where.id, self.user_id, {"text": text})

    def open_home(self) -> OpenView | None:
        """Look at the Home tab; the bot is told, and what it published (if it did so in time) is given."""
        actions.open_home(self._core, self.user_id)
        return self.home

    @property
    def home(self) -> OpenView | None:
        """The Home tab as last published."""
        return self._core.views.home(self.user_id)

    @property
    def modal(self) -> OpenView | None:
        """The modal that the person sees, or None."""
        return self._core.views.top(self.user_id)

    @property
    def errors(self) -> dict[str, str]:
        """The errors beside the fields of the modal, by block id."""
        return dict(self._top().errors)

    @property
    def values(self) -> Json:
        """What the modal's form holds now, as `state.values`."""
        top = self._top()
        return state.values(top.blocks, top.typed)

    def fill(self, field: str, value: Any) -> None:
        """Give an input its value: a text, an option's value, a user id, or a list of those; None empties it.

        The bot is told at once where the input has `dispatch_action`.
        """
        block, element = self._input(field)
        self.enter(block["block_id"], element["action_id"], value)
        if block["type"] != "input" or block.get("dispatch_action"):
            self.changed(block["block_id"], element["action_id"])

    def enter(self, block_id: str, action_id: str, value: Any) -> None:
        """Give an input its value and tell nobody."""
        top = self._top()
        found = state.find(top.blocks, action_id, block_id)
        if found is None:
            raise LookupError(block_id)
        typed = state.chosen(found[1], value, self._offered(top, found, value))
        if typed != self.values[block_id][action_id]:
            actions.type_in(self._core, top, block_id, action_id, typed)

    def changed(self, block_id: str, action_id: str) -> Ack:
        """Tell the bot of an input with `dispatch_action` (or of a select outside an input) that changed."""
        top = self._top()
        found = state.find(top.blocks, action_id, block_id)
        if found is None:
            raise LookupError(action_id)
        return actions.act_in_view(self._core, top, self._action(*found, self.values[block_id][action_id]))

    def suggestions(self, field: str, query: str) -> list[Json]:
        """Type into an external select; give the options that the bot offers."""
        block, element = self._input(field)
        return actions.suggest(self._core, self._top(), block["block_id"], element["action_id"], query)

    def submit(self) -> None:
        """Press the modal's submit button."""
        actions.submit(self._core, self._top())

    def close(self, *, everything: bool = False) -> None:
        """Close the modal, or the whole stack."""
        actions.close(self._core, self._top(), everything=everything)

    def click(
        self,
        action_id: str,
        value: Any = None,
        *,
        where: str | None = None,
        message: Message | None = None,
        block_id: str | None = None,
    ) -> Ack:
        """Press a button (the one with this `value`, if given) or choose `value` in a select or menu.

        Looks in the open modal; without one in the messages, newest first, then on the Home tab; `where`
        ("modal", "message", "home"), `message` or `block_id` narrows it down. A Home tab that was drawn anew
        meanwhile has blocks with other ids: a button of before is known by its value.
        """
        views = [self.modal] if where in (None, "modal") and message is None else []
        messages = (
            [message] if message else list(reversed(self.messages())) if where in (None, "message") else []
        )
        homes = [self.home] if where in (None, "home") and message is None else []
        for view in views:
            if view and (found := _control(view.blocks, action_id, value, block_id)):
                return self._act_in_view(view, found, value)
        for one in messages:
            if found := _control(one.body.get("blocks", []), action_id, value, block_id):
                return self._act_in_message(one, found, value)
        for view in homes:
            if view and (found := _control(view.blocks, action_id, value, block_id)):
                return self._act_in_view(view, found, value)
            if view and value is not None and (found := _control(view.blocks, action_id, value, None)):
                return self._act_in_view(view, found, value)
        raise LookupError(action_id)

    def messages(self, channel: str | None = None) -> list[Message]:
        """Give what the person can read, oldest first: in one channel, or everywhere."""
        book = self._core.messages
        channels = [channel] if channel else [one.id for one in book.of_user(self.user_id)]
        found = [message for one in channels for message in book.history(one, self.user_id)]
        return sorted(found, key=lambda message: message.ts)

    def ephemerals(self, channel: str | None = None) -> list[Message]:
        """Give the messages that only this person sees, oldest first."""
        return [one for one in self.messages(channel) if one.only_for == self.user_id]

    def answer_mail(self, mail_id: int, answer: str) -> None:
        """Press "accept", "tentative" or "decline" at an invitation in the mailbox: a mail goes back.

        Raises:
            LookupError: there is no such mail, or it is no invitation to this person.
        """
        mail = self._core.mails.get(self.persona.email or "", mail_id)
        if mail is None or answer not in PARTSTATS:
            raise LookupError(mail_id)
        organizer, raw = answer_to(mail.raw, self.persona, answer, self._core.clock.now())
        self._core.mails.deliver(organizer, raw)

    def until(self, happened: Callable[[], bool], seconds: float = 3.0) -> None:
        """Wait, without polling, for something that the bot does after its ack.

        Raises:
            TimeoutError: it did not happen in time.
        """
        if not self._core.feed.wait_until(happened, seconds):
            raise TimeoutError

    def _top(self) -> OpenView:
        top = self.modal
        if top is None:
            raise LookupError("modal")
        return top

    def _input(self, field: str) -> tuple[Json, Json]:
        for block, element in state.elements(self._top().blocks):
            if field in (block["block_id"], element["action_id"]) and element["type"] in state.STATE_FIELDS:
                return block, element
        raise LookupError(field)

    def _offered(self, view: OpenView, found: tuple[Json, Json], value: Any) -> list[Json]:
        block, element = found
        if "external" not in element["type"]:
            return []
        known = self._core.offer(view.id, element["action_id"]).known
        now = view.shown()["state"]["values"][block["block_id"]][element["action_id"]]
        known.update({one["value"]: one for one in now.get("selected_options", [])})
        known.update({one["value"]: one for one in [now.get("selected_option")] if one})
        for wanted in [value] if isinstance(value, str) else value or []:
            if wanted not in known:
                actions.suggest(self._core, view, block["block_id"], element["action_id"], wanted)
        return list(known.values())

    def _act_in_view(self, view: OpenView, found: tuple[Json, Json], value: Any) -> Ack:
        block, element = found
        chosen = self._chosen(element, value)
        if element["type"] in state.STATE_FIELDS:
            view = actions.type_in(self._core, view, block["block_id"], element["action_id"], chosen)
        return actions.act_in_view(self._core, view, self._action(block, element, chosen))

    def _act_in_message(self, message: Message, found: tuple[Json, Json], value: Any) -> Ack:
        action = self._action(*found, self._chosen(found[1], value))
        return actions.act_in_message(self._core, self.user_id, message, action)

    def _chosen(self, element: Json, value: Any) -> Json:
        if element["type"] == "button":
            return {}
        if element["type"] == "overflow":
            options = listed_options(element) or []
            return {"selected_option": next(one for one in options if one["value"] == value)}
        return state.chosen(element, value)

    def _action(self, block: Json, element: Json, chosen: Json) -> Json:
        names = ("type", "action_id", "text", "value", "style")
        action: Json = {name: element[name] for name in names if name in element}
        action |= {"block_id": block["block_id"], **chosen}
        return {**action, "action_ts": payloads.action_ts(self._core)}

    def direct_or(self, channel: str | None) -> str:
        """Give the channel if the person is in it, else the bot's direct message."""
        try:
            conversation = self._core.messages.conversation(channel or "")
        except SlackError:
            return self.direct_message
        return conversation.id if self.user_id in conversation.members else self.direct_message


def _control(
    blocks: list[Json], action_id: str, value: Any, block_id: str | None
) -> tuple[Json, Json] | None:
    for block, element in state.elements(blocks):
        other_button = element["type"] == "button" and value not in (None, element.get("value"))
        offered = element.get("options", []) if element["type"] == "overflow" else None
        other_menu = offered is not None and value not in (one["value"] for one in offered)
        here = element["action_id"] == action_id and block_id in (None, block["block_id"])
        if here and block["type"] != "input" and not (other_button or other_menu):
            return block, element
    return None
