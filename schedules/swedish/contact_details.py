"""Phone numbers and e-mail addresses in running text."""

from __future__ import annotations

import re

# "08.15-16.30" can be dialled in Stockholm and "09-01-2026" in Umeå: hours and dates are put aside first,
# unless they go on, or follow a country code, as parts of a longer number.
_HOUR = r"(?:[01]\d|2[0-3])[.:]?[0-5]\d"
_HOURS = rf"{_HOUR} ?(?:-|till|to|och|and|,| ) ?{_HOUR}"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_YEAR = r"(?:19|20)\d\d"
_DATE = rf"{_DAY}[-/. ]{{1,2}}{_MONTH}[-/. ]{{1,2}}{_YEAR}|{_YEAR}-{_MONTH}-{_DAY}"
_NOT_A_PART = r"(?<![\d+-])(?<!\+\d\d )(?<!\+\d\d\d )(?<!00\d\d )"
_TIMES = re.compile(rf"{_NOT_A_PART}(?:{_DATE}|{_HOURS})(?![ -]?\d)", re.ASCII)

# Addresses as people write them to be understood by people: "anna (at) tierp (punkt) se".
_AT = r"(?: ?@ ?| ?[(\[{](?:at|a|snabel-?a)[)\]}] ?| snabel-?a )"
_DOT = r"(?:\.| ?[(\[{](?:dot|punkt)[)\]}] ?| punkt )"
_EMAIL = re.compile(
    rf"[\w.%+-]{{1,64}}{_AT}[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{0,4}}{_DOT}[^\W\d_]{{2,24}}", re.IGNORECASE
)


def has_phone_number(text: str) -> bool:
    """Whether a number stands there that can be dialled in Sweden, or from Sweden with + or 00."""
    # Its tables of all the world's numbers are loaded with the first text, not at the start.
    from phonenumbers import Leniency, PhoneNumberMatcher  # noqa: PLC0415

    without_times = _TIMES.sub("\n", text)
    return PhoneNumberMatcher(without_times, "SE", leniency=Leniency.VALID).has_next()


def has_email_address(text: str) -> bool:
    """Whether an e-mail address stands there, also with the at sign or the dots in words."""
    return _EMAIL.search(text) is not None
