"""Laws of a lead time, as far as stock theory needs them: mean, tail, and mean excess. Days throughout."""

import math
from collections.abc import Callable
from typing import NamedTuple

from scipy import special


class LeadTime(NamedTuple):
    """A non-negative random time, days."""

    mean: float
    at_least: Callable[[float], float]
    """P(L >= u)."""
    excess: Callable[[float], float]
    """E max(L - u, 0) = integral of P(L >= s) over s from u on."""
    reaches: float
    """A time it practically never exceeds (excess below 1e-14 of the mean)."""


def constant(days: float) -> LeadTime:
    """Always the same."""
    return LeadTime(days, lambda u: float(u <= days), lambda u: max(days - u, 0.0), days)


def gamma(mean: float, cv: float) -> LeadTime:
    """Gamma law; cv = 1 is exponential. E max(L - u, 0) follows from x f_k(x) = mean f_{k+1}(x)."""
    shape = 1 / cv**2
    scale = mean / shape

    def at_least(u: float) -> float:
        return float(special.gammaincc(shape, max(u, 0.0) / scale))

    def excess(u: float) -> float:
        return mean * float(special.gammaincc(shape + 1, max(u, 0.0) / scale)) - u * at_least(u)

    return LeadTime(mean, at_least, excess, _reach(mean, excess))


def exponential(mean: float) -> LeadTime:
    """Exponential law."""
    return gamma(mean, 1.0)


def lognormal(mean: float, cv: float) -> LeadTime:
    """Lognormal law of the given mean and coefficient of variation."""
    sigma = math.sqrt(math.log1p(cv**2))
    centre = math.log(mean) - sigma**2 / 2

    def at_least(u: float) -> float:
        return float(special.ndtr((centre - math.log(u)) / sigma)) if u > 0 else 1.0

    def excess(u: float) -> float:
        if u <= 0:
            return mean - u
        return mean * float(special.ndtr((centre - math.log(u)) / sigma + sigma)) - u * at_least(u)

    return LeadTime(mean, at_least, excess, _reach(mean, excess))


def uniform(low: float, high: float) -> LeadTime:
    """Uniform on [low, high]."""

    def at_least(u: float) -> float:
        return min(max((high - u) / (high - low), 0.0), 1.0)

    def excess(u: float) -> float:
        return (low + high) / 2 - u if u < low else max(high - u, 0.0) ** 2 / (2 * (high - low))

    return LeadTime((low + high) / 2, at_least, excess, high)


def _reach(mean: float, excess: Callable[[float], float]) -> float:
    reach = 2 * mean
    while excess(reach) > 1e-14 * mean:
        reach *= 1.5
    return reach
