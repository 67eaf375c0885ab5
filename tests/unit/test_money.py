"""Money against sums done by hand: present value, returns, payback, break-even; and nothing out of nothing."""

import csv
import math
import string

import numpy as np
import pandas as pd
import pytest

from sim import money, money_page, words_money
from sim.comparison import Comparison, compare
from sim.departments.finance import FinanceSettings
from sim.estimates import ratio_of_means, wilson
from sim.experiment import FLOW_COLUMNS
from sim.flows import COUNTS, FLOWS, OUTLAY, SAVINGS, TRANSFER, present_value, weekly_flows
from sim.log import Log
from tests.small import article
from tests.unit import fake_study

WEEKS = 12
PLAIN = FinanceSettings(discount_rate_per_year=0.0, margin_per_deal_yuan=1000.0)


def study(changes: dict[str, list[list[float]]], weeks: int = WEEKS, replications: int = 2) -> Comparison:
    """A study whose policy differs in some flows by [replication][week]; the baseline has luck of its own."""
    rng = np.random.default_rng(3)
    rows = []
    for flow in FLOWS:
        for number in range(replications):
            base = rng.integers(0, 50, weeks).astype(float)
            more = np.array(changes[flow][number]) if flow in changes else np.zeros(weeks)
            for policy, values in (("ad_hoc", base), ("systematic", base + more)):
                rows += [(policy, number, week, flow, float(value)) for week, value in enumerate(values)]
    runs = fake_study.runs(replications=replications)
    return compare(
        type(runs)(runs.rows, runs.setup, pd.DataFrame(rows, columns=list(FLOW_COLUMNS))), "ad_hoc", ["systematic"]
    )


def steady(first: float, then: float, weeks: int = WEEKS) -> list[float]:
    return [first, *[then] * (weeks - 1)]


def figures(comparison: Comparison, finance: FinanceSettings = PLAIN) -> dict[tuple[str, str], dict]:
    return money_page.found(comparison, finance, "systematic")


# 12 weeks: 1,200 at once for the mechanism in both replications; goodwill 200 (or 100) less in each further week
PAYS = {
    "mechanism": [steady(1200.0, 0.0), steady(1200.0, 0.0)],
    "goodwill": [steady(0.0, -200.0), steady(0.0, -100.0)],
}


# -- from the log ----------------------------------------------------------------------------------------------


def test_flows_of_a_log_are_counted_by_week_and_by_kind():
    log = Log(facts={"switch_at": 1000.0, "finance": PLAIN})
    for time, visit, debit, yuan, credit in (
        (999.9, -1, "mechanism", 7.0, "cash"),  # before the policies start
        (1000.0, -1, "mechanism", 100.0, "cash"),
        (1000.0, -1, "internal_service", 50.0, "internal_sales"),
        (1168.0, -1, "people_hours", 30.0, "cash"),  # hours of a mechanism are about no visit
        (1168.0, 4, "people_hours", 20.0, "cash"),  # hours in a dispute are
        (1170.0, 4, "goodwill", 11.0, "cash"),
        (1170.0, 4, "cash", 900.0, "revenue_parts"),  # the same business in both worlds
        (1170.0, 4, "inventory", 800.0, "cash"),
        (1336.0, 4, "rework", 5.0, "cash"),  # after the weeks counted
    ):
        log.write(time, "money", visit, debit, yuan, credit)
    log.write(1001.0, "deal", 1, "", 0.0, "test_drive")
    log.write(1169.0, "churned", 2)
    found = weekly_flows(log, 2)
    moved = {name: values.tolist() for name, values in found.items() if values.any()}
    assert moved == {
        "mechanism": [100, 0], TRANSFER: [50, 0], "meetings": [0, 30], "disputes": [0, 20], "goodwill": [0, 11],
        "deals": [1, 0], "customers_lost": [0, 1],
    }  # fmt: skip
    # 1,000 for the deal, 800 for the customer; the transfer is no money of the company
    assert present_value(found, PLAIN) == 1000 - 800 - 100 - 30 - 20 - 11
    later = weekly_flows(log, 1, first_week=1)
    assert later["goodwill"].tolist() == [11] and later["mechanism"].tolist() == [0]


