"""The library of exact answers held to itself: opening hours, breakdowns, a fleet with requests that are lost."""

import math
from bisect import bisect_right

import numpy as np
import pytest
from scipy import integrate

from tests.theory import breakdowns, calendars, fleet, queues


def test_a_day_without_a_night_is_the_plain_queue() -> None:
    found = calendars.stopped_at_night(1.4, 1.0, 2, 24.0)
    expected = queues.erlang_c_mean_wait(1.4, 1.0, 2)
    assert found[:3] == pytest.approx([expected] * 3, abs=1e-9)
    assert found.share_waiting == pytest.approx(queues.erlang_c(1.4, 2), abs=1e-9)


def test_very_short_days_only_slow_the_work_down() -> None:
    """Open half of each minute: M/M/2 with work that takes twice as long; a wait counts half as open hours."""
    found = calendars.stopped_at_night(0.7, 1.0, 2, 0.5 / 60, day=1 / 60)
    expected = queues.erlang_c_mean_wait(0.7, 2.0, 2)
    assert found.wall_hours_to_bay == pytest.approx(expected, rel=0.01)
    assert found.open_hours == pytest.approx(expected / 2, rel=0.01)


def test_open_hours_of_waiting_are_the_queue_in_open_hours() -> None:
    """Little's law on the open clock, and an ODE solver in place of uniformisation."""
    rate, service, servers, opened, room = 0.5, 1.0, 2, 9.0, 90
    present = np.arange(room + 1)

    def change(working: int):
        up = np.where(present < room, rate, 0.0)
        down = np.minimum(present, working) / service

        def of(_time: float, state: np.ndarray) -> np.ndarray:
            law = state[:-1]
            slope = -(up + down) * law
            slope[1:] += up[:-1] * law[:-1]
            slope[:-1] += down[1:] * law[1:]
            return np.append(slope, np.maximum(present - servers, 0) @ law)

        return of

    law = np.eye(room + 1)[0]
    for _ in range(40):
        day = integrate.solve_ivp(change(servers), (0, opened), np.append(law, 0.0), rtol=1e-9, atol=1e-12)
        queue = day.y[-1, -1]
        night = integrate.solve_ivp(change(0), (0, 24 - opened), np.append(day.y[:-1, -1], 0.0), rtol=1e-9, atol=1e-12)
        law = night.y[:-1, -1]
    found = calendars.stopped_at_night(rate, service, servers, opened)
    assert found.open_hours == pytest.approx(queue / (24 * rate), rel=1e-6)
    assert found.wall_hours_to_bay == pytest.approx((queue + night.y[-1, -1]) / (24 * rate), rel=1e-6)


def test_opening_hours_agree_with_customers_drawn_one_by_one() -> None:
    """Waits by the recursion of the times at which bays are free, on the open clock; four standard errors."""
    rate, servers, opened, runs = 0.5, 2, 9.0, 1000
    generator = np.random.default_rng(5)
    clock = generator.uniform(0, 24, runs)
    free, waits = np.zeros((runs, servers)), {"open": np.zeros(runs), "bay": np.zeros(runs), "work": np.zeros(runs)}

    def on_clock(open_time: np.ndarray) -> np.ndarray:
        return open_time // opened * 24 + open_time % opened

    warm_up, kept = 150, 250
    for customer in range(warm_up + kept):
        clock = clock + generator.exponential(1 / rate, runs)
        came = clock // 24 * opened + np.minimum(clock % 24, opened)
        free = np.sort(free, axis=1)
        start = np.maximum(came, free[:, 0])
        free[:, 0] = start + generator.exponential(1.0, runs)
        if customer >= warm_up:
            waits["open"] += (start - came) / kept
            waits["work"] += np.maximum(on_clock(start) - clock, 0) / kept
            waits["bay"] += np.where(start > came, on_clock(start) - clock, 0) / kept
    found = calendars.stopped_at_night(rate, 1.0, servers, opened)
    for name, exact in (
        ("open", found.open_hours),
        ("bay", found.wall_hours_to_bay),
        ("work", found.wall_hours_to_work),
    ):
        error = waits[name].std(ddof=1) / math.sqrt(runs)
        assert error < 0.03 * exact
        assert waits[name].mean() == pytest.approx(exact, abs=4 * error), name


@pytest.mark.parametrize(("rate", "up", "repair"), [(0.5, 10.0, 3.0), (0.8, 50.0, 5.0), (0.2, 0.5, 0.5)])
def test_one_breaking_bay_has_the_closed_form(rate: float, up: float, repair: float) -> None:
    found = breakdowns.breaking_bays(rate, 1.0, 1, up, repair)
    assert found.mean_present == pytest.approx(breakdowns.single_bay_mean_present(rate, 1.0, up, repair), rel=1e-9)
    assert found.share_up == pytest.approx(up / (up + repair), abs=1e-12)


@pytest.mark.parametrize("servers", [1, 2, 3])
def test_bays_that_hardly_break_are_the_plain_queue(servers: int) -> None:
    rate = 0.8 * servers
    found = breakdowns.breaking_bays(rate, 1.0, servers, 1e9, 1.0)
    assert found.mean_wait == pytest.approx(queues.erlang_c_mean_wait(rate, 1.0, servers), rel=1e-6)
    assert found.share_waiting == pytest.approx(queues.erlang_c(rate, servers), rel=1e-6)


def test_bays_that_stop_all_the_time_are_slower_bays() -> None:
    """Up for 2 and down for 1 thousandth of an hour: work takes 1.5 times as long."""
    found = breakdowns.breaking_bays(0.9, 1.0, 2, 0.002, 0.001)
    assert found.mean_present == pytest.approx(queues.erlang_c_mean_present(0.9, 1.5, 2), rel=5e-3)


