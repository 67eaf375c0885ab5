"""Queues of which the servers work in opening hours only. Rates per hour, times in hours.

If customers too come in opening hours only (Poisson, constant rate), the time in which the centre is closed changes
nothing: cut it out, and what is left is M/M/c on the open clock (``open_hours_only``). If they come round the clock,
those of the night wait for the morning together, and the state goes round with the day (``stopped_at_night``).
"""

from typing import NamedTuple

import numpy as np

from tests.theory.chains import Spell, periodic, propagate, walk
from tests.theory.queues import Waiting, erlang_c, erlang_c_mean_wait


class DailyWaits(NamedTuple):
    """Mean waits over all customers, hours; three ways to count one wait."""

    open_hours: float
    """Opening hours between arrival and the start of work (the same to the bay: at night neither clock runs)."""
    wall_hours_to_bay: float
    """Clock hours until a bay is taken; an idle bay is taken at once, at night too, though nobody works on it."""
    wall_hours_to_work: float
    """Clock hours until work begins; who comes at night waits at least for the opening."""
    share_waiting: float
    """Share that finds every bay taken."""


def open_hours_only(rate: float, service: float, servers: int) -> Waiting:
    """Arrivals and work in opening hours only: waits in opening hours are those of M/M/c, ``rate`` per open hour.

    Exact if work is suspended at closing and goes on at opening: by the memoryless law or not, the open clock stops
    for arrivals and work alike.
    """
    return Waiting(erlang_c_mean_wait(rate, service, servers), erlang_c(rate * service, servers))


def stopped_at_night(rate: float, service: float, servers: int, open_hours: float, day: float = 24.0) -> DailyWaits:
    """M/M/c with arrivals round the clock, open ``open_hours`` of each ``day``; work is suspended at closing.

    State: number present n, from opening to closing with moves n -> n + 1 (rate) and n -> n - 1 (min(n, c) / service),
    from closing to opening with arrivals alone. The law at opening comes back to itself after a day (Kolmogorov
    equations, periodic steady state). By PASTA a customer meets the law at his moment, and moments are uniform over
    the day.
      * Open hours: who meets n >= c waits for n - c + 1 ends of service, each servers/service an open hour.
      * Wall hours to the bay: Little's law on the mean number without a bay, max(n - c, 0), over the day.
      * Wall hours to work: to these come, for who takes an idle bay at night, the hours until opening.
    """
    if rate * day * service >= servers * open_hours:
        raise ValueError("no steady state: the work of a day must fit into its opening hours")
    room = 40
    while True:
        spells = _spells(rate, service, servers, (open_hours, day - open_hours), room)
        at_opening = periodic(spells)
        if at_opening[-1] < 1e-13:
            break
        room *= 2
    at_closing, opened = propagate(at_opening, spells[0])
    _, closed = propagate(at_closing, spells[1])
    law = (opened + closed) / day
    present = np.arange(room + 1)
    queue = np.maximum(present - servers, 0)
    before_me = np.maximum(present - servers + 1, 0)
    to_bay = float(law @ queue / rate)
    return DailyWaits(
        float(law @ before_me * service / servers),
        to_bay,
        to_bay + _until_opening(at_closing, spells[1], servers) / day,
        float(law[servers:].sum()),
    )


def _spells(rate: float, service: float, servers: int, hours: tuple[float, float], room: int) -> list[Spell]:
    """The open and the closed part of a day."""

    def moves(working: int):
        def of(present: int):
            if present < room:
                yield rate, present + 1
            if present and working:
                yield min(present, working) / service, present - 1

        return of

    return [Spell(walk(0, moves(working)).generator, spell) for working, spell in zip((servers, 0), hours, strict=True)]


def _until_opening(at_closing: np.ndarray, night: Spell, servers: int) -> float:
    """Integral over the night of P(a bay is idle) x hours left until opening."""
    nodes, weights = np.polynomial.legendre.leggauss(24)
    total = 0.0
    for node, weight in zip((nodes + 1) / 2 * night.hours, weights / 2 * night.hours, strict=True):
        law, _ = propagate(at_closing, Spell(night.generator, float(node)))
        total += weight * law[:servers].sum() * (night.hours - node)
    return float(total)
