"""Quantities of the textbook cases: free functions over a finished log, each as the textbook defines it.

A share or mean is taken over those who arrive in the window and followed to their end; a time average is taken over the
window itself.
"""

import math
from collections.abc import Callable, Iterable

import numpy as np

from sim.log import Log
from sim.metrics import Window
from sim.textbook import Quantity, TextbookCase
from sim.units import HOURS_PER_DAY, HOURS_PER_WEEK


def quantities(log: Log, cases: Iterable[TextbookCase]) -> list[float]:
    """The value of each case in one replication; nan where nothing happened."""
    split, facts = log.by_event(), log.facts
    values = []
    for case in cases:
        start = facts["switch_at"] + case.skip_weeks * HOURS_PER_WEEK
        values.append(float(QUANTITIES[case.quantity](Window(log, split, start, facts["ends_at"]), case)))
    return values


def _mean(values: "list[float] | np.ndarray") -> float:
    return float(np.mean(values)) if len(values) else math.nan


def _time_average(w: Window, spans: Iterable[tuple[float, float]]) -> float:
    """Mean number of ``spans`` going on at a moment of the window."""
    return sum(max(min(end, w.b) - max(start, w.a), 0.0) for start, end in spans) / (w.b - w.a)


# -- bays ---------------------------------------------------------------------------------------------------


def _waits(w: Window, of: str) -> list[tuple[float, float]]:
    """(joined the queue, took a bay) of the cars of a job type that joined in the window, the first time each."""
    jobs = {row[2]: row[3] for row in w.split.get("dropped_off", ())} if of else {}
    first: dict[int, tuple[float, float]] = {}
    for time, _, visit, _, hours, _ in w.split.get("bay_taken", ()):
        if visit not in first and (not of or jobs[visit] == of):
            first[visit] = (time - hours, time)
    return [span for span in first.values() if w.a <= span[0] < w.b]


def _bay_wait(w: Window, case: TextbookCase) -> float:
    return _mean([end - start for start, end in _waits(w, case.of)])


def _bay_wait_open(w: Window, case: TextbookCase) -> float:
    return _mean([w.facts["service"].between(start, end) for start, end in _waits(w, case.of)])


def _bay_wait_share(w: Window, case: TextbookCase) -> float:
    # whoever finds a bay free waits 0 up to rounding
    return _mean([float(end - start > case.above + 1e-9) for start, end in _waits(w, case.of)])


def _queue_length(w: Window, case: TextbookCase) -> float:
    return _time_average(w, ((row[0] - row[4], row[0]) for row in w.split.get("bay_taken", ())))


def _taken(w: Window, case: TextbookCase) -> float:
    left = {(row[2], row[3]): row[0] for row in w.split.get("bay_left", ())}
    stop = w.facts["stopped_at"]
    return _time_average(w, ((row[0], left.get((row[2], row[3]), stop)) for row in w.split.get("bay_taken", ())))


def _in_order(w: Window, case: TextbookCase) -> float:
    broken = _time_average(w, ((row[0] - row[4], row[0]) for row in w.split.get("bay_mended", ())))
    return 1 - broken / sum(w.facts["bays"].values())


def _in_shop(w: Window, case: TextbookCase) -> float:
    stop = w.facts["stopped_at"]
    return _time_average(w, ((row[0], w.handed_over.get(row[2], stop)) for row in w.split.get("dropped_off", ())))


# -- parts --------------------------------------------------------------------------------------------------


def _shortage(w: Window, case: TextbookCase) -> float:
    return _mean([1 - row[4] for row in w.rows("line_due") if row[3].startswith(case.of)])


def _on_shelf(w: Window, case: TextbookCase) -> float:
    return _mean([row[4] for row in w.rows("stock_value") if row[3] == "all"])


