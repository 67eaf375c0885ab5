"""Does stopping on half-width keep what the interval promises? Stopping on clear results does not."""

import numpy as np
import pytest

from sim.statistics.precision import Goal, Look, until_narrow
from sim.statistics.simultaneous import simultaneous
from tests.honesty import cheap
from tests.honesty.cheap import MEANS, Differences, clear, covered, error, sequential
from tests.honesty.record import record

FULL, QUICK = 2000, 300
LAW = 0.93
"""Coverage to be expected of a nominal 95 % (Law 2015, section 9.4.1)."""
WELL: dict[str, tuple[Differences, Goal, str, str]] = {
    "normal": (cheap.normal, Goal("x", 0.6), "正态，绝对半宽", "normal, absolute half-width"),
    "normal_relative": (
        cheap.normal,
        Goal("x", 0.15, True),
        "正态，相对半宽 15 %",
        "normal, relative half-width of 15 %",
    ),
    "share": (
        cheap.small_shares,
        Goal("x", 0.0015),
        "3 % 左右的比率，绝对半宽",
        "shares near 3 %, absolute half-width",
    ),
    "share_relative": (
        cheap.small_shares,
        Goal("x", 0.1, True),
        "3 % 左右的比率，相对半宽 10 %",
        "shares near 3 %, relative half-width of 10 %",
    ),
}
SKEWED: dict[str, tuple[Differences, Goal, str, str]] = {
    "times": (cheap.mean_times, Goal("x", 0.06), "30 件长尾用时（变异系数 2.4）的均值，绝对半宽",
              "means of 30 heavy-tailed times (cv 2.4), absolute half-width"),
    "times_relative": (cheap.mean_times, Goal("x", 0.1, True), "30 件长尾用时（变异系数 2.4）的均值，相对半宽 10 %",
                       "means of 30 heavy-tailed times (cv 2.4), relative half-width of 10 %"),
    "heavy": (cheap.heavy, Goal("x", 0.2), "差本身是长尾的（变异系数 2.4），绝对半宽",
              "differences that are heavy-tailed themselves (cv 2.4), absolute half-width"),
}  # fmt: skip
FIXED = {
    "normal": (cheap.normal, "正态", "normal"),
    "share": (cheap.small_shares, "3 % 左右的比率", "shares near 3 %"),
    "times": (cheap.mean_times, "30 件长尾用时（变异系数 2.4）的均值", "means of 30 heavy-tailed times (cv 2.4)"),
    "heavy": (cheap.heavy, "差本身是长尾的（变异系数 2.4）", "differences heavy-tailed themselves (cv 2.4)"),
}


def luck(number: int) -> np.random.Generator:
    return np.random.default_rng([number, 2027])


def coverage(made: Differences, goal: Goal, meta: int) -> float:
    """Of the paired t interval where the half-width decides how many replications there are."""
    return float(np.mean([covered(sequential(made(luck(m), 500), goal), MEANS[made]) for m in range(meta)]))


def fixed_coverage(made: Differences, n: int, meta: int) -> float:
    """Of the paired t interval of a fixed number of replications."""
    return float(np.mean([covered(made(luck(m), n), MEANS[made]) for m in range(meta)]))


def until_clear(meta: int) -> float:
    """Share of false alarms of the rule: run 5, 10, 20, 40, 50 replications and stop once the interval leaves out 0."""

    def stops(values: np.ndarray) -> bool:
        return any(clear(values[:n]) for n in (5, 10, 20, 40, 50))

    return float(np.mean([stops(cheap.no_difference(luck(m), 50)) for m in range(meta)]))


def until_narrow_error(meta: int) -> float:
    """Share of false alarms where the half-width decides, one difference, about 46 replications."""
    found = (sequential(cheap.no_difference(luck(m), 500), Goal("x", 0.6)) for m in range(meta))
    return float(np.mean([clear(values) for values in found]))


def together_error(meta: int) -> float:
    """Share of studies with any false alarm: nine correlated differences judged together, all of which are narrow."""
    hits = []
    for m in range(meta):
        rng = luck(m)
        d = 2 * (np.sqrt(0.5) * rng.normal(size=(300, 1)) + np.sqrt(0.5) * rng.normal(size=(300, 9)))

        def look(count: int, d: np.ndarray = d, m: int = m) -> list[Look]:
            s = simultaneous(d[:count], m, 1999)
            return [Look(Goal("x", 0.8), (s.high[j] - s.low[j]) / 2, 0.8, count, s.level) for j in range(9)]

        counts, _ = until_narrow(look, most=300)
        hits.append(simultaneous(d[: counts[-1]], m, 1999).p_value.min() < 0.05)
    return float(np.mean(hits))


