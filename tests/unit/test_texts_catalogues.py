"""The catalogues agree with each other and with the code, and keep to the words of the field."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from schedules.texts.words import CATALOGUE, LANGUAGES

ROOT = Path(__file__).parents[2]
FILES = ("messages.po", "interface.po", "report.po", "record.po")
# DESIGN.md, "Words for the users": these are never said. "kunde" and "kundat" are no customers.
AVOIDED = re.compile(r"\b(anmäla\w*|anmälning\w*|klient\w*|kund(?!e\b)\w*|accepter\w*)", re.IGNORECASE)


@cache
def _catalogue(language: str, file: str) -> Catalog:
    with (CATALOGUE / language / file).open("rb") as source:
        return read_po(source, locale=language)


def _entries(language: str, file: str) -> dict[str, tuple[str, ...]]:
    """Key to its words, all plural forms."""
    found: dict[str, tuple[str, ...]] = {}
    for message in _catalogue(language, file):
        if not message.id:
            continue
        plural = not isinstance(message.id, str)
        key = message.id[0] if plural else str(message.id)
        found[key] = tuple(message.string or ()) if plural else (str(message.string),)
    return found


def _placeholders(texts: tuple[str, ...]) -> set[str]:
    return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name is not None}


@cache
def _trees() -> tuple[tuple[Path, ast.AST], ...]:
    paths = [
        path
        for room in ("schedules", "bot")
        for path in (ROOT / room).rglob("*.py")
        # These two have catalogues of their own: the file's problems, and the stand-in's page.
        if not {"orgfile", "workspace"} & set(path.parts)
    ]
    return tuple((path, ast.parse(path.read_text(encoding="utf-8"))) for path in sorted(paths))


def _pattern(node: ast.JoinedStr) -> str | None:
    """An f-string as a pattern of keys, if it begins like a key: `card.role.{...}`."""
    parts = [
        re.escape(part.value) if isinstance(part, ast.Constant) and isinstance(part.value, str) else ".*"
        for part in node.values
    ]
    return "".join(parts) if re.match(r"[a-z_]+\\\.", parts[0]) else None


def _said_in_code() -> tuple[set[str], set[str]]:
    """Every string constant and every key-like pattern of an f-string."""
    constants: set[str] = set()
    patterns: set[str] = set()
    for _, tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                constants.add(node.value)
            elif isinstance(node, ast.JoinedStr) and (pattern := _pattern(node)):
                patterns.add(pattern)
    return constants, patterns


def _asked_for() -> Iterator[tuple[str, str]]:
    """(file, pattern) of every key handed to `words(...)` or `words.count(...)` literally."""
    for path, tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args and _is_words(node.func):
                for pattern in _literals(node.args[0]):
                    yield str(path.relative_to(ROOT)), pattern


def _is_words(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute):
        return function.attr == "count" and _is_words(function.value)
    return isinstance(function, ast.Name) and function.id == "words"


def _literals(key: ast.expr) -> Iterator[str]:
    if isinstance(key, ast.Constant) and isinstance(key.value, str):
        yield re.escape(key.value)
    elif isinstance(key, ast.JoinedStr):
        yield _pattern(key) or ".*"
    elif isinstance(key, ast.IfExp):
        yield from _literals(key.body)
        yield from _literals(key.orelse)


@pytest.mark.parametrize("file", FILES)
def test_both_languages_have_the_same_keys(file: str) -> None:
    assert _entries("sv", file).keys() == _entries("en", file).keys()


@pytest.mark.parametrize("file", FILES)
def test_both_languages_fill_in_the_same_facts(file: str) -> None:
    english = _entries("en", file)
    for key, texts in _entries("sv", file).items():
        assert _placeholders(texts) == _placeholders(english[key]), key


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("file", FILES)
def test_every_key_has_words(language: str, file: str) -> None:
    for key, texts in _entries(language, file).items():
        assert all(text.strip() for text in texts), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_stands_in_two_files(language: str) -> None:
    keys = [key for file in FILES for key in _entries(language, file)]
    assert len(keys) == len(set(keys))


def test_every_key_that_the_code_asks_for_exists() -> None:
    keys = {key for file in FILES for key in _entries("sv", file)}
    asked = list(_asked_for())
    assert len(asked) > 100
    missing = [
        (path, pattern) for path, pattern in asked if not any(re.fullmatch(pattern, key) for key in keys)
    ]
    assert not missing


@pytest.mark.parametrize("file", FILES)
def test_every_key_is_used(file: str) -> None:
    constants, patterns = _said_in_code()
    keys = _entries("sv", file)
    used = {key for key in keys if key in constants or any(re.fullmatch(p, key) for p in patterns)}
    assert not sorted(keys.keys() - used)


@pytest.mark.parametrize("file", FILES)
def test_swedish_avoids_the_words_that_mean_something_else_here(file: str) -> None:
    for key, texts in _entries("sv", file).items():
        for text in texts:
            assert not AVOIDED.search(text), key


@pytest.mark.parametrize("word", ["Anmälan", "klienten", "kunder", "Acceptera", "en kund"])
def test_the_avoided_words_would_be_found(word: str) -> None:
    assert AVOIDED.search(word)
    assert not AVOIDED.search("Det kunde ta en sekund.")
