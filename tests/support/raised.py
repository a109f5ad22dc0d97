"""Cases raised, called and answered through the keyboard, as short sentences for scenario tests."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa

from bot.workspace.actor import Actor
from bot.workspace.messages import Message
from tests.support.rig import Rig

CARD = "Samverkansmöte"
NEWEST = (
    'SELECT c.reference FROM referral r JOIN case_record c ON r."case" = c.id'
    " ORDER BY r.submitted_at DESC, c.reference DESC"
)


def raise_case(
    r: Rig, who: str = "maja", team: str = "tierp", others: Iterable[str] = ("fk",), *, urgent: bool = False
) -> str:
    """Raise a case by the form; its running reference. Nothing is delivered yet."""
    actor = r.actor(who)
    actor.command("/samtid", "lyft")
    _followed(r, actor, "team", team)
    _followed(r, actor, "protected_identity", "no")
    _followed(r, actor, "parties", list(others))
    actor.fill("consent", ["given"])
    actor.fill("consent_date", "2026-11-20")
    actor.fill("question_categories", ["work_ability"])
    actor.fill("question", "Hur kan stödet samordnas framåt?")
    actor.fill("person_takes_part", "in_room")
    _followed(r, actor, "urgency", "urgent" if urgent else "ordinary")
    if urgent:
        actor.fill("urgency_reason", "Ersättningen upphör inom kort.")
    actor.submit()
    assert actor.errors == {}, actor.errors
    actor.close(everything=True)
    return str(value(r, NEWEST))


def _followed(r: Rig, actor: Actor, field: str, chosen: Any) -> None:
    """Fill a field that the form follows, and wait for the form: each update has a hash of its own.

    A process that ends after its ack follows no more: then the field is filled again, as people do.
    """
    assert actor.modal is not None
    before = actor.modal.body["hash"]
    actor.fill(field, chosen)
    try:
        actor.until(lambda: actor.modal is not None and actor.modal.body["hash"] != before, 5)
    except TimeoutError:
        if not r.has_fallen():
            raise
        _followed(r, actor, field, chosen)


def call_parties(
    r: Rig, who: str = "maja", team: str = "tierp", others: Iterable[str] = ("fk",), *, urgent: bool = False
) -> str:
    """Raise a case and let the parties be called and everything be delivered."""
    reference = raise_case(r, who, team, others, urgent=urgent)
    r.settle()
    r.actor("helena" if team == "tierp" else who).click(
        "booking_confirm" if team == "tierp" else "booking_send_now"
    )
    r.settle()
    return reference


def value(r: Rig, statement: str, **values: object) -> Any:
    """The first column of a query's first row."""
    with r.database._engine.connect() as connection:
        return _as_sqlite(connection.execute(sa.text(statement), values).scalar())


def column(r: Rig, statement: str, **values: object) -> list[Any]:
    """The first column of a query."""
    with r.database._engine.connect() as connection:
        return [_as_sqlite(one) for one in connection.execute(sa.text(statement), values).scalars()]


def _as_sqlite(found: Any) -> Any:
    """A day is text there, in words that say nothing of types."""
    return found.isoformat() if type(found) is date else found


def booking_of(r: Rig, reference: str) -> str:
    """The id of the case's live booking."""
    statement = (
        "SELECT b.id FROM booking b JOIN referral r ON b.referral = r.id"
        ' JOIN case_record c ON r."case" = c.id'
        " WHERE c.reference = :reference AND b.status IN ('proposed', 'booked')"
    )
    return str(value(r, statement, reference=reference))


def move(r: Rig, who: str, nth: int = 0) -> None:
    """Press the newest button that moves a booking, and choose the nth time that is offered."""
    actor = r.actor(who)
    actor.click("booking_move")
    choose_time(r, who, nth)


def decline(
    r: Rig, who: str, reason: str = "absent", deputy: str | None = None, message: Message | None = None
) -> None:
    """Press "I cannot", and say why in the form."""
    actor = r.actor(who)
    actor.click("invitation_decline", message=message)
    actor.fill("reason", reason)
    if deputy is not None:
        actor.fill("deputy", deputy)
    actor.submit()
    assert actor.modal is None, actor.errors


def absent(r: Rig, who: str, since: date = date(2026, 11, 1), until: date = date(2027, 6, 1)) -> None:
    """Somebody is away, both days included."""
    with r.office.unit_of_work() as uow:
        uow.plan.add_absence(who, since, until)
        uow.commit()


def choose_time(r: Rig, who: str, nth: int = 0) -> None:
    """Choose the nth time of the open form."""
    actor = r.actor(who)
    assert actor.modal is not None
    options = next(b["element"]["options"] for b in actor.modal.blocks if b.get("element", {}).get("options"))
    actor.fill("slot", options[nth]["value"])
    actor.submit()


def text_of(message: Message) -> str:
    """Everything that a message shows: text, sections, contexts and button labels."""
    return "\n".join([message.body["text"], *shown(message.body.get("blocks", []))])


def shown(blocks: Any) -> list[str]:
    """Every text in blocks, in order."""
    if isinstance(blocks, list):
        return [text for one in blocks for text in shown(one)]
    if isinstance(blocks, dict):
        own = [blocks["text"]] if isinstance(blocks.get("text"), str) else []
        return own + [text for key, one in blocks.items() if key != "confirm" for text in shown(one)]
    return []


def buttons(message: Message) -> list[str]:
    """The action ids of a message's buttons."""
    return [
        element["action_id"]
        for block in message.body.get("blocks", [])
        for element in [*block.get("elements", []), block.get("accessory", {})]
        if element.get("type") == "button"
    ]


def direct(r: Rig, who: str) -> list[Message]:
    """The person's direct messages with the bot, oldest first."""
    actor = r.actor(who)
    return actor.messages(actor.direct_message)


def cards(r: Rig, who: str) -> list[Message]:
    """The person's messages that still have answer or case buttons and a meeting's heading."""
    return [m for m in direct(r, who) if buttons(m) and text_of(m).count(f"*{CARD} ")]


def texts(r: Rig, who: str) -> list[str]:
    """The notification texts of the person's direct messages, oldest first."""
    return [m.body["text"] for m in direct(r, who)]


def page(r: Rig, who: str) -> str:
    """What the person's Home tab says now, as last published."""
    home = r.actor(who).home
    assert home is not None
    return "\n".join(shown(home.blocks))


def open_home(r: Rig, who: str) -> None:
    """Open the Home tab and wait for it; from then on it is live."""
    actor = r.actor(who)
    actor.open_home()
    actor.until(lambda: actor.home is not None, 5)


def modal(r: Rig, who: str) -> str:
    """What the open modal says."""
    top = r.actor(who).modal
    assert top is not None
    return "\n".join([top.body["title"]["text"], *shown(top.blocks)])


def day_of(r: Rig, reference: str) -> str:
    """The local date of the case's booked meeting."""
    statement = "SELECT m.day FROM meeting m JOIN booking b ON b.meeting = m.id WHERE b.id = :booking"
    return str(value(r, statement, booking=booking_of(r, reference)))[:10]


def silence(r: Rig) -> dict[str, int]:
    """How many messages and mails everybody has, to compare before and after."""
    people = [p.id for p in r.organisation.people]
    chats = {p.id: len(direct(r, p.id)) for p in r.organisation.people if p.slack}
    return {p: chats.get(p, 0) + len(r.mails(p)) for p in people} | {"posts": len(channel_posts(r))}


def channel_posts(r: Rig) -> list[Message]:
    """Every post in the Tierp team's channel."""
    return r.actor("helena").messages("C0001")
