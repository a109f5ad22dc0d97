"""The words of mails and calendar entries."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from schedules.domain.cases import Urgency
from schedules.domain.plan import Role
from schedules.texts import agenda, reminders
from schedules.texts.mail import MailKind, MailWords, invitation_mail, notice_mail
from tests.unit.texts_samples import CALL, CASE, LANGUAGES, MEETING

REPRESENTATIVE = (Role.REPRESENTATIVE,)


def _mail(kind: MailKind = MailKind.NEW, language: str = "sv") -> MailWords:
    return invitation_mail(CASE, "Per Ström", REPRESENTATIVE, "Försäkringskassan", kind, language)


def test_an_invitation_asks_and_warns() -> None:
    mail = _mail()
    assert (
        mail.subject == "Samverkansmöte Samverkansteam Tierp 1 december 2026 kl. 13:00, ärende TIE-2026-014"
    )
    assert mail.summary == "Samverkansmöte Samverkansteam Tierp, ärende TIE-2026-014"
    assert mail.location == "Vårdcentralen Tierp, rum 4"
    for part in (mail.text, mail.html, mail.description):
        assert "Försäkringskassan behövs på samverkansmöte tisdag 1 december kl. 13:00–13:30" in part
        assert "Skriv inga personuppgifter i svaret." in part
        assert "Tierps kommun, Försäkringskassan och Vårdcentralen Tierp" in part
        assert "https://video.example/tierp" in part
        assert "Svara ja eller nej i kalenderinbjudan" in part
    assert mail.text.startswith("Hej Per Ström!\n\n")
    assert "Per Ström" not in mail.description


def test_the_same_in_english() -> None:
    mail = _mail(language="en")
    assert mail.subject == (
        "Coordination meeting Samverkansteam Tierp 1 December 2026 at 13:00, case TIE-2026-014"
    )
    assert "Do not write any personal data in your reply." in mail.text
    assert '<html lang="en">' in mail.html


def test_an_update_says_that_it_replaces_the_earlier_one() -> None:
    mail = _mail(MailKind.CHANGED)
    assert mail.subject.startswith("Ändrat: Samverkansmöte")
    assert "Det här ersätter en tidigare kallelse." in mail.text
    assert "Har tiden ändrats räknas inte ditt tidigare svar." in mail.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [MailKind.YOUR_PART_ENDED, MailKind.CANCELLED])
def test_who_is_no_longer_called_gets_no_link_and_no_parties(language: str, kind: MailKind) -> None:
    no_place = replace(CASE, meeting=replace(MEETING, place=""))
    mail = invitation_mail(no_place, "Per Ström", REPRESENTATIVE, "Försäkringskassan", kind, language)
    whole = mail.text + mail.html + mail.description + mail.location
    assert "https" not in whole
    assert "Tierps kommun" not in whole
    assert mail.location == ""


def test_only_the_readers_part_can_end() -> None:
    assert "Det är bara din del som upphör." in _mail(MailKind.YOUR_PART_ENDED).text
    assert "är avbokad" in _mail(MailKind.CANCELLED).text


def test_the_referrer_is_told_and_not_asked() -> None:
    mail = invitation_mail(CASE, "Lisa Berg", (Role.REFERRER, Role.OWNER), None, MailKind.NEW, "sv")
    assert "Kan du vara med?" not in mail.text
    assert "Du behöver inte svara." in mail.text
    assert "Kontakta de kallade partsamordnarna på ett säkert sätt" in mail.text
    assert "kontaktar dig" not in mail.text


def test_a_place_is_escaped_in_html_and_plain_elsewhere() -> None:
    place = 'Rum <4> & co "norr"'
    case = replace(CASE, meeting=replace(MEETING, place=place), urgency=Urgency.URGENT)
    mail = invitation_mail(case, "Per", REPRESENTATIVE, "Försäkringskassan", MailKind.NEW, "sv")
    assert "Rum &lt;4&gt; &amp; co" in mail.html
    assert "<4>" not in mail.html
    assert place in mail.text
    assert mail.location == place


def test_a_link_that_is_no_web_address_is_shown_but_cannot_be_followed() -> None:
    case = replace(CASE, meeting=replace(MEETING, link="javascript:alert(1)"))
    html = invitation_mail(case, "Per", REPRESENTATIVE, "Försäkringskassan", MailKind.NEW, "sv").html
    assert "javascript:alert(1)" in html
    assert "href" not in html


def test_a_subject_is_one_line() -> None:
    case = replace(CASE, meeting=replace(MEETING, team="Team\r\nBcc: alla@example.com " + "x" * 300))
    mail = invitation_mail(case, "Per", REPRESENTATIVE, "Försäkringskassan", MailKind.NEW, "sv")
    assert "\n" not in mail.subject + mail.summary
    assert "\r" not in mail.subject + mail.summary
    assert len(mail.subject) <= 150


class _Outline(HTMLParser):
    """Which elements a page opens and closes."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_html_is_whole_and_labelled_for_screen_readers(language: str) -> None:
    outline = _Outline()
    outline.feed(_mail(language=language).html)
    assert outline.open == []
    assert ("html", {"lang": language}) in outline.seen
    assert [tag for tag, _ in outline.seen].count("h1") == 1
    assert all(attributes.get("scope") == "row" for tag, attributes in outline.seen if tag == "th")


def test_a_notice_is_the_message_without_its_buttons() -> None:
    message = reminders.unanswered(MEETING, (CALL,), "sv")
    assert message is not None
    mail = notice_mail(message, "sv")
    assert mail.subject == message.text
    assert "Svara genom kalenderinbjudan som du har fått" in mail.text
    assert "Jag kommer" not in mail.text
    assert mail.summary == mail.description == mail.location == ""


def test_a_notice_names_what_is_done_in_slack() -> None:
    message = reminders.identity_unknown(MEETING, (CALL,), "sv")
    assert message is not None
    assert "med knappar i Slack: ”Jag vet vem det gäller”." in notice_mail(message, "sv").text


def test_a_notice_that_only_tells_asks_for_nothing() -> None:
    assert "Slack" not in notice_mail(agenda.own_agenda(MEETING, (CALL,), "sv"), "sv").text
