"""Do simultaneous intervals and adjusted verdicts hold what they promise?"""

import math

import numpy as np
import pytest

from sim.statistics.simultaneous import simultaneous
from tests.honesty.cheap import error
from tests.honesty.record import record

FULL, QUICK = 2000, 150
DRAWS = 3999
"""Fewer than usual: their error is that of one study, it averages out over many."""
CASES = {
    "9_of_30": (30, 9, 0.5, "9 个相关的比较，30 次重复", "9 correlated comparisons, 30 replications"),
    "9_of_10": (10, 9, 0.5, "9 个相关的比较，10 次重复", "9 correlated comparisons, 10 replications"),
    "27_of_10": (10, 27, 0.6, "27 个相关的比较，只有 10 次重复", "27 correlated comparisons of only 10 replications"),
}


def differences(case: str, number: int) -> np.ndarray:
    """Paired differences of policies that share the baseline's luck: correlation by a common part, truth 0."""
    n, k, rho, *_ = CASES[case]
    rng = np.random.default_rng([number, 2024])
    spread = np.geomspace(0.5, 2, k)  # units differ
    return spread * (math.sqrt(rho) * rng.normal(size=(n, 1)) + math.sqrt(1 - rho) * rng.normal(size=(n, k)))


def false_verdicts(case: str, meta: int) -> float:
    """Share of studies in which nothing differs and yet some comparison is called clear."""
    return float(np.mean([simultaneous(differences(case, m), m, DRAWS).p_value.min() < 0.05 for m in range(meta)]))


def all_covered(case: str, meta: int) -> float:
    """Share of studies in which every interval holds its true difference, none of which is 0."""
    _, k, *_ = CASES[case]
    truth = np.linspace(-3, 3, k) + 0.1
    hits = []
    for m in range(meta):
        found = simultaneous(differences(case, m + meta) + truth, m, DRAWS)
        hits.append(np.all((found.low <= truth) & (truth <= found.high)))
    return float(np.mean(hits))


def false_equalities(meta: int, margin: float = 1.0) -> float:
    """Share of studies in which some difference as large as the margin is called equal."""
    n, k = 30, 9
    found = []
    for m in range(meta):
        rng = np.random.default_rng([m, 2025])
        d = margin + 0.8 * (math.sqrt(0.5) * rng.normal(size=(n, 1)) + math.sqrt(0.5) * rng.normal(size=(n, k)))
        result = simultaneous(d, m, DRAWS)
        found.append(np.any((-margin < result.low) & (result.high < margin)))
    return float(np.mean(found))


def one_spread_for_all(case: str, meta: int) -> float:
    """The same as :func:`false_verdicts` by a multivariate t of the estimated correlation: one spread for all."""
    n, *_ = CASES[case]
    hits = []
    for m in range(meta):
        d = differences(case, m)
        rng = np.random.default_rng([m, 2026])
        normal = rng.normal(size=(DRAWS, n)) @ ((d - d.mean(axis=0)) / d.std(axis=0) / math.sqrt(n))
        law = np.abs(normal).max(axis=1) / np.sqrt(rng.chisquare(n - 1, DRAWS) / (n - 1))
        largest = np.abs(d.mean(axis=0) / d.std(axis=0, ddof=1)).max() * math.sqrt(n)
        hits.append(largest > np.quantile(law, 0.95))
    return float(np.mean(hits))


def test_false_verdicts_quickly() -> None:
    assert false_verdicts("9_of_30", QUICK) <= 0.05 + 3 * error(0.05, QUICK)
    assert all_covered("9_of_10", QUICK) >= 0.95 - 3 * error(0.95, QUICK)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_false_verdicts(case: str) -> None:
    measured, (*_, zh, en) = false_verdicts(case, FULL), CASES[case]
    zh, en = (
        f"同时判断：什么都没变，却至少有一项被判为变了（{zh}）",
        f"judged together: nothing changed, yet some verdict says so ({en})",
    )
    record(f"together_error_{case}", zh, en, "≤ 5 %", measured, error(measured, FULL), FULL)
    assert measured <= 0.05 + 2 * error(0.05, FULL)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_simultaneous_coverage(case: str) -> None:
    measured, (*_, zh, en) = all_covered(case, FULL), CASES[case]
    zh, en = f"同时区间：全部区间都含真值（{zh}）", f"simultaneous intervals: all of them hold the truth ({en})"
    record(f"together_coverage_{case}", zh, en, "95 %", measured, error(measured, FULL), FULL)
    assert measured >= 0.95 - 2 * error(0.95, FULL)


@pytest.mark.slow
def test_false_equality() -> None:
    measured = false_equalities(FULL)
    zh, en = (
        "同时判断：差恰为等效范围，却至少有一项被判为持平",
        "judged together: differences of just the margin, yet some is called equal",
    )
    record("together_equal", zh, en, "≤ 5 %", measured, error(measured, FULL), FULL)
    assert measured <= 0.05 + 2 * error(0.05, FULL)


@pytest.mark.slow
def test_one_spread_for_all_lets_too_much_through() -> None:
    measured = one_spread_for_all("27_of_10", FULL)
    zh = "反例：同上，27 个比较、10 次重复，用多元 t（一个共同的标准差）误判的占比"
    en = "counter-example: the same 27 comparisons of 10 replications by a multivariate t (one spread for all)"
    record("together_error_multivariate_t", zh, en, "> 5 %", measured, error(measured, FULL), FULL)
    assert measured > 0.05 + 2 * error(0.05, FULL)
