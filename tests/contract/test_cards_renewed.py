"""An answer changes the cards on which it shows, and nobody else's."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from schedules.domain.plan import Answer
from schedules.services.answer_invitation import answer_invitation, know_identity
from tests.support.plan_rows import rows
from tests.support.tierp_script import Tierp, begun

PERSON = 1  # raised by the municipality's caseworker (U0004); af_1 is U0008


def told(tierp: Tierp) -> set[str]:
    """Whose card of a meeting has changed since the last look."""
    database = tierp.replay.it.database
    found = rows(database, "SELECT recipient FROM outbox WHERE status = 'pending' AND kind LIKE 'card%'")
    tierp.replay.it.deliver()
    return {row.recipient for row in found}


def test_only_the_speaker_and_whoever_tells_them_get_another_card(
    sqlite_template: Path, tmp_path: Path
) -> None:
    tierp = begun(sqlite_template, tmp_path)
    try:
        tierp.until(tierp.raised(PERSON) + timedelta(hours=3))
        office = tierp.office
        with office.unit_of_work() as uow:
            booking = uow.plan.live_booking(tierp.referrals[PERSON])
            assert booking is not None
            (call,) = [i for i in uow.plan.invitations(booking.id) if i.person == "af_1"]
        assert told(tierp) == set()
        answer_invitation(office, "af_1", call.public_id, Answer.ACCEPTED)
        assert told(tierp) == {"U0008"}
        know_identity(office, "af_1", call.public_id)
        assert told(tierp) == {"U0008", "U0004"}
    finally:
        tierp.replay.it.database.close()
