"""One replication: what is asked for, and what is kept of it once it has been run and measured."""

import traceback
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from sim.failures import Failure
from sim.source_hash import source_hash

if TYPE_CHECKING:
    from sim.laws.found import Found
    from sim.scenario import Scenario

MEASURED_BY = ("centre", "metrics", "flows", "laws.check", "weekly", "quantities")
"""Modules that make a log and everything that is kept of it."""


class Task(NamedTuple):
    """One replication to run."""

    scenario: "Scenario"
    policy: str
    seed: int
    replication: int
    weeks: int

    @property
    def with_series(self) -> bool:
        """Whether weekly series are kept: of the baseline only, since all policies share its warm-up.

        A policy without mechanisms is the baseline under another name, so that studies can share its runs.
        """
        return self.policy == self.scenario.baseline or not self.scenario.policies[self.policy].mechanisms


class Measured(NamedTuple):
    """What is kept of one replication; its log is not."""

    windows: dict[str, dict[str, float]]
    """Window to metric to value."""
    flows: dict[str, list[float]]
    """Flow to its amount in each week counted."""
    laws: tuple["Found", ...] = ()
    """What each law found."""
    series: dict[str, tuple[list[float], list[float]]] = {}  # noqa: RUF012  a default that nobody changes
    """Weekly amounts and bases from the start of the warm-up; of the baseline only, since all share its warm-up."""
    textbook: list[float] = []  # noqa: RUF012 - a value, never changed
    """Value of each textbook case the scenario holds."""

    @property
    def laws_broken(self) -> int:
        """How many laws do not hold in this replication."""
        return sum(not law.holds for law in self.laws)


@lru_cache(maxsize=1)
def code_hash() -> str:
    """SHA-256 of the model code a run and its measures rest on, as this process found it when first asked."""
    return source_hash(*MEASURED_BY)


def measure_one(task: Task) -> Measured | Failure:
    """Run one replication and measure it; an error comes back as a value."""
    # The model is imported where it runs: charts and tables of a finished study need no SimPy.
    from sim.centre import replicate
    from sim.flows import weekly_flows
    from sim.laws.check import check
    from sim.metrics import measure, windows
    from sim.quantities import quantities
    from sim.weekly import weekly_series

    try:
        log = replicate(task.scenario, task.policy, task.seed, task.replication, task.weeks)
        found = {
            name: {metric: float(value) for metric, value in measure(log, start, end).items()}
            for name, (start, end) in windows(task.weeks).items()
        }
        flows = {name: values.tolist() for name, values in weekly_flows(log, task.weeks).items()}
        series = weekly_series(log) if task.with_series else {}
        known = quantities(log, task.scenario.model.textbook)
        return Measured(found, flows, tuple(check(log)), series, known)
    except Exception as error:
        return Failure(f"{type(error).__name__}: {error}", traceback.format_exc())
