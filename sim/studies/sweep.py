"""Sweep: keys of a scenario over a grid or a sample, every cell run for each policy under common random numbers."""

import dataclasses
import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from sim.cells import Cell
from sim.comparison import HEADLINE
from sim.studies.result import About, StudyResult
from sim.studies.sweep_plan import Plan
from sim.studies.sweep_table import Shape, failures, rows_of, shape_of
from sim.studies.varying import Varied

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.runner import Runner

CELLS_AT_ONCE = 1000
"""Scenarios kept in memory at a time: 100 MB."""
MOST_IN_WORKBOOK = 20_000
"""Rows a workbook gets; the CSV file has all."""


@dataclass(frozen=True)
class Sweep(StudyResult):
    """Every cell of a sweep; ``table`` has a row a cell, policy and metric."""

    name: ClassVar[str] = "sweep"
    varied: tuple[Varied, ...]
    design: str
    """grid, lhs or sobol."""
    baseline: str
    policies: tuple[str, ...]
    """Policies without the baseline."""
    titles: dict[str, dict[str, str]]
    """Titles of all policies in zh and en."""
    metrics: tuple[str, ...]
    shapes: tuple[Shape, ...] = field(default=(), repr=False)
    """Of one key: what its values are worth beside one another, a policy and metric each."""
    whole: "Sweep | None" = field(default=None, repr=False)
    """The sweep of which this is the beginning, in a workbook that could not hold all of it."""

    @property
    def keys(self) -> tuple[str, ...]:
        """Dotted keys that vary."""
        return tuple(one.path for one in self.varied)

    @property
    def cells(self) -> int:
        """Combinations of values."""
        return int(self.table["cell"].max()) + 1

    def rows(self, policy: str, metric: str) -> list[dict[str, Any]]:
        """Rows of the table of one policy and metric, a cell each, in order."""
        found = self.table[(self.table["policy"] == policy) & (self.table["metric"] == metric)]
        return [{str(key): value for key, value in row.items()} for row in found.to_dict("records")]

    def title(self, lang: str) -> str:
        from sim.studies.words_sweep import text

        return text("title", lang)

    def answer(self, lang: str = "zh") -> str:
        from sim.studies.words_sweep import findings, text

        if self.whole is None:
            return "\n".join(findings(self, lang))
        cut = text("shortened", lang, rows=f"{len(self.table):,}", all=f"{len(self.whole.table):,}")
        return f"{self.whole.answer(lang)}\n{cut}"

    def shown(self, lang: str = "zh") -> tuple[list[str], list[list[str]]]:
        from sim.studies.words_sweep import shown

        return shown(self.whole or self, lang)

    @property
    def charts(self) -> dict[str, Callable[[str], "Figure"]]:
        from sim.studies import picture_heat, picture_sweep

        if self.design != "grid" or len(self.keys) > 2:
            return {"points": partial(picture_sweep.points, self)}
        if len(self.keys) == 1:
            return {"line": partial(picture_sweep.line, self)}
        several = len(self.policies) > 1
        return {
            f"heat_{policy}" if several else "heat": partial(picture_heat.heat, self, policy)
            for policy in self.policies
        }

    def to_excel(self, path: str | Path, lang: str = "zh") -> Path:
        """As every study's; of a large sweep the sheet with all numbers has the first rows only, and says so."""
        from sim.studies.workbook import write

        if len(self.table) <= MOST_IN_WORKBOOK:
            return write(self, Path(path), lang)
        cut = dataclasses.replace(self, table=self.table.head(MOST_IN_WORKBOOK), whole=self)
        return write(cut, Path(path), lang)

    def provenance(self) -> dict[str, Any]:
        said = [
            f"{one.path}={','.join(map(str, one.values)) if one.values else f'{one.low:g}:{one.high:g}'}"
            for one in self.varied
        ]
        return super().provenance() | {
            "vary": said, "design": self.design, "cells": self.cells, "policies": [self.baseline, *self.policies],
            "metrics": list(self.metrics),
        }  # fmt: skip

    def save(self, folder: str | Path) -> None:
        """Also ``sweep.parquet``, where pyarrow is installed."""
        super().save(folder)
        if can_parquet():
            frame = self.table.copy()
            for key in self.keys:
                if frame[key].map(type).nunique() > 1:  # a column of Parquet has one type
                    frame[key] = frame[key].map(str)
            frame.to_parquet(Path(folder, f"{self.name}.parquet"), index=False)

    def files(self) -> list[str]:
        return [*super().files(), f"{self.name}.parquet"]


