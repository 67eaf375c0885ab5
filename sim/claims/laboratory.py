"""Laboratory: the cells of all claims under the same luck, with fewer replications for tests and regions.

Whatever is asked for twice is run once: a claim, its tests and its regions share the runs of the baseline. With a run
store a stopped audit goes on where it was.
"""

from collections.abc import Iterable

import numpy as np

from sim.cells import Cell
from sim.runner import Runner


class Laboratory:
    """Runs the cells of an audit."""

    def __init__(self, runner: Runner, replications: int) -> None:
        """Prepare; nothing is run yet.

        Args:
            replications: for the claims themselves; tests and regions take a quarter, at least three.
        """
        self._runner = runner
        self.scenario = runner.scenario
        self.replications = replications
        self.few = max(replications // 4, min(3, replications))
        self.weeks = runner.weeks

    def expect(self, runs: int) -> None:
        """Tell the progress bar how many runs there will be in all."""
        self._runner.expect(runs)

    def run(self, wanted: Iterable[tuple[Cell, int]]) -> None:
        """Run every (cell, number of replications) that has not been run yet.

        Raises:
            sim.failures.StudyFailed: one raised an error; a claim must not be judged on what is left.
        """
        self._runner.run([(cell, range(replications)) for cell, replications in wanted])
        self._runner.refuse_failures()

    def values(self, cell: Cell, metric: str, window: str = "all", replications: int | None = None) -> np.ndarray:
        """A metric of each replication, nan where it is undefined; run first if need be."""
        count = replications or self.replications
        self.run([(cell, count)])
        if metric == "broken_promises":  # the complement of a metric that counts what went well
            return 1 - self._runner.values(cell, "promise_kept", count, window)
        return self._runner.values(cell, metric, count, window)

    def metrics(self, cell: Cell, replications: int, window: str = "all") -> dict[str, np.ndarray]:
        """Every metric of each replication."""
        self.run([(cell, replications)])
        return {name: self.values(cell, name, window, replications) for name in self._runner.metrics(window)}

    @property
    def count(self) -> int:
        """Replications run so far."""
        return self._runner.count
