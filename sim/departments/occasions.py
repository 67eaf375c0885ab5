"""Occasions: regular meetings of several departments, and gifts from one to another, on the clock.

Time at one table lets trust grow a little and takes up open disputes; a gift is remembered as help. Everybody's hours
are paid.
"""

from itertools import combinations
from typing import Protocol

from sim.calendar import Calendar
from sim.units import HOURS_PER_WEEK
from sim.views import FirstDayView, Occasion
from sim.waiting import Story, until
from sim.world import Trusting, World

MEETING_HOUR = 9.0
"""Open hours after the start of the week at which people meet."""


class Settling(Protocol):
    """Who takes up disputes."""

    def take_up(self, present: tuple[str, ...]) -> None:
        """Open disputes between those present are met on."""


class Occasions:
    """Everything mechanisms put into people's diaries."""

    def __init__(self, world: World, trust: Trusting, disputes: Settling, hour_cost_yuan: float) -> None:
        self._world = world
        self._trust = trust
        self._disputes = disputes
        self._hour_cost = hour_cost_yuan
        self._office: Calendar = world.calendars["office"]

    def start_policy(self) -> None:
        """Diaries are filled on the day the policy starts."""
        for occasion in self._diary():
            self._world.env.process(self._again_and_again(occasion))

    def _diary(self) -> tuple[Occasion, ...]:
        weeks = (self._world.horizon - self._world.switch_at) / HOURS_PER_WEEK
        return self._world.desk.ask("occasions", FirstDayView(weeks))

    def _again_and_again(self, occasion: Occasion) -> Story:
        world, week = self._world, 0.0
        while True:
            start = world.switch_at + week * HOURS_PER_WEEK
            yield from until(world.env, self._office.add(start, MEETING_HOUR))
            if occasion in self._diary():  # while nobody keeps the rule up, nobody comes
                self._hold(occasion)
            week += occasion.every_weeks

    def _hold(self, occasion: Occasion) -> None:
        world = self._world
        people = len(occasion.departments) * occasion.people_each
        world.ledger.post("people_hours", "cash", people * occasion.hours * self._hour_cost)
        for department in occasion.departments:
            hours = occasion.hours * occasion.people_each
            world.log.write(world.now, "meeting_hours", -1, department, hours, occasion.name)
        if occasion.gift:
            giver, *takers = occasion.departments
            for taker in takers:
                self._trust.helped(giver, taker)
                world.log.write(world.now, "gift", -1, f"{giver}-{taker}", 0.0, occasion.name)
            return
        for one, other in combinations(occasion.departments, 2):
            self._trust.met(one, other, occasion.hours)
        if occasion.settles:
            self._disputes.take_up(occasion.departments)
