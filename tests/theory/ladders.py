"""A ladder of three levels with a limit on each: exact time to settlement of a claim, the calendar always open.

What happens to a claim (hours throughout):
  * On a level the next meeting comes a gap after the last meeting, or after the claim came to the level; gaps are
    i.i.d. exponential, mean ``gap``. But none waits beyond the limit: the meeting is held at min(gap's end, deadline),
    deadline = arrival on the level + ``limit``. So there is always a meeting at the deadline itself.
  * A meeting on level 1 or 2 settles with chance ``settles`` if the stake is within the level's authority, otherwise
    never. The stake stays with the claim: it is within authority 1 with chance ``within_first``, within authority 2
    with chance ``within_second`` >= ``within_first``.
  * Unsettled at the deadline it goes up at once, and a fresh gap begins. The first meeting on level 3 settles.
  * Nobody loses patience.

Within its authority, meetings that settle come at rate settles / gap (a thinned Poisson process), so a level settles
by x < limit with 1 - exp(-settles x / gap), and passes the claim on with p = exp(-settles limit / gap) (1 - settles);
out of its authority it passes it on surely. A claim leaves level 1 and 2, if at all, at limit and 2 x limit exactly.
That makes the tail below a product, level by level; mean and variance are its integrals. Own derivation.
"""

import math
from typing import NamedTuple

from scipy import special

LEVELS = 3


class Rules(NamedTuple):
    """Settings of a ladder."""

    gap: float
    """Mean gap between meetings, hours."""
    settles: float
    """Chance that a meeting within its authority settles the claim."""
    within_first: float
    """Share of claims within the authority of level 1."""
    within_second: float
    """Share within the authority of level 2."""
    limit: float
    """Longest stay on a level, hours."""

    def kinds(self) -> list[tuple[float, int]]:
        """(share of claims, first level that may settle them, from 0)."""
        return [
            (self.within_first, 0),
            (self.within_second - self.within_first, 1),
            (1 - self.within_second, 2),
        ]

    def rate(self, level: int, first: int) -> float:
        """Rate of meetings that settle, before the deadline."""
        if level == LEVELS - 1:
            return 1 / self.gap
        return self.settles / self.gap if level >= first else 0.0

    def fails_at_deadline(self, level: int, first: int) -> float:
        """Chance that the meeting at the deadline does not settle."""
        if level == LEVELS - 1:
            return 0.0
        return 1 - self.settles if level >= first else 1.0


class Settlement(NamedTuple):
    """Time from the claim's beginning to its settlement, hours, and where it is settled."""

    mean: float
    variance: float
    shares: tuple[float, float, float]
    """Share settled on level 1, 2, 3."""


def settlement(rules: Rules) -> Settlement:
    """Mean and variance of the time to settlement, and shares by level.

    E X = int P(X > t) dt and E X^2 = int 2 t P(X > t) dt, level by level in closed form.
    """
    mean = square = 0.0
    shares = [0.0] * LEVELS
    for share, first in rules.kinds():
        open_claims = share
        for level in range(LEVELS):
            rate = rules.rate(level, first)
            plain, weighted = decay_integrals(rate, rules.limit)
            mean += open_claims * plain
            square += 2 * open_claims * (level * rules.limit * plain + weighted)
            left = open_claims * math.exp(-rate * rules.limit) * rules.fails_at_deadline(level, first)
            shares[level] += open_claims - left
            open_claims = left
    return Settlement(mean, square - mean**2, (shares[0], shares[1], shares[2]))


def unsettled_after(rules: Rules, time: float) -> float:
    """P(time to settlement > time); at a deadline: after the meeting held there."""
    level = int(time // rules.limit)
    if level >= LEVELS:
        return 0.0
    total = 0.0
    for share, first in rules.kinds():
        for passed in range(level):
            share *= math.exp(-rules.rate(passed, first) * rules.limit) * rules.fails_at_deadline(passed, first)
        total += share * math.exp(-rules.rate(level, first) * (time - level * rules.limit))
    return total


def decay_integrals(rate: float, length: float) -> tuple[float, float]:
    """int_0^length exp(-rate x) dx and int_0^length x exp(-rate x) dx."""
    if rate == 0:
        return length, length**2 / 2
    return -math.expm1(-rate * length) / rate, float(special.gammainc(2, rate * length)) / rate**2
