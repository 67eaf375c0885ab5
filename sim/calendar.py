"""Opening hours, shifts, weekends, holidays: open time to clock time and back by arithmetic, no process per shift.

Clock time is hours since 00:00 of the scenario's first day. A calendar is a sorted list of open intervals with the
open time that came before each, so every question is one bisection.
"""

import datetime as dt
import math
from bisect import bisect_right
from functools import lru_cache
from typing import Literal

from pydantic import model_validator

from sim.units import Hours, Settings, given

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class CalendarSettings(Settings):
    """When a department is open."""

    always: bool = given(False, source="definition")
    """Open round the clock, every day; the other keys are then not read."""
    days: tuple[Weekday, ...] = given(WEEKDAYS, source="calendar")
    """Weekdays on which it opens."""
    opens: Hours = given(9.0, source="calendar")
    """Opening time, hour of the day (9.5 is 09:30)."""
    closes: Hours = given(18.0, source="calendar")
    """Closing time, hour of the day, at most 24."""
    public_holidays: Literal["closed", "open"] = given("closed", source="calendar")
    """What it does on Chinese public holidays."""
    make_up_days: bool = given(False, source="calendar")
    """Also open on weekend days that are declared working days (调休)."""

    @model_validator(mode="after")
    def _check(self) -> "CalendarSettings":
        if not self.always and not self.opens < self.closes <= 24:
            raise ValueError(
                f"营业时间要 opens < closes <= 24（写的是 {self.opens} 到 {self.closes}）"
                f"|opening hours need opens < closes <= 24 (written: {self.opens} to {self.closes})"
            )
        if not self.always and not self.days:
            raise ValueError(
                "days 是空的，这个部门一天也不开门；请至少写一天。若它没有事做，请把对应的需求写成 0"
                "|days is empty, so it never opens; write one day at least. A department without work has demand 0"
            )
        return self


class Calendar:
    """Open intervals on the clock, up to ``horizon`` hours; after it the calendar counts as closed."""

    __slots__ = ("_always", "_before", "_ends", "_starts")

    def __init__(self, intervals: list[tuple[float, float]], always: bool = False) -> None:
        self._always = always
        self._starts = [start for start, _ in intervals]
        self._ends = [end for _, end in intervals]
        self._before = [0.0]
        for start, end in intervals:
            self._before.append(self._before[-1] + end - start)

    def is_open(self, t: float) -> bool:
        """Whether it is open at clock time ``t``."""
        if self._always:
            return True
        i = bisect_right(self._starts, t) - 1
        return i >= 0 and t < self._ends[i]

    def next_open(self, t: float) -> float:
        """The first open moment at or after ``t``; infinity if there is none."""
        if self._always:
            return t
        i = bisect_right(self._starts, t) - 1
        if i >= 0 and t < self._ends[i]:
            return t
        return self._starts[i + 1] if i + 1 < len(self._starts) else math.inf

    def open_before(self, t: float) -> float:
        """Open hours between 0 and ``t``."""
        if self._always:
            return t
        i = bisect_right(self._starts, t) - 1
        if i < 0:
            return 0.0
        return self._before[i] + min(t, self._ends[i]) - self._starts[i]

    def between(self, a: float, b: float) -> float:
        """Open hours between the clock times ``a`` and ``b``."""
        return self.open_before(b) - self.open_before(a)

    def add(self, t: float, hours: float) -> float:
        """Clock time at which ``hours`` of open time, begun at ``t``, are over; infinity past the last opening."""
        if self._always:
            return t + hours
        start = self.next_open(t)
        if hours <= 0 or start == math.inf:
            return start if hours > 0 else t
        target = self.open_before(start) + hours
        i = bisect_right(self._before, target - 1e-9) - 1
        if i >= len(self._starts):
            return math.inf
        return self._starts[i] + target - self._before[i]

    def closing(self, t: float, days: int = 0) -> float:
        """Closing time of the opening in force at (or next after) ``t``, or of the one ``days`` openings later."""
        if self._always:
            return (math.floor(t / 24) + 1 + days) * 24.0
        i = bisect_right(self._starts, t) - 1
        if i < 0 or t >= self._ends[i]:
            i += 1
        return self._ends[i + days] if i + days < len(self._ends) else math.inf

    def openings(self, a: float, b: float) -> list[tuple[float, float]]:
        """The open intervals inside [a, b], cut to it."""
        if self._always:
            return [(a, b)] if b > a else []
        i = max(bisect_right(self._starts, a) - 1, 0)
        found = []
        while i < len(self._starts) and self._starts[i] < b:
            start, end = max(self._starts[i], a), min(self._ends[i], b)
            if end > start:
                found.append((start, end))
            i += 1
        return found


def build_calendar(settings: CalendarSettings, first_day: dt.date, horizon: float) -> Calendar:
    """Open intervals from ``first_day`` 00:00 over ``horizon`` hours."""
    if settings.always:
        return Calendar([], always=True)
    off, extra = chinese_days(first_day.year, (first_day + dt.timedelta(hours=horizon)).year)
    intervals = []
    for number in range(math.ceil(horizon / 24)):
        day = first_day + dt.timedelta(days=number)
        works = WEEKDAYS[day.weekday()] in settings.days
        if day in off and settings.public_holidays == "closed":
            works = False
        if day in extra and settings.make_up_days:
            works = True
        if works:
            intervals.append((number * 24 + settings.opens, number * 24 + settings.closes))
    return Calendar(intervals)


@lru_cache(maxsize=8)
def chinese_days(first_year: int, last_year: int) -> tuple[frozenset[dt.date], frozenset[dt.date]]:
    """Public holidays (with their bridging days) and make-up working days, from the ``holidays`` package.

    Make-up days are known only once the State Council has announced them; later years have none.
    """
    import holidays

    table = holidays.country_holidays("CN", years=range(first_year, last_year + 1))
    off = set(table.keys())
    extra = set()
    day, end = dt.date(first_year, 1, 1), dt.date(last_year, 12, 31)
    while day <= end:
        if day.weekday() >= 5 and table.is_working_day(day):
            extra.add(day)
        day += dt.timedelta(days=1)
    return frozenset(off), frozenset(extra)
