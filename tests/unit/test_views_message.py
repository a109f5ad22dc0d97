"""Messages: escaping, links, buttons, limits."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.views.blocks import cut, escape_within, link, split_escaped
from bot.views.message import message_blocks, message_text, pointer_blocks
from schedules.domain.chat import Button, ChatMessage, Confirm, Link, Section
from tests.unit.block_kit import check_blocks, texts

SLY = "<!channel> & <https://x.example|här>"


def test_a_message_has_title_lines_link_and_buttons() -> None:
    confirm = Confirm("Ta tillbaka?", "Tiden blir ledig.", "Ta tillbaka", "Behåll")
    message = ChatMessage(
        "Ny tid",
        (
            Section(
                "Tisdag",
                ("Rad ett", "Rad två"),
                Link("https://video.example/a?b=1&c=2", "Möteslänk"),
                (
                    Button("invitation_accept", "i-1", "Jag kommer", "primary"),
                    Button("booking_withdraw", "b-1", "Ta tillbaka", "loud", confirm),
                ),
            ),
        ),
        context="Samtid",
    )
    blocks = message_blocks(message)
    check_blocks(blocks, 50)
    assert [block["type"] for block in blocks] == ["section", "actions", "context"]
    assert blocks[0]["text"]["text"] == (
        "*Tisdag*\nRad ett\nRad två\n<https://video.example/a?b=1&amp;c=2|Möteslänk>"
    )
    accept, withdraw = blocks[1]["elements"]
    assert (accept["action_id"], accept["value"], accept["style"]) == ("invitation_accept", "i-1", "primary")
    assert "style" not in withdraw
    assert withdraw["confirm"]["deny"] == {"type": "plain_text", "text": "Behåll"}


def test_nothing_that_people_wrote_is_markup() -> None:
    section = Section(SLY, (SLY,), Link("https://video.example", SLY))
    message = ChatMessage(SLY, (section,), context=SLY, pointer=SLY)
    shown = [
        *message_blocks(message),
        *pointer_blocks(message),
        {"type": "mrkdwn", "text": message_text(message)},
    ]
    for text in texts(shown):
        assert "<!" not in text
        assert "<https://x" not in text
        assert "&lt;!channel&gt; &amp;" in text


def test_a_message_without_sections_shows_its_text() -> None:
    blocks = message_blocks(ChatMessage("Tiden är <bokad>"))
    assert [block["text"]["text"] for block in blocks] == ["Tiden är &lt;bokad&gt;"]


def test_what_is_shrunk_says_its_pointer() -> None:
    assert list(texts(pointer_blocks(ChatMessage("Ny tid", pointer="Se nedan")))) == ["Se nedan"]
    assert list(texts(pointer_blocks(ChatMessage("Ny tid")))) == ["Ny tid"]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "ftp://x.example", "https://", "x.example", "https://["]
)
def test_only_web_addresses_become_links(url: str) -> None:
    assert link(url, "Länk") == f"Länk: {url}"


@pytest.mark.parametrize("bad", ["|", ">", "<", " ", '"', "\n"])
def test_an_address_cannot_end_its_link_early(bad: str) -> None:
    shown = link(f"https://video.example/a{bad}b", "Länk")
    assert shown.startswith("<https://video.example/a%")
    assert shown.endswith("b|Länk>")
    assert shown.count("|") == shown.count(">") == shown.count("<") == 1


def test_a_repeated_action_begins_a_new_row() -> None:
    buttons = tuple(Button("case_show", f"r-{n}", "Visa") for n in range(3))
    rows = message_blocks(ChatMessage("t", (Section("Titel", (), None, buttons),)))[1:]
    assert [[one["value"] for one in row["elements"]] for row in rows] == [["r-0"], ["r-1"], ["r-2"]]


def test_a_row_has_at_most_twenty_five_buttons() -> None:
    buttons = tuple(Button(f"a{n}", "v", "Visa") for n in range(26))
    rows = message_blocks(ChatMessage("t", (Section(None, (), None, buttons),)))
    assert [len(row["elements"]) for row in rows] == [25, 1]


def test_a_message_ends_at_fifty_blocks_with_its_context() -> None:
    sections = tuple(Section(f"Ärende {n}", ("rad",)) for n in range(80))
    blocks = message_blocks(ChatMessage("t", sections, context="slut"))
    check_blocks(blocks, 50)
    assert len(blocks) == 50
    assert list(texts(blocks[-2:])) == ["…", "slut"]


def test_long_text_is_split_and_nothing_is_lost() -> None:
    words = [f"ord{n}" for n in range(2000)]
    blocks = message_blocks(ChatMessage("t", (Section("Titel", (" ".join(words),)),)))
    check_blocks(blocks, 50)
    assert " ".join(texts(blocks)).split() == ["*Titel*", *words]


def test_long_words_everywhere_are_cut_to_what_slack_takes() -> None:
    long = "<" * 9000
    confirm = Confirm(long, long, long, long)
    section = Section(
        long,
        (long,),
        Link("https://video.example/" + long, long),
        (Button("a", "v" * 3000, long, None, confirm),),
    )
    message = ChatMessage(long, (section,), context=long, pointer=long)
    check_blocks(message_blocks(message), 50)
    check_blocks(pointer_blocks(message), 50)
    assert len(message_text(message)) <= 3000


@settings(max_examples=150, deadline=None)
@given(text=st.text(st.sampled_from("a <>&\n"), max_size=300), limit=st.integers(12, 80))
def test_pieces_are_whole_and_within_the_limit(text: str, limit: int) -> None:
    pieces = split_escaped(text, limit)
    assert all(0 < len(piece) <= limit for piece in pieces)
    back = "".join(pieces).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert "".join(back.split()) == "".join(text.split())
    assert len(escape_within(text, limit)) <= limit
    assert len(cut(text, limit)) <= limit


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=4000), count=st.integers(0, 60), label=st.text(max_size=200))
def test_any_message_is_within_the_limits(text: str, count: int, label: str) -> None:
    button = Button("case_show", "v", label, "danger", Confirm(text, text, label, label))
    section = Section(label, (text, label), Link("https://video.example/" + label, label), (button,))
    message = ChatMessage(text, (section,) * count, context=label)
    check_blocks(message_blocks(message) or message_blocks(ChatMessage("–")), 50)
    assert message_text(message).strip()
    check_blocks(pointer_blocks(message), 50)
