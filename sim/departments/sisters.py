"""Sister centres: stock points in other cities with demand, stock and lead times of their own."""

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


class Sister:
    """One sister centre: customers come, take a unit or wait, and each unit taken is ordered again."""

    def __init__(self, world: World, settings: SisterSettings, catalogue: Catalogue, number: int) -> None:
        self._world = world
        self.name = f"sister {number + 1}"
        self._catalogue = catalogue
        self._rate = settings.lines_per_day
        weight = catalogue.weight / max(catalogue.weight.sum(), 1e-12)
        self.levels = [
            base_stock_level(round(settings.lines_per_day * share * law.mean, 6), settings.target_share)
            for share, law in zip(weight.tolist(), catalogue.lead_time, strict=True)
        ]
        self.stocks = [Stock(level) for level in self.levels]
        self._weight = weight

    def free_units(self, sku: int) -> int:
        """Units on its shelf that nobody waits for."""
        stock = self.stocks[sku]
        return 0 if stock.waiting else stock.on_hand

    def take(self, sku: int, quantity: int) -> None:
        """Give units away; they are ordered again like any other use."""
        self.stocks[sku].on_hand -= quantity
        roll = self._world.chance.column("sister.transfer_lead", None, self.name)[sku]
        self._reorder(sku, quantity, float(self._catalogue.lead_time[sku].inverse(np.array([roll]))[0]))

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
        for gap, sku, lead in zip(gaps.tolist(), skus.tolist(), days.tolist(), strict=True):
            yield world.env.timeout(gap)
            if world.now > world.horizon:
                return
            met = self.stocks[sku].ask(1, _nothing)
            world.log.write(world.now, "sister_line", -1, self.name, float(met))
            self._reorder(sku, 1, lead)

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
