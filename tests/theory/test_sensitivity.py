"""Sensitivity against functions whose indices are known: linear, Ishigami; turning values worked out by hand."""

import math

import numpy as np
import pytest
from SALib.analyze import morris as salib_morris
from scipy import stats

from sim.cells import Cell
from sim.options import Checker
from sim.statistics.global_sensitivity import (
    elementary_effects,
    noise_quantile,
    screening,
    sobol_indices,
    sobol_points,
    trajectories,
)
from sim.studies.sensitivity import Sensitivity, sensitivity
from sim.studies.sensitivity_plan import plan
from tests.small import article
from tests.unit.fake_runner import FakeRunner

NAMES = ("parts.forecast.error_cv", "arrivals.visits_per_day", "parts.forecast.bias")


def shares(cell: Cell) -> np.ndarray:
    """Where the three assumptions stand in their ranges, 0 to 1."""
    usual = {NAMES[0]: (0.7051, 0.2, 1.2), NAMES[1]: (40.0, 10.0, 80.0), NAMES[2]: (-0.1, -0.3, 0.1)}
    return np.array([(cell.changes.get(name, v) - low) / (high - low) for name, (v, low, high) in usual.items()])


def studied(function, **asked) -> Sensitivity:  # type: ignore[no-untyped-def]
    """A study of ``function`` of the three shares; the baseline's metric is 0, the policy's the function's value."""

    def model(cell: Cell, replication: int, rng: np.random.Generator) -> dict[str, float]:
        return {"shortage_rate": function(shares(cell), rng) if cell.mechanisms else 0.0}

    check = Checker("sim sensitivity")
    wanted = plan(article(), check, assumptions=NAMES, **asked)
    check.done()
    return sensitivity(FakeRunner(model, scenario=article()), wanted)  # type: ignore[arg-type]


def ishigami(x: np.ndarray, a: float = 7.0, b: float = 0.1) -> np.ndarray:
    """Ishigami and Homma (1990) on the unit cube."""
    z = -math.pi + 2 * math.pi * np.asarray(x)
    return np.sin(z[..., 0]) + a * np.sin(z[..., 1]) ** 2 + b * z[..., 2] ** 4 * np.sin(z[..., 0])


def ishigami_indices(a: float = 7.0, b: float = 0.1) -> tuple[np.ndarray, np.ndarray]:
    """First-order and total indices in closed form (Sobol' and Levitan 1999)."""
    v1 = (1 + b * math.pi**4 / 5) ** 2 / 2
    v2 = a**2 / 8
    v13 = b**2 * math.pi**8 * (1 / 18 - 1 / 50)
    total = v1 + v2 + v13
    return np.array([v1, v2, 0]) / total, np.array([v1 + v13, v2, v13]) / total


def test_sobol_indices_of_ishigami() -> None:
    points = sobol_points(3, 4096, 1)
    found = sobol_indices(ishigami(points), 1)
    first, total = ishigami_indices()
    # half-widths are of 95 %: five standard errors, since six indices are looked at
    assert (np.abs(found.first - first) < 5 / 1.96 * found.first_conf).all()
    assert (np.abs(found.total - total) < 5 / 1.96 * found.total_conf).all()
    assert (found.total_conf < 0.06).all()


def test_sobol_indices_of_a_study_are_those_of_its_function() -> None:
    found = studied(lambda x, rng: ishigami(x), method="sobol", samples=128).table.set_index("key").loc[list(NAMES)]
    first, total = ishigami_indices()
    assert (np.abs(found["S1"] - first) < 5 / 1.96 * found["S1_conf"]).all()
    assert (np.abs(found["ST"] - total) < 5 / 1.96 * found["ST_conf"]).all()


def test_linear_functions_have_mu_star_equal_to_their_coefficients_and_no_sigma() -> None:
    coefficients = np.array([0.3, -0.05, 0.0])
    found = studied(lambda x, rng: float(coefficients @ x + rng.normal(0, 1)), method="morris", trajectories=5)
    table = found.table.set_index("key").loc[list(NAMES)]
    assert table["mu_star"].to_numpy() == pytest.approx(np.abs(coefficients), abs=1e-9)
    assert table["sigma"].to_numpy() == pytest.approx(np.zeros(3), abs=1e-9)
    # the luck is the same at every point, so it cancels; what rounding leaves of it is no effect
    assert list(table["noise_floor"]) == [0, 0, 0]
    assert list(table["stage"]) == ["stands_out", "stands_out", "no_effect"]


