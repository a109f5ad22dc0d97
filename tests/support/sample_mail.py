"""A mail with a text, an HTML and a calendar part."""

from __future__ import annotations

from email.message import EmailMessage

_ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//example//SV
METHOD:{method}
BEGIN:VEVENT
UID:1@example.org
DTSTAMP:20261123T080000Z
SEQUENCE:0
DTSTART:20261201T123000Z
DTEND:20261201T130000Z
SUMMARY:Samverkansmöte Tierp\\, ärende TIE-2026-014
LOCATION:Vårdcentralen Tierp\\, rum 4
ORGANIZER;CN=Samtid:mailto:samtid@example.org
ATTENDEE;CN=Tierps kommun;PARTSTAT=NEEDS-ACTION:mailto:asa@kommun.example
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


def sample_mail(method: str = "REQUEST") -> bytes:
    mail = EmailMessage()
    mail["From"] = "Samtid <samtid@example.org>"
    mail["To"] = "asa@kommun.example"
    mail["Subject"] = "Samverkansmöte Tierp 1 december kl. 13.30, ärende TIE-2026-014"
    mail.set_content("Tierps kommun behövs på samverkansmötet.\n\nSkriv inga personuppgifter i svaret.\n")
    html = (
        "<h2 style='color:#12504a;font-family:sans-serif'>Samverkansmöte</h2>"
        "<p style='font-family:sans-serif'>Tierps kommun behövs <b>tisdag 1 december kl. 13.30</b>.</p>"
        "<script>parent.document.title = 'broken out'</script>"
    )
    mail.add_alternative(html, subtype="html")
    mail.add_alternative(_ICS.format(method=method), subtype="calendar", params={"method": method})
    return mail.as_bytes()
