"""One queue, several servers: mean waits, tails and shares, hours or any one unit of time."""

import math

import numpy as np
from scipy import stats

from tests.theory import chains


def erlang_b(load: float, servers: int) -> float:
    """Share lost in M/G/c/c, whatever the law of the service.

    Source: Gross, Shortle, Thompson & Harris, Fundamentals of Queueing Theory (2008), eq. 2.50; the insensitivity:
    Sevastyanov (1957).
    """
    return float(stats.poisson.pmf(servers, load) / stats.poisson.cdf(servers, load))


def mmc_share_waiting(rate: float, service: float, servers: int) -> float:
    """Share that waits at all in M/M/c (Erlang C). Source: Gross et al. (2008), eq. 2.33."""
    load = rate * service
    blocked = erlang_b(load, servers)
    return blocked / (1 - load / servers * (1 - blocked))


def mmc_mean_wait(rate: float, service: float, servers: int) -> float:
    """Mean wait in M/M/c. Source: Gross et al. (2008), eq. 2.34."""
    return mmc_share_waiting(rate, service, servers) * service / (servers - rate * service)


def mmc_wait_above(rate: float, service: float, servers: int, above: float) -> float:
    """Share that waits longer than ``above`` in M/M/c: exponential given that one waits. Source: ibid., section 2.4."""
    return mmc_share_waiting(rate, service, servers) * math.exp(-(servers / service - rate) * above)


def mg1_mean_wait(rate: float, service: float, cv: float) -> float:
    """Mean wait in M/G/1 with service of mean ``service`` and coefficient of variation ``cv``.

    Source: Pollaczek-Khinchine; Gross et al. (2008), eq. 5.11.
    """
    return rate * service**2 * (1 + cv**2) / 2 / (1 - rate * service)


def mdc_shares(rate: float, service: float, servers: int, most: int = 400) -> np.ndarray:
    """Law of the number in M/D/c at any moment.

    Whoever is in service at t has left at t + D, so the number then is max(n - c, 0) plus a Poisson number of arrivals:
    an embedded chain whose stationary law is that of the time, since t is any moment.
    Source: Crommelin (1932), Post Office Electrical Engineers' Journal 25:41-50; Tijms, A First Course in
    Stochastic Models (2003), section 9.6.
    """
    poisson = stats.poisson.pmf(np.arange(most), rate * service)
    matrix = np.zeros((most, most))
    for n in range(most):
        left = max(n - servers, 0)
        matrix[n, left:] = poisson[: most - left]
        matrix[n, -1] += 1 - matrix[n].sum()
    system = np.vstack([(matrix.T - np.identity(most))[:-1], np.ones(most)])
    right = np.zeros(most)
    right[-1] = 1
    return np.linalg.solve(system, right)


def mdc_mean_wait(rate: float, service: float, servers: int) -> float:
    """Mean wait in M/D/c, by Little's law from the mean number in the queue."""
    shares = mdc_shares(rate, service, servers)
    waiting = np.maximum(np.arange(len(shares)) - servers, 0)
    return float(shares @ waiting) / rate


def mdc_share_waiting(rate: float, service: float, servers: int) -> float:
    """Share that waits in M/D/c: arrivals see time averages."""
    return float(mdc_shares(rate, service, servers)[servers:].sum())


def mekc_mean_wait(rate: float, service: float, servers: int, stages: int, most: int = 300) -> float:
    """Mean wait in M/E_k/c: a gamma law with cv = 1/sqrt(stages).

    Chain: (number waiting, number of cars in each stage of work). The first stage goes to the second and so on; whoever
    ends the last leaves, and the first in the queue begins stage one. Little's law gives the wait.
    """
    speed = stages / service

    def moves(state):
        waiting, busy = state[0], state[1:]
        if sum(busy) < servers:
            yield (0, busy[0] + 1, *busy[1:]), rate
        elif waiting < most:
            yield (waiting + 1, *busy), rate
        for stage, count in enumerate(busy):
            if not count:
                continue
            after = list(busy)
            after[stage] -= 1
            if stage + 1 < stages:
                after[stage + 1] += 1
                yield (waiting, *after), count * speed
            elif waiting:
                after[0] += 1
                yield (waiting - 1, *after), count * speed
            else:
                yield (0, *after), count * speed

    shares = chains.stationary((0, *[0] * stages), moves)
    return chains.mean(shares, lambda state: state[0]) / rate


# -- priorities ---------------------------------------------------------------------------------------------


def cobham_wait(rates: tuple[float, ...], services: tuple[float, ...], cvs: tuple[float, ...], nth: int) -> float:
    """Mean wait of class ``nth`` (0 goes first) in M/G/1 with priorities that do not interrupt.

    Source: Cobham (1954), Operations Research 2:70-76; Gross et al. (2008), eq. 3.43.
    """
    residual = sum(r * s**2 * (1 + c**2) / 2 for r, s, c in zip(rates, services, cvs, strict=True))
    before = sum(r * s for r, s in zip(rates[:nth], services[:nth], strict=True))
    return residual / (1 - before) / (1 - before - rates[nth] * services[nth])


def priority_mmc_wait(rates: tuple[float, ...], service: float, servers: int, nth: int) -> float:
    """The same in M/M/c with one mean for all classes.

    Source: Cobham (1954); Kella & Yechiali (1985), Management Science 31:1-13.
    """
    total = sum(rates)
    residual = mmc_share_waiting(total, service, servers) * service / servers
    before = sum(rates[:nth]) * service / servers
    return residual / (1 - before) / (1 - before - rates[nth] * service / servers)


