"""One replication: what is asked for, and what is kept of it once it has been run and measured."""

import traceback
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from sim.failures import Failure, StudyFailed
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


class ReplicationFailed(StudyFailed):
    """One replication raised an error; the message holds the command that runs it alone."""

    def __init__(self, task: Task, failure: Failure) -> None:
        self.policy, self.seed, self.replication, self.weeks = task.policy, task.seed, task.replication, task.weeks
        self.file = task.scenario.file
        self.error = failure.error
        self.traceback = failure.traceback
        self.command = (
            f"sim run {self.file} --policy {self.policy} --seed {self.seed} "
            f"--replication {self.replication} --weeks {self.weeks}"
        )
        where_zh = f"{self.file}：方案 {self.policy}，种子 {self.seed}，第 {self.replication} 次重复，{self.weeks} 周"
        where_en = (
            f"{self.file}: policy {self.policy}, seed {self.seed}, replication {self.replication}, {self.weeks} weeks"
        )
        super().__init__(
            f"有一次重复运行失败。\n{where_zh}\n错误：{self.error}\n单独重跑这一次：\n  {self.command}",
            f"A replication failed.\n{where_en}\nError: {self.error}\nTo run it alone:\n  {self.command}",
        )


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
