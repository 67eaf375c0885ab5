"""Money in tables and sentences: everything from the rows of sim/money.py, no number typed in."""

import math
from typing import TYPE_CHECKING, Any

from sim.comparison import Comparison
from sim.money import READINGS, money
from sim.words import scale
from sim.words_money import text

if TYPE_CHECKING:
    from sim.departments.finance import FinanceSettings

Row = dict[str, Any]
Table = tuple[list[str], list[list[str]]]
Found = dict[tuple[str, str], Row]
"""(reading, measure) to its row."""


def found(comparison: Comparison, finance: "FinanceSettings", policy: str) -> Found:
    """The figures of one policy by reading and measure; empty if the study kept no flows."""
    return {(row["reading"], row["measure"]): row for row in money(comparison, finance, policy)}


def basis(rows: Found, lang: str) -> str:
    """Whose money, price year, discount rate and horizon."""
    row = next(iter(rows.values()))
    horizon, counted = row["horizon_weeks"], row["counted_weeks"]
    how = "window_only" if horizon == counted else "cut" if horizon < counted else "carried"
    return text(
        "basis", lang, year=row["price_year"], rate=f"{100 * row['discount_rate_per_year']:g}%", horizon=horizon,
        how=text(how, lang, counted=counted),
    )  # fmt: skip


def lines(comparison: Comparison, finance: "FinanceSettings", lang: str) -> list[str]:
    """What a terminal tells: the basis once, then a few sentences for each policy."""
    told: list[str] = []
    for policy in comparison.policies:
        rows = found(comparison, finance, policy)
        if not rows:
            continue
        told += [] if told else [basis(rows, lang)]
        first = _npv_line(rows, lang)
        if len(comparison.policies) > 1:
            first = text("of_policy", lang, policy=comparison.setup.policy_titles[policy][lang], text=first)
        told += [first, _roi_line(rows, finance, lang), *even(rows, finance, lang)]
    return told


def _npv_line(rows: Found, lang: str) -> str:
    npv, share = rows["margin", "npv"], rows["margin", "npv_above_0"]
    amount, interval = _yuan(npv, lang)
    rate, between = _share(share, lang)
    month = _month(rows, "margin", lang)
    payback = text("line_payback", lang, month=month) if month.isdigit() else month
    return text("line_npv", lang, npv=amount, interval=interval, share=rate, share_interval=between, payback=payback)


def _month(rows: Found, reading: str, lang: str) -> str:
    """The payback month as a number, or why there is none."""
    month = rows[reading, "payback_month"]["value"]
    if not math.isnan(month):
        return f"{month:.0f}"
    return text("nothing_to_pay" if math.isnan(rows[reading, "paid_back"]["value"]) else "not_in_time", lang)


def _roi_line(rows: Found, finance: "FinanceSettings", lang: str) -> str:
    bars = [
        text("line_bar", lang, bar=f"{bar:g}", **{
            reading: text(f"bar_{rows[reading, f'bar_{bar:g}']['verdict']}", lang) for reading in ("margin", "revenue")
        })
        for bar in finance.bars
    ]  # fmt: skip
    return text(
        "line_roi", lang, margin=_times(rows["margin", "roi"], lang), revenue=_times(rows["revenue", "roi"], lang),
        bars=("；" if lang == "zh" else "; ").join(bars),
    )  # fmt: skip


def even(rows: Found, finance: "FinanceSettings", lang: str) -> list[str]:
    """Where it breaks even, a sentence for each size that has such a point."""
    now = {"margin_per_deal": finance.margin_per_deal_yuan, "kept_customer": finance.kept_customer_value()}
    told = []
    for name in ("margin_per_deal", "kept_customer", "customers_kept", "deals"):
        value = rows["margin", f"break_even_{name}"]["value"]
        if math.isnan(value):
            continue
        if name not in now:
            told.append(text(f"even_{name}", lang, value=f"{math.ceil(value):,}"))
        elif value <= 0:
            told.append(text(f"even_{name}_below", lang))
        else:
            words = {"value": scale("yuan", lang).value(value), "now": scale("yuan", lang).value(now[name])}
            told.append(text(f"even_{name}", lang, **words))
    return told


def readings_table(rows: Found, finance: "FinanceSettings", lang: str) -> Table:
    """One line a reading: present value, chance, payback, returns and bars."""
    keys = ("npv", "npv_one_centre", "npv_above_0", "payback_month", "paid_back", "roi", "roi_net")
    head = [text("reading", lang), *(text(key, lang) for key in keys)]
    head += [text("bar", lang, bar=f"{bar:g}") for bar in finance.bars]
    body = []
    for reading in READINGS:
        row = {key: rows[reading, key] for key in keys}
        body.append([
            text(f"reading_{reading}", lang), " ".join(_yuan(row["npv"], lang)),
            _yuan(row["npv_one_centre"], lang)[1], " ".join(_share(row["npv_above_0"], lang)),
            _month(rows, reading, lang), " ".join(_share(row["paid_back"], lang)).strip(),
            _times(row["roi"], lang), _times(row["roi_net"], lang),
            *(text(f"bar_{rows[reading, f'bar_{bar:g}']['verdict']}", lang) for bar in finance.bars),
        ])  # fmt: skip
    return head, body


def parts_table(rows: Found, lang: str) -> Table:
    """What the present value on margin is made of, and whose budget it is on."""
    names = [measure for _, measure in rows if measure.startswith(("flow_", "budget_", "transfer_"))]
    body = [[text(name, lang), " ".join(_yuan(rows["margin", name], lang))] for name in names]
    return [text("part", lang), text("yuan_interval", lang)], body


def _yuan(row: Row, lang: str) -> tuple[str, str]:
    ends = row["low"], row["high"]
    return scale("yuan", lang, row["value"], *ends).estimate(row["value"], *ends, unit=True)


def _share(row: Row, lang: str) -> tuple[str, str]:
    if math.isnan(row["value"]):
        return text("undefined", lang), ""
    return f"{100 * row['value']:.0f}%", f"[{100 * row['low']:.0f}, {100 * row['high']:.0f}]"


def _times(row: Row, lang: str) -> str:
    if math.isnan(row["value"]):
        return text("undefined", lang)
    ends = [f"{end:.1f}".replace("-", "−") for end in (row["value"], row["low"], row["high"])]
    between = "" if math.isnan(row["low"]) else f"[{ends[1]}, {ends[2]}]"
    return text("times", lang, value=ends[0], interval=between).strip()
