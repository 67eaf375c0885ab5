"""One assumption at a time at both ends of its range: does the verdict turn, and at which value?

Everything else stays as it is written, and all values live with the same luck. Only the ends are looked at; between a
value whose verdict holds and an end where it does not, halving finds where it turns.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sim.comparison import LEVEL, differences, interval, verdict
from sim.metrics import METRICS
from sim.runner import Runner
from sim.studies.factors import Factor, refused
from sim.studies.screening import Pair

HALVINGS = 5
"""A turning value is bracketed to 1/32 of the way from the value to the end of the range."""
NAN = (math.nan, math.nan, math.nan)


@dataclass(frozen=True)
class Reading:
    """The paired difference at one value of an assumption, its verdict, and the level under the policy."""

    difference: tuple[float, float, float] = NAN
    """Mean, low and high end of its 95 % interval."""
    level: tuple[float, float, float] = NAN
    verdict: str = "not_yet_known"
    slack: dict[str, float] | None = None
    """By verdict, how far the intervals are from losing it (positive: it holds), in the metric's unit."""


@dataclass(frozen=True)
class Turn:
    """Where a verdict turns: between ``inside``, where it still holds, and ``outside``, where it does not."""

    inside: float
    outside: float
    at: float
    to: str
    """Verdict at ``outside``."""

    @property
    def resolution(self) -> float:
        """Width of the bracket."""
        return abs(self.outside - self.inside)


@dataclass(frozen=True)
class Swing:
    """An assumption at both ends of its range."""

    factor: Factor
    low: Reading
    high: Reading
    below: Turn | None
    """Where the verdict turns on the way to the low end; None if it does not."""
    above: Turn | None

    @property
    def size(self) -> float:
        """Distance between the differences at the two ends."""
        return abs(self.high.difference[0] - self.low.difference[0])


def tornado(
    runner: Runner, pair: Pair, factors: Sequence[Factor], replications: int, search: bool = True
) -> tuple[Reading, list[Swing]]:
    """The reading as everything is written, and each factor's swing, largest first; the null factor's last.

    Args:
        search: look for the value at which a verdict turns.
    """
    moving = [*factors, pair.null]
    ends = [(factor, end) for factor in moving for end in (factor.low, factor.high)]
    cells = [pair.at([]), *(pair.at([end]) for end in ends)]
    runner.run((cell, range(replications)) for both in cells for cell in both)

    def reading(factor: Factor, at: float) -> Reading:
        return read(runner, pair, factor, at, replications)

    base = read(runner, pair, pair.null, pair.null.value, replications)
    found = {(factor.key, end): reading(factor, end) for factor, end in ends}
    lost = [
        (factor, end)
        for factor, end in ends
        if search and base.verdict != "not_yet_known" and end != factor.value
        and found[factor.key, end].verdict != base.verdict
    ]  # fmt: skip
    turns = _turns(runner, pair, lost, found, base, replications, reading)
    swings = [
        Swing(
            factor, found[factor.key, factor.low], found[factor.key, factor.high],
            turns.get((factor.key, factor.low)), turns.get((factor.key, factor.high)),
        )
        for factor in moving
    ]  # fmt: skip
    ordered = sorted(swings[:-1], key=lambda swing: -swing.size if math.isfinite(swing.size) else math.inf)
    return base, [*ordered, swings[-1]]


def read(runner: Runner, pair: Pair, factor: Factor, at: float, replications: int) -> Reading:
    """The difference and the level at one value; replications without the metric are left out in pairs."""
    baseline, policy = (runner.values(cell, pair.metric, replications) for cell in pair.at([(factor, at)]))
    both = ~(_undefined(baseline) | _undefined(policy))
    return judged(pair.metric, baseline[both], policy[both], runner.scenario.study.margins.get(pair.metric, math.nan))


def judged(metric: str, baseline: Any, policy: Any, margin: float) -> Reading:
    """Interval and verdict of paired values, as ``sim compare`` gives them."""
    d = differences(baseline, policy)
    mean, low, high = interval(d)
    _, inner_low, inner_high = interval(d, level=2 * LEVEL - 1)
    row = {
        "difference_low": low, "difference_high": high, "equivalence_low": inner_low, "equivalence_high": inner_high,
        "margin": margin, "better": METRICS[metric].better if metric in METRICS else "neither", "family": False,
    }  # fmt: skip
    # an effect counts while its interval leaves out 0 and it is not surely within the margin
    beyond = math.inf if math.isnan(margin) else max(-margin - inner_low, inner_high - margin)
    slack = {
        "up": min(low, beyond), "down": min(-high, beyond),
        "equal": -math.inf if math.isnan(margin) else min(margin + inner_low, margin - inner_high),
    }  # fmt: skip
    return Reading((mean, low, high), interval(policy), verdict(row), slack)


def _turns(
    runner: Runner,
    pair: Pair,
    lost: Sequence[tuple[Factor, float]],
    found: dict[tuple[str, float], Reading],
    base: Reading,
    replications: int,
    reading: Callable[[Factor, float], Reading],
) -> dict[tuple[str, float], Turn]:
    """Halve the way from the value to each end at which the verdict is lost; all ends at once."""
    inside = {(factor.key, end): (factor.value, base) for factor, end in lost}
    outside = {(factor.key, end): (end, found[factor.key, end]) for factor, end in lost}
    for _ in range(HALVINGS):
        middles = []
        for factor, end in lost:
            place = factor.key, end
            middle = (inside[place][0] + outside[place][0]) / 2
            middle = float(math.floor(middle)) if factor.whole else middle
            here = [(factor, middle)]
            if middle in (inside[place][0], outside[place][0]) or refused(runner.scenario, pair.at([]), here):
                continue  # no whole number is left between them, or none that the scenario can hold
            middles.append((factor, end, middle))
        runner.run((cell, range(replications)) for f, _, at in middles for cell in pair.at([(f, at)]))
        for factor, end, middle in middles:
            there = reading(factor, middle)
            kept = inside if there.verdict == base.verdict else outside
            kept[factor.key, end] = (middle, there)
    return {
        (factor.key, end): _turn(factor, base, *inside[factor.key, end], *outside[factor.key, end])
        for factor, end in lost
    }


def _turn(factor: Factor, base: Reading, a: float, holds: Reading, b: float, broken: Reading) -> Turn:
    """The turning value within its bracket: where the slack, drawn straight between the two, is used up."""
    side = "equal" if base.verdict == "equal" else "up" if base.difference[0] > 0 else "down"
    have, lack = ((one.slack or {}).get(side, math.nan) for one in (holds, broken))
    share = have / (have - lack) if have > 0 >= lack and math.isfinite(have - lack) else 0.5
    # of whole numbers the first at which the verdict does not hold
    return Turn(a, b, b if factor.whole else a + share * (b - a), broken.verdict)


def _undefined(values: Any) -> Any:
    return values != values
