"""Parts: none appears, none vanishes, none is taken from an empty shelf, and the daily value is what stands there."""

from collections import defaultdict

from sim.laws.found import Found, equal, equal_everywhere, not_applied
from sim.log import Log, Row
from sim.stocktaking import Counted

FOLLOWED = ("line_due", "line_used", "received", "line_arrived", "stock_value", "sold_out", "given_away",
            "put_back")  # fmt: skip
CENT = 0.01


def parts(log: Log) -> list[Found]:
    """The shelf followed row by row from the opening stock.

    Opening stock and receipts are on the shelf, with customers or sold; what customers took is used or in a car; no
    shelf is ever below zero; and each day's value is the one the stock room wrote down.
    """
    counted: Counted = log.facts["counted"]
    sisters = equal_everywhere("sisters", "units", counted.sisters)
    follow = _Shelf(counted)
    for row in log.in_order(*FOLLOWED):
        follow.see(row)
    if follow.ambiguous:
        names = (("parts", "units"), ("parts_in_cars", "units"), ("shelf", "units"), ("shelf_value", "yuan"))
        return [*(not_applied(name, unit, "mixed_lines") for name, unit in names), sisters]
    flows = {
        sku: (units + follow.received[sku], counted.shelf[sku] + follow.taken[sku] + follow.sold[sku])
        for sku, units in counted.opening.items()
    }
    hands = {
        sku: (follow.taken[sku], follow.used[sku] / counted.prices[sku] + counted.in_cars.get(sku, 0))
        for sku in counted.opening
    }
    sku, lowest = follow.lowest
    day, written, followed = follow.worst_day
    rounding = CENT + 1e-9 * abs(written)
    return [
        equal_everywhere("parts", "units", flows),
        equal_everywhere("parts_in_cars", "units", hands, rounding=1e-6),
        Found("shelf", sku if lowest < 0 else "", lowest, 0.0, 0.0, "units", ">=", lowest >= 0),
        equal("shelf_value", "yuan", written, followed, f"day {day}", rounding),
        sisters,
    ]


class _Shelf:
    """Units of every part, as the log's rows move them."""

    def __init__(self, counted: Counted) -> None:
        self._prices = counted.prices
        self._lines = counted.units
        self._units: dict[str, float] = dict(counted.opening)
        self._value = sum(units * counted.prices[sku] for sku, units in counted.opening.items())
        self._asked: dict[tuple[int, str], int] = defaultdict(int)
        self._short: dict[tuple[int, str], list[int]] = defaultdict(list)
        self.received: dict[str, float] = defaultdict(float)
        self.sold: dict[str, float] = defaultdict(float)
        self.taken: dict[str, float] = defaultdict(float)
        self.used: dict[str, float] = defaultdict(float)
        """Yuan at cost of what went into cars."""
        self.lowest: tuple[str, float] = ("", float(min(self._units.values(), default=0)))
        self.worst_day: tuple[int, float, float] = (0, 0.0, 0.0)
        """Day on which the value written down and the value followed are furthest apart."""
        self.ambiguous = False
        """Whether two short lines of one visit and part, of unlike size, waited at a time: which came is not told."""

    def see(self, row: Row) -> None:
        """Move what the row moves."""
        time, event, visit, sku, number, _ = row
        if event == "received":
            self.received[sku] += number
            self._move(sku, number)
        elif event == "line_due":
            self._due(visit, sku, on_the_shelf=number > 0)
        elif event == "line_used":
            self.used[sku] += number
        elif event == "line_arrived":
            waiting = self._short[visit, sku]
            self.ambiguous = self.ambiguous or len(set(waiting)) > 1
            self._take(sku, waiting.pop(0) if waiting else 0)
        elif event == "put_back":
            self._take(sku, -int(number))
        elif event in ("sold_out", "given_away"):
            self.sold[sku] += number
            self._move(sku, -number)
        elif sku == "all" and abs(number - self._value) >= abs(self.worst_day[1] - self.worst_day[2]):
            self.worst_day = (int(time // 24), number, self._value)

    def _due(self, visit: int, sku: str, on_the_shelf: bool) -> None:
        nth = self._asked[visit, sku]
        self._asked[visit, sku] = nth + 1
        lines = self._lines.get((visit, sku), [])
        units = lines[nth] if nth < len(lines) else 0
        if on_the_shelf:
            self._take(sku, units)
        else:
            self._short[visit, sku].append(units)

    def _take(self, sku: str, units: int) -> None:
        self.taken[sku] += units
        self._move(sku, -units)

    def _move(self, sku: str, units: float) -> None:
        self._units[sku] += units
        self._value += units * self._prices[sku]
        if self._units[sku] < self.lowest[1]:
            self.lowest = (sku, self._units[sku])
