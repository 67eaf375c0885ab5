"""The library of exact answers held to itself: queues with and without priorities."""

import math

import numpy as np
import pytest
from scipy import stats

from tests.theory import priorities, queues
from tests.theory.chains import Spell, periodic, propagate, stationary, walk


def by_spitzer(rate: float, service: float, servers: int) -> queues.Waiting:
    """M/D/c by another route: a server that gets every c-th customer sees E_c/D/1.

    In order of arrival the servers take turns when all services are equal. With X_k = k D - (sum of k c gaps),
    mean wait = sum_k E max(X_k, 0) / k and P(no wait) = exp(-sum_k P(X_k > 0) / k).
    Source: Spitzer, Transactions AMS 82 (1956) 323-339.
    """
    k = np.arange(1, 4000)
    gaps, due = k * servers, k * service
    earlier = stats.gamma.cdf(due, gaps, scale=1 / rate)
    mean_gaps_if_earlier = gaps / rate * stats.gamma.cdf(due, gaps + 1, scale=1 / rate)
    wait = np.sum((due * earlier - mean_gaps_if_earlier) / k)
    return queues.Waiting(float(wait), float(1 - np.exp(-np.sum(earlier / k))))


def many_server_chain(rate: float, service: float, servers: int, room: int):
    def moves(present):
        if present < room:
            yield rate, present + 1
        if present:
            yield min(present, servers) / service, present - 1

    return walk(0, moves)


def test_a_stationary_law_is_the_birth_and_death_formula() -> None:
    law = stationary(many_server_chain(1.5, 1.0, 4, 4))
    assert law == pytest.approx(stats.poisson.pmf(np.arange(5), 1.5) / stats.poisson.cdf(4, 1.5), abs=1e-14)


def test_a_law_carried_over_a_long_spell_is_the_stationary_law() -> None:
    chain = many_server_chain(1.5, 1.0, 4, 9)
    start = np.eye(10)[0]
    end, integral = propagate(start, Spell(chain.generator, 400.0))
    assert end == pytest.approx(stationary(chain), abs=1e-12)
    assert integral.sum() == pytest.approx(400.0, rel=1e-12)
    halfway, first = propagate(start, Spell(chain.generator, 3.0))
    whole, both = propagate(start, Spell(chain.generator, 7.0))
    later, second = propagate(halfway, Spell(chain.generator, 4.0))
    assert later == pytest.approx(whole, abs=1e-13)
    assert first + second == pytest.approx(both, abs=1e-12)


def test_a_cycle_of_equal_spells_has_the_stationary_law() -> None:
    chain = many_server_chain(1.5, 1.0, 4, 9)
    assert periodic([Spell(chain.generator, 0.7)] * 3) == pytest.approx(stationary(chain), abs=1e-11)


def test_one_server_has_the_closed_form() -> None:
    rate, service = 0.7, 1.2
    load = rate * service
    assert queues.erlang_c(load, 1) == pytest.approx(load)
    assert queues.erlang_c_mean_wait(rate, service, 1) == pytest.approx(load * service / (1 - load))
    assert queues.erlang_c_mean_present(rate, service, 1) == pytest.approx(load / (1 - load))
    assert queues.erlang_c_mean_queue(rate, service, 1) == pytest.approx(load**2 / (1 - load))
    assert queues.erlang_c_wait_above(rate, service, 1, 2.0) == pytest.approx(
        load * math.exp(-(1 / service - rate) * 2)
    )


def test_the_clinic_of_the_textbook() -> None:
    """Three doctors, 6 patients an hour, 20 minutes each: Gross et al. (2008), the example in section 2.3."""
    assert queues.erlang_c_mean_queue(6.0, 1 / 3, 3) == pytest.approx(8 / 9)
    assert queues.erlang_c(2.0, 3) == pytest.approx(4 / 9)


def test_the_mean_wait_is_the_area_under_its_tail() -> None:
    times, weights = np.polynomial.laguerre.laggauss(40)
    tail = sum(
        weight * math.exp(time) * queues.erlang_c_wait_above(3.2, 1.0, 4, time)
        for time, weight in zip(times, weights, strict=True)
    )
    assert queues.erlang_c_mean_wait(3.2, 1.0, 4) == pytest.approx(tail, rel=1e-9)


@pytest.mark.parametrize(("load", "servers"), [(0.5, 1), (5.0, 6), (30.0, 40), (200.0, 190)])
def test_erlang_b_follows_its_recursion(load: float, servers: int) -> None:
    blocking = 1.0
    for number in range(1, servers + 1):
        blocking = load * blocking / (number + load * blocking)
    assert queues.erlang_b(load, servers) == pytest.approx(blocking, rel=1e-10)


@pytest.mark.parametrize(
    ("rate", "service", "servers"), [(0.3, 1.0, 1), (0.8, 1.0, 1), (1.6, 1.0, 2), (2.0, 2.0, 5), (9.0, 1.0, 10)]
)
def test_constant_service_agrees_with_spitzer(rate: float, service: float, servers: int) -> None:
    assert queues.constant_service(rate, service, servers) == pytest.approx(
        by_spitzer(rate, service, servers), abs=1e-9
    )


