"""What holds in any finished run of any scenario: nothing appears, vanishes, or is used twice; time runs forward.

Each function takes a centre that has run and raises AssertionError with the place where it does not hold.
"""

import math
from collections import Counter

import pytest

from sim.centre import Centre
from sim.ledger import COSTS, OTHERS
from sim.log import VOCABULARY
from sim.metrics import METRICS, measure

MAY_BE_NEVER = {"booked", "dropped_off", "need_date", "loaner_asked", "car_out", "ticket"}
"""Events whose number is a time ahead; infinity where a calendar does not open again."""


def finished(centre: Centre) -> Centre:
    """The centre after its run, with the stock it began with."""
    centre.opening = [stock.on_shelf for stock in centre.parts.stocks]  # type: ignore[attr-defined]
    centre.run()
    return centre


def time_runs_forward(centre: Centre) -> None:
    """Rows are in the order of time, all inside the run."""
    times = [row[0] for row in centre.log.rows]
    assert times == sorted(times)
    assert not times or (times[0] >= 0 and times[-1] <= centre.last)


def every_row_is_sound(centre: Centre) -> None:
    """Known events only, and a number in every row; infinity only where a time ahead may be never."""
    for row in centre.log.rows:
        assert row[1] in VOCABULARY, row
        assert math.isfinite(row[4]) or (row[4] == math.inf and row[1] in MAY_BE_NEVER), row


def every_customer_is_accounted_for(centre: Centre) -> None:
    """Handed over, lost, or still there."""
    count = Counter(row[1] for row in centre.log.rows)
    lost = sum(1 for row in centre.log.rows if row[1] == "left" and row[3] == "visit")
    assert count["booked"] == count["handed_over"] + lost + count["visit_open"]


def who_left_holds_nothing_of_ours(centre: Centre) -> None:
    """A customer who went elsewhere has neither a part that was not fitted nor a loaner."""
    gone = {row[2] for row in centre.log.rows if row[1] == "left" and row[3] == "visit"}
    for visit in centre.visits:
        if visit.number in gone:
            assert not any(line.in_hand and not line.used for line in visit.lines), visit
    out = Counter(row[2] for row in centre.log.rows if row[1] == "car_out" and row[5] == "loan")
    back = Counter(row[2] for row in centre.log.rows if row[1] == "car_in" and row[5] == "loan")
    assert all(out[number] == back[number] for number in gone)


def every_part_is_accounted_for(centre: Centre) -> None:
    """What was there and what came in is on the shelf, in a car, or sold over the counter; no stock is negative."""
    names = centre.catalogue.names
    received: Counter[str] = Counter()
    sold: Counter[str] = Counter()
    for row in centre.log.rows:
        if row[1] == "received":
            received[row[3]] += int(row[4])
        elif row[1] == "sold_out":
            sold[row[3]] += int(row[4])
    taken: Counter[str] = Counter()
    for visit in centre.visits:
        for line in visit.lines:
            assert line.in_hand or not line.used, line
            taken[names[line.sku]] += line.quantity * line.in_hand
    for name, stock, opening in zip(names, centre.parts.stocks, centre.opening, strict=True):  # type: ignore[attr-defined]
        assert min(stock.on_hand, stock.put_by, stock.announced, stock.on_order) >= 0, name
        assert opening + received[name] == stock.on_shelf + taken[name] + sold[name], name


def nobody_waits_beside_a_part_that_would_do(centre: Centre) -> None:
    """Whoever waits longest for a part waits because there are too few of it."""
    for stock in centre.parts.stocks:
        assert not stock.waiting or stock.on_hand < stock.waiting[0][0]


def sisters_order_what_they_give(centre: Centre) -> None:
    """A sister's position stays at its level, and its shelf is never below empty."""
    for sister in centre.sisters:
        assert [stock.position for stock in sister.stocks] == sister.levels
        assert all(stock.on_hand >= 0 for stock in sister.stocks)


def every_car_is_accounted_for(centre: Centre) -> None:
    """Free, out, being cleaned or argued over; never more out than there are."""
    out: Counter[str] = Counter()
    facts, fleet = centre.log.facts, centre.fleet
    cars = {"demo": facts["demo_cars"], "backup": facts["backup_cars"]}
    for row in centre.log.rows:
        if row[1] in ("car_out", "car_in"):
            out[row[3]] += 1 if row[1] == "car_out" else -1
            assert 0 <= out[row[3]] <= cars.get(row[3], math.inf), row
    cars["dedicated"] = fleet.settings.dedicated_loaners + fleet.rented
    for kind, there in cars.items():
        free, off = fleet.free[kind], fleet.off[kind]  # type: ignore[index]
        assert free >= 0 and off >= 0, kind
        assert free + off + out[kind] == there, kind


