"""A comparison with as many replications as it takes: run until the differences asked for are precise enough.

What has to be narrow is the interval that is printed: in the family the simultaneous one, elsewhere the row's own.
The row's own would stop sooner, but the reader, who asked for ± 0.5, would be shown ± 0.7, and the trust panel, which
goes by what is printed, would contradict the study that has just said it is precise.
"""

import contextlib
import math
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sim.comparison import HEADLINE, Comparison, compare, half_width, level_alone
from sim.engine.store import RunStore
from sim.experiment import Progress, run_study
from sim.statistics.precision import FIRST, MOST, Goal, Look, until_narrow

if TYPE_CHECKING:
    from sim.options import StudyOptions
    from sim.scenario import Scenario


@dataclass(frozen=True)
class Sought:
    """How the number of replications was found."""

    goals: tuple[Goal, ...]
    most: int
    """Replications allowed."""
    counts: tuple[int, ...]
    """Replications at each look."""
    looks: tuple[Look, ...]
    """The last looks, one a goal and policy; ``where`` is the policy."""

    @property
    def reached(self) -> bool:
        """Whether every interval asked for is narrow enough."""
        return all(one.met for one in self.looks)

    @property
    def missed(self) -> tuple[Look, ...]:
        """Those that are not."""
        return tuple(one for one in self.looks if not one.met)

    @property
    def asked(self) -> str:
        """What was asked, as the command line takes it."""
        return ",".join(
            f"{goal.name}={100 * goal.width:.10g}%" if goal.relative else f"{goal.name}={goal.width:.10g}"
            for goal in self.goals
        )


def compare_as_asked(
    asked: "StudyOptions", progress: Progress | None = None, store: RunStore | None = None, cluster: str | None = None
) -> Comparison:
    """Run and compare what was asked: so many replications, or until it is precise.

    Raises:
        ReplicationFailed, StudyFailed: as :func:`sim.experiment.run_study`.
    """
    if asked.goals:
        return run_until_precise(
            asked.scenario, asked.policies, asked.goals, asked.weeks, asked.seed, asked.workers, progress, store,
            cluster, asked.family, asked.most,
        )  # fmt: skip
    runs = run_study(
        asked.scenario, asked.policies, asked.replications, asked.weeks, asked.seed, asked.workers, progress, store,
        cluster,
    )  # fmt: skip
    return compare(runs, asked.scenario.baseline, asked.policies, asked.family)


def run_until_precise(
    scenario: "Scenario", policies: Sequence[str], goals: Sequence[Goal], weeks: int, seed: int, workers: int = 1,
    progress: Progress | None = None, store: RunStore | None = None, cluster: str | None = None,
    family: Sequence[str] = HEADLINE, most: int = MOST,
) -> Comparison:  # fmt: skip
    """Compare policies with the baseline until every difference asked for is precise enough, or ``most`` is reached.

    Args:
        policies: baseline first.
        goals: metrics and half-widths; each holds for every policy.
        store: earlier runs are taken from it; without one they are remembered while this runs.
        weeks, seed, workers, progress, cluster: as in :func:`sim.experiment.run_study`.
        family: as in :func:`sim.comparison.compare`.

    Returns:
        The comparison with all replications run; ``sought`` tells how many, and whether that was enough.

    Raises:
        ReplicationFailed: a replication raised an error.
        StudyFailed: the store or the pool cannot be used.
    """
    with contextlib.ExitStack() as stack:
        if store is None:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            store = stack.enter_context(RunStore(Path(folder)))
        made: list[Comparison] = []

        def look(count: int) -> list[Look]:
            runs = run_study(scenario, policies, count, weeks, seed, workers, progress, store, cluster)
            made.append(compare(runs, scenario.baseline, policies, family))
            return looks(made[-1], goals)

        counts, found = until_narrow(look, FIRST, most)
        return replace(made[-1], sought=Sought(tuple(goals), most, tuple(counts), tuple(found)))


def looks(comparison: Comparison, goals: Sequence[Goal]) -> list[Look]:
    """The half-width of every goal under every policy."""
    return [_look(comparison, goal, policy) for goal in goals for policy in comparison.policies]


def _look(comparison: Comparison, goal: Goal, policy: str) -> Look:
    try:
        row = comparison.row(goal.name, policy)
    except KeyError:
        return Look(goal, math.nan, math.nan, 0, where=policy)
    return Look(
        goal, half_width(row), goal.wanted(row["difference"]), int(row["replications"]), level_alone(row), policy
    )
