"""The chain behind an effect: change a rule and the result moves for its reason; take the reason away: nothing."""

from typing import Any

from sim.centre import replicate
from sim.departments.trust import HABITS
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


# -- mechanisms that work through people, stock and money -----------------------------------------------------


def test_a_transfer_is_paid_by_the_sister_that_gives() -> None:
    lent = {"mechanisms.emergency_transfer": {"sister_keeps_units": 0}, "front_desk.urgent_share": 1.0}
    with_it, without = outcome(["emergency_transfer"], lent, 16), outcome([], lent, 16)
    assert with_it["urgent_part_days"] < without["urgent_part_days"]
    assert with_it["sister_shortage_rate"] > without["sister_shortage_rate"]


def test_more_stock_costs_shelf_value_and_lowers_shortage() -> None:
    with_it, without = outcome(["extra_stock"], {}, 10), outcome([], {}, 10)
    assert with_it["shortage_rate"] < without["shortage_rate"]
    assert with_it["shelf_value_yuan"] > without["shelf_value_yuan"]


def test_hours_spent_on_referrals_are_taken_from_other_leads() -> None:
    a_lot = {
        "satisfaction.referral_promoter": 0.5,
        "mechanisms.joint_kpi": {"more_hours_share": 1.0, "asked_share": 0.0},
    }
    free = {**a_lot, "sales.gives_share": 0.0}
    paid_for, for_nothing = outcome(["joint_kpi"], a_lot, 20), outcome(["joint_kpi"], free, 20)
    assert paid_for["referral_conversion"] == for_nothing["referral_conversion"]
    assert paid_for["deals"] < for_nothing["deals"]


def test_the_chance_of_a_deal_follows_from_the_hours_each_worth_the_same() -> None:
    kpi = {"satisfaction.referral_promoter": 1.0, "mechanisms.joint_kpi": {"more_hours_share": 1.0, "asked_share": 0.0}}
    twice, once = outcome(["joint_kpi"], kpi, 12), outcome([], kpi, 12)
    leads = once["referral_leads"]
    expected = 1 - (1 - 0.15) ** 2
    assert abs(twice["referral_conversion"] - expected) < 3 * (expected * (1 - expected) / leads) ** 0.5


def test_what_friendship_gains_vanishes_when_everything_is_urgent() -> None:
    cold = {"trust.at_start": 0.05, "trust.kept_step": 0.0, "trust.helped_step": 0.0}
    warm = {"trust.at_start": 0.95, "trust.broken_step": 0.0, "trust.blamed_step": 0.0}

    def gain(changes: dict[str, Any]) -> float:
        days = [outcome([], changes | trust, 16)["urgent_part_days"] for trust in (cold, warm)]
        return days[0] - days[1]

    assert gain({"parts.favours_per_day": 5}) > 2 * gain({"parts.favours_per_day": 1, "front_desk.urgent_share": 1.0})


def test_each_habit_that_poisons_lowers_trust() -> None:
    clean = outcome([], {}, 8)["trust_service_parts"]
    for habit in HABITS:
        assert outcome([], {f"trust.habits.{habit}": 0.8}, 8)["trust_service_parts"] < clean, habit


def test_a_mechanism_lapses_while_its_owner_is_gone_and_only_then() -> None:
    gone = {"trust.departures": [{"department": "service", "week": 4, "vacant_weeks": 4, "lapse_share": 1.0}]}
    stays = replicate(with_policy(["escalation_ladder"], {"study.weeks": 12}), "tested", 6, 0)
    leaves = replicate(with_policy(["escalation_ladder"], {"study.weeks": 12, **gone}), "tested", 6, 0)
    nobody = replicate(with_policy([], {"study.weeks": 12, **gone}), "tested", 6, 0)
    week = stays.facts["switch_at"] + 4 * 168
    assert [row for row in leaves.rows if row[0] < week] == [row for row in stays.rows if row[0] < week]
    raised = [
        sum(row[1] == "claim_raised" and week <= row[0] < week + 4 * 168 for row in log.rows) for log in (stays, leaves)
    ]
    assert raised[1] < raised[0]
    assert measure(leaves, 0, 12)["conflict_days_mean"] < measure(nobody, 0, 12)["conflict_days_mean"]


def test_an_event_in_the_peak_costs_test_drives_an_early_one_none() -> None:
    lost = {
        option: outcome(["showroom_event"], {"mechanisms.showroom_event": {"option": option, "events": 2}})[
            "test_drives_lost"
        ]
        for option in ("early", "outdoors", "as_usual")
    }
    nothing = outcome([], {})["test_drives_lost"]
    assert lost["early"] == nothing
    assert lost["as_usual"] > nothing


def test_a_programme_that_falls_short_is_stopped_at_the_monthly_review() -> None:
    def months(points: float) -> list[str]:
        changes = {"study.weeks": 16, "mechanisms.satisfaction_programme": {"stops_below_points": points}}
        log = replicate(with_policy(["satisfaction_programme"], changes), "tested", 6, 0)
        return [row[5] for row in log.rows if row[1] == "programme"]

    assert months(8.0)[-1] == "stopped"
    assert len(months(8.0)) < 4


def test_what_a_programme_spends_stays_within_its_budget() -> None:
    log = replicate(with_policy(["satisfaction_programme"], {"study.weeks": 16}), "tested", 6, 0)
    spent = sum(row[4] for row in log.rows if row[1] == "money" and row[3] == "mechanism")
    assert 0 < spent <= 30_000
