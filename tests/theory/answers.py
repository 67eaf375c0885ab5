"""The exact value a textbook case names: its `computed_by`, worked out by the modules of this folder and by nothing
else.

`python -m tests.theory.answers` writes the values into the files of scenarios/textbook/.
"""

import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.theory import (
    base_stock,
    breakdowns,
    calendars,
    demand,
    fleet,
    ladders,
    ladders_on_calendars,
    lead_times,
    notice,
    order_rules,
    pooling,
    priorities,
    queues,
)
from tests.theory.ladders_on_calendars import Openings

TEXTBOOK = Path(__file__).parents[2] / "scenarios" / "textbook"
MODULES = (
    base_stock, breakdowns, calendars, demand, fleet, ladders, ladders_on_calendars, lead_times, notice, order_rules,
    pooling, priorities, queues,
)  # fmt: skip


def weekly(per_day: float, weekdays: Sequence[float], slices: Sequence[float]) -> list[float]:
    """Hourly rates of a week: ``per_day`` on a day of weight 1, spread over equal slices of the day by weight."""
    hours = 24 // len(slices)
    return [per_day * day * part / sum(slices) / hours for day in weekdays for part in slices for _ in range(hours)]


NAMES: dict[str, Any] = {module.__name__.rpartition(".")[2]: module for module in MODULES} | {
    "exp": math.exp,
    "weekly": weekly,
    "always": Openings.always(),
    "day": Openings.daily(9, 18),
    "weekdays": Openings.daily(9, 18, days=5, of=7),
    "working_days": Openings.daily(0, 24, days=5, of=7),
}
CALL = re.compile(r'^exact = [^\n]*\n((?:(?!\[\[)[^\n]*\n)*?)computed_by = "([^"\n]+)"', re.MULTILINE)


def answer(computed_by: str) -> float:
    """The value of a call such as ``queues.mmc_mean_wait(3.2, 1, 4)``."""
    return float(eval(computed_by, {"__builtins__": {}, **NAMES}))


def write(path: Path) -> None:
    """Put every exact value of a file in the place of what stands there."""
    text = path.read_text(encoding="utf-8")
    filled = CALL.sub(lambda m: f'exact = {answer(m[2]):.12g}\n{m[1]}computed_by = "{m[2]}"', text)
    path.write_text(filled, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    for file in sorted(TEXTBOOK.glob("*.toml")):
        write(file)
