"""files.getUploadURLExternal and files.completeUploadExternal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bot.workspace.arguments import need
from bot.workspace.shapes import SlackError

if TYPE_CHECKING:
    from bot.workspace.core import Core
    from bot.workspace.shapes import Json

_SHARING = ("channel_id", "channels", "initial_comment", "blocks", "thread_ts")


def get_upload_url(core: Core, given: Json) -> Json:
    """Give the address that a file's bytes are to be sent to."""
    need(given, "filename", "length")
    try:
        length = int(given["length"])
    except ValueError:
        length = 0
    if length < 1:
        raise SlackError("invalid_arguments", ["[ERROR] must be more than 0 [json-pointer:/length]"])
    file_id, address = core.files.ask(str(given["filename"]), length)
    return {"upload_url": address, "file_id": file_id}


def complete_upload(core: Core, given: Json) -> Json:
    """Finish uploads. What Slack would share with a channel at once is refused: nothing here does it."""
    need(given, "files")
    shared = [name for name in _SHARING if given.get(name)]
    if shared:
        lines = [f"[ERROR] this stand-in shares no files [json-pointer:/{name}]" for name in shared]
        raise SlackError("invalid_arguments", lines)
    done = [core.files.complete(str(one["id"]), one.get("title")) for one in _listed(given["files"])]
    return {"files": [{"id": file.id, "title": file.title} for file in done]}


def _listed(files: Any) -> list[Json]:
    try:
        found = json.loads(files) if isinstance(files, str) else files
    except ValueError:
        found = None
    if not isinstance(found, list) or not found or not all(isinstance(one, dict) for one in found):
        raise SlackError("invalid_arguments", ["[ERROR] must provide an array [json-pointer:/files]"])
    if not all(one.get("id") for one in found):
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: id [json-pointer:/files]"])
    return found


METHODS = {
    "files.getUploadURLExternal": get_upload_url,
    "files.completeUploadExternal": complete_upload,
}
