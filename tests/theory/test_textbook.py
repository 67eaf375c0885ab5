"""The departments that run the article's centre, shrunk by a scenario file to a case with a known answer."""

import math
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from sim.centre import replicate
from sim.metrics import measure
from sim.scenario import load
from tests.theory.base_stock import base_stock_shortage
from tests.theory.notice import advance_demand_shortage
from tests.theory.queues import erlang_b, erlang_c_mean_wait

TEXTBOOK = Path(__file__).parents[2] / "scenarios" / "textbook"
CASES = [
    ("mmc", {}, "bay_wait_hours", erlang_c_mean_wait(3.2, 1.0, 4)),
    ("mmc", {"workshop.bays.bay": 5}, "bay_wait_hours", erlang_c_mean_wait(3.2, 1.0, 5)),
    ("mmc", {}, "bay_utilisation", 0.8),
    ("base_stock", {}, "shortage_rate", base_stock_shortage(0.4, 5, 4)),
    ("base_stock", {"parts.control.high": 2}, "shortage_rate", base_stock_shortage(0.4, 5, 2)),
    ("advance_demand", {}, "shortage_rate", advance_demand_shortage(0.4, 5, 4, 0.6, 3)),
    ("advance_demand", {"jobs.any.known_share": 1.0}, "shortage_rate", advance_demand_shortage(0.4, 5, 4, 1, 3)),
    ("erlang_b", {}, "test_drive_fulfilment", 1 - erlang_b(5.0, 6)),
    ("erlang_b", {"fleet.demo_cars": 9}, "test_drive_fulfilment", 1 - erlang_b(5.0, 9)),
]
FAMILY_ERROR = 0.01
REPLICATIONS = 20


@pytest.mark.parametrize(("file", "changes", "metric", "expected"), CASES)
def test_the_mean_over_replications_agrees_with_the_exact_value(
    file: str, changes: dict[str, float], metric: str, expected: float
) -> None:
    scenario = load(TEXTBOOK / f"{file}.toml").changed(changes)
    values = [
        measure(replicate(scenario, "ad_hoc", 20_260, n), 0, scenario.study.weeks)[metric] for n in range(REPLICATIONS)
    ]
    error = np.std(values, ddof=1) / math.sqrt(REPLICATIONS)
    # family-wise limit over all cases, by Bonferroni; the tolerance follows from the standard error alone
    allowed = stats.t.ppf(1 - FAMILY_ERROR / len(CASES) / 2, REPLICATIONS - 1) * error
    assert error < 0.05 * expected + 0.002, "too noisy to say anything"
    assert np.mean(values) == pytest.approx(expected, abs=allowed)
