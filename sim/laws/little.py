"""Little's law L = λW as an identity over a window, each side by its own route.

The area under the number there, counted from the log's events, equals the sum of the times everybody spent there,
cut to the window; both are divided by the window's length. With the ends cut so, the identity is exact for any
window and any discipline, in balance or not. Source: Little, Operations Research 9 (1961) 383-387; over a sample
path: Stidham, Operations Research 22 (1974) 417-421.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np

from sim.laws.found import ROUNDING, Found, equal
from sim.log import Log, Row
from sim.stocktaking import Counted

Times = Sequence[float] | np.ndarray
"""Clock times, hours."""


def in_the_shop(log: Log) -> list[Found]:
    """Cars between drop-off and hand-over: counted in the log, against the times each visit holds itself."""
    counted: Counted = log.facts["counted"]
    a, b = _window(log)
    split = log.by_event()
    left = {row[2]: row[0] for row in split.get("left", ()) if row[3] == "visit"}
    ups = [row[0] for row in split.get("dropped_off", ())]
    downs = [row[0] for row in split.get("handed_over", ())] + list(left.values())
    starts = [start for start, _ in counted.stays.values()]
    ends = [end if end >= 0 else left.get(visit, math.inf) for visit, (_, end) in counted.stays.items()]
    return [_identity("little_shop", area(ups, downs, a, b), spent(starts, ends, a, b), b - a)]


def bay_queue(log: Log) -> list[Found]:
    """Cars that queue for a bay: from drop-off or the parts' coming to the bay, against the hours told at the bay.

    Who has no bay when the run ends is on neither side: the log does not tell whether he queues or waits for parts.
    """
    a, b = _window(log)
    split = log.by_event()
    dropped = {row[2]: row[0] for row in split.get("dropped_off", ())}
    moved: dict[int, list[float]] = {}
    for row in split.get("start_moved", ()):
        moved.setdefault(row[2], []).append(row[0])
    taken = split.get("bay_taken", ())
    downs = [row[0] for row in taken]
    ups = [
        dropped.get(row[2], math.nan) if row[2] not in moved else _last(dropped, moved[row[2]], row) for row in taken
    ]
    told = [row[0] - row[4] for row in taken]
    return [_identity("little_queue", area(ups, downs, a, b), spent(told, downs, a, b), b - a)]


def _last(dropped: dict[int, float], moved: list[float], row: Row) -> float:
    """When a visit that waited for parts was last ready for the bay it now takes."""
    return max((time for time in moved if time <= row[0]), default=dropped.get(row[2], math.nan))


def cars_out(log: Log) -> list[Found]:
    """Cars out on loan or drive, in showroom hours over the whole run: counted, against the hours booked at return."""
    split = log.by_event()
    out, back = split.get("car_out", ()), split.get("car_in", ())
    clock = _open_hours(log)
    end = float(clock([log.facts["stopped_at"]])[0])
    returned = {(row[5], row[2]) for row in back}
    still = clock([row[0] for row in out if (row[5], row[2]) not in returned])
    hours = math.fsum(row[4] for row in back) + float(np.sum(end - still))
    ups, downs = (clock([row[0] for row in rows]) for rows in (out, back))
    return [_identity("little_cars", area(ups, downs, 0.0, end), hours, end)]


def _open_hours(log: Log) -> Callable[[list[float]], np.ndarray]:
    """Showroom hours that have gone by at some clock times."""
    openings = log.facts["showroom"].openings(0.0, log.facts["stopped_at"])
    edges = np.array([0.0, *(edge for opening in openings for edge in opening)])
    widths = np.diff(edges) * (np.arange(len(edges) - 1) % 2)
    gone_by = np.concatenate([[0.0], np.cumsum(widths)])
    return lambda times: np.interp(times, edges, gone_by)


def area(ups: Times, downs: Times, a: float, b: float) -> float:
    """Area under the number there in [a, b], which steps up at each of ``ups`` and down at each of ``downs``."""
    times = np.clip(np.concatenate([ups, downs]), a, b)
    steps = np.concatenate([np.ones(len(ups)), -np.ones(len(downs))])
    order = np.argsort(times, kind="stable")
    number = np.cumsum(steps[order])
    return float(number @ np.diff(np.append(times[order], b)))


def spent(starts: Times, ends: Times, a: float, b: float) -> float:
    """Sum of the times from each start to its end, cut to [a, b]."""
    return float(np.sum(np.clip(ends, a, b) - np.clip(starts, a, b)))


def _window(log: Log) -> tuple[float, float]:
    return log.facts["switch_at"], log.facts["ends_at"]


def _identity(law: str, counted: float, times: float, length: float) -> Found:
    """L and λW in cars, each the area over the window's length."""
    lhs, rhs = (counted / length, times / length) if length > 0 else (0.0, 0.0)
    # a nan (somebody on a bay who never came in) is never equal
    return equal(law, "cars", lhs, rhs, rounding=ROUNDING * max(abs(lhs), abs(rhs), 1.0))
