"""Warm-up: after how many weeks has the centre forgotten its start? MSER-5 on pooled daily series, Welch's picture.

The ad-hoc world is followed from its first day without any truncation. All policies share that start, so there is one
warm-up for all of them. A policy that is asked for besides is followed from the day it is switched on: how long until
its own change has settled is another question, with an answer of its own.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from sim.comparison import HEADLINE, LEVEL
from sim.daily import DAYS_PER_WEEK, OPEN_HOURS, TRUST, Series
from sim.metrics import METRICS
from sim.replication import Task
from sim.scenario import Scenario
from sim.statistics.mser5 import BATCH, chance_of_gap, largest_gap, mser5, without_cycle
from sim.studies.daily_runs import Progress, Wanted, daily_runs
from sim.studies.result import About, StudyResult
from sim.warmup import SHORTEST, mser

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.engine.executors import Pool

TRUSTED = ("trust_service_parts", "trust_service_sales")
"""Metrics of trust, weekly values."""
FEWEST_WEEKS = math.ceil(SHORTEST * BATCH / DAYS_PER_WEEK) + 2
"""Weeks below which no series has the batches MSER needs."""
LAST_PART = 4
"""Final levels of trust are means over the last quarter."""
SHARE_OF_MEAN = 0.1
"""Where the scenario states no margin, a mean that moves by less than this share of itself has not moved."""
SPLIT = 0.05
"""Chance of so wide a gap between replications below which they are said to fall into two groups."""


@dataclass(frozen=True)
class Path:
    """One metric under one policy, as it was looked at: replications × days (trust: × weeks)."""

    single_amounts: np.ndarray
    single_bases: np.ndarray
    usual: np.ndarray
    """Observations MSER saw: those of weeks of the usual length on which something happened."""
    step: int = 1
    """Days from one observation to the next."""

    @property
    def amounts(self) -> np.ndarray:
        """Pooled over the replications."""
        return np.asarray(self.single_amounts.sum(axis=0))

    @property
    def bases(self) -> np.ndarray:
        """Pooled over the replications."""
        return np.asarray(self.single_bases.sum(axis=0))


@dataclass(frozen=True)
class WarmUp(StudyResult):
    """What MSER-5 says of every metric; ``table`` has a row a policy and metric."""

    name: ClassVar[str] = "warmup"
    warmup_weeks: int
    """The scenario's own warm-up."""
    weeks: int
    """Weeks looked at."""
    baseline: str
    titles: dict[str, dict[str, str]]
    """Titles of the policies in zh and en, baseline first."""
    paths: dict[tuple[str, str], Path] = field(repr=False)

    @property
    def needed(self) -> int | None:
        """Weeks after which every metric of the baseline has settled; None if one is too short to tell."""
        rows = self.rows(self.baseline)
        return max(int(row["weeks"]) for row in rows) if rows and all(row["reliable"] for row in rows) else None

    def rows(self, policy: str) -> list[dict[str, Any]]:
        """Rows of a policy, in order."""
        found = self.table[self.table["policy"] == policy]
        return [{str(key): value for key, value in row.items()} for row in found.to_dict("records")]

    def title(self, lang: str) -> str:
        from sim.studies.words_warmup import text

        return text("title", lang)

    def answer(self, lang: str = "zh") -> str:
        from sim.studies.words_warmup import findings

        return "\n".join(findings(self, lang))

    def shown(self, lang: str = "zh") -> tuple[list[str], list[list[str]]]:
        from sim.studies.words_warmup import shown

        return shown(self, lang)

    @property
    def charts(self) -> dict[str, Callable[[str], "Figure"]]:
        from sim.studies.picture_warmup import trust, welch

        found: dict[str, Callable[[str], Figure]] = {}
        for policy in self.titles:
            behind = "" if policy == self.baseline else f"_{policy}"
            found[f"welch{behind}"] = partial(welch, self, policy)
            if any(metric in TRUSTED for _, metric in self.paths):
                found[f"trust{behind}"] = partial(trust, self, policy)
        return found

    def provenance(self) -> dict[str, Any]:
        return super().provenance() | {"policies": list(self.titles), "scenario_warmup_weeks": self.warmup_weeks}


