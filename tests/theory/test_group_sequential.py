"""Boundaries and power of repeated looks against published tables, closed forms and simulation by other means."""

import numpy as np
import pytest
from scipy import stats

from sim.statistics.group_sequential import crossings, obrien_fleming, spending_bounds, spent
from sim.statistics.sample_size import nps_sd, power, sample_size, upper_sd

# Jennison & Turnbull (2000), table 2.3: C_B(K, alpha) of two-sided O'Brien-Fleming tests
TABLE = {0.05: {1: 1.960, 2: 1.977, 3: 2.004, 4: 2.024, 5: 2.040, 6: 2.053, 7: 2.063, 8: 2.072, 9: 2.080, 10: 2.087},
         0.01: {1: 2.576, 2: 2.580, 3: 2.595, 4: 2.609, 5: 2.621}}  # fmt: skip


@pytest.mark.parametrize(("alpha", "looks"), [(alpha, looks) for alpha, row in TABLE.items() for looks in row])
def test_obrien_fleming_constants_are_those_of_the_table(alpha: float, looks: int) -> None:
    found = obrien_fleming(looks, alpha)
    assert found[-1] == pytest.approx(TABLE[alpha][looks], abs=5.1e-4)
    assert found == pytest.approx(found[-1] * np.sqrt(looks / np.arange(1, looks + 1)))


def test_spending_boundaries_are_those_of_lan_and_demets() -> None:
    # Reboussin, DeMets, Kim & Lan (2000), Controlled Clinical Trials 21:190: five equal looks, two-sided 5 %
    assert spending_bounds([1, 2, 3, 4, 5]) == pytest.approx([4.8769, 3.3569, 2.6803, 2.2898, 2.0310], abs=2e-4)


@pytest.mark.parametrize("information", [[1.0], [0.35, 0.5, 1.0], [3, 4, 4.01, 9], np.linspace(0.1, 1, 12)])
def test_all_looks_together_spend_just_the_error(information: list[float]) -> None:
    found = crossings(spending_bounds(information), information)
    at = np.asarray(information) / information[-1]
    used = np.cumsum(found.upper + found.lower)
    assert used == pytest.approx([spent(fraction) for fraction in at], abs=1e-8)
    assert used[-1] == pytest.approx(0.05, abs=1e-8)


def test_naive_looks_make_an_error_far_above_the_promise() -> None:
    """Armitage, McPherson & Rowe (1969), table 2: 5 % at each look."""
    for looks, error in {1: 0.05, 2: 0.083, 3: 0.107, 4: 0.126, 5: 0.142, 10: 0.193}.items():
        found = crossings([1.96] * looks, range(1, looks + 1))
        assert found.upper.sum() + found.lower.sum() == pytest.approx(error, abs=6e-4)


def test_crossing_chances_are_those_of_simulated_paths() -> None:
    """Uneven looks and an effect that grows: paths drawn from their joint normal law."""
    information, effects = np.array([2.0, 3.0, 7.0, 10.0]), np.array([0.2, 0.5, 0.8, 0.9])
    bounds = spending_bounds(information)
    found = crossings(bounds, information, effects)
    n, rng = 400_000, np.random.default_rng(5)
    steps = np.diff([0.0, *information])
    drift = np.diff([0.0, *(effects * information)])
    z = np.cumsum(rng.normal(drift, np.sqrt(steps), size=(n, 4)), axis=1) / np.sqrt(information)
    stopped = np.zeros(n, dtype=bool)
    for look in range(4):
        for side, beyond in ((found.upper, z[:, look] >= bounds[look]), (found.lower, z[:, look] <= -bounds[look])):
            seen = (beyond & ~stopped).mean()
            error = np.sqrt(max(side[look], 1e-5) * (1 - side[look]) / n)
            assert abs(seen - side[look]) < 4 * error
        stopped |= np.abs(z[:, look]) >= bounds[look]


def test_one_look_has_the_power_of_a_z_test() -> None:
    found = crossings([1.959964], [4.0], [1.0])
    assert found.upper[0] == pytest.approx(stats.norm.sf(1.959964 - 2.0))
    assert found.lower[0] == pytest.approx(stats.norm.cdf(-1.959964 - 2.0))


def test_information_has_to_grow() -> None:
    for wrong in ([], [1, 1], [2, 1], [0, 1]):
        with pytest.raises(ValueError, match="increase"):
            spending_bounds(wrong)


def test_power_of_the_t_test_is_that_of_simulated_samples() -> None:
    rng, n, trials = np.random.default_rng(3), 12, 100_000
    draws = rng.normal(0.8, 1.0, size=(trials, n))
    t = draws.mean(axis=1) / draws.std(axis=1, ddof=1) * np.sqrt(n)
    seen = (np.abs(t) > stats.t.ppf(0.975, n - 1)).mean()
    assert abs(seen - power(0.8, 1.0, n)) < 4 * np.sqrt(seen * (1 - seen) / trials)


@pytest.mark.parametrize(("effect", "n"), [(0.5, 34), (0.8, 15), (0.2, 199)])
def test_sample_sizes_are_those_of_the_tables(effect: float, n: int) -> None:
    """Paired t-test, two-sided 5 %, power 0.8: Cohen (1988) by exact computation (G*Power 3)."""
    assert sample_size(effect, 1.0) == n
    assert power(effect, 1.0, n) >= 0.8 > power(effect, 1.0, n - 1)


def test_the_limit_of_a_standard_deviation_covers_it_four_times_in_five() -> None:
    rng, trials = np.random.default_rng(8), 40_000
    sds = rng.normal(0, 2.0, size=(trials, 10)).std(axis=1, ddof=1)
    above = np.mean([upper_sd(sd, 10) >= 2.0 for sd in sds])
    assert abs(above - 0.8) < 4 * np.sqrt(0.16 / trials)
    assert np.isnan(upper_sd(1.0, 1))


def test_an_nps_of_a_hundred_answers_moves_by_eleven_points() -> None:
    """A satisfied centre: 78 % promoters, 8 % detractors, NPS 70; 95 % of months lie within some 12 points."""
    rng, n = np.random.default_rng(4), 100
    counts = rng.multinomial(n, [0.78, 0.14, 0.08], size=100_000)
    seen = (counts[:, 0] - counts[:, 2]).std() * 100 / n
    assert seen == pytest.approx(nps_sd(0.78, 0.08, n), rel=0.01)
    # ± 11 is that of about 80 % promoters and 6 % detractors
    assert round(1.96 * nps_sd(0.80, 0.06, n)) == 11
