"""Issue 3, section 4: the page behind a mail's link shows on GET, acts on POST, and is for one invitation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.doctor import _findings
from bot.settings import Settings
from schedules.services.answer_by_link import by_link
from schedules.services.links import Links
from schedules.store.database import Database
from schedules.texts.words import Words
from tests.support.calendars import assert_calendars_are_right
from tests.support.databases import SECRET_KEY
from tests.support.links import answer_links
from tests.support.raised import call_parties, cards, column, move, text_of, value
from tests.support.rig import Rig, calendar_part, rig

CANNOT = {"act": "cannot", "reason": "absent"}


@pytest.fixture
def r(tmp_path: Path) -> Iterator[Rig]:
    with rig(tmp_path) as found:
        yield found
        assert found.local.workspace.problems() == ()
        assert_calendars_are_right(found)


@pytest.fixture
def link(r: Rig) -> str:
    """Nasrin's own page."""
    call_parties(r)
    return answer_links(r, "nasrin")[-1]


def post(link: str, data: dict[str, str], **how: Any) -> httpx.Response:
    return httpx.post(link, data=data, **how)


def said(r: Rig, who: str = "nasrin") -> str:
    return str(value(r, "SELECT answer FROM invitation WHERE person = :who ORDER BY live DESC", who=who))


def actions(r: Rig, actor: str = "nasrin") -> list[str]:
    return [str(a) for a in column(r, "SELECT action FROM audit WHERE actor = :actor", actor=actor)]


def plan(r: Rig) -> tuple[Any, ...]:
    """What may not have changed."""
    return (
        column(r, "SELECT answer FROM invitation ORDER BY id"),
        column(r, "SELECT identity_known_at FROM invitation ORDER BY id"),
        value(r, "SELECT count(*) FROM outbox"),
        value(r, "SELECT count(*) FROM audit"),
    )


# --- looking ------------------------------------------------------------------------------------------


def test_the_page_shows_the_open_fields_and_the_buttons(r: Rig, link: str) -> None:
    shown = httpx.get(link)
    assert shown.status_code == 200
    for words in (
        "Tisdag 8 december 2026 kl. 13:00–13:30",
        "Vårdcentralen Tierp, rum 4",
        "Tierps kommun och Försäkringskassan",
        "Arbetsförmåga",
        "Ja, jag kommer",
        "Skicka att jag inte kan",
        "Jag vet vem det gäller",
        "08-465 004 02",
    ):
        assert words in shown.text
    assert "Hur kan stödet samordnas framåt?" not in shown.text


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_scanner_that_follows_the_link_changes_nothing(r: Rig, link: str, method: str) -> None:
    before = plan(r)
    for query in ("", "?act=come", "?act=cannot&reason=absent", "?lang=en"):
        assert httpx.request(method, link + query).status_code == 200
    for other in ("PUT", "DELETE", "PATCH"):
        assert httpx.request(other, link, data={"act": "come"}).status_code == 405
    assert plan(r) == before


def test_the_page_is_kept_nowhere_and_loads_nothing(r: Rig, link: str) -> None:
    shown = httpx.get(link)
    policy = shown.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "script" not in policy
    assert "frame-ancestors 'none'" in policy
    assert shown.headers["cache-control"] == "no-store"
    assert shown.headers["referrer-policy"] == "no-referrer"
    assert not re.search(r"<script|\bsrc=|<link|\son[a-z]+=", shown.text)
    assert "no-store" in post(link, {"act": "come"}).headers["cache-control"]


def test_the_language_is_the_readers_and_can_be_switched(r: Rig, link: str) -> None:
    assert '<html lang="sv">' in httpx.get(link).text
    assert 'href="?lang=en"' in httpx.get(link).text
    english = httpx.get(link + "?lang=en").text
    assert '<html lang="en">' in english
    assert "Yes, I will come" in english
    assert post(link + "?lang=en", {"act": "come"}).headers["location"] == "?lang=en"
    r.actor("nasrin").open_home()
    with r.office.unit_of_work() as uow:
        uow.organisation.set_language("nasrin", "en")
        uow.commit()
    assert '<html lang="en">' in httpx.get(link).text


def test_who_is_only_told_sees_the_time_and_no_button(r: Rig, link: str) -> None:
    shown = httpx.get(answer_links(r, "maja")[-1]).text
    assert "Du behöver inte svara" in shown
    assert "<form" not in shown


# --- acting -------------------------------------------------------------------------------------------