def test_flows_and_the_metric_of_a_run_agree_with_total_cost():
    from sim.centre import replicate
    from sim.metrics import measure

    log = replicate(article(), "systematic", 3, 0)
    found, metrics = weekly_flows(log, 3), measure(log, 0, 3)
    cost = sum(found[name].sum() for name in (*OUTLAY, *SAVINGS))
    assert cost == pytest.approx(metrics["total_cost_yuan"])
    assert found["deals"].sum() == metrics["deals"] and found["customers_lost"].sum() == metrics["churned_customers"]
    done = sum(row[5] == "granted" for row in log.by_event()["test_drive_asked"] if row[0] >= log.facts["switch_at"])
    assert 0 <= metrics["test_drive_conversion"] <= metrics["deals"] / done * 1.2
    assert metrics["present_value_yuan"] == present_value(found, article().model.finance)


# -- present value ---------------------------------------------------------------------------------------------


def test_present_value_is_the_sum_done_by_hand():
    finance = FinanceSettings(discount_rate_per_year=0.10, margin_per_deal_yuan=3000.0)
    comparison = study({"mechanism": [[500.0, 0, 0]], "deals": [[0, 0, 2.0]], "customers_lost": [[0, -1.0, 0]]}, 3, 1)
    by_hand = -500 + 2000 * 0.4 / 1.10 ** (7 / 365) + 2 * 3000 / 1.10 ** (14 / 365)
    assert figures(comparison, finance)["margin", "npv"]["value"] == pytest.approx(by_hand, rel=1e-12)
    on_revenue = by_hand + 2000 * 0.6 / 1.10 ** (7 / 365)
    assert figures(comparison, finance)["revenue", "npv"]["value"] == pytest.approx(on_revenue, rel=1e-12)
    assert figures(comparison, finance)["savings_only", "npv"]["value"] == pytest.approx(-500)


def test_present_value_is_paired_and_has_its_interval():
    found = figures(study(PAYS))
    # 11 weeks of 200 and of 100, less 1,200: +1,000 and −100; mean 450, standard deviation 777.8, t(1) = 12.706
    npv = found["margin", "npv"]
    assert npv["value"] == pytest.approx(450)
    assert npv["high"] - npv["value"] == pytest.approx(12.7062 * 777.817 / math.sqrt(2), rel=1e-4)
    one = found["margin", "npv_one_centre"]
    assert one["high"] - one["value"] == pytest.approx(12.7062 * 777.817 * math.sqrt(1.5), rel=1e-4)
    share = found["margin", "npv_above_0"]
    assert (share["value"], share["low"], share["high"]) == wilson(1, 2)


def test_hours_of_people_are_left_out_of_one_reading():
    comparison = study({"meetings": [steady(10, 10)] * 2, "disputes": [steady(-30, -30)] * 2})
    found = figures(comparison)
    assert found["margin", "npv"]["value"] == pytest.approx(20 * WEEKS)
    assert found["without_hours", "npv"]["value"] == 0.0


def test_a_kept_customer_may_count_for_years():
    finance = FinanceSettings(discount_rate_per_year=0.1, kept_customer_years=3)
    assert finance.kept_customer_value() == pytest.approx(2000 * 0.4 * (1 + 1 / 1.1 + 1 / 1.21))
    assert FinanceSettings().kept_customer_value(revenue=True) == 2000


def test_transfers_between_departments_are_no_money_of_the_company():
    found = figures(study({TRANSFER: [steady(1000, 0)] * 2}))
    assert found["margin", "npv"]["value"] == 0.0
    assert found["margin", "budget_service"]["value"] == -1000 and found["margin", "budget_sales"]["value"] == 1000
    assert found["margin", "budget_service"]["whose_money"] == "service"


def test_budgets_add_up_to_the_company():
    rng = np.random.default_rng(1)
    found = figures(study({flow: rng.normal(0, 5, (2, WEEKS)).tolist() for flow in FLOWS}))
    parts = [row["value"] for (_, name), row in found.items() if name.startswith("budget_")]
    flows = [row["value"] for (_, name), row in found.items() if name.startswith("flow_")]
    assert sum(parts) == pytest.approx(found["margin", "npv"]["value"]) == sum(flows)


# -- returns, payback, horizon ---------------------------------------------------------------------------------


def test_return_is_a_ratio_of_means_and_the_net_one_is_one_less():
    found = figures(study(PAYS))
    assert found["margin", "roi"]["value"] == pytest.approx((2200 + 1100) / 2400)
    assert found["margin", "roi_net"]["value"] == pytest.approx((2200 + 1100) / 2400 - 1)
    gross, net = found["margin", "roi"], found["margin", "roi_net"]
    assert gross["high"] - gross["low"] == pytest.approx(net["high"] - net["low"])


