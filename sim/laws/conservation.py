"""Nothing appears and nothing vanishes: customers, cars and money, log against stocktaking."""

import math
from collections import Counter, defaultdict

from sim.laws.found import Found, equal, equal_everywhere
from sim.log import Log
from sim.stocktaking import Counted

CENT = 0.01
"""Yuan: what is smaller has no coin."""


def customers(log: Log) -> list[Found]:
    """Whoever should have called is booked, and who is booked is handed over, lost or still there, once."""
    counted: Counted = log.facts["counted"]
    split = log.by_event()
    booked = Counter(row[2] for row in split.get("booked", ()))
    ends = Counter(row[2] for event in ("handed_over", "visit_open") for row in split.get(event, ()))
    ends.update(row[2] for row in split.get("left", ()) if row[3] == "visit")
    wrong = next((visit for visit in sorted({*booked, *ends}) if not booked[visit] == ends[visit] == 1), None)
    where = "" if wrong is None else str(wrong)
    through = equal("customers", "customers", booked.total(), ends.total(), where)
    return [
        equal("customers_come", "customers", counted.due, booked.total()),
        through._replace(holds=wrong is None),
    ]


def cars(log: Log) -> list[Found]:
    """Every car is free, out, or stands still; nobody brings back a car he did not take."""
    counted: Counted = log.facts["counted"]
    split = log.by_event()
    out = Counter(row[3] for row in split.get("car_out", ()))
    back = Counter(row[3] for row in split.get("car_in", ()))
    sides = {
        kind: (float(there), float(free + off + out[kind] - back[kind]))
        for kind, (there, free, off) in counted.cars.items()
    }
    return [equal_everywhere("cars", "cars", sides)]


def money(log: Log) -> list[Found]:
    """The books agree with the log, sum to zero, and the stock account is what stands on shelves and in cars."""
    counted: Counted = log.facts["counted"]
    written: dict[str, float] = defaultdict(float)
    turnover = 0.0
    for row in log.by_event().get("money", ()):
        written[row[3]] += row[4]
        written[row[5]] -= row[4]
        turnover += abs(row[4])
    books = counted.balances
    sides = {account: (books.get(account, 0.0), written.get(account, 0.0)) for account in {*books, *written}}
    stock = sum(
        (counted.shelf[sku] - units + counted.in_cars.get(sku, 0)) * counted.prices[sku]
        for sku, units in counted.opening.items()
    )
    rounding = CENT + 1e-12 * turnover
    accounts = equal_everywhere("money", "yuan", dict(sorted(sides.items())), rounding)
    if accounts.holds:  # all accounts together are 0 by double entry; what stands on the debit side says more
        lhs, rhs = (math.fsum(max(pair[side], 0.0) for pair in sides.values()) for side in (0, 1))
        accounts = accounts._replace(lhs=lhs, rhs=rhs)
    return [
        accounts,
        equal("money_zero", "yuan", sum(books.values()), 0.0, rounding=rounding),
        equal("money_stock", "yuan", books.get("inventory", 0.0), stock, rounding=rounding),
    ]