def test_half_width_is_safe_and_significance_is_not_quickly() -> None:
    assert until_clear(QUICK) > 0.05 + 3 * error(0.05, QUICK)
    assert until_narrow_error(QUICK) <= 0.05 + 3 * error(0.05, QUICK)
    assert coverage(cheap.normal, Goal("x", 0.6), QUICK) >= LAW - 3 * error(LAW, QUICK)


@pytest.mark.slow
@pytest.mark.parametrize("name", WELL)
def test_sequential_coverage(name: str) -> None:
    made, goal, zh, en = WELL[name]
    measured = coverage(made, goal, FULL)
    zh, en = f"按半宽停止：95 % 区间的覆盖率（{zh}）", f"stopped on half-width: coverage of the 95 % interval ({en})"
    record(f"sequential_{name}", zh, en, "≥ 93 %", measured, error(measured, FULL), FULL)
    assert measured >= LAW - 2 * error(LAW, FULL)


@pytest.mark.slow
@pytest.mark.parametrize("name", SKEWED)
def test_what_skewness_costs_is_told(name: str) -> None:
    """Nothing is promised here; if it were kept after all, the page should say so."""
    made, goal, zh, en = SKEWED[name]
    measured = coverage(made, goal, FULL)
    zh, en = (
        f"按半宽停止：95 % 区间的覆盖率（{zh}；没有保证，只作测量）",
        f"stopped on half-width: coverage of the 95 % interval ({en}; no promise, measured)",
    )
    record(f"sequential_{name}", zh, en, "–", measured, error(measured, FULL), FULL)
    assert 0.5 < measured < 0.95 - 2 * error(0.95, FULL)


@pytest.mark.slow
@pytest.mark.parametrize("n", [10, 30])
@pytest.mark.parametrize("name", FIXED)
def test_coverage_of_the_paired_interval(name: str, n: int) -> None:
    made, zh, en = FIXED[name]
    measured = fixed_coverage(made, n, FULL)
    kept = name in ("normal", "share")
    zh, en = (
        f"配对差的 95 % 区间的覆盖率，{n} 次重复（{zh}）",
        f"coverage of the 95 % interval of a paired difference, {n} replications ({en})",
    )
    record(f"paired_{name}_{n}", zh, en, "95 %" if kept else "–", measured, error(measured, FULL), FULL)
    if kept:
        assert abs(measured - 0.95) <= 2 * error(0.95, FULL)
    else:
        assert 0.5 < measured < 0.95


@pytest.mark.slow
def test_stopping_once_it_is_clear_takes_luck_for_effect() -> None:
    meta = 10 * FULL
    measured = until_clear(meta)
    zh = "反例：做 5、10、20、40、50 次，一看到区间不含 0 就停，什么都没变却判为变了的占比"
    en = "counter-example: 5, 10, 20, 40, 50 replications, stopped once the interval leaves out 0: false verdicts"
    record("until_clear", zh, en, "≈ 16 %", measured, error(measured, meta), meta)
    assert abs(measured - 0.164) <= 0.005 + 2 * error(0.164, meta), "16.4 % is a measurement of 20,000 itself"


@pytest.mark.slow
def test_stopping_on_half_width_does_not() -> None:
    together = together_error(FULL // 2)
    zh, en = (
        "按半宽停止：9 个主要差同时判断，什么都没变却至少有一项误判",
        "stopped on half-width: nine differences judged together, nothing changed, yet some verdict says so",
    )
    record("sequential_error_together", zh, en, "≤ 5 %", together, error(together, FULL // 2), FULL // 2)
    assert together <= 0.05 + 2 * error(0.05, FULL // 2)
    alone = until_narrow_error(5 * FULL)
    zh, en = (
        "按半宽停止：单独一个差（平均 46 次重复），什么都没变却误判",
        "stopped on half-width: one difference by itself (46 replications on average), false verdicts",
    )
    record("sequential_error_alone", zh, en, "≤ 7 %", alone, error(alone, 5 * FULL), 5 * FULL)
    assert alone <= 1 - LAW
