"""Simultaneous intervals against scipy where scipy knows the answer, and against bounds where nobody does."""

import math

import numpy as np
import pytest
from scipy import integrate, stats

from sim.statistics.simultaneous import DRAWS, largest_t, shrinkage, simultaneous

SIDE = 3 * math.sqrt(0.05 * 0.95 / DRAWS)
"""Three Monte-Carlo errors of a share of 5 % of the draws."""


def made(n: int, k: int, rho: float = 0.0, seed: int = 4, shift: float = 0.0) -> np.ndarray:
    """Normal differences of one correlation."""
    rng = np.random.default_rng(seed)
    return shift + math.sqrt(rho) * rng.normal(size=(n, 1)) + math.sqrt(1 - rho) * rng.normal(size=(n, k))


def all_of(correlation: np.ndarray, nu: int, draws: int = DRAWS) -> np.ndarray:
    return np.concatenate(list(largest_t(correlation, nu, 1, draws)))


def test_one_comparison_is_students_t() -> None:
    d = made(12, 1, shift=0.4)
    found, t = simultaneous(d, 1), stats.ttest_1samp(d[:, 0], 0)
    assert (found.low[0], found.high[0]) == pytest.approx(tuple(t.confidence_interval(0.95)), rel=1e-12)
    assert found.p_value[0] == found.p_alone[0] == pytest.approx(t.pvalue, rel=1e-10)
    assert found.level == pytest.approx(0.95)


@pytest.mark.parametrize("nu", [9, 29])
def test_each_statistic_by_itself_is_students_t(nu: int) -> None:
    """Whatever the correlation: the chance of the first of two equal comparisons is that of a t test."""
    same = np.array([[1.0, 1 - 1e-9], [1 - 1e-9, 1.0]])
    beyond = np.mean(all_of(same, nu) > stats.t.isf(0.025, nu))
    assert beyond == pytest.approx(0.05, abs=SIDE)


@pytest.mark.parametrize(("nu", "k"), [(9, 9), (4, 9), (29, 5)])
def test_independent_comparisons_multiply(nu: int, k: int) -> None:
    """Below and above as many degrees of freedom as comparisons, so both ways of drawing are tried."""
    c = stats.t.isf((1 - 0.95 ** (1 / k)) / 2, nu)
    assert np.mean(all_of(np.eye(k), nu) > c) == pytest.approx(0.05, abs=SIDE)


def test_two_correlated_comparisons_by_integration() -> None:
    """P(|T1| ≤ c, |T2| ≤ c) integrated over a bivariate chi-square of correlation ρ² for many degrees of freedom."""
    nu, rho, c = 400, 0.7, 2.2

    def inner(z: float) -> float:
        s = math.sqrt(1 - rho**2)
        return stats.norm.pdf(z) * (stats.norm.cdf((c - rho * z) / s) - stats.norm.cdf((-c - rho * z) / s))

    inside = integrate.quad(inner, -c, c)[0]  # normal: what 400 degrees of freedom differ by is added to the tolerance
    error = 3 * math.sqrt(inside * (1 - inside) / DRAWS) + abs(2 * (stats.t.sf(c, nu) - stats.norm.sf(c))) * 2
    drawn = np.mean(all_of(np.array([[1, rho], [rho, 1]]), nu) <= c)
    assert drawn == pytest.approx(inside, abs=error)


def test_many_replications_agree_with_scipys_multivariate_t() -> None:
    """With 500 degrees of freedom own spreads and a common one come to the same."""
    k, rho, nu, c = 5, 0.5, 500, 2.4
    correlation = rho + (1 - rho) * np.eye(k)
    rng = np.random.default_rng(2)
    theirs = np.abs(stats.multivariate_t(np.zeros(k), correlation, nu).rvs(DRAWS, random_state=rng)).max(axis=1)
    ours = all_of(correlation, nu)
    for share in ((theirs > c).mean(), (ours > c).mean()):
        assert 0.02 < share < 0.08
    assert (ours > c).mean() == pytest.approx((theirs > c).mean(), abs=2 * SIDE)


def test_dunnetts_test_agrees_where_its_assumptions_hold() -> None:
    """Many replications of independent policies against one control: a correlation of one half."""
    rng = np.random.default_rng(8)
    control, others = rng.normal(size=300), [rng.normal(loc=shift, size=300) for shift in (0.0, 0.15, 0.2)]
    theirs = stats.dunnett(*others, control=control, rng=np.random.default_rng(1)).pvalue
    ours = simultaneous(np.column_stack([other - control for other in others]), 1)
    alone = np.array([stats.ttest_ind(other, control).pvalue for other in others])
    # paired and unpaired statistics differ by the luck of the pairing: the adjustment is what is compared
    for j in range(3):
        assert 1 <= ours.p_value[j] / ours.p_alone[j] <= 3
    assert ours.p_value / ours.p_alone == pytest.approx(theirs / alone, rel=0.35)


@pytest.mark.parametrize("rho", [0.0, 0.5, 0.9])
def test_adjusted_lies_between_plain_and_bonferroni(rho: float) -> None:
    k = 12
    found = simultaneous(made(15, k, rho, shift=0.6), 1)
    assert np.all(found.p_alone <= found.p_value) and np.all(found.p_value <= np.minimum(1, k * found.p_alone) + 1e-15)
    assert 0.95 <= found.level <= 1 - 0.05 / k
    assert np.all(found.low <= found.alone_low) and np.all(found.alone_high <= found.high)


