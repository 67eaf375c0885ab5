"""A dispute on a ladder of three levels with a time limit each. Hours.

Meetings follow one another after independent exponential gaps; a meeting settles with chance q what is within the
level's authority. Who has not settled by the limit meets once more at the limit itself, then the claim goes up. A
director's first meeting settles everything.
"""

import math
from dataclasses import dataclass

from scipy import integrate


@dataclass(frozen=True)
class Ladder:
    """Law of one ladder, clocks that never stop."""

    gap: float
    """Mean hours between meetings."""
    settles: float
    """Chance q that a meeting within its authority settles."""
    limit: float
    """Hours a level."""
    within: tuple[float, float]
    """Share of claims whose stake is within the authority of level 1, and of level 2."""

    def _level(self, able: bool) -> tuple[float, float, float]:
        """Of a level that can settle (or cannot): share settled, mean hours there, mean square of hours.

        Settling meetings before the limit are a Poisson process of rate q / gap; one more meeting stands at the limit.
        """
        if not able:
            return 0.0, self.limit, self.limit**2
        speed, at_limit = self.settles / self.gap, math.exp(-self.settles / self.gap * self.limit)
        share = 1 - at_limit * (1 - self.settles)
        hours = (1 - at_limit) / speed
        square = integrate.quad(lambda t: 2 * t * math.exp(-speed * t), 0, self.limit)[0]
        return share, hours, square

    def _director(self) -> tuple[float, float]:
        """Mean and mean square of the hours until the director's meeting: the smaller of a gap and the limit."""
        hours = self.gap * (1 - math.exp(-self.limit / self.gap))
        return hours, integrate.quad(lambda t: 2 * t * math.exp(-t / self.gap), 0, self.limit)[0]

    def _kinds(self) -> list[tuple[float, bool, bool]]:
        """Shares of claims by (level 1 may settle, level 2 may settle)."""
        one, two = self.within
        return [(one, True, True), (two - one, False, True), (1 - two, False, False)]

    def mean_hours(self) -> float:
        """Mean time to settlement."""
        total = 0.0
        for share, first, second in self._kinds():
            settled1, hours1, _ = self._level(first)
            settled2, hours2, _ = self._level(second)
            total += share * (hours1 + (1 - settled1) * (hours2 + (1 - settled2) * self._director()[0]))
        return total

    def share_at(self, level: int) -> float:
        """Share settled on a level, 1 to 3."""
        found = [0.0, 0.0, 0.0]
        for share, first, second in self._kinds():
            settled1, settled2 = self._level(first)[0], self._level(second)[0]
            found[0] += share * settled1
            found[1] += share * (1 - settled1) * settled2
            found[2] += share * (1 - settled1) * (1 - settled2)
        return found[level - 1]

    def share_open(self, hours: float) -> float:
        """Share still open after ``hours``, which lie on level 1 or 2: less than two limits.

        A level ends for those it does not settle exactly at its limit.
        """
        speed, total = self.settles / self.gap, 0.0
        for share, first, second in self._kinds():
            if hours < self.limit:
                total += share * (math.exp(-speed * hours) if first else 1.0)
            else:
                left = 1 - self._level(first)[0]
                total += share * left * (math.exp(-speed * (hours - self.limit)) if second else 1.0)
        return total


def without_limit_mean_hours(gap: float, settles: float) -> float:
    """Mean time to settlement by meetings alone, all within authority: a geometric number of gaps."""
    return gap / settles
