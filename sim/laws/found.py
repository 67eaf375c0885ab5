"""What the check of one law found: both sides, and whether they agree."""

import math
from collections.abc import Mapping
from typing import Literal, NamedTuple

Sign = Literal["=", "<=", ">="]

ROUNDING = 1e-9
"""Relative error that adding many numbers may leave."""


class Found(NamedTuple):
    """One law over one finished log, as plain values."""

    law: str
    """Its name, a key of sim/words_trust.py."""
    where: str
    """Where the two sides are furthest apart (a part, a kind of car, an account, a visit); empty: nowhere."""
    lhs: float
    rhs: float
    tolerance: float
    """Largest gap that is rounding; nan for a law judged over many replications."""
    unit: str
    sign: Sign
    holds: bool
    why_not: str = ""
    """Why the law does not apply here, a key of sim/words_trust.py; empty if it does."""


def equal(law: str, unit: str, lhs: float, rhs: float, where: str = "", rounding: float = 0.0) -> Found:
    """The two sides are the same, up to ``rounding``."""
    return Found(law, where, float(lhs), float(rhs), rounding, unit, "=", abs(lhs - rhs) <= rounding)


def equal_everywhere(law: str, unit: str, sides: Mapping[str, tuple[float, float]], rounding: float = 0.0) -> Found:
    """The two sides are the same for every item; the worst item is named, or the totals given where all hold.

    Args:
        sides: item to (left, right).
        rounding: largest gap of one item.
    """
    worst = max(sides, key=lambda item: abs(sides[item][0] - sides[item][1]), default="")
    if worst and abs(sides[worst][0] - sides[worst][1]) > rounding:
        return equal(law, unit, *sides[worst], where=worst, rounding=rounding)
    lhs, rhs = (math.fsum(pair[side] for pair in sides.values()) for side in (0, 1))
    return Found(law, "", lhs, rhs, rounding * max(len(sides), 1), unit, "=", True)


def at_most(law: str, unit: str, sides: Mapping[str, tuple[float, float]]) -> Found:
    """For every item the left side never exceeds the right; the item with the least room is named if it does."""
    worst = max(sides, key=lambda item: sides[item][0] - sides[item][1], default="")
    lhs, rhs = sides.get(worst, (0.0, 0.0))
    return Found(law, worst if lhs > rhs else "", float(lhs), float(rhs), 0.0, unit, "<=", lhs <= rhs)


def not_applied(law: str, unit: str, why: str, where: str = "") -> Found:
    """A law that says nothing here."""
    return Found(law, where, math.nan, math.nan, math.nan, unit, "=", True, why)
