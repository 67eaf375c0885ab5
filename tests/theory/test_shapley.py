"""Shapley values and interactions against games whose values are known, and against walking through all orders."""

import math
from collections.abc import Callable
from itertools import permutations

import numpy as np
import pytest

from sim.statistics import shapley

Worth = Callable[[frozenset[int]], float]


def game(k: int, worth: Worth) -> np.ndarray:
    """A game as an array, from what a set of players is worth."""
    return np.array([worth(frozenset(i for i in range(k) if mask >> i & 1)) for mask in range(2**k)])


def any_game(k: int, seed: int) -> tuple[np.ndarray, Worth]:
    """A game without any structure: the worth of each bundle by itself."""
    worth = np.random.default_rng(seed).normal(size=2**k)
    return worth, lambda players: float(worth[sum(2**i for i in players)])


def by_orders(k: int, worth: Worth) -> list[float]:
    """Shapley's own definition: the mean over all k! orders of what a player adds to those before it."""
    total = [0.0] * k
    for order in permutations(range(k)):
        there: frozenset[int] = frozenset()
        for player in order:
            total[player] += worth(there | {player}) - worth(there)
            there |= {player}
    return [x / math.factorial(k) for x in total]


def pair_by_orders(k: int, worth: Worth, i: int, j: int) -> float:
    """Grabisch and Roubens: i and j come as one block; the mean over all (k − 1)! orders of it and the rest."""
    others = [p for p in range(k) if p not in (i, j)]
    total = 0.0
    for order in permutations([-1, *others]):
        s = frozenset(order[: order.index(-1)])
        total += worth(s | {i, j}) - worth(s | {i}) - worth(s | {j}) + worth(s)
    return total / math.factorial(k - 1)


def airport(costs: list[float]) -> list[float]:
    """Littlechild & Owen (1973): each further stretch of runway is shared by those who need it."""
    shares, done = [0.0] * len(costs), 0.0
    for cost in sorted(costs):
        users = [i for i, own in enumerate(costs) if own >= cost]
        for i in users:
            shares[i] += (cost - done) / len(users)
        done = cost
    return shares


@pytest.mark.parametrize("k", [1, 2, 3, 5, 6])
def test_any_game_is_split_as_by_all_orders(k: int) -> None:
    worth, rule = any_game(k, k)
    assert shapley.shapley_values(worth) == pytest.approx(by_orders(k, rule), abs=1e-12)


@pytest.mark.parametrize("k", [2, 3, 5, 6])
def test_interactions_of_any_game_are_as_by_all_orders_of_the_block(k: int) -> None:
    worth, rule = any_game(k, 10 + k)
    found = shapley.interactions(worth)
    for i in range(k):
        assert math.isnan(found[i, i])
        for j in range(i + 1, k):
            assert found[i, j] == found[j, i] == pytest.approx(pair_by_orders(k, rule, i, j), abs=1e-12)


def test_glove_game() -> None:
    """Two left gloves, one right: (1/6, 1/6, 4/6) (Shapley & Shubik)."""
    worth = game(3, lambda s: float(min(len(s & {0, 1}), len(s & {2}))))
    assert shapley.shapley_values(worth) == pytest.approx([1 / 6, 1 / 6, 4 / 6])
    found = shapley.interactions(worth)
    # the two left gloves stand in for one another, each completes the right one half of the time
    assert (found[0, 1], found[0, 2], found[1, 2]) == pytest.approx((-0.5, 0.5, 0.5))


def test_airport_game() -> None:
    costs = [3.0, 8.0, 8.0, 13.0, 20.0]
    worth = game(5, lambda s: max((costs[i] for i in s), default=0.0))
    assert shapley.shapley_values(worth) == pytest.approx(airport(costs))


@pytest.mark.parametrize("members", [{0}, {1, 3}, {0, 2, 4}, {0, 1, 2, 3, 4}])
def test_unanimity_game(members: set[int]) -> None:
    """Worth 1 if all members are there: each has 1/t, each pair of them interacts by 1/(t − 1)."""
    worth, t = game(5, lambda s: float(s >= members)), len(members)
    assert shapley.shapley_values(worth) == pytest.approx([(i in members) / t for i in range(5)])
    found = shapley.interactions(worth)
    for i in range(5):
        for j in set(range(5)) - {i}:
            assert found[i, j] == pytest.approx(1 / (t - 1) if {i, j} <= members else 0.0, abs=1e-12)


