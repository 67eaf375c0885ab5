"""Runner: cells of one scenario under the same luck. What is remembered is taken, the rest is run and kept.

Whatever is asked for twice is run once. With a store a stopped study goes on where it was, and all studies of a folder
share their runs. A replication that fails is noted with its seed; its values are missing, the others go on.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.cells import TRIED, Cell
from sim.engine.dispatch import dispatch
from sim.engine.executors import Pool, pool
from sim.engine.store import RunStore
from sim.failures import Failure, StudyFailed
from sim.keys import run_key
from sim.replication import Measured, Task
from sim.scenario import Scenario

Progress = Callable[[int, int], None]
"""Told (replications done, replications in all)."""


@dataclass(frozen=True)
class Failed:
    """A replication that raised an error."""

    cell: Cell
    seed: int
    replication: int
    error: str
    command: str
    """Runs it alone."""


class Runner:
    """Runs cells and remembers them; make one with :func:`runner`."""

    def __init__(
        self, scenario: Scenario, seed: int, weeks: int, where: Pool, store: RunStore | None = None,
        progress: Progress | None = None,
    ) -> None:  # fmt: skip
        self.scenario, self.seed, self.weeks = scenario, seed, weeks
        self._pool, self._store = where, store
        self._progress = progress or (lambda done, total: None)
        self._expected = 0
        self._horizons: dict[int, Runner] = {weeks: self}
        self._names: dict[str, tuple[str, ...]] = {}
        self._found: dict[tuple[str, int], dict[str, np.ndarray] | None] = {}
        self.failed: list[Failed] = []
        """Replications that raised an error, in the order of the cells asked for."""
        self._broken = 0
        self._forgotten = 0

    @property
    def count(self) -> int:
        """Replications done, failed ones and those of other horizons included."""
        return sum(len(one._found) + one._forgotten for one in self._horizons.values())

    def forget(self, cells: Iterable[Cell]) -> None:
        """Let go of the values of cells that are done with: a million of them would fill the memory."""
        done = {cell.key for cell in cells}
        rest = {place: values for place, values in self._found.items() if place[0] not in done}
        self._forgotten += len(self._found) - len(rest)
        self._found = rest

    @property
    def laws_broken(self) -> int:
        """Replications in which an exact law does not hold."""
        return sum(one._broken for one in self._horizons.values())

    def at(self, weeks: int) -> "Runner":
        """A runner of another horizon that shares pool, store, progress and the list of failures.

        A replication's history does not depend on the horizon: the figure over 4 weeks is that of the first 4 of 26.
        """
        if weeks not in self._horizons:
            other = Runner(self.scenario, self.seed, weeks, self._pool, self._store, self._progress)
            other._horizons, other.failed, other._expected = self._horizons, self.failed, self._expected
            self._horizons[weeks] = other
        return self._horizons[weeks]

    def expect(self, runs: int) -> None:
        """Tell the progress bar how many runs there will be in all, as far as is known."""
        for one in self._horizons.values():
            one._expected = runs

    def run(self, wanted: Iterable[tuple[Cell, Iterable[int]]]) -> None:
        """Have every (cell, replications) at hand.

        Raises:
            sim.problems.Problems: a cell the scenario could not hold, before anything is run.
            sim.failures.StudyFailed: the store or the pool cannot be used.
        """
        missing: dict[tuple[str, int], tuple[Cell, Task]] = {}
        for cell, replications in wanted:
            key = cell.key
            needed = [r for r in replications if (key, r) not in self._found]
            if needed:
                scenario = cell.scenario(self.scenario)
                for r in needed:
                    missing.setdefault((key, r), (cell, Task(scenario, TRIED, self.seed, r, self.weeks)))
        keys = self._remembered(missing)
        rest = [(place, *both) for place, both in missing.items() if place not in self._found]
        before, failed = self.count, []
        self._progress(before, max(before + len(rest), self._expected))

        def keep(number: int, found: Measured | Failure) -> None:
            place, cell, task = rest[number]
            if isinstance(found, Failure):
                self._found[place] = None
                failed.append((number, _failed(cell, task, found)))
            else:
                if self._store is not None:
                    self._store.write(keys[place], task, found)
                self._take(place, found.windows, found.laws_broken)
            self._progress(self.count, max(before + len(rest), self._expected))

        dispatch(((number, task) for number, (_, _, task) in enumerate(rest)), self._pool, keep)
        self.failed += [one for _, one in sorted(failed, key=lambda pair: pair[0])]

    def refuse_failures(self) -> None:
        """For a study that cannot do without a replication.

        Raises:
            StudyFailed: one raised an error.
        """
        if self.failed:
            one = self.failed[0]
            raise StudyFailed(
                f"有 {len(self.failed)} 次重复运行失败。第一次失败：种子 {one.seed}，第 {one.replication} 次重复。\n"
                f"错误：{one.error}\n单独重跑这一次：\n  {one.command}",
                f"{len(self.failed)} replications failed; the first: seed {one.seed}, replication {one.replication}.\n"
                f"Error: {one.error}\nTo run it alone:\n  {one.command}",
            )

    def _remembered(self, missing: dict[tuple[str, int], tuple[Cell, Task]]) -> dict[tuple[str, int], str]:
        """Take from the store what it holds; returns the key of each run."""
        if self._store is None:
            return {}
        keys = {place: run_key(task) for place, (_, task) in missing.items()}
        places: dict[str, list[tuple[str, int]]] = {}
        for place, key in keys.items():
            places.setdefault(key, []).append(place)
        for kept in self._store.find(places):
            for place in places[kept.key]:
                self._take(place, kept.windows, kept.laws_broken)
        return keys

    def _take(self, place: tuple[str, int], windows: dict[str, dict[str, float]], laws_broken: int) -> None:
        for name, values in windows.items():
            self._names.setdefault(name, tuple(values))
        # numbers alone: a million dictionaries would not fit into memory
        self._found[place] = {
            name: np.array([values.get(metric, np.nan) for metric in self._names[name]], dtype=float)
            for name, values in windows.items()
        }
        self._broken += laws_broken > 0

    def values(self, cell: Cell, metric: str, replications: int, window: str = "all", first: int = 0) -> np.ndarray:
        """A metric of replications ``first`` … ``first + replications − 1``, run first if need be.

        Returns:
            One value a replication; nan where the metric is undefined or the replication failed.
        """
        numbers = range(first, first + replications)
        self.run([(cell, numbers)])
        key = cell.key
        return np.array([self._value(self._found[key, r], metric, window) for r in numbers])

    def _value(self, found: dict[str, np.ndarray] | None, metric: str, window: str) -> float:
        if found is None:
            return np.nan
        window = window if window in found else "all"
        names = self._names[window]
        return float(found[window][names.index(metric)]) if metric in names else np.nan

    def metrics(self, window: str = "all") -> tuple[str, ...]:
        """Names of the metrics of the runs at hand, in display order; empty before the first run."""
        return self._names.get(window, ())


def _failed(cell: Cell, task: Task, failure: Failure) -> Failed:
    command = cell.command(task.scenario.file, task.seed, task.replication, task.weeks)
    return Failed(cell, task.seed, task.replication, failure.error, command)


@contextlib.contextmanager
def runner(
    scenario: Scenario,
    seed: int | None = None,
    weeks: int | None = None,
    workers: int = 1,
    cluster: str | None = None,
    folder: Path | None = None,
    progress: Progress | None = None,
) -> Iterator[Runner]:
    """A runner for the time of a ``with`` block.

    Args:
        folder: where the run store is kept; left out, nothing is remembered beyond the block.
        workers, cluster: as in :func:`sim.engine.executors.pool`.

    Raises:
        sim.failures.StudyFailed: the store or the cluster cannot be used.
    """
    with contextlib.ExitStack() as stack:
        store = stack.enter_context(RunStore(folder)) if folder is not None else None
        where = stack.enter_context(pool(workers, cluster))
        study = scenario.study
        yield Runner(
            scenario, study.seed if seed is None else seed, weeks or study.weeks, where, store, progress
        )  # fmt: skip
