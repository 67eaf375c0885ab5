"""Calendar, distributions, stock, waiting, survival: the ground that knows nothing of cars."""

import datetime as dt
import math

import numpy as np
import pytest
import simpy
from scipy import stats

from sim.calendar import Calendar, CalendarSettings, build_calendar
from sim.distributions import Distribution
from sim.stock import Stock, base_stock_level, order_quantity
from sim.survival import quantile, restricted_mean
from sim.waiting import Flag, Pool, later

MONDAY = dt.date(2026, 3, 2)


def weekday_calendar() -> Calendar:
    return build_calendar(
        CalendarSettings(days=("mon", "tue", "wed", "thu", "fri"), opens=9, closes=17), MONDAY, 24 * 28
    )


def test_work_that_does_not_fit_into_the_day_goes_on_at_the_next_opening() -> None:
    calendar = weekday_calendar()
    friday_four = 4 * 24 + 16
    assert calendar.add(friday_four, 3) == 7 * 24 + 9 + 2
    assert calendar.between(friday_four, 7 * 24 + 11) == 3
    assert calendar.add(9, 8) == 17


def test_add_and_between_are_inverse_whenever_work_is_done() -> None:
    calendar = weekday_calendar()
    rng = np.random.default_rng(1)
    for start, hours in zip(rng.uniform(0, 400, 200), rng.uniform(0.01, 60, 200), strict=True):
        assert calendar.between(start, calendar.add(start, hours)) == pytest.approx(hours)


def test_closing_counts_openings_not_calendar_days() -> None:
    calendar = weekday_calendar()
    assert calendar.closing(4 * 24 + 10) == 4 * 24 + 17
    assert calendar.closing(4 * 24 + 10, days=1) == 7 * 24 + 17
    assert calendar.closing(4 * 24 + 20) == 7 * 24 + 17, "after closing the next opening counts"


def test_chinese_holidays_close_and_make_up_days_open() -> None:
    settings = CalendarSettings(days=("mon", "tue", "wed", "thu", "fri"), opens=9, closes=17, make_up_days=True)
    calendar = build_calendar(settings, dt.date(2026, 9, 14), 24 * 30)
    day = {name: (date - dt.date(2026, 9, 14)).days * 24 + 10 for name, date in {
        "make_up_sunday": dt.date(2026, 9, 20),
        "plain_sunday": dt.date(2026, 9, 27),
        "national_day": dt.date(2026, 10, 1),
        "plain_monday": dt.date(2026, 9, 14),
    }.items()}  # fmt: skip
    assert calendar.is_open(day["make_up_sunday"])
    assert not calendar.is_open(day["plain_sunday"])
    assert not calendar.is_open(day["national_day"])
    assert calendar.is_open(day["plain_monday"])


def test_a_calendar_without_an_opening_never_opens() -> None:
    closed = Calendar([])
    assert closed.next_open(5) == math.inf
    assert closed.add(5, 1) == math.inf
    assert closed.between(0, 100) == 0


LAWS = [
    Distribution(shape="exponential", mean=3),
    Distribution(shape="gamma", mean=5, cv=0.35),
    Distribution(shape="lognormal", mean=4, cv=0.7),
    Distribution(shape="uniform", mean=2, cv=0.5),
    Distribution(shape="geometric", mean=2.5),
    Distribution(shape="poisson", mean=1.3),
    Distribution(shape="constant", mean=7),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.shape)
def test_a_law_has_the_mean_and_the_variance_it_says(law: Distribution) -> None:
    u = (np.arange(400_000) + 0.5) / 400_000
    values = law.inverse(u)
    assert values.mean() == pytest.approx(law.mean, rel=2e-3)
    assert values.var() == pytest.approx(law.variance(), rel=2e-2, abs=1e-9)
    assert (np.diff(values) >= 0).all(), "an inverse rises, so that common numbers stay aligned"


def test_the_poisson_inverse_is_the_exact_one() -> None:
    u = np.random.default_rng(3).random(2000)
    assert (Distribution(shape="poisson", mean=2.2).inverse(u) == stats.poisson.ppf(u, 2.2)).all()


@pytest.mark.parametrize(("mean", "target"), [(0.3, 0.95), (4.0, 0.9), (26.0, 0.95), (0.02, 0.5)])
def test_the_base_stock_level_is_the_smallest_that_meets_its_target(mean: float, target: float) -> None:
    level = base_stock_level(mean, target)
    assert stats.poisson.cdf(level - 1, mean) >= target
    assert stats.poisson.cdf(level - 2, mean) < target


def test_order_rules() -> None:
    assert order_quantity("base_stock", 2, 0, 5) == 3
    assert order_quantity("base_stock", 7, 0, 5) == 0
    assert order_quantity("s_S", 3, 2, 9) == 0
    assert order_quantity("s_S", 2, 2, 9) == 7
    assert order_quantity("R_Q", -9, 2, 4) == 4
    assert order_quantity("r_nQ", -9, 2, 4) == 12
    assert order_quantity("r_nQ", 2, 2, 4) == 4


def test_whoever_waits_longest_is_served_first_even_if_a_smaller_wish_would_fit() -> None:
    stock, served = Stock(0), []
    stock.ask(3, lambda: served.append("three"))
    stock.ask(1, lambda: served.append("one"))
    stock.receive(2)
    assert served == []
    stock.receive(2)
    assert served == ["three", "one"]
    assert stock.on_hand == 0
    assert stock.position == 0


def test_a_pool_serves_by_priority_then_by_arrival() -> None:
    env, order = simpy.Environment(), []
    pool = Pool(env, 1)

    def customer(name: str, priority: float, arrives: float):
        yield env.timeout(arrives)
        yield from pool.take(priority)
        order.append((name, env.now))
        yield env.timeout(10)
        pool.give_back()

    for name, priority, arrives in [("first", 0, 0), ("second", 0, 1), ("urgent", -1, 2)]:
        env.process(customer(name, priority, arrives))
    env.run()
    assert order == [("first", 0), ("urgent", 10), ("second", 20)]


def test_a_server_given_back_twice_is_noticed() -> None:
    pool = Pool(simpy.Environment(), 1)
    with pytest.raises(RuntimeError):
        pool.give_back()


def test_a_flag_wakes_all_who_wait_and_patience_ends_the_others() -> None:
    env, woke = simpy.Environment(), []
    flag = Flag(env)

    def waiter(name: str, deadline: float):
        answer = yield from flag.wait(deadline)
        woke.append((name, env.now, answer))

    env.process(waiter("patient", math.inf))
    env.process(waiter("hasty", 3))
    later(env, 5, flag.up)
    env.run()
    assert woke == [("hasty", 3, False), ("patient", 5, True)]


def test_the_restricted_mean_of_uncensored_times_is_their_mean_and_of_censored_ones_kaplan_meiers() -> None:
    times = np.array([1.0, 2.0, 4.0, 5.0])
    assert restricted_mean(times, np.ones(4, bool)) == pytest.approx(3.0)
    assert restricted_mean(times, np.ones(4, bool), cap=3) == pytest.approx(np.minimum(times, 3).mean())
    # S = 3/4 on [1, 2), then 3/4 (censored at 2), then 3/8 on [4, 5): area 1 + 0.75 + 1.5 + 0.375
    ended = np.array([True, False, True, True])
    assert restricted_mean(times, ended) == pytest.approx(1 + 0.75 * 3 + 0.375)
    assert quantile(times, np.ones(4, bool), 0.5) == 2.0
    assert math.isnan(restricted_mean(np.empty(0), np.empty(0, bool)))