@pytest.mark.parametrize("cv", [0.0, 0.5, 1.0])
def test_one_server_agrees_with_pollaczek_khinchine(cv: float) -> None:
    expected = queues.single_server_mean_wait(0.75, 1.1, cv)
    if cv == 0:
        found = queues.constant_service(0.75, 1.1, 1)
    else:
        found = queues.erlang_service(0.75, 1.1, 1, round(1 / cv**2))
    assert found.mean_wait == pytest.approx(expected, rel=1e-9)
    assert found.share_waiting == pytest.approx(0.825, rel=1e-9)


@pytest.mark.parametrize("servers", [2, 4])
def test_one_phase_is_exponential_service(servers: int) -> None:
    rate = 0.85 * servers
    found = queues.erlang_service(rate, 1.0, servers, 1)
    assert found.mean_wait == pytest.approx(queues.erlang_c_mean_wait(rate, 1.0, servers), rel=1e-9)
    assert found.share_waiting == pytest.approx(queues.erlang_c(rate, servers), rel=1e-9)


@pytest.mark.parametrize(("servers", "phases"), [(2, 2), (3, 4)])
def test_phases_agree_with_the_recursion_of_kiefer_and_wolfowitz(servers: int, phases: int) -> None:
    """Waits drawn customer by customer, many runs side by side; allowed: four standard errors over the runs."""
    runs, warm_up, kept = 3000, 200, 300
    rate, generator = 0.75 * servers, np.random.default_rng(1)
    free_in, waits = np.zeros((runs, servers)), np.zeros(runs)
    for customer in range(warm_up + kept):
        if customer >= warm_up:
            waits += free_in[:, 0] / kept
        free_in[:, 0] += generator.gamma(phases, 1 / phases, runs)
        free_in = np.sort(np.maximum(free_in - generator.exponential(1 / rate, (runs, 1)), 0), axis=1)
    error = waits.std(ddof=1) / math.sqrt(runs)
    found = queues.erlang_service(rate, 1.0, servers, phases).mean_wait
    assert error < 0.01 * found
    assert waits.mean() == pytest.approx(found, abs=4 * error)


def test_many_phases_tend_to_constant_service() -> None:
    limit = queues.constant_service(1.5, 1.0, 2)
    distances = [queues.erlang_service(1.5, 1.0, 2, phases).mean_wait - limit.mean_wait for phases in (4, 8, 16)]
    assert 0 < distances[2] < 0.55 * distances[1] < 0.3 * distances[0]


def test_without_load_nobody_waits() -> None:
    assert queues.erlang_service(1e-4, 1.0, 2, 3).mean_wait < 1e-7
    assert queues.constant_service(1e-4, 1.0, 2).mean_wait < 1e-7
    assert queues.erlang_b(0.0, 3) == 0.0


def test_classes_of_one_mean_share_the_wait_of_all() -> None:
    """Who goes first among equals changes nothing on average (conservation law; Kleinrock 1976, section 3.4)."""
    rates = [0.8, 1.0, 0.7]
    waits = priorities.many_servers_waits(rates, 1.0, 3)
    assert waits == sorted(waits)
    assert np.dot(rates, waits) / sum(rates) == pytest.approx(queues.erlang_c_mean_wait(2.5, 1.0, 3))
    assert priorities.many_servers_waits([2.5], 1.0, 3)[0] == pytest.approx(queues.erlang_c_mean_wait(2.5, 1.0, 3))


def test_work_in_a_single_queue_is_conserved() -> None:
    """sum load_k W_k does not depend on the order of the classes (Kleinrock's conservation law)."""
    rates, services, cvs = [0.3, 0.2, 0.1], [0.5, 1.5, 2.0], [1.0, 0.5, 0.0]
    waits = priorities.single_server_waits(rates, services, cvs)
    turned = priorities.single_server_waits(rates[::-1], services[::-1], cvs[::-1])[::-1]
    loads = np.multiply(rates, services)
    assert loads @ waits == pytest.approx(loads @ turned)
    in_front = np.sum(np.multiply(rates, np.square(services)) * (1 + np.square(cvs))) / 2
    assert loads @ waits == pytest.approx(loads.sum() * in_front / (1 - loads.sum()))


def test_the_chain_of_two_classes_has_cobhams_limits() -> None:
    equal = priorities.two_unequal_classes_waits((0.8, 0.6), (1.0, 1.0), 2)
    assert equal == pytest.approx(priorities.many_servers_waits([0.8, 0.6], 1.0, 2), rel=1e-9)
    single = priorities.two_unequal_classes_waits((0.4, 0.3), (0.5, 1.5), 1)
    assert single == pytest.approx(priorities.single_server_waits([0.4, 0.3], [0.5, 1.5], [1, 1]), rel=1e-9)
    alone = priorities.two_unequal_classes_waits((1.4, 1e-9), (1.0, 2.0), 2)
    assert alone[0] == pytest.approx(queues.erlang_c_mean_wait(1.4, 1.0, 2), rel=1e-6)
