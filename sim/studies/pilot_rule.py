"""The rule a pilot is judged by: one function for the plan and for the review.

One centre's figure to date is held against its own weeks before (or a centre that goes on as ever) in a z-test whose
noise is known from the simulation, not measured in the pilot. The limits are those of O'Brien and Fleming, found for
a centre in which nothing changed; the power is that of a centre which the policy changed as simulated.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from scipy.special import ndtr, ndtri

from sim.failures import StudyFailed
from sim.metrics import METRICS
from sim.statistics.group_sequential import ALPHA, Crossings, crossings, spending_bounds
from sim.studies.pilot_noise import Figures, Who

Control = Literal["before", "none", "parallel"]
Decision = Literal["works", "harms", "hopeless", "go_on", "not_yet_known"]
LEAST_GAIN = 1.002
"""Factor by which each look has at least to know more than the one before, or it would be no look of its own."""
LITTLE_HOPE = 0.2
"""Below this chance of still succeeding, stopping for want of an effect is suggested; the error stays as promised."""
LONGEST_BEFORE = 13
"""Weeks before the pilot that count at most; older ones tell of another season."""


def looks(weeks: int, every: int) -> tuple[int, ...]:
    """Weeks at which a pilot is looked at: every so many, and at its end; a last rest of under half joins the end."""
    inside = [week for week in range(every, weeks, every) if weeks - week >= every / 2]
    return (*inside, weeks)


@dataclass(frozen=True, eq=False)
class Design:
    """A pilot: when it is looked at and what each look takes; differences are pilot minus comparison."""

    looks: tuple[int, ...]
    """Weeks since the start."""
    every: int
    """Weeks between looks."""
    before_weeks: int
    centres: int
    control: Control
    unchanged: np.ndarray
    """Standard deviation of the difference at each look if nothing changed."""
    changed: np.ndarray
    """The same if the policy works as simulated."""
    effects: np.ndarray
    """Difference simulated at each look, metric's unit."""
    better: Literal[1, -1]
    """Sign of a difference for the better."""

    @cached_property
    def bounds(self) -> np.ndarray:
        """Boundary of each look on the z-scale, two-sided 5 % over all looks."""
        return spending_bounds(1 / self.unchanged**2)

    @property
    def limits(self) -> np.ndarray:
        """Difference, without its sign, that decides at each look."""
        return self.bounds * self.unchanged

    @property
    def way(self) -> int:
        """Sign of the effect simulated."""
        return -1 if self.effects[-1] < 0 else 1

    @cached_property
    def _crossed(self) -> Crossings:
        return crossings(self.limits / self.changed, 1 / self.changed**2, self.way * self.effects)

    @property
    def power(self) -> float:
        """Chance that the pilot finds the effect simulated, on its own side."""
        return float(self._crossed.upper.sum())

    @property
    def power_single_look(self) -> float:
        """The same with one look, at the end."""
        z = (self.way * self.effects[-1] + ndtri(ALPHA / 2) * self.unchanged[-1]) / self.changed[-1]
        return float(ndtr(z))

    @property
    def expected_weeks(self) -> float:
        """Mean weeks until the pilot stops at a boundary, or ends, if the policy works as simulated."""
        stopped = (self._crossed.upper + self._crossed.lower)[:-1]
        return float(stopped @ np.array(self.looks[:-1]) + (1 - stopped.sum()) * self.looks[-1])

    @cached_property
    def hopes(self) -> np.ndarray:
        """Difference at each look at which the chance of still succeeding at the last one is 20 %; nan at the last.

        The conditional power under the effect simulated, without the looks between (Jennison & Turnbull, section 10.2).
        """
        info = 1 / self.changed**2
        score = self.limits[-1] * info[-1] - (self.way * self.effects[-1] * info[-1] - self.way * self.effects * info)
        found = (score + ndtri(LITTLE_HOPE) * np.sqrt(info[-1] - info)) / info
        found[-1] = np.nan
        return self.way * found

    def decide(self, look: int, difference: float) -> Decision:
        """What a look says of a difference seen.

        Args:
            look: number of the look, from 0.
            difference: pilot minus comparison, metric's unit.
        """
        gained = self.better * difference
        if abs(gained) >= self.limits[look]:
            return "works" if gained > 0 else "harms"
        if look == len(self.looks) - 1:
            return "not_yet_known"
        # a hope beyond the limit itself would call a success hopeless; the limit has been asked first
        short = self.better * self.way > 0 and gained <= self.better * self.hopes[look]
        return "hopeless" if short else "go_on"


def design(
    figures: Figures, weeks: int, every: int, centres: int = 1, control: Control = "before",
    before_weeks: int | None = None,
) -> Design:  # fmt: skip
    """The pilot of so many weeks in so many centres.

    The figure before and the pilot's are taken to be uncorrelated, and a centre's lasting difference from its
    simulated mean to be in both; a parallel centre is taken to be alike.

    Args:
        before_weeks: weeks before the pilot that are counted; as long as the pilot, 13 at most, if left out.

    Raises:
        StudyFailed: the metric does not vary at all.
    """
    at = looks(weeks, every)
    before = before_weeks or min(weeks, LONGEST_BEFORE)

    def spread(pilot: Who, week: int) -> float:
        other = {"before": before, "parallel": week, "none": None}[control]
        square = figures.sd(pilot, week) ** 2 + (figures.sd("ad_hoc", other) ** 2 if other else 0.0)
        return float(np.sqrt(square / centres))

    unchanged = np.array([spread("ad_hoc", week) for week in at])
    changed = np.array([spread("policy", week) for week in at])
    if not unchanged.min() > 0:
        raise StudyFailed(
            f"{figures.metric} 在各次重复里完全一样，没有波动可言，试点多久都一样；请换一个指标",
            f"{figures.metric} is the same in every replication: nothing to plan; choose another metric",
        )
    # a policy that leaves no scatter at all: as good as none
    unchanged, changed = _falling(unchanged), _falling(np.maximum(changed, unchanged * 1e-6))
    effects = np.array([figures.effect(week)[0] for week in at])
    better: Literal[1, -1] = 1 if METRICS[figures.metric].better == "higher" else -1
    return Design(
        at, every, before if control == "before" else 0, centres, control, unchanged, changed, effects, better
    )


def _falling(spread: np.ndarray) -> np.ndarray:
    """The spreads, each a little below the one before: a look that would know nothing new would be no look."""
    found = spread.copy()
    for k in range(1, len(found)):
        found[k] = min(found[k], found[k - 1] / LEAST_GAIN**0.5)
    return found
