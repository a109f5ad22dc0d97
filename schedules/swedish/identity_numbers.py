"""Personal identity numbers and coordination numbers in running text."""

from __future__ import annotations

import re

from personnummer import personnummer

# Spaces may stand anywhere but a hyphen only where people write one ("1985-07-09-9805", "19 850709-9805"):
# a date followed by hours ("2026-09-01 13-15") has as many digits. Lookahead, so that candidates may overlap.
_CENTURY = r"(?:18|19|20)"
_DATE = r"\d ?\d[ -]?\d ?\d[ -]?\d ?\d"
_MARK = r" {0,2}[-+/.:_]? {0,2}"
_LAST_FOUR = r"\d ?\d ?\d ?\d"
_LONG = re.compile(rf"(?<!\d)(?=({_CENTURY} ?{_DATE}{_MARK}{_LAST_FOUR})(?!\d))", re.ASCII)
_SHORT = re.compile(rf"(?<!\d)(?=({_DATE}{_MARK}{_LAST_FOUR})(?!\d))", re.ASCII)

_NOT_DIGITS = re.compile(r"\D", re.ASCII)


def identity_numbers(text: str) -> list[tuple[int, int]]:
    """Where `text` holds a number with 10 or 12 digits, a possible date and a right checksum.

    Expects ASCII digits and hyphens, as `text_check` writes them. Spans may overlap.
    """
    return [
        match.span(1)
        for pattern in (_LONG, _SHORT)
        for match in pattern.finditer(text)
        if _is_identity_number(match.group(1))
    ]


def _is_identity_number(candidate: str) -> bool:
    """The date (in coordination numbers the day plus 60) and the Luhn digit, by the library."""
    return bool(personnummer.valid(_NOT_DIGITS.sub("", candidate)))
