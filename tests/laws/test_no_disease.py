"""Where there is nothing to heal a mechanism heals nothing: with ample stock, bays or cars its effect vanishes."""

from typing import Any

import pytest

from sim.centre import replicate
from sim.metrics import measure
from tests.small import with_policy

AMPLE_STOCK = {"parts.control.high": 500, "front_desk.over_reserve_share": 0.0}
AMPLE_BAYS = {
    "workshop.bays": {"mechanical": 500, "body": 500},
    "workshop.technicians": {"mechanic": 500, "body_technician": 500},
}
AMPLE_CARS = {"fleet.demo_cars": 500, "fleet.lend_share": 1.0, "fleet.dedicated_loaners": 0}
NO_QUARREL = {
    "disputes.broken_promise_share": 0.0,
    "disputes.car_share": 0.0,
    "disputes.urgent_share": 0.0,
    "disputes.goodwill_limit_yuan": 1e9,
}
CASES: list[tuple[str, dict[str, Any], tuple[str, ...]]] = [
    ("joint_forecast", AMPLE_STOCK, ("shortage_rate", "promise_kept", "days_in_shop", "nps")),
    ("stock_board", AMPLE_STOCK, ("shortage_rate", "promise_kept", "promised_days", "nps")),
    ("emergency_transfer", AMPLE_STOCK, ("shortage_rate", "promise_kept", "sister_shortage_rate")),
    ("bay_reservation", AMPLE_STOCK, ("bay_wait_hours", "days_in_shop", "promise_kept")),
    ("bay_reservation", AMPLE_BAYS, ("bay_wait_hours",)),
    ("shared_fleet", AMPLE_CARS, ("loaner_fulfilment", "test_drive_fulfilment")),
    ("escalation_ladder", NO_QUARREL, ("conflicts_opened", "promise_kept", "days_in_shop", "nps")),
]


@pytest.mark.parametrize(("name", "ample", "metrics"), CASES)
def test_without_the_disease_the_mechanism_changes_nothing(
    name: str, ample: dict[str, Any], metrics: tuple[str, ...]
) -> None:
    scenario = with_policy([name], ample)
    mine, baseline = (measure(replicate(scenario, policy, 9, 0), 0, 3) for policy in ("tested", "ad_hoc"))
    for metric in metrics:
        assert mine[metric] == pytest.approx(baseline[metric], abs=1e-12), metric


def test_with_the_disease_it_does() -> None:
    scenario = with_policy(["joint_forecast"], {"study.weeks": 6})
    mine, baseline = (measure(replicate(scenario, policy, 9, 0), 0, 6) for policy in ("tested", "ad_hoc"))
    assert mine["shortage_rate"] < baseline["shortage_rate"]
