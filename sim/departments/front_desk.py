"""Front desk: gives slots, names promises, tells customers, asks for urgent parts."""

import math
from collections import defaultdict
from typing import Literal

from sim.arrivals import MOST_LINES, JobType
from sim.calendar import Calendar
from sim.distributions import Distribution, lognormal
from sim.things import PartLine, Visit
from sim.units import Hours, Ratio, Settings, Share, given
from sim.views import LineView, NoticeView, PromiseView, ReserveView
from sim.world import World


class FrontDeskSettings(Settings):
    """Slots, promises and habits of the advisers."""

    slots: Literal["daily", "any_time"] = given("daily", source="definition")
    """Slots in a day's book with room for so many bay hours, or the very moment the customer wants."""
    bookable_share: Ratio = given(
        0.75, source="A-20", span=(0.5, 1.0), why="the rest of the day is kept for walk-ins and surprises"
    )
    """Share of a day's bay hours that may be booked."""
    announce_habit_hours: Hours = given(0.0, source="article", read_by="baseline")
    """Hours before the planned start at which service announces parts ad hoc; the article: only once it is short."""
    over_reserve_share: Share = given(
        0.15,
        source="A-21",
        read_by="baseline",
        span=(0, 0.4),
        why="the article: service often reserves more than it needs",
    )
    """Share of lines known at booking for which an adviser puts a unit by beyond need."""
    over_reserve_days: Distribution = given(
        lognormal(30, 0.8),
        source="A-22",
        read_by="baseline",
        span=(7, 90),
        why="until somebody puts it back on the shelf",
    )
    """Days such a unit stays put by, calendar days."""
    tell_habit_hours: Distribution = given(
        lognormal(9, 1.0),
        source="A-23",
        read_by="baseline",
        span=(3, 18),
        why="K1: parts knew on day 2, the customer on day 3: about one working day",
    )
    """Open hours until parts tells the front desk of a short line, at middling trust."""
    urgent_share: Share = given(
        0.25, source="A-24", span=(0.1, 0.5), why="customers in a hurry besides immobile cars and key customers"
    )
    """Share of short lines for which service asks parts to speed up, beyond immobile cars and key customers."""


class FrontDesk:
    """Slots and promises."""

    def __init__(
        self,
        world: World,
        settings: FrontDeskSettings,
        jobs: dict[str, JobType],
        bays: dict[str, int],
    ) -> None:
        self._world = world
        self.settings = settings
        self._jobs = jobs
        self._service: Calendar = world.calendars["service"]
        self._bays = bays
        self._day_hours = world.day_hours("service")
        self._booked: dict[tuple[str, int], float] = defaultdict(float)
        self._slot_hour = world.chance.column("front_desk.slot_hour")
        self._reserve_roll = world.chance.column("front_desk.notice_roll")
        self._over_reserve = world.chance.column("front_desk.over_reserve", block=8192)
        self._over_reserve_days = world.chance.column(
            "front_desk.over_reserve_days", settings.over_reserve_days, block=8192
        )
        self._light_roll = world.chance.column("front_desk.light_roll", block=8192)
        self._urgent_roll = world.chance.column("front_desk.urgent_share")

    def give_slot(self, visit: Visit) -> float:
        """The planned start [h]: the first day from the wanted one with bay hours left. Blind to policy and stock."""
        if not visit.booked:
            return visit.called_at
        if self.settings.slots == "any_time":
            return visit.called_at + visit.notice_hours
        job = self._jobs[visit.job]
        wanted = self._service.next_open(visit.called_at + visit.notice_hours)
        for _ in range(60):
            if wanted == math.inf:
                break
            day = int(wanted // 24)
            hours = self._service.openings(day * 24, day * 24 + 24)
            if hours and self._has_room(job, visit, day, hours[-1][1] - hours[0][0]):
                self._booked[job.bay, day] += visit.work_hours + visit.diagnosis_hours
                start, end = hours[0][0], hours[-1][1]
                # drop-offs spread over the first two thirds of the day
                return max(start + (end - start) * 0.67 * self._slot_hour[visit.number], visit.called_at)
            wanted = self._service.next_open(day * 24 + 24)
        return self._service.next_open(visit.called_at + visit.notice_hours)

    def _has_room(self, job: JobType, visit: Visit, day: int, open_hours: float) -> bool:
        room = self._bays[job.bay] * open_hours * self.settings.bookable_share
        taken = self._booked[job.bay, day]
        return taken == 0 or taken + visit.work_hours + visit.diagnosis_hours <= room

    def notice_hours(self, visit: Visit) -> float:
        """How long before the planned start the known lines are announced [h]; 0: not at all."""
        return self._world.desk.ask(
            "notice_hours",
            NoticeView(
                self.settings.announce_habit_hours,
                visit.planned_start - visit.called_at,
                self._reserve_roll[visit.number],
            ),
        )

    def extra_units(self, line: PartLine) -> tuple[int, float]:
        """Units an adviser puts by beyond the job's need, just in case, and for how many days."""
        at = line.visit * MOST_LINES + line.nth
        roll = self._over_reserve[at]
        habit = 1 if roll < self.settings.over_reserve_share else 0
        return int(self._world.desk.ask("extra_units_reserved", ReserveView(habit, roll))), self._over_reserve_days[at]

    def promise(self, visit: Visit, lines: list[tuple[str, float]]) -> None:
        """Name the first date. ``lines`` holds light and expected days of each line known now."""
        job = self._jobs[visit.job]
        now = self._world.now
        work_days = max(math.ceil((visit.work_hours + visit.diagnosis_hours) / self._day_hours) - 1, 0)
        views = tuple(
            LineView(light, days, self._light_roll[visit.number * MOST_LINES + i])  # type: ignore[arg-type]
            for i, (light, days) in enumerate(lines)
        )
        view = PromiseView(max(job.promise_days, work_days), work_days, views)
        visit.promised_days = int(self._world.desk.ask("promise_days", view))
        visit.promise_at = self._service.closing(now, visit.promised_days)

    def standard_stay_hours(self, visit: Visit) -> float:
        """How long such a job usually keeps the car [h], whatever is promised this time."""
        job = self._jobs[visit.job]
        now = self._world.now
        return self._service.closing(now, job.promise_days) - now

    def is_urgent(self, visit: Visit) -> bool:
        """Whether service asks parts to speed up a short line of this visit; blind to policy."""
        return not visit.drivable or visit.key_customer or self._urgent_roll[visit.number] < self.settings.urgent_share
