"""Sister centres: stock points in other cities with demand, stock and lead times of their own."""

import numpy as np

from sim.catalogue import Catalogue
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


class Sister:
    """One sister centre: customers come, take a unit or wait, and each unit taken is ordered again."""

    def __init__(self, world: World, settings: SisterSettings, catalogue: Catalogue, number: int) -> None:
        self._world = world
        self.name = f"sister {number + 1}"
        self._catalogue = catalogue
        self._rate = settings.lines_per_day
        weight = catalogue.weight / max(catalogue.weight.sum(), 1e-12)
        self._cumulative = np.cumsum(weight)
        self.stocks = [
            Stock(base_stock_level(round(settings.lines_per_day * share * law.mean, 6), settings.target_share))
            for share, law in zip(weight.tolist(), catalogue.lead_time, strict=True)
        ]
        self._u_gap = world.chance.column("sister.gap", None, self.name)
        self._u_sku = world.chance.column("sister.sku", None, self.name)
        self._u_lead = world.chance.column("sister.lead_time", None, self.name)

    def free_units(self, sku: int) -> int:
        """Units on its shelf that nobody waits for."""
        stock = self.stocks[sku]
        return 0 if stock.waiting else stock.on_hand

    def take(self, sku: int, quantity: int) -> None:
        """Give units away; they are ordered again like any other use."""
        self.stocks[sku].on_hand -= quantity
        self._reorder(sku, quantity, self._world.chance.column("sister.transfer_lead", None, self.name)[sku])

    def run(self) -> Story:
        """Its own customers, one line each."""
        world = self._world
        gaps = -np.log1p(-self._u_gap.first(int(self._rate * world.days() * 1.3) + 200)) * 24 / self._rate
        nth = 0
        for gap in gaps.tolist():
            yield world.env.timeout(gap)
            if world.now > world.horizon:
                return
            sku = int(np.searchsorted(self._cumulative, self._u_sku[nth], side="right"))
            sku = min(sku, len(self.stocks) - 1)
            met = self.stocks[sku].ask(1, _nothing)
            world.log.write(world.now, "sister_line", -1, self.name, float(met))
            self._reorder(sku, 1, self._u_lead[nth])
            nth += 1

    def _reorder(self, sku: int, quantity: int, roll: float) -> None:
        days = float(self._catalogue.lead_time[sku].inverse(np.array([roll]))[0])
        later(self._world.env, self._world.now + days * 24, lambda: self.stocks[sku].receive(quantity))


def _nothing() -> None:
    """The sister's waiting customers are none of ours."""
