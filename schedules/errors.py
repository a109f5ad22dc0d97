"""The one error root. Errors carry ids, never personal data."""


class SamtidError(Exception):
    """Something Samtid could not do."""

    def __init__(self, message: str | None = None, **ids: str) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())
        self.ids = ids


class SlotTaken(SamtidError):
    """The time is held by another booking."""


class LockTimeout(SamtidError):
    """Somebody else is changing the same plan."""


class NotAllowed(SamtidError):
    """The person may not do this."""


class NotFound(SamtidError):
    """There is nothing with that id."""


class Outdated(SamtidError):
    """What the form or button spoke of has changed since."""