def _line_spans(w: Window) -> list[tuple[float, float]]:
    """(due, there) of every line; one on the shelf is there when it is due."""
    there: dict[tuple[int, str], list[tuple[float, float]]] = {}
    for row in w.split.get("line_arrived", ()):
        there.setdefault((row[2], row[3]), []).append((row[0] - row[4], row[0]))
    spans = [(row[0], row[0]) for row in w.split.get("line_due", ()) if row[4]]
    waited = [(row[0], row[2], row[3]) for row in w.split.get("line_due", ()) if not row[4]]
    for due, visit, name in waited:
        arrived = there.get((visit, name))
        spans.append(arrived.pop(0) if arrived else (due, w.facts["stopped_at"]))
    return spans


def _backorders(w: Window, case: TextbookCase) -> float:
    return _time_average(w, _line_spans(w))


def _line_wait(w: Window, case: TextbookCase) -> float:
    return _mean([(there - due) / HOURS_PER_DAY for due, there in _line_spans(w) if w.a <= due < w.b])


def _per_line(event: str, notes: tuple[str, ...] = ()) -> Callable[[Window, TextbookCase], float]:
    def share(w: Window, case: TextbookCase) -> float:
        lines = len(w.rows("line_due"))
        return sum(not notes or row[5] in notes for row in w.rows(event)) / lines if lines else math.nan

    return share


def _sisters(*notes: str) -> Callable[[Window, TextbookCase], float]:
    def share(w: Window, case: TextbookCase) -> float:
        return _mean([float(row[5] in notes) for row in w.rows("sister_line") if case.of in ("", row[3])])

    return share


# -- fleet --------------------------------------------------------------------------------------------------


def _lost(event: str, note: str) -> Callable[[Window, TextbookCase], float]:
    return lambda w, case: w.share(event, note)


def _cars_out(w: Window, case: TextbookCase) -> float:
    back = {(row[5], row[2]): row[0] for row in w.split.get("car_in", ())}
    stop = w.facts["stopped_at"]
    spans = ((row[0], back.get((row[5], row[2]), stop)) for row in w.split.get("car_out", ()))
    return _time_average(w, spans)


# -- claims -------------------------------------------------------------------------------------------------


def _claims(w: Window) -> list[tuple[float, float, float]]:
    """(opened, settled, level) of the claims opened in the window; those still open end where the run stops."""
    ends = {row[3]: (row[0], row[4]) for row in w.split.get("claim_settled", ())}
    return [(row[0], *ends.get(row[3], (w.facts["stopped_at"], math.nan))) for row in w.rows("claim_opened")]


def _claim_hours(w: Window, case: TextbookCase) -> float:
    return _mean([end - start for start, end, _ in _claims(w)])


def _claim_working(w: Window, case: TextbookCase) -> float:
    return _mean([w.facts["office"].between(start, end) for start, end, _ in _claims(w)])


def _claim_open(w: Window, case: TextbookCase) -> float:
    return _mean([float(end - start > case.above) for start, end, _ in _claims(w)])


def _claim_level(w: Window, case: TextbookCase) -> float:
    return _mean([float(level == float(case.of)) for _, _, level in _claims(w)])


QUANTITIES: dict[Quantity, Callable[[Window, TextbookCase], float]] = {
    "bay_wait_hours": _bay_wait,
    "bay_wait_open_hours": _bay_wait_open,
    "bay_wait_share": _bay_wait_share,
    "bay_queue_length": _queue_length,
    "bays_taken": _taken,
    "bays_in_order": _in_order,
    "cars_in_shop": _in_shop,
    "shortage_rate": _shortage,
    "shelf_value_yuan": _on_shelf,
    "backorder_lines": _backorders,
    "line_wait_days": _line_wait,
    "transfer_share": _per_line("transfer"),
    "express_share": _per_line("urgent_asked", ("process",)),
    "sister_shortage": _sisters("transfer", "waits", "lost"),
    "sister_transfer_share": _sisters("transfer"),
    "drives_lost": _lost("test_drive_asked", "lost"),
    "loans_refused": _lost("loaner_asked", "refused"),
    "cars_out": _cars_out,
    "claim_hours": _claim_hours,
    "claim_working_hours": _claim_working,
    "claim_share_open": _claim_open,
    "claim_level_share": _claim_level,
}
"""How each quantity of a textbook case is counted."""
