"""Many replications of several policies, on one or many processes, with the same rows whatever the number of them.

One task is one (policy, replication). Every replication is addressed by (seed, replication), so where and when
it runs cannot change it; rows are put in the order of the study, not of completion.
"""

import multiprocessing
import os
import signal
import threading
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

if TYPE_CHECKING:
    from sim.laws.found import Found
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


class StudyFailed(Exception):
    """A study could not be finished; ``text`` tells the reader why, in zh or en."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self._texts = {"zh": zh, "en": en}

    def text(self, lang: str) -> str:
        """The message in ``lang`` ("zh" or "en")."""
        return self._texts[lang]


class ReplicationFailed(StudyFailed):
    """One replication raised an error; the message holds the command that runs it alone."""

    def __init__(self, task: "Task", failure: "Failure") -> None:
        self.policy, self.seed, self.replication, self.weeks = task[1:]
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


class WorkersLost(StudyFailed):
    """A worker process ended without a word, most often because memory ran out."""

    def __init__(self) -> None:
        super().__init__(
            "有一个工作进程突然结束（多半是内存不够）。请减少 --workers 再试。",
            "A worker process ended abruptly (most often: out of memory). Try fewer --workers.",
        )


class Task(NamedTuple):
    """One replication to run."""

    scenario: "Scenario"
    policy: str
    seed: int
    replication: int
    weeks: int


class Failure(NamedTuple):
    """Why a replication failed; plain text, since not every exception survives the way between processes."""

    error: str
    traceback: str


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
) -> Runs:
    """Run every policy ``replications`` times.

    Args:
        policies: names of policies of the scenario.
        weeks: weeks counted after the warm-up.
        workers: processes; 1 runs in this one. A script that asks for more needs the usual
            ``if __name__ == "__main__":`` guard, since workers are spawned.
        progress: called after each replication.

    Raises:
        ReplicationFailed: a replication raised; nothing of the study is returned.
        WorkersLost: a worker process was ended from outside.
    """
    tasks = [Task(scenario, policy, seed, number, weeks) for policy in policies for number in range(replications)]
    done = list(zip(tasks, run_tasks(tasks, workers, progress), strict=True))
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
    tasks: list["Task"],
    workers: int = 1,
    progress: Progress | None = None,
    each: Callable[[int, "Measured"], None] | None = None,
) -> list["Measured"]:
    """Run tasks and measure each; results in the order of the tasks, whatever the number of processes.

    Args:
        each: told (number of the task, its measures) as soon as one is done, in the order of completion.

    Raises:
        ReplicationFailed, WorkersLost: as :func:`run_study`.
    """
    run = _here if workers <= 1 or len(tasks) <= 1 else _in_processes
    keep = each or (lambda number, found: None)
    return run(tasks, max(min(workers, len(tasks)), 1), progress or (lambda done, total: None), keep)


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
        series = weekly_series(log) if task.policy == task.scenario.baseline else {}
        known = quantities(log, task.scenario.model.textbook)
        return Measured(found, flows, tuple(check(log)), series, known)
    except Exception as error:
        return Failure(f"{type(error).__name__}: {error}", traceback.format_exc())


def _checked(task: Task, found: Measured | Failure) -> Measured:
    if isinstance(found, Failure):
        raise ReplicationFailed(task, found)
    return found


Keep = Callable[[int, Measured], None]


def _here(tasks: list[Task], workers: int, progress: Progress, each: Keep) -> list[Measured]:
    measured: list[Measured] = []
    for task in tasks:
        measured.append(_checked(task, measure_one(task)))
        each(len(measured) - 1, measured[-1])
        progress(len(measured), len(tasks))
    return measured


def _in_processes(tasks: list[Task], workers: int, progress: Progress, each: Keep) -> list[Measured]:
    # fork would copy whatever threads and locks the caller (a notebook) holds; spawn is the same everywhere.
    context = multiprocessing.get_context("spawn")
    lifeline, held = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(workers, context, initializer=_hang_on, initargs=(lifeline,))
    found: dict[int, Measured] = {}
    try:
        futures = {pool.submit(measure_one, task): number for number, task in enumerate(tasks)}
        for future in as_completed(futures):
            number = futures[future]
            found[number] = _checked(tasks[number], future.result())
            each(number, found[number])
            progress(len(found), len(tasks))
    except BrokenProcessPool:
        raise WorkersLost() from None
    finally:
        # After success nobody is at work. After a failure or Ctrl-C cutting the lifeline ends replications that
        # are still running; it is cut by the system too when this process is killed, so there are no orphans.
        if len(found) < len(tasks):
            held.close()
        pool.shutdown(wait=True, cancel_futures=True)
        held.close()
        lifeline.close()
    return [found[number] for number in range(len(tasks))]


def _hang_on(lifeline: Connection) -> None:
    """In a worker: end at once when the parent lets go of the other end of ``lifeline``, however it does so."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides

    def watch() -> None:
        wait([lifeline])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
