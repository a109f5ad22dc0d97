"""What a request must look like before anybody reads it: text is looked up, so a database can hold it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.shape import readable
from bot.storable import is_storable, storable

CLICK = {"type": "block_actions", "user": {"id": "U1"}, "actions": [{"action_id": "b", "value": "åäö 😀"}]}


def test_what_slack_sends() -> None:
    assert readable(CLICK)


@pytest.mark.parametrize("junk", ["\ud800", "b\x00", 7, ["x"], {"x": 1}])
@pytest.mark.parametrize(
    "altered",
    [
        lambda junk: {"actions": [{"action_id": "b", "value": junk}]},
        lambda junk: {"actions": [{"action_id": junk, "value": "x"}]},
        lambda junk: {"user": {"id": junk}},
        lambda junk: {"team": {"id": junk}},
        lambda junk: {"view": {"type": "modal", "id": junk}},
        lambda junk: {"view": {"type": "modal", "private_metadata": junk}},
        lambda junk: {"event": {"user": {"id": junk}}},
    ],
)
def test_no_id_value_or_metadata_but_text_that_a_database_holds(altered: Any, junk: Any) -> None:
    assert not readable(CLICK | altered(junk))


@pytest.mark.parametrize(
    "altered",
    [
        {"actions": None},
        {"actions": []},
        {"actions": [{"action_id": "b", "action_ts": "soon"}]},
        {"actions": [{"action_id": "b", "action_ts": "1e9"}]},
        {"actions": [{"action_id": "b", "selected_option": "x"}]},
        {"view": None},
        {"view": {"type": "modal", "state": None}},
        {"view": {"type": "modal", "state": {"values": []}}},
        {"event": None},
        {"actions": [{"value": "x"}]},
        {"user": None},
        {"user": {"name": "karin"}},
        {"event": {"type": "app_home_opened"}},
    ],
)
def test_what_is_there_is_whole(altered: Any) -> None:
    """Bolt and the listeners look whether it is there, and then reach into it."""
    assert not readable(CLICK | altered)


def test_a_view_tells_its_type() -> None:
    """Bolt takes it from every submitted view, and breaks without it."""
    assert readable(CLICK | {"view": {"id": "V1", "type": "modal"}})
    assert not readable(CLICK | {"view": {"id": "V1"}})


@given(st.text(alphabet=st.characters(codec=None)))
def test_stored_text_is_the_text_where_that_can_be(text: str) -> None:
    assert is_storable(storable(text))
    assert (storable(text) == text) == is_storable(text)
