"""The best of those that keep all limits, with a guarantee: feasibility and comparison by pairs, side by side.

As in Andradóttir and Kim (2010), a system leaves when it surely breaks a limit, or when one that surely keeps all
limits has won against it (sim/statistics/kim_nelson.py). What a pair's walk has decided stays decided: it waits
until the winner's limits are known, and is void if the winner breaks one.

The error is shared out so that the data of both parts may be the same. Let b be the best of those that keep all limits.
Wrong is: b is said to break one of its s limits; or one of the k − 1 others is chosen that breaks a limit by more than
its tolerance, for which that limit must have been called kept; or that is worse than b by δ or more, for which it must
have won against b. So one error of α/(k − 1 + s) for each comparison and each limit is enough (Bonferroni); without
limits it is Kim and Nelson's α/(k − 1). k counts all systems, not the survivors: their number depends on the same data.

Kim and Nelson prove that the best is found if it leads by δ. Where several lie within δ of one another, b may be beaten
by one of them, and that one by another that is far from b. So the one chosen must itself have won against every
other that is not infeasible; where that is still open, the two are sampled on. If somebody has won against it, the
comparisons go round in a circle, and nothing is guaranteed.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.statistics.feasibility import checked, looks
from sim.statistics.kim_nelson import pairs

Status = Literal["best", "survivor", "beaten", "infeasible", "undecided"]
Why = Literal["", "capped", "undecided", "circle", "none_feasible"]


@dataclass(frozen=True)
class Selection:
    """Where a selection stands."""

    wanted: dict[int, int]
    """Replications that systems must have before it can go on; empty when it has ended."""
    best: int | None
    """The system chosen; None if no limit-keeping one is known."""
    guaranteed: bool
    why: Why
    """What the guarantee fails on."""
    status: tuple[Status, ...]
    """Of each system. Survivor: not beaten when the replications ran out. Undecided: nor its limits known."""
    used: np.ndarray
    """Replications of each system that the decisions rest on."""
    left: np.ndarray
    """Replications after which each system left; 0 if it never did."""
    known: np.ndarray
    """Systems × limits: the look at which it was known whether it is kept; 0 if it is not."""
    kept: np.ndarray
    error: float
    """Of one comparison or limit."""


def share_of_error(systems: int, limits: int, alpha: float) -> float:
    """The error of one comparison and of one limit: α/(k − 1 + s)."""
    return min(alpha / max(systems - 1 + limits, 1), 0.499)


def select(
    values: np.ndarray, have: np.ndarray, slack: np.ndarray, tolerance: np.ndarray, delta: float, alpha: float, n0: int,
    most: int,
) -> Selection:  # fmt: skip
    """Decide as far as there are data. It looks at every replication in order: how data came in does not matter.

    Args:
        values: replications × systems, larger is better; the first n0 rows are there, nan where not sampled.
        have: replications of each system that are there.
        slack, tolerance: as in :func:`sim.statistics.feasibility.checked`.
        delta: what makes no difference.
        alpha: chance of a wrong choice, over everything.
        n0: replications of the first stage.
        most: replications a system may have.

    Raises:
        ValueError: as in :func:`sim.statistics.kim_nelson.eta`.
    """
    return _Selecting(values, have, slack, tolerance, delta, alpha, n0, most).run()


class _Selecting:
    def __init__(
        self, values: np.ndarray, have: np.ndarray, slack: np.ndarray, tolerance: np.ndarray, delta: float,
        alpha: float, n0: int, most: int,
    ) -> None:  # fmt: skip
        self.values, self.have, self.n0, self.most = values[:most], have, n0, most
        self.count = values.shape[1]
        self.error = share_of_error(self.count, slack.shape[2], alpha)
        self.when, self.wins = pairs(self.values, n0, self.error, delta)
        self.known, self.kept = checked(slack[:most], tolerance, looks(n0, most), self.error)
        self.left = np.zeros(self.count, dtype=int)
        self.infeasible = np.zeros(self.count, dtype=bool)
        self.feasible = np.zeros(self.count, dtype=bool)

    @property
    def active(self) -> np.ndarray:
        return self.left == 0

    def run(self) -> Selection:
        for r in range(self.n0, self.most + 1):
            short = self.active & (self.have < r)
            if short.any():
                return self._found(r, None, "", {int(i): r for i in np.flatnonzero(short)})
            if self._screened(r):
                return self._found(r, self._ahead(r), "circle")
            if not self.active.any():
                return self._found(r, None, "none_feasible")
            if self.active.sum() == 1 and self.feasible[self.active].all():
                return self._confirmed(int(np.flatnonzero(self.active)[0]), r)
        rivals = int((self.active & self.feasible).sum())
        return self._found(self.most, self._ahead(self.most), "capped" if rivals > 1 else "undecided")

    def _screened(self, r: int) -> bool:
        """Let go whoever leaves after r replications; True if all that keep their limits are beaten by one another."""
        decided = (self.known > 0) & (self.known <= r)
        broken = self.active & (decided & ~self.kept).any(axis=1)
        self.left[broken], self.infeasible = r, self.infeasible | broken
        self.feasible = self.active & (decided & self.kept).all(axis=1)
        ahead = self.wins & (self.when <= r) & self.feasible[:, None] & self.active[None, :]
        beaten = ahead.any(axis=0)
        if self.feasible.any() and beaten[self.feasible].all():
            return True
        self.left[beaten] = r
        self.feasible &= ~beaten
        return False

    def _ahead(self, r: int) -> int | None:
        """The one with the best mean among those known to keep all limits."""
        if not self.feasible.any():
            return None
        return int(np.argmax(np.where(self.feasible, self.values[:r].mean(axis=0), -np.inf)))

    def _confirmed(self, best: int, r: int) -> Selection:
        """The last one left, once it has won against each of the others itself."""
        others = np.flatnonzero(~self.infeasible & (np.arange(self.count) != best))
        wanted: dict[int, int] = {}
        used = self._used(r)
        for j in others:
            exit_at = int(self.when[best, j])
            both = int(min(self.have[best], self.have[j], self.most))
            if exit_at == 0 and both < self.most:
                wanted |= {int(i): both + 1 for i in (j, best) if self.have[i] <= both}
            for i in (j, best):
                used[i] = max(used[i], exit_at or self.most)
        if wanted:
            return self._found(r, None, "", wanted)
        why: Why = ""
        if (self.when[best, others] == 0).any():
            why = "capped"
        if self.wins[others, best].any():
            why = "circle"
        return self._found(r, best, why, used=used)

    def _used(self, r: int) -> np.ndarray:
        return np.where(self.active, r, self.left)

    def _found(
        self, r: int, best: int | None, why: Why, wanted: dict[int, int] | None = None, used: np.ndarray | None = None
    ) -> Selection:
        used = self._used(r) if used is None else used
        known = np.where(self.known <= used[:, None], self.known, 0)
        status = tuple(self._status(i, best) for i in range(self.count))
        sure = best is not None and why == "" and not wanted
        return Selection(
            wanted or {}, best, sure, why, status, used, self.left.copy(), known, self.kept & (known > 0), self.error
        )  # fmt: skip

    def _status(self, i: int, best: int | None) -> Status:
        if i == best:
            return "best"
        if self.infeasible[i]:
            return "infeasible"
        if self.left[i]:
            return "beaten"
        return "survivor" if self.feasible[i] else "undecided"
