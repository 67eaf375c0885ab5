"""Laboratory: variants of one scenario, each a set of mechanisms and changed keys, run under the same luck.

Whatever is asked for twice is run once: a claim, its tests and its regions share the runs of the baseline. With a file
to remember in, a stopped audit goes on where it was; runs of another scenario, seed or model code are never read.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from sim.experiment import Measured, Task, run_tasks
from sim.scenario import Scenario
from sim.source_hash import model_hash

Settings = dict[str, dict[str, Any]]
TRIED = "tried"
"""Name of the policy a variant is run under."""


@dataclass(frozen=True)
class Cell:
    """One variant: mechanisms with settings of their own, and keys of the scenario that differ."""

    mechanisms: tuple[str, ...] = ()
    settings: Settings = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What makes two variants the same."""
        return json.dumps([sorted(self.mechanisms), self.settings, self.changes], sort_keys=True, default=str)

    def __hash__(self) -> int:
        return hash(self.key)

    def with_changes(self, changes: dict[str, Any]) -> "Cell":
        """The same mechanisms in a scenario that differs in further keys."""
        return Cell(self.mechanisms, self.settings, self.changes | changes)

    def with_settings(self, mechanism: str, settings: dict[str, Any]) -> "Cell":
        """The same variant with other settings of one mechanism."""
        merged = self.settings | {mechanism: self.settings.get(mechanism, {}) | settings}
        return Cell(self.mechanisms, merged, self.changes)

    def scenario(self, base: Scenario) -> Scenario:
        """The scenario in which policy TRIED is this variant.

        Raises:
            Problems: a key or a value the scenario could not hold.
        """
        policy = {"mechanisms": list(self.mechanisms), "settings": self.settings}
        return base.changed(self.changes | {f"policies.{TRIED}": policy})


def _read(values: dict[str, float], metric: str) -> float:
    """A metric, or the complement of one that counts what went well."""
    if metric == "broken_promises":
        return 1 - values["promise_kept"]
    return values.get(metric, np.nan)


class Laboratory:
    """Runs variants and remembers them."""

    def __init__(
        self,
        scenario: Scenario,
        replications: int,
        seed: int,
        workers: int = 1,
        weeks: int | None = None,
        progress: Callable[[int, int], None] | None = None,
        memory: Path | None = None,
    ) -> None:
        """Prepare; nothing is run yet.

        Args:
            replications: for the claims themselves; tests and regions take a quarter, at least three.
            memory: file to which each finished run is added, and from which runs of an earlier start are taken.
        """
        self.scenario = scenario
        self.replications = replications
        self.few = max(replications // 4, min(3, replications))
        self.weeks = weeks or scenario.study.weeks
        self._seed = seed
        self._workers = workers
        self._progress = progress
        self._found: dict[tuple[str, int], Measured] = {}
        self._expected = 0
        self._memory = memory
        study = f"{scenario.hash()} {seed} {self.weeks} {model_hash()}"
        self._study = hashlib.sha256(study.encode()).hexdigest()[:16]
        if memory is not None and memory.exists():
            self._remember(memory)

    def expect(self, runs: int) -> None:
        """Tell the progress bar how many runs are still to come after those asked for now."""
        self._expected = runs

    def run(self, wanted: Iterable[tuple[Cell, int]]) -> None:
        """Run every (variant, number of replications) that has not been run yet."""
        missing: dict[tuple[str, int], Task] = {}
        for cell, replications in wanted:
            needed = [r for r in range(replications) if (cell.key, r) not in self._found]
            if needed:
                scenario = cell.scenario(self.scenario)
                for r in needed:
                    missing.setdefault((cell.key, r), Task(scenario, TRIED, self._seed, r, self.weeks))
        before = len(self._found)

        def tell(done: int, total: int) -> None:
            if self._progress:
                self._progress(before + done, max(before + total, self._expected))

        keys = list(missing)

        def keep(number: int, found: Measured) -> None:
            self._found[keys[number]] = found
            if self._memory is not None:
                row = [self._study, *keys[number], found.windows]
                with self._memory.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(row) + "\n")

        run_tasks(list(missing.values()), self._workers, tell, keep)

    def _remember(self, memory: Path) -> None:
        """Runs of the same study; a line cut off when the last audit was stopped is left out."""
        for line in memory.read_text(encoding="utf-8").splitlines():
            try:
                study, key, replication, windows = json.loads(line)
            except ValueError:
                continue
            if study == self._study:
                self._found[key, replication] = Measured(windows, {})

    def values(self, cell: Cell, metric: str, window: str = "all", replications: int | None = None) -> np.ndarray:
        """A metric of each replication, nan where it is undefined; run first if need be."""
        count = replications or self.replications
        self.run([(cell, count)])
        found = [self._found[cell.key, r] for r in range(count)]
        return np.array([_read(one.get(window, one["all"]), metric) for one in (run.windows for run in found)])

    def metrics(self, cell: Cell, replications: int, window: str = "all") -> dict[str, np.ndarray]:
        """Every metric of each replication."""
        self.run([(cell, replications)])
        names = self._found[cell.key, 0].windows[window]
        return {name: self.values(cell, name, window, replications) for name in names}

    @property
    def count(self) -> int:
        """Replications run so far."""
        return len(self._found)
