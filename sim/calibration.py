"""Calibration: only the *before* figures are fitted, for the baseline policy; nothing is tuned towards an *after*.

Newton steps with bounded linear least squares (scipy) on as many knobs as figures, under common random numbers, so
that the function fitted is deterministic; slopes by finite differences once, then Broyden's updates. The
check is made on fresh seeds: estimate and half-width together must lie within the tolerance of the figure.
"""

import logging
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
LOGGER = logging.getLogger(__name__)
ROUGH, CLOSE = 0.03, 0.01
"""Relative distance to the figures at which the rough and the fine stage of the fit stop."""
MOST_STEPS = 6
"""Newton steps in each stage."""
STEP = 0.05
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


def with_knobs(scenario: Scenario, knobs: str | None = None) -> tuple[Scenario, tuple[TargetSettings, ...]]:
    """The scenario and its figures, with a named set of knobs in place of its own.

    Raises:
        KeyError: there is no such set.
    """
    calibration = scenario.model.calibration
    if knobs is None:
        return scenario, calibration.targets
    other = calibration.other_knobs[knobs]
    replaced = {target.metric: target for target in other.targets}
    targets = tuple(replaced.get(target.metric, target) for target in calibration.targets)
    return scenario.changed(dict(other.fixed)), targets


def many_fits(
    scenario: Scenario,
    replications: int = 24,
    seed: int = 1,
    workers: int = 1,
    progress: Progress | None = None,
    check_replications: int = 60,
    known: dict[str, dict[str, float]] | None = None,
) -> pd.DataFrame:
    """Carry the same before figures by every set of knobs and look how far apart the afters lie.

    The scenario's own set is taken as the scenario holds it; the others are fitted.

    Args:
        check_replications: for the check of each fit and for its afters, on fresh seeds.
        known: values fitted before, by set of knobs; those sets are only checked.

    Returns:
        A row a set, policy and metric: knobs, reached, fitted (key=value;…), policy, metric, before, after,
        after_low, after_high (95 % of the after's mean), so that a verdict that the choice of knobs can turn is seen.
    """
    rows = []
    metrics = [target.metric for target in scenario.model.calibration.targets]
    for name in (None, *scenario.model.calibration.other_knobs):
        changed, targets = with_knobs(scenario, name)
        all_values = _own(scenario) if name is None else (known or {}).get(name)
        if all_values is None:
            found = fit(changed, targets, replications, 4, seed, workers, progress)
            all_values = _fixed(scenario, name) | found.values
        fitted = changed.changed(dict(all_values))
        tell = None if progress is None else (lambda done, total: progress("check", done, total))
        seeds = seed + FRESH_SEED_STEP
        runs = run_study(fitted, list(fitted.compared), check_replications, fitted.study.weeks, seeds, workers, tell)
        whole = runs.rows[runs.rows["window"] == "all"]
        before = whole[whole["policy"] == fitted.baseline].pivot(index="replication", columns="metric", values="value")
        columns = before[[target.metric for target in targets]].to_numpy()
        share = scenario.model.calibration.tolerance_share
        reached = bool(_check_table(targets, all_values, columns, share)["within"].all())
        for policy in fitted.compared:
            if policy == fitted.baseline:
                continue
            for metric in metrics:
                wide = whole[whole["metric"] == metric].pivot(index="replication", columns="policy", values="value")
                mean, half = _interval(wide[policy].to_numpy())
                rows.append(
                    {
                        "knobs": name or "own",
                        "reached": reached,
                        "fitted": ";".join(f"{key}={value:g}" for key, value in all_values.items()),
                        "policy": policy,
                        "metric": metric,
                        "before": wide[fitted.baseline].mean(),
                        "after": mean,
                        "after_low": mean - half,
                        "after_high": mean + half,
                    }
                )
    return pd.DataFrame(rows)


def read_fits(path: Path) -> dict[str, dict[str, float]]:
    """Fitted values by set of knobs, from the table that ``sim many-fits --out`` writes; empty if there is none."""
    if not path.exists():
        return {}
    frame = pd.read_csv(path, encoding="utf-8-sig").drop_duplicates("knobs")
    pairs = {row.knobs: [item.split("=") for item in str(row.fitted).split(";")] for row in frame.itertuples()}
    return {str(knobs): {key: float(value) for key, value in items} for knobs, items in pairs.items()}


def fits_of(scenario_file: str) -> Path:
    """Where a scenario's other fits are looked for: beside it."""
    path = Path(scenario_file)
    return path.with_name(f"{path.stem}.fits.csv")


def _own(scenario: Scenario) -> dict[str, float]:
    """The scenario's own fit: the values it holds, which `sim calibrate --write` put there."""
    return {target.knob: _value(scenario, target) for target in scenario.model.calibration.targets}


