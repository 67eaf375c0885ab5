"""Metrics: free functions over a finished log. Definitions are those of docs/measures.md; the model never averages."""

import math
from collections.abc import Callable
from functools import cached_property
from typing import Any, Literal, NamedTuple

import numpy as np

from sim.flows import present_value, weekly_flows
from sim.ledger import COSTS
from sim.log import Log, Row
from sim.survival import quantile, restricted_mean
from sim.units import HOURS_PER_DAY, HOURS_PER_WEEK

CONFLICT_CAP_DAYS = 56.0
"""Disputes are followed for 8 weeks at most; a mean is the mean of min(duration, cap)."""


class Metric(NamedTuple):
    """What a metric is."""

    name: str
    unit: str
    better: Literal["higher", "lower", "neither"]


class Window:
    """A finished log seen through a window of time [a, b), hours."""

    def __init__(self, log: Log, split: dict[str, list[Row]], a: float, b: float) -> None:
        self.log = log
        self.facts: dict[str, Any] = log.facts
        self.split = split
        self.a = a
        self.b = b
        self._rows: dict[str, list[Row]] = {}

    def rows(self, event: str) -> list[Row]:
        """Rows of an event inside the window."""
        if event not in self._rows:
            self._rows[event] = [row for row in self.split.get(event, ()) if self.a <= row[0] < self.b]
        return self._rows[event]

    def numbers(self, event: str) -> np.ndarray:
        """The number column of an event inside the window."""
        return np.array([row[4] for row in self.rows(event)])

    def share(self, event: str, note: str) -> float:
        """Share of an event's rows inside the window that carry a note."""
        rows = self.rows(event)
        return sum(row[5] == note for row in rows) / len(rows) if rows else math.nan

    def hours_inside(self, calendar: str, start: float, end: float) -> float:
        """Open hours of a calendar that [start, end] has inside the window."""
        start, end = max(start, self.a), min(end, self.b)
        return self.facts[calendar].between(start, end) if end > start else 0.0

    @cached_property
    def dropped(self) -> dict[int, float]:
        """Drop-off time of each visit that was dropped off in the window."""
        return {row[2]: row[0] for row in self.rows("dropped_off")}

    @cached_property
    def handed_over(self) -> dict[int, float]:
        """Hand-over time of every visit of the run."""
        return {row[2]: row[0] for row in self.split.get("handed_over", ())}

    @cached_property
    def claims(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Disputes opened in the window: days, whether settled, working days."""
        settled = {row[3]: row[0] for row in self.split.get("claim_settled", ())}
        stop, office = self.facts["stopped_at"], self.facts["office"]
        opened = [(row[0], settled.get(row[3])) for row in self.rows("claim_opened")]
        days = np.array([((end if end is not None else stop) - start) / 24 for start, end in opened])
        ended = np.array([end is not None for _, end in opened], dtype=bool)
        day = self.facts["office_day_hours"]
        working = np.array([office.between(start, end if end is not None else stop) / day for start, end in opened])
        return days, ended, working

    @cached_property
    def car_hours(self) -> dict[str, float]:
        """Showroom hours in use inside the window, by kind of car."""
        hours: dict[str, float] = {"demo": 0.0, "backup": 0.0, "dedicated": 0.0}
        back = {(row[5], row[2]): row[0] for row in self.split.get("car_in", ())}
        for time, _, number, kind, _, use in self.split.get("car_out", ()):
            end = back.get((use, number), self.facts["stopped_at"])
            if end > self.a and time < self.b:
                hours[kind] += self.hours_inside("showroom", time, end)
        return hours

    @cached_property
    def bay_hours(self) -> float:
        """Open bay hours held inside the window."""
        left: dict[int, list[float]] = {}
        for row in self.split.get("bay_left", ()):
            left.setdefault(row[2], []).append(row[0])
        total = 0.0
        used: dict[int, int] = {}
        for time, _, visit, _, _, _ in self.split.get("bay_taken", ()):
            nth = used.get(visit, 0)
            used[visit] = nth + 1
            ends = left.get(visit, [])
            end = ends[nth] if nth < len(ends) else self.facts["stopped_at"]
            if end > self.a and time < self.b:
                total += self.hours_inside("service", time, end)
        return total

    @property
    def bay_capacity(self) -> float:
        """Bay hours there were inside the window."""
        return sum(self.facts["bays"].values()) * self.facts["service"].between(self.a, self.b)


def _shortage(w: Window) -> float:
    numbers = w.numbers("line_due")
    return float(1 - numbers.mean()) if len(numbers) else math.nan


def _job_shortage(w: Window) -> float:
    worst: dict[int, float] = {}
    for row in w.rows("line_due"):
        worst[row[2]] = min(worst.get(row[2], 1.0), row[4])
    return 1 - sum(worst.values()) / len(worst) if worst else math.nan


def _start_moved(w: Window) -> float:
    moved = sum(row[4] for row in w.split.get("start_moved", ()) if row[2] in w.dropped)
    return moved / len(w.dropped) if w.dropped else math.nan


def _shelf(w: Window, what: str) -> float:
    values = [row[4] for row in w.rows("stock_value") if row[3] == what]
    return float(np.mean(values)) if values else math.nan


def _dead_share(w: Window) -> float:
    shelf = _shelf(w, "all")
    return _shelf(w, "dead") / shelf if shelf > 0 else math.nan


def _turnover(w: Window) -> float:
    used = float(w.numbers("line_used").sum())
    shelf = _shelf(w, "all")
    return used * 365 * HOURS_PER_DAY / (w.b - w.a) / shelf if shelf > 0 else math.nan


def _promises(w: Window) -> list[tuple[float, float, float | None]]:
    """Drop-off, promise and hand-over of visits whose promise falls into the window."""
    return [
        (row[0], row[4], w.handed_over.get(row[2])) for row in w.split.get("dropped_off", ()) if w.a <= row[4] < w.b
    ]


def _promise_kept(w: Window) -> float:
    promises = _promises(w)
    kept = sum(1 for _, promise, end in promises if end is not None and end <= promise)
    return kept / len(promises) if promises else math.nan


def _promised_days(w: Window) -> float:
    days = [(promise - start) / HOURS_PER_DAY for start, promise, _ in _promises(w)]
    return float(np.mean(days)) if days else math.nan


def _need_kept(w: Window) -> float:
    kept = count = 0
    for row in w.rows("need_date"):
        end = w.handed_over.get(row[2])
        if end is None and row[4] > w.facts["stopped_at"]:
            continue  # not yet decided
        count += 1
        kept += end is not None and end <= row[4]
    return kept / count if count else math.nan


def _days_in_shop(w: Window) -> float:
    stop = w.facts["stopped_at"]
    ends = [(w.handed_over.get(visit), start) for visit, start in w.dropped.items()]
    days = np.array([((end if end is not None else stop) - start) / HOURS_PER_DAY for end, start in ends])
    return restricted_mean(days, np.array([end is not None for end, _ in ends], dtype=bool))


def _level_share(level: int) -> Callable[[Window], float]:
    def share(w: Window) -> float:
        opened = {row[3] for row in w.rows("claim_opened")}
        levels = [row[4] for row in w.split.get("claim_settled", ()) if row[3] in opened]
        return sum(found == level for found in levels) / len(levels) if levels else math.nan

    return share


def _fleet(w: Window, *kinds: str) -> float:
    hours = w.facts["showroom"].between(w.a, w.b)
    cars = sum(w.facts[f"{kind}_cars"] for kind in kinds)
    return sum(w.car_hours[kind] for kind in kinds) / (cars * hours) if cars * hours > 0 else math.nan


def _nps(w: Window) -> float:
    scores = w.numbers("survey")
    return float(100 * ((scores >= 9).mean() - (scores <= 6).mean())) if len(scores) else math.nan


def _idle_for_parts(w: Window) -> float:
    idle = sum(row[4] for row in w.rows("bay_idle") if row[5] == "parts")
    return idle / w.bay_capacity if w.bay_capacity > 0 else math.nan


def _trust(pair: str) -> Callable[[Window], float]:
    def level(w: Window) -> float:
        values = [row[4] for row in w.rows("trust") if row[3] == pair]
        return float(np.mean(values)) if values else math.nan

    return level


def _urgent_days(w: Window) -> float:
    """From the urgent request to the part; a part that has not come when the run stops is censored."""
    there = {(row[2], row[3]): row[0] for row in w.split.get("line_arrived", ())}
    asked = [(row[0], there.get((row[2], row[3]))) for row in w.rows("urgent_asked")]
    days = np.array([((end if end is not None else w.facts["stopped_at"]) - start) / 24 for start, end in asked])
    return restricted_mean(days, np.array([end is not None for _, end in asked], dtype=bool))


def _late_because_of(*causes: str) -> Callable[[Window], float]:
    """Broken promises of a cause, over promises in the window."""

    def share(w: Window) -> float:
        why = {row[2]: row[5] for row in w.split.get("handed_over", ())}
        why |= {row[2]: row[5] for row in w.split.get("promise_passed", ()) if row[2] not in why}
        visits = [row[2] for row in w.split.get("dropped_off", ()) if w.a <= row[4] < w.b]
        return sum(why.get(visit, "") in causes for visit in visits) / len(visits) if visits else math.nan

    return share


def _collaboration(w: Window) -> float:
    """How the departments see one another, 0 to 100: promises kept, blame, and hours lost, a third each.

    Kept: part lines on the shelf when due, and loans granted, over all of both. Blame: 2 to the minus disputes per 20
    visits. Hours: 2 to the minus days that a dispute stays open, by the week. A definition, not a survey.
    """
    asked = [row[4] for row in w.rows("line_due")] + [row[5] == "granted" for row in w.rows("loaner_asked")]
    if not asked or not w.dropped:
        return math.nan
    blame = 2.0 ** (-20 * len(w.rows("claim_opened")) / len(w.dropped))
    days = restricted_mean(*w.claims[:2], CONFLICT_CAP_DAYS) if len(w.claims[0]) else 0.0
    return 100 * (float(np.mean(asked)) + blame + 2.0 ** (-days / 7)) / 3


def _cases(event: str, value: Callable[[Window, Row], float]) -> Callable[[Window], float]:
    """Mean over the pinned customers dropped off in the window; nan without any."""

    def mean(w: Window) -> float:
        numbers = set(w.facts.get("cases", {}).values())
        found = {row[2]: value(w, row) for row in w.split.get(event, ()) if row[2] in numbers and row[2] in w.dropped}
        return float(np.mean(list(found.values()))) if found else math.nan

    return mean


def _case_goodwill(w: Window) -> float:
    """Goodwill paid to pinned customers, each; nan without any."""
    numbers = [n for n in w.facts.get("cases", {}).values() if n in w.dropped]
    paid = sum(row[4] for row in w.split.get("goodwill", ()) if row[2] in numbers)
    return paid / len(numbers) if numbers else math.nan


def _referral_conversion(w: Window) -> float:
    leads = _count("lead", "referral")(w)
    return _count("deal", "referral")(w) / leads if leads else math.nan


def _meeting_hours(w: Window) -> float:
    """Hours of people in meetings on the clock; quarrels' own meetings are not among them."""
    return float(w.numbers("meeting_hours").sum())


def _mean(event: str) -> Callable[[Window], float]:
    def mean(w: Window) -> float:
        numbers = w.numbers(event)
        return float(numbers.mean()) if len(numbers) else math.nan

    return mean


def _count(event: str, note: str | None = None) -> Callable[[Window], float]:
    def count(w: Window) -> float:
        return float(sum(1 for row in w.rows(event) if note is None or row[5] == note))

    return count


def _cost(w: Window) -> float:
    total = 0.0
    for row in w.rows("money"):
        total += (row[3] in COSTS) * row[4] - (row[5] in COSTS) * row[4]
    return total


def _conversion(w: Window) -> float:
    done = _count("test_drive_asked", "granted")(w)
    return _count("deal", "test_drive")(w) / done if done else math.nan


def _present_value(w: Window) -> float:
    first, last = ((time - w.facts["switch_at"]) / HOURS_PER_WEEK for time in (w.a, w.b))
    flows = weekly_flows(w.log, round(last - first), round(first))
    return present_value(flows, w.facts["finance"], round(first))


_DEFINITIONS: list[tuple[str, str, str, Callable[[Window], float]]] = [
    ("shortage_rate", "share", "lower", _shortage),
    ("job_shortage", "share", "lower", _job_shortage),
    ("start_moved_days", "days", "lower", _start_moved),
    ("parts_turnover", "per year", "higher", _turnover),
    ("dead_stock_share", "share", "lower", _dead_share),
    ("shelf_value_yuan", "yuan", "lower", lambda w: _shelf(w, "all")),
    ("promise_kept", "share", "higher", _promise_kept),
    ("promised_days", "days", "lower", _promised_days),
    ("need_date_kept", "share", "higher", _need_kept),
    ("days_in_shop", "days", "lower", _days_in_shop),
    ("conflict_days_mean", "days", "lower", lambda w: restricted_mean(*w.claims[:2], CONFLICT_CAP_DAYS)),
    ("conflict_days_p90", "days", "lower", lambda w: quantile(*w.claims[:2], 0.9)),
    ("conflict_working_days_mean", "days", "lower", lambda w: restricted_mean(w.claims[2], w.claims[1], 40)),
    ("conflicts_opened", "count", "lower", _count("claim_opened")),
    ("conflict_level_1_share", "share", "neither", _level_share(1)),
    ("conflict_level_2_share", "share", "neither", _level_share(2)),
    ("conflict_level_3_share", "share", "neither", _level_share(3)),
    ("fleet_utilisation", "share", "higher", lambda w: _fleet(w, "demo", "backup")),
    ("fleet_utilisation_demo_only", "share", "higher", lambda w: _fleet(w, "demo")),
    ("loaner_fulfilment", "share", "higher", lambda w: w.share("loaner_asked", "granted")),
    ("loaners_asked", "count", "neither", _count("loaner_asked")),
    ("test_drive_fulfilment", "share", "higher", lambda w: w.share("test_drive_asked", "granted")),
    ("bay_utilisation", "share", "neither", lambda w: w.bay_hours / w.bay_capacity if w.bay_capacity else math.nan),
    ("bay_idle_for_parts", "share", "lower", _idle_for_parts),
    ("bay_wait_hours", "hours", "lower", _mean("bay_taken")),
    ("nps", "points", "higher", _nps),
    ("survey_answers", "count", "neither", _count("survey")),
    ("goodwill_yuan", "yuan", "lower", lambda w: float(w.numbers("goodwill").sum())),
    ("churned_customers", "count", "lower", _count("churned")),
    ("leads", "count", "higher", _count("lead")),
    ("referral_leads", "count", "higher", _count("lead", "referral")),
    ("event_leads", "count", "higher", _count("lead", "event")),
    ("referral_conversion", "share", "higher", _referral_conversion),
    ("deals", "count", "higher", _count("deal")),
    ("won_back", "count", "higher", _count("won_back")),
    ("test_drives_lost", "count", "lower", _count("test_drive_asked", "lost")),
    ("urgent_part_days", "days", "lower", _urgent_days),
    ("late_for_parts_or_bay", "share", "lower", _late_because_of("parts", "bay", "dispute")),
    ("late_for_ability", "share", "lower", _late_because_of("support", "rework")),
    ("case_promised_days", "days", "lower", _cases("dropped_off", lambda w, row: (row[4] - row[0]) / HOURS_PER_DAY)),
    ("case_days", "days", "lower", _cases("handed_over", lambda w, row: (row[0] - w.dropped[row[2]]) / HOURS_PER_DAY)),
    ("case_score", "mark", "higher", _cases("experience", lambda w, row: min(max(round(row[4]), 0), 10))),
    ("case_goodwill_yuan", "yuan", "lower", _case_goodwill),
    ("collaboration_index", "points", "higher", _collaboration),
    ("meeting_hours", "hours", "neither", _meeting_hours),
    ("test_drive_conversion", "share", "higher", _conversion),
    ("support_answer_hours", "hours", "lower", _mean("ticket")),
    ("support_solved_share", "share", "higher", lambda w: w.share("ticket", "solved")),
    ("trust_service_parts", "score", "higher", _trust("parts-service")),
    ("trust_service_sales", "score", "higher", _trust("sales-service")),
    (
        "sister_shortage_rate",
        "share",
        "lower",
        lambda w: 1 - _mean("sister_line")(w),
    ),
    ("total_cost_yuan", "yuan", "lower", _cost),
    ("present_value_yuan", "yuan", "higher", _present_value),
    ("visits", "count", "neither", _count("dropped_off")),
]

METRICS: dict[str, Metric] = {
    name: Metric(name, unit, better)  # type: ignore[arg-type]
    for name, unit, better, _ in _DEFINITIONS
}
"""All metrics in the order of the table."""


def windows(weeks: int) -> dict[str, tuple[float, float]]:
    """The windows measured, in weeks from the end of the warm-up.

    The first and second quarter stand apart because hoarded stock cannot run off within 13 weeks.
    """
    found = {"all": (0.0, float(weeks))}
    if weeks >= 26:
        found |= {"first_13_weeks": (0.0, 13.0), "second_13_weeks": (13.0, 26.0)}
    return found


def measure(log: Log, from_week: float, to_week: float) -> dict[str, float]:
    """Every metric over the weeks [from_week, to_week) after the policies started; nan where nothing happened."""
    start = log.facts["switch_at"]
    window = Window(log, log.by_event(), start + from_week * HOURS_PER_WEEK, start + to_week * HOURS_PER_WEEK)
    return {name: function(window) for name, _, _, function in _DEFINITIONS}
