"""Weekly series of the metrics a director looks at first, from the first day of the warm-up on.

Each week holds an amount and a base; a metric over some weeks is the sum of the amounts over the sum of the bases, and
over the weeks counted it is the metric of sim/metrics.py. Written for one question only: is the warm-up long enough?
"""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from sim.ledger import COSTS
from sim.log import Log
from sim.units import HOURS_PER_DAY, HOURS_PER_WEEK

CONFLICT_CAP_DAYS = 56.0
"""As in sim/metrics.py."""

Points = Iterable[tuple[float, float]]
"""Clock time and amount of what happened, one unit of base each."""


def weekly_series(log: Log) -> dict[str, tuple[list[float], list[float]]]:
    """Amounts and bases of every series by week, and the open hours of the workshop under ``open_hours``."""
    weeks = round(log.facts["ends_at"] / HOURS_PER_WEEK)
    found = {name: _binned(points(log), weeks) for name, points in POINTS.items()}
    found["fleet_utilisation"] = _fleet(log, weeks)
    found["total_cost_yuan"] = _costs(log, weeks)
    found["open_hours"] = (_between(log, "service", weeks), [1.0] * weeks)
    return found


def _binned(points: Points, weeks: int) -> tuple[list[float], list[float]]:
    pairs = np.array(list(points), dtype=float).reshape(-1, 2)
    week = (pairs[:, 0] // HOURS_PER_WEEK).astype(int)
    inside = (week >= 0) & (week < weeks)
    amounts = np.bincount(week[inside], weights=pairs[inside, 1], minlength=weeks)
    return amounts.tolist(), np.bincount(week[inside], minlength=weeks).astype(float).tolist()


def _shortage(log: Log) -> Points:
    return ((row[0], 1 - row[4]) for row in log.by_event().get("line_due", ()))


def _promises(log: Log) -> Points:
    end = _handed_over(log)
    return ((row[4], end.get(row[2], np.inf) <= row[4]) for row in log.by_event().get("dropped_off", ()))


def _days(log: Log) -> Points:
    end, stop = _handed_over(log), log.facts["stopped_at"]
    dropped = log.by_event().get("dropped_off", ())
    return ((row[0], (end.get(row[2], stop) - row[0]) / HOURS_PER_DAY) for row in dropped)


def _conflicts(log: Log) -> Points:
    end = {row[3]: row[0] for row in log.by_event().get("claim_settled", ())}
    stop = log.facts["stopped_at"]
    for row in log.by_event().get("claim_opened", ()):
        yield row[0], min((end.get(row[3], stop) - row[0]) / HOURS_PER_DAY, CONFLICT_CAP_DAYS)


def _granted(event: str) -> Callable[[Log], Points]:
    return lambda log: ((row[0], row[5] == "granted") for row in log.by_event().get(event, ()))


def _nps(log: Log) -> Points:
    return ((row[0], 100 * ((row[4] >= 9) - (row[4] <= 6))) for row in log.by_event().get("survey", ()))


POINTS: dict[str, Callable[[Log], Points]] = {
    "shortage_rate": _shortage,
    "promise_kept": _promises,
    "days_in_shop": _days,
    "conflict_days_mean": _conflicts,
    "loaner_fulfilment": _granted("loaner_asked"),
    "test_drive_fulfilment": _granted("test_drive_asked"),
    "nps": _nps,
}
"""Series that are a mean over what happened in a week."""


def _handed_over(log: Log) -> dict[int, float]:
    return {row[2]: row[0] for row in log.by_event().get("handed_over", ())}


def _costs(log: Log, weeks: int) -> tuple[list[float], list[float]]:
    """Costs of each week, times the weeks counted: what the whole window would cost if all its weeks were like this."""
    counted = round((log.facts["ends_at"] - log.facts["switch_at"]) / HOURS_PER_WEEK)
    rows = log.by_event().get("money", ())
    costs = ((row[0], row[4] * ((row[3] in COSTS) - (row[5] in COSTS)) * counted) for row in rows)
    return _binned(costs, weeks)[0], [1.0] * weeks


def _fleet(log: Log, weeks: int) -> tuple[list[float], list[float]]:
    """Showroom hours in use of demo and backup cars, and showroom hours there are."""
    facts: dict[str, Any] = log.facts
    back = {(row[5], row[2]): row[0] for row in log.by_event().get("car_in", ())}
    out = [row for row in log.by_event().get("car_out", ()) if row[3] in ("demo", "backup")]
    clock = facts["showroom"].open_before
    starts = np.array([clock(row[0]) for row in out])
    ends = np.array([clock(back.get((row[5], row[2]), facts["stopped_at"])) for row in out])
    edges = [clock(week * HOURS_PER_WEEK) for week in range(weeks + 1)]
    used = np.diff([float(np.sum(np.clip(ends, 0, edge) - np.clip(starts, 0, edge))) for edge in edges])
    cars = facts["demo_cars"] + facts["backup_cars"]
    return used.tolist(), (cars * np.diff(edges)).tolist()


def _between(log: Log, calendar: str, weeks: int) -> list[float]:
    hours = log.facts[calendar]
    return [hours.between(week * HOURS_PER_WEEK, (week + 1) * HOURS_PER_WEEK) for week in range(weeks)]