def warm_up(
    scenario: Scenario, seed: int, weeks: int, replications: int, pool: "Pool", policies: Sequence[str] = (),
    progress: Progress | None = None,
) -> WarmUp:  # fmt: skip
    """Follow the baseline from its first day on, and policies from the day they are switched on.

    Args:
        weeks: weeks looked at, at least FEWEST_WEEKS.
        policies: policies to follow besides the baseline.

    Raises:
        ReplicationFailed: a run raised an error.
    """
    names = (scenario.baseline, *(name for name in dict.fromkeys(policies) if name != scenario.baseline))
    wanted = [one for name in names for one in runs_of(scenario, name, seed, weeks, replications)]
    found = list(daily_runs(wanted, pool, progress or (lambda done, total: None)))
    rows: list[dict[str, Any]] = []
    paths: dict[tuple[str, str], Path] = {}
    for number, name in enumerate(names):
        series = found[number * replications : (number + 1) * replications]
        for metric, path in paths_of(series).items():
            row = judged(scenario, metric, path, name == scenario.baseline, seed)
            if row is not None:
                rows.append({"policy": name, **row})
                paths[name, metric] = path
    about = _about(scenario, seed, weeks, replications, pool)
    titles = {name: dict(scenario.policies[name].title) for name in names}
    return WarmUp(pd.DataFrame(rows), about, scenario.study.warmup_weeks, weeks, scenario.baseline, titles, paths)


def runs_of(scenario: Scenario, policy: str, seed: int, weeks: int, replications: int) -> list[Wanted]:
    """The runs of a policy: of the baseline all weeks from the first day on, else the weeks from the switch on.

    A pinned customer and heads who leave are events at a fixed time behind the warm-up, no matter of settling.
    """
    quiet: dict[str, Any] = {"arrivals.pinned": [], "trust.departures": []}
    first = policy == scenario.baseline
    changed = scenario.changed(quiet | ({"study.warmup_weeks": 0} if first else {}))
    tasks = [Task(changed, policy, seed, number, weeks) for number in range(replications)]
    return [Wanted(task, scenario.study.weeks) for task in tasks]


def paths_of(series: Sequence[Series]) -> dict[str, Path]:
    """Every metric pooled over the replications, and the observations that are usual."""
    hours = np.array(series[0][OPEN_HOURS][0]).reshape(-1, DAYS_PER_WEEK).sum(axis=1).round(6)
    kinds, counts = np.unique(hours, return_counts=True)
    # a holiday is no transient, but MSER takes it for one: only weeks of the most frequent length, the longer of two
    usual = np.repeat(hours == kinds[np.flatnonzero(counts == counts.max())[-1]], DAYS_PER_WEEK)
    found: dict[str, Path] = {}
    for metric in HEADLINE:
        if metric in series[0]:
            amounts, bases = (np.array([one[metric][part] for one in series]) for part in (0, 1))
            found[metric] = Path(amounts, bases, usual & (bases.sum(axis=0) > 0))
    for metric in TRUSTED:
        pair = "-".join(sorted(metric.removeprefix("trust_").split("_")))
        single = np.array([one.get(TRUST + pair, ([], []))[0] for one in series])
        if single.size:
            found[metric] = Path(single, np.ones_like(single), np.full(single.shape[1], True), DAYS_PER_WEEK)
    return found


