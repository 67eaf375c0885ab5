"""Calibration: only the *before* figures are fitted, for the baseline policy; nothing is tuned towards an *after*.

A bounded least-squares fit (scipy) of as many knobs as figures, under common random numbers, so that the function
fitted is smooth and deterministic. The check is made on fresh seeds: estimate and half-width together must lie
within the tolerance of the figure.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import optimize, special

from sim.experiment import run_study
from sim.scenario import Scenario, TargetSettings

FRESH_SEED_STEP = 1_000_003
"""Added to the seed of the fit for the check, so that no replication is used twice."""
CLOSE_ENOUGH = 0.004
"""The fit stops once every figure is met this closely (relative); the check's own noise is larger."""
STEP = 0.04
"""Step of a finite difference, as a share of a knob's range."""

Progress = Callable[[str, int, int], None]
"""Told (what, replications done, replications in all)."""


@dataclass(frozen=True)
class Fit:
    """A fit and its check."""

    targets: tuple[TargetSettings, ...]
    values: dict[str, float]
    """Fitted value of each knob."""
    table: pd.DataFrame
    """A row a target: metric, target, estimate, half_width, limit, within, knob, value, low, high, at_bound."""
    directions: pd.DataFrame
    """Directions in knob space, stiffest first: singular value and the share of each knob (in knob ranges)."""
    evaluations: int

    @property
    def reached(self) -> bool:
        """Whether every figure is met on fresh seeds."""
        return bool(self.table["within"].all())


class _Close(Exception):
    """The fit is close enough; leaves scipy's loop with the point reached."""

    def __init__(self, point: np.ndarray) -> None:
        super().__init__()
        self.point = point


def targets_of(scenario: Scenario, knobs: str | None = None) -> tuple[TargetSettings, ...]:
    """The scenario's figures, with the knobs of a named set in place of its own.

    Raises:
        KeyError: there is no such set.
    """
    calibration = scenario.model.calibration
    if knobs is None:
        return calibration.targets
    other = calibration.other_knobs[knobs]
    return tuple(other.get(target.metric, target) for target in calibration.targets)


def fit(
    scenario: Scenario,
    targets: tuple[TargetSettings, ...],
    replications: int = 16,
    check_replications: int = 60,
    seed: int = 1,
    workers: int = 1,
    progress: Progress | None = None,
) -> Fit:
    """Fit the knobs to the figures and check the result on fresh seeds.

    Args:
        replications: for each evaluation of the fit.
        check_replications: for the check.
    """
    low = np.array([target.low for target in targets])
    high = np.array([target.high for target in targets])
    goal = np.array([target.value for target in targets])
    seen: dict[tuple[float, ...], np.ndarray] = {}
    jacobians: list[np.ndarray] = []

    def settings(z: np.ndarray) -> dict[str, Any]:
        return {target.knob: _rounded(float(x)) for target, x in zip(targets, low + z * (high - low), strict=True)}

    def residuals(z: np.ndarray) -> np.ndarray:
        key = tuple(np.round(z, 9))
        if key not in seen:
            values = _measure(scenario.changed(settings(z)), targets, replications, seed, workers, progress, "fit")
            seen[key] = values.mean(axis=0) / goal - 1
        return seen[key]

    def jacobian(z: np.ndarray) -> np.ndarray:
        here = residuals(z)
        if np.abs(here).max() < CLOSE_ENOUGH and jacobians:
            raise _Close(z)
        columns = []
        for i in range(len(z)):
            step = STEP if z[i] + STEP <= 1 else -STEP
            moved = z.copy()
            moved[i] += step
            columns.append((residuals(moved) - here) / step)
        jacobians.append(np.array(columns).T)
        return jacobians[-1]

    start = np.array([_start(scenario, target) for target in targets])
    try:
        found = optimize.least_squares(
            residuals, start, jac=jacobian, bounds=(0, 1), xtol=1e-3, ftol=1e-4, gtol=1e-5, max_nfev=8
        ).x
    except _Close as close:
        found = close.point
    values = settings(found)
    check = _measure(
        scenario.changed(values), targets, check_replications, seed + FRESH_SEED_STEP, workers, progress, "check"
    )
    return Fit(
        targets,
        values,
        _check_table(targets, values, check, scenario.model.calibration.tolerance_share),
        _directions(targets, jacobians[-1]),
        len(seen),
    )