def can_parquet() -> bool:
    """Whether Parquet can be written: the extra ``parquet`` is installed."""
    return importlib.util.find_spec("pyarrow") is not None


def sweep(runner: "Runner", plan: Plan, replications: int, metrics: Sequence[str] = HEADLINE) -> Sweep:
    """Run every cell of a plan for each of its policies, and compare each with the baseline of the same cell.

    Args:
        plan: as :func:`sim.studies.sweep_plan.plan` puts it together.
        replications: of each cell and policy.
        metrics: in the order in which they are shown; the first one gives the charts' finding.

    Failed replications leave gaps and are told of; the others finish.
    """
    runner.expect(plan.runs(replications))
    frames: list[pd.DataFrame] = []
    shapes: list[Shape] = []
    for first in range(0, len(plan.points), CELLS_AT_ONCE):
        numbers = range(first, min(first + CELLS_AT_ONCE, len(plan.points)))
        names = (plan.baseline, *plan.policies)
        cells = {name: [plan.cell(runner.scenario, name, number) for number in numbers] for name in names}
        runner.run([(cell, range(replications)) for column in zip(*cells.values(), strict=True) for cell in column])
        found, shape = _block(runner, plan, cells, metrics, replications, first)
        frames.append(found)
        shapes += shape
        runner.forget(cell for column in cells.values() for cell in column)
    table = pd.concat(frames, ignore_index=True)
    titles = {name: dict(runner.scenario.policies[name].title) for name in (plan.baseline, *plan.policies)}
    return Sweep(
        _with_keys(table, plan), About.of(runner, replications), plan.varied, plan.design, plan.baseline, plan.policies,
        titles, tuple(metrics), tuple(shapes) if _in_a_row(plan) else (),
    )  # fmt: skip


def _block(
    runner: "Runner", plan: Plan, cells: dict[str, list[Cell]], metrics: Sequence[str], replications: int, first: int
) -> tuple[pd.DataFrame, list[Shape]]:
    """Rows of some cells, in the order cell, policy, metric; and, of one key, what its values are worth."""
    margins, frames, shapes = runner.scenario.study.margins, [], []
    broken = failures(runner.failed)
    for metric in metrics:
        base = None
        for policy, column in cells.items():
            values = np.array([runner.values(cell, metric, replications) for cell in column])
            frame = rows_of(policy, metric, values, base, margins.get(metric, np.nan), first)
            failed = [broken.get(cell.key, (0, None, None, "")) for cell in column] if broken else []
            for number, name in enumerate(("failed", "failed_seed", "failed_replication", "failed_error")):
                frame[name] = [one[number] for one in failed] if failed else [0, None, None, ""][number]
            frames.append(frame)
            if base is None and plan.policies:
                base = values
            if _in_a_row(plan) and (policy != plan.baseline):
                shapes.append(shape_of(policy, metric, values, base))
    order = {name: number for number, name in enumerate(cells)}
    table = pd.concat(frames, ignore_index=True)
    ranks = pd.DataFrame({"cell": table["cell"], "policy": table["policy"].map(order)})
    return table.loc[ranks.sort_values(["cell", "policy"], kind="stable").index], shapes


def _in_a_row(plan: Plan) -> bool:
    """Whether the cells are the values of one key, so few that they are all at hand at once."""
    return len(plan.varied) == 1 and plan.design == "grid" and len(plan.points) <= CELLS_AT_ONCE


def _with_keys(table: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """The table with a column a key that varies, behind the cell's number."""
    cells = table["cell"].to_numpy()
    for place, one in enumerate(plan.varied, start=1):
        values = [point[one.path] for point in plan.points]
        plain = [value if isinstance(value, bool | int | float | str) else str(value) for value in values]
        table.insert(place, one.path, pd.Series(plain).to_numpy()[cells])
    return table