def test_coming_by_link_is_an_answer_on_record_as_by_link(r: Rig, link: str) -> None:
    answered = post(link, {"act": "come"}, follow_redirects=True)
    assert answered.history[0].status_code == 303
    assert answered.request.method == "GET"
    assert "Du har svarat att du kommer" in answered.text
    assert "Ja, jag kommer" not in answered.text
    r.settle()
    assert said(r) == "accepted"
    assert actions(r) == ["invitation.accepted.by_link"]
    assert "Du har svarat att du kommer." in text_of(cards(r, "nasrin")[0])


def test_declining_by_link_needs_a_reason(r: Rig, link: str) -> None:
    before = plan(r)
    for form in ({"act": "cannot"}, {"act": "cannot", "reason": "weather"}):
        refused = post(link, form)
        assert refused.status_code == 422
        assert "Välj varför du inte kan komma." in refused.text
        assert plan(r) == before
    assert "tack för att du sa till" in post(link, CANNOT, follow_redirects=True).text.lower()
    r.settle()
    assert said(r) == "declined"
    assert column(r, "SELECT reason FROM decline") == ["absent"]
    assert actions(r)[0] == "invitation.declined.by_link"
    # The next representative has been called.
    assert len(cards(r, "johan")) == 1


def test_not_our_case_by_link_calls_no_deputy(r: Rig, link: str) -> None:
    post(link, {"act": "cannot", "reason": "not_our_case"})
    r.settle()
    assert cards(r, "johan") == []
    assert column(r, "SELECT reason FROM decline") == ["not_our_case"]


def test_a_deputy_by_link_takes_the_seat_and_must_be_free(r: Rig, link: str) -> None:
    assert "Johan Öberg" in httpx.get(link).text
    refused = post(link, CANNOT | {"deputy": "helena"})
    assert refused.status_code == 422
    assert "inte ledig" in refused.text
    assert said(r) == "needs-action"
    post(link, CANNOT | {"deputy": "johan"})
    r.settle()
    assert cards(r, "nasrin") == []
    assert len(cards(r, "johan")) == 1
    assert "Kallelsen gäller inte längre" in httpx.get(link).text


def test_knowing_whom_it_concerns_by_link(r: Rig, link: str) -> None:
    known = post(link, {"act": "known"}, follow_redirects=True).text
    assert "Ja, du har sagt att du vet." in known
    assert "Jag vet vem det gäller" not in known
    assert actions(r) == ["invitation.identity_known.by_link"]


def test_what_others_do_through_a_link_is_not_on_record_as_theirs(r: Rig) -> None:
    with by_link(r.office, "nasrin").unit_of_work() as uow:
        for actor in ("nasrin", "samtid"):
            uow.audit.record(actor, None, "done", "x", r.clock.now())
        uow.commit()
    assert actions(r) == ["done.by_link"]
    assert actions(r, "samtid") == ["done"]


def test_pressing_twice_is_one_answer(r: Rig, link: str) -> None:
    for _ in range(2):
        assert post(link, {"act": "come"}).status_code == 303
    assert actions(r) == ["invitation.accepted.by_link"]


# --- links that do not act ----------------------------------------------------------------------------


@pytest.mark.parametrize("nth", [0, 40, -1])
def test_a_changed_link_leads_nowhere(r: Rig, link: str, nth: int) -> None:
    head, _, token = link.rpartition("/")
    changed = list(token)
    changed[nth] = "0" if changed[nth] != "0" else "1"
    for answer in (
        httpx.get(f"{head}/{''.join(changed)}"),
        post(f"{head}/{''.join(changed)}", {"act": "come"}),
    ):
        assert answer.status_code == 404
        assert "Sidan finns inte" in answer.text
        assert "TIE-2026" not in answer.text
    assert said(r) == "needs-action"


@pytest.mark.parametrize("token", ["x", "-", "%00-", "å-ä", "a" * 3000, "%ff-%fe"])
def test_junk_leads_nowhere(r: Rig, token: str) -> None:
    assert httpx.get(f"{r.url}/svar/{token}").status_code == 404
    assert httpx.get(f"{r.url}/brev/{token}").status_code == 404


def test_an_old_link_only_shows_the_new_time(r: Rig, link: str) -> None:
    r.actor("maja").click("case_show")
    move(r, "maja")
    r.settle()
    before = plan(r)
    shown = httpx.get(link).text
    assert "Kallelsen har ändrats" in shown
    assert "22 december 2026" in shown
    assert "<form" not in shown
    token = answer_links(r, "nasrin")[-1].rpartition("/")[2]
    assert token not in shown
    assert "Kallelsen har ändrats" in post(link, {"act": "come"}, follow_redirects=True).text
    assert plan(r) == before
    assert post(answer_links(r, "nasrin")[-1], {"act": "come"}).status_code == 303
    assert said(r) == "accepted"


