"""Kim and Nelson (2001) held to a second implementation, written loop by loop from the paper, and to known defects."""

import math

import numpy as np
import pytest
from scipy import stats

from sim.statistics.feasibility import checked, looks
from sim.statistics.kim_nelson import eta, h_squared, half_width, pairs
from sim.statistics.selection import Selection, select, share_of_error


def from_the_paper(x: np.ndarray, delta: float, alpha: float, n0: int) -> tuple[int, dict[int, int]]:
    """Procedure KN with c = 1, step by step: (system selected, replications at which each other one was left out)."""
    k = x.shape[1]
    eta = 0.5 * (math.pow(2 * alpha / (k - 1), -2.0 / (n0 - 1)) - 1)
    h2 = 2 * 1 * eta * (n0 - 1)
    s2 = {}
    for i in range(k):
        for j in range(k):
            xbar = [sum(x[m, a] for m in range(n0)) / n0 for a in (i, j)]
            s2[i, j] = sum((x[m, i] - x[m, j] - (xbar[0] - xbar[1])) ** 2 for m in range(n0)) / (n0 - 1)
    contenders, r, gone = set(range(k)), n0, {}
    while True:
        mean = {i: sum(x[m, i] for m in range(r)) / r for i in contenders}

        def beaten(i: int, mean: dict[int, float] = mean, r: int = r) -> bool:
            return any(
                mean[i] < mean[j] - max(0.0, delta / (2 * r) * (h2 * s2[i, j] / delta**2 - r)) for j in mean if j != i
            )

        out = {i for i in contenders if beaten(i)}
        gone |= dict.fromkeys(out, r)
        contenders -= out
        if len(contenders) == 1:
            return contenders.pop(), gone
        r += 1


def free(x: np.ndarray, delta: float, alpha: float = 0.05, n0: int = 10, most: int | None = None) -> Selection:
    """A selection without limits."""
    rows, k = x.shape
    return select(x, np.full(k, rows), np.zeros((rows, k, 0)), np.zeros(0), delta, alpha, n0, most or rows)


def slippage(seed: int, k: int = 8, rows: int = 800, rho: float = 0.0, delta: float = 0.5, uneven: bool = False):
    """The last one is better by δ than all others, which are equal; sd 1, or from 0.5 to 1.5."""
    rng = np.random.default_rng(seed)
    sd = np.linspace(0.5, 1.5, k) if uneven else np.ones(k)
    x = (math.sqrt(rho) * rng.normal(size=(rows, 1)) + math.sqrt(1 - rho) * rng.normal(size=(rows, k))) * sd
    x[:, -1] += delta
    return x


@pytest.mark.parametrize("n0", [10, 15])
@pytest.mark.parametrize(("rho", "uneven"), [(0.0, False), (0.8, False), (0.5, True)])
def test_same_eliminations_as_the_paper_step_by_step(n0, rho, uneven):
    for seed in range(12):
        x = slippage(seed, k=5, rho=rho, uneven=uneven)
        best, gone = from_the_paper(x, 0.5, 0.05, n0)
        found = free(x, 0.5, n0=n0)
        assert found.best == best, seed
        assert {i: int(n) for i, n in enumerate(found.left) if n} == gone, seed


def test_constants_are_those_of_the_paper():
    # k = 10, alpha = 0.05, n0 = 10, worked out by hand: (2·0.05/9)^(-2/9) = e^(4.49981·2/9) = 2.71821
    assert eta(0.05 / 9, 10) == pytest.approx((math.exp(4.499810 * 2 / 9) - 1) / 2, rel=1e-6)
    # from the bound it comes from: the error of one comparison is ½(1 + 2η)^(−(n0−1)/2)
    for error in (0.05, 0.01, 0.0004):
        for n0 in (10, 20):
            assert 0.5 * (1 + 2 * eta(error, n0)) ** (-(n0 - 1) / 2) == pytest.approx(error)
            assert h_squared(error, n0) == pytest.approx(2 * eta(error, n0) * (n0 - 1))