def _fixed(scenario: Scenario, knobs: str | None) -> dict[str, float]:
    return dict(scenario.model.calibration.other_knobs[knobs].fixed) if knobs else {}


def fit(
    scenario: Scenario,
    targets: tuple[TargetSettings, ...],
    replications: int = 32,
    check_replications: int = 60,
    seed: int = 1,
    workers: int = 1,
    progress: Progress | None = None,
) -> Fit:
    """Fit the knobs to the figures and check the result on fresh seeds.

    Args:
        replications: for an evaluation in the fine stage; the rough stage and the derivatives take a quarter.
        check_replications: for the check.
    """
    problem = _Problem(scenario, targets, seed, workers, progress)
    few = max(replications // 4, 4)
    z = np.array([_start(scenario, target) for target in targets])
    distance = problem.distance(z, few)
    slopes = problem.slopes(z, distance, few)
    for count, close in ((few, ROUGH), (replications, CLOSE)):
        if count != few:
            distance = problem.distance(z, count)
        for _ in range(MOST_STEPS):
            if np.abs(distance).max() < close:
                break
            step = _newton(z, distance, slopes)
            before, distance = distance, problem.distance(z + step, count)
            # Broyden's update: what the step taught about the slopes, without runs of its own
            slopes = slopes + np.outer(distance - before - slopes @ step, step) / max(step @ step, 1e-12)
            z = z + step
    values = problem.settings(z)
    check = _measure(
        scenario.changed(values), targets, check_replications, seed + FRESH_SEED_STEP, workers, progress, "check"
    )
    table = _check_table(targets, values, check, scenario.model.calibration.tolerance_share)
    return Fit(targets, values, table, _directions(targets, slopes), problem.evaluations)


class _Problem:
    """Relative distance of the baseline from the figures, as a function of the knobs (as shares of their range)."""

    def __init__(
        self,
        scenario: Scenario,
        targets: tuple[TargetSettings, ...],
        seed: int,
        workers: int,
        progress: Progress | None,
    ) -> None:
        self._run = (seed, workers, progress, "fit")
        self._scenario = scenario
        self._targets = targets
        self._low = np.array([target.low for target in targets])
        self._high = np.array([target.high for target in targets])
        self._goal = np.array([target.value for target in targets])
        self.evaluations = 0

    def settings(self, z: np.ndarray) -> dict[str, float]:
        """Values of the knobs."""
        values = self._low + z * (self._high - self._low)
        return {target.knob: _rounded(float(x)) for target, x in zip(self._targets, values, strict=True)}

    def distance(self, z: np.ndarray, replications: int) -> np.ndarray:
        """Estimate over figure, less one, under the same numbers at every point."""
        self.evaluations += 1
        changed = self._scenario.changed(self.settings(z))
        found = _measure(changed, self._targets, replications, *self._run).mean(axis=0) / self._goal - 1
        LOGGER.info("%d: %s -> %s", self.evaluations, self.settings(z), np.round(found, 4))
        return found

    def slopes(self, z: np.ndarray, here: np.ndarray, replications: int) -> np.ndarray:
        """Derivatives by forward differences, a row a figure, a column a knob; ``here`` is the distance at ``z``."""
        columns = []
        for i in range(len(z)):
            step = STEP if z[i] + STEP <= 1 else -STEP
            moved = z.copy()
            moved[i] += step
            columns.append((self.distance(moved, replications) - here) / step)
        return np.array(columns).T


def _newton(z: np.ndarray, distance: np.ndarray, slopes: np.ndarray) -> np.ndarray:
    """A Newton step inside the bounds, no longer than a quarter of a knob's range."""
    low, high = np.maximum(-0.25, -z) - 1e-9, np.minimum(0.25, 1 - z) + 1e-9
    step = optimize.lsq_linear(slopes, -distance, bounds=(low, high)).x
    return np.clip(z + step, 0, 1) - z


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


def _value(scenario: Scenario, target: TargetSettings) -> float:
    """Where a knob stands now."""
    value: Any = scenario.model
    for part in target.knob.split("."):
        value = value[part] if isinstance(value, dict) else getattr(value, part)
    return float(value)


def _start(scenario: Scenario, target: TargetSettings) -> float:
    """Where a knob stands now, as a share of its range."""
    return float(np.clip((_value(scenario, target) - target.low) / (target.high - target.low), 0.02, 0.98))


def _check_table(
    targets: tuple[TargetSettings, ...], values: dict[str, float], check: np.ndarray, tolerance: float
) -> pd.DataFrame:
    rows = []
    for i, target in enumerate(targets):
        mean, half = _interval(check[:, i])
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


def _interval(values: np.ndarray) -> tuple[float, float]:
    """Mean and 95 % half-width over replications."""
    count = len(values)
    return values.mean(), special.stdtrit(count - 1, 0.975) * values.std(ddof=1) / np.sqrt(count)


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
