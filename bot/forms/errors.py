"""What is wrong beside which field, and the words for it as Slack's `response_action: errors`. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from bot.forms.limits import LIMITS
from schedules.errors import Refused
from schedules.texts.words import Words


@dataclass(frozen=True, slots=True)
class FieldError:
    """A code (the catalogue key is `refused.<code>`) and the open facts that its words name."""

    code: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FieldErrors:
    """What is wrong, by field name; never empty, never the user's own words."""

    fields: Mapping[str, FieldError]


class Problems:
    """Gathers at most one error a field, the first."""

    def __init__(self) -> None:
        self._found: dict[str, FieldError] = {}

    def add(self, name: str, code: str, **values: str) -> None:
        """Note what is wrong with a field, unless something is noted already."""
        self._found.setdefault(name, FieldError(code, values))

    def too_long(self, name: str, text: str | None) -> None:
        """Note a text over its limit."""
        if text is not None and len(text) > LIMITS[name]:
            self.add(name, "too_long", limit=str(LIMITS[name]))

    def __bool__(self) -> bool:
        return bool(self._found)

    @property
    def errors(self) -> FieldErrors:
        """All that was noted."""
        return FieldErrors(dict(self._found))


def errors_for_slack(
    errors: FieldErrors | Refused, words: Words, present: Collection[str] | None = None
) -> dict[str, str]:
    """The `errors` of `response_action: errors`: words that say what to do, by block_id.

    Args:
        errors: from a form, or from a service.
        words: the user's language.
        present: the view's block ids in order. Slack refuses an answer that names another, so an error
            about a field that is not shown goes to the first that is.
    """
    told: dict[str, str] = {}
    for name, error in _by_field(errors).items():
        at = name if present is None or name in present else next(iter(present), name)
        text = _words(name, error, words)
        told[at] = f"{told[at]} {text}" if at in told else text
    return told


def _by_field(errors: FieldErrors | Refused) -> Mapping[str, FieldError]:
    if isinstance(errors, FieldErrors):
        return errors.fields
    return {name: FieldError(code, errors.values) for name, code in errors.fields.items()}


def _words(name: str, error: FieldError, words: Words) -> str:
    values = {"limit": str(LIMITS.get(name, "")), **error.values}
    if words.has(f"status.{values.get('status')}"):
        values["status"] = words(f"status.{values['status']}")
    for key in (f"refused.{error.code}.{name}", f"refused.{error.code}"):
        if words.has(key):
            try:
                return words(key, **values)
            except KeyError:  # the service left out a fact that the words name
                break
    return words("refused.unknown")