def test_correlation_makes_intervals_narrower() -> None:
    levels = [simultaneous(made(200, 10, rho), 1).level for rho in (0.0, 0.6, 0.95)]
    assert levels[0] > levels[1] > levels[2] > 0.95


@pytest.mark.parametrize("seed", range(6))
def test_an_interval_leaves_out_0_if_and_only_if_p_is_below_5_percent(seed: int) -> None:
    found = simultaneous(made(10, 60, 0.3, seed, shift=1.3), seed, 9999)
    clear = (found.low > 0) | (found.high < 0)
    assert np.array_equal(clear, found.p_value < 0.05) and 0 < clear.sum() < 60


def test_p_values_keep_the_order_of_the_plain_ones() -> None:
    found = simultaneous(made(10, 30, shift=0.5), 1, 9999)
    order = np.argsort(found.p_alone)
    assert np.all(np.diff(found.p_value[order]) >= 0)


def test_more_comparisons_than_replications_and_dependent_ones() -> None:
    d = made(6, 20, 0.4)
    d[:, 1], d[:, 2] = d[:, 0], -3 * d[:, 0]
    d[:, 3] = d[:, 4] + d[:, 5]
    found = simultaneous(d, 1, 9999)
    assert np.all(np.isfinite(found.low)) and found.p_value[0] == found.p_value[1] == pytest.approx(found.p_value[2])


def test_all_comparisons_the_same_are_as_one() -> None:
    one = made(15, 1, shift=0.5)
    found = simultaneous(np.hstack([one, 2 * one, -one]), 1)
    assert 1 - found.level == pytest.approx(0.05, abs=SIDE + 1e-3)


def test_no_spread_is_exact_and_no_burden_on_the_others() -> None:
    d = np.column_stack([made(10, 1, shift=0.5)[:, 0], np.zeros(10), np.full(10, -0.25)])
    found, alone = simultaneous(d, 1), simultaneous(d[:, :1], 1)
    assert (found.low[1], found.high[1], found.p_value[1]) == (0, 0, 1)
    assert (found.low[2], found.high[2], found.p_value[2]) == (-0.25, -0.25, 0)
    assert (found.low[0], found.high[0], found.p_value[0]) == (alone.low[0], alone.high[0], alone.p_value[0])


def test_missing_replications_are_left_out_of_their_column_alone() -> None:
    d = made(20, 4, 0.5, shift=0.4)
    d[:8, 0] = d[5:, 3] = np.nan
    found = simultaneous(d, 1)
    assert list(found.n) == [12, 20, 20, 5]
    for j in range(4):
        t = stats.ttest_1samp(d[~np.isnan(d[:, j]), j], 0)
        assert found.p_alone[j] == pytest.approx(t.pvalue)
        assert (found.alone_low[j], found.alone_high[j]) == pytest.approx(tuple(t.confidence_interval(0.95)))
    clear = (found.low > 0) | (found.high < 0)
    assert np.array_equal(clear, found.p_value < 0.05)


def test_too_few_values_give_no_answer_and_take_none_away() -> None:
    d = np.column_stack([made(10, 2, shift=0.5), np.full(10, np.nan), np.full(10, np.nan)])
    d[3, 3] = 1.0
    found, without = simultaneous(d, 1), simultaneous(d[:, :2], 1)
    assert np.isnan(found.low[2:]).all() and np.isnan(found.p_value[2:]).all() and found.mean[3] == 1.0
    assert np.array_equal(found.low[:2], without.low) and np.array_equal(found.p_value[:2], without.p_value)


def test_the_seed_decides_and_matters_little() -> None:
    d = made(12, 5, shift=0.5)
    first, again, other = simultaneous(d, 1), simultaneous(d, 1), simultaneous(d, 2)
    assert np.array_equal(first.low, again.low) and np.array_equal(first.p_value, again.p_value)
    assert not np.array_equal(first.low, other.low)
    assert other.level == pytest.approx(first.level, abs=2 * SIDE / 5), "of five comparisons"


def test_shrinkage_fades_with_replications_and_is_full_for_chance_alone() -> None:
    k = 8
    true = 0.6 + 0.4 * np.eye(k)
    assert shrinkage(true, 10) > shrinkage(true, 100) > shrinkage(true, 10_000) > 0
    assert shrinkage(np.eye(k), 10) == 0 and shrinkage(np.ones((k, k)), 10) == 0
    by_chance = np.corrcoef(made(10, 40).T)
    assert shrinkage(by_chance, 10) > 0.6


def test_one_common_spread_would_be_too_narrow() -> None:
    """Why not a multivariate t: it lets more through than 5 % where each comparison has a spread of its own."""
    k, nu, draws = 9, 9, 99_999
    rng = np.random.default_rng(3)
    common = np.abs(rng.normal(size=(draws, k))).max(axis=1) / np.sqrt(rng.chisquare(nu, draws) / nu)
    c = np.quantile(common, 0.95)
    assert np.mean(all_of(np.eye(k), nu, draws) > c) > 0.05 + 3 * SIDE * math.sqrt(DRAWS / draws)
