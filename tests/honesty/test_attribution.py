"""Do intervals of an attribution hold what they promise? On games whose parts are known, under shared luck.

Worth of a bundle in a replication: its true mean, luck that all bundles of a replication share, luck of its own, and
effects that are larger in one replication than in another. ``RHO`` is the correlation that shared luck makes.
"""

import math
from collections.abc import Callable

import numpy as np
import pytest

from sim.statistics import shapley
from sim.studies.attribution import Met, exact, pair_rows, part_rows, sampled
from tests.honesty.record import record

RHO, SPREAD = 0.9, 0.02
FULL, QUICK = 1000, 60
QUANTITIES = {
    "shapley": ("份额", "Shapley parts"),
    "total": ("总变化", "total change"),
    "first_in": ("单独上", "change if alone"),
    "last_in": ("最后上", "change if added last"),
    "interaction": ("相互作用", "interactions"),
}
Hits = dict[str, list[float]]
"""For each quantity, one share of intervals that hold the truth a meta-replication."""


def truth(k: int, rng: np.random.Generator) -> np.ndarray:
    """A game without structure about the size of the article's: 15 % shortage, parts of a few points."""
    worth = 0.15 + rng.normal(0, 0.03, 2**k)
    own = rng.normal(0, 0.03, k)
    return worth + sum(own[i] * (np.arange(2**k) >> i & 1) for i in range(k))


def runs(mean: np.ndarray, replications: int, rho: float, rng: np.random.Generator) -> np.ndarray:
    """Replications of a game with that mean, (replications, 2^k)."""
    shared, own = rng.normal(size=(replications, 1)), rng.normal(size=(replications, len(mean)))
    size = 1 + 0.2 * rng.normal(size=(replications, 1))
    return mean[0] + (mean - mean[0]) * size + SPREAD * (math.sqrt(rho) * shared + math.sqrt(1 - rho) * own)


def held(rows: list[dict[str, float]], low: str, high: str, true: np.ndarray) -> float:
    """Share of rows whose interval holds the truth."""
    assert len(rows) == len(true)
    return float(np.mean([row[low] <= t <= row[high] for row, t in zip(rows, true, strict=True)]))


def judge_parts(rows: list[dict[str, float]], mean: np.ndarray, hits: Hits) -> None:
    """Intervals of one attribution against the true game."""
    *parts, total = rows
    true = {"shapley": shapley.shapley_values(mean), "first_in": shapley.first_in(mean)}
    true["last_in"] = shapley.last_in(mean)
    hits["total"].append(held([total], "low", "high", mean[-1:] - mean[0]))
    for quantity, values in true.items():
        ends = ("low", "high") if quantity == "shapley" else (f"{quantity}_low", f"{quantity}_high")
        hits[quantity].append(held(parts, *ends, values))


def exact_study(k: int, replications: int, rng: np.random.Generator, hits: Hits) -> None:
    names, mean = [f"m{i}" for i in range(k)], truth(k, rng)
    worth = runs(mean, replications, RHO, rng)
    judge_parts(part_rows("shortage_rate", names, exact(worth), "exact"), mean, hits)
    true = shapley.interactions(mean)[np.triu_indices(k, 1)]
    hits["interaction"].append(held(pair_rows("shortage_rate", names, worth), "low", "high", true))


def sampled_study(k: int, replications: int, rng: np.random.Generator, hits: Hits) -> None:
    names, mean = [f"m{i}" for i in range(k)], truth(k, rng)
    met = [
        Met(shapley.random_orders(k, rng), lambda mask, metric, worth=worth: float(worth[mask]))  # type: ignore[misc]
        for worth in runs(mean, replications, RHO, rng)
    ]
    judge_parts(part_rows("shortage_rate", names, sampled(met, "shortage_rate"), "sampled"), mean, hits)


