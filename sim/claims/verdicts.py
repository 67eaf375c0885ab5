"""Verdicts: an interval beside a claimed value. Reproduced is a statement of equivalence; wide is no success."""

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from sim.claims.readings import Reading, Sum
from sim.comparison import LEVEL, interval

REPRODUCED, DIRECTION, NOT = "reproduced", "direction only", "not reproduced"
UNKNOWN, UNDECIDABLE = "not yet known", "not decidable"
HOLDS, FAILS = "arithmetic holds", "arithmetic fails"
VERDICTS = (REPRODUCED, DIRECTION, NOT, UNKNOWN, HOLDS, FAILS, UNDECIDABLE)


@dataclass(frozen=True)
class Estimate:
    """A mean with its 95 % interval over replications."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Finding:
    """What was found of a reading, in the form of the claim."""

    before: Estimate
    after: Estimate
    """In the form of the claim: a level, a relative change, a difference, a share."""
    difference: Estimate
    """After less before of the metric itself, paired by replication."""
    level_after: Estimate
    """The metric itself after."""


def estimate(values: np.ndarray) -> Estimate:
    """Mean and Student-t interval of the values that are defined."""
    return Estimate(*interval(values[~np.isnan(values)]))


def ratio(top: np.ndarray, bottom: np.ndarray) -> Estimate:
    """Ratio of means with a jackknife interval over replications (Efron 1982)."""
    both = ~(np.isnan(top) | np.isnan(bottom))
    x, y = top[both], bottom[both]
    n = len(x)
    if n == 0 or y.sum() == 0:
        return Estimate(math.nan, math.nan, math.nan)
    whole = x.sum() / y.sum()
    if n == 1:
        return Estimate(float(whole), math.nan, math.nan)
    pseudo = n * whole - (n - 1) * (x.sum() - x) / (y.sum() - y)
    half = float(stdtrit(n - 1, (1 + LEVEL) / 2)) * pseudo.std(ddof=1) / math.sqrt(n)
    mean = float(whole)
    return Estimate(mean, mean - half, mean + half)


def finding(reading: Reading, before: np.ndarray, after: np.ndarray, leads: np.ndarray | None = None) -> Finding:
    """Put the values of both variants into the form of the claim."""
    both = ~(np.isnan(before) | np.isnan(after))
    a, b = before[both], after[both]
    difference = estimate(b - a)
    forms = {
        "level": lambda: estimate(b),
        "points": lambda: difference,
        "relative": lambda: ratio(b - a, a),
        "vanished": lambda: ratio(a - b, a),
        "per_lead": lambda: ratio(b - a, leads[both] if leads is not None else a),
    }
    return Finding(estimate(a), forms[reading.form](), difference, estimate(b))


def judge(reading: Reading, found: Finding) -> str:
    """The verdict on one reading from its intervals alone."""
    after = found.after
    if math.isnan(after.mean) or math.isnan(after.low):
        return UNKNOWN
    if reading.claimed_after is None:
        return _by_direction(reading, found)
    low, high = reading.claimed_after - reading.margin, reading.claimed_after + reading.margin
    if low <= after.low and after.high <= high:
        return REPRODUCED if _same_start(reading, found) else DIRECTION
    if after.low <= high and after.high >= low:
        return UNKNOWN
    return _by_direction(reading, found)


def _by_direction(reading: Reading, found: Finding) -> str:
    low, high = found.difference.low, found.difference.high
    change = found.difference if reading.form == "level" else found.after
    if reading.direction == 0 or (-reading.margin < change.low and change.high < reading.margin):
        return NOT  # a change smaller than the margin is none, however surely it is there
    if low <= 0 <= high:
        # nothing moves at all, or what moves is not yet known to
        return NOT if low == high == 0 or reading.claimed_after is not None else UNKNOWN
    return DIRECTION if (low > 0) == (reading.direction > 0) else NOT


def _same_start(reading: Reading, found: Finding) -> bool:
    """Whether the before stands where the claim has it, within 5 % and the noise."""
    claimed = reading.claimed_before
    if claimed is None:
        return True
    room = 0.05 * abs(claimed)
    return found.before.low - room <= claimed <= found.before.high + room


def judge_sum(item: Sum) -> str:
    """The verdict on a calculation."""
    if item.at_least:
        return HOLDS if item.found >= item.claimed else FAILS
    return HOLDS if abs(item.found - item.claimed) <= item.tolerance * abs(item.claimed) else FAILS


def over_fits(verdicts: list[str]) -> str | None:
    """The verdict of several fits of the same before, the first being the scenario's own.

    Returns:
        The first verdict that is known; None if one fit reproduces the claim and another does not: then the choice of
        knobs decides, not the mechanism. Fits that only differ in how far they miss it do not.
    """
    known = [verdict for verdict in verdicts if verdict != UNKNOWN]
    if REPRODUCED in known and set(known) != {REPRODUCED}:
        return None
    return known[0] if known else UNKNOWN
