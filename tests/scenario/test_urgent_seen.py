"""The coordinator sees how often each party marks cases as urgent, and why; each look is on record."""

from __future__ import annotations

import pytest

from schedules.errors import NotAllowed
from schedules.services.urgent_cases import show_urgent
from tests.support.raised import open_home, page, raise_case
from tests.support.raising import raised, seen
from tests.support.rig import Rig

REASON = "Ersättningen upphör <!channel> inom kort."


def test_the_coordinator_sees_how_many_and_why(town: Rig) -> None:
    for urgent in (True, True, False):
        raise_case(town, urgent=urgent)
    raised(town, "nasrin", parties=["af"], urgency="urgent", urgency_reason=REASON).close(everything=True)
    town.settle()
    open_home(town, "helena")
    assert "3 ärenden är markerade som skyndsamma" in page(town, "helena")
    assert "upphör" not in page(town, "helena")
    helena = town.actor("helena")
    helena.click("urgent_show", where="home")
    shown = seen(helena)
    assert "1 juli 2026 till 31 december 2026" in shown
    assert "Tierps kommun: 2 skyndsamma ärenden, av 3 lyfta" in shown
    assert "Försäkringskassan: ett skyndsamt ärende, av 1 lyfta" in shown
    assert REASON in shown
    looks = "SELECT count(*) FROM audit WHERE action = 'case.show_urgency' AND actor = 'helena'"
    assert town.count(looks) == 3


def test_last_term_is_not_counted(town: Rig) -> None:
    raise_case(town, urgent=True)
    town.pass_time(days=45)
    open_home(town, "helena")
    assert "skyndsam" not in page(town, "helena").casefold()


def test_nobody_else_sees_it(town: Rig) -> None:
    raise_case(town, urgent=True)
    open_home(town, "nasrin")
    with pytest.raises(LookupError):
        town.actor("nasrin").click("urgent_show", where="home")
    with pytest.raises(NotAllowed):
        show_urgent(town.office, "maja", "tierp")