def test_additive_game_has_no_interaction_and_every_place_is_the_same() -> None:
    own = [2.0, -1.0, 0.5, 7.0]
    worth = game(4, lambda s: 100 + sum(own[i] for i in s))
    for found in (shapley.shapley_values(worth), shapley.first_in(worth), shapley.last_in(worth)):
        assert found == pytest.approx(own)
    assert np.nanmax(np.abs(shapley.interactions(worth))) < 1e-12


@pytest.mark.parametrize("k", [2, 4, 7, 9])
def test_parts_sum_to_the_whole_in_every_replication(k: int) -> None:
    worth = np.random.default_rng(k).normal(1e6, 1e3, size=(5, 2**k))
    whole = worth[:, -1] - worth[:, 0]
    assert np.abs(shapley.shapley_values(worth).sum(axis=1) - whole).max() < 1e-9 * np.abs(worth).max()


def test_symmetric_players_get_the_same_and_a_dummy_its_own() -> None:
    """Players 0 and 1 can be exchanged; player 3 adds 2.5 to any bundle and nothing else."""
    worth = game(4, lambda s: len(s & {0, 1}) ** 2 * (1 + 3 * (2 in s)) + 2.5 * (3 in s))
    parts = shapley.shapley_values(worth)
    assert parts[0] == pytest.approx(parts[1]) and parts[3] == pytest.approx(2.5)
    assert shapley.interactions(worth)[3, :3] == pytest.approx([0, 0, 0], abs=1e-12)


def test_what_never_moves_anything_has_exactly_nothing() -> None:
    """A mechanism without a cause for a metric must show 0, not a rounding error."""
    base = np.random.default_rng(3).normal(size=8)
    worth = np.concatenate([base, base])  # player 3 changes no bundle's worth
    assert shapley.shapley_values(worth)[3] == 0
    assert (shapley.interactions(worth)[3, :3] == 0).all()


def test_parts_of_a_sum_are_sums_of_parts() -> None:
    (a, _), (b, _) = any_game(5, 1), any_game(5, 2)
    for split in (shapley.shapley_values, shapley.interactions):
        assert np.allclose(split(a + 3 * b), split(a) + 3 * split(b), equal_nan=True)


@pytest.mark.parametrize("k", [3, 4, 6])
def test_orders_and_their_rotations_miss_nothing_on_average(k: int) -> None:
    """Over all k! first orders, the mean of the estimate is the value itself: sampling adds noise, no bias."""
    worth, _ = any_game(k, 20 + k)
    found = []
    for first in permutations(range(k)):
        rows = np.array([first[i:] + first[:i] for i in range(k)])
        found.append(shapley.sampled_values(rows, worth[shapley.prefixes(rows)]))
    assert np.mean(found, axis=0) == pytest.approx(shapley.shapley_values(worth), abs=1e-12)
    assert np.std(found, axis=0).max() > 0.01  # a single one is only an estimate


def test_each_player_stands_at_each_place_once() -> None:
    orders = shapley.random_orders(10, np.random.default_rng(1))
    for line in (*orders, *orders.T):
        assert sorted(line) == list(range(10))
    masks = shapley.prefixes(orders)
    assert set(masks[:, 1]) == {1 << i for i in range(10)}  # every first-in bundle is met
    assert set(masks[:, -2]) == {1023 ^ 1 << i for i in range(10)}  # and every last-in bundle


def test_first_orders_are_uniform() -> None:
    """Rows of random_orders(3): each of the 6 orders with chance 1/6, by χ² at 1 in 1,000."""
    rng, n = np.random.default_rng(5), 3000
    counts: dict[tuple[int, ...], int] = {}
    for _ in range(n):
        row = tuple(int(i) for i in shapley.random_orders(3, rng)[1])
        counts[row] = counts.get(row, 0) + 1
    assert len(counts) == 6
    assert sum((c - n / 6) ** 2 / (n / 6) for c in counts.values()) < 20.52  # χ²(5), 99.9 %


def test_sampled_parts_sum_to_the_whole() -> None:
    worth, _ = any_game(10, 7)
    orders = shapley.random_orders(10, np.random.default_rng(8))
    parts = shapley.sampled_values(orders, worth[shapley.prefixes(orders)])
    assert parts.sum() == pytest.approx(worth[-1] - worth[0], abs=1e-12)


def test_what_is_no_game_is_refused() -> None:
    with pytest.raises(ValueError, match="2\\^k"):
        shapley.shapley_values(np.zeros(6))
