"""What every mechanism promises, whichever it is. A new file in sim/mechanisms is tested here without a change."""

import math
from typing import Any

import pytest

from sim import views as v
from sim.centre import Centre, replicate
from sim.decisions import DECISIONS
from sim.mechanisms import all_mechanisms
from sim.metrics import measure
from tests.small import PROPOSALS, article, with_policy

NAMES = sorted(all_mechanisms())
HOURS = tuple(v.HourOfCalendar(day, 10 + 3 * day, day < 5, 6 - day, day) for day in range(7))
VIEWS: dict[str, list[Any]] = {
    "promise_days": [
        v.PromiseView(1, 0, ()),
        v.PromiseView(1, 1, (v.LineView("red", 4.2, 0.1), v.LineView("green", 0, 0.9))),
    ],
    "notice_hours": [v.NoticeView(0.0, 100.0, roll) for roll in (0.05, 0.95)],
    "demand_forecast": [v.ForecastView(0.3, 40, 13), v.ForecastView(0.02, 1, 13), v.ForecastView(0.3, 5, 0)],
    "extra_units_reserved": [v.ReserveView(1, 0.01), v.ReserveView(0, 0.99)],
    "tell_front_desk_after": [v.TellView(9.0), v.TellView(0.0)],
    "urgent_part": [
        v.UrgentView(0.2, 0.5, 100, 72, (3, 0), 1, False),
        v.UrgentView(0.9, 0.5, 10, 72, (0, 0), 1, True),
        v.UrgentView(0.2, 0.5, 100, 72, (), 1, False),
    ],
    "start_without_parts": [v.StartView(1, 0.3)],
    "bay_hold_hours": [v.HoldView(6.0)],
    "bay_priority": [v.BayView(True, 0), v.BayView(False, 3)],
    "loan_notice_hours": [v.LoanNoticeView(0.0, 0.4)],
    "lend_car": [v.LoanView(0.4, 0.3, 4, HOURS), v.LoanView(0.2, 0.3, 0, HOURS), v.LoanView(0.4, 0.3, 4, ())],
    "cars_kept_for_loans": [v.DriveView(1, 11, True, 2, False, 0), v.DriveView(6, 11, False, 2, True, 1)],
    "backup_cars": [v.BackupView(10)],
    "clean_after_loan_hours": [v.CarReturnView("demo")],
    "claim_limit_hours": [v.ClaimView("car", 1, 500.0), v.ClaimView("goodwill", 3, 9e4)],
    "claim_clock": [v.ClaimView("car", 1, 500.0)],
    "stock_part": [v.StockView(0.1, 0, 26), v.StockView(0.1, 3, 26), v.StockView(0.1, 0, 2)],
    "extra_units_stocked": [v.LevelView(30.0, 2), v.LevelView(1.0, 0)],
    "dead_stock_payer": [v.DeadStockView(12.0)],
    "goodwill_limit_yuan": [v.GoodwillView(1500.0, 8000.0), v.GoodwillView(1500.0, 200.0)],
    "follow_up_hours": [v.FollowUpView("referral", 1.0), v.FollowUpView("test_drive", 1.0)],
    "ask_for_referral": [v.AskView(0.1), v.AskView(0.9)],
    "deal_bonus_yuan": [v.DealView("referral"), v.DealView("test_drive")],
    "occasions": [v.FirstDayView(34.0)],
    "owners_events": [v.FirstDayView(34.0)],
    "call_lost_customer": [v.LostView(0.2), v.LostView(0.99)],
    "programme": [v.ProgrammeView(0, 70.0, math.nan), v.ProgrammeView(1, 70.0, 60.0), v.ProgrammeView(3, 70.0, 80.0)],
}


def null(name: str) -> dict[str, Any]:
    return {f"mechanisms.{name}": dict(all_mechanisms()[name].null)}


def test_every_decision_has_a_view_to_be_tested_with() -> None:
    assert set(VIEWS) == set(DECISIONS)


@pytest.mark.parametrize("name", NAMES)
def test_null_dose_gives_the_very_log_of_the_baseline(name: str) -> None:
    scenario = with_policy([name], null(name))
    assert replicate(scenario, "tested", 3, 0).rows == replicate(scenario, "ad_hoc", 3, 0).rows


@pytest.mark.parametrize("name", NAMES)
def test_at_its_own_settings_it_does_something_and_only_after_the_warm_up(name: str) -> None:
    scenario = with_policy([name])
    mine, baseline = replicate(scenario, "tested", 3, 0), replicate(scenario, "ad_hoc", 3, 0)
    assert mine.rows != baseline.rows
    warm = mine.facts["switch_at"]
    assert [row for row in mine.rows if row[0] < warm] == [row for row in baseline.rows if row[0] < warm]


@pytest.mark.parametrize("name", NAMES)
def test_answers_are_pure_and_possible(name: str) -> None:
    kind = all_mechanisms()[name]
    mechanism = kind()
    assert mechanism.answers(), "a mechanism that answers nothing changes nothing"
    for question in mechanism.answers():
        decision = DECISIONS[question]
        for view in VIEWS[question]:
            assert isinstance(view, decision.view)
            answer = getattr(mechanism, question)(view)
            assert answer == getattr(kind(), question)(view)
            if isinstance(answer, int | float):
                assert decision.low <= answer <= decision.high
                assert not math.isnan(answer)


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_has_a_text_a_source_and_a_known_kind_of_reader(name: str) -> None:
    for key, info in all_mechanisms()[name].model_fields.items():
        extra = info.json_schema_extra
        assert isinstance(extra, dict), key
        assert info.description, key
        assert extra["read_by"] == "mechanism", key
        source = str(extra["source"])
        assert source == "article" or (source.startswith("A-") and extra.get("why")), key


@pytest.mark.parametrize("name", NAMES)
def test_its_price_reaches_the_money(name: str) -> None:
    mechanism = all_mechanisms()[name]()
    centre = Centre(with_policy([name]), "tested", 3, 0)
    centre.run()
    paid = [
        row
        for row in centre.log.rows
        if row[1] == "money" and row[3] in ("mechanism", "people_hours", "internal_service")
    ]
    before = [row for row in paid if row[0] < centre.world.switch_at and row[3] != "people_hours"]
    assert not before
    for charge in mechanism.charges():
        if charge.once_yuan or charge.monthly_yuan:
            account = "mechanism" if charge.payee == "outside" else f"internal_{charge.payer}"
            due = charge.once_yuan + charge.monthly_yuan
            assert sum(row[4] for row in paid if row[3] == account and row[0] == centre.world.switch_at) >= due * 0.999
        if charge.hours_per_week:
            assert any(row[1] == "meeting_hours" for row in centre.log.rows)


@pytest.mark.parametrize("name", NAMES)
def test_metrics_it_has_no_cause_for_do_not_move_at_all(name: str) -> None:
    scenario = with_policy([name])
    mine = measure(replicate(scenario, "tested", 5, 0), 0, 3)
    baseline = measure(replicate(scenario, "ad_hoc", 5, 0), 0, 3)
    for metric in all_mechanisms()[name].no_cause_for:
        assert mine[metric] == pytest.approx(baseline[metric], abs=0, nan_ok=True), metric


def test_mechanisms_commute() -> None:
    forward = with_policy(PROPOSALS)
    backward = with_policy(PROPOSALS[::-1])
    assert replicate(forward, "tested", 3, 1).rows == replicate(backward, "tested", 3, 1).rows


def test_the_policies_of_the_article_use_only_known_mechanisms() -> None:
    for policy in article().policies.values():
        assert set(policy.mechanisms) <= set(NAMES)
