"""The page is for this machine and this site only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from tests.support.office import Office, opened
from tests.support.sample_mail import sample_mail

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with opened(tmp_path) as found:
        yield found


def test_everything_comes_from_the_page_itself(office: Office) -> None:
    page = httpx.get(office.url + "/?as=U0001")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http://" not in page.text.replace(office.url, "")
    assert "<script>" not in page.text
    assert " style=" not in page.text


def test_another_host_name_is_not_served(office: Office) -> None:
    for path in ("/", "/workspace/ui/stream"):
        assert httpx.get(office.url + path, headers={"host": "evil.example"}).status_code == 421


def test_another_site_cannot_act(office: Office) -> None:
    address = office.url + "/workspace/ui/say?as=U0001"
    assert httpx.post(address, data={"text": "x"}).status_code == 403
    assert httpx.post(address, data={"text": "x"}, headers={"hx-request": "true"}).status_code == 204
    assert [one.body["text"] for one in office.actor().messages()] == ["x"]


def test_what_somebody_writes_cannot_mention_everybody(office: Office) -> None:
    address = office.url + "/workspace/ui/say?as=U0001"
    httpx.post(address, data={"text": "<!channel> & hej"}, headers={"hx-request": "true"})
    assert office.actor().messages()[-1].body["text"] == "&lt;!channel&gt; &amp; hej"


def test_a_channel_is_seen_by_its_members_only(office: Office) -> None:
    office.actor("U0004").say("hemligt", "C0002")
    page = httpx.get(office.url + "/?as=U0001&at=C0002").text
    assert "hemligt" not in page
    assert "samverkan-burlöv" not in page
    assert "hemligt" in httpx.get(office.url + "/?as=U0004&at=C0002").text


def test_a_mail_in_its_frame_may_run_nothing(office: Office) -> None:
    office.workspace.mailbox.deliver("asa@kommun.example", sample_mail())
    mine = httpx.get(office.url + "/workspace/ui/mail?as=U0001&at=mail&mail=1")
    assert "Samverkansmöte" in mine.text
    assert "sandbox" in mine.headers["content-security-policy"]
    assert "script-src" not in mine.headers["content-security-policy"]
    assert httpx.get(office.url + "/workspace/ui/mail?as=U0002&at=mail&mail=1").text == ""


def test_nobody_chooses_who_to_be(office: Office) -> None:
    assert "Vem vill du vara?" in httpx.get(office.url + "/?as=U7777").text