def coverage(study: Callable[..., None], ks: tuple[int, ...], replications: int, n: int, seed: int) -> Hits:
    """Shares held in n meta-replications of each k."""
    hits: Hits = {name: [] for name in QUANTITIES}
    rng = np.random.default_rng([seed, replications])
    for k in ks:
        for _ in range(n):
            study(k, replications, rng, hits)
    return {name: shares for name, shares in hits.items() if shares}


def with_error(shares: list[float]) -> tuple[float, float]:
    """Mean and its Monte-Carlo error; parts of one attribution are not independent, attributions are."""
    return float(np.mean(shares)), float(np.std(shares, ddof=1) / math.sqrt(len(shares)))


@pytest.mark.parametrize("replications", [10, 30])
def test_intervals_hold_quickly(replications: int) -> None:
    """Within four errors: twenty intervals are looked at here."""
    found = coverage(exact_study, (4, 7), replications, QUICK, 11)
    found |= {f"sampled {name}": v for name, v in coverage(sampled_study, (10,), replications, QUICK, 12).items()}
    for name, shares in found.items():
        share, error = with_error(shares)
        assert abs(share - 0.95) < 4 * error, (name, share, error)


@pytest.mark.slow
@pytest.mark.parametrize("replications", [10, 30])
def test_intervals_of_exact_attributions_hold(replications: int) -> None:
    """1,000 meta-replications of each k = 4 … 7, pooled: within two Monte-Carlo errors of 95 %."""
    found = coverage(exact_study, (4, 5, 6, 7), replications, FULL, 1)
    for name, shares in found.items():
        share, error = with_error(shares)
        zh, en = QUANTITIES[name]
        record(
            f"attribution_{name}_{replications}", f"贡献分解：{zh}的 95 % 区间覆盖率（{replications} 次重复）",
            f"attribution: coverage of the 95 % interval of {en} ({replications} replications)", "95 %", share, error,
            len(shares),
        )  # fmt: skip
        assert abs(share - 0.95) < 2 * error, (name, share, error)
        for place, k in enumerate((4, 5, 6, 7)):  # a single k: twenty looks, so a wider limit
            share, error = with_error(shares[place * FULL : (place + 1) * FULL])
            assert abs(share - 0.95) < 3.5 * error, (name, k, share, error)


@pytest.mark.slow
@pytest.mark.parametrize("replications", [10, 30])
def test_intervals_of_sampled_attributions_hold(replications: int) -> None:
    """Ten mechanisms, orders drawn anew in each replication: the interval covers luck and sampling."""
    for name, shares in coverage(sampled_study, (10,), replications, FULL, 2).items():
        share, error = with_error(shares)
        zh, en = QUANTITIES[name]
        record(
            f"attribution_sampled_{name}_{replications}",
            f"贡献分解（抽样近似，10 个机制）：{zh}的 95 % 区间覆盖率（{replications} 次重复）",
            f"attribution by sampled orders (10 mechanisms): coverage of the 95 % interval of {en} "
            f"({replications} replications)",
            "95 %", share, error, len(shares),
        )  # fmt: skip
        assert abs(share - 0.95) < 2 * error, (name, share, error)


