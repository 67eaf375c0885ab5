"""Replications until intervals are narrow enough: sequential, stopped by half-width alone.

After n₀ = 10 replications the half-widths are looked at; while one is too wide there are more replications, as many as
the spread seen so far asks for, at most twice as many as there are. Whether an interval leaves out 0 is never looked
at: the half-width says nothing of the sign of a difference, so there is nothing to wait for (Chow & Robbins 1965, Ann.
Math. Stat. 36:457; Law 2015, Simulation Modeling and Analysis, section 9.4.1).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scipy.special import stdtrit

LEVEL = 0.95
FIRST = 10
"""Replications before the first look."""
MOST = 500
"""Replications at which it ends, reached or not."""
WIDEST_SHARE = 0.15
"""Largest relative half-width: beyond it the stopping rule covers too little (Law 2015, section 9.4.1)."""


@dataclass(frozen=True)
class Goal:
    """How narrow the interval of one difference has to be."""

    name: str
    """What the difference is of."""
    width: float
    """Half-width in the unit of the difference; a share of its size if ``relative``."""
    relative: bool = False

    def wanted(self, mean: float) -> float:
        """Half-width asked for.

        A relative one is γ' = γ / (1 + γ) times the estimate, so that the error is at most γ times the true difference
        (Law 2015, section 9.4.1).
        """
        return self.width / (1 + self.width) * abs(mean) if self.relative else self.width


@dataclass(frozen=True)
class Look:
    """One difference at one look."""

    goal: Goal
    half: float
    """Half-width of its interval; nan if there is none."""
    wanted: float
    replications: int
    """In which it is defined."""
    level: float = LEVEL
    """Level of the interval by itself; above 95 % where it is one of several that hold together."""
    where: str = ""
    """What else tells it apart, such as a policy."""

    @property
    def met(self) -> bool:
        """Whether it is narrow enough."""
        return self.half <= self.wanted

    @property
    def empty(self) -> bool:
        """Whether it is never defined: more replications would not help."""
        return self.replications == 0


def until_narrow(
    look: Callable[[int], Sequence[Look]], first: int = FIRST, most: int = MOST
) -> tuple[list[int], list[Look]]:
    """Look after more and more replications until every interval is narrow enough, or ``most`` are done.

    Args:
        look: the half-widths with a number of replications; the earlier ones are among the later ones.
        first: replications at the first look.
        most: replications at the last look at the latest.

    Returns:
        The numbers of replications at which was looked, and the last looks.
    """
    counts = [min(first, most)]
    while True:
        found = list(look(counts[-1]))
        open_ones = [one for one in found if not one.met and not one.empty]
        if not open_ones or counts[-1] >= most:
            return counts, found
        counts.append(next_count(counts[-1], open_ones, most))


def next_count(n: int, open_ones: Sequence[Look], most: int) -> int:
    """Replications at the next look: at least one more, at most twice as many, never above ``most``.

    They are sized from the difference that needs most. One that is defined in some replications only needs more by
    that share.
    """
    needed = 0.0
    for one in open_ones:
        if math.isnan(one.half):
            return min(2 * n, most)
        enough = replications_for(one.half, one.replications, one.wanted, one.level)
        needed = max(needed, enough * n / one.replications if enough else math.inf)
    return int(min(max(n + 1, math.ceil(min(needed, 2 * n))), most))


def replications_for(half: float, replications: int, wanted: float, level: float = LEVEL) -> int:
    """About how many replications bring a half-width down to ``wanted``; 0 if no number does.

    It is n·(h/target)², put right for Student's t, whose quantile is large where replications are few: otherwise
    three replications would ask for five times too many.
    """
    if wanted <= 0:
        return 0
    ratio = half * math.sqrt(replications) / float(stdtrit(replications - 1, (1 + level) / 2)) / wanted
    needed = math.ceil((float(stdtrit(1e6, (1 + level) / 2)) * ratio) ** 2)
    while needed < 2 or float(stdtrit(needed - 1, (1 + level) / 2)) * ratio > math.sqrt(needed):
        needed += 1
    return needed
