"""Each extreme works, or is refused with the place, the value and a next step, in Chinese and in English."""

import re
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.arrivals import times_by_gaps
from sim.centre import Centre
from sim.chance import Chance
from sim.distributions import Distribution
from sim.metrics import measure
from sim.problems import Problems
from sim.scenario import load
from sim.stock import base_stock_level, order_quantity
from tests import invariants
from tests.small import ARTICLE, with_policy

TEXT = ARTICLE.read_text(encoding="utf-8")
TINY = {"study.warmup_weeks": 1, "study.weeks": 2, "study.run_on_weeks": 1}
JOBS = ("maintenance", "mechanical", "body", "diagnosis")
EVERYTHING = ["joint_forecast", "stock_board", "emergency_transfer", "shared_fleet", "escalation_ladder"]

WORKS: dict[str, tuple[dict[str, Any], dict[str, float]]] = {
    "no customers": ({"arrivals.visits_per_day": 0}, {"visits": 0, "deals": None}),
    "nobody wants a test drive": ({"sales.test_drives_per_day": 0}, {"test_drives_lost": 0, "fleet_utilisation": None}),
    "one bay of each kind": ({"workshop.bays": {"mechanical": 1, "body": 1}}, {"bay_utilisation": None}),
    "no demo cars": ({"fleet.demo_cars": 0}, {"test_drive_fulfilment": 0}),
    "all walk in": ({"arrivals.booked_share": 0.0}, {"visits": None}),
    "all is done twice": ({f"jobs.{job}.rework_share": 1.0 for job in JOBS}, {"visits": None}),
    "no part at all": ({f"jobs.{job}.lines": {"mean": 0} for job in JOBS}, {"conflicts_opened": None}),
    "no sisters": ({"sisters.centres": 0}, {"visits": None}),
    "no warm-up and no run-on": ({"study.warmup_weeks": 0, "study.run_on_weeks": 0}, {"visits": None}),
    "other centres ask support nothing": ({"support.centres": 0}, {"support_answer_hours": None}),
    "nobody is satisfied": ({"satisfaction.base_score": -100.0}, {"nps": -100}),
}
"""What is changed, and metrics that must be a number (None) or that very number."""


@pytest.mark.parametrize("name", WORKS)
@pytest.mark.parametrize("mechanisms", [[], EVERYTHING], ids=["ad_hoc", "mechanisms"])
def test_an_extreme_that_can_be_runs_and_keeps_every_law(name: str, mechanisms: list[str]) -> None:
    changes, expected = WORKS[name]
    centre = invariants.finished(Centre(with_policy(mechanisms, TINY | changes), "tested", 8, 0))
    invariants.hold(centre)
    values = measure(centre.log, 0, 2)
    for metric, value in expected.items():
        assert not np.isnan(values[metric]), metric
        assert value is None or values[metric] == value, metric


def test_a_week_without_opening_hours_is_a_week_without_work() -> None:
    """A desk open from Thursday to Saturday, in the week in which those are the first days of the National Day."""
    holidays = TINY | {
        "study.first_day": "2026-09-28", "study.warmup_weeks": 0,
        "calendars.service.days": ["thu", "fri", "sat"], "calendars.service.make_up_days": False,
    }  # fmt: skip
    centre = invariants.finished(Centre(with_policy(EVERYTHING, holidays), "tested", 8, 0))
    invariants.hold(centre)
    closed = [centre.world.calendars["service"].between(week * 168, week * 168 + 168) for week in range(2)]
    assert closed[0] == 0 < closed[1]
    assert measure(centre.log, 0, 1)["visits"] == 0
    assert measure(centre.log, 0, 1)["bay_wait_hours"] != measure(centre.log, 0, 1)["bay_wait_hours"], "of nobody"
    assert measure(centre.log, 1, 2)["visits"] > 0