def test_a_first_stage_of_two_is_refused():
    for n0 in (2, 9):
        with pytest.raises(ValueError, match="at least 10"):
            eta(0.01, n0)
        with pytest.raises(ValueError, match="at least 10"):
            pairs(slippage(1), n0, 0.01, 0.5)


@pytest.mark.parametrize("error", [0.0, 0.5, 1.0, -0.1, math.nan])
def test_an_impossible_error_is_refused(error):
    with pytest.raises(ValueError, match="error"):
        eta(error, 10)


def test_variances_are_of_the_first_stage_only():
    x = slippage(3)
    wild = x.copy()
    wild[10:] *= 7  # what comes later changes sums, not triangles
    n = 12
    ahead = wild[:n].mean(axis=0)[:, None] - wild[:n].mean(axis=0)[None, :]
    variances = np.array([[np.var(x[:10, i] - x[:10, j], ddof=1) for j in range(8)] for i in range(8)])
    out = np.abs(ahead) > half_width(n, variances, h_squared(0.05, 10), 0.5)
    when, _ = pairs(wild[:n], 10, 0.05, 0.5)
    assert ((when == n) == (out & ~((when > 0) & (when < n)))).all()


def test_shared_luck_makes_it_quick_since_only_differences_count():
    alone, shared = (np.mean([free(slippage(s, rho=rho), 0.5).used.sum() for s in range(20)]) for rho in (0.0, 0.8))
    assert shared < 0.5 * alone
    # luck that all share, however large, changes nothing at all
    x = np.round(slippage(5, rho=0.5), 6)
    luck = np.round(np.random.default_rng(1).normal(size=(len(x), 1)), 6) * 64
    for one, other in zip(pairs(x, 10, 0.01, 0.5), pairs(x + luck, 10, 0.01, 0.5), strict=True):
        assert (one == other).all()


def test_of_two_that_are_exactly_equal_the_first_one_is_taken_at_once():
    x = slippage(2, k=3, delta=0.0)
    x[:, 1] = x[:, 0]
    x[:, 2] -= 3
    found = free(x, 0.5)
    assert found.best == 0 and found.guaranteed and found.left.tolist() == [0, 10, 10]


def test_the_chosen_one_has_won_against_every_other_itself():
    for seed in range(30):
        x = slippage(seed, delta=0.0)
        found = free(x, 0.5)
        when, wins = pairs(x, 10, found.error, 0.5)
        others = [j for j in range(8) if j != found.best]
        assert found.guaranteed == bool(wins[found.best, others].all()) and (found.why == "") == found.guaranteed
        if found.guaranteed:
            assert (found.used[others] >= when[found.best, others]).all()
        else:
            assert found.why == "circle" and wins[others, found.best].any()


def test_a_cap_leaves_no_guarantee():
    found = free(slippage(1, delta=0.0), 0.05, most=12)
    assert not found.guaranteed and found.why == "capped" and found.status.count("survivor") > 0
    assert found.best is not None and (found.used <= 12).all()


def test_the_error_is_shared_by_rivals_and_limits_of_all_systems():
    assert share_of_error(8, 0, 0.05) == 0.05 / 7  # Kim and Nelson's own
    assert share_of_error(8, 3, 0.05) == 0.05 / 10
    assert 0 < share_of_error(1, 0, 0.05) < 0.5


def slack_of(means: list[float], rows: int, seed: int) -> np.ndarray:
    return (np.random.default_rng([seed, 9]).normal(size=(rows, len(means))) + means)[:, :, None]


def test_data_that_come_in_other_portions_decide_the_same():
    for seed in range(15):
        x, slack = slippage(seed, rho=0.5), slack_of([3, 0.4, -0.4, 3, 3, -3, 0.1, 0.5], 800, seed)
        whole = select(x, np.full(8, 800), slack, np.array([0.2]), 0.5, 0.05, 10, 60)
        for portion in (1, 3, 17):
            found = piece_by_piece(x, slack, portion)
            assert found.best == whole.best and found.status == whole.status and found.why == whole.why
            assert (found.used == whole.used).all() and (found.left == whole.left).all()
            assert (found.known == whole.known).all() and (found.kept == whole.kept).all()


