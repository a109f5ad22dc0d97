"""What the page shows: the workspace as one person sees it, as data for the templates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from bot.workspace import answers, localtime, mailview, mrkdwn, state
from bot.workspace.shapes import SlackError
from bot.workspace.words import say

if TYPE_CHECKING:
    from markupsafe import Markup

    from bot.workspace.actor import Actor
    from bot.workspace.core import Core, Offer
    from bot.workspace.messages import Message
    from bot.workspace.shapes import Json
    from bot.workspace.views import OpenView


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the workspace the person is: "home", "mail" or a conversation's id."""

    at: str
    mail: int | None = None


class Scene:
    """Answers the templates' questions for one person at one place."""

    def __init__(self, core: Core, actor: Actor, place: Place) -> None:
        self._core = core
        self._actor = actor
        self.place = place
        self.me = actor.persona
        self.locale = actor.persona.locale
        self.t = partial(say, self.locale)
        self.names = _names(core)

    def text(self, given: Json) -> Markup:
        """Give a text object as HTML."""
        if given["type"] == "plain_text":
            return mrkdwn.plain(given["text"])
        return mrkdwn.mrkdwn(given["text"], self.names, self.locale)

    def marked(self, words: str) -> Markup:
        """Give a message's text as HTML."""
        return mrkdwn.mrkdwn(words, self.names, self.locale)

    def rich(self, block: Json) -> Markup:
        """Give a rich_text block as HTML."""
        return mrkdwn.rich_text(block, self.names)

    @property
    def now(self) -> str:
        """The workspace's time in words."""
        return localtime.moment(self._core.clock.now(), self.locale)

    @property
    def due(self) -> tuple[str, str] | None:
        """When the next thing is due and what it is."""
        found = self._core.clock.next_due(self.locale)
        return (localtime.short_moment(found[0], self.locale), found[1]) if found else None

    @property
    def channels(self) -> list[Json]:
        """The person's channels, with what is unread."""
        kinds = [one for one in self._core.messages.of_user(self.me.user_id) if one.kind == "channel"]
        return [{"id": one.id, "name": one.name, "unread": self._unread(one.id)} for one in kinds]

    @property
    def directs(self) -> list[Json]:
        """The direct message with the bot, and groups that the bot has opened."""
        own = self._actor.direct_message
        found: list[Json] = [
            {"id": own, "name": self._core.setup.bot_name, "unread": self._unread(own), "bot": True}
        ]
        for one in self._core.messages.of_user(self.me.user_id):
            if one.kind == "mpim":
                others = [self.names.get(user, user) for user in one.members if user != self.me.user_id]
                found.append(
                    {"id": one.id, "name": ", ".join(others), "unread": self._unread(one.id), "bot": False}
                )
        return found

    def _unread(self, channel: str) -> int:
        return 0 if channel == self.place.at else self._core.messages.unread(self.me.user_id, channel)

    @property
    def unseen(self) -> int:
        """How many mails the person has not opened."""
        return self._core.mails.unseen(self.me.email) if self.me.email else 0

    @property
    def is_direct(self) -> bool:
        """Whether the place is the person's direct message with the bot."""
        return self.place.at == self._actor.direct_message

    @property
    def title(self) -> str:
        """The name of the place."""
        named = {"home": self.t("home"), "mail": self.t("mail")}
        for one in [*self.channels, *self.directs]:
            named[one["id"]] = one["name"]
        return named.get(self.place.at, "")

    @property
    def days(self) -> list[tuple[str, list[Json]]]:
        """The messages of the place, by day; looking at them marks them as read."""
        self._core.messages.mark_read(self.me.user_id, self.place.at)
        days: list[tuple[str, list[Json]]] = []
        for message in self._actor.messages(self.place.at):
            at = datetime.fromtimestamp(float(message.ts), UTC)
            day = localtime.day(at, self.locale)
            if not days or days[-1][0] != day:
                days.append((day, []))
            days[-1][1].append(self._message(message, at))
        return days

    def _message(self, message: Message, at: datetime) -> Json:
        name = self.names.get(message.author, message.author)
        return {
            "ts": message.ts,
            "channel": message.channel,
            "author": name,
            "initials": initials(name),
            "tone": tone(message.author),
            "bot": message.author == self._core.setup.bot_user_id,
            "time": localtime.hour(at, self.locale),
            "text": message.body["text"],
            "blocks": message.body.get("blocks"),
            "values": state.values(message.body.get("blocks", []), {}),
            "ephemeral": message.only_for is not None,
            "edited": "edited" in message.body,
        }

    @property
    def home(self) -> OpenView | None:
        """The Home tab."""
        return self._actor.home

    @property
    def modal(self) -> OpenView | None:
        """The uppermost modal."""
        return self._actor.modal

    def held(self, view: OpenView) -> Json:
        """What the view's inputs hold."""
        return state.values(view.blocks, view.typed)

    def offer(self, view: OpenView, element: Json) -> Offer:
        """What an external select was offered."""
        return self._core.offer(view.id, element["action_id"])

    @property
    def people(self) -> list[Json]:
        """Everybody whom a users select offers."""
        return [{"value": one.user_id, "name": one.name} for one in self._core.setup.personas]

    @property
    def rooms(self) -> list[Json]:
        """Every conversation that a channels or conversations select offers."""
        return [{"value": one["id"], "name": "#" + one["name"]} for one in self.channels]

    @property
    def mails(self) -> list[Json]:
        """The person's mails, newest first."""
        if not self.me.email:
            return []
        return [self._listed(mail) for mail in self._core.mails.messages(self.me.email)]

    def _listed(self, mail: Any) -> Json:
        sender, subject = mailview.subject_of(mail.raw)
        at = datetime.fromisoformat(mail.received_at)
        when = localtime.short_moment(at, self.locale)
        return {"id": mail.id, "sender": sender, "subject": subject, "when": when, "seen": mail.seen}

    @property
    def can_answer(self) -> bool:
        """Whether the open mail is an invitation to the person."""
        if self.place.mail is None or not self.me.email:
            return False
        found = self._core.mails.get(self.me.email, self.place.mail)
        return found is not None and answers.can_answer(found.raw, self.me.email)

    @property
    def mail(self) -> mailview.MailView | None:
        """The mail that is open; opening it marks it as seen."""
        if self.place.mail is None or not self.me.email:
            return None
        found = self._core.mails.get(self.me.email, self.place.mail)
        if found is None:
            return None
        self._core.mails.mark_seen(found.id)
        return mailview.read(found.raw, self.locale)

    @property
    def problems(self) -> list[Json]:
        """What Slack would not have accepted, newest first."""
        every = self._core.problems.all()[::-1]
        return [
            {"when": localtime.short_moment(one.at, self.locale), "where": one.where, "text": one.text}
            for one in every
        ]

    @property
    def setup(self) -> Any:
        """The workspace's facts."""
        return self._core.setup


def _names(core: Core) -> dict[str, str]:
    people = {one.user_id: one.name for one in core.setup.personas}
    channels = {one.channel_id: one.name for one in core.setup.channels}
    return {core.setup.bot_user_id: core.setup.bot_name, **people, **channels}


def initials(name: str) -> str:
    """Give the first letters of a name."""
    return "".join(word[0] for word in name.split()[:2]).upper()


def tone(user_id: str) -> int:
    """Choose one of six quiet colours for somebody."""
    return sum(map(ord, user_id)) % 6


def place_of(core: Core, actor: Actor, at: str, mail: str) -> Place:
    """Read the place from the address; what the person may not see becomes the bot's direct message."""
    if at in {"home", "mail"}:
        return Place(at, int(mail) if mail.isdigit() else None)
    try:
        conversation = core.messages.conversation(at)
    except SlackError:
        return Place(actor.direct_message)
    return Place(conversation.id if actor.user_id in conversation.members else actor.direct_message)
