"""The stand-in's parts, put together once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.workspace.blockkit.check import MESSAGE_TEXT, METADATA_BYTES, check_blocks, check_metadata
from bot.workspace.courier import Courier
from bot.workspace.database import Database
from bot.workspace.feed import Feed
from bot.workspace.files import FileBook
from bot.workspace.limits import RateGate
from bot.workspace.mailbox import MailBook
from bot.workspace.messages import MessageBook
from bot.workspace.problems import ProblemLog
from bot.workspace.shapes import SlackError
from bot.workspace.tickets import ResponseUrls, Triggers
from bot.workspace.views import ViewBook, with_ids

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.workspace.blockkit.walk import Violation
    from bot.workspace.limits import Limits
    from bot.workspace.shapes import ClockControl, Json, Persona, Setup

RESPONSE_PATH = "/workspace/response"


@dataclass(slots=True)
class Offer:
    """What an external select was offered: every option so far by value, and the answer to the last query."""

    known: dict[str, Json] = field(default_factory=dict)
    last: list[Json] | None = None
    query: str = ""


@dataclass(frozen=True, slots=True)
class Core:
    """Everything that the Web API, the actors and the page share."""

    setup: Setup
    clock: ClockControl
    real_time: Callable[[], float]
    database: Database
    feed: Feed
    problems: ProblemLog
    mails: MailBook
    messages: MessageBook
    files: FileBook
    views: ViewBook
    triggers: Triggers
    response_urls: ResponseUrls
    gate: RateGate
    courier: Courier
    offers: dict[tuple[str, str], Offer]  # by view id and action id

    @property
    def origin(self) -> str:
        """Scheme and host of the one server that the bot and the stand-in share."""
        parts = urlsplit(self.setup.events_url)
        return f"{parts.scheme}://{parts.netloc}"

    def offer(self, view_id: str, action_id: str) -> Offer:
        """Give what an external select was offered so far."""
        return self.offers.setdefault((view_id, action_id), Offer())

    def persona(self, user_id: str) -> Persona:
        """Find a person.

        Raises:
            SlackError: `user_not_found`.
        """
        for one in self.setup.personas:
            if one.user_id == user_id:
                return one
        raise SlackError("user_not_found")

    def problem(self, where: str, text: str) -> None:
        """Record that the bot did something that Slack would not have taken."""
        self.problems.add(self.clock.now(), where, text)

    def close(self) -> None:
        """End the streams and close the file and the connections."""
        self.feed.close()
        self.courier.close()
        self.database.close()


def build(setup: Setup, clock: ClockControl, limits: Limits, real_time: Callable[[], float]) -> Core:
    """Make the parts of a workspace; its database file is opened, no request is sent."""
    database, feed = Database(setup.database), Feed()
    parts = urlsplit(setup.events_url)
    origin = f"{parts.scheme}://{parts.netloc}"
    return Core(
        setup=setup,
        clock=clock,
        real_time=real_time,
        database=database,
        feed=feed,
        problems=ProblemLog(feed),
        mails=MailBook(database, feed, clock, setup.personas),
        messages=MessageBook(setup, database, feed, clock),
        files=FileBook(database, origin, real_time, limits.file_seconds),
        views=ViewBook(setup, database, feed),
        triggers=Triggers(real_time, limits.trigger_seconds),
        response_urls=ResponseUrls(origin + RESPONSE_PATH, real_time),
        gate=RateGate(limits.rates, real_time),
        offers={},
        courier=Courier(setup.events_url, setup.signing_secret, real_time, limits.ack_seconds),
    )


def refuse(violations: list[Violation], code: str) -> None:
    """Raise Slack's error if there is a violation."""
    if violations:
        raise SlackError(code, [str(one) for one in violations])


def checked_message(given: Json) -> Json:
    """Give the body of a message to be stored.

    Raises:
        SlackError: what Slack would refuse: `no_text`, `msg_too_long`, `invalid_blocks`,
            `metadata_too_large`, `invalid_metadata_format`.
    """
    text, blocks, metadata = given.get("text") or "", given.get("blocks"), given.get("metadata")
    if not isinstance(text, str):
        raise SlackError("invalid_arguments", ["[ERROR] must provide a string [json-pointer:/text]"])
    if not text and not blocks:
        raise SlackError("no_text")
    if len(text) > MESSAGE_TEXT:
        raise SlackError("msg_too_long")
    if blocks is not None:
        refuse(check_blocks(blocks), "invalid_blocks")
    if metadata is not None:
        refuse(check_metadata(metadata), "invalid_metadata_format")
        if len(repr(metadata).encode()) > METADATA_BYTES:
            raise SlackError("metadata_too_large")
    return _body(given, text)


def _body(given: Json, text: str) -> Json:
    body: Json = {"text": text}
    if given.get("blocks"):
        body["blocks"] = with_ids(given["blocks"])
    if given.get("metadata"):
        body["metadata"] = given["metadata"]
    if given.get("thread_ts"):
        body["thread_ts"] = given["thread_ts"]
    return body
