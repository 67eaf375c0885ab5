"""Textbook cases run with the model of the centre, and each mean over replications held against its exact value.

A Student t statistic a case, with the family-wise limit shared among the cases by Bonferroni; over all cases the
statistics must look like their law (Kolmogorov-Smirnov): too good is as wrong as too bad.
"""

import math
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import special, stats

from sim.experiment import Progress, run_tasks
from sim.replication import Task
from sim.scenario import Scenario, load
from sim.textbook import TextbookCase

FAMILY_ERROR = 0.01
"""Chance that a right model fails anywhere."""
LAW_ERROR = 0.001
"""Chance that the statistics of a right model do not look like their law."""
COLUMNS = ("case", "quantity", "exact", "simulated", "se", "z", "pass", "source")


@dataclass(frozen=True)
class Verification:
    """What came out."""

    table: pd.DataFrame
    """A row a case: COLUMNS; ``z`` is the t statistic, (simulated - exact) / se."""
    replications: int
    seed: int
    limit: float
    """Largest |z| that passes."""
    law_p: float
    """p-value of the statistics of unlike runs against their law; nan for fewer than ten."""

    @property
    def passed(self) -> bool:
        """Whether every case passes and the whole looks like chance."""
        return bool(self.table["pass"].all()) and not self.law_p < LAW_ERROR


def textbooks(folder: Path) -> list[Scenario]:
    """Every scenario of a folder, by name.

    Raises:
        sim.problems.Problems: what is wrong with one of them.
    """
    return [load(path) for path in sorted(folder.glob("*.toml"))]


def name_of(scenario: Scenario, case: TextbookCase) -> str:
    """What a case is called: its file, and its own name if it has one."""
    return f"{scenario.name}: {case.name}" if case.name else scenario.name


def verify(
    scenarios: Sequence[Scenario],
    replications: int = 20,
    seed: int = 1,
    workers: int = 1,
    progress: Progress | None = None,
    wanted: Callable[[str], bool] = lambda name: True,
) -> Verification:
    """Run every wanted case and compare.

    Args:
        replications: of each case, at least 2.
        wanted: told the name of a case; False leaves it out.
    """
    runs: dict[tuple[str, str, str], list[Task]] = {}
    cases: list[tuple[str, tuple[str, str, str], int, TextbookCase]] = []
    for scenario in scenarios:
        for number, case in enumerate(scenario.model.textbook):
            name = name_of(scenario, case)
            if not wanted(name):
                continue
            key = (scenario.file, case.policy or scenario.baseline, repr(sorted(case.set.items())))
            if key not in runs:
                changed = scenario.changed(dict(case.set)) if case.set else scenario
                # luck of its own for each group of runs: under common numbers all cases would err to the same side
                own = seed * 2**32 + zlib.crc32("|".join((scenario.name, *key[1:])).encode())
                runs[key] = [Task(changed, key[1], own, r, changed.study.weeks) for r in range(replications)]
            cases.append((name, key, number, case))
    tasks = [task for group in runs.values() for task in group]
    found = iter(run_tasks(tasks, workers, progress))
    measured = {key: [next(found).textbook for _ in group] for key, group in runs.items()}
    limit = float(special.stdtrit(replications - 1, 1 - FAMILY_ERROR / max(len(cases), 1) / 2))
    rows = [_row(name, case, np.array([m[number] for m in measured[key]]), limit) for name, key, number, case in cases]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    first = {key: i for i, (_, key, _, _) in reversed(list(enumerate(cases)))}
    return Verification(table, replications, seed, limit, _law(table["z"].iloc[sorted(first.values())], replications))


def _row(name: str, case: TextbookCase, values: np.ndarray, limit: float) -> tuple[object, ...]:
    mean, error = float(values.mean()), float(values.std(ddof=1) / math.sqrt(len(values)))
    gap = mean - case.exact
    # a quantity without any noise has to be met exactly
    z = gap / error if error > 0 else (0.0 if abs(gap) <= 1e-9 * max(abs(case.exact), 1) else math.inf)
    return name, case.quantity, case.exact, mean, error, z, bool(abs(z) <= limit), case.source


def _law(z: pd.Series, replications: int) -> float:
    """Are the statistics of unlike runs Student t? Quantities of the same run are one observation, not two."""
    noisy = z[np.isfinite(z) & (z != 0)]
    if len(noisy) < 10:
        return math.nan
    return float(stats.kstest(noisy, stats.t(replications - 1).cdf).pvalue)
