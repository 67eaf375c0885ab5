"""Which combinations of values a sweep runs: all of them, or a sample that fills the space evenly.

Sources: grid, the full factorial; Latin hypercube, McKay, Beckman and Conover, Technometrics 21 (1979) 239-245, made
less correlated by random exchanges (centred discrepancy); Sobol' points, scrambled, Owen, Journal of Complexity 14
(1998) 466-489. About ten points a dimension are advised: Loeppky, Sacks and Welch, Technometrics 51 (2009) 366-376.
"""

import itertools
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.studies.varying import Varied

DESIGNS = ("grid", "lhs", "sobol")
POINTS_A_KEY = 10
"""Least points of a sample for each key that varies."""


def usual_samples(design: str, keys: int) -> int:
    """Points of a sample where the user does not say: ten a key, for Sobol' the next power of two."""
    advised = POINTS_A_KEY * keys
    return 2 ** math.ceil(math.log2(advised)) if design == "sobol" else advised


def grid_size(varied: Sequence[Varied]) -> int:
    """Cells of the full factorial."""
    return math.prod(len(one.values) for one in varied)


def points(varied: Sequence[Varied], design: str, samples: int, seed: int) -> list[dict[str, Any]]:
    """Key to value of every cell, in order; cells that whole numbers or words make equal come once.

    Args:
        samples: points of ``lhs`` or ``sobol``; a grid does not read it.
        seed: of the random points; the same seed gives the same points.
    """
    if design == "grid":
        rows = list(itertools.product(*(one.values for one in varied)))
    else:
        rows = [
            tuple(one.at(u) for one, u in zip(varied, unit, strict=True))
            for unit in _unit_points(design, len(varied), samples, seed).tolist()
        ]
    # by what is written, since a value may be a list, and 1 is equal to true
    once = {repr(row): row for row in rows}.values()
    return [dict(zip((one.path for one in varied), row, strict=True)) for row in once]


def _unit_points(design: str, keys: int, samples: int, seed: int) -> np.ndarray:
    """Points in the unit cube [0, 1), samples × keys."""
    from scipy.stats import qmc

    rng = np.random.default_rng([seed, keys, samples])
    if design == "lhs":
        # one key: a hypercube is a shuffled list, and there is no correlation to take out
        better = "random-cd" if keys > 1 and samples > 1 else None
        return np.asarray(qmc.LatinHypercube(keys, optimization=better, rng=rng).random(samples))
    found = qmc.Sobol(keys, scramble=True, rng=rng)
    return np.asarray(found.random_base2(round(math.log2(samples))))
