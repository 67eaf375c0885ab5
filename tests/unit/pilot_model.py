"""A made-up centre for tests of pilots: weekly figures that are independent, and a policy that moves them."""

from collections.abc import Callable

import numpy as np

from sim.cells import Cell
from sim.scenario import Scenario
from tests.unit.fake_runner import FakeRunner

WEEKLY_SD = 0.03
BEFORE, EFFECT = 0.15, -0.02


class PilotRunner(FakeRunner):
    """A runner of every horizon; a replication's weeks are the same whatever the horizon."""

    def __init__(
        self,
        weekly: "Callable[[Cell, np.random.Generator], np.ndarray]",
        weeks: int = 26,
        seed: int = 1,
        scenario: Scenario | None = None,
        metric: str = "shortage_rate",
    ) -> None:
        self._weekly, self._metric = weekly, metric
        super().__init__(self._measured, seed, scenario, weeks)
        self._horizons: dict[int, PilotRunner] = {weeks: self}

    def at(self, weeks: int) -> "PilotRunner":
        if weeks not in self._horizons:
            other = PilotRunner(self._weekly, weeks, self.seed, self.scenario, self._metric)
            other._horizons, other.failed = self._horizons, self.failed
            self._horizons[weeks] = other
        return self._horizons[weeks]

    def _measured(self, cell: Cell, replication: int, rng: np.random.Generator) -> dict[str, float]:
        figures = self._weekly(cell, rng)[: self.weeks]
        found = {self._metric: float(figures.mean()), "survey_answers": 25.0 * self.weeks}
        if self.weeks >= 26:
            found[f"{self._metric}@second_13_weeks"] = float(figures[13:26].mean())
        return found

    def values(self, cell: Cell, metric: str, replications: int, window: str = "all", first: int = 0) -> np.ndarray:
        return super().values(cell, metric if window == "all" else f"{metric}@{window}", replications, "all", first)


def steady(
    effect: float = EFFECT, sd: float = WEEKLY_SD, before: float = BEFORE
) -> Callable[[Cell, np.random.Generator], np.ndarray]:
    """52 independent normal weeks; the policy moves every week by the effect and has luck of its own."""

    def weekly(cell: Cell, rng: np.random.Generator) -> np.ndarray:
        luck = rng.normal(before, sd, size=(2, 52))
        return luck[1] + effect if cell.mechanisms else luck[0]

    return weekly
