"""One customer's story in several worlds, read from finished logs: what happened when, who waited, what it cost."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.ledger import COSTS
from sim.log import Log, Row

TOLD = (
    "booked", "dropped_off", "line_due", "front_desk_told", "urgent_asked", "transfer", "line_arrived", "went_home",
    "came_back", "bay_taken", "bay_left", "ticket", "rework", "promise_passed", "loaner_asked", "claim_opened",
    "claim_met", "claim_raised", "claim_settled", "ready", "handed_over", "goodwill", "survey", "experience", "churned",
    "referred", "asked_for_friend", "gift",
)  # fmt: skip
"""Events worth telling, all of them about one visit."""
WAITS = {
    "parts": ("line_due", "line_arrived"),
    "home": ("went_home", "came_back"),
    "bay": ("bay_taken", "bay_left"),
    "dispute": ("claim_opened", "claim_settled"),
}
"""What lasts: the event that begins it and the one that ends it."""


@dataclass(frozen=True)
class Moment:
    """Something that happened to the customer."""

    day: float
    """Days since the drop-off; negative before it."""
    clock: float
    """Hours since the start of the run."""
    event: str
    item: str
    number: float
    note: str


@dataclass(frozen=True)
class Told:
    """The story under one policy."""

    policy: str
    customer: int
    dropped_off_at: float
    moments: tuple[Moment, ...]
    spans: tuple[tuple[str, float, float], ...]
    """(what, from day, to day) of everything that lasted."""
    promised_day: float
    """Day of the first date told, since the drop-off."""
    handed_over_day: float
    """nan if the car was not handed over."""
    score: float
    """0 to 10, nan if he never got his car back."""
    goodwill_yuan: float
    cost_yuan: float
    """What the visit cost beyond the work itself, yuan."""
    rows: tuple[Row, ...]
    """The log lines behind it."""


def find(log: Log, customer: int | None, case: str | None) -> int:
    """Number of the customer: as asked, or that of a pinned case.

    Raises:
        KeyError: nobody of that number or name came.
    """
    number = customer if case is None else log.facts.get("cases", {}).get(case)
    if number is None or not any(row[2] == number for row in log.by_event().get("dropped_off", ())):
        raise KeyError(customer if case is None else case)
    return number


def tell(log: Log, policy: str, customer: int) -> Told:
    """The story of one customer."""
    claims = {row[3] for row in log.by_event().get("claim_opened", ()) if row[2] == customer}
    rows = tuple(
        row
        for row in log.rows
        if (row[2] == customer and row[1] not in ("test_drive_asked", "car_blocked") and row[5] != "test_drive")
        or (row[1].startswith("claim") and row[3] in claims)
    )
    start = next((row[0] for row in rows if row[1] == "dropped_off"), rows[0][0])
    moments = tuple(
        Moment((row[0] - start) / 24, row[0], row[1], row[3], row[4], row[5]) for row in rows if _is_told(row)
    )
    of = {row[1]: row for row in rows}
    handed = of["handed_over"][0] if "handed_over" in of else np.nan
    score = min(max(round(of["experience"][4]), 0), 10) if "experience" in of else np.nan
    return Told(
        policy, customer, start, moments, _spans(moments),
        (of["dropped_off"][4] - start) / 24 if "dropped_off" in of else np.nan, (handed - start) / 24, float(score),
        sum(row[4] for row in rows if row[1] == "goodwill"),
        sum(row[4] for row in rows if row[1] == "money" and row[3] in COSTS), rows,
    )  # fmt: skip


def _is_told(row: Row) -> bool:
    return row[1] in TOLD and not (row[1] == "line_due" and row[4] == 1)


def _spans(moments: Sequence[Moment]) -> tuple[tuple[str, float, float], ...]:
    """What lasted, each beginning with its own end: the next one of the same thing."""
    found = []
    last = moments[-1].day if moments else 0.0
    for what, (begin, end) in WAITS.items():
        ends = [m for m in moments if m.event == end]
        for moment in moments:
            if moment.event != begin:
                continue
            key = moment.item if what in ("parts", "dispute") else ""
            match = next((m for m in ends if m.day >= moment.day and (not key or m.item == key)), None)
            if match is not None:
                ends.remove(match)
            found.append((what, moment.day, match.day if match is not None else last))
    return tuple(found)


def percentile(values: np.ndarray, own: float) -> float:
    """Share of values below ``own``, half of those equal to it (mid-rank); nan if there are none."""
    known = values[~np.isnan(values)]
    if not len(known) or np.isnan(own):
        return float("nan")
    return float(((known < own).sum() + 0.5 * (known == own).sum()) / len(known))
