"""Shapes a scenario may name, each given by its mean and spread and drawn by its inverse.

Drawing by the inverse keeps common random numbers aligned: a larger mean moves every draw, it never swaps
which customer is the unlucky one.
"""

import math
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator
from scipy import special

from sim.units import Ratio, Settings, given

Shape = Literal["constant", "exponential", "gamma", "lognormal", "uniform", "geometric", "poisson"]


class Distribution(Settings):
    """A law of a non-negative quantity, in the unit of the key that holds it."""

    shape: Shape = given("constant", source="definition")
    """Name of the law."""
    mean: Annotated[float, Field(ge=0, le=1e6)] = given(source="definition")
    """Mean, in the unit of the key."""
    cv: Ratio = given(1.0, source="definition")
    """Standard deviation over mean (gamma, lognormal, uniform); the other shapes have none of their own."""

    @model_validator(mode="after")
    def _check(self) -> "Distribution":
        if self.shape == "uniform" and self.cv > 1 / math.sqrt(3):
            raise ValueError(
                f"uniform 的 cv 不能超过 {1 / math.sqrt(3):.3f}，否则会出现负数"
                f"|a uniform law needs cv <= {1 / math.sqrt(3):.3f}, or it reaches below zero"
            )
        if self.shape == "geometric" and self.mean < 1:
            raise ValueError("geometric 从 1 开始，mean 不能小于 1|a geometric law starts at 1: mean must be >= 1")
        return self

    def inverse(self, u: np.ndarray) -> np.ndarray:
        """Values at the probabilities ``u`` (in [0, 1)), same shape as ``u``."""
        if self.mean == 0:
            return np.zeros_like(u)
        return _INVERSES[self.shape](u, self.mean, self.cv)

    def variance(self) -> float:
        """Variance, in the unit squared."""
        m = self.mean
        return {
            "constant": 0.0,
            "exponential": m * m,
            "geometric": m * m - m,
            "poisson": m,
        }.get(self.shape, (m * self.cv) ** 2)


def _constant(u: np.ndarray, mean: float, cv: float) -> np.ndarray:
    return np.full_like(u, mean)


def _exponential(u: np.ndarray, mean: float, cv: float) -> np.ndarray:
    return -mean * np.log1p(-u)


def _gamma(u: np.ndarray, mean: float, cv: float) -> np.ndarray:
    if cv < 1e-6:  # its square would not be a number to divide by; the law is its mean to six digits
        return np.full_like(u, mean)
    shape = 1 / (cv * cv)
    return special.gammaincinv(shape, u) * mean / shape


def _lognormal(u: np.ndarray, mean: float, cv: float) -> np.ndarray:
    sigma2 = math.log1p(cv * cv)
    return mean * np.exp(math.sqrt(sigma2) * special.ndtri(np.clip(u, 1e-12, 1 - 1e-12)) - sigma2 / 2)


def _uniform(u: np.ndarray, mean: float, cv: float) -> np.ndarray:
    return mean * (1 + cv * math.sqrt(3) * (2 * u - 1))


def _geometric(u: np.ndarray, mean: float, cv: float) -> np.ndarray:
    if mean == 1:
        return np.ones_like(u)
    return np.floor(np.log1p(-u) / math.log1p(-1 / mean)) + 1


def _poisson(u: np.ndarray, mean: float, cv: float) -> np.ndarray:
    k = np.floor(np.maximum(special.pdtrik(np.clip(u, 1e-15, 1 - 1e-15), mean), 0))
    # pdtrik is the continuous inverse; the smallest k with cdf(k) >= u is this or the next whole number.
    return np.where(special.pdtr(k, mean) >= u, k, k + 1)


_INVERSES = {
    "constant": _constant,
    "exponential": _exponential,
    "gamma": _gamma,
    "lognormal": _lognormal,
    "uniform": _uniform,
    "geometric": _geometric,
    "poisson": _poisson,
}


def exponential(mean: float) -> Distribution:
    """Shorthand for settings' defaults."""
    return Distribution(shape="exponential", mean=mean)


def lognormal(mean: float, cv: float) -> Distribution:
    """Shorthand for settings' defaults."""
    return Distribution(shape="lognormal", mean=mean, cv=cv)


def constant(mean: float) -> Distribution:
    """Shorthand for settings' defaults."""
    return Distribution(shape="constant", mean=mean)
