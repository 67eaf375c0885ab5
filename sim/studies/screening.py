"""Which assumptions matter at all: Morris' elementary effects, of groups of assumptions first, then of their members.

Each trajectory lives with luck of its own, the same for all its points, so that effects are averaged over luck as well
as over the other assumptions; what its replications disagree on is the noise an effect is held against.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from sim.cells import Cell
from sim.failures import StudyFailed
from sim.runner import Runner
from sim.statistics.global_sensitivity import Screening, screening, trajectories
from sim.studies.factors import NULL, Factor, moved, refused

TRIES = 10
"""Trajectories looked at for each one needed, before it is said that the ranges go together too rarely."""
FEWEST = 2
ROUNDING = 1e-12
"""Share of the largest value below which a change is rounding, as where differences are compared."""


@dataclass(frozen=True)
class Pair:
    """What is compared: the baseline's and the policy's cell, and the metric of both."""

    baseline: Cell
    policy: Cell
    metric: str
    null: Factor = NULL
    """Moved along with the others: its effect must be exactly 0."""

    def at(self, coordinates: Sequence[tuple[Factor, float]]) -> tuple[Cell, Cell]:
        """Both cells with factors at other coordinates."""
        return moved(self.baseline, coordinates), moved(self.policy, coordinates)


@dataclass(frozen=True)
class Screened:
    """Morris measures by factor (or group) name, of the difference and of the level under the policy."""

    names: tuple[str, ...]
    difference: Screening
    level: Screening
    trajectories: int
    """Trajectories the measures rest on."""
    lost: int
    """Trajectories run in which the metric was undefined at some point."""
    redrawn: int
    """Trajectories not run, since the scenario could not hold one of their points."""

    def place(self, name: str) -> int:
        """Where a factor or group stands in the arrays."""
        return self.names.index(name)

    def stands_out(self) -> tuple[str, ...]:
        """Those above their noise floor in the difference, largest first."""
        found = self.difference
        order = np.argsort(-found.mu_star, kind="stable")
        return tuple(self.names[i] for i in order if found.mu_star[i] > found.noise_floor[i])

    def in_doubt(self) -> tuple[str, ...]:
        """Those whose effect cannot be told from noise, which does not mean that there is none; largest first."""
        found = self.difference
        order = np.argsort(-found.mu_star, kind="stable")
        return tuple(self.names[i] for i in order if 0 < found.mu_star[i] <= found.noise_floor[i])


def screen(
    runner: Runner, pair: Pair, factors: Sequence[Factor], together: bool, wanted: int, per_point: int
) -> Screened:
    """Morris measures of factors, or of their groups.

    Args:
        together: move all factors of a group in one step.
        wanted: trajectories.
        per_point: replications of each point, at least 2.

    Raises:
        StudyFailed: the scenario refuses nearly all combinations, or the metric is undefined in nearly all.
    """
    moving = [*factors, pair.null]
    groups = [factor.group if together else factor.key for factor in moving]
    points, redrawn = _possible(runner, pair, moving, groups, wanted)
    cells = [[pair.at(_coordinates(moving, point)) for point in trajectory] for trajectory in points]
    runner.run(
        (cell, range(t * per_point, (t + 1) * per_point))
        for t, trajectory in enumerate(cells)
        for both in trajectory
        for cell in both
    )
    values = np.array([[_values(runner, pair, both, per_point, t) for both in line] for t, line in enumerate(cells)])
    whole = np.isfinite(values).all(axis=(1, 2, 3))
    if whole.sum() < FEWEST:
        raise StudyFailed(
            f"指标 {pair.metric} 在几乎所有组合里都没有定义，无法筛查。请换一个指标，或用 --assumptions 只看几条假设。",
            f"{pair.metric} is undefined in nearly all combinations, so nothing can be screened. Take another metric, "
            "or name a few assumptions with --assumptions.",
        )
    kept, values = points[whole], values[whole]
    policy, baseline = values[..., 1], values[..., 0]
    tiny = ROUNDING * float(np.abs(values).max())
    difference = screening(kept, policy - baseline, groups, runner.seed, tiny)
    level = screening(kept, policy, groups, runner.seed, tiny)
    names, lost = tuple(dict.fromkeys(groups)), int((~whole).sum())
    return Screened(names, difference, level, len(kept), lost, redrawn)


def _values(runner: Runner, pair: Pair, both: tuple[Cell, Cell], per_point: int, trajectory: int) -> np.ndarray:
    """Shape (replications, 2): baseline and policy."""
    first = trajectory * per_point
    return np.stack([runner.values(cell, pair.metric, per_point, first=first) for cell in both], axis=1)


def _coordinates(factors: Sequence[Factor], point: np.ndarray) -> list[tuple[Factor, float]]:
    return [(factor, factor.coordinate(float(share))) for factor, share in zip(factors, point, strict=True)]


def _possible(
    runner: Runner, pair: Pair, factors: Sequence[Factor], groups: list[str], wanted: int
) -> tuple[np.ndarray, int]:
    """The first trajectories all of whose points the scenario can hold, and how many were passed over."""
    found, passed, last = [], 0, ""
    for trajectory in islice(trajectories(groups, runner.seed), TRIES * wanted):
        against = None
        for point in trajectory:
            against = refused(runner.scenario, [pair.policy], _coordinates(factors, point))
            if against is not None:
                break
        if against is None:
            found.append(trajectory)
            if len(found) == wanted:
                break
        else:
            passed, last = passed + 1, str(against)
    if len(found) < min(FEWEST, wanted):
        raise StudyFailed(
            f"场景拒绝了几乎所有的取值组合，无法筛查。最后一次：{last}",
            f"The scenario refuses nearly all combinations of values, so nothing can be screened. The last one: {last}",
        )
    return np.array(found), passed
