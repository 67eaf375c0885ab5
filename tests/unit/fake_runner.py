"""A runner over a made-up model: studies are tested without the centre, against a truth that is known."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from sim.cells import Cell
from sim.scenario import Scenario
from tests.small import article

Model = Callable[[Cell, int, np.random.Generator], dict[str, float]]
"""Metrics of (cell, replication); the generator is the same for all cells of a replication: common random numbers."""


class FakeRunner:
    """Has what studies use of :class:`sim.runner.Runner`."""

    def __init__(self, model: Model, seed: int = 1, scenario: Scenario | None = None, weeks: int = 26) -> None:
        self.scenario = scenario or article()
        self.seed, self.weeks = seed, weeks
        self._model = model
        self._found: dict[tuple[str, int], dict[str, float]] = {}
        self.failed: list[Any] = []
        self.laws_broken = 0
        self.expected = 0

    @property
    def count(self) -> int:
        return len(self._found)

    def expect(self, runs: int) -> None:
        self.expected = runs

    def run(self, wanted: Iterable[tuple[Cell, Iterable[int]]]) -> None:
        for cell, replications in wanted:
            key = cell.key
            for r in replications:
                if (key, r) not in self._found:
                    self._found[key, r] = self._model(cell, r, np.random.default_rng([self.seed, r]))

    def refuse_failures(self) -> None:
        pass

    def forget(self, cells: Iterable[Cell]) -> None:
        done = {cell.key for cell in cells}
        self._found = {place: values for place, values in self._found.items() if place[0] not in done}

    def values(self, cell: Cell, metric: str, replications: int, window: str = "all", first: int = 0) -> np.ndarray:
        numbers = range(first, first + replications)
        self.run([(cell, numbers)])
        key = cell.key
        return np.array([self._found[key, r].get(metric, np.nan) for r in numbers])

    def metrics(self, window: str = "all") -> tuple[str, ...]:
        return tuple(next(iter(self._found.values()), {}))
