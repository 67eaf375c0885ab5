"""A service centre under ad-hoc coordination and under systematic mechanisms. The verbs a notebook uses.

>>> from sim import compare
>>> compare("scenarios/article.toml").chart("two_worlds")  # doctest: +SKIP
"""

# Nothing heavy is imported until a verb is used: `sim --help` and a notebook's first cell stay quick.
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.notebook import ShownComparison
    from sim.scenario import Scenario

__all__ = ["compare", "load"]


def load(path: "str | Path") -> "Scenario":
    """Read and check a scenario file.

    Raises:
        sim.problems.Problems: everything that is wrong with it, each with its line.
    """
    from sim.scenario import load as read

    return read(path)


def compare(
    scenario: "str | Path | Scenario",
    policies: Sequence[str] | None = None,
    replications: int | None = None,
    weeks: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> "ShownComparison":
    """Run policies beside the baseline; what is left out is as the scenario says.

    Args:
        policies: policies to compare with the baseline; all of the scenario's if left out.
        weeks: weeks counted after the warm-up.
        workers: processes; all processors if left out. The results do not depend on it.
        progress: told (replications done, replications in all).

    Raises:
        sim.problems.Problems: everything that is wrong with the scenario or with what was asked.
        sim.experiment.ReplicationFailed: a replication raised an error.
    """
    from sim.comparison import compare as beside
    from sim.experiment import run_study
    from sim.notebook import shown
    from sim.options import Checker, study_options

    asked = study_options(Checker("compare"), scenario, policies, replications, weeks, seed, workers)
    runs = run_study(
        asked.scenario, asked.policies, asked.replications, asked.weeks, asked.seed, asked.workers, progress
    )
    return shown(beside(runs, asked.scenario.baseline, asked.policies))
