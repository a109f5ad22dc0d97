"""Charts as files in Slack, for the picture blocks of one message.

A file is uploaded without a channel: until the message stands, nobody but the bot sees it, and no address of
it is public. So a retry may upload anew; only the message itself must not come twice, and that carries the
row's id (promise 3).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from schedules.domain.chart import Chart
from schedules.ports import OutboxRow, SendFailed
from schedules.reports.charts import png

READY_AFTER = timedelta(seconds=3)
"""Slack looks at a file before it lets a message show it; about a second."""

PATIENCE = 5
"""Attempts after which a message goes without its pictures: its figures stand in words as well."""

_KEPT = 50
# The app was installed before it drew charts, or files are switched off: the words go without pictures.
NO_FILES = frozenset({"missing_scope", "no_permission", "file_uploads_disabled", "file_type_not_allowed"})

log = structlog.get_logger(__name__)


class ChartFiles:
    """Uploads charts; what was uploaded for a row is used again by its next attempt in this process."""

    def __init__(self, client: WebClient) -> None:
        self._client = client
        self._uploaded: dict[str, tuple[str, ...]] = {}

    def of(self, row: OutboxRow, charts: Sequence[Chart]) -> tuple[str, ...]:
        """The files' ids, one a chart; none where Slack takes no files from us."""
        if not charts or row.attempts > PATIENCE:
            return ()
        if row.id not in self._uploaded:
            uploaded = self._upload(charts)
            if len(self._uploaded) >= _KEPT:
                self._uploaded.clear()
            self._uploaded[row.id] = uploaded
        return self._uploaded[row.id]

    def done(self, row: OutboxRow) -> None:
        """The row's message stands."""
        self._uploaded.pop(row.id, None)

    def _upload(self, charts: Sequence[Chart]) -> tuple[str, ...]:
        uploads = [
            {"file": png(chart), "filename": f"{chart.name}.png", "title": chart.title} for chart in charts
        ]
        try:
            answer = self._client.files_upload_v2(file_uploads=uploads)
        except SlackApiError as error:
            if error.response.get("error") not in NO_FILES:
                raise
            log.warning("charts_left_out", error=error.response.get("error"))
            return ()
        return tuple(str(file["id"]) for file in answer["files"])


def not_ready(error: SlackApiError) -> SendFailed | None:
    """What to do when Slack refuses a message only because it has not looked at its files yet."""
    said = error.response.get("response_metadata") or {}
    lines = said.get("messages", ()) if isinstance(said, dict) else ()
    if error.response.get("error") == "invalid_blocks" and any("slack_file" in str(line) for line in lines):
        return SendFailed("slack_file_not_ready", retry_after=READY_AFTER)
    return None
