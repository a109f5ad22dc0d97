"""The one error root. Errors carry ids, never personal data."""

from collections.abc import Mapping


class SamtidError(Exception):
    """Something Samtid could not do."""

    def __init__(self, message: str | None = None, **ids: str) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())
        self.ids = ids


class SlotTaken(SamtidError):
    """The time is held by another booking."""


class LockTimeout(SamtidError):
    """Somebody else is changing the same plan."""


class CannotSave(SamtidError):
    """The database cannot be reached or written; nothing was saved."""


class NotAllowed(SamtidError):
    """The person may not do this."""


class Stranger(SamtidError):
    """We know nobody with that Slack user id."""


class CaseSealed(NotAllowed):
    """The case is blocked or erased: what stands in it is shown to nobody. `ids` has a `seal` as well."""


class NotFound(SamtidError):
    """There is nothing with that id."""


class Erased(NotFound):
    """The protected fields of the case have been erased."""


class Outdated(SamtidError):
    """What the form or button spoke of has changed since."""


class TimeTaken(Outdated):
    """The chosen time no longer suits."""


class Refused(SamtidError):
    """A form's fields need mending. `fields` maps a field's name to the code of what is wrong.

    Codes are catalogue keys, never words of the user. `values` are open facts for those words.
    """

    def __init__(self, fields: Mapping[str, str], **values: str) -> None:
        super().__init__(", ".join(f"{field}: {code}" for field, code in fields.items()))
        self.fields = dict(fields)
        self.values = values


class NotAllowedHere(NotAllowed, Refused):
    """The person may not do this, said beside the fields of the form. `ids` as for NotAllowed."""

    def __init__(self, fields: Mapping[str, str], **ids: str) -> None:
        Refused.__init__(self, fields)
        self.ids = ids
