"""Exact values from the literature, by code that shares nothing with the model."""

from scipy import stats


def erlang_c_mean_wait(rate: float, service: float, servers: int) -> float:
    """Mean wait in M/M/c, in the unit of ``service``.

    Source: Gross, Shortle, Thompson & Harris, Fundamentals of Queueing Theory (2008), eqs 2.29-2.33.
    """
    load = rate * service
    blocking = erlang_b(load, servers)
    delayed = blocking / (1 - load / servers * (1 - blocking))
    return delayed * service / (servers - load)


def erlang_b(load: float, servers: int) -> float:
    """Share lost in M/G/c/c. Source: Gross et al. (2008), eq. 2.50, as a ratio of Poisson terms."""
    return float(stats.poisson.pmf(servers, load) / stats.poisson.cdf(servers, load))


def base_stock_shortage(rate: float, lead_time: float, level: int) -> float:
    """Share of requests not met from the shelf under base stock, Poisson demand, backorders.

    A request finds the shelf empty if demand over the last lead time is at least the level (PASTA, Palm's theorem).
    Source: Zipkin, Foundations of Inventory Management (2000), section 6.2.
    """
    return float(stats.poisson.sf(level - 1, rate * lead_time))


def advance_demand_shortage(rate: float, lead_time: float, level: int, share: float, notice: float) -> float:
    """The same when a share of the demand is announced ahead: notice acts as a shorter lead time.

    Source: Hariharan & Zipkin, Management Science 41 (1995) 1599-1607, proposition 1.
    """
    return float(stats.poisson.sf(level - 1, rate * (lead_time - share * notice)))
