"""Daily series of the metrics a director looks at first, from the day the policy is switched on.

The amounts and bases of sim/weekly.py by day instead of by week, for one question: after how many days has a run
forgotten its start? Seven days of it add up to a week of that module. Without a warm-up it begins on the first day.
"""

from typing import Any

import numpy as np

from sim.log import Log
from sim.units import HOURS_PER_DAY, HOURS_PER_WEEK
from sim.weekly import COSTS, POINTS, Points

DAYS_PER_WEEK = 7
OPEN_HOURS = "open_hours"
TRUST = "trust:"
"""Before the name of a pair: weekly values, no daily ones."""

Series = dict[str, tuple[list[float], list[float]]]
"""Name to amounts and bases, a day each."""


def daily_series(log: Log, weeks_counted: int = 1) -> Series:
    """Amounts and bases of every series by day, the open hours of the workshop, and trust by week.

    Args:
        weeks_counted: weeks of a study's window; a day's cost is told as what such a window would cost if all its
            days were like it, since that is what the metric ``total_cost_yuan`` and its margin are about.

    Returns:
        A metric over some days is the sum of their amounts over the sum of their bases. Series named ``trust:a-b``
        hold the trust of a pair at the start of each week, with bases 1.
    """
    start = log.facts["switch_at"]
    days = round((log.facts["ends_at"] - start) / HOURS_PER_DAY)
    found: Series = {name: _binned(points(log), start, days) for name, points in POINTS.items()}
    found["fleet_utilisation"] = _fleet(log, start, days)
    found["total_cost_yuan"] = _costs(log, start, days, weeks_counted)
    found[OPEN_HOURS] = (_open(log, "service", start, days), [1.0] * days)
    return found | _trust(log, start, days // DAYS_PER_WEEK)


def _binned(points: Points, start: float, days: int) -> tuple[list[float], list[float]]:
    pairs = np.array(list(points), dtype=float).reshape(-1, 2)
    day = ((pairs[:, 0] - start) // HOURS_PER_DAY).astype(int)
    inside = (day >= 0) & (day < days)
    amounts = np.bincount(day[inside], weights=pairs[inside, 1], minlength=days)
    return amounts.tolist(), np.bincount(day[inside], minlength=days).astype(float).tolist()


def _costs(log: Log, start: float, days: int, weeks: int) -> tuple[list[float], list[float]]:
    scale = weeks * DAYS_PER_WEEK
    rows = log.by_event().get("money", ())
    costs = ((row[0], row[4] * ((row[3] in COSTS) - (row[5] in COSTS)) * scale) for row in rows)
    return _binned(costs, start, days)[0], [1.0] * days


def _fleet(log: Log, start: float, days: int) -> tuple[list[float], list[float]]:
    """Showroom hours in use of demo and backup cars, and showroom hours there are."""
    facts: dict[str, Any] = log.facts
    back = {(row[5], row[2]): row[0] for row in log.by_event().get("car_in", ())}
    out = [row for row in log.by_event().get("car_out", ()) if row[3] in ("demo", "backup")]
    clock = facts["showroom"].open_before
    begun = np.array([clock(row[0]) for row in out])
    ended = np.array([clock(back.get((row[5], row[2]), facts["stopped_at"])) for row in out])
    edges = np.array([clock(start + day * HOURS_PER_DAY) for day in range(days + 1)])
    # hours in use before a moment: of each car out by then, what lies before it
    used = np.array([np.sum(np.clip(ended, 0, edge) - np.clip(begun, 0, edge)) for edge in edges])
    cars = facts["demo_cars"] + facts["backup_cars"]
    return np.diff(used).tolist(), (cars * np.diff(edges)).tolist()


def _open(log: Log, calendar: str, start: float, days: int) -> list[float]:
    hours = log.facts[calendar]
    return [
        hours.between(start + day * HOURS_PER_DAY, start + (day + 1) * HOURS_PER_DAY) for day in range(days)
    ]  # fmt: skip


def _trust(log: Log, start: float, weeks: int) -> Series:
    """Trust of each pair, as the log has it: once a week from the day the policy is switched on."""
    found: dict[str, list[float]] = {}
    for row in log.by_event().get("trust", ()):
        if row[0] >= start and (row[0] - start) / HOURS_PER_WEEK < weeks:
            found.setdefault(TRUST + row[3], []).append(row[4])
    return {name: (values, [1.0] * len(values)) for name, values in found.items()}
