"""What text both databases hold: JSON can say half of a surrogate pair, and NUL, which PostgreSQL refuses."""

from __future__ import annotations


def is_storable(text: str) -> bool:
    """Whether SQLite and PostgreSQL hold this text as it is."""
    if "\x00" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def storable(text: str) -> str:
    """The text without NUL, and with a question mark for half a pair."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "")
