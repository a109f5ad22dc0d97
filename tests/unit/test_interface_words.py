"""The catalogue of forms and pages: complete in both languages, used, and in plain words."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from schedules.ports import DueKind
from schedules.texts.words import CATALOGUE, LANGUAGES, Words

ROOT = CATALOGUE.parents[2]


def catalogue(language: str) -> dict[str, tuple[str, ...]]:
    with (CATALOGUE / language / "interface.po").open("rb") as source:
        messages = read_po(source, locale=language)
    found: dict[str, tuple[str, ...]] = {}
    for message in messages:
        if message.id:
            key = message.id if isinstance(message.id, str) else message.id[0]
            found[key] = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
    return found


def blanks(texts: tuple[str, ...]) -> set[str]:
    return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}


def written() -> tuple[set[str], set[str]]:
    """The keys that the code writes out whole, and the beginnings of those that it puts together."""
    whole: set[str] = set()
    begun: set[str] = set()
    for path in (one for one in Path(ROOT / "bot").rglob("*.py") if "workspace" not in one.parts):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                begun.add(str(node.values[0].value))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
    return whole, begun


def test_both_languages_have_the_same_keys_and_blanks() -> None:
    sv, en = catalogue("sv"), catalogue("en")
    assert sv.keys() == en.keys()
    assert {key: blanks(texts) for key, texts in sv.items()} == {
        key: blanks(texts) for key, texts in en.items()
    }
    assert all(all(text.strip() for text in texts) for one in (sv, en) for texts in one.values())


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_key_that_the_code_writes_has_words(language: str) -> None:
    words, keys = Words(language), set(catalogue("sv"))
    rooms = {key.partition(".")[0] for key in keys}
    whole, _ = written()
    dotted = {text for text in whole if "." in text and " " not in text and not text.endswith(".")}
    named = {text for text in dotted if text.partition(".")[0] in rooms}
    assert len(named) > 80
    assert [key for key in sorted(named) if not words.has(key)] == []


def test_every_key_is_used() -> None:
    whole, begun = written()
    prefixes = tuple(one for one in begun if "." in one)
    offered = {key for key in catalogue("sv") if key.startswith(("refused.", "case_view."))}
    unused = [key for key in catalogue("sv") if key not in whole and not key.startswith(prefixes)]
    assert [key for key in unused if key not in offered] == []


def test_titles_and_buttons_fit() -> None:
    for language in ("sv", "en"):
        for key, texts in catalogue(language).items():
            if re.search(
                r"^(referral_|booking_|invitation_|record_|case_view|modal)[a-z_]*\.(title|submit|close)$",
                key,
            ):
                assert all(len(text) <= 24 for text in texts), key


def test_swedish_is_plain() -> None:
    avoided = re.compile(
        r"\b(anmäl\w*|klient\w*|kund\w*|accepter\w*|vederbörande|erhåll\w*|ni|patient\w*)\b", re.IGNORECASE
    )
    for key, texts in catalogue("sv").items():
        for text in texts:
            assert not avoided.search(text), (key, text)


def test_labels_of_choices_are_not_cut() -> None:
    for language in ("sv", "en"):
        words = Words(language)
        for key in ("referral_submit.consent.given", "referral_details.raise_all_the_same.yes"):
            assert len(words(key)) <= 75
        time = words("when", day="onsdag 23 september", span="13:00–13:30")
        assert len(words("referral_details.slot.booked", time=time)) <= 75


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_can_be_due_has_words(language: str) -> None:
    """The workspace's clock says what is next; a kind without words would stop it."""
    assert all(Words(language).has(f"due.{kind.value}") for kind in DueKind)
