"""Reading a view's state as Slack sends it. What is missing is None; what cannot be Slack's is an error."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, time
from typing import Any

from bot.forms.errors import FieldError, FieldErrors
from bot.storable import is_storable, storable
from schedules.errors import SamtidError


class BrokenForm(SamtidError):
    """The form did not arrive whole."""


class Unreadable(SamtidError):
    """A field holds something that its element cannot give."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class FormState:
    """The fields of one submitted view, by name (block_id = action_id = field name)."""

    def __init__(self, view: Mapping[str, Any]) -> None:
        """Take the view. Raises BrokenForm for what is no view."""
        self._values = _mapping(_mapping(_mapping(view).get("state")).get("values"))
        self._view = view

    @property
    def view_id(self) -> str:
        """The view's id. Raises BrokenForm without one."""
        found = self._view.get("id")
        if not isinstance(found, str) or not found:
            raise BrokenForm
        return found

    def metadata(self, name: str) -> str | None:
        """An id from the private metadata, None if it is not there. Raises BrokenForm for what is no JSON."""
        text = self._view.get("private_metadata") or "{}"
        try:
            found = json.loads(text) if isinstance(text, str) else None
        except ValueError as error:
            raise BrokenForm from error
        value = _mapping(found).get(name)
        if value is not None and not (isinstance(value, str) and is_storable(value)):
            raise BrokenForm
        return value or None

    def needed_metadata(self, name: str) -> str:
        """The same for an id that must be there. Raises BrokenForm."""
        found = self.metadata(name)
        if found is None:
            raise BrokenForm
        return found

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields that came, in order."""
        return tuple(map(str, self._values))

    def shows(self, field: str) -> bool:
        """Whether the view has such a field."""
        return field in self._values

    def choice(self, field: str) -> str | None:
        """The value chosen in a select or radio."""
        chosen = self._element(field).get("selected_option")
        return None if chosen is None else _option_value(chosen, field)

    def choices(self, field: str) -> tuple[str, ...]:
        """The values chosen in checkboxes or a multi-select, once each, in order."""
        chosen = self._element(field).get("selected_options")
        if chosen is None:
            return ()
        if not isinstance(chosen, list):
            raise Unreadable(field)
        return tuple(dict.fromkeys(_option_value(one, field) for one in chosen))

    def text(self, field: str) -> str | None:
        """The text without space around it, None when nothing was typed."""
        return self._string(field, "value")

    def user(self, field: str) -> str | None:
        """The chosen Slack user id."""
        return self._string(field, "selected_user")

    def day(self, field: str) -> date | None:
        """The chosen date."""
        found = self._string(field, "selected_date")
        try:
            return None if found is None else date.fromisoformat(found)
        except ValueError as error:
            raise Unreadable(field) from error

    def clock(self, field: str) -> time | None:
        """The chosen wall time."""
        found = self._string(field, "selected_time")
        try:
            return None if found is None else time.fromisoformat(found)
        except ValueError as error:
            raise Unreadable(field) from error

    def offered(self, field: str) -> frozenset[str] | None:
        """The option values that the view showed for a field; None when the view does not tell.

        Slack may keep a selection across `views.update` although its option is gone, and nobody sees it.
        """
        blocks = self._view.get("blocks")
        for block in blocks if isinstance(blocks, list) else ():
            if isinstance(block, dict) and block.get("block_id") == field:
                options = _mapping(block.get("element")).get("options")
                shown = options if isinstance(options, list) else ()
                return frozenset(str(_mapping(one).get("value")) for one in shown)
        return None

    def _element(self, field: str) -> Mapping[str, Any]:
        block = self._values.get(field)
        if block is None:
            return {}
        element = block.get(field) if isinstance(block, dict) else None
        if not isinstance(element, dict):
            raise Unreadable(field)
        return element

    def _string(self, field: str, key: str) -> str | None:
        found = self._element(field).get(key)
        if found is None:
            return None
        if not isinstance(found, str):
            raise Unreadable(field)
        return storable(found).strip() or None


def unreadable(field: str) -> FieldErrors:
    """The answer to a field that could not be read."""
    return FieldErrors({field: FieldError("unreadable")})


def _mapping(found: object) -> Mapping[str, Any]:
    if not isinstance(found, dict):  # an object of JSON
        raise BrokenForm
    return found


def _option_value(found: object, field: str) -> str:
    value = found.get("value") if isinstance(found, dict) else None
    if not isinstance(value, str) or not value or not is_storable(value):
        raise Unreadable(field)
    return value
