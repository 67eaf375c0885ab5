"""Sister centres: stock points in other cities with demand, stock and lead times of their own."""

from collections import defaultdict
from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np

from sim.catalogue import Catalogue
from sim.distributions import exponential
from sim.stock import Stock, base_stock_level
from sim.units import Count, PerDay, Settings, Share, given
from sim.waiting import Story, later
from sim.world import World


class SisterSettings(Settings):
    """How many there are and how busy."""

    centres: Count = given(2, source="A-50", span=(0, 5), why="cities within an evening's drive")
    """Number of sister centres."""
    lines_per_day: PerDay = given(25.0, source="A-51", span=(5, 60), why="a middling centre")
    """Demand at each, order lines a day."""
    target_share: Share = given(0.93, source="A-52", span=(0.85, 0.98), why="they plan no better than we do")
    """Chance of finding a unit on the shelf at which their levels are aimed."""
    level: Count | None = given(None, source="user")
    """Fixed base stock of every part, in place of the formula."""
    take_share: Share = given(0.0, source="user")
    """Share of their own short lines for which they take a unit from whichever centre has most, ours included."""
    keeps_units: Count = given(1, source="A-55", span=(0, 3), why="as A-221: nobody gives the last piece away")
    """Units a centre keeps for itself when a sister asks."""
    when_short: Literal["backorder", "lost"] = given("backorder", source="definition")
    """Their short customers wait, or go elsewhere."""


class Partner(NamedTuple):
    """Another centre, as a sister sees it."""

    free_units: Callable[[int], int]
    give: Callable[[int, int], None]
    """Asked for (part, units), it parts with them and orders them again."""


class Sister:
    """One sister centre: customers come, take a unit or wait, and each unit taken is ordered again."""

    def __init__(self, world: World, settings: SisterSettings, catalogue: Catalogue, number: int) -> None:
        self._world = world
        self.name = f"sister {number + 1}"
        self._catalogue = catalogue
        self._rate = settings.lines_per_day
        weight = catalogue.weight / max(catalogue.weight.sum(), 1e-12)
        self._settings = settings
        self.partners: list[Partner] = []
        """Where it may take a unit, ours first, then the sisters in order."""
        self.levels = [
            base_stock_level(round(settings.lines_per_day * share * law.mean, 6), settings.target_share)
            if settings.level is None
            else settings.level
            for share, law in zip(weight.tolist(), catalogue.lead_time, strict=True)
        ]
        self.stocks = [Stock(level) for level in self.levels]
        self._weight = weight
        self._given: dict[int, int] = defaultdict(int)
        """Units of each part given to others so far."""

    def free_units(self, sku: int) -> int:
        """Units on its shelf that nobody waits for."""
        stock = self.stocks[sku]
        return 0 if stock.waiting else stock.on_hand

    def take(self, sku: int, quantity: int) -> None:
        """Give units away; they are ordered again like any other use."""
        self.stocks[sku].on_hand -= quantity
        law, who = self._catalogue.lead_time[sku], f"{self.name} {sku}"
        days = self._world.chance.column("sister.transfer_lead", law, who, block=16)[self._given[sku]]
        self._given[sku] += 1
        self._reorder(sku, quantity, days)

    def run(self) -> Story:
        """Its own customers, one line each."""
        world, chance = self._world, self._world.chance
        if self._rate <= 0:
            return
        count = int(self._rate * world.days() * 1.3) + 200
        gaps = chance.column("sister.gap", exponential(24 / self._rate), self.name).first(count)
        skus = np.searchsorted(
            np.cumsum(self._weight), chance.column("sister.sku", None, self.name).first(count), side="right"
        )
        skus = np.minimum(skus, len(self.stocks) - 1)
        days = self._lead_days(skus, chance.column("sister.lead_time", None, self.name).first(count))
        takes = chance.column("sister.takes", None, self.name).first(count) < self._settings.take_share
        for gap, sku, lead, may_take in zip(gaps.tolist(), skus.tolist(), days.tolist(), takes.tolist(), strict=True):
            yield world.env.timeout(gap)
            if world.now > world.horizon:
                return
            note = self._serve(sku, lead, may_take)
            world.log.write(world.now, "sister_line", -1, self.name, float(not note), note)

    def _serve(self, sku: int, lead: float, may_take: bool) -> str:
        """One customer: from the shelf (""), by a transfer, or not now (waits or is lost)."""
        stock, keeps = self.stocks[sku], self._settings.keeps_units
        if not stock.free_for(1):
            best = max(self.partners, key=lambda partner: partner.free_units(sku), default=None)
            if may_take and best is not None and best.free_units(sku) > keeps:
                best.give(sku, 1)
                return "transfer"
            if self._settings.when_short == "lost":
                return "lost"
        met = stock.ask(1, _nothing)
        self._reorder(sku, 1, lead)
        return "" if met else "waits"

    def _lead_days(self, skus: np.ndarray, rolls: np.ndarray) -> np.ndarray:
        """Lead time of each order, by the law of its part's family."""
        days = np.zeros(len(skus))
        for first, end in self._catalogue.members.values():
            mine = (skus >= first) & (skus < end)
            days[mine] = self._catalogue.lead_time[first].inverse(rolls[mine])
        return days

    def _reorder(self, sku: int, quantity: int, days: float) -> None:
        stock = self.stocks[sku]
        stock.on_order += quantity

        def arrive() -> None:
            stock.on_order -= quantity
            stock.receive(quantity)

        later(self._world.env, self._world.now + days * 24, arrive)


def _nothing() -> None:
    """The sister's waiting customers are none of ours."""
