"""What the stand-in is told about an organisation, as plain data; it knows nothing else about the bot."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta
    from pathlib import Path

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody whom a person who tries the program can be. `locale` is "sv" or "en".

    `groups` are headings to stand under where one chooses, by locale.
    """

    user_id: str
    name: str
    role: str
    email: str | None
    locale: str
    groups: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GuideStep:
    """One step of a first tour: who to be, where to go, and what to do, in one line."""

    user_id: str
    title: str
    text: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class ChannelSetup:
    """A channel and the user ids of its members; the bot is a member of each."""

    channel_id: str
    name: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Setup:
    """A whole workspace. `events_url` is where signed requests go; its host also serves the stand-in.

    `user_groups` maps group ids to user ids, `commands` are (name, hint), `shortcuts` are
    (callback_id, title). `database` is the stand-in's own SQLite file. `guide` is a first tour by locale.
    """

    workspace_name: str
    team_id: str
    bot_user_id: str
    bot_token: str
    signing_secret: str
    events_url: str
    personas: tuple[Persona, ...]
    channels: tuple[ChannelSetup, ...]
    user_groups: Mapping[str, tuple[str, ...]]
    commands: tuple[tuple[str, str], ...]
    shortcuts: tuple[tuple[str, str], ...]
    database: Path
    bot_name: str = "Samtid"
    guide: Mapping[str, tuple[GuideStep, ...]] = field(default_factory=dict)


class ClockControl(Protocol):
    """The movable clock of a trial; all times are aware and in UTC."""

    def now(self) -> datetime:
        """Give the present instant."""
        ...

    def advance(self, by: timedelta) -> None:
        """Move the clock forward; what falls due on the way is done by whoever owns the clock."""
        ...

    def next_due(self, locale: str) -> tuple[datetime, str] | None:
        """Say when the next thing is due, and what it is in the locale's words; None when nothing waits."""
        ...


class SlackError(Exception):
    """A refusal as Slack words it: the `error` code and the lines of `response_metadata.messages`."""

    def __init__(self, code: str, messages: list[str] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.messages = messages or []


class NotYet(SlackError):
    """A refusal that a bot which does nothing wrong meets all the same: it came too early."""