def test_two_breaking_bays_agree_with_cars_sent_one_by_one() -> None:
    """Each bay has its own list of hours up; a car goes where work can begin first. Four standard errors."""
    rate, up, repair, runs, cars = 1.0, 10.0, 3.0, 60, 2500
    generator = np.random.default_rng(6)
    means = []
    for _ in range(runs):
        bays = []
        for _bay in range(2):
            spells = np.cumsum(generator.exponential([up, repair], (int(cars / rate / (up + repair) * 2) + 20, 2)))
            starts, ends = np.concatenate([[0.0], spells[1::2]]).tolist(), spells[::2].tolist()
            bays.append([0.0, starts, ends])
        clock, waits = 0.0, []
        for gap, work in zip(
            generator.exponential(1 / rate, cars).tolist(), generator.exponential(1.0, cars).tolist(), strict=True
        ):
            clock += gap
            begins = [_up_from(bay, max(clock, bay[0])) for bay in bays]
            start = min(begins)
            bay = bays[begins.index(start)]
            bay[0] = _after_work(bay, start, work)
            waits.append(start - clock)
        means.append(np.mean(waits[300:]))
    error = np.std(means, ddof=1) / math.sqrt(runs)
    exact = breakdowns.breaking_bays(rate, 1.0, 2, up, repair).mean_wait
    assert error < 0.05 * exact
    assert np.mean(means) == pytest.approx(exact, abs=4 * error)


def _up_from(bay: list, time: float) -> float:
    """First moment from ``time`` on at which the bay is up."""
    spell = bisect_right(bay[1], time) - 1
    return time if time < bay[2][spell] else bay[1][spell + 1]


def _after_work(bay: list, start: float, work: float) -> float:
    """End of ``work`` hours that go on only while the bay is up."""
    spell = bisect_right(bay[1], start) - 1
    while start + work > bay[2][spell]:
        work -= bay[2][spell] - start
        spell += 1
        start = bay[1][spell]
    return start + work


def test_a_fleet_that_keeps_nothing_back_is_erlang_b() -> None:
    found = fleet.lost_requests(12, 0.3, 20.0, 2.0, 2.0)
    assert found[:2] == pytest.approx([queues.erlang_b(10.0, 12)] * 2, rel=1e-10)
    assert found.use == pytest.approx(10 * (1 - queues.erlang_b(10.0, 12)) / 12, rel=1e-10)


def test_cars_kept_back_with_equal_durations_are_a_birth_and_death_chain() -> None:
    cars, kept, loans, drives, hours = 8, 2, 1.0, 2.0, 1.5
    weights = [1.0]
    for used in range(cars):
        rate = loans + (drives if cars - used > kept else 0.0)
        weights.append(weights[-1] * rate * hours / (used + 1))
    law = np.array(weights) / sum(weights)
    found = fleet.lost_requests(cars, loans, hours, drives, hours, kept)
    assert found.loans == pytest.approx(law[-1])
    assert found.drives == pytest.approx(law[-1 - kept :].sum())
    assert found.use == pytest.approx(law @ np.arange(cars + 1) / cars)


def test_all_cars_kept_back_leave_no_drive() -> None:
    found = fleet.lost_requests(6, 0.2, 20.0, 2.0, 1.0, kept=6)
    assert found.drives == 1
    assert found.loans == pytest.approx(queues.erlang_b(4.0, 6))


def test_a_cycle_of_equal_hours_is_the_constant_case() -> None:
    constant = fleet.lost_requests(8, 0.3, 10.0, 2.0, 1.5, 1)
    assert fleet.lost_requests_in_a_cycle(8, [0.3] * 24, 10.0, [2.0] * 24, 1.5, 1) == pytest.approx(constant, abs=1e-10)


def test_a_fleet_without_end_follows_its_own_equation() -> None:
    """No request is lost among 26 cars; the mean number out over a cycle is load, whatever the cycle."""
    loans, drives = [0.1, 0.3, 0.1, 0.0], [1.0, 0.0, 1.0, 1.5]
    found = fleet.lost_requests_in_a_cycle(26, loans, 6.0, drives, 1.0, 0, spell=6.0)
    assert found[:2] == pytest.approx([0, 0], abs=1e-10)
    assert found.use * 26 == pytest.approx(np.mean(loans) * 6 + np.mean(drives), rel=1e-10)


def test_a_cycle_agrees_with_an_ode_solver() -> None:
    """One kind of request, three cars, busy and quiet hours: dp/dt = p Q(t) from its own start to itself."""
    rates, hours, cars = [3.0, 0.5, 1.0, 0.0, 2.0, 1.0], 1.7, 3

    def slope(time: float, state: np.ndarray) -> np.ndarray:
        rate = rates[min(int(time), 5)]
        law, out = state[:-1], np.arange(cars + 1) / hours
        change = -out * law
        change[:-1] += (out * law)[1:] - rate * law[:-1]
        change[1:] += rate * law[:-1]
        return np.append(change, rate * law[-1])

    law = np.eye(cars + 1)[0]
    for _ in range(12):
        state = np.append(law, 0.0)
        for hour in range(6):
            state = integrate.solve_ivp(slope, (hour, hour + 1 - 1e-12), state, rtol=1e-10, atol=1e-13).y[:, -1]
        law = state[:-1]
    found = fleet.lost_requests_in_a_cycle(cars, rates, hours, [0.0] * 6, 1.0)
    assert found.loans == pytest.approx(state[-1] / sum(rates), abs=1e-8)
