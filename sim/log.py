"""The event log: fixed vocabulary, fixed columns, write-only. The model never averages; metrics read this.

One row: (time, event, visit, item, number, note)
    time    hours since the start of the run
    event   a word of VOCABULARY
    visit   number of the visit or test drive the row is about, -1 if none
    item    what else it is about: a stock-keeping unit, a claim, a car, a pool, an account
    number  a quantity with the unit VOCABULARY gives
    note    a second word (a cause, a kind, a level)
"""

import csv
import gzip
import io
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

VOCABULARY: dict[str, str] = {
    "booked": "a visit is accepted; number = planned start [h], note = job type",
    "dropped_off": "the car is handed in; number = promise made [h], note = job type",
    "need_date": "the date the customer needs the car; number = [h]",
    "bay_taken": "item = bay kind; number = hours in the queue for it",
    "bay_left": "item = bay kind; number = open hours held",
    "bay_idle": "a bay held without work; item = bay kind; number = open hours; note = cause",
    "bay_mended": "a bay that broke down is in order again; item = bay kind; number = hours it was out of order",
    "line_due": "an order line at planned start; item = SKU; number = 1 if on the shelf and free; note = when known",
    "put_back": "a part taken for a job that is not done goes back on the shelf; item = SKU; number = units",
    "line_used": "parts used; item = SKU; number = yuan at cost",
    "line_arrived": "a missing line is there; item = SKU; number = hours since it was due",
    "start_moved": "the work's start moved because of parts; number = days",
    "front_desk_told": "the front desk learns of a missing line; number = hours after parts knew",
    "went_home": "a drivable car leaves to wait for its part",
    "came_back": "and returns",
    "promise_passed": "the promise passes unmet; note = cause",
    "ready": "the work is done",
    "handed_over": "number = 1 if by the promise; note = cause of lateness",
    "left": "a visit or a lead lost; item = visit | lead; note = lost to what",
    "survey": "an answered survey; number = score 0-10",
    "experience": "the score a customer would give, answered or not; number = score before rounding",
    "goodwill": "goodwill paid; number = yuan",
    "churned": "a customer leaves for another shop; note = cause",
    "referred": "a customer brings a lead",
    "rework": "the work has to be done again; number = hours; note = cause",
    "ordered": "a replenishment order; item = SKU; number = units; note = source",
    "received": "item = SKU; number = units; note = source",
    "stock_value": "number = yuan on the shelf; item = all | dead",
    "urgent_asked": "service asks parts to speed a line up; item = SKU; note = answer",
    "transfer": "a part fetched from a sister centre; item = SKU; number = yuan at cost; note = sister",
    "given_away": "parts given to a sister centre that is short; item = SKU; number = units",
    "sister_line": "a line at a sister; item = sister; number = 1 if on its shelf; note = transfer | waits | lost",
    "loaner_asked": "number = hours wanted; note = granted | refused, by what car",
    "car_out": "item = demo | backup | dedicated; number = expected hours; note = loan | test_drive",
    "car_in": "item = kind of car; number = showroom hours in use; note = loan | test_drive",
    "car_cleaned": "item = kind of car; number = hours",
    "car_blocked": "a car stands still while two departments argue; number = hours",
    "test_drive_asked": "number = hours wanted; note = granted | lost",
    "lead": "note = test_drive | referral | event",
    "deal": "note = where the lead came from",
    "ticket": "a question to technical support; number = working hours until the answer; note = solved | unsolved",
    "claim_opened": "item = claim; number = yuan at stake; note = kind",
    "claim_met": "a meeting on a claim; item = claim; number = level",
    "claim_raised": "a claim goes up; item = claim; number = new level; note = why",
    "claim_settled": "item = claim; number = level that settled it",
    "claim_remedied": "what was settled is carried out; item = claim",
    "trust": "item = pair of departments; number = trust 0-1; weekly",
    "money": "item = account debited; number = yuan; note = account credited",
    "meeting_hours": "working hours spent; item = department; note = for what",
    "sold_out": "somebody from outside buys all free units; item = SKU; number = units",
    "habit": "a habit that poisons shows; item = who-to whom; note = habit",
    "gift": "one department helps another unasked, or a customer gets a gift; number = yuan; note = what",
    "asked_for_friend": "an adviser asks a customer for a friend's name",
    "event_held": "an event for owners; number = guests",
    "lost_customer_called": "a customer lost earlier is called",
    "won_back": "and comes back",
    "programme": "a month of the satisfaction programme; number = month; note = goes on | stopped",
    "visit_open": "still in the shop when the run ends",
}


Row = tuple[float, str, int, str, float, str]


@dataclass
class Log:
    """What happened, in the order it happened, and the facts about the run that metrics need."""

    facts: dict[str, Any] = field(default_factory=dict)
    """Run facts: warm-up hours, end of the window, cars, bays, prices … (values, never results)."""
    rows: list[Row] = field(default_factory=list)
    _split: tuple[int, dict[str, list[Row]]] = field(default=(-1, {}), repr=False, compare=False)

    def write(
        self, time: float, event: str, visit: int = -1, item: str = "", number: float = 0.0, note: str = ""
    ) -> None:
        """Add a row. An event outside VOCABULARY is refused when the log is read."""
        self.rows.append((time, event, visit, item, number, note))

    def by_event(self) -> dict[str, list[Row]]:
        """Rows split by event, in time order.

        Raises:
            ValueError: an event is not in VOCABULARY.
        """
        if self._split[0] != len(self.rows):
            split: dict[str, list[Row]] = defaultdict(list)
            for row in self.rows:
                split[row[1]].append(row)
            unknown = sorted(set(split) - set(VOCABULARY))
            if unknown:
                raise ValueError(f"the log holds events outside its vocabulary: {unknown}")
            self._split = (len(self.rows), dict(split))
        return self._split[1]

    def in_order(self, *events: str) -> list[Row]:
        """Rows of some events as they happened, also within one instant."""
        return [row for row in self.rows if row[1] in events]

    def write_csv(self, path: str | Path) -> None:
        """Write all rows as gzipped CSV; the same log gives the same bytes."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(("time_hours", "event", "visit", "item", "number", "note"))
        for time, event, visit, item, number, note in self.rows:
            writer.writerow((f"{time:.6f}", event, visit if visit >= 0 else "", item, f"{number:.8g}", note))
        with open(path, "wb") as raw, gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as packed:
            packed.write(text.getvalue().encode("utf-8"))