def test_a_link_of_a_withdrawn_case_says_so(r: Rig, link: str) -> None:
    r.actor("maja").click("case_show")
    r.actor("maja").click("booking_withdraw")
    r.settle()
    shown = httpx.get(link).text
    assert "Kallelsen gäller inte längre" in shown
    assert "TIE-2026" not in shown
    post(link, {"act": "come"})
    assert said(r) == "needs-action"


def test_the_link_holds_until_the_meeting_begins(r: Rig, link: str) -> None:
    with r.office.unit_of_work() as uow:
        booking = uow.plan.booking(str(value(r, "SELECT id FROM booking")))
        meeting = uow.plan.meeting(booking.meeting) if booking else None
    assert meeting is not None
    r.clock.at = meeting.starts_at
    before = plan(r)
    assert "Mötet har börjat eller är över" in httpx.get(link).text
    post(link, {"act": "come"})
    assert plan(r) == before
    r.settle()


# --- limits -------------------------------------------------------------------------------------------


def test_what_no_form_of_ours_sends_is_refused(r: Rig, link: str) -> None:
    before = plan(r)
    assert httpx.post(link, json={"act": "come"}).status_code == 415
    assert post(link, {"act": "come", "x": "y" * 5000}).status_code == 413
    assert post(link, {f"f{n}": "1" for n in range(20)} | {"act": "come"}).status_code == 422
    assert (
        httpx.post(
            link, content=b"act=\xff", headers={"content-type": "application/x-www-form-urlencoded"}
        ).status_code
        == 422
    )
    assert post(link, {"act": "delete"}).status_code == 422
    assert plan(r) == before


def test_ten_answers_a_minute_are_enough(r: Rig, link: str) -> None:
    _ = r.local.program  # each process counts for itself: this is about one
    assert [post(link, {"act": "come"}).status_code for _ in range(11)] == [303] * 10 + [429]
    assert httpx.get(link).status_code == 200


# --- whether there are links --------------------------------------------------------------------------


def test_without_a_public_address_the_mails_have_no_link(r: Rig) -> None:
    office = r.local.program.office
    assert office.links is not None
    object.__setattr__(office, "links", replace(office.links, base=None))
    call_parties(r)
    assert answer_links(r, "nasrin") == []
    body = r.mails("nasrin")[-1].get_body(("html",))
    assert body is not None
    assert "Svara på kallelsen" not in str(body.get_content())


def test_the_link_is_not_in_the_calendar_that_colleagues_read(r: Rig, link: str) -> None:
    part = calendar_part(r.mails("nasrin")[-1])
    assert part is not None
    assert b"/svar/" not in part.replace(b"\r\n ", b"")


def test_the_key_is_the_databases_own_and_stable(database_url: str) -> None:
    keys = []
    for _ in range(2):
        database = Database(database_url, [SECRET_KEY])
        keys.append(database.link_key())
        database.close()
    assert keys[0] == keys[1]
    assert len(keys[0]) == 32
    mine, other = Links(lambda: keys[0], "https://x.example"), Links(lambda: b"other", "https://x.example")
    token = str(mine.answer("abc")).rpartition("/")[2]
    assert mine.invitation(token) == "abc"
    assert other.invitation(token) is None
    assert mine.letter_of(token) is None


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, "http://127.0.0.1:8737"),
        ({"SLACK_BOT_TOKEN": "xoxb-x", "SLACK_SIGNING_SECRET": "s"}, None),
        ({"SAMTID_PUBLIC_URL": "https://example.se/samtid/"}, "https://example.se/samtid"),
    ],
)
def test_where_people_reach_us(
    r: Rig, capsys: pytest.CaptureFixture[str], given: dict[str, Any], address: str | None
) -> None:
    settings = Settings(**given)
    assert settings.pages_url == address
    _findings(settings, r.office, Words("sv"))
    assert ("SAMTID_PUBLIC_URL är inte satt" in capsys.readouterr().out) == (address is None)


def test_somebody_without_slack_finds_the_link_in_reminders_too(r: Rig) -> None:
    call_parties(r, others=("fk", "vc_tierp"))
    post(answer_links(r, "mirjam")[-1], CANNOT)  # the party's next one has no Slack
    r.settle()
    invitation = len(answer_links(r, "petter"))
    assert invitation >= 1
    r.pass_time(days=14)
    links = answer_links(r, "petter")
    assert len(links) > invitation
    assert len(set(links)) == 1
