"""Queues with one kind of customer, served first come first served: exact waits, loads and losses.

Rates are per hour, services and waits in hours. Service is exponential unless the name says otherwise.
"""

import math
from typing import NamedTuple

import numpy as np
from scipy import stats

from tests.theory.chains import Chain, walk, with_room


class Waiting(NamedTuple):
    """What an arriving customer meets in the long run."""

    mean_wait: float
    """Mean wait before service, hours, over all customers (zeros included)."""
    share_waiting: float
    """Share that has to wait at all."""


def erlang_b(load: float, servers: int) -> float:
    """Share lost in M/G/c/c; ``load`` = rate x mean service. Depends on the service law by its mean alone.

    Source: Gross, Shortle, Thompson & Harris, Fundamentals of Queueing Theory (2008), section 2.6 (Erlang's loss
    formula), as a ratio of Poisson terms.
    """
    if load == 0:
        return float(servers == 0)
    return float(np.exp(stats.poisson.logpmf(servers, load) - stats.poisson.logcdf(servers, load)))


def erlang_c(load: float, servers: int) -> float:
    """Share that waits in M/M/c. Source: Gross et al. (2008), section 2.3 (Erlang C)."""
    if load >= servers:
        raise ValueError("no steady state: load must be below the number of servers")
    blocking = erlang_b(load, servers)
    return blocking / (1 - load / servers * (1 - blocking))


def utilisation(rate: float, service: float, servers: int) -> float:
    """Share of time a server works, in any G/G/c that loses nobody: rate x service / servers (Little's law)."""
    return rate * service / servers


def erlang_c_mean_wait(rate: float, service: float, servers: int) -> float:
    """Mean wait in M/M/c, in the unit of ``service``. Source: Gross et al. (2008), section 2.3."""
    load = rate * service
    return erlang_c(load, servers) * service / (servers - load)


def erlang_c_wait_above(rate: float, service: float, servers: int, time: float) -> float:
    """P(wait > time) in M/M/c; at time 0 the share that waits.

    The wait of those who wait is exponential with rate servers/service - rate.
    Source: Gross et al. (2008), section 2.3.
    """
    return erlang_c(rate * service, servers) * math.exp(-(servers / service - rate) * time)


def erlang_c_mean_queue(rate: float, service: float, servers: int) -> float:
    """Mean number waiting in M/M/c: Little's law on the mean wait."""
    return rate * erlang_c_mean_wait(rate, service, servers)


def erlang_c_mean_present(rate: float, service: float, servers: int) -> float:
    """Mean number waiting or in service in M/M/c: Little's law on wait plus service."""
    return rate * (erlang_c_mean_wait(rate, service, servers) + service)


def single_server_mean_wait(rate: float, service: float, cv: float) -> float:
    """Mean wait in M/G/1 from mean and coefficient of variation of the service.

    Source: Pollaczek-Khinchine; Gross et al. (2008), section 5.1: W = rate E[S^2] / (2 (1 - load)).
    """
    load = rate * service
    return rate * service**2 * (1 + cv**2) / (2 * (1 - load))


def infinite_servers_mean_present(rate: float, service: float) -> float:
    """Mean number in M/G/infinity (its law is Poisson). Source: Gross et al. (2008), section 5.2.2."""
    return rate * service


def constant_service(rate: float, service: float, servers: int) -> Waiting:
    """M/D/c by the chain of the number present at t, t + D, t + 2D, ...

    Who is in service at t has left at t + D, and who begins in between is still there, so with A ~ Poisson(rate D)
    X(t + D) = max(X(t) - c, 0) + A, for every t: its stationary law is the law at any moment, and by PASTA what an
    arrival finds. Share waiting = P(X >= c), mean wait = E max(X - c, 0) / rate by Little.
    Source: Crommelin, Post Office Electrical Engineers' Journal 25 (1932) 41-50; Franx, Operations Research Letters
    29 (2001) 221-229.
    """
    load = rate * service
    if load >= servers:
        raise ValueError("no steady state: load must be below the number of servers")
    size = 4 * servers + 40
    while True:
        arrivals = stats.poisson.pmf(np.arange(size), load)
        steps = np.zeros((size, size))
        for present in range(size):
            left = max(present - servers, 0)
            steps[present, left:] = arrivals[: size - left]
        steps[:, -1] += 1 - steps.sum(axis=1)  # what would leave the table stays at its edge
        system = steps.T - np.eye(size)
        system[-1] = 1.0
        law = np.linalg.solve(system, np.eye(size)[-1])
        if law[-servers - 1 :].sum() < 1e-13:
            break
        size *= 2
    queue = np.maximum(np.arange(size) - servers, 0) @ law
    return Waiting(float(queue / rate), float(law[servers:].sum()))


def erlang_service(rate: float, service: float, servers: int, phases: int) -> Waiting:
    """M/E_k/c exactly: gamma service with cv = 1/sqrt(k), k whole.

    A service is k exponential phases of mean service/k, one after the other. State: (number queueing, how many
    servers have 1, 2, ..., k phases left). Moves: arrival (rate ``rate``) takes an idle server with k phases left or
    joins the queue; each busy server ends its phase (rate k/service): one phase fewer, or, at its last, it takes the
    next from the queue with k phases left, or falls idle. Nobody queues while a server is idle.
    Share waiting by PASTA, mean wait = mean number queueing / rate.
    """
    if rate * service >= servers:
        raise ValueError("no steady state: load must be below the number of servers")
    speed = phases / service

    def moved(left: tuple[int, ...], start: int, end: int) -> tuple[int, ...]:
        """One server from ``start`` phases left to ``end`` (0 is idle)."""
        changed = list(left)
        if start:
            changed[start - 1] -= 1
        if end:
            changed[end - 1] += 1
        return tuple(changed)

    def build(room: int) -> Chain:
        def moves(state):
            queue, left = state
            if sum(left) < servers:
                yield rate, (queue, moved(left, 0, phases))
            elif queue < room:
                yield rate, (queue + 1, left)
            for remaining, busy in enumerate(left, start=1):
                if busy and remaining > 1:
                    yield busy * speed, (queue, moved(left, remaining, remaining - 1))
                elif busy:
                    next_one = phases if queue else 0
                    yield busy * speed, (max(queue - 1, 0), moved(left, 1, next_one))

        return walk((0, (0,) * phases), moves)

    tail = rate * service / servers
    chain, law = with_room(build, lambda state, room: state[0] == room, max(10, int(-26 / math.log(tail))))
    queue = chain.values(lambda state: state[0]) @ law
    waiting = chain.values(lambda state: sum(state[1]) == servers) @ law
    return Waiting(float(queue / rate), float(waiting))
