"""Bay reservation: a job is scheduled to its parts, and a car that comes back with its part gets its place.

No bay stands idle for a part; a car that had to wait for one does not join the end of the queue again.
Source: the article, body shop "full when the part came" (K1); rule written down here, the article names none.
"""

from typing import ClassVar

from sim.mechanism import Mechanism
from sim.units import Hours, Share, given
from sim.views import BayView, HoldView, StartView


class BayReservation(Mechanism):
    """Parts first, then the bay."""

    title: ClassVar = {"zh": "工位按配件到货预留", "en": "bay reservation"}
    no_cause_for: ClassVar = ("sister_shortage_rate",)
    null: ClassVar = {"covered_share": 0.0, "hold_hours": 8784.0, "returning_cars_first": False}

    covered_share: Share = given(
        1.0,
        source="A-250",
        read_by="mechanism",
        span=(0.7, 1.0),
        why="share of jobs the scheduler handles; the rule says all",
    )
    """Share of jobs that are not put on a bay while a known part is missing."""
    hold_hours: Hours = given(
        0.5, source="A-251", read_by="mechanism", span=(0, 2), why="the time to push the car out again"
    )
    """Longest time a bay is held for a missing part, open hours."""
    returning_cars_first: bool = given(True, source="A-252", read_by="mechanism", why="the meaning of a reservation")
    """A car back with its part goes before cars that have not been on a bay yet."""

    def start_without_parts(self, view: StartView) -> bool | None:
        """Whether to put the car on the bay although a known part is missing."""
        return False if view.roll < self.covered_share else None

    def bay_hold_hours(self, view: HoldView) -> float:
        """Open hours the bay is held."""
        return self.hold_hours

    def bay_priority(self, view: BayView) -> float | None:
        """Place in the queue for a bay."""
        return -1.0 if self.returning_cars_first and view.back_with_parts else None
