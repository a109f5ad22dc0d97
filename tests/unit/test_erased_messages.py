"""A message without one of its cases, and what becomes of each row of a stream."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from schedules.codec import encode
from schedules.domain.chat import Button, ChatMessage, Section
from schedules.domain.erased_messages import references_in, without_case
from schedules.ports import Channel, StreamLetter
from schedules.services.erase_messages import OnTheirWay, Place, to_clear

ONE, OTHER = "TIE-2026-014", "ÖST-2026-1000"
HEAD = Section("Samverkansmöte tisdag 8 december", ("Du är kallad till två ärenden.",))
SHARED = ChatMessage(
    "Två ärenden",
    (
        HEAD,
        Section(f"{ONE} kl. 13.00–13.30", ("Parter: FK",), None, (Button("case_show", "r1", "Visa"),)),
        Section(f"{OTHER} kl. 13.30–14.00", ("Parter: AF",), None, (Button("case_show", "r2", "Visa"),)),
        Section(None, (f"{ONE} är avbokat.", f"{ONE} och {OTHER} är sena.")),
    ),
    f"Gäller {ONE}",
    f"Se {ONE}",
)
OWN = ChatMessage(f"{ONE} har fått en tid", (Section(f"Ny tid för {ONE}", ("Kom.",)),))


def row(
    number: int,
    message: ChatMessage,
    kind: str = "post",
    ts: str | None = None,
    *,
    stream: str = "s",
    names: bool | None = None,
) -> StreamLetter:
    payload = encode(message)
    return StreamLetter(
        id=f"row{number}",
        stream=stream,
        channel=Channel.CHAT,
        kind=kind,
        recipient="U1",
        payload=payload,
        ref=json.dumps({"channel": "D1", "ts": ts or f"{number}.0"}),
        names=ONE in payload if names is None else names,
        final=True,
        pending=False,
        may_have_left=False,
    )


def test_a_reference_is_whole_or_none() -> None:
    assert references_in(f"{ONE}, {OTHER}: tid") == {ONE, OTHER}
    assert references_in("TIE-2026-0145 XTIE-2026-01 2026-12-08 +46-2026-014 a-TIE-2026-014") == {
        "TIE-2026-0145"
    }


def test_a_shared_message_keeps_what_is_said_of_the_other_case() -> None:
    left = without_case(SHARED, ONE)
    assert ONE not in encode(left)
    assert left.sections[:2] == (HEAD, SHARED.sections[2])
    assert left.sections[2].lines == (f"… och {OTHER} är sena.",)
    assert without_case(left, ONE) == left
    assert without_case(OWN, OTHER) == OWN


def test_the_message_of_one_case_is_deleted_with_its_rows() -> None:
    cleared = to_clear([row(1, OWN)], ONE)
    assert (cleared.deleted, cleared.gone) == ((Place("D1", "1.0"),), ("row1",))
    assert (cleared.rewritten, cleared.changed) == ((), {})


def test_a_shared_message_is_rewritten_where_it_stands() -> None:
    cleared = to_clear([row(1, SHARED)], ONE)
    ((_, rewritten),) = cleared.rewritten
    assert (rewritten.channel, rewritten.ts) == ("D1", "1.0")
    assert (rewritten.message, cleared.changed) == (
        without_case(SHARED, ONE),
        {"row1": encode(without_case(SHARED, ONE))},
    )
    assert (cleared.deleted, cleared.gone) == ((), ())


def test_what_a_card_says_last_decides() -> None:
    """A card that has since been edited names the case no more: nothing is sent, the old row forgets it."""
    edit = row(2, without_case(SHARED, ONE), "card_edit", "1.0")
    cleared = to_clear([row(1, SHARED, "card"), edit], ONE)
    assert (cleared.rewritten, cleared.deleted, cleared.gone) == ((), (), ())
    assert list(cleared.changed or {}) == ["row1"]


def test_a_card_whose_last_words_name_nobody_goes() -> None:
    ended = row(2, ChatMessage("Du har ingen tid kvar."), "card_edit", "1.0")
    cleared = to_clear([row(1, OWN, "card"), ended], ONE)
    assert (cleared.deleted, cleared.gone) == ((Place("D1", "1.0"),), ("row1", "row2"))


def test_the_pointer_of_an_older_card_goes_and_the_newer_card_is_rewritten() -> None:
    cleared = to_clear([row(1, SHARED, "card"), row(2, SHARED, "card")], ONE)
    assert cleared.deleted == (Place("D1", "1.0"),)
    assert [letter.id for letter, _ in cleared.rewritten] == ["row2"]


def test_a_message_that_may_have_left_is_looked_for_by_its_row() -> None:
    lost = replace(row(1, OWN), ref=None, may_have_left=True)
    assert to_clear([lost], ONE).deleted == (Place("U1", row="row1"),)


def test_streams_are_apart() -> None:
    cleared = to_clear([row(1, OWN, stream="a"), row(2, SHARED, stream="b")], ONE)
    assert (cleared.gone, list(cleared.changed or {})) == (("row1",), ["row2"])


def test_what_has_not_left_yet_is_waited_for() -> None:
    with pytest.raises(OnTheirWay):
        to_clear([replace(row(1, OWN), final=False, pending=True)], ONE)


def test_a_mail_loses_its_row_or_its_words() -> None:
    own = replace(row(1, OWN), channel=Channel.MAIL, ref=None)
    shared = replace(row(2, SHARED), channel=Channel.MAIL, ref=None)
    cleared = to_clear([own, shared], ONE)
    assert (cleared.gone, cleared.changed, cleared.deleted) == (("row1",), {"row2": ""}, ())
