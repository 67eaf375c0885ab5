"""What a policy is worth against the baseline: paired, discounted, on margin and as the article counts it.

Everything is linear in the weekly flows (sim/flows.py), so each reading is a set of prices on the same paired
differences. Purchases of parts are not counted again beside what stock costs to hold; parts, labour and visits are the
same business in both worlds; what one department pays another is no money of the company and shown by budget.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.comparison import Comparison, interval
from sim.estimates import ratio_of_means, wilson
from sim.flows import COUNTS, FLOWS, HOURS, OUTLAY, SAVINGS, TRANSFER, discount

if TYPE_CHECKING:
    from sim.departments.finance import FinanceSettings

READINGS = ("margin", "revenue", "without_hours", "savings_only")
"""margin: deals and kept customers at their margin; revenue: a kept customer at all he pays, as the article counts;
without_hours: people's hours neither paid nor saved; savings_only: no deal and no kept customer counted."""

BUDGETS: dict[str, tuple[str, ...]] = {
    "service": ("mechanism", "loaner_running", "cleaning", "goodwill", "rework", "customers_lost"),
    "parts": ("freight", "holding", "obsolescence"),
    "sales": ("deals",),
    "all": ("meetings", "disputes"),
}
"""Whose budget a flow is booked on: service pays for mechanisms, wear and wash (the article); hours are everybody's."""

COLUMNS = (
    "policy", "reading", "measure", "unit", "value", "low", "high", "verdict", "whose_money", "price_year",
    "discount_rate_per_year", "horizon_weeks", "counted_weeks", "replications",
)  # fmt: skip

TAIL_WEEKS = 13
MONTH_WEEKS = 4
Row = dict[str, Any]


@dataclass(frozen=True)
class Worth:
    """Paired weekly differences of one policy from the baseline, and what they are worth."""

    weekly: dict[str, np.ndarray]
    """Flow to an array (replication, week) of policy − baseline, over the horizon."""
    finance: "FinanceSettings"
    counted_weeks: int

    @property
    def horizon(self) -> int:
        """Weeks money is counted for."""
        return int(self.weekly["deals"].shape[1])

    @cached_property
    def factors(self) -> np.ndarray:
        """What a yuan of each week is worth on the day the policies start."""
        return discount(self.horizon, self.finance.discount_rate_per_year)

    def discounted(self, flow: str) -> np.ndarray:
        """A flow's discounted difference by replication: yuan, or discounted customers or cars."""
        return self.weekly[flow] @ self.factors

    def prices(self, reading: str) -> dict[str, float]:
        """What one unit of each flow adds to the company's money; costs count −1."""
        found = dict.fromkeys((*OUTLAY, *SAVINGS), -1.0) | {TRANSFER: 0.0}
        if reading == "without_hours":
            found |= dict.fromkeys(HOURS, 0.0)
        if reading == "savings_only":
            return found | dict.fromkeys(COUNTS, 0.0)
        kept = self.finance.kept_customer_value(revenue=reading == "revenue")
        return found | {"deals": self.finance.margin_per_deal_yuan, "customers_lost": -kept}

    def value(self, reading: str, flows: tuple[str, ...] = FLOWS) -> np.ndarray:
        """Present value of some flows by replication, yuan."""
        prices = self.prices(reading)
        total = np.zeros(len(self.weekly["deals"]))
        for flow in flows:
            if prices[flow]:
                total = total + prices[flow] * self.discounted(flow)
        return total + 0.0  # no −0 where nothing differs

    def outlay(self, reading: str) -> np.ndarray:
        """Discounted money spent more than under the baseline, by replication, yuan."""
        return 0.0 - self.value(reading, OUTLAY)

    def benefit(self, reading: str) -> np.ndarray:
        """Discounted savings and gains, by replication, yuan."""
        return self.value(reading, (*SAVINGS, *COUNTS))

    def cumulated(self, reading: str) -> np.ndarray:
        """Discounted money up to the end of each month of 4 weeks: an array (replication, month), yuan."""
        prices = self.prices(reading)
        net = sum((prices[flow] * self.weekly[flow] for flow in FLOWS), np.zeros_like(self.weekly["deals"]))
        ends = [min(end, self.horizon) for end in range(MONTH_WEEKS, self.horizon + MONTH_WEEKS, MONTH_WEEKS)]
        return np.cumsum(net * self.factors, axis=1)[:, np.array(ends, dtype=int) - 1]


