"""Uploaded files: asked for, sent, completed, and usable once they have been looked at."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.workspace.shapes import NotYet, SlackError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from bot.workspace.database import Database
    from bot.workspace.shapes import Json

UPLOAD_PATH = "/workspace/upload"
_PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


@dataclass(frozen=True, slots=True)
class File:
    """A file; `content` is None until it was sent, `completed_at` (real seconds) until it was completed."""

    id: str
    name: str
    title: str
    length: int
    content: bytes | None
    completed_at: float | None

    @property
    def mimetype(self) -> str:
        """What the bytes are, by their beginning; empty for what is no picture."""
        found = (kind for begins, kind in _PICTURES.items() if (self.content or b"").startswith(begins))
        return next(found, "")


class FileBook:
    """Every file of the workspace; `seconds` (real) pass before a message may show one."""

    def __init__(
        self, database: Database, origin: str, real_time: Callable[[], float], seconds: float
    ) -> None:
        self._database = database
        self._origin = origin
        self._real_time = real_time
        self._seconds = seconds

    def ask(self, name: str, length: int) -> tuple[str, str]:
        """Give a new file's id and the address that its bytes are to be sent to."""
        file_id = "F" + "".join(secrets.choice(_LETTERS) for _ in range(10))
        token = secrets.token_urlsafe(24)
        sql = "INSERT INTO files (id, token, name, title, length) VALUES (?, ?, ?, ?, ?)"
        self._database.run(sql, file_id, token, name, name, length)
        return file_id, f"{self._origin}{UPLOAD_PATH}/{token}"

    def take(self, token: str, content: bytes) -> int | None:
        """Take the bytes; None when nobody asked for that address, or for another number of bytes."""
        row = self._database.one("SELECT * FROM files WHERE token = ? AND content IS NULL", token)
        if row is None or row["length"] != len(content):
            return None
        self._database.run("UPDATE files SET content = ? WHERE token = ?", content, token)
        return len(content)

    def complete(self, file_id: str, title: str | None) -> File:
        """Finish an upload: the file is the bot's own, shared with nobody.

        Raises:
            SlackError: `file_not_found`.
        """
        found = self._find(file_id)
        if found is None or found.content is None:
            raise SlackError("file_not_found")
        sql = "UPDATE files SET title = ?, completed_at = ? WHERE id = ?"
        self._database.run(sql, title or found.title, self._real_time(), file_id)
        return File(file_id, found.name, title or found.title, found.length, found.content, 0)

    def picture(self, file_id: str) -> File | None:
        """Give a picture that a message shows."""
        found = self._find(file_id)
        return found if found and found.mimetype else None

    def check(self, blocks: list[Json]) -> None:
        """Hold the blocks' pictures against the files.

        Raises:
            SlackError: `invalid_blocks`: no such picture, or (NotYet) one that was not looked at yet.
        """
        for at, block in enumerate(blocks):
            wanted = block.get("slack_file", {}).get("id") if block.get("type") == "image" else None
            if wanted is None:
                continue
            found = self.picture(wanted)
            line = f"[ERROR] invalid slack file [json-pointer:/blocks/{at}/slack_file]"
            if found is None or found.completed_at is None:
                raise SlackError("invalid_blocks", [line])
            if self._real_time() < found.completed_at + self._seconds:
                raise NotYet("invalid_blocks", [line])

    def _find(self, file_id: str) -> File | None:
        row = self._database.one("SELECT * FROM files WHERE id = ?", file_id)
        return _file(row) if row else None


def _file(row: sqlite3.Row) -> File:
    return File(row["id"], row["name"], row["title"], row["length"], row["content"], row["completed_at"])
