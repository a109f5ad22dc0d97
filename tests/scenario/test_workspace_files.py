"""Uploads as slack_sdk sees them in the stand-in: Slack's steps, Slack's refusals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.workspace import Limits
from tests.support.echo_bot import TOKEN
from tests.support.office import Office, opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


@dataclass(frozen=True, slots=True)
class Desk:
    office: Office
    client: WebClient

    def upload(self, content: bytes = PNG) -> str:
        answer = self.client.files_upload_v2(
            file_uploads=[{"file": content, "filename": "a.png", "title": "A"}]
        )
        return str(answer["files"][0]["id"])

    def post(self, file_id: str) -> dict[str, Any]:
        """What Slack answers to a message with that picture."""
        block = {"type": "image", "slack_file": {"id": file_id}, "alt_text": "Ett"}
        try:
            answer = self.client.chat_postMessage(channel="U0001", text="x", blocks=[block])
        except SlackApiError as error:
            answer = error.response
        assert isinstance(answer.data, dict)
        return answer.data

    def problems(self) -> list[str]:
        return [one.text for one in self.office.workspace.problems()]


def _desk(folder: Path, limits: Limits) -> Iterator[Desk]:
    with opened(folder, limits) as office:
        yield Desk(office, WebClient(token=TOKEN, base_url=office.url + "/api/"))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    yield from _desk(tmp_path, Limits(rates={}, file_seconds=0))


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[Desk]:
    """Slack takes an hour to look at a file."""
    yield from _desk(tmp_path, Limits(rates={}, file_seconds=3600))


def test_a_picture_is_uploaded_and_shown_in_a_message(desk: Desk) -> None:
    assert desk.post(desk.upload())["ok"]
    assert desk.problems() == []


def test_a_file_that_was_not_looked_at_yet_is_refused_and_is_nobodys_fault(slow: Desk) -> None:
    refused = slow.post(slow.upload())
    assert refused["error"] == "invalid_blocks"
    lines = refused["response_metadata"]["messages"]
    assert lines == ["[ERROR] invalid slack file [json-pointer:/blocks/0/slack_file]"]
    assert slow.problems() == []


def test_a_file_that_is_not_there_or_no_picture_is_refused(desk: Desk) -> None:
    assert desk.post("F000000000")["error"] == "invalid_blocks"
    assert desk.post("nothing")["error"] == "invalid_blocks"
    assert desk.post(desk.upload(b"words"))["error"] == "invalid_blocks"
    assert len(desk.problems()) == 3


def test_the_length_that_was_asked_for_is_the_length_that_is_taken(desk: Desk) -> None:
    asked = desk.client.files_getUploadURLExternal(filename="a.png", length=len(PNG))
    assert httpx.post(asked["upload_url"], content=PNG + b"x").status_code == 400
    files = [{"id": asked["file_id"], "title": "A"}]
    with pytest.raises(SlackApiError, match="file_not_found"):
        desk.client.files_completeUploadExternal(files=files)
    assert httpx.post(asked["upload_url"], files={"file": ("a.png", PNG)}).text == f"OK - {len(PNG)}"
    assert httpx.post(asked["upload_url"], content=PNG).status_code == 400
    assert desk.post(asked["file_id"])["error"] == "invalid_blocks"
    assert desk.client.files_completeUploadExternal(files=files)["files"] == files
    assert desk.post(asked["file_id"])["ok"]


def test_what_slack_would_not_take(desk: Desk) -> None:
    for length in (0, "many"):
        with pytest.raises(SlackApiError, match="invalid_arguments"):
            desk.client.files_getUploadURLExternal(filename="a.png", length=length)  # type: ignore[arg-type]  # on purpose
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        desk.client.api_call("files.completeUploadExternal", params={"files": "[]"})
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        desk.client.files_completeUploadExternal(files=[{"id": desk.upload()}], channel_id="C0001")
    assert httpx.post(desk.office.url + "/workspace/upload/unknown", content=PNG).status_code == 400
