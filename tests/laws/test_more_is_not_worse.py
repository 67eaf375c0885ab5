"""Monotone laws that hold path by path under common numbers, in plain first-come queues and base-stock shelves.

They are no laws of the whole centre: under priorities, blocking and calendars more of one thing can hurt another.
"""

from itertools import pairwise
from pathlib import Path

import pytest

from sim.centre import replicate
from sim.metrics import measure
from sim.scenario import load

TEXTBOOK = Path(__file__).parents[2] / "scenarios" / "textbook"
CASES = [
    ("mmc", "workshop.bays.bay", (4, 5, 7), "bay_wait_hours", -1),
    ("base_stock", "parts.control.high", (1, 3, 6), "shortage_rate", -1),
    ("erlang_b", "fleet.demo_cars", (4, 6, 9), "test_drive_fulfilment", 1),
]


@pytest.mark.parametrize(("file", "key", "values", "metric", "sign"), CASES)
@pytest.mark.parametrize("replication", range(4))
def test_in_a_plain_first_come_system_more_never_hurts_what_it_serves(
    file: str, key: str, values: tuple[int, ...], metric: str, sign: int, replication: int
) -> None:
    scenario = load(TEXTBOOK / f"{file}.toml").changed({"study.weeks": 5, "study.warmup_weeks": 0})
    found = [
        measure(replicate(scenario.changed({key: value}), "ad_hoc", 5, replication), 0, 5)[metric] for value in values
    ]
    steps = [sign * (b - a) for a, b in pairwise(found)]
    assert min(steps) >= 0
    assert max(steps) > 0
