"""The local workspace: a stand-in for Slack, a mailbox in the process, and a clock that can be moved."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Protocol

from bot.assembly import add_mailroom, assemble
from bot.http import bolt_routes
from bot.local_cast import cast_of, group_members, guide_of
from bot.program import Program, Slack
from bot.settings import Settings
from bot.workspace import ChannelSetup, Limits, Setup, Workspace, routes
from schedules.domain.organisation import Organisation, Team
from schedules.ports import MailKey, StoredMail
from schedules.services.office import Office
from schedules.store.database import Database
from schedules.texts.words import LANGUAGES, Words

BOT_USER = "U0SAMTID0"


class AdvancingClock(Protocol):
    """A clock that can be moved forward."""

    def now(self) -> datetime:
        """The moved instant, aware UTC."""
        ...

    def advance(self, by: timedelta) -> None:
        """Move forward."""
        ...


class LocalClock:
    """The workspace's clock control over the movable clock, with what is due next in words."""

    def __init__(self, clock: AdvancingClock, office: Office) -> None:
        self._clock = clock
        self._office = office

    def now(self) -> datetime:
        """The moved instant, aware UTC."""
        return self._clock.now()

    def advance(self, by: timedelta) -> None:
        """Move forward; the ticks see what has become due."""
        self._clock.advance(by)

    def next_due(self, locale: str) -> tuple[datetime, str] | None:
        """When something is due next, and what, in the locale's words."""
        with self._office.unit_of_work() as uow:
            found = uow.due.next_at()
        if found is None:
            return None
        when, kind = found
        return when, Words(locale)(f"due.{kind.value}")


class LocalMail:
    """Implements `MailTransport`: mails go to the workspace's mailbox instead of leaving."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def send(self, sender: str, recipient: str, raw: bytes) -> None:
        """Put the mail into the recipient's box."""
        del sender
        self._workspace.mailbox.deliver(recipient, raw)


class LocalMailbox:
    """Implements `MailboxReader` over one address in the workspace's mailbox.

    Mails are numbered anew when the workspace's file is thrown away; when one arrived tells them apart.
    """

    def __init__(self, workspace: Workspace, address: str) -> None:
        self._box = workspace.mailbox
        self._address = address
        self._new = threading.Event()
        self._box.on_arrival(address, self._new.set)
        self._stopped = False

    def unseen(
        self, limit: int, known: Collection[MailKey] = (), since: date | None = None
    ) -> list[StoredMail]:
        """At most `limit` mails, oldest first, that are not marked as handled and not among `known`."""
        del since
        self._new.clear()
        mails = [mail for mail in reversed(self._box.messages(self._address)) if not mail.seen]
        keyed = [StoredMail(MailKey(mail.received_at, str(mail.id)), mail.raw) for mail in mails]
        return [mail for mail in keyed if mail.key not in known][:limit]

    def mark_handled(self, key: MailKey) -> None:
        """Mark it as read."""
        self._box.mark_seen(int(key.uid))

    def wait(self, seconds: float) -> bool:
        """Wait until a mail arrives, but no longer than that, or until `stop`."""
        if not self._stopped:
            self._new.wait(seconds)
        return True

    def stop(self) -> None:
        """End a `wait`."""
        self._stopped = True
        self._new.set()

    def close(self) -> None:
        """There is nothing to close."""


@dataclass(frozen=True, slots=True)
class LocalProgram:
    """The program and the stand-in that it talks to."""

    program: Program
    workspace: Workspace


def build_local(
    settings: Settings,
    database: Database,
    office: Office,
    clock: AdvancingClock,
    limits: Limits | None = None,
    folder: Path | None = None,
) -> LocalProgram:
    """The program with its own Slack on the same port; `limits` are Slack's own unless given.

    What the workspace holds lies in `folder`: beside the SQLite database, or in `var`, unless given.
    """
    slack = Slack(
        bot_token=f"xoxb-local-{secrets.token_hex(8)}",
        signing_secret=secrets.token_hex(16),
        api_url=f"{base_url(settings)}/api/",
    )
    beside = folder or (settings.sqlite_file or Path("var/samtid.db")).parent
    setup = _setup(settings, office, slack, beside / "workspace.db")
    workspace = Workspace(setup, LocalClock(clock, office), limits=limits)
    program = assemble(settings, database, office, slack, LocalMail(workspace))
    address = office.mail_from.email
    add_mailroom(program, LocalMailbox(workspace, address), address)
    program.web.routes.extend(bolt_routes(program))
    program.web.routes.extend(routes(workspace))
    program.closers.insert(0, workspace.close)
    return LocalProgram(program, workspace)


def base_url(settings: Settings) -> str:
    """Where the local workspace is; on loopback only."""
    return f"http://127.0.0.1:{settings.http_port}"


def _setup(settings: Settings, office: Office, slack: Slack, file: Path) -> Setup:
    with office.unit_of_work() as uow:
        organisation = uow.organisation.load() or Organisation("Samtid")
    words = Words(settings.language)
    return Setup(
        workspace_name=organisation.association,
        team_id="T0SAMTID",
        bot_user_id=BOT_USER,
        bot_token=slack.bot_token,
        signing_secret=slack.signing_secret,
        events_url=f"{base_url(settings)}/slack/events",
        personas=cast_of(organisation),
        channels=tuple(
            ChannelSetup(team.channel, _channel_name(team), _members(organisation, team.id))
            for team in organisation.teams
            if team.channel
        ),
        user_groups=group_members(organisation),
        commands=(("/samtid", words("local.command_hint")),),
        shortcuts=(("referral_new", words("local.shortcut")),),
        database=file,
        guide={language: guide_of(organisation, language) for language in LANGUAGES},
    )


def _channel_name(team: Team) -> str:
    """A short name: it has to be told from the others in a narrow list."""
    town = f"samverkan {team.municipality}" if team.municipality else team.name
    return town.casefold().replace(" ", "-")


def _members(organisation: Organisation, team_id: str) -> tuple[str, ...]:
    team = next(t for t in organisation.teams if t.id == team_id)
    ids = {
        team.coordinator,
        *team.coordinator_deputies,
        *(person for membership in team.parties for person in membership.representatives),
    }
    return tuple(p.slack[0] for p in organisation.people if p.id in ids and p.slack)
