"""A pinned case is an outside fact: the same customer in any seed and every world, and nobody else's luck moves."""

from functools import cache
from typing import Any

import pytest

from sim import chance as chance_module
from sim.centre import Centre
from sim.chance import FAR, Chance
from sim.stories import Told, find, tell
from tests.contract.test_common_random_numbers import Recording
from tests.small import with_policy

CASE: dict[str, Any] = {
    "name": "bumper", "week": 0, "weekday": 1, "hour": 10.0, "notice_days": 5, "job": "body", "work_hours": 10.0,
    "parts": [{"rank": 12, "sold_out_hours_before": 16, "supply_days": 5}], "drivable": False, "need_days": 4,
    "taste": 0.5, "goodwill_yuan": 8000,
}  # fmt: skip
SEEDS = (1, 2, 3)
BUNDLE = [
    "stock_board", "joint_forecast", "emergency_transfer", "shared_fleet", "escalation_ladder", "bay_reservation",
]  # fmt: skip
WORLDS: dict[str, list[str]] = {"ad_hoc": [], "board": ["stock_board"], "all": BUNDLE}


@cache
def centre(world: str, seed: int, weeks: int = 3) -> Centre:
    changes = {"arrivals.pinned": [CASE], "study.run_on_weeks": 3, "study.weeks": weeks}
    built = Centre(with_policy(WORLDS[world], changes), "tested", seed, 0)
    built.run()
    return built


def told(world: str, seed: int, weeks: int = 3) -> Told:
    log = centre(world, seed, weeks).log
    return tell(log, world, find(log, None, "bumper"))


def facts(world: str, seed: int) -> tuple[Any, ...]:
    """What is exogenous about him, his slot included: it is given blind to policy."""
    visit = next(v for v in centre(world, seed).visits if v.case)
    skus = tuple((line.sku, line.quantity, line.known_at_booking) for line in visit.lines)
    return (
        visit.number, visit.called_at, visit.planned_start, visit.job, visit.work_hours, visit.drivable,
        visit.need_hours, visit.pickup_hours, visit.hard, visit.rework_hours, skus,
    )  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_he_comes_at_the_same_minute_with_the_same_facts_in_every_world(seed: int) -> None:
    assert len({facts(world, seed) for world in WORLDS}) == 1
    assert facts("ad_hoc", seed)[1] == facts("ad_hoc", SEEDS[0])[1]
    assert facts("ad_hoc", seed)[0] == FAR


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("world", WORLDS)
def test_his_part_is_missing_when_the_work_was_to_start(world: str, seed: int) -> None:
    assert [row[4] for row in told(world, seed).rows if row[1] == "line_due"] == [0.0]


@pytest.mark.parametrize("world", WORLDS)
def test_his_taste_and_what_he_asks_for_are_his_own(world: str) -> None:
    chance = centre(world, 1).world.chance
    assert chance.column("satisfaction.taste")[FAR] == 0.5
    assert chance.column("satisfaction.goodwill")[FAR] == 8000


def test_his_story_does_not_depend_on_how_long_the_run_goes_on() -> None:
    assert told("ad_hoc", 1, weeks=3).moments == told("ad_hoc", 1, weeks=4).moments


def test_no_draw_of_anybody_else_moves_because_he_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chance_module, "Column", Recording)
    with_him, without = (Centre(with_policy([], {"arrivals.pinned": cases}), "tested", 4, 0) for cases in ([CASE], []))
    for built in (with_him, without):
        built.run()
    one, other = (built.world.chance._columns for built in (with_him, without))
    shared = 0
    for address in one.keys() & other.keys():
        for index in one[address].asked.keys() & other[address].asked.keys():  # type: ignore[attr-defined]
            assert one[address].asked[index] == other[address].asked[index]  # type: ignore[attr-defined]
            shared += 1
    assert shared > 10_000
    others = [(v.number, v.called_at, v.work_hours) for v in with_him.visits if not v.case]
    assert others == [(v.number, v.called_at, v.work_hours) for v in without.visits]


@pytest.mark.parametrize("policy", ["ad_hoc", "tested"])
def test_until_he_calls_the_log_is_the_one_without_him(policy: str) -> None:
    logs = []
    for cases in ([CASE], []):
        built = Centre(with_policy(BUNDLE, {"arrivals.pinned": cases}), policy, 6, 0)
        built.run()
        logs.append(built.log.rows)
        if cases:
            called = next(v.called_at for v in built.visits if v.case)
    assert [row for row in logs[0] if row[0] < called] == [row for row in logs[1] if row[0] < called]
    never = Centre(with_policy(BUNDLE, {"arrivals.pinned": [CASE | {"week": 400}]}), policy, 6, 0)
    never.run()
    assert never.log.rows == logs[1]


def without_rush(world: str, seed: int) -> Told:
    """The story where parts never speeds a line up: the only way by which a message can bring a part sooner."""
    changes = {"arrivals.pinned": [CASE], "study.run_on_weeks": 3, "parts.help_share": 0.0}
    built = Centre(with_policy(WORLDS[world], changes), "tested", seed, 0)
    built.run()
    return tell(built.log, world, find(built.log, None, "bumper"))


def first(story: Told, event: str) -> float:
    return next(m.clock for m in story.moments if m.event == event)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_board_alone_promises_no_earlier_and_tells_no_later(seed: int) -> None:
    ad_hoc, board = told("ad_hoc", seed), told("board", seed)
    assert board.promised_day >= ad_hoc.promised_day
    assert first(board, "front_desk_told") <= first(ad_hoc, "front_desk_told")


@pytest.mark.parametrize("seed", SEEDS)
def test_a_colour_brings_no_part_and_so_no_earlier_car(seed: int) -> None:
    """With rush requests the board may bring a car earlier after all: who hears sooner asks sooner. Without, never."""
    ad_hoc, board = without_rush("ad_hoc", seed), without_rush("board", seed)
    assert first(board, "line_arrived") == first(ad_hoc, "line_arrived")
    assert first(board, "ready") >= first(ad_hoc, "ready")


def test_ordinary_luck_cannot_be_pinned() -> None:
    with pytest.raises(ValueError):
        Chance(1, 0).pin("satisfaction.taste", 12, 0.5)


def test_a_far_value_is_the_one_a_column_would_have_grown_to() -> None:
    far = Chance(3, 0).column("question")
    assert far._draw(FAR // 1024)[FAR % 1024] == far[FAR]
    near = Chance(3, 0).column("question")
    assert [near[n] for n in range(2048)][1024:] == near._draw(1)