def test_the_articles_first_case_passes_on_revenue_and_fails_on_margin():
    # K13: 50,000 yuan win back 150 customers at 2,000 a year
    kept = [[-150.0, *[0.0] * 7]] * 2
    found = figures(study({"mechanism": [steady(50_000, 0, 8)] * 2, "customers_lost": kept}, 8))
    assert found["revenue", "roi"]["value"] == pytest.approx(6.0)
    assert found["margin", "roi"]["value"] == pytest.approx(2.4)
    verdicts = {(reading, bar): found[reading, f"bar_{bar}"]["verdict"]
                for reading in ("margin", "revenue") for bar in (3, 5)}  # fmt: skip
    assert verdicts == {("margin", 3): "failed", ("margin", 5): "failed", ("revenue", 3): "passed",
                        ("revenue", 5): "passed"}  # fmt: skip


def test_a_bar_is_judged_by_the_interval():
    assert money.bar_verdict((4.0, 3.2, 4.8), 3.0) == "passed"
    assert money.bar_verdict((4.0, 3.2, 4.8), 5.0) == "failed"
    assert money.bar_verdict((4.0, 2.2, 5.8), 3.0) == "not_yet_known"
    assert money.bar_verdict((4.0, math.nan, math.nan), 3.0) == "not_yet_known"
    assert money.bar_verdict((math.nan,) * 3, 3.0) == "undefined"


def test_no_outlay_means_no_return_not_an_infinite_one():
    found = figures(study({"goodwill": [steady(-10, -10)] * 2}))
    assert found["margin", "npv"]["value"] == 10 * WEEKS
    assert math.isnan(found["margin", "roi"]["value"]) and found["margin", "bar_3"]["verdict"] == "undefined"
    less = figures(study({"mechanism": [steady(-10, 0)] * 2, "goodwill": [steady(-10, -10)] * 2}))
    assert math.isnan(less["margin", "roi"]["value"])


@pytest.mark.parametrize(
    ("path", "month"),
    [
        ([-5.0, -1.0, 2.0, 3.0], 3),
        ([-5.0, 1.0, -1.0, 3.0], 4),  # it has to stay there
        ([1.0, 2.0], 1),
        ([-5.0, 0.0], 2),
        ([-5.0, -1.0], None),
        ([5.0, -1.0], None),
        ([0.0, 0.0], None),  # nothing spent, nothing paid back
    ],
)
def test_payback_is_the_first_month_from_which_the_sum_stays_above(path, month):
    found = money.payback_month(np.array(path))
    assert math.isnan(found) if month is None else found == month


def test_payback_in_months_of_four_weeks():
    found = figures(study(PAYS))
    assert "第 3 个月" in money_page.lines(study(PAYS), PLAIN, "zh")[1]
    never = study({"mechanism": [steady(1200.0, 0.0)] * 2})
    assert "期限内未回本" in money_page.lines(never, PLAIN, "zh")[1]
    # mean: −1,200 then +150 a week: −750, −150, +450 at the ends of the months; the second replication never
    assert found["margin", "payback_month"]["value"] == 3
    assert found["margin", "paid_back"]["value"] == 0.5


def test_a_longer_horizon_carries_the_last_weeks_on_and_never_the_first():
    weekly = np.array([[100.0, *[0.0] * 10, *range(13)]])
    longer = money.carried_on(weekly, 30)
    assert longer.shape == (1, 30) and (longer[0, 24:] == 6.0).all()
    assert (money.carried_on(np.array([[100.0, 2.0, 4.0]]), 5)[0] == [100, 2, 4, 3, 3]).all()
    assert money.carried_on(weekly, 10).shape == (1, 10)
    finance = PLAIN.model_copy(update={"horizon_weeks": 22})
    npv = figures(study(PAYS), finance)["margin", "npv"]
    assert npv["value"] == pytest.approx(450 + 10 * 150)
    assert (npv["horizon_weeks"], npv["counted_weeks"]) == (22, 12)
    assert "外推" in money_page.lines(study(PAYS), finance, "zh")[0]
    assert "不外推" in money_page.lines(study(PAYS), PLAIN, "zh")[0]


# -- break-even ------------------------------------------------------------------------------------------------


def test_at_the_break_even_price_the_present_value_is_0():
    finance = FinanceSettings(margin_per_deal_yuan=9000.0)
    comparison = study({
        "mechanism": [steady(20_000, 0)] * 2, "deals": [steady(0, 1), steady(1, 0)],
        "customers_lost": [steady(0, -1), steady(-2, 0)],
    })  # fmt: skip
    even = money.break_even(money.worth(comparison, finance, "systematic"))
    at_margin = finance.model_copy(update={"margin_per_deal_yuan": even["margin_per_deal"]})
    assert figures(comparison, at_margin)["margin", "npv"]["value"] == pytest.approx(0, abs=1e-6)
    per_year = even["kept_customer"] / finance.kept_customer_margin_share
    at_value = finance.model_copy(update={"kept_customer_yuan_per_year": per_year})
    assert figures(comparison, at_value)["margin", "npv"]["value"] == pytest.approx(0, abs=1e-6)


