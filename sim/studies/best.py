"""The best bundle of mechanisms that keeps all limits, chosen with a stated guarantee (sim/statistics/selection.py).

Every bundle has the same customers and the same luck in a replication, so it is compared by paired differences. Bundles
are sampled a few replications at a time until the selection has ended; how many at a time changes nothing but the time
it takes, since every replication is looked at in order.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from sim.cells import Cell
from sim.comparison import differences, interval
from sim.failures import StudyFailed
from sim.metrics import METRICS
from sim.scoreboard import KPIS
from sim.statistics.selection import Selection, select
from sim.studies.best_question import Candidate, Question
from sim.studies.constraints import Limit
from sim.studies.result import About, StudyResult

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.runner import Runner


@dataclass(frozen=True)
class AboutSelection(About):
    """What was run, where replications differ from bundle to bundle and verdicts share one error."""

    def note(self, lang: str) -> str:
        from sim.studies.words_best import text

        return text("note", lang, replications=self.replications, weeks=self.weeks, warmup=self.warmup_weeks,
                    title=self.title[lang], name=self.scenario, seed=self.seed)  # fmt: skip


VERDICTS = ("open", "kept", "broken")
AT_ONCE = 8
"""Runs handed out together at least, so that workers are busy when few bundles are left."""


@dataclass(frozen=True)
class BestBundle(StudyResult):
    """The bundle chosen, and what became of the others.

    ``table`` has a row a bundle, smaller ones first: ``bundle``, ``title_zh``, ``title_en``, ``size``, ``status``,
    ``left_at`` (0: it never left) and ``replications``; ``mean``, ``low``, ``high`` of the objective; ``difference``
    from the bundle chosen with ``difference_low``, ``difference_high``; ``other`` is the figure it is drawn against;
    ``limit_…`` and ``department_…``: a limit's figure (beside the baseline: its difference from it), its bounds and its
    verdict; ``worst_…``: the department's figure that comes off worst in its own margin. Bounds are unadjusted 95 %
    Student-t intervals; the verdicts are those of the selection.
    """

    name: ClassVar[str] = "best"
    question: Question
    selection: Selection
    limits: tuple[Limit, ...]
    """All that was held to, departments included."""

    @property
    def best(self) -> dict[str, Any] | None:
        """The row of the bundle chosen."""
        return None if self.selection.best is None else self.row(self.selection.best)

    def row(self, number: int) -> dict[str, Any]:
        """A row as plain values."""
        return {str(key): value for key, value in self.table.iloc[number].items()}

    def title(self, lang: str) -> str:
        from sim.studies.words_best import text

        return text("title", lang)

    def answer(self, lang: str = "zh") -> str:
        from sim.studies.findings_best import answer

        return answer(self, lang)

    def shown(self, lang: str = "zh") -> tuple[list[str], list[list[str]]]:
        from sim.studies.findings_best import shown

        return shown(self, lang)

    @property
    def charts(self) -> dict[str, Callable[[str], "Figure"]]:
        from sim.studies.picture_best import pareto, race

        return {"pareto": lambda lang: pareto(self, lang), "race": lambda lang: race(self, lang)}


def other_metric(objective: str) -> str:
    """The figure the objective is drawn against: total cost, and of total cost itself NPS."""
    return "nps" if objective == "total_cost_yuan" else "total_cost_yuan"


def best_bundle(runner: "Runner", question: Question, at_once: int = AT_ONCE) -> BestBundle:
    """Find the best bundle.

    Args:
        question: what is asked (sim/studies/best_question.py).
        at_once: runs to hand out together at least.

    Raises:
        sim.failures.StudyFailed: a replication failed, or the objective is undefined in one.
        sim.problems.Problems: a bundle the scenario cannot hold.
    """
    sampling = _Sampling(runner, question)
    found = sampling.selected(at_once)
    rows = [sampling.row(number, found) for number in range(len(question.candidates))]
    about = AboutSelection.of(runner, int(found.used.max()))
    return BestBundle(pd.DataFrame(rows), about, question, found, tuple(sampling.limits))


class _Sampling:
    """Values of every candidate, as far as they have been run."""

    def __init__(self, runner: "Runner", question: Question) -> None:
        self.runner, self.question = runner, question
        self.candidates = question.candidates
        self.base = Cell.of(runner.scenario, runner.scenario.baseline)
        self.have = np.full(len(self.candidates), question.first)
        runner.expect(len(self.candidates) * question.first)
        first = range(question.first)
        runner.run([(self.base, first), *((one.cell, first) for one in self.candidates)])
        self.departments = self._departments()
        self.limits = [*question.limits, *(self.departments if question.departments else ())]

    def selected(self, at_once: int) -> Selection:
        """Sample until the selection has ended."""
        q = self.question
        while True:
            self.runner.refuse_failures()
            found = select(
                self._objective(), self.have, self._slack(), np.array([one.tolerance for one in self.limits]), q.delta,
                q.alpha, q.first, q.most,
            )  # fmt: skip
            if not found.wanted:
                return found
            self._sample(found.wanted, at_once)

    def _sample(self, wanted: dict[int, int], at_once: int) -> None:
        further = math.ceil(at_once / len(wanted)) - 1
        work = []
        for number, needed in wanted.items():
            until = max(self.have[number], min(needed + further, self.question.most))
            work.append((self.candidates[number].cell, range(int(self.have[number]), int(until))))
            self.have[number] = until
        base = (self.base, range(int(self.have.max())))
        self.runner.run([base, *work] if any(one.relative for one in self.limits) else work)

    def values(self, cell: Cell, metric: str, count: int, rows: int | None = None) -> np.ndarray:
        """A metric of a cell; nan behind its replications if more rows are wanted."""
        found = np.full(count if rows is None else rows, np.nan)
        found[:count] = self.runner.values(cell, metric, count)
        return found

    def _objective(self) -> np.ndarray:
        metric, sign = self.question.objective, 1.0 if self.question.maximise else -1.0
        rows = int(self.have.max())
        columns = []
        for candidate, count in zip(self.candidates, self.have, strict=True):
            column = self.values(candidate.cell, metric, int(count), rows)
            if np.isnan(column[:count]).any():
                raise _undefined(metric, candidate, int(np.flatnonzero(np.isnan(column))[0]))
            columns.append(sign * column)
        return np.column_stack(columns)

    def _slack(self) -> np.ndarray:
        rows = int(self.have.max())
        slack = np.full((rows, len(self.candidates), len(self.limits)), np.nan)
        for number, count in enumerate(self.have):
            for at, limit in enumerate(self.limits):
                figure = self.figure(number, limit, int(count))
                slack[:count, number, at] = limit.value - figure if limit.sign == "<=" else figure - limit.value
        return slack

    def figure(self, number: int, limit: Limit, count: int) -> np.ndarray:
        """What a limit holds: the metric of a candidate, or its difference from the baseline's."""
        values = self.values(self.candidates[number].cell, limit.metric, count)
        return differences(self.values(self.base, limit.metric, count), values) if limit.relative else values

    def _departments(self) -> list[Limit]:
        """Every department's figures as limits: no loss beyond the margin; none of a department not there."""
        found = []
        cells = [self.base, *(one.cell for one in self.candidates)]
        for department, metrics in KPIS.items():
            values = [np.nan_to_num(self.values(cell, m, self.question.first)) for m in metrics for cell in cells]
            if any(one.any() for one in values):
                found += [_department(department, m, self.question.margins.get(m, 0.0)) for m in metrics]
        return found

    def row(self, number: int, found: Selection) -> dict[str, Any]:
        """One candidate's row."""
        q, one, used = self.question, self.candidates[number], int(found.used[number])
        other = other_metric(q.objective)
        row: dict[str, Any] = {
            "bundle": one.name, "title_zh": one.title["zh"], "title_en": one.title["en"], "size": one.size,
            "status": found.status[number], "left_at": int(found.left[number]), "replications": used,
            "objective": q.objective, **_estimate("", self.values(one.cell, q.objective, used)),
            **self._beside_best(number, found), "other": other,
            **_estimate("other_", self.values(one.cell, other, used)),
        }  # fmt: skip
        for at, limit in enumerate(self.limits):
            name = column_of(self.limits, at)
            row |= _estimate(f"{name}_", self.figure(number, limit, used))
            row[f"{name}_verdict"] = verdict(found, number, at)
        row |= self._worst(number, used)
        return row | {"guaranteed": found.guaranteed, "delta": q.delta, "alpha": q.alpha}

    def _beside_best(self, number: int, found: Selection) -> dict[str, float]:
        if found.best is None:
            return dict.fromkeys(("difference", "difference_low", "difference_high"), math.nan)
        count = int(min(found.used[number], found.used[found.best]))
        own, best = (self.values(self.candidates[i].cell, self.question.objective, count) for i in (number, found.best))
        return dict(
            zip(("difference", "difference_low", "difference_high"), interval(differences(best, own)), strict=True)
        )

    def _worst(self, number: int, used: int) -> dict[str, Any]:
        """The department's figure with the lowest bound in its own margins, as a gain over the baseline."""
        worst: dict[str, Any] = {
            "worst_department": "", "worst_metric": "", "worst_difference": math.nan, "worst_low": math.nan,
            "worst_high": math.nan,
        }  # fmt: skip
        lowest = 0.0
        for limit in self.departments:
            mean, low, high = interval(self.figure(number, limit, used))
            bad = (low if limit.sign == ">=" else -high) / abs(limit.value) if limit.value else 0.0
            if bad < lowest:
                lowest = bad
                values = (limit.department, limit.metric, mean, low, high)
                worst = dict(zip(worst, values, strict=True))
        return worst