REFUSED: dict[str, tuple[str, str, str, str]] = {
    "no bay of a kind that jobs need": (
        "bays = { mechanical = 13, body = 13 }", "bays = { mechanical = 13, body = 0 }", "workshop.bays.body",
        "jobs.body",
    ),
    "no technicians": (
        "technicians = { mechanic = 13,", "technicians = { mechanic = 0,", "workshop.technicians.mechanic",
        "at least 1",
    ),
    "no weeks": ("weeks = 26", "weeks = 0", "study.weeks", "must be ≥ 1"),
    "never open": ('days = ["mon", "tue", "wed", "thu", "fri", "sat"]', "days = []", "calendars.service", "one day"),
    "no work for those who come": ("share = ", "share = 0 # ", "jobs", "visits_per_day"),
    "a customer every instant": (
        "visits_per_day = 40", "interarrival_hours = { mean = 0 }", "arrivals.interarrival_hours", "500,000",
    ),
    "a slip of units": ("visits_per_day = 40", "visits_per_day = 40_000", "arrivals.visits_per_day", "check the unit"),
    "drives without an hour": (
        "[sales]", "[sales]\nhour_weights = [0, 0]", "sales", "hour_weights",
    ),
    "meetings without end": (
        "meeting_gap_hours = { shape = \"lognormal\", mean = 7.967, cv = 1.2 }",
        "meeting_gap_hours = { mean = 0 }", "disputes", "meeting_gap_hours",
    ),
    "lots of nothing": (
        "[parts.forecast]", "[parts.control]\npolicy = 'r_nQ'\nlow = 1\nhigh = 0\n[parts.forecast]", "parts.control",
        "at least 1",
    ),
    "a part nobody has": ("rank = 12", "rank = 5000", "arrivals.pinned.0.parts.0.rank", "140"),
    "a year beyond any calendar": ("first_day = 2026-03-02", "first_day = 9999-12-27", "study.first_day", "2100"),
}  # fmt: skip
"""Text of the article's file, what is written instead, the key that is named, and a word of the next step."""


@pytest.mark.parametrize("name", REFUSED)
def test_an_extreme_that_cannot_be_is_refused_with_place_value_and_next_step(name: str, tmp_path: Path) -> None:
    written, instead, key, hint = REFUSED[name]
    assert written in TEXT
    text = re.sub(rf"^{re.escape(written)}", instead, TEXT, flags=re.MULTILINE) if name.startswith("no work") else (
        TEXT.replace(written, instead, 1))  # fmt: skip
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Problems) as found:
        load(path)
    problem = next(problem for problem in found.value.problems if problem.key == key)
    assert hint in problem.text("en")
    assert problem.line is not None
    assert abs(text[: text.index(instead.split("\n")[0])].count("\n") + 1 - problem.line) <= 2
    assert re.search(r"请|必须|至少|要", problem.zh), "what to do, in Chinese"
    assert not re.search(r"[A-Z]\w+Error|Traceback", found.value.text("zh") + found.value.text("en"))


LARGE = {
    "ten thousand parts": {f"parts.families.{name}.skus": count
                           for name, count in (("maintenance", 2000), ("mechanical", 4000), ("body", 4000))},
    "fifty sister centres": {"sisters": {"centres": 50}},
}  # fmt: skip


@pytest.mark.parametrize("name", LARGE)
def test_a_large_centre_runs_within_seconds(name: str) -> None:
    """Four weeks; measured on one core of 2026: 0.8 and 1.0 s, so that only another order of growth can fail this."""
    before = time.process_time()
    centre = invariants.finished(Centre(with_policy(EVERYTHING, TINY | LARGE[name]), "tested", 8, 0))
    spent = time.process_time() - before
    invariants.hold(centre)
    assert spent < 15


def test_a_level_for_a_very_large_demand_is_no_less_exact() -> None:
    """Where the sum of Poisson terms underflows the inverse of the law takes over; both agree where both can be had."""
    law = Distribution(shape="poisson", mean=499.0)
    assert base_stock_level(499.0, 0.95) == int(law.inverse(np.array([0.95]))[0]) + 1
    assert 20_000 < base_stock_level(20_000.0, 0.95) < 20_000 + 3 * 20_000**0.5


@pytest.mark.parametrize("policy", ["base_stock", "s_S", "R_Q", "r_nQ"])
def test_a_part_that_is_stocked_no_more_is_ordered_for_those_who_wait(policy: Any) -> None:
    assert order_quantity(policy, -3, 2, 0) == 3
    assert order_quantity(policy, 0, 2, 0) == 0
    assert order_quantity(policy, 2, 2, 0) == 0


def test_gaps_that_are_mostly_short_still_fill_the_whole_run() -> None:
    """Under a law with rare, very long gaps most gaps are short: 1.3 times the mean number of them does not last."""
    law, days = Distribution(shape="lognormal", mean=4.0, cv=60.0), 200
    lasted = []
    for seed in range(20):
        gaps = Chance(seed, 0).column("arrivals.gap", law)
        plenty = np.cumsum(gaps.first(100_000))
        found = times_by_gaps(gaps, law, days)
        assert found.tolist() == plenty[plenty < days * 24].tolist()
        lasted.append(len(found) <= days * 24 / law.mean * 1.3 + 100)
    assert not all(lasted), "no seed that shows it"
