"""Monotone laws that hold path by path, customer by customer, under common numbers.

Each holds for any luck, so it is tested on single replications without a tolerance but for rounding. They are laws of
plain queues, shelves and loss fleets. Where they end stands in test_more_can_be_worse.py.

Why, briefly. *Queue*: waiting times grow with work and shrink with servers in the recursion of Kiefer and Wolfowitz
(1955). *Shelf*: net stock is what was there plus orders come in less demand; under backorders every rule orders by a
position that does not know lead times, so a raised position shifts the whole path (Zipkin 2000, ch. 6), and notice or
shorter lead times only bring the n-th order earlier. *Loss*: if the larger fleet differs, it is by one car out with
somebody whom the smaller one refused; so its free cars are never fewer.
"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.laws.pathwise import nobody_is_worse_off, refused, run, short, total, waits
from tests.properties.any_scenario import law
from tests.properties.effort import fast

SEED = st.integers(0, 10_000)
CROSSING = st.booleans()
RULES = ("base_stock", "s_S", "R_Q", "r_nQ")


def shelf(policy: str, low: int, high: int, lead: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Settings of the textbook shelf: a rule, a supplier, and how demand is met."""
    rule: dict[str, Any] = {"policy": policy, "high": high, "review": "continuous"}
    if policy != "base_stock":
        rule["low"] = low
    return {"parts.control": rule | more, "parts.families.part.lead_time_days": lead}


def raised(policy: str, low: int, high: int) -> tuple[int, int]:
    """The rule with one unit more of position at all times: a lot stays a lot."""
    return (low + 1, high) if policy in ("R_Q", "r_nQ") else (low + 1, high + 1)


@fast(12)
@given(gaps=law(0.2, 1.0), work=law(0.1, 3.0), bays=st.integers(1, 5), seed=SEED)
def test_another_bay_lengthens_nobodys_wait_in_a_first_come_queue(
    gaps: dict[str, Any], work: dict[str, Any], bays: int, seed: int
) -> None:
    laws = {"arrivals.interarrival_hours": gaps | {"mean": max(gaps["mean"], 0.2)}, "jobs.any.work_hours": work}
    usual, more = (waits(run("queue", {**laws, "workshop.bays.bay": count}, 1, seed)) for count in (bays, bays + 1))
    assert nobody_is_worse_off(more, usual)


@fast(8)
@given(work=law(0.5, 3.0), bays=st.integers(1, 5), seed=SEED)
def test_quicker_work_lengthens_nobodys_wait_in_a_first_come_queue(work: dict[str, Any], bays: int, seed: int) -> None:
    quicker = work | {"mean": max(work["mean"] * 0.8, 1.0 if work["shape"] == "geometric" else 0.0)}
    usual, quick = (
        waits(run("queue", {"jobs.any.work_hours": hours, "workshop.bays.bay": bays}, 1, seed))
        for hours in (work, quicker)
    )
    assert nobody_is_worse_off(quick, usual)


@fast(20)
@given(
    policy=st.sampled_from(RULES), low=st.integers(-1, 2), lot=st.integers(1, 4), lead=law(0.5, 8.0),
    quantity=law(1.0, 2.5), review=st.sampled_from(["daily", "continuous"]), crossing=CROSSING, seed=SEED,
)  # fmt: skip
def test_a_unit_more_of_position_makes_no_line_short_under_any_rule_and_any_lead_time(
    policy: str, low: int, lot: int, lead: dict[str, Any], quantity: dict[str, Any], review: str, crossing: bool,
    seed: int,
) -> None:  # fmt: skip
    high = low + lot if policy == "s_S" else lot
    high = max(high, 0) if policy == "s_S" else high
    low = min(low, high - 1) if policy == "s_S" else low
    found = []
    for a, b in ((low, high), raised(policy, low, high)):
        settings = shelf(policy, a, b, lead, review=review, orders_may_cross=crossing)
        found.append(short(run("base_stock", {**settings, "parts.quantity": quantity}, 6, seed)))
    assert nobody_is_worse_off(found[1], found[0])


@fast(16)
@given(policy=st.sampled_from(RULES), low=st.integers(0, 2), lot=st.integers(1, 4),
       lead=law(1.5, 8.0), crossing=CROSSING, seed=SEED)  # fmt: skip
def test_a_quicker_supplier_makes_no_line_short_under_any_rule(
    policy: str, low: int, lot: int, lead: dict[str, Any], crossing: bool, seed: int
) -> None:
    high = low + lot if policy == "s_S" else lot
    quick = lead | {"mean": max(lead["mean"] * 0.7, 1.0 if lead["shape"] == "geometric" else 0.0)}
    usual, quicker = (
        short(run("base_stock", shelf(policy, low, high, days, orders_may_cross=crossing), 6, seed))
        for days in (lead, quick)
    )
    assert nobody_is_worse_off(quicker, usual)