def test_elementary_effects_are_salib_s() -> None:
    groups = ["a", "b", "c"]
    points = np.array([t for t, _ in zip(trajectories(groups, 3), range(12), strict=False)])
    outputs = ishigami(points)[..., None].repeat(2, axis=2)
    problem = {"num_vars": 3, "names": groups, "bounds": [[0, 1]] * 3}
    theirs = salib_morris.analyze(problem, points.reshape(-1, 3), outputs[..., 0].reshape(-1), num_levels=4, seed=1)
    own = elementary_effects(points, outputs, groups).mean(axis=2)
    assert np.abs(own).mean(axis=0) == pytest.approx(np.asarray(theirs["mu_star"], float))
    assert own.mean(axis=0) == pytest.approx(np.asarray(theirs["mu"], float))
    assert own.std(axis=0, ddof=1) == pytest.approx(np.asarray(theirs["sigma"], float))


def test_a_group_of_two_has_the_mean_of_both_ways_to_add_them() -> None:
    """Members move up or down by chance, so E|±a ± b| = max(|a|, |b|)."""
    groups = ["pair", "pair", "alone"]
    r = 400
    points = np.array([t for t, _ in zip(trajectories(groups, 5), range(r), strict=False)])
    outputs = (points @ np.array([3.0, 2.0, 0.5]))[..., None].repeat(2, axis=2)
    found = screening(points, outputs, groups, 1)
    error = 2.0 / math.sqrt(r)  # the two values are 5 and 1, with equal chances
    assert abs(found.mu_star[0] - 3.0) < 4 * error
    assert found.mu_star[1] == pytest.approx(0.5)
    assert (found.noise_floor < 1e-12).all()


@pytest.mark.parametrize("replications", [2, 3, 6])
def test_one_trajectory_s_noise_floor_is_student_s(replications: int) -> None:
    """With one effect, mean |Z| over S is |t| with R − 1 degrees of freedom."""
    found = np.mean([noise_quantile(1, replications, seed) for seed in range(20)])
    exact = stats.t.ppf(0.975, replications - 1)
    density = 2 * stats.t.pdf(exact, replications - 1)
    error = math.sqrt(0.95 * 0.05 / (20_000 * 20)) / density
    assert abs(found - exact) < 5 * error


def test_the_noise_floor_of_many_trajectories_tends_to_the_mean_of_a_half_normal() -> None:
    """Mean |Z| has mean √(2/π) and variance (1 − 2/π)/r; the root of the pooled variance one of 1/(2ν)."""
    r, replications = 400, 6
    variance = (1 - 2 / math.pi) / r + (2 / math.pi) / (2 * r * (replications - 1))
    expected = math.sqrt(2 / math.pi) + stats.norm.ppf(0.95) * math.sqrt(variance)
    assert noise_quantile(r, replications, 1) == pytest.approx(expected, rel=3e-3)


def test_the_turning_value_is_where_the_interval_s_end_reaches_the_margin_or_zero() -> None:
    """Help 0.1 − 0.15·share of visits, with noise the same at all values: solved by hand from the noise drawn."""
    n, margin = 10, 0.01
    noise = np.array([np.random.default_rng([1, r]).normal(0, 0.004) for r in range(n)])
    found = studied(lambda x, rng: float(-(0.1 - 0.15 * x[1]) + rng.normal(0, 0.004)), replications=n)
    error = noise.std(ddof=1) / math.sqrt(n)
    # better ends when the mean comes within t·error of 0, or the interval of two one-sided tests within the margin
    last = max(stats.t.ppf(0.975, n - 1) * error, margin - stats.t.ppf(0.95, n - 1) * error)
    share = (0.1 - noise.mean() - last) / 0.15
    row = found.table.set_index("key").loc[NAMES[1]]
    assert row["turns"] and abs(row["turns_at"] - (10 + 70 * share)) <= row["turns_resolution"]
    # the slack is straight in the value here, so the value itself is far closer than the bracket
    assert row["turns_at"] == pytest.approx(10 + 70 * share, abs=0.02 * row["turns_resolution"])
