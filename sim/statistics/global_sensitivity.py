"""Morris' elementary effects and Sobol' indices on the unit cube, with what mere noise would give.

Designs and indices are SALib's. Replications of a point are under common luck along a trajectory, so their scatter
tells how much of an effect is noise.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

LEVELS = 4
"""Levels of the grid of a Morris design, as Morris (1991) and Campolongo et al. (2007) use."""
STEP = LEVELS / (2 * (LEVELS - 1))
"""Length of a step in the unit cube, 2/3."""
RESAMPLES = 1000
DRAWS = 20_000


@dataclass(frozen=True)
class Screening:
    """Morris measures of each group (of each factor, if groups have one member); arrays of one value a group."""

    mu_star: np.ndarray
    """Mean absolute elementary effect: change of the output over the whole range, were it linear."""
    mu_star_conf: np.ndarray
    """Half-width of its 95 % bootstrap interval over trajectories."""
    sigma: np.ndarray
    """Standard deviation of the effects: curvature, interplay and noise together."""
    noise_floor: np.ndarray
    """mu_star that a group without any mean effect exceeds with a chance of 5 %; 0 if replications do not differ."""


@dataclass(frozen=True)
class Indices:
    """Sobol' indices, one value a factor, with half-widths of their 95 % bootstrap intervals."""

    first: np.ndarray
    first_conf: np.ndarray
    total: np.ndarray
    total_conf: np.ndarray


def trajectories(groups: Sequence[str], seed: int) -> Iterator[np.ndarray]:
    """Morris trajectories without end (Morris 1991; groups: Campolongo et al. 2007).

    Args:
        groups: the group of each factor.
        seed: of the design; the n-th trajectory does not depend on how many are taken.

    Yields:
        Arrays of shape (groups + 1, factors) in the unit cube; each row moves the members of one more group.
    """
    from SALib.sample.morris import sample

    problem = _problem(len(groups)) | {"groups": list(groups)}
    number = 0
    while True:
        state = np.random.SeedSequence([seed, number]).generate_state(1)[0]
        yield sample(dict(problem), 1, num_levels=LEVELS, seed=int(state))
        number += 1


def elementary_effects(points: np.ndarray, outputs: np.ndarray, groups: Sequence[str]) -> np.ndarray:
    """Elementary effects: change of the output over the length of the step, signed by the step of one factor alone.

    Args:
        points: trajectories, shape (r, g + 1, k).
        outputs: at those points, shape (r, g + 1, replications).
        groups: the group of each factor; effects come in the order of ``dict.fromkeys(groups)``.

    Returns:
        Shape (r, g, replications). A group of several factors has no direction: the sign is the first member's.
    """
    names = list(dict.fromkeys(groups))
    first = [list(groups).index(name) for name in names]
    found = np.full((len(points), len(names), outputs.shape[2]), np.nan)
    for t, trajectory in enumerate(points):
        steps = np.diff(trajectory, axis=0)
        for s, step in enumerate(steps):
            member = int(np.argmax(np.abs(step) > STEP / 2))
            place = names.index(groups[member])
            sign = np.sign(step[first[place]])
            found[t, place] = sign * (outputs[t, s + 1] - outputs[t, s]) / STEP
    return found


def screening(
    points: np.ndarray, outputs: np.ndarray, groups: Sequence[str], seed: int, tiny: float = 0.0
) -> Screening:
    """Morris measures by SALib with a noise floor for each group.

    The floor: were every mean effect 0, each mean over R replications would be noise of standard deviation s/√R,
    where s is pooled over the trajectories; the floor is the 95 % quantile of mu_star then, the estimate of s counted
    in. It is a group's own, since common luck leaves some factors hardly any noise.

    Args:
        points, outputs: as in :func:`elementary_effects`, none undefined; at least two replications.
        tiny: what is smaller is rounding, and exactly 0.
    """
    from SALib.analyze.morris import analyze

    r, _, k = points.shape
    replications = outputs.shape[2]
    problem = _problem(k) | {"groups": list(groups)}
    found = analyze(
        problem, points.reshape(-1, k), outputs.mean(axis=2).reshape(-1), num_resamples=RESAMPLES, num_levels=LEVELS,
        seed=seed,
    )  # fmt: skip
    effects = elementary_effects(points, outputs, groups)
    names = list(dict.fromkeys(groups))
    order = [list(found["names"]).index(name) for name in names]
    noise = np.sqrt(effects.var(axis=2, ddof=1).mean(axis=0) / replications)
    mu_star, conf = (np.asarray(found[key], dtype=float)[order] for key in ("mu_star", "mu_star_conf"))
    spread = effects.mean(axis=2).std(axis=0, ddof=1) if r > 1 else np.full(len(names), np.nan)
    floor = noise * noise_quantile(r, replications, seed)
    return Screening(*(np.where(np.abs(values) < tiny, 0.0, values) for values in (mu_star, conf, spread, floor)))


def noise_quantile(r: int, replications: int, seed: int) -> float:
    """95 % quantile of mean |Z| over S: r normal means over the root of a pooled variance of r(R − 1) degrees."""
    rng = np.random.default_rng([seed, r, replications])
    freedom = r * (replications - 1)
    means = np.abs(rng.standard_normal((DRAWS, r))).mean(axis=1)
    return float(np.quantile(means / np.sqrt(rng.chisquare(freedom, DRAWS) / freedom), 0.95))


def sobol_points(factors: int, samples: int, seed: int) -> np.ndarray:
    """Saltelli's design on a scrambled Sobol' sequence, without second order.

    Returns:
        Shape (samples, factors + 2, factors): blocks of A, A with one column of B each, B.
    """
    from SALib.sample.sobol import sample

    points = sample(_problem(factors), samples, calc_second_order=False, seed=seed)
    return points.reshape(samples, factors + 2, factors)


def sobol_indices(outputs: np.ndarray, seed: int) -> Indices:
    """First-order and total indices (Saltelli et al. 2010) with bootstrap half-widths.

    Args:
        outputs: of :func:`sobol_points`, shape (samples, factors + 2), none undefined.

    Returns:
        nan throughout if the output never changes or fewer than two blocks are left.
    """
    from SALib.analyze.sobol import analyze

    factors = outputs.shape[1] - 2
    if len(outputs) < 2 or np.ptp(outputs) == 0:
        return Indices(*(np.full(factors, np.nan) for _ in range(4)))
    found = analyze(_problem(factors), outputs.reshape(-1), calc_second_order=False, num_resamples=RESAMPLES, seed=seed)
    return Indices(*(np.asarray(found[key], dtype=float) for key in ("S1", "S1_conf", "ST", "ST_conf")))


def _problem(factors: int) -> dict[str, object]:
    names = [f"x{number}" for number in range(factors)]
    return {"num_vars": factors, "names": names, "bounds": [[0.0, 1.0]] * factors}