def _measure(
    scenario: Scenario,
    targets: tuple[TargetSettings, ...],
    replications: int,
    seed: int,
    workers: int,
    progress: Progress | None,
    what: str,
) -> np.ndarray:
    """Metrics of the baseline, one row a replication."""
    tell = None if progress is None else (lambda done, total: progress(what, done, total))
    runs = run_study(scenario, [scenario.baseline], replications, scenario.study.weeks, seed, workers, tell)
    rows = runs.rows[runs.rows["window"] == "all"]
    wide = rows.pivot(index="replication", columns="metric", values="value")
    return wide[[target.metric for target in targets]].to_numpy()


def _start(scenario: Scenario, target: TargetSettings) -> float:
    """Where a knob stands now, as a share of its range."""
    value: Any = scenario.model
    for part in target.knob.split("."):
        value = value[part] if isinstance(value, dict) else getattr(value, part)
    return float(np.clip((value - target.low) / (target.high - target.low), 0.02, 0.98))


def _check_table(
    targets: tuple[TargetSettings, ...], values: dict[str, float], check: np.ndarray, tolerance: float
) -> pd.DataFrame:
    count = len(check)
    rows = []
    for i, target in enumerate(targets):
        mean = check[:, i].mean()
        half = special.stdtrit(count - 1, 0.975) * check[:, i].std(ddof=1) / np.sqrt(count)
        limit = tolerance * abs(target.value)
        value = values[target.knob]
        rows.append(
            {
                "metric": target.metric,
                "target": target.value,
                "estimate": mean,
                "half_width": half,
                "limit": limit,
                "within": bool(abs(mean - target.value) + half <= limit),
                "knob": target.knob,
                "value": value,
                "low": target.low,
                "high": target.high,
                "at_bound": bool(min(value - target.low, target.high - value) < 0.01 * (target.high - target.low)),
            }
        )
    return pd.DataFrame(rows)


def _directions(targets: tuple[TargetSettings, ...], jacobian: np.ndarray) -> pd.DataFrame:
    """Singular values of the scaled Jacobian: a small one is a direction the figures do not determine."""
    _, sizes, directions = np.linalg.svd(jacobian)
    rows = []
    for size, direction in zip(sizes, directions, strict=True):
        row: dict[str, Any] = {"singular_value": size, "flat": bool(size < 0.05 * sizes[0])}
        row |= {target.knob: part for target, part in zip(targets, direction, strict=True)}
        rows.append(row)
    return pd.DataFrame(rows)


def _rounded(value: float) -> float:
    """Four significant digits: more would be false precision, and the file has to be read by people."""
    return float(f"{value:.4g}")


def write_values(scenario: Scenario, values: dict[str, float]) -> None:
    """Put fitted values into the scenario file, touching nothing but the numbers.

    Raises:
        ValueError: a knob's number does not stand on its own line in the file.
    """
    from sim.tomlsource import read_toml

    path = Path(scenario.file)
    source = read_toml(path)
    lines = path.read_text(encoding="utf-8").split("\n")
    for knob, value in values.items():
        parts = tuple(knob.split("."))
        number = source.lines.get(parts)
        pattern = re.compile(rf"(\b{re.escape(parts[-1])}\s*=\s*)-?[0-9][0-9_.eE+-]*")
        if number is None or not pattern.search(lines[number - 1]):
            raise ValueError(f"{scenario.file} has no line that gives {knob} a number")
        lines[number - 1] = pattern.sub(rf"\g<1>{value:g}", lines[number - 1], count=1)
    path.write_text("\n".join(lines), encoding="utf-8")
