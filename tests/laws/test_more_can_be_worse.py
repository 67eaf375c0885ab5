"""Where "more is not worse" ends: counter-examples found by search, so that nobody takes them for a defect.

A test here looks through some seeds for a case in which more hurts. It is no claim about the mean: on the average more
helped in each of these, and the tests say that too where it takes no longer.
"""

from typing import Any

from sim.metrics import measure
from tests.laws.pathwise import nobody_is_worse_off, run, run_small, short, total
from tests.laws.test_more_is_not_worse import shelf

LEAD = {"mean": 5}
RANDOM_LEAD = {"shape": "gamma", "mean": 5, "cv": 0.8}


def pairs(usual: dict[str, Any], more: dict[str, Any], seeds: range, name: str = "base_stock", weeks: int = 8) -> Any:
    """Short lines in both worlds, seed by seed."""
    for seed in seeds:
        yield tuple(short(run(name, changes, weeks, seed)) for changes in (usual, more))


def both(usual: dict[str, Any], more: dict[str, Any], metric: str, seeds: range, *mechanisms: str) -> Any:
    """A metric of the article's small centre in both worlds, seed by seed."""
    for seed in seeds:
        yield tuple(
            measure(run_small(list(mechanisms), {"study.weeks": 3, **changes}, seed), 0, 3)[metric]
            for changes in (usual, more)
        )


def test_more_stock_can_raise_shortage_with_lots() -> None:
    """A larger lot, or order-up-to level, orders less often: its next order may come just too late."""
    for policy in ("s_S", "R_Q", "r_nQ"):
        found = list(pairs(shelf(policy, 0, 3, LEAD), shelf(policy, 0, 4, LEAD), range(24)))
        assert any(total(more) > total(usual) for usual, more in found), policy
        assert sum(total(more) for _, more in found) < sum(total(usual) for usual, _ in found), policy


def test_a_higher_reorder_point_alone_can_raise_shortage_under_s_s() -> None:
    """Raised by itself it changes when and how much is ordered; raised with the level it never hurts."""
    found = pairs(shelf("s_S", 0, 4, LEAD), shelf("s_S", 1, 4, LEAD), range(40))
    assert any(total(more) > total(usual) for usual, more in found)


def test_more_stock_can_lose_another_customer_where_lead_times_are_random_and_the_short_are_lost() -> None:
    """Whom it serves decides when it orders, and so whose order gets the long lead time.

    Customer by customer only: in a search of 300 seeds it lost more customers in all not once.
    """
    found = pairs(*(shelf("base_stock", 0, high, RANDOM_LEAD, when_short="lost") for high in (2, 3)), range(40))  # type: ignore[arg-type]
    assert any(not nobody_is_worse_off(more, usual) for usual, more in found)


def test_more_stock_can_lose_more_lines_where_customers_want_several_units_and_the_short_are_lost() -> None:
    """With a unit more it serves one who wants many, and then the next few go without."""
    several = {"parts.quantity": {"shape": "geometric", "mean": 2}}
    usual, more = ({**shelf("base_stock", 0, high, LEAD, when_short="lost"), **several} for high in (3, 4))
    assert any(total(b) > total(a) for a, b in pairs(usual, more, range(200), weeks=3))


def test_a_quicker_supplier_can_lose_another_customer_where_the_short_are_lost() -> None:
    """The unit back in time for one is out when the next comes; in all it loses no more."""
    found = pairs(*(shelf("base_stock", 0, 2, {"mean": days}, when_short="lost") for days in (5, 4)), range(20))  # type: ignore[arg-type]
    assert any(not nobody_is_worse_off(more, usual) for usual, more in found)


def test_more_notice_can_raise_shortage_under_daily_review_with_random_lead_times() -> None:
    """Announced earlier, a line goes into another day's order, and that order may be the slow one."""
    usual, more = (
        {**shelf("base_stock", 0, 2, RANDOM_LEAD, review="daily"), "front_desk.announce_habit_hours": hours}
        for hours in (0, 72)
    )
    assert any(total(b) > total(a) for a, b in pairs(usual, more, range(120), "advance_demand", weeks=4))


def test_more_bays_can_raise_shortage() -> None:
    """Cars come onto a bay sooner, and ask for their parts before the supplier has brought the last ones."""
    bays = [{"workshop.bays": {"mechanical": count, "body": 13}} for count in (10, 11)]
    assert any(more > usual for usual, more in both(*bays, "shortage_rate", range(8)))


def test_more_bays_can_lengthen_the_mean_wait_under_priorities() -> None:
    """Cars back with their part go first: who started sooner comes back sooner, and into somebody's way."""
    bays = [{"workshop.bays": {"mechanical": count, "body": count}} for count in (13, 14)]
    assert any(more > usual for usual, more in both(*bays, "bay_wait_hours", range(24), "bay_reservation"))


def test_more_cars_can_cost_test_drives_where_loans_share_the_fleet_and_help_is_remembered() -> None:
    """Another car makes another loan; a loan is remembered as help, so sales lends more and lacks cars itself."""
    warm = {"trust.helped_step": 0.3, "trust.broken_step": 0.02, "trust.at_start": 0.2}
    fleets = [{"fleet.demo_cars": count, **warm} for count in (2, 3)]
    assert any(more < usual for usual, more in both(*fleets, "test_drive_fulfilment", range(16)))
