"""Retention: customers lost earlier who may be called, and a programme with a monthly budget and a monthly look."""

import math
from typing import Annotated, Protocol

from pydantic import Field

from sim.units import HOURS_PER_MONTH, Settings, Share, given
from sim.views import LostView, ProgrammeMonth, ProgrammeView
from sim.waiting import Story
from sim.world import World


class RetentionSettings(Settings):
    """Customers of former years."""

    lost_customers: Annotated[int, Field(ge=0, le=100_000)] = given(
        1000, source="A-153", span=(300, 3000), why="about two years of customers who left, with a phone number"
    )
    """Customers lost before the study who could be called."""
    returns_share: Share = given(
        0.06, source="A-154", read_by="mechanism", span=(0.01, 0.2), why="input: answers to a win-back offer"
    )
    """Chance that a lost customer who is called comes back."""


class Pleasing(Protocol):
    """Who spends a programme's money on customers, and knows what they answered."""

    def fund(self, gifts: int, gift_yuan: float, warranty_yuan: float) -> None:
        """Money for a month."""

    def nps(self, start: float, end: float) -> float:
        """NPS of the answers between two clock times."""


class Renting(Protocol):
    """Who has the cars."""

    def rent(self, cars: int, until: float) -> None:
        """Loaners rented until a clock time."""


class Retention:
    """Calls to the lost, and the programme for those who are here."""

    def __init__(self, world: World, settings: RetentionSettings, satisfaction: Pleasing, fleet: Renting) -> None:
        self._world = world
        self._settings = settings
        self._satisfaction = satisfaction
        self._fleet = fleet
        self._call = world.chance.column("retention.call")
        self._returns = world.chance.column("retention.returns")

    def start_policy(self) -> None:
        """Calls are made in the first days; the programme begins."""
        world = self._world
        for number in range(self._settings.lost_customers if world.desk.answered("call_lost_customer") else 0):
            if world.desk.ask("call_lost_customer", LostView(self._call[number])):
                world.log.write(world.now, "lost_customer_called", number)
                if self._returns[number] < self._settings.returns_share:
                    world.log.write(world.now, "won_back", number)
        if world.desk.answered("programme"):
            world.env.process(self._programme())

    def _programme(self) -> Story:
        world, start = self._world, self._world.switch_at
        before = self._satisfaction.nps(max(start - 3 * HOURS_PER_MONTH, 0.0), start)
        month, last = 0, math.nan
        while True:
            now = world.now
            doing: ProgrammeMonth | None = world.desk.ask("programme", ProgrammeView(month, before, last))
            self._satisfaction.fund(0, 0.0, 0.0)
            if doing is None:
                if month:
                    world.log.write(now, "programme", -1, "", month, "stopped")
                return
            world.log.write(now, "programme", -1, "", month, "goes on")
            world.ledger.post("mechanism", "cash", doing.rent_yuan)
            self._fleet.rent(doing.rented_loaners, now + HOURS_PER_MONTH)
            self._satisfaction.fund(doing.gifts, doing.gift_yuan, doing.warranty_yuan)
            yield world.env.timeout(HOURS_PER_MONTH)
            last = self._satisfaction.nps(now, world.now)
            month += 1
