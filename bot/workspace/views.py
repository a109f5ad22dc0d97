"""Open modals (a stack of at most three for each user) and Home tabs."""

from __future__ import annotations

import hashlib
import json
import secrets
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.workspace import state
from bot.workspace.shapes import SlackError

if TYPE_CHECKING:
    import sqlite3

    from bot.workspace.database import Database
    from bot.workspace.feed import Feed
    from bot.workspace.shapes import Json, Setup

STACK = 3
_HOME = -1  # the depth of a Home tab; modals count from 0


@dataclass(frozen=True, slots=True)
class OpenView:
    """A view as one user has it before them: the view, what they typed, the errors beside its fields."""

    id: str
    user_id: str
    depth: int
    body: Json
    typed: Json
    errors: dict[str, str]
    failed: bool = False

    @property
    def blocks(self) -> list[Json]:
        """The blocks, ids filled in."""
        blocks: list[Json] = self.body["blocks"]
        return blocks

    def shown(self) -> Json:
        """Give the view as Slack's payloads and answers do."""
        return {**self.body, "state": {"values": state.values(self.blocks, self.typed)}}


class ViewBook:
    """What lies open before whom."""

    def __init__(self, setup: Setup, database: Database, feed: Feed) -> None:
        self._setup = setup
        self._database = database
        self._feed = feed
        # The user types while the bot updates: what each changes, it changes in the view as it is now.
        self._changing = threading.RLock()

    def stack(self, user_id: str) -> list[OpenView]:
        """Give the user's modals, the uppermost last."""
        sql = "SELECT * FROM views WHERE user_id = ? AND depth >= 0 ORDER BY depth"
        return [_view(row) for row in self._database.all(sql, user_id)]

    def top(self, user_id: str) -> OpenView | None:
        """Give the modal that the user sees, if any."""
        stack = self.stack(user_id)
        return stack[-1] if stack else None

    def home(self, user_id: str) -> OpenView | None:
        """Give the user's Home tab as the bot last published it."""
        sql = "SELECT * FROM views WHERE user_id = ? AND depth = ?"
        row = self._database.one(sql, user_id, _HOME)
        return _view(row) if row else None

    def find(self, view_id: str) -> OpenView:
        """Find a view by its id or external id.

        Raises:
            SlackError: `not_found`.
        """
        for row in self._database.all("SELECT * FROM views"):
            view = _view(row)
            if view_id in (view.id, view.body["external_id"] or None):
                return view
        raise SlackError("not_found")

    def open(self, user_id: str, view: Json) -> OpenView:
        """Show a first modal; modals that were open give way."""
        self._database.run("DELETE FROM views WHERE user_id = ? AND depth >= 0", user_id)
        return self._save(self._new(user_id, view, []))

    def push(self, user_id: str, view: Json) -> OpenView:
        """Lay a modal on the uppermost one.

        Raises:
            SlackError: `push_limit_reached` above three.
        """
        stack = self.stack(user_id)
        if len(stack) >= STACK:
            raise SlackError("push_limit_reached")
        return self._save(self._new(user_id, view, stack))

    def publish(self, user_id: str, view: Json) -> OpenView:
        """Replace the user's Home tab."""
        old = self.home(user_id)
        if old is not None:
            return self.update(old, view)
        fresh = self._new(user_id, view, [])
        return self._save(replace(fresh, depth=_HOME))

    def update(self, old: OpenView, view: Json) -> OpenView:
        """Replace a view in its place; what was typed stays where the ids stayed."""
        fixed = (
            "id",
            "root_view_id",
            "previous_view_id",
            "team_id",
            "bot_id",
            "app_id",
            "app_installed_team_id",
        )
        body = {**_filled(view), **{name: old.body[name] for name in fixed}}
        with self._changing:
            typed = state.still_typed(body["blocks"], self._now(old).typed)
            return self._save(replace(old, body=_hashed(body), typed=typed, errors={}, failed=False))

    def type_in(self, view: OpenView, block_id: str, action_id: str, value: Json) -> OpenView:
        """Store what the user typed in one field; no page is woken."""
        with self._changing:
            now = self._now(view)
            typed = {**now.typed, block_id: {**now.typed.get(block_id, {}), action_id: value}}
            return self._save(replace(now, typed=typed), quietly=True)

    def show(self, view: OpenView, errors: dict[str, str], *, failed: bool = False) -> OpenView:
        """Show errors beside the fields, or that it failed."""
        with self._changing:
            return self._save(replace(self._now(view), errors=errors, failed=failed))

    def _now(self, view: OpenView) -> OpenView:
        row = self._database.one("SELECT * FROM views WHERE id = ?", view.id)
        return _view(row) if row else view

    def remove(self, view: OpenView) -> None:
        """Take one modal away; the one below shows again."""
        self._database.run("DELETE FROM views WHERE id = ?", view.id)
        self._feed.publish("modal", view.user_id)

    def clear(self, user_id: str) -> None:
        """Take all the user's modals away."""
        self._database.run("DELETE FROM views WHERE user_id = ? AND depth >= 0", user_id)
        self._feed.publish("modal", user_id)

    def _new(self, user_id: str, view: Json, below: list[OpenView]) -> OpenView:
        view_id = "V" + secrets.token_hex(6).upper()
        body = {
            **_filled(view),
            "id": view_id,
            "team_id": self._setup.team_id,
            "root_view_id": below[0].id if below else view_id,
            "previous_view_id": below[-1].id if below else None,
            "app_id": "A" + self._setup.team_id[1:],
            "bot_id": "B" + self._setup.bot_user_id[1:],
            "app_installed_team_id": self._setup.team_id,
        }
        return OpenView(view_id, user_id, len(below), _hashed(body), {}, {})

    def _save(self, view: OpenView, *, quietly: bool = False) -> OpenView:
        parts = (json.dumps(part) for part in (view.body, view.typed, view.errors))
        sql = (
            "INSERT OR REPLACE INTO views (id, user_id, depth, body, typed, errors, failed)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)"
        )
        self._database.run(sql, view.id, view.user_id, view.depth, *parts, view.failed)
        if not quietly:
            self._feed.publish("home" if view.depth == _HOME else "modal", view.user_id)
        return view