def no_car_is_kept_for_somebody_who_came_without_it(centre: Centre) -> None:
    """A loan promised ahead ends with the drop-off, whether the car was taken or not."""
    dropped = {row[2] for row in centre.log.rows if row[1] == "dropped_off"}
    assert not dropped & set(centre.fleet._booked_loans)


def no_bay_is_used_twice(centre: Centre) -> None:
    """Never more cars on bays than there are bays, and what is taken and not left is in use."""
    held: Counter[str] = Counter()
    bays = centre.log.facts["bays"]
    for row in centre.log.rows:
        if row[1] in ("bay_taken", "bay_left"):
            held[row[3]] += 1 if row[1] == "bay_taken" else -1
            assert 0 <= held[row[3]] <= bays[row[3]], row
    for kind, pool in centre.workshop.bays.items():
        assert pool.capacity - pool.free == held[kind], kind
        assert not (pool.waiting and pool.free), kind


def the_ledger_balances(centre: Centre) -> None:
    """Every yuan left an account and entered another; the stock account is the stock."""
    balances = centre.world.ledger.balances
    turned_over = sum(row[4] for row in centre.log.rows if row[1] == "money")
    assert set(balances) <= set(COSTS) | set(OTHERS)
    assert sum(balances.values()) == pytest.approx(0, abs=1e-9 * turned_over + 1e-6)
    price = centre.catalogue.price
    bought = sum((stock.on_shelf - opening) * price[sku]
                 for sku, (stock, opening) in enumerate(zip(centre.parts.stocks, centre.opening, strict=True)))  # type: ignore[attr-defined]  # fmt: skip
    in_cars = sum(price[line.sku] * line.quantity
                  for visit in centre.visits for line in visit.lines if line.in_hand and not line.used)  # fmt: skip
    assert balances["inventory"] == pytest.approx(bought + in_cars, rel=1e-9, abs=1e-9 * turned_over + 1e-6)


def trust_stays_between_none_and_full(centre: Centre) -> None:
    """Trust of every pair is 0 to 1."""
    assert all(0 <= value <= 1 for value in centre.trust._value.values())


COUNTED = {name for name, metric in METRICS.items() if metric.unit == "count"} | {
    "goodwill_yuan", "meeting_hours", "total_cost_yuan", "present_value_yuan",
}  # fmt: skip
"""Metrics that are a number whatever happened: nothing counted is 0."""
NEEDS = {
    "shortage_rate": "line_due", "job_shortage": "line_due", "loaner_fulfilment": "loaner_asked",
    "test_drive_fulfilment": "test_drive_asked", "test_drive_conversion": "test_drive_asked", "nps": "survey",
    "support_answer_hours": "ticket", "support_solved_share": "ticket", "bay_wait_hours": "bay_taken",
    "conflict_days_mean": "claim_opened", "days_in_shop": "dropped_off", "sister_shortage_rate": "sister_line",
    "urgent_part_days": "urgent_asked", "trust_service_parts": "trust", "shelf_value_yuan": "stock_value",
}  # fmt: skip
"""Metrics that are a number as soon as this happened in the window."""
NEEDS_MORE = {"test_drive_conversion"}
"""And only if it happened in a certain way."""


def every_promised_metric_is_a_number(centre: Centre) -> None:
    """Counts always; a mean as soon as there is something to average; shares within 0 and 1."""
    log, weeks = centre.log, (centre.ends_at - centre.world.switch_at) / 168
    found = measure(log, 0, weeks)
    inside = {row[1] for row in log.rows if centre.world.switch_at <= row[0] < centre.ends_at}
    for name, value in found.items():
        assert not math.isinf(value), name
        if name in COUNTED or (NEEDS.get(name) in inside and name not in NEEDS_MORE):
            assert not math.isnan(value), name
        if METRICS[name].unit == "share" and not math.isnan(value):
            assert -1e-9 <= value <= 1 + 1e-9, (name, value)


ALL = (
    time_runs_forward, every_row_is_sound, every_customer_is_accounted_for, who_left_holds_nothing_of_ours,
    every_part_is_accounted_for, nobody_waits_beside_a_part_that_would_do, sisters_order_what_they_give,
    every_car_is_accounted_for, no_car_is_kept_for_somebody_who_came_without_it, no_bay_is_used_twice,
    the_ledger_balances, trust_stays_between_none_and_full, every_promised_metric_is_a_number,
)  # fmt: skip
"""All of them."""


def hold(centre: Centre) -> None:
    """All of them hold."""
    for invariant in ALL:
        invariant(centre)
