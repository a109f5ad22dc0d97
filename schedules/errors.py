"""The one error root. Errors carry ids, never personal data."""


class SamtidError(Exception):
    """Something Samtid could not do."""

    def __init__(self, message: str | None = None, **ids: str) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())
        self.ids = ids
