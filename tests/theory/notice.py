"""Advance demand information: a share of the lines is announced ahead, and the position counts them from then on.
Days."""

import numpy as np
from scipy import integrate, stats

from tests.theory.stock import Law


def known_ahead_short(rate: float, lead: float, level: int, share: float, notice: float) -> float:
    """Share short under base stock, constant lead time, ``share`` announced ``notice`` <= lead days ahead.

    Notice acts as a lead time shorter by it; a share p as lambda (L - p l).
    Source: Hariharan & Zipkin (1995), Management Science 41:1599-1607, proposition 1.
    """
    assert notice <= lead
    return float(stats.poisson.sf(level - 1, rate * (lead - share * notice)))


def ahead_of_random_lead_short(rate: float, lead: Law, level: int, share: float, notice: float) -> float:
    """The same with independent lead times of any law; orders may cross, notice may exceed the lead time.

    Every line orders its own unit when it is announced (or due, if it is not). Net inventory just before a moment is
    level - N1 + N2: N1 lines due whose unit has not come, N2 units come whose line is not due yet. Both are numbers in
    M/G/infinity systems fed by the same Poisson stream, split by which of two disjoint time sets each line falls in,
    so they are independent Poisson: N1 with mean rate * (p E(L - l)+ + (1 - p) E L), N2 with mean rate * p E(l -
    L)+. The line itself, if announced, finds its own unit there with chance P(L <= l).
    """
    late = float(integrate.quad(lead.sf, notice, np.inf)[0])
    early = float(integrate.quad(lead.cdf, 0, notice)[0])
    waited = rate * (share * late + (1 - share) * lead.mean())
    ahead = rate * share * early

    def at_most(net: int) -> float:
        """P(level - N1 + N2 <= net)."""
        return (
            float(stats.skellam.sf(level - net - 1, waited, ahead))
            if ahead > 0
            else float(stats.poisson.sf(level - net - 1, waited))
        )

    own = float(lead.cdf(notice))
    return (1 - share) * at_most(0) + share * ((1 - own) * at_most(0) + own * at_most(-1))
