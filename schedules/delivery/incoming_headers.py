"""Header fields of mails that somebody else wrote: addresses and ids, or None. Nothing here raises."""

import re
from email.headerregistry import HeaderRegistry
from email.message import Message

_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+")
_LONGEST_ADDRESS = 254  # RFC 5321 4.5.3.1.3
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,250}>")
_READ = HeaderRegistry()


def header(mail: Message, name: str) -> str:
    """The first field of that name on one line, undecoded; empty if there is none."""
    return " ".join(str(mail.get(name, "")).split())


def address(text: str | None) -> str | None:
    """The lower-cased address, if it is one (RFC 5322 dot-atom in ASCII), else None."""
    found = (text or "").strip()
    fits = len(found) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(found)
    return found.lower() if fits else None


def sender_of(mail: Message) -> str | None:
    """The one author (From, RFC 5322 3.6.2), lower-cased; None when missing, several or ambiguous.

    From decides, as it does for DMARC, and not Sender: who sends for somebody else ("on behalf of") stands
    in Sender, with that person in From. Reply-To and Return-Path are no authors. A field that mail programs
    read differently (`anna@a.example <eva@b.example>`) is taken for none.
    """
    fields = mail.get_all("From", [])
    if len(fields) != 1:
        return None
    try:
        read = _READ("From", " ".join(str(fields[0]).split()))
        defects = {type(defect).__name__ for defect in read.defects}
        addresses = [one.addr_spec for one in getattr(read, "addresses", ())]
    except Exception:  # noqa: BLE001  the parser of Python 3.11 fails in many ways on junk: no sender then
        return None
    if "InvalidHeaderDefect" in defects or len(addresses) != 1:
        return None
    return address(addresses[0])


def message_id(mail: Message, name: str = "Message-ID") -> str | None:
    """The field's first id with its angle brackets, or None."""
    found = _MESSAGE_ID.search(header(mail, name))
    return found[0] if found else None


def answered_id(mail: Message) -> str | None:
    """The id of the mail that this one answers: In-Reply-To, else the last of References."""
    return message_id(mail, "In-Reply-To") or next(
        iter(reversed(_MESSAGE_ID.findall(header(mail, "References")))), None
    )
