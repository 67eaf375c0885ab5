"""What a real pilot counted, month by month or week by week, and what it comes to at each look."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from sim.studies.measuring import COUNTED

Group = Literal["before", "pilot", "control"]


@dataclass(frozen=True)
class Seen:
    """One figure of one month or week."""

    line: int
    value: float
    count: float
    """Cases it rests on; nan where none are needed."""


@dataclass
class Observed:
    """Figures by metric and group, each by its month or week."""

    weekly: bool = False
    """Whether the figures are of weeks instead of months."""
    cells: dict[tuple[str, Group], dict[int, Seen]] = field(default_factory=lambda: defaultdict(dict))

    @property
    def metrics(self) -> tuple[str, ...]:
        """Metrics with a figure of the pilot, in the order of the file."""
        return tuple(dict.fromkeys(metric for metric, group in self.cells if group == "pilot"))

    def periods(self, metric: str, group: Group) -> tuple[int, ...]:
        """Months or weeks there are, the pilot's from 1 up, those before from 0 down."""
        return tuple(sorted(self.cells.get((metric, group), {}), key=abs))

    def to_date(self, metric: str, group: Group, ends: tuple[int, ...]) -> list[tuple[float, float]]:
        """Figure from the start up to each look that is complete, and the cases it rests on.

        Args:
            ends: weeks at which the looks are; counted backwards for the weeks before.
        """
        cells = self.cells.get((metric, group), {})
        every = sorted(cells, key=abs)
        adds, first = COUNTED[metric].adds, 0 if group == "before" else 1
        found = []
        for look, end in enumerate(ends):
            last = end if self.weekly else look + 1
            mine = [cells[period] for period in every if abs(period) - first < last]
            if len(mine) < last:
                break
            values = np.array([one.value for one in mine])
            lengths = np.ones(last) if self.weekly else np.diff([0, *ends[:last]])
            cases = np.array([one.count for one in mine])
            if adds == "sum":
                found.append((float(values.sum() / end), float("nan")))
            else:
                weights = cases if adds == "cases" else lengths
                found.append((float(np.average(values, weights=weights)), float(cases.sum())))
        return found
