"""Single values of the file: the text as it was written to a value, or `BadValue`."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, time
from enum import StrEnum
from typing import TypeVar

from ruamel.yaml.nodes import ScalarNode

from schedules.orgfile.entry import BadValue, Parse, nearest

GRID_MINUTES = 5  # a person's busy time is kept on a five-minute grid (DESIGN.md, promise 1)
NEVER = 0  # below every number of workdays that a file may say
_ID = re.compile(r"[\w-]{1,40}")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"  # RFC 5322 3.2.3
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"  # RFC 1035 2.3.4
_EMAIL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+[A-Za-z]{{2,63}}")
_EMAIL_LONGEST = 254  # RFC 5321 4.5.3.1.3
_PHONE = re.compile(r"\+?(?:[ ()/-]*[0-9]){7,15}")  # E.164: at most 15 digits
_LINK = re.compile(r"https://[^\s/]+\S*")
_PREFIX = re.compile(r"[A-ZÅÄÖ][A-ZÅÄÖ0-9]{1,5}")
_SLACK_TAIL = "[A-Z0-9]{2,20}"
E_ = TypeVar("E_", bound=StrEnum)


def text(most: int = 75) -> Parse[str]:
    """One line of text. 75 is what a Slack option shows."""

    def parse(value: str, _node: ScalarNode) -> str:
        if not value or not value.isprintable():
            raise BadValue("not_text")
        if len(value) > most:
            raise BadValue("too_long", most=most)
        return value

    return parse


def _pattern(pattern: re.Pattern[str], code: str) -> Parse[str]:
    def parse(value: str, _node: ScalarNode) -> str:
        if not pattern.fullmatch(value):
            raise BadValue(code)
        return value

    return parse


an_id = _pattern(_ID, "not_id")
phone = _pattern(_PHONE, "not_phone")
link = _pattern(_LINK, "not_link")
prefix = _pattern(_PREFIX, "not_prefix")
slack_user = _pattern(re.compile(f"[UW]{_SLACK_TAIL}"), "not_user")
slack_channel = _pattern(re.compile(f"[CG]{_SLACK_TAIL}"), "not_channel")
slack_group = _pattern(re.compile(f"S{_SLACK_TAIL}"), "not_group")


def email(value: str, _node: ScalarNode) -> str:
    """A mail address."""
    if len(value) > _EMAIL_LONGEST or not _EMAIL.fullmatch(value):
        raise BadValue("not_email")
    return value


def day(value: str, _node: ScalarNode) -> date:
    """A date as 2026-09-01, quoted or not."""
    try:
        if _DATE.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass  # a thirteenth month: told below
    raise BadValue("not_date")


def wall_time(value: str, _node: ScalarNode) -> time:
    """A local time as 13:00 on the five-minute grid, quoted or not."""
    found = _TIME.fullmatch(value)
    if not found:
        raise BadValue("not_time")
    if int(found[2]) % GRID_MINUTES:
        raise BadValue("not_five_minutes")
    return time(int(found[1]), int(found[2]))


def number(least: int, most: int, step: int = 1) -> Parse[int]:
    """A whole number within bounds, both included."""

    def parse(value: str, node: ScalarNode) -> int:
        if node.style or not re.fullmatch(r"[+-]?[0-9]{1,9}", value):
            raise BadValue("not_number")
        if not least <= int(value) <= most:
            raise BadValue("not_between", least=least, most=most)
        if int(value) % step:
            raise BadValue("not_five_minutes")
        return int(value)

    return parse


def number_or_never(least: int, most: int) -> Parse[int]:
    """A whole number within bounds, or the word `never`, which is given as `NEVER`."""
    in_bounds = number(least, most)

    def parse(value: str, node: ScalarNode) -> int:
        return NEVER if value.lower() == "never" else in_bounds(value, node)

    return parse


def yes_or_no(value: str, node: ScalarNode) -> bool:
    """True or false."""
    if node.style or value.lower() not in {"true", "false"}:
        raise BadValue("not_boolean")
    return value.lower() == "true"


def one_of(choices: Collection[str]) -> Parse[str]:
    """One of a few words."""

    def parse(value: str, _node: ScalarNode) -> str:
        if value in choices:
            return value
        if near := nearest(value, choices):
            raise BadValue("not_choice_near", near=near)
        raise BadValue("not_choice", choices=", ".join(choices))

    return parse


def word_of(kind: type[E_]) -> Parse[E_]:
    """One of an enumeration's words."""
    choose = one_of([member.value for member in kind])

    def parse(value: str, node: ScalarNode) -> E_:
        return kind(choose(value, node))

    return parse


language = one_of(("sv", "en"))
timezone = one_of(("Europe/Stockholm",))  # the one VTIMEZONE that is shipped (DESIGN.md, promise 4)
