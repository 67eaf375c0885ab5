"""Bays are busy with the work that is done on them, and over a window with the work that comes.

Per visit and exact: hours a bay is held are diagnosis, work and rework as drawn, and idle time as logged. Over a
window and on the average: utilisation is arrivals times mean hours over capacity (the offered load of a queue in
balance, λ·E[S]/c), which is judged over the replications of a study and not here.
"""

import math
from collections import defaultdict

from sim.laws.found import ROUNDING, Found, equal_everywhere, not_applied
from sim.log import Log, Row
from sim.stocktaking import Counted

MOST_UNFINISHED = 0.01
"""Share of a window's visits that may be unfinished at the end before their mean hours on a bay are not known."""


def work(log: Log) -> list[Found]:
    """Hours on the bay of every visit that is ready: held, against work as drawn and idle time as logged."""
    counted: Counted = log.facts["counted"]
    split = log.by_event()
    held, idle = _by_visit(split.get("bay_left", ())), _by_visit(split.get("bay_idle", ()))
    sides = {
        str(row[2]): (held[row[2]], counted.own_hours.get(row[2], math.nan) + idle[row[2]])
        for row in split.get("ready", ())
    }
    found = equal_everywhere("bay_work", "hours", sides, rounding=ROUNDING * max(log.facts["stopped_at"], 1.0))
    if counted.technicians_suffice or not sides:
        return [found]
    # a car may stand on its bay until a technician is free, and the log does not say for how long: one side only
    worst = min(sides, key=lambda visit: sides[visit][0] - sides[visit][1])
    held_there, done = sides[worst]
    holds = held_there >= done - found.tolerance
    if not holds:
        return [found._replace(where=worst, lhs=held_there, rhs=done, sign=">=", holds=False)]
    lhs, rhs = (math.fsum(pair[side] for pair in sides.values()) for side in (0, 1))
    return [Found("bay_work", "", lhs, rhs, found.tolerance, "hours", ">=", True)]


def offered(log: Log) -> list[Found]:
    """Utilisation of each kind of bay in the window, and what arrivals times mean hours over capacity makes of it."""
    a, b = log.facts["switch_at"], log.facts["ends_at"]
    split, service = log.by_event(), log.facts["service"]
    came = {row[2] for row in split.get("dropped_off", ()) if a <= row[0] < b}
    ready = {row[2] for row in split.get("ready", ())} & came
    open_hours = service.between(a, b)
    lost = any(row[2] in came for row in split.get("left", ()) if row[3] == "visit")
    why = "lost" if lost else "unfinished" if len(came - ready) > MOST_UNFINISHED * len(came) else ""
    busy = _busy(log, a, b)
    found = []
    for kind, number in sorted(log.facts["bays"].items()):
        capacity = (number or 0) * open_hours
        hours = [row[4] for row in split.get("bay_left", ()) if row[3] == kind and row[2] in ready]
        reason = why or ("" if capacity > 0 and math.isfinite(capacity) and hours else "no_bays")
        if reason:
            found.append(not_applied("offered_load", "share", reason, kind))
            continue
        # visits not ready yet are taken to need as much as the others: fewer than MOST_UNFINISHED of them
        load = math.fsum(hours) * len(came) / max(len(ready), 1) / capacity
        if load >= 1:
            found.append(not_applied("offered_load", "share", "overload", kind))
            continue
        found.append(Found("offered_load", kind, busy[kind] / capacity, load, math.nan, "share", "=", True))
    return found


def _by_visit(rows: "list[Row] | tuple[()]") -> dict[int, float]:
    hours: dict[int, float] = defaultdict(float)
    for row in rows:
        hours[row[2]] += row[4]
    return hours


def _busy(log: Log, a: float, b: float) -> dict[str, float]:
    """Open hours each kind of bay is held inside [a, b]."""
    split, service = log.by_event(), log.facts["service"]
    ends: dict[int, list[Row]] = defaultdict(list)
    for row in split.get("bay_left", ()):
        ends[row[2]].append(row)
    nth: dict[int, int] = defaultdict(int)
    busy: dict[str, float] = defaultdict(float)
    for time, _, visit, kind, _, _ in split.get("bay_taken", ()):
        left = ends[visit]
        back = left[nth[visit]] if nth[visit] < len(left) else (log.facts["stopped_at"], "", visit, kind, math.nan, "")
        nth[visit] += 1
        if a <= time and back[0] <= b and math.isfinite(back[4]):
            busy[kind] += back[4]
        elif back[0] > a and time < b:
            busy[kind] += service.between(max(time, a), min(back[0], b))
    return busy
