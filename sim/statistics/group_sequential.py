"""Looking at a trial several times without fooling oneself: O'Brien-Fleming boundaries and their exact power.

The test statistics of the looks are jointly normal with independent increments of the score (the canonical form of
Jennison & Turnbull 2000, *Group Sequential Methods*, section 3.1): S_k = Z_k √I_k, where I_k is the information at
look k, has increments N(θ ΔI, ΔI). Crossing probabilities come from the recursive numerical integration of Armitage,
McPherson & Rowe (1969), J. R. Stat. Soc. A 132:235, not from simulation: the same question has the same answer.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

ALPHA = 0.05
"""Two-sided error of the kit's pilots: of all pilots in which nothing changed, at most 5 % may say that it did."""
REACH = 8.0
"""Standard deviations around its mean within which a statistic is integrated; beyond it lie 1.2e-15."""
NO_BOUND = 30.0
"""A boundary on the z-scale that is never crossed."""


Numbers = Sequence[float] | np.ndarray


@dataclass(frozen=True)
class Crossings:
    """Probability of stopping at each look, one number a look."""

    upper: np.ndarray
    """Stopped at the upper boundary."""
    lower: np.ndarray
    """Stopped at the lower boundary."""


class _Walk:
    """Density of the score on the way, inside the boundaries of the looks so far."""

    def __init__(self) -> None:
        self.at, self.weight = np.zeros(1), np.ones(1)
        """Nodes, and density times quadrature weight in each."""
        self.mean = self.information = 0.0

    def beyond(self, score: float, mean: float, information: float, upper: bool) -> float:
        """Chance of being beyond a score at the next look, without having been stopped before."""
        gained, drift = information - self.information, mean - self.mean
        z = (score - self.at - drift) / np.sqrt(gained)
        return float(self.weight @ (ndtr(-z) if upper else ndtr(z)))

    def step(self, low: float, high: float, mean: float, information: float) -> None:
        """Go on to the next look between two scores, integrating by Gauss-Legendre panels."""
        gained, drift = information - self.information, mean - self.mean
        reach = REACH * np.sqrt(information)
        low, high = max(low, mean - reach), min(high, mean + reach)
        nodes, weights = _panels(low, high, np.sqrt(gained))
        z = (nodes[:, None] - self.at[None, :] - drift) / np.sqrt(gained)
        density = np.exp(-0.5 * z * z) @ self.weight / np.sqrt(2 * np.pi * gained)
        self.at, self.weight, self.mean, self.information = nodes, density * weights, mean, information


def _panels(low: float, high: float, spread: float) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and weights of 16-point Gauss-Legendre panels no wider than two standard deviations of the increment."""
    if high <= low:
        return np.array([low]), np.zeros(1)
    x, w = np.polynomial.legendre.leggauss(16)
    count = min(int(np.ceil((high - low) / (2 * spread))), 120)
    edges = np.linspace(low, high, count + 1)
    half = (edges[1:] - edges[:-1]) / 2
    nodes = (edges[:-1] + half)[:, None] + half[:, None] * x[None, :]
    return nodes.ravel(), (half[:, None] * w[None, :]).ravel()


def crossings(
    bounds: Numbers, information: Numbers, effects: Numbers | None = None,
    lower: Numbers | None = None,
) -> Crossings:  # fmt: skip
    """Chance of stopping at each look.

    Args:
        bounds: upper boundary of each look on the z-scale.
        information: 1 / variance of the estimate at each look, increasing.
        effects: true effect seen at each look (it may grow with time); 0 throughout if left out.
        lower: lower boundaries; minus the upper ones if left out.

    Raises:
        ValueError: information that does not increase.
    """
    levels = _increasing(information)
    below = [-bound for bound in bounds] if lower is None else list(lower)
    walk, up, down = _Walk(), [], []
    for k, level in enumerate(levels):
        mean, root = (0.0 if effects is None else effects[k]) * level, np.sqrt(level)
        up.append(walk.beyond(bounds[k] * root, mean, level, True))
        down.append(walk.beyond(below[k] * root, mean, level, False))
        if k < len(levels) - 1:
            walk.step(below[k] * root, bounds[k] * root, mean, level)
    return Crossings(np.array(up), np.array(down))


def spent(fraction: float, alpha: float = ALPHA) -> float:
    """Error spent up to a fraction of the information, two-sided, in the manner of O'Brien and Fleming.

    α(t) = 4 (1 − Φ(z_{α/4} / √t)): Lan & DeMets (1983), Biometrika 70:659, on each side with half the error. Looks
    need be neither equally far apart nor fixed in number beforehand.
    """
    return 4 * float(ndtr(ndtri(alpha / 4) / np.sqrt(fraction))) if fraction < 1 else alpha


def spending_bounds(information: Numbers, alpha: float = ALPHA) -> np.ndarray:
    """Two-sided boundaries on the z-scale that spend the error by :func:`spent`; the last look spends the rest.

    Raises:
        ValueError: information that does not increase.
    """
    levels = _increasing(information)
    walk, used, found = _Walk(), 0.0, []
    for k, level in enumerate(levels):
        one_side = (spent(level / levels[-1], alpha) - used) / 2
        root = np.sqrt(level)
        bound = _solve(lambda z, w=walk, r=root, i=level: w.beyond(z * r, 0.0, i, True), one_side)  # type: ignore[misc]
        found.append(bound)
        used += 2 * walk.beyond(bound * root, 0.0, level, True)
        if k < len(levels) - 1:
            walk.step(-bound * root, bound * root, 0.0, level)
    return np.array(found)


def _solve(beyond: Callable[[float], float], chance: float) -> float:
    """The boundary beyond which that chance lies; one that is never crossed where there is nothing to spend."""
    if beyond(NO_BOUND) >= chance or chance < 1e-14:
        return NO_BOUND
    return float(brentq(lambda z: beyond(z) - chance, -2.0, NO_BOUND, xtol=1e-10))


def obrien_fleming(looks: int, alpha: float = ALPHA) -> np.ndarray:
    """The classical boundaries C √(K/k) at equally spaced looks: O'Brien & Fleming (1979), Biometrics 35:549.

    C is the constant C_B(K, α) of Jennison & Turnbull, table 2.3, found here by integration.
    """
    levels = np.arange(1, looks + 1) / looks

    def error(constant: float) -> float:
        found = crossings(constant / np.sqrt(levels), levels)
        return float(found.upper.sum() + found.lower.sum()) - alpha

    return float(brentq(error, 1.0, 5.0, xtol=1e-10)) / np.sqrt(levels)


def _increasing(information: Numbers) -> np.ndarray:
    levels = np.asarray(information, dtype=float)
    if not (len(levels) and (levels > 0).all() and (np.diff(levels) > 0).all()):
        raise ValueError(f"information must be above 0 and increase from look to look, not {levels.tolist()}")
    return levels
