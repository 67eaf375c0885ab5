"""The library of exact answers held to itself: ladders of levels, with and without opening hours."""

import itertools
import math

import numpy as np
import pytest
from scipy import integrate

from tests.theory.ladders import Rules, settlement, unsettled_after
from tests.theory.ladders_on_calendars import (
    Openings,
    _deadlines,
    _one_start,
    _unsettled,
    settlement_on_calendar,
    unsettled_on_calendar,
)

RULES = Rules(gap=18.0, settles=0.55, within_first=0.7, within_second=0.95, limit=24.0)
OFFICE = Openings.daily(9, 18)
WALL = Openings.always()


def test_the_mean_is_the_area_under_the_tail() -> None:
    found = settlement(RULES)
    pieces = [(level * 24.0, level * 24.0 + 24 - 1e-10) for level in range(3)]
    area = sum(integrate.quad(lambda t: unsettled_after(RULES, t), *piece)[0] for piece in pieces)
    square = sum(integrate.quad(lambda t: 2 * t * unsettled_after(RULES, t), *piece)[0] for piece in pieces)
    assert found.mean == pytest.approx(area, rel=1e-8)
    assert found.variance == pytest.approx(square - area**2, rel=1e-7)
    assert sum(found.shares) == pytest.approx(1)
    assert unsettled_after(RULES, 0.0) == pytest.approx(1)
    assert unsettled_after(RULES, 72.0) == 0


def test_a_long_limit_leaves_one_exponential_time() -> None:
    """All within the first level's authority and a limit never reached: exponential with mean gap / settles."""
    rules = Rules(gap=10.0, settles=0.5, within_first=1.0, within_second=1.0, limit=2000.0)
    found = settlement(rules)
    assert found.mean == pytest.approx(20)
    assert found.variance == pytest.approx(400)
    assert found.shares == pytest.approx((1, 0, 0), abs=1e-12)


def test_a_short_limit_is_a_coin_a_level() -> None:
    """Gaps far longer than the limit: meetings are held at the deadlines alone."""
    rules = Rules(gap=1e9, settles=0.6, within_first=0.5, within_second=0.8, limit=24.0)
    found = settlement(rules)
    first, second = 0.5 * 0.6, 0.5 * 0.4 * 0.6 + 0.3 * 0.6
    assert found.shares == pytest.approx((first, second, 1 - first - second), abs=1e-6)
    assert found.mean == pytest.approx(24 * first + 48 * second + 72 * (1 - first - second), rel=1e-6)


def test_meetings_that_never_settle_below_the_director() -> None:
    """Two full levels, and then min(gap, limit)."""
    rules = Rules(gap=18.0, settles=0.0, within_first=1.0, within_second=1.0, limit=24.0)
    assert settlement(rules).mean == pytest.approx(48 + 18 * (1 - math.exp(-24 / 18)))
    assert settlement(rules).shares == (0, 0, pytest.approx(1))


def test_openings_count_there_and_back() -> None:
    week = Openings.daily(9, 18, days=5, of=7)
    assert week.per_cycle == 45
    assert week.after(8.0, 9.0) == 18.0, "a day's work ends at closing, not at the next opening"
    assert week.after(18.0, 1.0) == 34.0
    assert week.after(4 * 24 + 17.0, 2.0) == 7 * 24 + 10.0, "over the weekend"
    for hours in (0.5, 9.0, 13.25, 45.0, 100.0):
        assert week.before(week.reach(hours)) == pytest.approx(hours)


def test_an_office_that_never_closes_is_the_closed_form() -> None:
    for clock in (WALL, Openings.always()):
        found = settlement_on_calendar(RULES, Openings.always(), clock)
        exact = settlement(RULES)
        assert (found.mean, found.variance) == pytest.approx((exact.mean, exact.variance), rel=1e-10)
        assert found.shares == pytest.approx(exact.shares)
    for time in (3.0, 24.0, 30.0, 47.9, 60.0):
        assert unsettled_on_calendar(RULES, Openings.always(), WALL, time) == pytest.approx(
            unsettled_after(RULES, time)
        )


def test_a_limit_in_office_hours_settles_on_the_same_levels_at_any_hour() -> None:
    """On the office's clock nothing of the calendar is left: the shares are those of an office always open."""
    for begins_open in (True, False):
        found = settlement_on_calendar(RULES, OFFICE, OFFICE, begins_open)
        assert found.shares == pytest.approx(settlement(RULES).shares)


def test_very_short_days_only_stretch_the_time() -> None:
    """Open half of each minute, limit in office hours: twice the time of the closed form."""
    office = Openings([(0.0, 0.5 / 60)], cycle=1 / 60)
    rules = RULES._replace(gap=0.18, limit=0.24)
    assert settlement_on_calendar(rules, office, office).mean == pytest.approx(2 * settlement(rules).mean, rel=0.02)


