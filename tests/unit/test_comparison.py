"""Intervals are checked against scipy's own paired t test, verdicts against their definitions."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim import comparison
from sim.comparison import TABLE_COLUMNS, compare, save
from sim.experiment import COLUMNS, Runs
from sim.notebook import shown
from sim.statistics.simultaneous import simultaneous
from tests.unit import fake_study


def runs_of(metric: str, a: list[float], b: list[float], margin: float | None = None) -> Runs:
    """Two policies with given values of one metric."""
    rows = [
        (policy, number, "all", metric, value)
        for policy, values in (("ad_hoc", a), ("systematic", b))
        for number, value in enumerate(values)
    ]
    setup = fake_study.setup(replications=len(a), margins={} if margin is None else {metric: margin})
    return Runs(pd.DataFrame(rows, columns=list(COLUMNS)), setup)


def row_of(metric: str, a: list[float], b: list[float], margin: float | None = None) -> dict:
    return compare(runs_of(metric, a, b, margin), "ad_hoc", ["systematic"]).row(metric)


@pytest.fixture(scope="module")
def noisy() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(11)
    luck = rng.normal(0.15, 0.02, 25)
    return luck, luck - 0.09 + rng.normal(0, 0.004, 25)


def test_difference_interval_is_scipys_paired_one(noisy):
    a, b = noisy
    row = row_of("shortage_rate", list(a), list(b))
    ours = row["difference_low"], row["difference_high"]
    assert ours == pytest.approx(stats.ttest_rel(b, a).confidence_interval(0.95), rel=1e-12)
    assert row["difference"] == pytest.approx(float(np.mean(b) - np.mean(a)))


def test_interval_of_each_mean_is_scipys(noisy):
    a, b = noisy
    row = row_of("shortage_rate", list(a), list(b))
    for who, values in (("baseline", a), ("policy", b)):
        expected = stats.ttest_1samp(values, 0).confidence_interval(0.95)
        assert (row[f"{who}_low"], row[f"{who}_high"]) == pytest.approx(tuple(expected), rel=1e-12)


def test_prediction_band_holds_one_further_value(noisy):
    a, _ = noisy
    mean, low, high = comparison.interval(a, next_one=True)
    half = stats.t.ppf(0.975, 24) * np.std(a, ddof=1) * math.sqrt(1 + 1 / 25)
    assert (low, high) == pytest.approx((mean - half, mean + half), rel=1e-12)


def test_variance_ratio_and_correlation(noisy):
    a, b = noisy
    row = row_of("shortage_rate", list(a), list(b))
    assert row["variance_ratio"] == pytest.approx((a.var(ddof=1) + b.var(ddof=1)) / (b - a).var(ddof=1))
    assert row["correlation"] == pytest.approx(stats.pearsonr(a, b)[0])


def test_one_replication_has_no_intervals_and_no_verdict():
    row = row_of("nps", [3.0], [5.0])
    assert row["difference"] == 2.0
    assert math.isnan(row["difference_low"]) and math.isnan(row["policy_high"])
    assert row["verdict"] == "not_yet_known"


def test_undefined_replications_are_dropped_in_pairs():
    nan = math.nan
    row = row_of("nps", [1.0, nan, 3.0, 4.0], [2.0, 2.0, nan, 6.0])
    assert row["replications"] == 2
    assert row["baseline_mean"] == 2.5 and row["policy_mean"] == 4.0 and row["difference"] == 1.5


def test_never_defined_is_empty_not_an_error():
    row = row_of("nps", [math.nan] * 3, [1.0, 2.0, 3.0])
    assert row["replications"] == 0 and math.isnan(row["policy_mean"]) and row["verdict"] == "not_yet_known"


def test_the_same_values_differ_by_exactly_nothing(noisy):
    a, _ = noisy
    row = row_of("shortage_rate", list(a), list(a))
    assert (row["difference"], row["difference_low"], row["difference_high"]) == (0.0, 0.0, 0.0)
    assert row["verdict"] == "equal" and math.isnan(row["variance_ratio"])


def test_a_constant_side_has_no_variance_ratio():
    row = row_of("nps", [0.1] * 5, [1.0, 2.0, 3.0, 4.0, 5.0])
    assert math.isnan(row["variance_ratio"]) and math.isnan(row["correlation"])


def test_a_shift_by_a_constant_is_known_exactly(noisy):
    a, _ = noisy
    row = row_of("shortage_rate", list(a), list(a - 0.01))
    assert row["difference_low"] == row["difference_high"] == pytest.approx(-0.01)
    assert row["verdict"] == "better" and math.isnan(row["variance_ratio"])


@pytest.mark.parametrize(
    ("metric", "shift", "margin", "verdict"),
    [
        ("shortage_rate", -0.05, None, "better"),
        ("shortage_rate", 0.05, None, "worse"),
        ("promise_kept", 0.05, None, "better"),
        ("promise_kept", -0.05, 0.01, "worse"),
        ("promise_kept", 0.01, 0.05, "equal"),  # surely not 0, and too small to matter
        ("promise_kept", 0.0, 0.05, "equal"),
        ("promise_kept", 0.0, 0.0001, "not_yet_known"),
        ("promise_kept", 0.0, None, "not_yet_known"),
        ("bay_utilisation", 0.05, None, "higher"),
        ("a_metric_the_kit_does_not_know", -0.05, None, "lower"),
    ],
)
def test_verdict(metric, shift, margin, verdict):
    noise = np.tile([-0.002, 0.001, 0.003, -0.002], 5)
    base = np.linspace(0.4, 0.5, 20)
    assert row_of(metric, list(base), list(base + shift + noise), margin)["verdict"] == verdict


def test_equality_is_two_one_sided_tests(noisy):
    a, b = noisy
    d = b - a
    row = row_of("job_shortage", list(a), list(b))
    farther = max(abs(row["equivalence_low"]), abs(row["equivalence_high"]))
    for margin, expected in ((farther * 1.0001, True), (farther * 0.9999, False)):
        lower = stats.ttest_1samp(d, -margin, alternative="greater").pvalue
        upper = stats.ttest_1samp(d, margin, alternative="less").pvalue
        assert bool(max(lower, upper) < 0.05) is expected
        assert (row_of("job_shortage", list(a), list(b), margin)["verdict"] == "equal") is expected


def test_table_has_exactly_its_columns_and_the_whole_window():
    found = compare(fake_study.runs(), "ad_hoc", ["ad_hoc", "systematic"])
    assert tuple(found.table.columns) == TABLE_COLUMNS
    assert len(found.table) == len(fake_study.MEANS)
    assert set(found.details["window"]) == {"all", "first_13_weeks", "second_13_weeks"}


def test_policy_not_run_or_nothing_to_compare():
    with pytest.raises(ValueError, match="not run"):
        compare(fake_study.runs(), "ad_hoc", ["board_only"])
    with pytest.raises(ValueError, match="nothing to compare"):
        compare(fake_study.runs(), "ad_hoc", ["ad_hoc"])


def test_order_of_rows_in_the_input_does_not_matter():
    runs = fake_study.runs()
    mixed = replace(runs, rows=runs.rows.sample(frac=1, random_state=3))
    expected = compare(runs, "ad_hoc", ["systematic"]).table.set_index("metric").sort_index()
    found = compare(mixed, "ad_hoc", ["systematic"]).table.set_index("metric").sort_index()
    pd.testing.assert_frame_equal(found, expected)


def test_saved_table_comes_back(tmp_path):
    found = compare(fake_study.runs(), "ad_hoc", ["systematic"])
    save(found, tmp_path)
    raw = (tmp_path / "table.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf") and b"\r" not in raw
    back = pd.read_csv(tmp_path / "table.csv", encoding="utf-8-sig")
    pd.testing.assert_frame_equal(back, found.table, rtol=1e-9, check_dtype=False)
    save(found, tmp_path)
    assert (tmp_path / "table.csv").read_bytes() == raw


def test_notebook_shows_a_readable_table():
    html = shown(compare(fake_study.runs(), "ad_hoc", ["systematic"]))._repr_html_()
    assert "缺件率" in html and "系统机制" in html


# -- what is judged together -----------------------------------------------------------------------------------


def three(replications: int = 30):
    policies = ("ad_hoc", "systematic", "board_only")
    return compare(fake_study.runs(policies, replications), "ad_hoc", ["systematic", "board_only"])


def test_the_family_is_every_headline_metric_under_every_policy_over_the_whole_window():
    details = three().details
    family = details[details["family"]]
    assert set(zip(family["metric"], family["policy"], strict=True)) == {
        (metric, policy) for metric in comparison.HEADLINE for policy in ("systematic", "board_only")
    }
    assert set(family["window"]) == {"all"}


def test_family_rows_are_the_simultaneous_ones_and_all_others_stand_alone():
    found = three()
    wide = fake_study.runs(("ad_hoc", "systematic", "board_only")).rows.query("window == 'all'")
    wide = wide.pivot(index="replication", columns=["metric", "policy"], values="value")
    family = found.details[found.details["family"]]
    d = np.column_stack([
        wide[metric, policy] - wide[metric, "ad_hoc"]
        for metric, policy in zip(family["metric"], family["policy"], strict=True)
    ])  # fmt: skip
    together = simultaneous(d, 1)
    assert family["difference_low"].to_numpy() == pytest.approx(together.low, rel=1e-9)
    assert family["p_value"].to_numpy() == pytest.approx(together.p_value, rel=1e-9)
    assert (family["difference_low"] <= family["alone_low"]).all() and (family["p_value"] <= 1).all()
    for row in found.rows("board_only"):
        t = stats.ttest_1samp(wide[row["metric"], "board_only"] - wide[row["metric"], "ad_hoc"], 0)
        if np.isfinite(t.pvalue):
            assert (row["alone_low"], row["alone_high"]) == pytest.approx(tuple(t.confidence_interval(0.95)))
            if not row["family"]:
                assert (row["difference_low"], row["difference_high"]) == (row["alone_low"], row["alone_high"])
                assert row["p_value"] == pytest.approx(t.pvalue, abs=1e-12)


def test_no_verdict_of_the_family_contradicts_its_interval_or_its_p_value():
    for row in three(6).details.to_dict("records"):
        clear = row["difference_low"] > 0 or row["difference_high"] < 0
        if row["difference_low"] < row["difference_high"]:
            assert clear == (row["p_value"] < 0.05), row["metric"]
        inside = -row["margin"] < row["difference_low"] and row["difference_high"] < row["margin"]
        if row["family"]:
            assert (row["verdict"] == "equal") == (inside or row["difference_low"] == row["difference_high"] == 0)
        if row["verdict"] in ("better", "worse", "higher", "lower"):
            assert clear
        if row["verdict"] == "not_yet_known":
            assert not clear


def test_equal_in_the_family_asks_the_simultaneous_interval_to_lie_within_the_margin():
    runs = fake_study.runs()
    wide = compare(runs, "ad_hoc", ["systematic"]).row("test_drive_fulfilment")
    reach = max(abs(wide["difference_low"]), abs(wide["difference_high"]))
    for margin, expected in ((reach * 1.001, "equal"), (reach * 0.999, "worse")):
        changed = replace(runs, setup=replace(runs.setup, margins={"test_drive_fulfilment": margin}))
        row = compare(changed, "ad_hoc", ["systematic"]).row("test_drive_fulfilment")
        assert row["verdict"] == expected
        assert -margin < row["alone_low"], "by itself it would lie within either margin"


def test_another_family_and_none():
    runs = fake_study.runs()
    some = compare(runs, "ad_hoc", ["systematic"], ["leads", "deals"])
    assert set(some.details.loc[some.details["family"], "metric"]) == {"leads", "deals"} and some.family[0] == "leads"
    none = compare(runs, "ad_hoc", ["systematic"], [])
    assert not none.details["family"].any()
    assert none.row("nps")["difference_low"] == none.row("nps")["alone_low"]


def test_the_more_is_judged_together_the_wider_it_is():
    runs = fake_study.runs()
    widths = [
        comparison.half_width(compare(runs, "ad_hoc", ["systematic"], family).row("nps"))
        for family in (["nps"], ["nps", "days_in_shop"], comparison.HEADLINE)
    ]
    assert widths[0] < widths[1] < widths[2]


def test_replications_missing_in_one_metric_of_the_family():
    runs = fake_study.runs()
    here = (runs.rows["metric"] == "nps") & (runs.rows["replication"] < 5)
    gap = compare(replace(runs, rows=runs.rows[~here]), "ad_hoc", ["systematic"])
    assert gap.row("nps")["replications"] == 25 and gap.row("days_in_shop")["replications"] == 30
    assert gap.row("nps")["difference_low"] < gap.row("nps")["alone_low"]