def rare_shares(k: int, replications: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """True and simulated shares of 300 customers, 2 % to 6 %: the same customers are unlucky under every bundle."""
    mean = np.clip(truth(k, rng) - 0.11, 0.02, 0.06)
    luck = rng.random((replications, 300, 1))
    return mean, (luck < mean).mean(axis=1)


def long_disputes(k: int, replications: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """True and simulated mean days of 40 lognormal disputes a replication (σ = 1.2), shortened by bundles."""
    factor = 5 * np.exp(truth(k, rng))
    days = rng.lognormal(-(1.2**2) / 2, 1.2, (replications, 40)).mean(axis=1, keepdims=True)
    return factor, days * factor * (1 + 0.02 * rng.normal(size=(replications, 2**k)))


@pytest.mark.slow
@pytest.mark.parametrize("kind, zh, en", [
    (rare_shares, "2 %–6 % 的比率", "shares of 2 % to 6 %"),
    (long_disputes, "长尾的争议天数", "long-tailed days of disputes"),
])  # fmt: skip
@pytest.mark.parametrize("replications", [10, 30])
def test_intervals_of_what_is_not_normal(
    kind: Callable[..., tuple[np.ndarray, np.ndarray]], zh: str, en: str, replications: int
) -> None:
    """Student's t is exact for normal values only: kept as it is found, and never below 92 %."""
    rng, hits, names = np.random.default_rng([7, replications]), {name: [] for name in QUANTITIES}, list("abcdef")
    for _ in range(FULL):
        mean, worth = kind(len(names), replications, rng)
        judge_parts(part_rows("shortage_rate", names, exact(worth), "exact"), mean, hits)
    share, error = with_error(hits["shapley"])
    record(
        f"attribution_{kind.__name__}_{replications}",
        f"贡献分解：{zh}，份额的 95 % 区间覆盖率（{replications} 次重复）",
        f"attribution: {en}, coverage of the 95 % interval of parts ({replications} replications)", "95 %", share,
        error, FULL,
    )  # fmt: skip
    assert 0.92 < share < 0.97


def narrowing(n: int, seed: int) -> tuple[float, float]:
    """Mean half-width of parts under shared luck (correlation 0.9) over that under independent luck; and its error.

    With effects of one size only the bundles' own luck is left: √(1 − 0.9) = 0.316.
    """
    rng, ratios, names = np.random.default_rng(seed), [], [f"m{i}" for i in range(7)]
    for _ in range(n):
        mean, width = truth(7, rng), []
        for rho in (RHO, 0.0):
            own = rng.normal(size=(10, 128)) * math.sqrt(1 - rho) + rng.normal(size=(10, 1)) * math.sqrt(rho)
            rows = part_rows("shortage_rate", names, exact(mean + SPREAD * own), "exact")[:-1]
            width.append(np.mean([row["high"] - row["low"] for row in rows]))
        ratios.append(float(width[0] / width[1]))
    return with_error(ratios)


def test_shared_luck_narrows_intervals() -> None:
    # the ratio of two means of 7 half-widths is a little above the ratio of their expectations
    ratio, error = narrowing(100, 3)
    assert abs(ratio - math.sqrt(1 - RHO)) < 4 * error + 0.01


@pytest.mark.slow
def test_shared_luck_narrows_intervals_as_much_as_it_should() -> None:
    ratio, error = narrowing(FULL, 4)
    record(
        "attribution_shared_luck", "贡献分解：相关 0.9 的共同随机数下，份额区间的半宽是各跑各的几分之几",
        "attribution: half-width of parts under common random numbers (correlation 0.9) as a share of that under "
        "independent luck", "√0.1 ≈ 0.316", ratio, error, FULL,
    )  # fmt: skip
    assert abs(ratio - math.sqrt(1 - RHO)) < 2 * error + 0.01


def test_orders_drawn_once_for_all_would_promise_too_much() -> None:
    """Why orders are drawn anew: with one draw for all replications the interval misses the sampling error."""
    rng, fixed, anew = np.random.default_rng(5), [], []
    for _ in range(100):
        mean = truth(10, rng)
        worth = runs(mean, 10, RHO, rng)
        true, once = shapley.shapley_values(mean), shapley.random_orders(10, rng)
        for shares, orders in ((fixed, [once] * 10), (anew, [shapley.random_orders(10, rng) for _ in range(10)])):
            met = [
                Met(o, lambda mask, metric, w=w: float(w[mask]))  # type: ignore[misc]
                for o, w in zip(orders, worth, strict=True)
            ]
            rows = part_rows("shortage_rate", [str(i) for i in range(10)], sampled(met, "shortage_rate"), "x")[:-1]
            shares.append(held(rows, "low", "high", true))
    assert with_error(fixed)[0] < 0.8 and with_error(anew)[0] > 0.9
