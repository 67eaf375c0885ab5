"""MSER-5 and Welch's average against their formulas written out, and a weekly cycle that must not move the point."""

import math

import numpy as np
import pytest

from sim.statistics.mser5 import chance_of_gap, largest_gap, mser5, welch, without_cycle

DAYS = 364


def series(
    rng: np.random.Generator, days: int = DAYS, phi: float = 0.5, start: float = 0.0, memory: float = 20.0
) -> np.ndarray:
    """AR(1) with standard deviation 1, begun in its stationary law, on an exponential transient of known length."""
    noise = rng.normal(size=days)
    found = np.empty(days)
    found[0] = noise[0]
    for t in range(1, days):
        found[t] = phi * found[t - 1] + math.sqrt(1 - phi**2) * noise[t]
    return found + start * np.exp(-np.arange(days) / memory)


def point_by_hand(values: np.ndarray) -> int:
    """argmin over d of 1/(n−d)² Σ_{i>d} (y_i − ȳ_d)², y the batch means of five, at least five of them left."""
    batches = [sum(values[5 * i : 5 * i + 5]) / 5 for i in range(len(values) // 5)]
    n, found = len(batches), {}
    for d in range(n - 5 + 1):
        rest = batches[d:]
        mean = sum(rest) / len(rest)
        found[d] = sum((y - mean) ** 2 for y in rest) / (n - d) ** 2
    return 5 * min(found, key=lambda d: found[d])


@pytest.mark.parametrize("seed", range(20))
def test_the_point_is_where_the_formula_written_out_is_smallest(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = series(rng, int(rng.integers(50, 400)), start=float(rng.uniform(0, 8)))
    found = mser5(values)
    assert found is not None and found.point == point_by_hand(values)
    assert found.reliable == (found.point <= len(values) // 5 * 5 / 2)


def test_a_series_of_less_than_ten_batches_has_no_answer() -> None:
    rng = np.random.default_rng(1)
    assert mser5(rng.normal(size=49)) is None and mser5(rng.normal(size=50)) is not None


def test_a_step_is_cut_off_where_it_ends() -> None:
    values = np.concatenate((np.full(35, 4.0), np.tile([1.0, 1.1, 0.9, 1.05, 0.95], 40)))
    found = mser5(values)
    assert found is not None and found.point == 35 and found.reliable


def test_a_step_late_in_the_series_is_no_answer() -> None:
    values = np.concatenate((np.tile([1.0, 1.1, 0.9, 1.05, 0.95], 40), np.full(40, 4.0)))
    found = mser5(values)
    assert found is not None and not found.reliable


def test_a_weekly_cycle_is_taken_out_to_the_last_digit_and_the_level_stays() -> None:
    day = np.arange(280)
    cycle = np.array([3.0, 1.0, 0.0, 0.0, -1.0, -1.0, -2.0])
    level = 5 + np.where(day < 60, 2.0, 0.0)
    found = without_cycle(level + cycle[day % 7], day % 7)
    # the second half has whole weeks, in which the cycle's mean is 0
    assert found == pytest.approx(level, abs=1e-12)
    closed = day % 7 != 6
    kept = without_cycle((level + cycle[day % 7])[closed], (day % 7)[closed])
    assert kept == pytest.approx(level[closed] + cycle[:6].mean(), abs=1e-12)


def test_a_weekly_cycle_moves_the_point_only_if_it_is_left_in() -> None:
    """Why the weekday pattern goes out first: batches of five days slide over the week and hide the transient."""
    rng, day = np.random.default_rng(11), np.arange(DAYS)
    cycle = np.where(day % 7 < 5, 2.0, -5.0)
    same, hidden, n = 0, 0, 60
    for _ in range(n):
        plain = series(rng, start=3.0)
        points = [found.point for found in (mser5(plain), mser5(plain + cycle)) if found]
        taken_out = mser5(without_cycle(plain + cycle, day % 7))
        assert taken_out is not None
        same += abs(taken_out.point - points[0]) <= 5
        hidden += points[1] <= 10 < points[0]
    # 0.9 less three binomial standard errors, and far more often than not
    assert same / n > 0.9 - 3 * math.sqrt(0.9 * 0.1 / n)
    assert hidden / n > 0.5


def test_welchs_average_is_the_ratio_of_sums_over_its_window() -> None:
    rng = np.random.default_rng(5)
    amounts, bases = rng.uniform(0, 9, 60), rng.integers(0, 4, 60).astype(float)
    found = welch(amounts, bases, 6)
    for i in range(60):
        wide = min(6, i)
        if i > 53:
            assert math.isnan(found[i])
        else:
            below = sum(bases[j] for j in range(i - wide, i + wide + 1))
            above = sum(amounts[j] for j in range(i - wide, i + wide + 1))
            assert found[i] == pytest.approx(above / below) if below else math.isnan(found[i])
    assert np.count_nonzero(~np.isnan(welch(amounts, np.ones(60), 500))) == 45, "at most a quarter of the series"


def test_a_gap_seldom_among_equals_is_rare_under_equals() -> None:
    """The Monte-Carlo p-value is at most 5 % in 5 % of normal samples, within three binomial standard errors."""
    rng, n = np.random.default_rng(8), 2000
    for size in (6, 12):
        limit = min(gap for gap in np.linspace(0.3, 0.8, 21) if chance_of_gap(float(gap), size, 3) <= 0.05)
        share = np.mean([largest_gap(rng.normal(size=size)) >= limit for _ in range(n)])
        exact = chance_of_gap(float(limit), size, 4)
        assert abs(share - exact) < 3 * math.sqrt(exact * (1 - exact) / n) + 3 * math.sqrt(exact / 20_000)


def test_two_tight_groups_are_seen_and_one_odd_value_is_none() -> None:
    rng = np.random.default_rng(2)
    groups = np.concatenate((rng.normal(0.3, 0.01, 5), rng.normal(0.8, 0.01, 5)))
    assert largest_gap(groups) > 0.85 and chance_of_gap(largest_gap(groups), 10, 1) < 0.001
    odd = np.concatenate((rng.normal(0.3, 0.01, 9), [0.8]))
    assert chance_of_gap(largest_gap(odd), 10, 1) > 0.5
    assert largest_gap(np.full(10, 0.4)) == 0 and math.isnan(largest_gap(np.array([1.0, 2.0, 3.0])))