def _department(department: str, metric: str, margin: float) -> Limit:
    higher = METRICS[metric].better == "higher"
    return Limit(metric, ">=" if higher else "<=", -margin if higher else margin, True, 0.0, department)


def column_of(limits: list[Limit] | tuple[Limit, ...], at: int) -> str:
    """The column a limit's figure stands in; a second limit on the same metric is numbered."""

    def plain(one: Limit) -> str:
        return ("department_" if one.department else "limit_") + one.metric

    before = sum(plain(one) == plain(limits[at]) for one in limits[:at])
    return plain(limits[at]) + (f"_{before + 1}" if before else "")


def verdict(found: Selection, number: int, at: int) -> str:
    """What is known of a limit of a candidate: open, kept or broken."""
    return VERDICTS[0 if found.known[number, at] == 0 else 1 if found.kept[number, at] else 2]


def _estimate(prefix: str, values: np.ndarray) -> dict[str, float]:
    there = values[~np.isnan(values)]
    return dict(zip((f"{prefix}mean", f"{prefix}low", f"{prefix}high"), interval(there), strict=True))


def _undefined(metric: str, candidate: Candidate, replication: int) -> StudyFailed:
    return StudyFailed(
        f"{metric} 在“{candidate.title['zh']}”的第 {replication} 次重复里没有定义（这段时间没有发生），无法比较。"
        "请加长 --weeks，或换一个指标。",
        f"{metric} is undefined in replication {replication} of {candidate.title['en']!r} (nothing of the kind "
        "happened), so it cannot be compared. Run more --weeks, or choose another metric.",
    )
