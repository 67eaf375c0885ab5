"""Queues with priority classes, class 0 first, no interruption of work; first come first served within a class.

Rates per hour, services and waits in hours; answers are mean waits by class.
"""

import itertools
import math

import numpy as np

from tests.theory.chains import Chain, walk, with_room
from tests.theory.queues import erlang_c


def _by_class(in_front: float, loads: np.ndarray) -> list[float]:
    """Cobham's recursion: wait_k = in_front / ((1 - load above k) (1 - load of k and above))."""
    through = np.concatenate([[0.0], np.cumsum(loads)])
    if through[-1] >= 1:
        raise ValueError("no steady state: load must be below 1")
    return [float(in_front / ((1 - above) * (1 - own))) for above, own in itertools.pairwise(through)]


def single_server_waits(rates: list[float], services: list[float], cvs: list[float]) -> list[float]:
    """Mean wait by class in M/G/1 with classes of their own mean service and coefficient of variation.

    The work found in service is sum_k rate_k E[S_k^2] / 2.
    Source: Cobham, Operations Research 2 (1954) 70-76; Gross et al. (2008), section 3.4.
    """
    rate, mean, cv = (np.asarray(values, dtype=float) for values in (rates, services, cvs))
    in_front = float(np.sum(rate * mean**2 * (1 + cv**2)) / 2)
    return _by_class(in_front, rate * mean)


def many_servers_waits(rates: list[float], service: float, servers: int) -> list[float]:
    """Mean wait by class in M/M/c with one mean service for all classes.

    The time to the next free server, for who finds none, is service / c; the chance of that is Erlang C of the total.
    Source: Cobham (1954), who treats several channels too; Kella & Yechiali, Stochastic Models 1 (1985) 257-262.
    """
    loads = np.asarray(rates, dtype=float) * service / servers
    in_front = erlang_c(float(loads.sum() * servers), servers) * service / servers
    return _by_class(in_front, loads)


def two_unequal_classes_waits(rates: tuple[float, float], services: tuple[float, float], servers: int) -> list[float]:
    """Mean wait by class in M/M/c with two classes of unequal mean service, exactly by a Markov chain.

    State: (servers busy with class 0, with class 1, queue of class 0, queue of class 1). Arrival of class i (rate_i):
    on an idle server, or else to the end of its queue. End of a service of class i (rate busy_i / service_i): the
    server takes the head of queue 0, or if that is empty of queue 1, or falls idle. Queues are empty while a server is
    idle. Mean wait of class i = mean length of its queue / rate_i (Little).
    """
    loads = [rate * service / servers for rate, service in zip(rates, services, strict=True)]
    if sum(loads) >= 1:
        raise ValueError("no steady state: load must be below 1")

    def build(room: int) -> Chain:
        first_room = _first_room(room, loads, rates, services)

        def moves(state):
            one, two, first, second = state
            if one + two < servers:
                yield rates[0], (one + 1, two, 0, 0)
                yield rates[1], (one, two + 1, 0, 0)
            else:
                if first < first_room:
                    yield rates[0], (one, two, first + 1, second)
                if second < room:
                    yield rates[1], (one, two, first, second + 1)
            for ends, busy in ((0, one), (1, two)):
                left = (one - (ends == 0), two - (ends == 1))
                if first:
                    after = (left[0] + 1, left[1], first - 1, second)
                elif second:
                    after = (left[0], left[1] + 1, 0, second - 1)
                else:
                    after = (*left, 0, 0)
                yield busy / services[ends], after

        return walk((0, 0, 0, 0), moves)

    def edge(state, room: int) -> bool:
        return state[3] == room or state[2] == _first_room(room, loads, rates, services)

    chain, law = with_room(build, edge, max(20, int(-30 / math.log(sum(loads)))))
    return [float(chain.values(lambda state, i=i: state[2 + i]) @ law / rates[i]) for i in (0, 1)]


def _first_room(room: int, loads: list[float], rates: tuple[float, float], services: tuple[float, float]) -> int:
    """Room of the preferred queue: it is shorter, since even one server at the slowest work drains it."""
    decay = rates[0] / (rates[0] + 1 / max(services))
    return min(room, max(15, int(room * math.log(sum(loads)) / math.log(max(decay, 1e-6))) + 10))
