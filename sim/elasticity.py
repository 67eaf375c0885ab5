"""Elasticity of each *after* to each number that only a mechanism reads: an after that follows its input is that input.

Each number is multiplied by 0.8 and by 1.25 under common random numbers. An elasticity near one, with nothing in
between that moved in the log, says that the figure was put in rather than found.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.experiment import run_study
from sim.problems import Problems
from sim.scenario import Scenario

FACTORS = (0.8, 1.25)
LIKE_AN_INPUT = (0.8, 1.25)
"""Absolute elasticities between these two are flagged."""


def elasticities(
    scenario: Scenario,
    policy: str,
    metrics: Sequence[str],
    replications: int,
    seed: int,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Move each number of the policy's mechanisms and look at the means under the policy.

    Returns:
        A row a key, factor and metric: mechanism, key, value, moved_to, metric, after, after_moved, elasticity
        (relative change of the metric over relative change of the number), like_an_input.
    """
    base = _means(scenario, policy, metrics, replications, seed, workers)
    moves = list(_moves(scenario, policy))
    rows = []
    for number, (mechanism, key, value, moved, changed) in enumerate(moves):
        found = _means(changed, policy, metrics, replications, seed, workers)
        for metric in metrics:
            ratio = (found[metric] / base[metric] - 1) / (moved / value - 1) if base[metric] else np.nan
            rows.append(
                {
                    "mechanism": mechanism,
                    "key": key,
                    "value": value,
                    "moved_to": moved,
                    "metric": metric,
                    "after": base[metric],
                    "after_moved": found[metric],
                    "elasticity": ratio,
                    "like_an_input": bool(LIKE_AN_INPUT[0] <= abs(ratio) <= LIKE_AN_INPUT[1]),
                }
            )
        if progress:
            progress(number + 1, len(moves))
    return pd.DataFrame(rows)


def _moves(scenario: Scenario, policy: str) -> Iterator[tuple[str, str, float, float, Scenario]]:
    """Every number of the policy's mechanisms but prices, moved by each factor as far as its range lets it."""
    for name in scenario.policies[policy].mechanisms:
        mechanism = scenario.mechanisms[name]
        for key in type(mechanism).model_fields:
            value: Any = getattr(mechanism, key)
            if isinstance(value, bool) or not isinstance(value, int | float) or not value or "yuan" in key:
                continue
            for factor in FACTORS:
                moved = type(value)(round(value * factor)) if isinstance(value, int) else value * factor
                if moved == value:
                    moved = value + (1 if factor > 1 else -1)
                if "share" in key:
                    moved = min(moved, 1.0)
                if moved == value:
                    continue
                try:
                    changed = scenario.changed({f"mechanisms.{name}.{key}": moved})
                except Problems:
                    continue  # outside the key's own range
                yield name, key, float(value), float(moved), changed


def _means(
    scenario: Scenario, policy: str, metrics: Sequence[str], replications: int, seed: int, workers: int
) -> dict[str, float]:
    rows = run_study(scenario, [policy], replications, scenario.study.weeks, seed, workers, None).rows
    whole = rows[rows["window"] == "all"]
    return {metric: float(whole.loc[whole["metric"] == metric, "value"].mean()) for metric in metrics}