def piece_by_piece(x: np.ndarray, slack: np.ndarray, portion: int) -> Selection:
    have = np.full(x.shape[1], 10)
    while True:
        there = np.arange(len(x))[:, None] < have[None, :]
        rows = have.max()
        found = select(
            np.where(there, x, np.nan)[:rows], have, np.where(there[:, :, None], slack, np.nan)[:rows],
            np.array([0.2]), 0.5, 0.05, 10, 60,
        )  # fmt: skip
        if not found.wanted:
            return found
        for i, needed in found.wanted.items():
            assert have[i] < needed <= 60
            have[i] = min(max(needed, have[i] + portion), 60)


def test_one_that_breaks_a_limit_is_never_taken_and_beats_nobody():
    x, slack = slippage(1, delta=5.0), slack_of([3] * 7 + [-3], 800, 1)
    x[:, 6] += 2
    found = select(x, np.full(8, 800), slack, np.array([0.0]), 0.5, 0.05, 10, 800)
    assert found.status[7] == "infeasible" and found.best == 6 and found.guaranteed


def test_unknown_limits_are_no_permission():
    x = slippage(1, delta=5.0)
    x[:, 6] += 2
    slack = slack_of([3] * 7 + [0], 800, 1)
    slack[:, 7, 0] -= slack[:60, 7, 0].mean()  # exactly on the limit
    found = select(x, np.full(8, 800), slack, np.array([0.0]), 0.5, 0.05, 10, 60)
    assert found.status[7] == "undecided" and found.best == 6
    assert not found.guaranteed and found.why == "undecided"
    none = select(x, np.full(8, 800), np.full_like(slack, np.nan), np.array([0.0]), 0.5, 0.05, 10, 20)
    assert none.best is None and not none.guaranteed and none.why == "undecided"


def test_nobody_keeps_the_limits():
    found = select(slippage(1), np.full(8, 800), slack_of([-3] * 8, 800, 1), np.array([0.0]), 0.5, 0.05, 10, 60)
    assert found.best is None and found.why == "none_feasible" and not found.guaranteed


def test_an_undecided_one_that_is_beaten_does_not_spoil_the_guarantee():
    x = slippage(1, delta=5.0)
    slack = slack_of([0] + [3] * 7, 800, 1)
    slack[:, 0, 0] -= slack[:60, 0, 0].mean()
    found = select(x, np.full(8, 800), slack, np.array([0.0]), 0.5, 0.05, 10, 60)
    assert found.best == 7 and found.guaranteed and found.status[0] == "beaten"


def test_looks_are_planned_beforehand():
    assert looks(10, 60) == (10, 20, 40, 60) and looks(10, 40) == (10, 20, 40) and looks(10, 10) == (10,)


def test_a_limit_is_judged_by_one_sided_t_bounds_shared_over_the_looks():
    rng = np.random.default_rng(4)
    for mean in (-1.2, -0.6, 0.3, 0.9, 1.4):
        slack = rng.normal(mean, 1, size=(40, 1, 1))
        when, kept = checked(slack, np.array([0.25]), looks(10, 40), 0.03)
        expected = (0, False)
        for n in (10, 20, 40):
            s = slack[:n, 0, 0]
            p_kept = stats.ttest_1samp(s, -0.25, alternative="greater").pvalue
            p_broken = stats.ttest_1samp(s, 0, alternative="less").pvalue
            if min(p_kept, p_broken) <= 0.01:
                expected = (n, bool(p_broken > 0.01))
                break
        assert (int(when[0, 0]), bool(kept[0, 0])) == expected


def test_what_does_not_vary_is_known_at_once():
    slack = np.zeros((10, 3, 1)) + np.array([0.0, 0.1, -0.1])[None, :, None]
    when, kept = checked(slack, np.array([0.0]), (10,), 0.01)
    assert (when == 10).all() and kept[:, 0].tolist() == [True, True, False]
