"""Searches free text for what must not be stored: identity numbers, phone numbers, addresses (promise 5)."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from schedules.ports import Finding
from schedules.swedish.contact_details import has_email_address, has_phone_number
from schedules.swedish.identity_numbers import identity_numbers


class SwedishTextCheck:
    """`ports.TextCheck` for Swedish text. Says what kind of thing it found, never the thing itself."""

    def findings(self, text: str) -> tuple[Finding, ...]:
        """The kinds found, in order of gravity.

        What is an identity number is not searched for phone numbers again.
        """
        plain = _plain(text)
        spans = identity_numbers(plain)
        found = [Finding.IDENTITY_NUMBER] if spans else []
        for start, end in spans:
            plain = plain[:start] + "x" * (end - start) + plain[end:]
        if has_phone_number(plain):
            found.append(Finding.PHONE_NUMBER)
        if has_email_address(plain):
            found.append(Finding.EMAIL_ADDRESS)
        return tuple(found)


def _plain(text: str) -> str:
    """One way of writing: plain digits, spaces and hyphens, nothing invisible in between."""
    wide = unicodedata.normalize("NFKC", text)
    return "".join(map(_plain_character, wide))


@lru_cache(maxsize=1000)
def _plain_character(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf":  # soft hyphens, zero-width spaces
        return ""
    if category == "Pd" or character == "\N{MINUS SIGN}":
        return "-"
    return " " if category == "Zs" or character == "\t" else character
