"""An organisation file into the database: read, preview, apply."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from schedules.domain.apply_preview import ApplyPreview
from schedules.domain.calendar import term_meetings
from schedules.domain.organisation import Organisation, Team
from schedules.domain.plan import Meeting
from schedules.orgfile.read import read_organisation
from schedules.services.apply_organisation import ApplyOrganisation, apply_organisation, preview
from schedules.services.office import Office, new_id
from schedules.services.open_meetings import open_meetings
from schedules.swedish.closed_days import SwedishHolidays

EXAMPLE = Path(__file__).parent.parent / "deploy" / "example" / "organisation.yaml"


def read(path: Path, language: str = "sv") -> Organisation:
    """The file's organisation. Raises InvalidOrganisation with every problem and its line; OSError."""
    text = path.read_text(encoding="utf-8")
    return read_organisation(text, str(path), SwedishHolidays().is_holiday, language)


class Applier:
    """Previews and applies with the office's ports."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def preview(self, organisation: Organisation) -> ApplyPreview:
        """What applying it would do now; writes nothing."""
        command = ApplyOrganisation(organisation)
        return preview(command, self._office.unit_of_work, self._office.clock, self._term_meetings)

    def apply(self, organisation: Organisation, *, only_if_empty: bool = False) -> ApplyPreview:
        """Apply it in one transaction. Raises LockTimeout."""
        office = self._office
        return apply_organisation(
            ApplyOrganisation(organisation, only_if_empty=only_if_empty),
            office.unit_of_work,
            office.clock,
            self._term_meetings,
            lambda uow, team, freed: open_meetings(uow, office, team, freed),
        )

    def _term_meetings(self, team: Team, zone: ZoneInfo, since: date) -> list[Meeting]:
        return term_meetings(team, zone, self._office.is_holiday, since, new_id)
