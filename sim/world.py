"""What every department shares during one replication: the clock, the log, luck, calendars, the desk and the ledger."""

import datetime as dt
import math
from dataclasses import dataclass
from typing import Any, Protocol

import simpy

from sim.calendar import Calendar
from sim.chance import Chance
from sim.ledger import Ledger
from sim.log import Log
from sim.mechanism import Desk
from sim.units import HOURS_PER_DAY


class Trusting(Protocol):
    """Trust between departments, as the others see it."""

    def between(self, one: str, other: str) -> float:
        """Trust, 0 to 1."""

    def kept(self, one: str, other: str) -> None:
        """A promise between the two was kept."""

    def broken(self, one: str, other: str) -> None:
        """A promise between the two was broken."""

    def blamed(self, one: str, other: str) -> None:
        """One blamed the other."""

    def helped(self, one: str, other: str) -> None:
        """One helped the other beyond its duty."""

    def met(self, one: str, other: str, hours: float) -> None:
        """They sat at one table for some hours."""

    def habit_shows(self, habit: Any, visit: int) -> bool:
        """Whether a habit that poisons shows on this occasion."""

    def poisoned(self, one: str, other: str, habit: Any) -> None:
        """One showed the other such a habit."""

    @property
    def club_refused(self) -> float:
        """Share by which willingness to help falls when the customer is used as a club."""


@dataclass
class World:
    """The shared surroundings of the departments of one run."""

    env: simpy.Environment
    log: Log
    chance: Chance
    desk: Desk
    ledger: Ledger
    calendars: dict[str, Calendar]
    first_day: dt.date
    switch_at: float
    """End of the warm-up [h]; mechanisms come into force here."""
    horizon: float
    """No arrival is generated after this time [h]."""

    @property
    def now(self) -> float:
        """Clock time, hours since the start."""
        return self.env.now

    def weekday(self, t: float) -> int:
        """0 is Monday."""
        return (self.first_day.weekday() + int(t // HOURS_PER_DAY)) % 7

    def day_hours(self, calendar: str) -> float:
        """Open hours of a calendar's first open day; a day of 24 hours where it is always open."""
        hours = self.calendars[calendar]
        opening = hours.next_open(0)
        return min(hours.closing(opening) - opening, HOURS_PER_DAY) if opening < math.inf else HOURS_PER_DAY

    def days(self) -> int:
        """Number of days in which something may arrive."""
        return math.ceil(self.horizon / HOURS_PER_DAY)
