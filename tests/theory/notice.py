"""Demand announced ahead: the replacement is ordered at the announcement, the unit is taken only when it is due.

The position counts announced demand from the announcement on, so under base stock one unit is ordered at that very
moment. Units on the shelf belong to nobody until they are due. One unit a line, Poisson lines (``rate`` a day, by the
moment they are due), base stock ``level``, continuous review, backorders; lead times and notice in days.

Net inventory just before a line that is due at t, told customer by customer. Each other customer x, due at d(x),
with notice l(x) and lead time L(x) of its order, ordered at d(x) - l(x) and received at d(x) - l(x) + L(x):
  * due before t and order still to come: net inventory one lower. Needs d > t - (L - l), d < t;
  * due after t and order already there: one higher. Needs t < d < t + (l - L);
  * otherwise it has no part.
So net inventory = level - N1 + N2. Lines are a Poisson process with independent marks (l, L) - orders may cross - and
the two kinds are disjoint sets of lines, so N1 and N2 are independent and Poisson with means rate E max(L - l, 0) and
rate E max(l - L, 0); their difference has Skellam's law. By Slivnyak's theorem the others look the same to a line that
is due at t. The line's own order is there already if L < l: then it needs one unit less. It is filled from the shelf
if and only if level - N1 + N2 + (1 if its own order is there) >= 1.
Source: Hariharan & Zipkin, Management Science 41 (1995) 1599-1607, for constant times (l <= L: N2 = 0); the rest as
above. Constant times with l = L exactly: own order and due moment coincide; it counts as not there yet.
"""

import numpy as np
from scipy import stats

from tests.theory.lead_times import LeadTime, constant


def advance_demand_shortage(rate: float, lead_time: float, level: int, share: float, notice: float) -> float:
    """Share of lines short if a ``share`` of them is announced ``notice`` days ahead; constant lead time.

    For notice <= lead_time this is P(Poisson(rate (lead_time - share notice)) >= level): notice acts as a shorter
    lead time (Hariharan & Zipkin 1995). For more, announced units come before they are due.
    """
    return announced_shortage(rate, constant(lead_time), level, share, notice)


def announced_shortage(rate: float, lead_time: LeadTime, level: int, share: float, notice: float) -> float:
    """The same with i.i.d. random lead times of orders that may cross (``share`` = 1: everybody announces)."""
    return float(
        share * announced_line_shortage(rate, lead_time, level, share, notice)
        + (1 - share) * walk_in_shortage(rate, lead_time, level, share, notice)
    )


def announced_line_shortage(rate: float, lead_time: LeadTime, level: int, share: float, notice: float) -> float:
    """Share short among the announced lines."""
    own_there = 1 - lead_time.at_least(notice)
    lower, higher = _means(rate, lead_time, share, notice)
    return own_there * _at_most(level, lower, higher, -1) + (1 - own_there) * _at_most(level, lower, higher, 0)


def walk_in_shortage(rate: float, lead_time: LeadTime, level: int, share: float, notice: float) -> float:
    """Share short among the lines nobody announced (notice 0)."""
    lower, higher = _means(rate, lead_time, share, notice)
    return _at_most(level, lower, higher, 0)


def _means(rate: float, lead_time: LeadTime, share: float, notice: float) -> tuple[float, float]:
    """Means of N1 and N2."""
    late = lead_time.excess(notice)
    early = notice - lead_time.mean + late
    return rate * (share * late + (1 - share) * lead_time.mean), rate * share * early


def _at_most(level: int, lower: float, higher: float, most: int) -> float:
    """P(level - N1 + N2 <= most) = sum over N2 of P(N1 >= level + N2 - most)."""
    extra = np.arange(int(higher + 12 * np.sqrt(higher)) + 40)
    return float(stats.poisson.pmf(extra, higher) @ stats.poisson.sf(level + extra - most - 1, lower))
