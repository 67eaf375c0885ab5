"""What the random scenarios found, each as a small case that stays."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from sim.centre import Centre
from sim.departments.disputes import SHORTEST_GAP_HOURS
from sim.distributions import Distribution
from sim.problems import Problems
from tests import invariants
from tests.laws.pathwise import textbook
from tests.small import article, with_policy

TINY = {"study.warmup_weeks": 1, "study.weeks": 3, "study.run_on_weeks": 1}
LOST: dict[str, Any] = {
    "parts.control": {"high": 1, "when_short": "lost"},
    "fleet.wants_loaner_share": 1.0,
    "fleet.dedicated_loaners": 50,
}


def sound(mechanisms: list[str], changes: dict[str, Any]) -> Centre:
    """A centre that has run, and in which every law of conservation holds."""
    centre = invariants.finished(Centre(with_policy(mechanisms, TINY | changes), "tested", 8, 0))
    invariants.hold(centre)
    return centre


@pytest.mark.parametrize("mechanisms", [[], ["bay_reservation"]])
def test_who_leaves_for_want_of_a_part_leaves_parts_loaner_and_bay_behind(mechanisms: list[str]) -> None:
    centre = sound(mechanisms, LOST)
    left = {row[2] for row in centre.log.rows if row[1] == "left" and row[3] == "visit"}
    lent = {row[2] for row in centre.log.rows if row[1] == "car_out" and row[5] == "loan"}
    assert left & lent, "nobody with a loaner left"
    assert any(len(visit.lines) > 1 for visit in centre.visits if visit.number in left)


def test_where_the_short_are_lost_nobody_waits_for_a_part_under_any_mechanism() -> None:
    """A reservation keeps a car off the bay until its parts are there; a lost line never comes."""
    centre = sound(["bay_reservation"], LOST)
    assert not any(row[1] in ("went_home", "start_moved") for row in centre.log.rows)


def test_a_loan_promised_ahead_does_not_block_test_drives_after_the_customer_came_without_it() -> None:
    """A call at night counts a longer stay than the drop-off in the morning does."""
    at_any_hour = {"shape": "exponential", "mean": 1.5}
    sound(["shared_fleet"], {"arrivals.interarrival_hours": at_any_hour, "fleet.wants_loaner_share": 1.0})


def test_sisters_without_customers_have_none() -> None:
    centre = sound(["emergency_transfer"], {"sisters.lines_per_day": 0.0})
    assert len(centre.sisters) == 2
    assert not any(row[1] == "sister_line" for row in centre.log.rows)


def test_a_law_with_next_to_no_spread_is_its_mean() -> None:
    for cv in (0.0, 1e-300, 1e-12, 1e-7):
        for shape in ("gamma", "lognormal"):
            found = Distribution(shape=shape, mean=3.0, cv=cv).inverse(np.linspace(0.01, 0.99, 9))
            assert found == pytest.approx(3.0, rel=1e-5)


def test_a_promise_beyond_the_last_opening_day_is_no_traceback() -> None:
    """Sixty working days of a desk that opens once a week end beyond the calendar: never, which is no hour."""
    once_a_week = {"calendars.service": {"days": ["thu"], "public_holidays": "closed"}, "jobs.body.promise_days": 60,
                   "fleet.wants_loaner_share": 1.0, "fleet.demo_cars": 30}  # fmt: skip
    centre = sound(["shared_fleet"], once_a_week)
    assert any(row[1] == "loaner_asked" for row in centre.log.rows)


@pytest.mark.parametrize("policy", ["R_Q", "r_nQ"])
def test_a_part_dropped_from_stock_is_no_traceback_under_lots(policy: str) -> None:
    control = {"policy": policy, "low": 0, "high": 2, "review": "daily"}
    long = {"study.weeks": 4, "parts.control": control, "mechanisms.give_first.history_weeks": 1}
    centre = sound(["give_first"], long)
    assert 0 in centre.parts.levels


def test_two_meetings_on_a_claim_are_a_minute_apart_even_if_their_law_says_none() -> None:
    often = {"disputes.meeting_gap_hours": {"shape": "poisson", "mean": 0.25}, "disputes.meeting_settles_share": 0.0}
    centre = sound([], {**often, "disputes.patience_hours": {"mean": 2}})
    met: dict[tuple[str, float], list[float]] = {}
    for time, event, _, claim, level, _ in centre.log.rows:
        if event == "claim_met":
            met.setdefault((claim, level), []).append(time)
    gaps = [b - a for times in met.values() for a, b in pairwise(times)]
    assert gaps and min(gaps) > SHORTEST_GAP_HOURS - 1e-9


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"study.weeks.x": 1}, "study.weeks.x"),
        ({"study.baseline": ["a"]}, "study.baseline"),
        ({"policies.x": {"mechanisms": 5, "settings": {"stock_board": {}}}}, "policies.x.mechanisms"),
        (
            {"mechanisms": 5, "policies.x": {"mechanisms": ["stock_board"], "settings": {"stock_board": {}}}},
            "mechanisms",
        ),
        ({"workshop.bays.body": None}, "workshop.bays.body"),
        ({"mechanisms.give_first.gift_every_weeks": 1e-9}, "mechanisms.give_first"),
    ],
)
def test_a_value_of_the_wrong_shape_is_no_traceback(changes: dict[str, Any], key: str) -> None:
    with pytest.raises(Problems) as found:
        article().changed(changes)
    assert key in [problem.key for problem in found.value.problems]


def test_a_pinned_part_is_counted_from_the_one_most_wanted() -> None:
    case = {
        "name": "x", "week": 0, "weekday": 1, "job": "body", "work_hours": 1, "need_days": 1, "parts": [{"rank": 3}],
    }  # fmt: skip
    centre = Centre(article().changed({"arrivals.pinned": [case]}), "ad_hoc", 1, 0)
    (visit,) = [visit for visit in centre.visits if visit.case]
    begin, end = centre.catalogue.members["body"]
    more_wanted = centre.catalogue.weight[begin:end] > centre.catalogue.weight[visit.lines[0].sku]
    assert more_wanted.sum() == 2


def test_the_textbook_scenarios_keep_every_law() -> None:
    for name in ("queue", "base_stock", "advance_demand", "erlang_b"):
        scenario = textbook(name).changed({"study.weeks": 2})
        invariants.hold(invariants.finished(Centre(scenario, "ad_hoc", 1, 0)))
