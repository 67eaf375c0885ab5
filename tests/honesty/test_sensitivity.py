"""Does a sensitivity study hold what it promises? On made-up centres whose effects are known."""

import math

import numpy as np
import pytest

from sim.cells import Cell
from sim.statistics.global_sensitivity import screening, trajectories
from sim.studies.factor_catalogue import factors_of, named
from sim.studies.screening import Pair
from sim.studies.tornado import tornado
from tests.honesty.record import record
from tests.small import article
from tests.unit.fake_runner import FakeRunner

FULL, QUICK = 1000, 80
REPLICATIONS, TRAJECTORIES, PER_POINT = 10, 10, 2


def coverage(meta: int) -> tuple[float, float]:
    """Share of tornado intervals that hold the truth, and its standard error over meta-replications.

    Luck is shared by both policies and all values; the policy's own luck and that of a value come on top, the latter
    only for one of the two assumptions.
    """
    scenario = article()
    factors, _ = named(*factors_of(scenario, "systematic"), ["parts.forecast.error_cv", "support.agents"])
    pair = Pair(Cell.of(scenario, "ad_hoc"), Cell.of(scenario, "systematic"), "shortage_rate")

    def true_difference(cv: float, agents: float) -> float:
        return -0.05 - 0.04 * (cv - 0.7051) + 0.002 * (agents - 12)

    def model(cell: Cell, replication: int, rng: np.random.Generator) -> dict[str, float]:
        cv, agents = cell.changes.get("parts.forecast.error_cv", 0.7051), cell.changes.get("support.agents", 12)
        luck = rng.normal(0, 1, 40)
        level = 0.15 + 0.02 * luck[0]
        if cell.mechanisms:
            level += true_difference(cv, agents) + 0.01 * luck[1] + 0.01 * luck[2 + int(agents) % 30]
        return {"shortage_rate": level}

    hits = []
    for seed in range(meta):
        runner = FakeRunner(model, seed=seed, scenario=scenario)
        base, swings = tornado(runner, pair, factors, REPLICATIONS, search=False)  # type: ignore[arg-type]
        held = [base.difference[1] <= -0.05 <= base.difference[2]]
        for swing in swings[:-1]:
            cv_moves = swing.factor.key == "parts.forecast.error_cv"
            for end, reading in ((swing.factor.low, swing.low), (swing.factor.high, swing.high)):
                truth = true_difference(end, 12) if cv_moves else true_difference(0.7051, end)
                held.append(reading.difference[1] <= truth <= reading.difference[2])
        hits.append(float(np.mean(held)))
    return float(np.mean(hits)), float(np.std(hits, ddof=1) / math.sqrt(meta))


def false_alarms(meta: int, heavy: bool) -> tuple[float, float]:
    """Share of assumptions without a mean effect that stand out, though each reshuffles the luck entirely."""
    groups = [f"x{i}" for i in range(6)]
    found = []
    for seed in range(meta):
        rng = np.random.default_rng([11, seed])
        points = np.array([t for t, _ in zip(trajectories(groups, seed), range(TRAJECTORIES), strict=False)])
        size = (*points.shape[:2], PER_POINT)
        noise = rng.standard_exponential(size) - 1 if heavy else rng.standard_normal(size)
        outputs = 3.0 * points[..., :1] + noise
        measures = screening(points, outputs, groups, seed)
        found.append(float((measures.mu_star > measures.noise_floor)[1:].mean()))
    return float(np.mean(found)), float(np.std(found, ddof=1) / math.sqrt(meta))


def test_tornado_intervals_hold_the_truth_quickly() -> None:
    share, error = coverage(QUICK)
    assert abs(share - 0.95) < 4 * max(error, math.sqrt(0.95 * 0.05 / QUICK / 5))


@pytest.mark.parametrize("heavy", [False, True])
def test_few_null_factors_stand_out_quickly(heavy: bool) -> None:
    share, error = false_alarms(QUICK, heavy)
    assert share < 0.05 + 4 * max(error, math.sqrt(0.05 * 0.95 / QUICK / 5))


@pytest.mark.slow
def test_tornado_intervals_hold_the_truth() -> None:
    share, error = coverage(FULL)
    record(
        "sensitivity_tornado", "覆盖率：假设取两端时配对差的 95% 区间",
        "coverage: 95% interval of the paired difference at both ends of an assumption", "95 %", share, error, FULL,
    )  # fmt: skip
    assert abs(share - 0.95) < 2 * error


@pytest.mark.slow
@pytest.mark.parametrize("heavy", [False, True])
def test_few_null_factors_stand_out(heavy: bool) -> None:
    share, error = false_alarms(FULL, heavy)
    kind = ("（偏态误差）", ", skewed noise") if heavy else ("", "")
    record(
        "sensitivity_null_heavy" if heavy else "sensitivity_null", f"毫无影响的假设被误认为有影响的占比{kind[0]}",
        f"assumptions without effect that stand out from noise{kind[1]}", "≤ 5 %", share, error, FULL,
    )  # fmt: skip
    assert share < 0.05 + 2 * error