def test_the_smallest_effect_that_pays_the_outlay_alone():
    comparison = study(PAYS)
    even = money.break_even(money.worth(comparison, PLAIN, "systematic"))
    assert even["deals"] == pytest.approx(1.2) and even["customers_kept"] == pytest.approx(1200 / 800)
    assert math.isnan(even["margin_per_deal"]) and math.isnan(even["kept_customer"])


# -- nothing out of nothing ------------------------------------------------------------------------------------


def test_a_copy_of_the_baseline_is_worth_exactly_nothing_and_passes_no_bar(tmp_path):
    comparison = study({})
    found = figures(comparison, FinanceSettings())
    for reading in money.READINGS:
        npv = found[reading, "npv"]
        assert (npv["value"], npv["low"], npv["high"]) == (0.0, 0.0, 0.0)
        assert found[reading, "npv_above_0"]["value"] == 0.0
        assert math.isnan(found[reading, "roi"]["value"]) and math.isnan(found[reading, "payback_month"]["value"])
        assert math.isnan(found[reading, "paid_back"]["value"])
        assert {found[reading, f"bar_{bar}"]["verdict"] for bar in (3, 5)} == {"undefined"}
    money.save(money.money(comparison, FinanceSettings()), tmp_path)
    text = (tmp_path / "money.csv").read_text(encoding="utf-8-sig")
    assert "inf" not in text and "-0," not in text
    lines = money_page.lines(comparison, FinanceSettings(), "zh")
    assert "无法计算" in lines[2] and "谈不上回本" in lines[1] and len(lines) == 3


def test_a_study_without_flows_has_no_money():
    comparison = compare(fake_study.runs(), "ad_hoc", ["systematic"])
    assert money.money(comparison, PLAIN) == [] and money_page.lines(comparison, PLAIN, "zh") == []
    with pytest.raises(ValueError, match="flows"):
        money.worth(comparison, PLAIN, "systematic")


def test_every_figure_says_whose_money_and_by_which_prices(tmp_path):
    money.save(money.money(study(PAYS), FinanceSettings()), tmp_path)
    with (tmp_path / "money.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == money.COLUMNS
    for row in rows:
        assert row["whose_money"] and row["price_year"] == "2026" and row["horizon_weeks"] == str(WEEKS)
        assert row["discount_rate_per_year"] == "0.08" and row["replications"] == "2"


# -- words and intervals ---------------------------------------------------------------------------------------


def test_tables_and_sentences_come_in_both_languages():
    comparison = study(PAYS)
    for lang in ("zh", "en"):
        found = money_page.found(comparison, PLAIN, "systematic")
        head, body = money_page.readings_table(found, PLAIN, lang)
        assert len(body) == len(money.READINGS) and {len(line) for line in body} == {len(head)}
        assert len(money_page.parts_table(found, lang)[1]) == len(FLOWS) - 1 + len(money.BUDGETS) + 1
    booked = [flow for flows in money.BUDGETS.values() for flow in flows]
    assert sorted(booked) == sorted((*OUTLAY, *SAVINGS, *COUNTS))
    for key, pair in words_money.TEXTS.items():
        blanks = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in pair]
        assert blanks[0] == blanks[1], key
        assert not any("\u4e00" <= c <= "\u9fff" for c in pair[1]), key


def test_wilson_interval_against_published_values():
    # Newcombe (1998), table I: 81 of 263, 0 of 20
    assert wilson(81, 263) == pytest.approx((0.3080, 0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.0, 0.1611), abs=5e-5)
    assert all(math.isnan(value) for value in wilson(0, 0))


def test_jackknife_of_a_ratio_against_the_definition():
    above, below = np.array([3.0, 5.0, 4.0, 9.0]), np.array([1.0, 2.0, 1.5, 2.5])
    left_out = [np.delete(above, i).mean() / np.delete(below, i).mean() for i in range(4)]
    half = 3.182446 * math.sqrt(3 / 4 * sum((value - np.mean(left_out)) ** 2 for value in left_out))
    assert ratio_of_means(above, below) == pytest.approx((3.0, 3.0 - half, 3.0 + half), rel=1e-6)
    assert all(math.isnan(value) for value in ratio_of_means(above, 0 * below))
    assert math.isnan(ratio_of_means(above, np.array([-1.0, 2.0, -0.5, 0.6]))[1])
