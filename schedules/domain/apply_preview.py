"""What applying an organisation file does: told before it is written, and again afterwards."""

from __future__ import annotations

from dataclasses import dataclass

from schedules.domain.meeting_changes import MeetingChanges
from schedules.domain.three_way import Merge


@dataclass(frozen=True, slots=True)
class TeamMeetings:
    """What becomes of one team's meetings."""

    team: str
    meetings: MeetingChanges


@dataclass(frozen=True, slots=True)
class ApplyPreview:
    """The merge of the organisation and, per team with something to tell, of its meetings."""

    merge: Merge
    meetings: tuple[TeamMeetings, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether applying changes neither the organisation nor the plan."""
        return not self.merge.changes and all(team.meetings.nothing for team in self.meetings)
