"""Base stock (S-1, S): each line is ordered again at once. Exact shares short, waits and stock on hand.

Rates are lines a day, lead times days, levels units; ``units`` is the pmf of units a line (index = units). Unless a
function says otherwise review is continuous, lines that are short wait, first come first served, and a line is filled
only if its whole quantity is on the shelf and nobody waits. Net inventory is then the level less what is on order.
"""

import itertools

import numpy as np
from scipy import stats

from tests.theory.demand import ONE_UNIT, at_most, filled_share
from tests.theory.lead_times import LeadTime
from tests.theory.queues import erlang_b


def base_stock_shortage(rate: float, lead_time: float, level: int, units: np.ndarray = ONE_UNIT) -> float:
    """Share of lines short; ``lead_time`` is its mean, its law is free if orders may cross.

    What is on order has the law of the demand over one mean lead time: orders are the customers of M/G/infinity, each
    staying its own lead time. An order of several units travels as one.
    Source: Palm's theorem; Zipkin, Foundations of Inventory Management (2000), sections 6.2 and 7.2; Feeney &
    Sherbrooke, Management Science 12 (1966) 391-411 for compound demand.
    """
    return 1 - filled_share(level, at_most(rate * lead_time, units, level), units)


def base_stock_shortage_in_sequence(
    rate: float, lead_time: LeadTime, level: int, units: np.ndarray = ONE_UNIT, pieces: int = 80
) -> float:
    """Share of lines short if orders may not cross: an order comes at max(its own time, when the one before came).

    Each order draws its own natural lead time, i.i.d. An order is outstanding if it, or any order before it, is still
    in natural transit, so outstanding are exactly the orders placed since the oldest one in natural transit. Let U be
    the age of that one (0 if there is none). Orders of age s in natural transit are a Poisson process of intensity
    rate P(L > s), hence P(U <= u) = exp(-rate E max(L - u, 0)). Orders younger than U are placed at the full rate and
    independent of it (whatever their own times), so given U = u > 0 outstanding are one line and those of a
    Poisson(rate u): no order at all is outstanding with probability exp(-rate E L).
    The integral over u is taken by Gauss-Legendre on ``pieces`` pieces.
    """
    outstanding = np.zeros(level + 1)
    outstanding[0] = np.exp(-rate * lead_time.mean)
    for u, weight in _panels(lead_time.reaches, pieces):
        density = rate * lead_time.at_least(u) * np.exp(-rate * lead_time.excess(u))
        younger = at_most(rate * u, units, level)
        outstanding += weight * density * np.convolve(units, younger)[: level + 1]
    return 1 - filled_share(level, outstanding, units)


def _panels(reach: float, pieces: int) -> list[tuple[float, float]]:
    """Nodes and weights on (0, reach), in pieces that grow, so that the beginning is seen finely."""
    nodes, weights = np.polynomial.legendre.leggauss(12)
    ends = reach * (np.arange(pieces + 1) / pieces) ** 4
    return [
        (a + (b - a) * (node + 1) / 2, weight * (b - a) / 2)
        for a, b in itertools.pairwise(ends)
        for node, weight in zip(nodes, weights, strict=True)
    ]


def lost_sales_shortage(rate: float, lead_time: float, level: int) -> float:
    """Share of lines lost, one unit a line, when who finds the shelf empty goes elsewhere; ``lead_time`` is its mean.

    The units on order are the busy servers of M/G/c/c with c = level.
    Source: Karush, Operations Research 5 (1957) 693-703; Zipkin (2000), chapter 7.
    """
    return erlang_b(rate * lead_time, level)


def lost_sales_shortage_of_lines(rate: float, lead_time: float, level: int, units: np.ndarray) -> float:
    """The same with several units a line, a line that is not there as a whole being lost as a whole.

    A line of q units occupies q of ``level`` servers for a lead time: a loss system with several kinds of calls.
    Source: Kaufman, IEEE Transactions on Communications 29 (1981) 1474-1481: n p_n = load sum_q q units_q p_{n-q}.
    """
    weights = at_most(rate * lead_time, units, level)
    return 1 - filled_share(level, weights / weights.sum(), units)


def daily_review_shortage(rate: float, lead_time: float, level: int, units: np.ndarray = ONE_UNIT) -> float:
    """Share of lines short if the position is raised to the level once a day only; constant lead time, days.

    Review at 0, 1, 2, ...; at time t the last order that has come was placed at k = floor(t - lead_time), and since
    it raised the position to the level, net inventory is the level less the demand of (k, t]. A line comes at a
    uniform time of the day, so that this window is lead_time + V long, V uniform on (0, 1): the share of continuous
    review averaged over it. Source: Hadley & Whitin, Analysis of Inventory Systems (1963), chapter 5.
    """
    nodes, weights = np.polynomial.legendre.leggauss(40)
    short = [base_stock_shortage(rate, lead_time + (node + 1) / 2, level, units) for node in nodes]
    return float(np.dot(short, weights) / 2)


def mean_on_hand(rate: float, lead_time: float, level: int) -> float:
    """Mean units on the shelf, one unit a line, continuous review: E max(level - Poisson(rate lead_time), 0).

    Source: Zipkin (2000), section 6.2.
    """
    left = np.arange(level, -1, -1)
    return float(left @ stats.poisson.pmf(np.arange(level + 1), rate * lead_time))


def daily_review_mean_on_hand(rate: float, lead_time: float, level: int) -> float:
    """The same under daily review, averaged over the day (see ``daily_review_shortage``)."""
    nodes, weights = np.polynomial.legendre.leggauss(40)
    stock = [mean_on_hand(rate, lead_time + (node + 1) / 2, level) for node in nodes]
    return float(np.dot(stock, weights) / 2)


def mean_backorders(rate: float, lead_time: float, level: int) -> float:
    """Mean lines waiting, one unit a line: mean on order - level + mean on hand (as net inventory balances)."""
    return rate * lead_time - level + mean_on_hand(rate, lead_time, level)


def mean_wait_days(rate: float, lead_time: float, level: int) -> float:
    """Mean wait of a line for its unit, days, zeros included: mean backorders / rate (Little's law)."""
    return mean_backorders(rate, lead_time, level) / rate
