"""Departments one by one, where the whole centre would hide what one of them does."""

import math

import pytest

from sim.centre import Centre, replicate
from sim.metrics import measure
from tests.small import article, with_policy


def test_trust_falls_when_a_head_leaves_and_only_with_that_department() -> None:
    leaving = article().changed({"trust.departures": [{"department": "parts", "week": 1}], "trust.newcomer": 0.01})
    with_it, without = Centre(leaving, "ad_hoc", 2, 0), Centre(article(), "ad_hoc", 2, 0)
    for centre in (with_it, without):
        centre.env.process(centre._customers())
        centre.env.run(until=centre.world.switch_at + 169.0)
    assert with_it.trust.between("service", "parts") < without.trust.between("service", "parts") - 0.2
    assert with_it.trust.between("service", "sales") == without.trust.between("service", "sales")


def test_the_support_queue_is_a_first_come_queue_of_many_servers() -> None:
    idle = article().changed({"support.tickets_per_centre_per_hour": 0.0})
    busy = article().changed({"support.tickets_per_centre_per_hour": 0.145})
    answers = [measure(replicate(s, "ad_hoc", 2, 0), 0, 3)["support_answer_hours"] for s in (idle, busy)]
    assert answers[0] == pytest.approx(idle.model.support.ticket_hours.mean, rel=0.5)
    assert answers[1] > answers[0]


def test_a_lost_customer_leaves_and_is_counted_with_the_cause() -> None:
    scenario = article().changed({"parts.control.when_short": "lost", "parts.control.high": 1})
    log = replicate(scenario, "ad_hoc", 2, 0)
    lost = [row for row in log.rows if row[1] == "left" and row[3] == "visit"]
    assert lost
    assert {row[5] for row in lost} == {"part not there"}
    assert not any(row[1] == "line_arrived" for row in log.rows)


def test_orders_that_may_not_cross_arrive_in_the_order_they_were_placed() -> None:
    in_order = article().changed({"parts.control.orders_may_cross": False})
    for scenario, crossing in ((in_order, False), (article(), True)):
        log = replicate(scenario, "ad_hoc", 2, 0)
        placed: dict[str, list[float]] = {}
        overtaken = 0
        for row in log.rows:
            if row[1] == "ordered":
                placed.setdefault(row[3], []).append(row[4])
            elif row[1] == "received" and row[5] == "supplier":
                queue = placed.get(row[3], [])
                overtaken += bool(queue) and queue[0] != row[4]
                if row[4] in queue:
                    queue.remove(row[4])
        assert (overtaken > 0) == crossing


def test_a_key_customers_test_drive_is_not_held_back_for_a_loan() -> None:
    from sim.mechanisms.shared_fleet import SharedFleet
    from sim.views import DriveView

    fleet = SharedFleet()
    working_morning = dict(weekday=1, hour=11, working_day=True, loans_booked=2)
    assert fleet.cars_kept_for_loans(DriveView(**working_morning, key_customer=False, habit_cars=0)) == 2
    assert fleet.cars_kept_for_loans(DriveView(**working_morning, key_customer=True, habit_cars=0)) is None
    assert fleet.cars_kept_for_loans(DriveView(5, 11, False, 2, False, 0)) is None, "weekends are sales'"


def test_each_extreme_runs_or_says_why_not() -> None:
    tiny = {"study.warmup_weeks": 0, "study.weeks": 1, "study.run_on_weeks": 0}
    nobody = with_policy([], {**tiny, "arrivals.visits_per_day": 0.0, "sales.test_drives_per_day": 0.0})
    values = measure(replicate(nobody, "ad_hoc", 1, 0), 0, 1)
    assert values["visits"] == 0
    assert math.isnan(values["shortage_rate"])
    one_bay = with_policy([], {**tiny, "workshop.bays": {"mechanical": 1, "body": 1}})
    assert measure(replicate(one_bay, "ad_hoc", 1, 0), 0, 1)["visits"] > 0
