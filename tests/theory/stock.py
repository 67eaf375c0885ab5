"""One item on a shelf: share of order lines short, mean stock, mean wait. Days; rates a day; units.

A line is met from the shelf if nobody waits and all its units are there, which is: net inventory (on hand less
backordered) just before it is at least its quantity. Poisson arrivals see time averages.
"""

from collections.abc import Callable

import numpy as np
from scipy import integrate, stats

from tests.theory.queues import erlang_b

Law = stats.rv_continuous
MOST = 400
"""Longest demand looked at, units."""


def geometric(mean: float, most: int = MOST) -> np.ndarray:
    """Probabilities of 0, 1, 2, ... units a line: geometric from 1."""
    return np.concatenate([[0.0], stats.geom.pmf(np.arange(1, most), 1 / mean)])


ONE = np.array([0.0, 1.0])
"""One unit a line."""


def demand(rate: float, days: float, units: np.ndarray, most: int = MOST) -> np.ndarray:
    """Law of the units asked for in ``days``: compound Poisson, by Panjer's (1981) recursion."""
    load = rate * days
    found = np.zeros(most)
    found[0] = np.exp(-load)
    size = np.arange(len(units))
    for n in range(1, most):
        k = size[1 : min(n, len(units) - 1) + 1]
        found[n] = load / n * float(np.sum(k * units[k] * found[n - k]))
    return found


def base_stock_short(rate: float, mean_lead: float, level: int) -> float:
    """Share short under base stock; lead times of any law with this mean, orders may cross.

    Orders on their way are M/G/infinity, hence Poisson (Palm). Source: Zipkin, Foundations of Inventory Management
    (2000), section 6.2 (constant) and 7.2 (Palm's theorem).
    """
    return float(stats.poisson.sf(level - 1, rate * mean_lead))


def base_stock_shelf(rate: float, mean_lead: float, level: int) -> float:
    """Mean units on the shelf under base stock. Source: ibid., eq. 6.2.5."""
    k = np.arange(level)
    return float(np.sum((level - k) * stats.poisson.pmf(k, rate * mean_lead)))


def base_stock_backorders(rate: float, mean_lead: float, level: int) -> float:
    """Mean units waited for: on hand less level plus orders on their way. Source: ibid., eq. 6.2.6."""
    return base_stock_shelf(rate, mean_lead, level) - level + rate * mean_lead


def base_stock_wait(rate: float, mean_lead: float, level: int) -> float:
    """Mean wait of a line, 0 for those met at once: Little's law."""
    return base_stock_backorders(rate, mean_lead, level) / rate


def base_stock_in_turn_short(rate: float, lead: Law, level: int) -> float:
    """The same where no order overtakes an earlier one: it comes with the latest of itself and those before it.

    At time t every order placed since the oldest whose own lead time is not over is still on its way. Orders placed
    u ago that are naturally on their way are a Poisson process of rate ``rate * P(L > u)``, so the age A of the
    oldest has P(A <= a) = exp(-rate * integral of P(L > u) from a to infinity). The orders placed after it are
    Poisson with mean rate * A, independent of what is older. Short if 1 + Poisson(rate * A) >= level; with no order
    under way, only if the level is 0.
    """

    def open_beyond(a: float) -> float:
        return float(integrate.quad(lead.sf, a, np.inf, limit=200)[0])

    def density(a: float) -> float:
        return rate * float(lead.sf(a)) * np.exp(-rate * open_beyond(a)) * float(stats.poisson.sf(level - 2, rate * a))

    if level == 0:
        return 1.0
    return float(integrate.quad(density, 0, lead.ppf(1 - 1e-12), limit=400, epsabs=1e-11)[0])


def lost_sales_short(rate: float, mean_lead: float, level: int) -> float:
    """Share lost under base stock with lost sales, lead times of any law: Erlang's B formula. Source: Karush (1957)."""
    return erlang_b(rate * mean_lead, level)


def short_from_position(position: dict[int, float], rate: float, lead: float, units: np.ndarray) -> float:
    """Share short, constant lead time, from the law of the inventory position.

    Net inventory at t + L is the position at t less the demand of (t, t + L]. Source: Zipkin (2000), section 6.3.
    """
    asked = demand(rate, lead, units)
    enough = np.cumsum(asked)
    short = 0.0
    for at, share in position.items():
        for quantity in range(1, len(units)):
            left = at - quantity
            short += share * units[quantity] * (1 - (enough[left] if left >= 0 else 0.0))
    return short


def lot_position(low: int, lot: int) -> dict[int, float]:
    """Position under (r, nQ), and under (R, Q) with one unit a line: uniform on r+1 ... r+Q. Source: ibid., section
    6.3."""
    return {low + k: 1 / lot for k in range(1, lot + 1)}


def s_S_position(low: int, high: int, units: np.ndarray) -> dict[int, float]:
    """Position under (s, S): after an order S; each line takes it down until it is at or below s.

    Time spent at S - j is proportional to the chance that a cycle passes through it: the renewal mass function m_j,
    m_0 = 1, m_j = sum of units_k m_(j-k). Source: Zipkin (2000), section 6.4; Veinott & Wagner (1965).
    """
    width = high - low
    passes = np.zeros(width)
    passes[0] = 1.0
    for j in range(1, width):
        for k in range(1, min(j, len(units) - 1) + 1):
            passes[j] += units[k] * passes[j - k]
    return {high - j: float(passes[j] / passes.sum()) for j in range(width)}


def lots_short(rate: float, lead: float, low: int, lot: int, units: np.ndarray = ONE) -> float:
    """Share short under (r, nQ)."""
    return short_from_position(lot_position(low, lot), rate, lead, units)


def s_S_short(rate: float, lead: float, low: int, high: int, units: np.ndarray) -> float:
    """Share short under (s, S)."""
    return short_from_position(s_S_position(low, high, units), rate, lead, units)


def lots_shelf(rate: float, lead: float, low: int, lot: int) -> float:
    """Mean units on the shelf under (R, Q), one unit a line."""
    return float(np.mean([base_stock_shelf(rate, lead, low + k) for k in range(1, lot + 1)]))


def over_the_day(value: Callable[[float], float]) -> float:
    """Mean of a function of the days since the last review whose order has come, uniform on 0 to 1."""
    return float(integrate.quad(value, 0, 1, epsabs=1e-12)[0])


def daily_review_short(rate: float, lead: float, level: int, units: np.ndarray = ONE) -> float:
    """Share short under base stock reviewed once a day, constant lead time.

    Between the arrival of one day's order and the next, net inventory is the level less the demand since the review
    that ordered it: lead + u days with u uniform on 0 to 1. Source: Zipkin (2000), section 9.6 (periodic review).
    """
    return over_the_day(lambda u: short_from_position({level: 1.0}, rate, lead + u, units))


def daily_review_shelf(rate: float, lead: float, level: int, since_review: float) -> float:
    """Mean units on the shelf ``since_review`` days after an order has come, one unit a line."""
    return base_stock_shelf(rate, lead + since_review, level)
