"""M/M/c whose bays break down one by one. Rates per hour, times in hours."""

from typing import NamedTuple

from tests.theory.chains import Chain, walk, with_room


class Breaking(NamedTuple):
    """What breakdowns do in the long run."""

    mean_wait: float
    """Mean wait from arrival to the first start of work, hours, zeros included."""
    share_waiting: float
    """Share that finds no idle bay that is up."""
    mean_present: float
    """Mean number of cars waiting or on a bay."""
    share_up: float
    """Share of time a bay is up: up / (up + repair)."""


def breaking_bays(rate: float, service: float, servers: int, up: float, repair: float) -> Breaking:
    """Bays with exponential times up (mean ``up``, the clock runs whether busy or idle) and repairs (mean ``repair``).

    A car stays on its bay while that is repaired, and its work goes on afterwards where it stopped (exponential
    work). A car that waits takes an idle bay that is up, never one that is down. Each bay has its own repairer.

    State: (working, stuck, broken, queue) = bays up with a car, down with a car, down without a car, cars waiting;
    bays up without a car are the rest, and while there is one nobody waits. Moves:
      * arrival (rate): takes an idle bay that is up, or joins the queue;
      * end of service (working / service): the bay takes the next car, or falls idle;
      * breakdown of a working bay (working / up): its car is stuck; of an idle one (idle / up): it is broken;
      * repair of a stuck bay (stuck / repair): its car is worked on again; of a broken one (broken / repair): it takes
        the next car, or falls idle.
    Mean wait = mean queue / rate (Little); share waiting = P(no idle bay that is up) (PASTA).
    """
    share_up = up / (up + repair)
    if rate * service >= servers * share_up:
        raise ValueError("no steady state: the load must be below the bays that are up on average")

    def build(room: int) -> Chain:
        def moves(state):
            working, stuck, broken, queue = state
            idle = servers - working - stuck - broken
            if idle:
                yield rate, (working + 1, stuck, broken, 0)
            elif queue < room:
                yield rate, (working, stuck, broken, queue + 1)
            following = int(queue > 0)
            yield working / service, (working - 1 + following, stuck, broken, queue - following)
            yield working / up, (working - 1, stuck + 1, broken, queue)
            yield idle / up, (working, stuck, broken + 1, queue)
            yield stuck / repair, (working + 1, stuck - 1, broken, queue)
            yield broken / repair, (working + following, stuck, broken - 1, queue - following)

        return walk((0, 0, 0, 0), moves)

    chain, law = with_room(build, lambda state, room: state[3] == room, 60)
    queue = chain.values(lambda state: state[3]) @ law
    on_bays = chain.values(lambda state: state[0] + state[1]) @ law
    taken = chain.values(lambda state: sum(state[:3]) == servers) @ law
    down = chain.values(lambda state: state[1] + state[2]) @ law
    return Breaking(float(queue / rate), float(taken), float(queue + on_bays), float(1 - down / servers))


def single_bay_mean_present(rate: float, service: float, up: float, repair: float) -> float:
    """Mean number present with one bay, in closed form, by generating functions.

    With breakdown rate f = 1/up, repair rate r = 1/repair, service rate m = 1/service and
    P_up(z) = sum z^n P(n present, up), P_down(z) likewise, the balance equations give
      (rate (1 - z) + r) P_down = f P_up,   (rate (1 - z) + f + m (1 - 1/z)) P_up = r P_down + m (1 - 1/z) P_up(0).
    P_up(1) = r / (f + r); letting z -> 1 gives the mean below. Idle bays break down as well.
    Source: White & Christie, Operations Research 6 (1958) 79-95; Mitrany & Avi-Itzhak, Operations Research 16 (1968)
    628-638, for one server.
    """
    f, r, m = 1 / up, 1 / repair, 1 / service
    return rate * ((f + r) ** 2 + m * f) / ((f + r) * (m * r - rate * (f + r)))