CALENDARS = [
    ("limit on the wall", OFFICE, WALL, 24.0, False),
    ("limit on the wall, not a whole day", OFFICE, WALL, 30.0, True),
    ("limit in office hours", OFFICE, OFFICE, 12.0, True),
    ("limit a whole office day, begun at any hour", OFFICE, OFFICE, 9.0, False),
    (
        "working days round the clock",
        Openings.daily(9, 18, days=5, of=7),
        Openings.daily(0, 24, days=5, of=7),
        24.0,
        False,
    ),
]


@pytest.mark.parametrize(("office", "clock", "limit", "begins_open"), [case[1:] for case in CALENDARS])
def test_the_integral_over_starts_has_converged(
    office: Openings, clock: Openings, limit: float, begins_open: bool
) -> None:
    rules = RULES._replace(limit=limit)
    few, many = (settlement_on_calendar(rules, office, clock, begins_open, nodes) for nodes in (10, 20))
    assert (few.mean, few.variance) == pytest.approx((many.mean, many.variance), rel=1e-10)


@pytest.mark.parametrize(("office", "clock", "limit", "begins_open"), [case[1:] for case in CALENDARS])
def test_the_tail_has_the_area_of_the_mean(office: Openings, clock: Openings, limit: float, begins_open: bool) -> None:
    """Two routes: the tail's integral in closed form, and the tail itself summed up, its jumps seen on both sides."""
    rules = RULES._replace(limit=limit)
    for start in (3.0, 9.0, 12.3, 17.9, 20.0):
        bounds = [24.0 * day + hour for day in range(-1, 25) for hour in (0, 9, 18)]
        deadlines = _deadlines(rules, clock, start)
        cuts = sorted({start, *(bound for bound in bounds if start < bound < deadlines[-1]), *deadlines[1:]})
        nodes, weights = np.polynomial.legendre.leggauss(12)
        area = square = 0.0
        for a, b in itertools.pairwise(cuts):
            for node, weight in zip(nodes, weights, strict=True):
                time = a + (b - a) * (node + 1) / 2 - start
                tail = _unsettled(rules, office, clock, start, time) * weight * (b - a) / 2
                area, square = area + tail, square + 2 * time * tail
        assert (area, square) == pytest.approx(tuple(_one_start(rules, office, clock, start)[:2]), rel=1e-9)
    for time in (5.0, 26.0, 50.0):
        few, many = (unsettled_on_calendar(rules, office, clock, time, begins_open, nodes) for nodes in (10, 20))
        assert few == pytest.approx(many, abs=1e-9)


@pytest.mark.parametrize(("office", "clock", "limit", "begins_open"), [case[1:] for case in CALENDARS])
def test_a_ladder_agrees_with_claims_drawn_one_by_one(
    office: Openings, clock: Openings, limit: float, begins_open: bool
) -> None:
    """Meeting by meeting, as the rules tell it; allowed: four standard errors."""
    claims, generator = 6000, np.random.default_rng(8)
    rules = RULES._replace(limit=limit)
    times, levels = np.empty(claims), np.empty(claims, dtype=int)
    for claim in range(claims):
        start = generator.uniform(0, office.cycle)
        while begins_open and not office.is_open(start):
            start = generator.uniform(0, office.cycle)
        end, levels[claim] = _one_claim(rules, office, clock, start, generator)
        times[claim] = end - start
    exact = settlement_on_calendar(rules, office, clock, begins_open)
    assert times.mean() == pytest.approx(exact.mean, abs=4 * times.std() / math.sqrt(claims))
    spread = np.std((times - times.mean()) ** 2) / math.sqrt(claims)
    assert times.var() == pytest.approx(exact.variance, abs=4 * spread)
    for level, share in enumerate(exact.shares):
        assert np.mean(levels == level) == pytest.approx(share, abs=4 * math.sqrt(share * (1 - share) / claims))
    for time in (5.0, 26.0, 50.0):
        tail = unsettled_on_calendar(rules, office, clock, time, begins_open)
        allowed = 4 * math.sqrt(max(tail * (1 - tail), 1 / claims) / claims)
        assert np.mean(times > time) == pytest.approx(tail, abs=allowed)


def _one_claim(rules, office, clock, start, generator) -> tuple[float, int]:
    """When and on which level one claim is settled."""
    stake, now = generator.random(), start
    for level, authority in enumerate((rules.within_first, rules.within_second, 1.0)):
        deadline = _walk_on(clock, now, rules.limit)
        while True:
            now = min(_walk_on(office, now, generator.exponential(rules.gap)), deadline)
            if level == 2 or (stake < authority and generator.random() < rules.settles):
                return now, level
            if now >= deadline:
                break
    raise AssertionError("the third level settles")


def _walk_on(openings: Openings, time: float, hours: float) -> float:
    """The moment at which ``hours`` of open time are over, walking from interval to interval."""
    cycle = math.floor(time / openings.cycle)
    while True:
        for opens, closes in openings.intervals:
            begin = max(time, cycle * openings.cycle + opens)
            end = cycle * openings.cycle + closes
            if begin < end:
                if begin + hours <= end + 1e-9:
                    return begin + hours
                hours -= end - begin
        cycle += 1