def with_ids(blocks: list[Json]) -> list[Json]:
    """Give each block and element the id that Slack would make up for it."""
    filled = []
    for old in blocks:
        block = {**old, "block_id": old.get("block_id") or secrets.token_urlsafe(4)}
        for name in ("element", "accessory"):
            if name in block:
                block[name] = _with_action_id(block[name])
        if block["type"] == "actions":
            block["elements"] = [_with_action_id(element) for element in block["elements"]]
        filled.append(block)
    return filled


def _with_action_id(element: Json) -> Json:
    if element["type"] == "image":
        return element
    return {**element, "action_id": element.get("action_id") or secrets.token_urlsafe(4)}


def _filled(view: Json) -> Json:
    usual: Json = {
        "callback_id": "",
        "private_metadata": "",
        "external_id": "",
        "title": None,
        "submit": None,
        "close": None,
        "clear_on_close": False,
        "notify_on_close": False,
    }
    return {**usual, **view, "blocks": with_ids(view["blocks"])}


def _hashed(body: Json) -> Json:
    facts = json.dumps({key: value for key, value in body.items() if key != "hash"}, sort_keys=True)
    digest = hashlib.sha256(facts.encode()).hexdigest()[:8]
    return {**body, "hash": f"{secrets.randbelow(10**9)}.{digest}"}


def _view(row: sqlite3.Row) -> OpenView:
    body, typed, errors = (json.loads(row[name]) for name in ("body", "typed", "errors"))
    return OpenView(row["id"], row["user_id"], row["depth"], body, typed, errors, bool(row["failed"]))
