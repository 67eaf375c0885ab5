"""At which value of a number a metric reaches a level: for a baseline of another height, and for what must be true."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from sim.cells import Cell
from sim.claims.laboratory import Laboratory
from sim.claims.readings import Lever, Reading
from sim.claims.verdicts import Estimate, estimate, finding

POINTS = 4
"""Values of a lever that are run."""


@dataclass(frozen=True)
class Region:
    """How far a claim depends on one number."""

    lever: Lever
    values: tuple[float, ...]
    after: tuple[Estimate, ...]
    """The figure claimed, at each value."""
    reached_at: float | None
    """Value from which the claimed figure is reached, by interpolation; None if at none."""
    rising: bool
    """Whether the claim holds above that value (True) or below it."""


def moved(cell: Cell, key: str, value: float | int) -> Cell:
    """A variant with a key at another value; a mechanism's key moves in this variant only."""
    parts = key.split(".")
    if parts[0] == "mechanisms":
        return cell.with_settings(parts[1], {parts[2]: value}) if parts[1] in cell.mechanisms else cell
    if parts[-1] == "mean" or parts[0] != "workshop":
        return cell.with_changes({key: value})
    return cell.with_changes({key: value, f"workshop.technicians.{_skill(parts[-1])}": value})


def _skill(bay: str) -> str:
    """Technicians move with their bays: a bay without anybody to work on it is no capacity."""
    return {"mechanical": "mechanic", "body": "body_technician"}.get(bay, bay)


def key_for(laboratory: Laboratory, key: str, low: float, high: float, metric: str, level: float) -> float:
    """Value of a key at which the baseline's metric stands at a level (regula falsi under common numbers).

    Returns the nearer end if the level lies outside what the two ends give.
    """

    def distance(value: float) -> float:
        return float(np.nanmean(laboratory.values(Cell(changes={key: value}), metric))) - level

    ends = [(low, distance(low)), (high, distance(high))]
    if ends[0][1] * ends[1][1] > 0:
        return min(ends, key=lambda end: abs(end[1]))[0]
    for _ in range(5):
        (a, fa), (b, fb) = ends
        value = float(f"{a - fa * (b - a) / (fb - fa):.4g}")
        found = distance(value)
        if abs(found) < 0.01 * abs(level):
            return value
        ends = [(a, fa), (value, found)] if fa * found < 0 else [(value, found), (b, fb)]
    return value


def cells_of(lever: Lever, reading: Reading) -> list[tuple[float, Cell, Cell]]:
    """(value, before, after) for each value of a lever."""
    low, high = lever.low, lever.high
    grid: Sequence[float] = [float(f"{value:.4g}") for value in np.linspace(low, high, POINTS)]
    if lever.whole:
        grid = sorted({round(value) for value in grid})
    return [(value, moved(reading.before, lever.key, value), moved(reading.after, lever.key, value)) for value in grid]


def needs_before(reading: Reading) -> bool:
    """Whether the figure claimed is a change; a level can be read without its before."""
    return reading.form != "level"


def region(laboratory: Laboratory, reading: Reading, lever: Lever) -> Region:
    """Run a lever through its range and see where the claimed figure is reached."""
    few = laboratory.few
    values, estimates = [], []
    for value, before, after in cells_of(lever, reading):
        b = laboratory.values(after, reading.metric, reading.window, few)
        values.append(value)
        if not needs_before(reading):
            estimates.append(estimate(b))
            continue
        a = laboratory.values(before, reading.metric, reading.window, few)
        leads = laboratory.values(before, "leads", reading.window, few)
        estimates.append(finding(reading, a, b, leads).after)
    at, rising = crossing(values, [e.mean for e in estimates], reading.claimed_after, reading.direction)
    return Region(lever, tuple(values), tuple(estimates), at, rising)


def crossing(
    values: Sequence[float], means: Sequence[float], claimed: float | None, direction: int
) -> tuple[float | None, bool]:
    """Where a curve first passes the claimed figure, and whether it holds above (True) or below that value.

    The claim counts as met at figures at least as good: at or below a claimed fall, at or above a claimed rise. A claim
    without a direction, such as a share settled at a level, is met where the curve crosses it.
    """
    if claimed is None:
        return None, True
    if direction == 0:
        return _where_it_crosses(values, means, claimed), True
    sign = direction
    good = [sign * (mean - claimed) >= 0 for mean in means]
    rising = sign * (means[-1] - means[0]) >= 0
    order = range(len(values)) if rising else range(len(values) - 1, -1, -1)
    last: int | None = None
    for i in order:
        if good[i]:
            if last is None:
                return values[i], rising
            share = (claimed - means[last]) / (means[i] - means[last])
            return values[last] + share * (values[i] - values[last]), rising
        last = i
    return None, rising


def _where_it_crosses(values: Sequence[float], means: Sequence[float], claimed: float) -> float | None:
    for (x, y), (x2, y2) in pairwise(zip(values, means, strict=True)):
        if (y - claimed) * (y2 - claimed) <= 0 and y != y2:
            return x + (claimed - y) / (y2 - y) * (x2 - x)
    return None