def judged(scenario: Scenario, metric: str, path: Path, first: bool, seed: int) -> dict[str, Any] | None:
    """The row of one metric; None if nothing of the kind ever happened.

    Args:
        first: whether the path begins on the first day of the centre, so that the scenario's warm-up concerns it.
    """
    amounts, bases = path.amounts, path.bases
    if not bases.any() or not amounts.any():
        return None
    at = np.flatnonzero(path.usual)
    values = amounts[at] / bases[at]
    # trust is slow and has no weekday: weeks serve as batches
    found = mser(values) if path.step > 1 else mser5(without_cycle(values, at % DAYS_PER_WEEK))
    reliable = found is not None and found.reliable
    point = float(at[found.point] * path.step if found.point else 0.0) if found is not None and reliable else math.nan
    weeks = math.ceil(point / DAYS_PER_WEEK) if reliable else math.nan
    warmup = scenario.study.warmup_weeks if first else 0
    # without a point: what counting the second half alone would change
    begin = int(point / path.step) if reliable else len(bases) // 2
    moved = moved_by(path, warmup * DAYS_PER_WEEK // path.step, begin)
    mean, margin = float(amounts.sum() / bases.sum()), scenario.study.margins.get(metric, math.nan)
    target = SHARE_OF_MEAN * abs(mean) if math.isnan(margin) else margin
    within = bool(-target <= moved[1] and moved[2] <= target)
    return {
        "metric": metric, "unit": METRICS[metric].unit if metric in METRICS else "",
        "point_days": point, "weeks": weeks, "reliable": reliable, "warmup_weeks": warmup,
        "moved": moved[0], "moved_low": moved[1], "moved_high": moved[2], "target": target,
        "verdict": _verdict(reliable, weeks <= warmup or not first, within), "mean": mean,
        "observations": len(values), "step_days": path.step, **_groups(path, target, seed),
    }  # fmt: skip


def _verdict(reliable: bool, early: bool, within: bool) -> str:
    """settled, late, late_no_matter, too_short, too_short_no_matter: what a row says.

    A point behind the warm-up is of no weight if beginning there surely moves the mean by less than the target: on mere
    noise it lies there too, now and then. Without a point the same is asked of the whole second half.
    """
    if reliable and early:
        return "settled"
    return ("late" if reliable else "too_short") + ("_no_matter" if within else "")


def moved_by(path: Path, warmup: int, point: int) -> tuple[float, float, float]:
    """How far the mean from the warm-up on moves if counting begins at the point, where that is later.

    Returns:
        The change and its 95 % jackknife interval over replications; (0, 0, 0) where the point is not later.
    """
    if point <= warmup:
        return 0.0, 0.0, 0.0
    sums = [
        part[:, start:].sum(axis=1) for start in (warmup, point) for part in (path.single_amounts, path.single_bases)
    ]

    def change(left_out: np.ndarray) -> Any:
        above, below, later_above, later_below = (part.sum() - left for part, left in zip(sums, left_out, strict=True))
        with np.errstate(invalid="ignore", divide="ignore"):
            return later_above / later_below - above / below

    n = len(sums[0])
    moved, without = float(change(np.zeros(4))), change(np.array(sums))
    spread = math.sqrt((n - 1) / n * float(((without - without.mean()) ** 2).sum())) if n > 1 else math.nan
    half = float(stdtrit(n - 1, (1 + LEVEL) / 2)) * spread if n > 1 else math.nan
    return moved, moved - half, moved + half


def _groups(path: Path, target: float, seed: int) -> dict[str, Any]:
    """Of trust: where the replications end, and how likely so wide a gap between them is among equals.

    Two groups need both: a gap that equals would seldom show, and one wider than ``target``, so that it matters.
    """
    if path.step == 1:
        return {"lowest": math.nan, "highest": math.nan, "gap": math.nan, "gap_p": math.nan, "two_groups": False}
    last = path.single_amounts[:, -max(1, path.single_amounts.shape[1] // LAST_PART) :].mean(axis=1)
    low, high, gap = float(last.min()), float(last.max()), largest_gap(last)
    p = chance_of_gap(gap, len(last), seed) if gap > 0 else math.nan
    groups = bool(p < SPLIT and gap * (high - low) > target)
    return {"lowest": low, "highest": high, "gap": gap * (high - low), "gap_p": p, "two_groups": groups}


def _about(scenario: Scenario, seed: int, weeks: int, replications: int, pool: "Pool") -> About:
    """What was run: all weeks count, none is cut off."""
    from sim.runner import Runner

    return About.of(Runner(scenario.changed({"study.warmup_weeks": 0}), seed, weeks, pool), replications)