@fast(16)
@given(policy=st.sampled_from(RULES), lead=law(0.5, 8.0), known=st.floats(0, 1), hours=st.integers(0, 140),
       crossing=CROSSING, seed=SEED)  # fmt: skip
def test_more_notice_makes_no_line_short_under_continuous_review(
    policy: str, lead: dict[str, Any], known: float, hours: int, crossing: bool, seed: int
) -> None:
    settings = shelf(policy, 0, 2, lead, orders_may_cross=crossing) | {"jobs.any.known_share": known}
    usual, earlier = (
        short(run("advance_demand", {**settings, "front_desk.announce_habit_hours": notice}, 6, seed))
        for notice in (hours, hours + 24)
    )
    assert nobody_is_worse_off(earlier, usual)


@pytest.mark.parametrize("notice", [0, 24, 72])
@pytest.mark.parametrize("seed", range(6))
def test_more_notice_makes_no_line_short_under_daily_review_with_a_constant_lead_time(notice: int, seed: int) -> None:
    settings = shelf("base_stock", 0, 2, {"mean": 5}, review="daily")
    usual, earlier = (
        short(run("advance_demand", {**settings, "front_desk.announce_habit_hours": hours}, 6, seed))
        for hours in (notice, notice + 24)
    )
    assert nobody_is_worse_off(earlier, usual)


@fast(12)
@given(gaps=law(0.3, 1.0), hours=law(0.2, 6.0), cars=st.integers(0, 8), seed=SEED)
def test_another_car_refuses_nobody_whom_the_smaller_fleet_served(
    gaps: dict[str, Any], hours: dict[str, Any], cars: int, seed: int
) -> None:
    laws = {"sales.interarrival_hours": gaps | {"mean": max(gaps["mean"], 0.3)}, "sales.drive_hours": hours}
    usual, more = (refused(run("erlang_b", {**laws, "fleet.demo_cars": count}, 1, seed)) for count in (cars, cars + 1))
    assert nobody_is_worse_off(more, usual)


@pytest.mark.parametrize("seed", range(8))
def test_a_unit_more_loses_nobody_whom_fewer_units_served_where_the_short_are_lost_one_unit_a_time(seed: int) -> None:
    """A shelf of S units, lost sales and a constant lead time is a loss fleet of S cars."""
    found = [
        short(run("base_stock", shelf("base_stock", 0, high, {"mean": 5}, when_short="lost"), 12, seed))
        for high in (1, 2, 3)
    ]
    assert nobody_is_worse_off(found[1], found[0]) and nobody_is_worse_off(found[2], found[1])


@pytest.mark.parametrize("seed", range(8))
def test_a_quicker_supplier_loses_no_more_customers_in_all_where_the_short_are_lost(seed: int) -> None:
    """Not customer by customer: see test_more_can_be_worse. Taking whoever comes first serves most of equal length."""
    found = [
        total(short(run("base_stock", shelf("base_stock", 0, 2, {"mean": days}, when_short="lost"), 12, seed)))
        for days in (6, 5, 3)
    ]
    assert found[0] >= found[1] >= found[2]


def test_each_law_is_tested_where_there_is_something_to_gain() -> None:
    """None of the above would notice if nobody ever waited, was short or was refused."""
    lead, seeds = {"mean": 5}, range(4)
    gains = {
        "bays": [total_of(waits, "queue", {"workshop.bays.bay": n}, 1, seeds) for n in (4, 5)],
        "stock": [total_of(short, "base_stock", shelf("base_stock", 0, n, lead), 12, seeds) for n in (2, 3)],
        "lead": [total_of(short, "base_stock", shelf("r_nQ", 0, 3, {"mean": d}), 12, seeds) for d in (5, 3)],
        "notice": [total_of(short, "advance_demand", shelf("base_stock", 0, 2, lead)
                            | {"front_desk.announce_habit_hours": n}, 12, seeds) for n in (0, 72)],
        "cars": [total_of(refused, "erlang_b", {"fleet.demo_cars": n}, 1, seeds) for n in (4, 5)],
    }  # fmt: skip
    for name, (usual, more) in gains.items():
        assert usual > more, name


def total_of(measure: Any, name: str, changes: dict[str, Any], weeks: int, seeds: range) -> float:
    """Waits, short lines or refusals in all, over some seeds."""
    return float(sum(sum(measure(run(name, changes, weeks, seed)).values()) for seed in seeds))
