"""The chain behind an effect: change a rule and the result moves for its reason; take the reason away: nothing."""

from typing import Any

from sim.centre import replicate
from sim.metrics import measure
from tests.small import with_policy


def outcome(mechanisms: list[str], changes: dict[str, Any], weeks: int = 6) -> dict[str, float]:
    scenario = with_policy(mechanisms, {"study.weeks": weeks, **changes})
    return measure(replicate(scenario, "tested", 21, 0), 0, weeks)


def test_a_colour_brings_no_part_the_board_alone_leaves_shortage_nearly_where_it_was() -> None:
    board, nothing = outcome(["stock_board"], {}), outcome([], {})
    assert abs(board["shortage_rate"] - nothing["shortage_rate"]) < 0.01
    assert board["promised_days"] > nothing["promised_days"]
    assert board["promise_kept"] > nothing["promise_kept"]


def test_notice_alone_lowers_shortage_and_raises_the_shelf_at_unchanged_levels() -> None:
    only_notice = {"mechanisms.joint_forecast": {"history_weeks": 0, "stops_over_reserving": False}}
    notice, nothing = outcome(["joint_forecast"], only_notice), outcome([], {})
    assert notice["shortage_rate"] < nothing["shortage_rate"]
    assert notice["shelf_value_yuan"] > nothing["shelf_value_yuan"]
    assert notice["parts_turnover"] < nothing["parts_turnover"]


def test_when_all_walk_in_notice_does_nothing() -> None:
    only_notice = {"mechanisms.joint_forecast": {"history_weeks": 0, "stops_over_reserving": False}}
    walk_ins = {"arrivals.booked_share": 0.0}
    with_it = outcome(["joint_forecast"], {**only_notice, **walk_ins}, weeks=3)
    assert with_it["shortage_rate"] == outcome([], walk_ins, weeks=3)["shortage_rate"]


def test_a_transfer_takes_the_part_from_somebody() -> None:
    eager = {"front_desk.urgent_share": 1.0, "sisters.target_share": 0.85}
    with_it, without = outcome(["emergency_transfer"], eager), outcome([], eager)
    assert with_it["sister_shortage_rate"] > without["sister_shortage_rate"]
    assert with_it["shortage_rate"] > 0.5 * without["shortage_rate"], "a transfer that comes later undoes no shortage"


def test_without_sisters_there_is_nothing_to_transfer() -> None:
    alone = {"sisters.centres": 0}
    mine, nothing = outcome(["emergency_transfer"], alone, weeks=3), outcome([], alone, weeks=3)
    assert all(mine[name] == nothing[name] for name in ("promise_kept", "days_in_shop", "nps"))


def test_a_ladder_without_a_limit_is_ad_hoc_and_a_shorter_limit_settles_sooner() -> None:
    days = [
        outcome(["escalation_ladder"], {"mechanisms.escalation_ladder": {"limit_hours": limit}})["conflict_days_mean"]
        for limit in (8.0, 24.0, 96.0, 8784.0)
    ]
    assert days == sorted(days)
    assert days[-1] == outcome([], {})["conflict_days_mean"]


def test_more_demand_without_refitting_makes_the_after_worse_too() -> None:
    usual = outcome(["joint_forecast"], {"mechanisms.joint_forecast": {"history_weeks": 0}})
    # forecasts and levels stay those of 40 visits a day only if demand rises after they were made
    strained = outcome(
        ["joint_forecast"],
        {"mechanisms.joint_forecast": {"history_weeks": 0}, "parts.forecast.bias": -0.1 - 0.2},
    )
    assert strained["shortage_rate"] > usual["shortage_rate"]
