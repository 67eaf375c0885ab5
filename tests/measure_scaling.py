"""What runs cost, and what a large study would: `python -m tests.measure_scaling`. Prints the table of docs/scaling.md.

Times are of this machine while nothing else runs on it; the extrapolation says so.
"""

import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from sim.cells import TRIED, Cell
from sim.engine.dispatch import dispatch
from sim.engine.executors import Here, pool
from sim.engine.store import NAME, RunStore
from sim.keys import run_key
from sim.replication import Task, code_hash, measure_one
from sim.runner import Runner
from sim.scenario import Scenario, load
from tests.small import ARTICLE

CELLS, REPLICATIONS = 10_000, 100
OVERHEAD_CELLS, OVERHEAD_REPLICATIONS = 500, 20


class Instant(Here):
    """A pool in which every run has been made already: what is left is the kit's own work."""

    slots = 2

    def __init__(self, result: Any) -> None:
        self._result = result

    def submit(self, function: Callable[..., Any], *arguments: Any) -> "Future[Any]":
        """The same result for every task of the chunk, said to have taken 0.1 s each."""
        future: Future[Any] = Future()
        (chunk,) = arguments
        future.set_result((code_hash(), 0.1 * len(chunk), [self._result] * len(chunk)))
        return future


def seconds(work: Callable[[], Any]) -> float:
    """How long it takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def one_run(scenario: Scenario) -> tuple[float, Any]:
    """Seconds of a replication and its measures, mean of the two policies over 4 replications."""
    policies = (scenario.baseline, scenario.compared[-1])
    tasks = [Task(scenario, policy, 1, r, scenario.study.weeks) for policy in policies for r in range(4)]
    measure_one(tasks[0])  # imports and caches
    return seconds(lambda: [measure_one(task) for task in tasks]) / len(tasks), measure_one(tasks[-1])


def overhead(scenario: Scenario, result: Any, folder: Path) -> tuple[float, float, float]:
    """Own seconds a run when it is new, when it is in the store, and bytes of the store a run."""
    cells = [Cell(changes={"arrivals.visits_per_day": 40.0 + n / 100}) for n in range(OVERHEAD_CELLS)]
    wanted = [(cell, range(OVERHEAD_REPLICATIONS)) for cell in cells]
    runs = OVERHEAD_CELLS * OVERHEAD_REPLICATIONS
    with RunStore(folder) as store:
        new = seconds(lambda: Runner(scenario, 1, 1, Instant(result), store).run(wanted)) / runs
    size = (folder / NAME).stat().st_size / runs
    with RunStore(folder) as store:
        known = seconds(lambda: Runner(scenario, 1, 1, Instant(result), store).run(wanted)) / runs
    return new, known, size


def efficiency(scenario: Scenario, workers: int, count: int = 24) -> float:
    """Speed of ``workers`` processes over ``workers`` times that of one, start-up of the processes left out."""
    found = Cell().scenario(scenario)
    tasks = [(r, Task(found, TRIED, 1, r, scenario.study.weeks)) for r in range(count)]
    alone = seconds(lambda: dispatch(tasks, Here(), lambda number, one: None))
    with pool(workers) as where:
        dispatch(tasks[: 2 * workers], where, lambda number, one: None)
        together = seconds(lambda: dispatch(tasks, where, lambda number, one: None))
    return alone / together / workers


def main() -> None:
    """Measure and print."""
    article = load(ARTICLE)
    a_run, result = one_run(article)
    with tempfile.TemporaryDirectory() as folder:
        new, known, size = overhead(article, result, Path(folder))
    short = article.changed({"study.warmup_weeks": 2, "study.weeks": 4, "study.run_on_weeks": 2})
    key = seconds(lambda: [run_key(Task(article, article.baseline, 1, r, 1)) for r in range(200)]) / 200
    both = efficiency(short, 2)
    runs = CELLS * REPLICATIONS
    print(f"seconds a run, article, {article.study.weeks} weeks, one core: {a_run:.2f}")
    print(f"own milliseconds a new run: {1000 * new:.2f}; of them the key: {1000 * key:.2f}")
    print(f"own milliseconds a run that is in the store: {1000 * known:.2f}")
    print(f"bytes of the store a run: {size:.0f}")
    print(f"efficiency of 2 processes: {both:.2f}")
    print(f"extrapolated, {CELLS:,} cells x {REPLICATIONS} replications = {runs:,} runs:")
    print(f"  core hours: {runs * a_run / 3600:.0f}")
    print(f"  own work of the one process that writes, hours: {runs * new / 3600:.2f}")
    print(f"  read again from the store, minutes: {runs * known / 60:.0f}; store, GB: {runs * size / 1e9:.1f}")
    print(f"  cores one writing process can feed: {a_run / new:.0f}")


if __name__ == "__main__":
    main()
