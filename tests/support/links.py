"""The addresses of our pages as people get them: in a mail, or behind a button of a case."""

from __future__ import annotations

import re

from tests.support.rig import Rig


def answer_links(r: Rig, who: str) -> list[str]:
    """The links of the person's mails to their own page, oldest first."""
    texts = [mail.get_body(("plain",)) for mail in r.mails(who)]
    bodies = [str(text.get_content()) for text in texts if text is not None]
    return [found for body in bodies for found in re.findall(r"http\S+/svar/\S+", body)]


def letter_link(r: Rig, who: str) -> str | None:
    """The address behind "Brev till personen" in the open modal."""
    shown = r.actor(who).modal
    assert shown is not None
    elements = [one for block in shown.blocks for one in block.get("elements", [])]
    return next((str(one["url"]) for one in elements if one.get("action_id") == "person_letter"), None)


def form_link(r: Rig, who: str, page: str) -> str:
    """The address of a form in the person's newest mail."""
    body = r.mails(who)[-1].get_body(("plain",))
    assert body is not None
    return str(re.findall(rf"http\S+/{page}/\S+", str(body.get_content()))[-1])
