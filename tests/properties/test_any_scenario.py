"""Any valid scenario runs, keeps every law of conservation, and runs the same way again."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import chance as chance_module
from sim.centre import Centre
from sim.scenario import build
from sim.things import Visit
from sim.tomlsource import TomlSource
from tests import invariants
from tests.contract.test_common_random_numbers import Recording
from tests.properties.any_scenario import scenarios
from tests.properties.effort import fast, slow

POLICY = st.sampled_from(["ad_hoc", "tested"])
SEED = st.integers(0, 2**63)


def centre(data: dict[str, Any], policy: str, seed: int) -> Centre:
    """A centre built from the tables the way a file is read."""
    return Centre(build(TomlSource("random.toml", data), "random"), policy, seed, 0)


def runs_soundly(data: dict[str, Any], policy: str, seed: int) -> None:
    invariants.hold(invariants.finished(centre(data, policy, seed)))


def runs_the_same_again(data: dict[str, Any], policy: str, seed: int) -> None:
    first, again = centre(data, policy, seed), centre(data, policy, seed)
    first.run()
    again.run()
    assert repr(first.log.rows) == repr(again.log.rows)


def born(visit: Visit, end: float) -> tuple[Any, ...]:
    """What is exogenous about a visit; its slot too, given blind to policy when the customer calls."""
    slot = visit.planned_start if visit.booked and visit.called_at < end else None
    lines = [(line.sku, line.quantity, line.known_at_booking) for line in visit.lines]
    return visit.called_at, slot, visit.job, visit.work_hours, visit.need_hours, visit.drivable, visit.hard, lines


def both_worlds_draw_the_same(data: dict[str, Any], seed: int) -> None:
    """Whatever both policies ask of chance is answered alike, and all that is born is the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chance_module, "Column", Recording)
        worlds = [centre(data, policy, seed) for policy in ("ad_hoc", "tested")]
        for world in worlds:
            world.run()
    one, other = (world.world.chance._columns for world in worlds)
    for address in one.keys() & other.keys():
        asked, also = one[address].asked, other[address].asked  # type: ignore[attr-defined]
        for index in asked.keys() & also.keys():
            assert asked[index] == also[index], (address, index)
    end = min(world.env.now for world in worlds)
    births = [[born(visit, end) for visit in world.visits] for world in worlds]
    assert births[0] == births[1]
    warm = worlds[0].world.switch_at
    before = [[row for row in world.log.rows if row[0] < warm] for world in worlds]
    assert before[0] == before[1]


@fast(100)
@given(scenarios(), POLICY, SEED)
def test_it_runs_and_nothing_is_lost_or_used_twice(data: dict[str, Any], policy: str, seed: int) -> None:
    runs_soundly(data, policy, seed)


@fast(30)
@given(scenarios(), POLICY, SEED)
def test_the_same_seed_gives_the_same_log(data: dict[str, Any], policy: str, seed: int) -> None:
    runs_the_same_again(data, policy, seed)


@fast(40)
@given(scenarios(), SEED)
def test_a_policy_touches_nobodys_luck(data: dict[str, Any], seed: int) -> None:
    both_worlds_draw_the_same(data, seed)


@pytest.mark.slow
@slow(1500)
@given(scenarios(), POLICY, SEED)
def test_it_runs_and_nothing_is_lost_or_used_twice_long(data: dict[str, Any], policy: str, seed: int) -> None:
    runs_soundly(data, policy, seed)


@pytest.mark.slow
@slow(500)
@given(scenarios(), SEED)
def test_a_policy_touches_nobodys_luck_long(data: dict[str, Any], seed: int) -> None:
    both_worlds_draw_the_same(data, seed)
    runs_the_same_again(data, "tested", seed)
