"""A pilot's figures so far against what one real centre may show with and without the policy: go on, or stop?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from sim.cells import Cell
from sim.metrics import METRICS
from sim.studies import words_review as words
from sim.studies.measuring import COUNTED
from sim.studies.pilot_counts import Group, Observed
from sim.studies.pilot_form import before_looks
from sim.studies.pilot_noise import Figures, Who, figures, horizons, simulate
from sim.studies.pilot_rule import Control, Design, design, looks
from sim.studies.planning import EVERY, REPLICATIONS
from sim.studies.result import About, StudyResult

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.runner import Runner


@dataclass(frozen=True)
class PilotReview(StudyResult):
    """A pilot so far: a row for each metric and look."""

    name: ClassVar[str] = "review"
    policy_title: dict[str, str]
    control: Control
    designs: dict[str, Design]
    outlook: pd.DataFrame
    """Both bands and the limit at every look of the plan, those to come included."""

    @property
    def latest(self) -> list[dict[str, Any]]:
        """The row that decides each metric: the first look beyond a limit, or else the last one there is."""
        found = []
        for _, rows in self.table.groupby("metric", sort=False):
            decided = rows[rows["decision"].isin(["works", "harms"])]
            row = decided.iloc[0] if len(decided) else rows.iloc[-1]
            found.append({str(key): value for key, value in row.items()})
        return found

    def title(self, lang: str) -> str:
        """What kind of study it is."""
        return words.text("title", lang)

    def answer(self, lang: str = "zh") -> str:
        """What the latest look says of each metric, and what to be careful about."""
        return "\n".join(words.answer(self, lang))

    def shown(self, lang: str = "zh") -> tuple[list[str], list[list[str]]]:
        """Figures to date, look by look, against both worlds."""
        return words.shown(self, lang)

    @property
    def charts(self) -> dict[str, "Callable[[str], Figure]"]:
        """Observed against both bands."""
        from sim.studies import picture_review

        return {"review": partial(picture_review.review, self)}

    def provenance(self) -> dict[str, Any]:
        """Where the result comes from, with the plan it holds the pilot to."""
        plans = {name: {"looks": list(one.looks), "before_weeks": one.before_weeks, "centres": one.centres}
                 for name, one in self.designs.items()}  # fmt: skip
        return super().provenance() | {"control": self.control, "plans": plans}


def review(
    runner: "Runner",
    policy: str,
    observed: Observed,
    weeks: int = 26,
    every: int = EVERY,
    control: Control = "before",
    before_weeks: int = 13,
    centres: int = 1,
    replications: int = REPLICATIONS,
    metrics: Sequence[str] | None = None,
) -> PilotReview:
    """Judge a pilot by its figures so far, under the rule of its plan.

    Args:
        observed: what was counted; see :func:`lacking` for what it must hold.
        weeks, every, control, before_weeks, centres: as in the plan. Of the weeks before only those count that are
            there.
        metrics: those to judge; all in the file if left out.

    Raises:
        sim.failures.StudyFailed: a replication failed, or a metric does not vary.
    """
    scenario = runner.scenario
    ad_hoc, tried = Cell.of(scenario, scenario.baseline), Cell.of(scenario, policy)
    at = horizons(min(every, weeks), max(weeks, before_weeks if control == "before" else 0))
    simulate(runner, (ad_hoc, tried), at, replications)
    runner.refuse_failures()
    rows: list[dict[str, Any]] = []
    ahead: list[dict[str, Any]] = []
    designs = {}
    for metric in metrics or observed.metrics:
        found = figures(runner, ad_hoc, tried, metric, at, replications)
        counted = _counted_before(observed, metric, every, before_weeks) if control == "before" else None
        one = designs[metric] = design(found, weeks, every, centres, control, counted)
        ahead += [_expected(found, one, look) for look in range(len(one.looks))]
        rows += _rows(found, one, observed)
    title = dict(scenario.policies[policy].title)
    return PilotReview(
        pd.DataFrame(rows), About.of(runner.at(max(at)), replications), title, control, designs, pd.DataFrame(ahead)
    )


def lacking(
    observed: Observed, metrics: Sequence[str], weeks: int, every: int, control: Control, before: int
) -> list[tuple[str, str, str]]:
    """What the figures lack to be judged: (metric, zh, en)."""
    at = looks(weeks, every)
    found = []
    for metric in metrics:
        if not observed.to_date(metric, "pilot", at):
            found.append((metric, f"第一次判断要满 {at[0]} 周的数", f"the first look needs {at[0]} weeks of figures"))
        if control == "before" and not _counted_before(observed, metric, every, before):
            zh = (
                "没有试点前的数，无从比较：月份写 0、−1、−2（0 是开始前的那个月）；"
                "没有的话用 --control none，只与模型比"
            )
            en = (
                "no figures from before the pilot to compare with: write them as months 0, −1, −2 (0 is the last "
                "before); without any, --control none compares with the model alone"
            )
            found.append((metric, zh, en))
        if control == "parallel":
            pilot, other = len(observed.to_date(metric, "pilot", at)), len(observed.to_date(metric, "control", at))
            if other < pilot:
                zh = f"对照店只有 {other} 次判断的数，试点有 {pilot} 次：补上组别为“对照”的行"
                en = f"the control has figures for {other} looks, the pilot for {pilot}: add rows of group control"
                found.append((metric, zh, en))
    return found


def _counted_before(observed: Observed, metric: str, every: int, before: int) -> int:
    """Weeks before the pilot that there are figures of."""
    ends = looks(before, every)
    known = len(observed.to_date(metric, "before", ends))
    if observed.weekly:
        return min(len(observed.periods(metric, "before")), before)
    return ends[known - 1] if known else 0


def _rows(found: Figures, one: Design, observed: Observed) -> list[dict[str, Any]]:
    metric = found.metric
    pilot = observed.to_date(metric, "pilot", one.looks)
    rows = []
    for look, (to_date, count) in enumerate(pilot):
        compared = _compared(found, one, observed, look)
        rows.append(_expected(found, one, look) | {
            "to_date": to_date, "count": count, "compared_with": compared, "difference": to_date - compared,
            "z": one.better * (to_date - compared) / float(one.unchanged[look]), "z_limit": float(one.bounds[look]),
            "sd_ad_hoc": found.sd("ad_hoc", one.looks[look]), "decision": one.decide(look, to_date - compared),
            "looks": len(one.looks), "needs_count": COUNTED[metric].needs_count,
        })  # fmt: skip
    return rows


def _expected(found: Figures, one: Design, look: int) -> dict[str, Any]:
    """Both worlds and the limits at a look."""
    week = one.looks[look]
    row: dict[str, Any] = {
        "metric": found.metric, "unit": METRICS[found.metric].unit, "look": look + 1, "weeks": week,
        "success_change": one.better * float(one.limits[look]), "little_hope_change": float(one.hopes[look]),
    }  # fmt: skip
    worlds: tuple[Who, Who] = ("ad_hoc", "policy")
    for who in worlds:
        row[who] = found.mean(who, week)
        row[f"{who}_low"], row[f"{who}_high"] = found.band(who, week, one.centres)
    return row


def _compared(found: Figures, one: Design, observed: Observed, look: int) -> float:
    """What the pilot is held against at a look."""
    if one.control == "none":
        return found.mean("ad_hoc", one.looks[look])
    group: Group = "before" if one.control == "before" else "control"
    ends = before_looks(one) if group == "before" else one.looks
    if group == "before" and observed.weekly:
        ends = (one.before_weeks,)
    values = observed.to_date(found.metric, group, ends)
    return values[-1 if group == "before" else look][0]
