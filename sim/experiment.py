"""Many replications of several policies, on one or many processes, with the same rows whatever the number of them.

One task is one (policy, replication). Every replication is addressed by (seed, replication), so where and when
it runs cannot change it; rows are put in the order of the study, not of completion.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from sim.engine.dispatch import dispatch
from sim.engine.executors import pool
from sim.engine.store import RunStore
from sim.failures import Failure
from sim.keys import run_key
from sim.replication import Measured, ReplicationFailed, Task

if TYPE_CHECKING:
    from sim.scenario import Scenario

Progress = Callable[[int, int], None]
"""Told (replications done, replications in all)."""

COLUMNS = ("policy", "replication", "window", "metric", "value")
FLOW_COLUMNS = ("policy", "replication", "week", "flow", "value")
LAW_COLUMNS = ("policy", "replication", "law", "where", "lhs", "rhs", "tolerance", "unit", "sign", "holds", "why_not")
SERIES_COLUMNS = ("replication", "week", "series", "amount", "base")


@dataclass(frozen=True)
class Setup:
    """What was run, as plain values: enough to label, repeat and judge a study without the scenario at hand."""

    scenario: str
    """Name of the scenario."""
    file: str
    """Its file, as it was given."""
    title: dict[str, str]
    """Its title in zh and en."""
    scenario_hash: str
    """SHA-256 of everything the scenario says."""
    baseline: str
    """Policy the others are compared with."""
    policies: tuple[str, ...]
    """Policies run, in order."""
    policy_titles: dict[str, dict[str, str]]
    """Titles of the policies in zh and en."""
    mechanisms: dict[str, tuple[str, ...]]
    """Mechanisms of each policy."""
    replications: int
    weeks: int
    """Weeks counted, from the end of the warm-up."""
    warmup_weeks: int
    seed: int
    margins: dict[str, float]
    """Equivalence margins by metric, in the metric's unit."""

    @property
    def shown_file(self) -> str:
        """The file as it may be shown: of an absolute path, its folder and name."""
        path = Path(self.file)
        return f"{path.parent.name}/{path.name}" if path.is_absolute() else path.as_posix()


@dataclass(frozen=True)
class Runs:
    """Measures of every replication: ``rows`` has columns policy, replication, window, metric, value."""

    rows: pd.DataFrame
    setup: Setup
    flows: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(FLOW_COLUMNS)))
    """Flows of money and customers by week (sim/flows.py): columns FLOW_COLUMNS; empty if none were kept."""
    laws: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(LAW_COLUMNS)))
    """What each law found in each replication (sim/laws): columns LAW_COLUMNS."""
    series: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(SERIES_COLUMNS)))
    """Weekly series of the baseline (sim/weekly.py), week 0 the first after the warm-up: columns SERIES_COLUMNS."""


def setup_of(scenario: "Scenario", policies: Sequence[str], replications: int, weeks: int, seed: int) -> Setup:
    """Everything about a study that its results have to say about themselves."""
    return Setup(
        scenario=scenario.name,
        file=str(scenario.file),
        title=dict(scenario.title),
        scenario_hash=scenario.hash(),
        baseline=scenario.baseline,
        policies=tuple(policies),
        policy_titles={name: dict(scenario.policies[name].title) for name in policies},
        mechanisms={name: tuple(scenario.policies[name].mechanisms) for name in policies},
        replications=replications,
        weeks=weeks,
        warmup_weeks=scenario.study.warmup_weeks,
        seed=seed,
        margins=dict(scenario.study.margins),
    )


def run_study(
    scenario: "Scenario",
    policies: Sequence[str],
    replications: int,
    weeks: int,
    seed: int,
    workers: int = 1,
    progress: Progress | None = None,
    store: RunStore | None = None,
    cluster: str | None = None,
) -> Runs:
    """Run every policy ``replications`` times.

    Args:
        policies: names of policies of the scenario.
        weeks: weeks counted after the warm-up.
        workers, store, cluster: as in :func:`run_tasks`.
        progress: called after each replication.

    Raises:
        ReplicationFailed: a replication raised; nothing of the study is returned.
        StudyFailed: the store or the pool cannot be used.
    """
    tasks = [Task(scenario, policy, seed, number, weeks) for policy in policies for number in range(replications)]
    done = list(zip(tasks, run_tasks(tasks, workers, progress, store, cluster), strict=True))
    rows = [
        (task.policy, task.replication, window, metric, value)
        for task, found in done
        for window, values in found.windows.items()
        for metric, value in values.items()
    ]
    flows = [
        (task.policy, task.replication, week, flow, value)
        for task, found in done
        for flow, values in found.flows.items()
        for week, value in enumerate(values)
    ]
    laws = [(task.policy, task.replication, *law) for task, found in done for law in found.laws]
    series = [
        (task.replication, week - scenario.study.warmup_weeks, name, amount, base)
        for task, found in done
        if task.policy == scenario.baseline
        for name, (amounts, bases) in found.series.items()
        for week, (amount, base) in enumerate(zip(amounts, bases, strict=True))
    ]
    return Runs(
        pd.DataFrame(rows, columns=list(COLUMNS)),
        setup_of(scenario, policies, replications, weeks, seed),
        pd.DataFrame(flows, columns=list(FLOW_COLUMNS)),
        pd.DataFrame(laws, columns=list(LAW_COLUMNS)),
        pd.DataFrame(series, columns=list(SERIES_COLUMNS)),
    )


def run_tasks(
    tasks: Sequence[Task],
    workers: int = 1,
    progress: Progress | None = None,
    store: RunStore | None = None,
    cluster: str | None = None,
) -> list[Measured]:
    """Run tasks and measure each; results in the order of the tasks, wherever they ran.

    Args:
        store: what it holds is not run again, what is run is kept in it.
        cluster: address of a Dask scheduler, in place of ``workers`` processes.

    Raises:
        ReplicationFailed: one raised an error.
        StudyFailed: the store or the pool cannot be used.
    """
    show = progress or (lambda done, total: None)
    keys = [run_key(task) for task in tasks] if store is not None else []
    found: dict[int, Measured] = {}
    if store is not None:
        found = {number: one for number, key in enumerate(keys) if (one := store.read(key)) is not None}
        show(len(found), len(tasks))

    def keep(number: int, one: Measured | Failure) -> None:
        if isinstance(one, Failure):
            raise ReplicationFailed(tasks[number], one)
        if store is not None:
            store.write(keys[number], tasks[number], one)
        found[number] = one
        show(len(found), len(tasks))

    rest = [(number, task) for number, task in enumerate(tasks) if number not in found]
    with pool(min(workers, len(rest)), cluster) as where:
        dispatch(rest, where, keep)
    return [found[number] for number in range(len(tasks))]