def worth(comparison: Comparison, finance: "FinanceSettings", policy: str) -> Worth:
    """Paired differences of a policy from the baseline, carried on to the horizon if that is longer than the run.

    Raises:
        ValueError: the comparison holds no flows.
    """
    if comparison.flows.empty:
        raise ValueError("the study kept no weekly flows")
    mine, base = (_arrays(comparison.flows, name) for name in (policy, comparison.baseline))
    weekly = {flow: mine[flow] - base[flow] for flow in FLOWS}
    counted = weekly["deals"].shape[1]
    return Worth({f: carried_on(d, finance.horizon_weeks or counted) for f, d in weekly.items()}, finance, counted)


def _arrays(flows: pd.DataFrame, policy: str) -> dict[str, np.ndarray]:
    """Flow to an array (replication, week)."""
    mine = flows[flows["policy"] == policy]
    wide = mine.pivot(index=["flow", "replication"], columns="week", values="value")
    return {flow: wide.loc[flow].sort_index().to_numpy(float) for flow in FLOWS}


def carried_on(weekly: np.ndarray, horizon: int) -> np.ndarray:
    """Weeks up to the horizon: cut, or carried on with the mean week of the last 13.

    Week 0, with its one-off costs, is not in that mean unless it is the only week there is.
    """
    counted = weekly.shape[1]
    if horizon <= counted:
        return weekly[:, :horizon]
    tail = weekly[:, min(max(1, counted - TAIL_WEEKS), counted - 1) :]
    return np.hstack([weekly, np.repeat(tail.mean(axis=1, keepdims=True), horizon - counted, axis=1)])


def payback_month(cumulated: np.ndarray) -> float:
    """First month (of 4 weeks, counted from 1) from which the cumulated money stays at 0 or above; nan if none does.

    nan too where nothing moved at all: nothing was spent, so nothing pays back.
    """
    if not np.any(cumulated):
        return math.nan
    below = np.flatnonzero(cumulated < 0)
    first = int(below[-1]) + 1 if len(below) else 0
    return float(first + 1) if first < len(cumulated) else math.nan


def bar_verdict(roi: tuple[float, float, float], bar: float) -> str:
    """Whether benefit over outlay passes a bar: passed, failed, not_yet_known, or undefined without an outlay."""
    value, low, high = roi
    if math.isnan(value):
        return "undefined"
    if math.isnan(low):
        return "not_yet_known"
    return "passed" if low >= bar else "failed" if high < bar else "not_yet_known"


def roi(w: Worth, reading: str, net: bool = False) -> tuple[float, float, float]:
    """Benefit over outlay as a ratio of means with its jackknife interval; net of the outlay if asked.

    nan throughout where the outlay is not surely above 0: there is nothing to divide by.
    """
    outlay = w.outlay(reading)
    mean, low, _ = interval(outlay)
    if not mean > 0 or low <= 0:
        return math.nan, math.nan, math.nan
    return ratio_of_means(w.benefit(reading) - (outlay if net else 0.0), outlay)


def break_even(w: Worth) -> dict[str, float]:
    """Sizes at which the mean present value is 0, everything else as in the reading "margin"; nan if there is none.

    Returns:
        ``margin_per_deal`` and ``kept_customer`` in yuan; ``customers_kept`` and ``deals`` as the smallest number over
        the horizon that would pay the outlay alone, all other effects at 0.
    """
    deals, kept = float(w.discounted("deals").mean()), 0.0 - float(w.discounted("customers_lost").mean())
    margin, value = w.finance.margin_per_deal_yuan, w.finance.kept_customer_value()
    total = float(w.value("margin").mean())
    outlay, evenly = float(w.outlay("margin").mean()), float(w.factors.mean())

    def over(a: float, b: float) -> float:
        return a / b if b > 0 else math.nan

    return {
        "margin_per_deal": over(margin * deals - total, deals),
        "kept_customer": over(value * kept - total, kept),
        "customers_kept": over(outlay, value * evenly) if outlay > 0 else math.nan,
        "deals": over(outlay, margin * evenly) if outlay > 0 else math.nan,
    }


