"""Technical support: one queue for hundreds of centres, first come, first served, in office hours.

The other centres' tickets are drawn by address and worked off by the Kiefer-Wolfowitz recursion up to the moment our
own ticket comes in, so that thousands of foreign tickets cost no event.
"""

from heapq import heapify, heapreplace
from typing import Annotated

from pydantic import Field

from sim.calendar import Calendar
from sim.distributions import Distribution, exponential, lognormal
from sim.units import Ratio, Settings, Share, given
from sim.world import World


class SupportSettings(Settings):
    """The desk and its load."""

    agents: Annotated[int, Field(ge=1, le=1000)] = given(
        12, source="A-90", span=(8, 20), why="sized for a load near 90 %"
    )
    """People at the support desk."""
    centres: Annotated[int, Field(ge=0, le=2000)] = given(150, source="article", span=(100, 300))
    """Other centres that ask; the article: a hundred and more."""
    tickets_per_centre_per_hour: Ratio = given(0.12, source="A-91", span=(0.05, 0.3), why="about one a day each")
    """Tickets of one other centre in an open hour."""
    ticket_hours: Distribution = given(
        lognormal(0.6, 1.0), source="A-92", span=(0.3, 1.0), why="half an hour, some far longer"
    )
    """Working time of a ticket, hours."""
    solved_share: Share = given(0.85, source="A-93", span=(0.7, 0.95), why="the others need a second question")
    """Share of tickets solved by the first answer."""


class Support:
    """The shared queue."""

    def __init__(self, world: World, settings: SupportSettings) -> None:
        self._world = world
        self._settings = settings
        self.calendar: Calendar = world.calendars["support"]
        self._free_at = [0.0] * settings.agents
        heapify(self._free_at)
        rate = settings.centres * settings.tickets_per_centre_per_hour
        self._gap = world.chance.column("support.gap", exponential(1 / rate)) if rate > 0 else None
        self._hours = world.chance.column("support.hours", settings.ticket_hours)
        self._own_hours = world.chance.column("support.own_hours", settings.ticket_hours)
        self._solved = world.chance.column("support.solved")
        self._next = self._gap[0] if self._gap is not None else float("inf")
        self._count = 0

    def ask(self, visit: int, attempt: int) -> tuple[float, bool]:
        """A ticket now: clock time of the answer, and whether it solves the case."""
        now = self._world.now
        asked = self.calendar.open_before(self.calendar.next_open(now))
        self._work_off(asked)
        at = visit * 4 + attempt
        start = max(asked, self._free_at[0])
        done = start + self._own_hours[at]
        heapreplace(self._free_at, done)
        solved = self._solved[at] < self._settings.solved_share or attempt >= 3
        note = "solved" if solved else "unsolved"
        self._world.log.write(now, "ticket", visit, "", done - asked, note)
        return self.calendar.add(now, done - asked), solved

    def _work_off(self, until: float) -> None:
        """The other centres' tickets that came in before ours."""
        if self._gap is None:
            return
        while self._next <= until:
            start = max(self._next, self._free_at[0])
            heapreplace(self._free_at, start + self._hours[self._count])
            self._count += 1
            self._next += self._gap[self._count]
