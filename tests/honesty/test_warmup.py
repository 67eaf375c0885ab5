"""What MSER-5 does on a series whose start, noise and weekday pattern are known: what is left of the start's bias.

White's rule makes the error of the remaining mean smallest; it promises neither that the start is forgotten nor that it
leaves a series alone that had no start to forget. So both are measured.
"""

import math

import numpy as np
import pytest

from sim.statistics.mser5 import mser5, without_cycle
from tests.honesty.record import record

DAYS, PHI = 364, 0.5
CYCLE = np.where(np.arange(DAYS) % 7 < 5, 2.0, -5.0)
START = 3.0
"""Where the series begins, in standard deviations of a day from its level."""
SMALL = 0.1
"""Bias of the mean that is left, in standard deviations of a day."""


def many(n: int, seed: int) -> np.ndarray:
    """n stationary AR(1) series, n × DAYS."""
    noise = np.random.default_rng(seed).normal(size=(n, DAYS))
    found = np.empty_like(noise)
    found[:, 0] = noise[:, 0]
    for t in range(1, DAYS):
        found[:, t] = PHI * found[:, t - 1] + math.sqrt(1 - PHI**2) * noise[:, t]
    return found


def judged(values: np.ndarray) -> tuple[int, bool]:
    found = mser5(without_cycle(values + CYCLE, np.arange(DAYS) % 7))
    assert found is not None
    return found.point, found.reliable


def bias_left(n: int, memory: float, seed: int) -> tuple[float, float, float]:
    """Share of answers after which the bias left is small; share with an answer; bias left as a part of bias uncut."""
    start = START * np.exp(-np.arange(DAYS) / memory)
    answers = [judged(values + start) for values in many(n, seed)]
    left = np.array([start[point:].mean() for point, reliable in answers if reliable])
    return float((left < SMALL).mean()), len(left) / n, float(left.mean() / start.mean())


def alarms(n: int, seed: int) -> tuple[float, float]:
    """Of series that have no start to forget: share with a point behind 13 weeks, share said to be too short."""
    answers = [judged(values) for values in many(n, seed)]
    late = sum(reliable and point > 13 * 7 for point, reliable in answers)
    return late / n, sum(not reliable for _, reliable in answers) / n


def error(share: float, n: int) -> float:
    return math.sqrt(max(share * (1 - share), 1 / n) / n)


def test_a_start_of_three_weeks_is_cut_off_and_noise_is_left_alone() -> None:
    n = 120
    small, told, left = bias_left(n, 20.0, 1)
    assert small > 0.9 - 3 * error(0.9, n) and told > 0.9 - 3 * error(0.9, n) and left < 0.5
    late, short = alarms(n, 2)
    assert late + short < 0.05 + 3 * error(0.05, n)


@pytest.mark.slow
def test_what_mser5_leaves_and_how_often_it_cries_wolf() -> None:
    n = 1000
    small, told, left = bias_left(n, 20.0, 3)
    record(
        "warmup_bias_20_days",
        f"MSER-5：起点偏离 3 个标准差、时间常数 20 天、看 {DAYS} 天，截断后均值的偏差小于日标准差的十分之一",
        f"MSER-5, start 3 sd off, time constant 20 days, {DAYS} days: bias left below a tenth of a day's sd",
        "≥ 90 %", small, error(small, round(n * told)), round(n * told),
    )  # fmt: skip
    assert small > 0.9 - 2 * error(0.9, n) and left < 0.4
    slow, told_slow, _ = bias_left(n, 40.0, 4)
    record(
        "warmup_bias_40_days",
        f"同上，时间常数 40 天（MSER-5 没有保证，只作测量）：看 {DAYS} 天不够",
        f"the same, time constant 40 days (no promise of MSER-5, measured): {DAYS} days are too few",
        "–", slow, error(slow, round(n * told_slow)), round(n * told_slow),
    )  # fmt: skip
    late, short = alarms(n, 5)
    record(
        "warmup_false_alarms",
        f"MSER-5：平稳序列（{DAYS} 天）被说成要预热超过 13 周，或“数据太短”",
        f"MSER-5: a stationary series of {DAYS} days is said to need more than 13 weeks, or to be too short",
        "≤ 5 %", late + short, error(late + short, n), n,
    )  # fmt: skip
    assert late + short < 0.05 + 2 * error(0.05, n)
