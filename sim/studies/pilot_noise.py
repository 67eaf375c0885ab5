"""How one centre's figure scatters over the first weeks of a pilot, with and without the policy.

A real pilot has no twin: one centre lives one history. So its noise is the spread over replications, not that of paired
differences. A replication's history does not depend on the horizon, so horizons of one replication are one life.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.special import stdtrit

from sim.failures import StudyFailed
from sim.metrics import METRICS
from sim.statistics.sample_size import upper_sd
from sim.studies.measuring import per_week
from sim.words import clipped

if TYPE_CHECKING:
    from sim.cells import Cell
    from sim.runner import Runner

Who = Literal["ad_hoc", "policy"]
USUAL = (4, 8, 13, 26, 52)
"""Horizons worth a simulation of their own, weeks; between them effect and spread are interpolated."""
MONTHS_OF_THE_ARTICLE = 13
"""Weeks of the article's pilot: three months."""


@dataclass(frozen=True, eq=False)
class Figures:
    """One metric over the first weeks, from replications of both worlds."""

    metric: str
    weeks: tuple[int, ...]
    """Horizons, rising."""
    ad_hoc: np.ndarray
    """Shape [replication, horizon]; per week where the metric grows with the weeks."""
    policy: np.ndarray
    """The same replications (common random numbers)."""
    later: np.ndarray
    """Ad hoc in weeks 14-26, by replication; empty if not simulated."""

    @property
    def n(self) -> int:
        """Replications in which the metric is defined throughout."""
        return len(self.ad_hoc)

    def mean(self, who: Who, weeks: float) -> float:
        """Mean figure over the first weeks; linear between horizons."""
        return float(np.interp(weeks, self.weeks, getattr(self, who).mean(axis=0)))

    def effect(self, weeks: float) -> tuple[float, float, float]:
        """Policy minus ad hoc over the first weeks, with its paired 95 % t-interval; linear between horizons."""
        paired = self.policy - self.ad_hoc
        middle = paired.mean(axis=0)
        half = stdtrit(self.n - 1, 0.975) * paired.std(axis=0, ddof=1) / np.sqrt(self.n)
        found = [float(np.interp(weeks, self.weeks, values)) for values in (middle, middle - half, middle + half)]
        return found[0], found[1], found[2]

    def sd(self, who: Who, weeks: float, limit: bool = True) -> float:
        """Standard deviation of one centre's figure over so many weeks, at its 80 % upper limit (Browne 1995).

        Between horizons log sd is linear in log weeks; below the first it goes with 1/√weeks. A longer period is taken
        to scatter no more than a shorter one: where chance has it so, the longer one's spread counts for both.
        """
        plain = getattr(self, who).std(axis=0, ddof=1)
        falling = np.maximum.accumulate(plain[::-1])[::-1]
        at = max(float(weeks), self.weeks[0])
        if falling[-1] > 0:
            found = float(np.exp(np.interp(np.log(at), np.log(self.weeks), np.log(falling))))
        else:
            found = float(np.interp(at, self.weeks, falling))
        found *= np.sqrt(max(self.weeks[0] / weeks, 1.0))
        return upper_sd(found, self.n) if limit else found

    def band(self, who: Who, weeks: float, centres: int = 1) -> tuple[float, float]:
        """Where the figure of real centres over the first weeks lies in 19 of 20 cases: a 95 % prediction t-interval.

        The plug-in sd, not its limit; ends the unit does not have are cut.
        """
        unit = METRICS[self.metric].unit
        half = stdtrit(self.n - 1, 0.975) * self.sd(who, weeks, limit=False) * np.sqrt(1 / centres + 1 / self.n)
        middle = self.mean(who, weeks)
        return clipped(middle - float(half), unit), clipped(middle + float(half), unit)

    def drift(self) -> tuple[float, float, float]:
        """Weeks 14-26 minus weeks 1-13 of a centre in which nothing changed, with its 95 % t-interval; nan if unknown.

        What a comparison of before and after would take for the policy's doing.
        """
        if MONTHS_OF_THE_ARTICLE not in self.weeks or len(self.later) != self.n:
            return float("nan"), float("nan"), float("nan")
        change = self.later - self.ad_hoc[:, self.weeks.index(MONTHS_OF_THE_ARTICLE)]
        half = float(stdtrit(self.n - 1, 0.975) * change.std(ddof=1) / np.sqrt(self.n))
        return float(change.mean()), float(change.mean()) - half, float(change.mean()) + half

    def correlation(self) -> float:
        """Correlation of one centre's weeks 1-13 and 14-26 under ad hoc; nan if not simulated."""
        if MONTHS_OF_THE_ARTICLE not in self.weeks or len(self.later) != self.n:
            return float("nan")
        first = self.ad_hoc[:, self.weeks.index(MONTHS_OF_THE_ARTICLE)]
        if first.std() == 0 or self.later.std() == 0:
            return float("nan")
        return float(np.corrcoef(first, self.later)[0, 1])


def horizons(first: int, last: int) -> tuple[int, ...]:
    """Horizons to simulate so that every number of weeks from ``first`` to ``last`` can be interpolated."""
    inside = {weeks for weeks in USUAL if first < weeks < last}
    return tuple(sorted({first, last} | inside))


def simulate(runner: "Runner", cells: "Sequence[Cell]", weeks: Sequence[int], replications: int) -> None:
    """Run every cell over every horizon."""
    runners = [runner.at(horizon) for horizon in weeks]
    runner.expect(len(cells) * len(weeks) * replications)
    # the longest first: processes that finish early still have short ones to do
    for one in reversed(runners):
        one.run([(cell, range(replications)) for cell in cells])


def figures(
    runner: "Runner", ad_hoc: "Cell", policy: "Cell", metric: str, weeks: Sequence[int], replications: int
) -> Figures:
    """A metric of both worlds over every horizon; run first if need be.

    Raises:
        StudyFailed: fewer than two replications in which the metric is defined throughout.
    """
    worlds = []
    for cell in (ad_hoc, policy):
        columns = [runner.at(w).values(cell, metric, replications) / (w if per_week(metric) else 1) for w in weeks]
        worlds.append(np.column_stack(columns))
    whole = np.isfinite(worlds[0]).all(axis=1) & np.isfinite(worlds[1]).all(axis=1)
    if whole.sum() < 2:
        raise StudyFailed(
            f"{metric} 在 {replications} 次重复里只有 {int(whole.sum())} 次有数据，没法估计波动；"
            "请延长周数、增加重复次数，或换指标",
            f"{metric} is defined in only {int(whole.sum())} of {replications} replications: its scatter is unknown; "
            "ask for more weeks or replications, or another metric",
        )
    later = np.array([])
    if 26 in weeks:
        later = runner.at(26).values(ad_hoc, metric, replications, window="second_13_weeks")[whole]
        later = later / (13 if per_week(metric) else 1)
    return Figures(metric, tuple(weeks), worlds[0][whole], worlds[1][whole], later)