def two_means_wait(rates: tuple[float, float], services: tuple[float, float], servers: int, nth: int,
                   most: int = 90) -> float:  # fmt: skip
    """Mean wait of class ``nth`` in M/M/c with two classes of unlike means, class 0 first, no interruption.

    Chain: (waiting of class 0, waiting of class 1, cars of class 0 in service, cars of class 1 in service); queues
    are cut at ``most``. Little's law gives the wait.
    """

    def moves(state):
        first, second, a, b = state
        if a + b < servers:
            yield (0, 0, a + 1, b), rates[0]
            yield (0, 0, a, b + 1), rates[1]
        else:
            if first < most:
                yield (first + 1, second, a, b), rates[0]
            if second < most:
                yield (first, second + 1, a, b), rates[1]
        for da, db, speed in ((1, 0, a / services[0]), (0, 1, b / services[1])):
            if speed <= 0:
                continue
            if first:
                yield (first - 1, second, a - da + 1, b - db), speed
            elif second:
                yield (first, second - 1, a - da, b - db + 1), speed
            else:
                yield (0, 0, a - da, b - db), speed

    shares = chains.stationary((0, 0, 0, 0), moves)
    return chains.mean(shares, lambda state: state[nth]) / rates[nth]


# -- opening hours and breakdowns -----------------------------------------------------------------------------


def closed_at_night(
    rate: float, service: float, servers: int, open_hours: float, measure: str, most: int = 250
) -> float:
    """M/M/c open ``open_hours`` of 24; customers come round the clock, a free bay is taken at once, work stops at
    closing.

    The number in the shop follows Kolmogorov's equations with departures by day only. Little's law over the day:
    mean wait on the clock = mean number waiting / rate. In open hours: the integral of the number waiting over
    opening hours only, over arrivals a day.

    Args:
        measure: "clock" or "open".
    """

    def moves(is_open: bool) -> chains.Moves:
        def after(n):
            if n < most:
                yield n + 1, rate
            if is_open and n:
                yield n - 1, min(n, servers) / service

        return after

    states, (by_day, by_night) = chains.periodic(
        0, [(open_hours, moves(True)), (24 - open_hours, moves(False))], steps=400
    )
    waiting = np.array([max(n - servers, 0) for n in states])
    day, night = open_hours * float(by_day @ waiting), (24 - open_hours) * float(by_night @ waiting)
    return (day if measure == "open" else day + night) / (24 * rate)


def breakdown_wait(rate: float, service: float, servers: int, every: float, repair: float, most: int = 250) -> float:
    """Mean wait for a bay in M/M/c whose bays break down by themselves, busy or not, and are mended.

    A car on a broken bay stays, its work goes on afterwards. Chain: (waiting, busy and in order, busy and broken,
    idle and broken). Somebody waits only if no bay is idle and in order. Little's law. One bay: Mitrany & Avi-Itzhak
    (1968), Operations Research 16:628-638.
    """

    def moves(state):
        waiting, busy, stuck, broken = state
        idle = servers - busy - stuck - broken
        if idle:
            yield (0, busy + 1, stuck, broken), rate
        elif waiting < most:
            yield (waiting + 1, busy, stuck, broken), rate
        if busy:
            done = (waiting - 1, busy, stuck, broken) if waiting else (0, busy - 1, stuck, broken)
            yield done, busy / service
            yield (waiting, busy - 1, stuck + 1, broken), busy / every
        if idle:
            yield (waiting, busy, stuck, broken + 1), idle / every
        if stuck:
            yield (waiting, busy + 1, stuck - 1, broken), stuck / repair
        if broken:
            mended = (waiting - 1, busy + 1, stuck, broken - 1) if waiting else (0, busy, stuck, broken - 1)
            yield mended, broken / repair

    shares = chains.stationary((0, 0, 0, 0), moves)
    return chains.mean(shares, lambda state: state[0]) / rate


def breakdown_mm1_number(rate: float, service: float, every: float, repair: float) -> float:
    """Mean number in M/M/1 with breakdowns, in closed form, as a second way to the same answer.

    Source: White & Christie (1958), Operations Research 6:79-95: breakdowns as customers who go first; the number of
    ordinary customers has mean rate (1 + service' ...): here by the generating function of the chain of two phases,
    up (u) and down (d): P_u(1) = every / (every + repair); see the derivation in the code.
    """
    a, b, mu = 1 / every, 1 / repair, 1 / service
    up, down = b / (a + b), a / (a + b)
    # balance of customers: rate = mu (up - p0); so the share of time up and empty is
    empty = up - rate / mu
    # Derivatives at z = 1 of  (rate (1-z) + b) D(z) = a U(z)  and  the sum of both phases' equations:
    #   rate (U(z) + D(z)) = mu (U(z) - empty) / z
    # First derivative of the first:  -rate down + b D' = a U'.  Second, written z rate (U + D) = mu (U - empty):
    #   rate (U + D) + rate (U' + D') = mu U'.
    matrix = np.array([[-a, b], [mu - rate, -rate]])
    u, d = np.linalg.solve(matrix, np.array([rate * down, rate * (up + down)]))
    assert empty > 0, "more work than the bay can do"
    return float(u + d)


def mginf_mean(rate: float, service: float) -> float:
    """Mean number in M/G/infinity. Source: Gross et al. (2008), section 5.2."""
    return rate * service