def money(comparison: Comparison, finance: "FinanceSettings", policy: str | None = None) -> list[Row]:
    """Every figure of money.csv (COLUMNS), of one policy or of all; empty if the study kept no flows."""
    if comparison.flows.empty:
        return []
    rows: list[Row] = []
    for name in [policy] if policy else comparison.policies:
        w = worth(comparison, finance, name)
        basis = {
            "policy": name, "price_year": finance.price_year, "discount_rate_per_year": finance.discount_rate_per_year,
            "horizon_weeks": w.horizon, "counted_weeks": w.counted_weeks,
            "replications": len(w.weekly["deals"]), "whose_money": "company",
        }  # fmt: skip
        found = [row for reading in READINGS for row in _reading(w, reading)] + _parts(w) + _break_even(w)
        rows += [{key: (basis | row).get(key, "") for key in COLUMNS} for row in found]
    return rows


def _figure(
    reading: str, measure: str, unit: str, found: tuple[float, float, float], verdict: str = "", **more: str
) -> Row:
    value, low, high = found
    row = {"reading": reading, "measure": measure, "unit": unit, "value": value, "low": low, "high": high}
    return row | {"verdict": verdict} | more


def _reading(w: Worth, reading: str) -> list[Row]:
    value, paths = w.value(reading), w.cumulated(reading)
    months = np.array([payback_month(path) for path in paths])
    moved = bool(np.any(paths))
    back = wilson(int(np.isfinite(months).sum()), len(months)) if moved else (math.nan,) * 3
    gross = roi(w, reading)
    return [
        _figure(reading, "npv", "yuan", interval(value)),
        _figure(reading, "npv_one_centre", "yuan", interval(value, next_one=True)),
        _figure(reading, "npv_above_0", "share", wilson(int((value > 0).sum()), len(value))),
        _figure(reading, "benefit", "yuan", interval(w.benefit(reading))),
        _figure(reading, "outlay", "yuan", interval(w.outlay(reading))),
        _figure(reading, "payback_month", "month of 4 weeks", (payback_month(paths.mean(axis=0)), math.nan, math.nan)),
        _figure(reading, "paid_back", "share", back),
        _figure(reading, "roi", "ratio", gross),
        _figure(reading, "roi_net", "ratio", roi(w, reading, net=True)),
        *(_figure(reading, f"bar_{bar:g}", "ratio", gross, bar_verdict(gross, bar)) for bar in w.finance.bars),
    ]


def _parts(w: Worth) -> list[Row]:
    """What the present value is made of, and whose budget it is on; a negative number is money lost."""
    rows = [_figure("margin", f"flow_{flow}", "yuan", interval(w.value("margin", (flow,))))
            for flow in FLOWS if flow != TRANSFER]  # fmt: skip
    for department, flows in BUDGETS.items():
        paid = w.discounted(TRANSFER) * {"service": -1.0, "sales": 1.0}.get(department, 0.0)
        found = interval(w.value("margin", flows) + paid + 0.0)
        rows.append(_figure("margin", f"budget_{department}", "yuan", found, whose_money=department))
    rows.append(_figure("margin", "transfer_service_to_sales", "yuan", interval(w.discounted(TRANSFER) + 0.0),
                        whose_money="service to sales"))  # fmt: skip
    return rows


def _break_even(w: Worth) -> list[Row]:
    units = {"margin_per_deal": "yuan", "kept_customer": "yuan", "customers_kept": "count", "deals": "count"}
    return [_figure("margin", f"break_even_{name}", units[name], (value, math.nan, math.nan))
            for name, value in break_even(w).items()]  # fmt: skip


def save(rows: list[Row], folder: str | Path) -> None:
    """Write money.csv: UTF-8 with a mark for Excel, ten significant digits, empty where undefined."""
    body = pd.DataFrame(rows, columns=list(COLUMNS)).to_csv(index=False, float_format="%.10g", lineterminator="\n")
    Path(folder, "money.csv").write_bytes(body.encode("utf-8-sig"))
