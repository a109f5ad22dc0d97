"""Free text is searched for what identifies a person before anything is stored (promise 5)."""

from __future__ import annotations

from schedules.errors import Refused
from schedules.services.office import Office


def require_clean(office: Office, **fields: str | None) -> None:
    """Raise Refused with the first finding of each field that holds one."""
    found = {
        name: findings[0].value
        for name, text in fields.items()
        if text and (findings := office.text_check.findings(text))
    }
    if found:
        raise Refused(found)
