"""Shapley values and pairwise interactions of cooperative games, exact or by sampled orders.

A game says what every bundle of k players is worth. Its array has 2^k entries on the last axis: entry ``mask`` is the
worth of the bundle whose player i is in it if bit i of ``mask`` is set; entry 0 is the empty bundle. Axes before it are
replications. Everything is linear in the worth, so what holds of means holds of every replication.

Sources: Shapley, "A value for n-person games" (1953); Grabisch & Roubens, "An axiomatic approach to the concept of
interaction among players in cooperative games", Int. J. Game Theory 28 (1999), eq. 4; Castro, Gómez & Tejada,
"Polynomial calculation of the Shapley value based on sampling", Comput. Oper. Res. 36 (2009).
"""

import math

import numpy as np


def players(worth: np.ndarray) -> int:
    """Number of players k of a game with 2^k entries.

    Raises:
        ValueError: their number is no power of two.
    """
    k = worth.shape[-1].bit_length() - 1
    if worth.shape[-1] != 1 << k:
        raise ValueError(f"{worth.shape[-1]} entries are no game: it has 2^k")
    return k


def _sizes(masks: np.ndarray) -> np.ndarray:
    return np.array([int(mask).bit_count() for mask in masks])


def shapley_values(worth: np.ndarray) -> np.ndarray:
    """Each player's part, shape (…, k); the parts sum to the whole bundle's worth less the empty one's.

    φ_i = Σ_{S ∌ i} |S|! (k − |S| − 1)! / k! · (v(S ∪ i) − v(S))
    """
    k, masks = players(worth), np.arange(worth.shape[-1])
    weight = np.array([1 / (k * math.comb(k - 1, size)) for size in range(k)])
    parts = []
    for i in range(k):
        without = masks[(masks >> i & 1) == 0]
        parts.append((worth[..., without | 1 << i] - worth[..., without]) @ weight[_sizes(without)])
    return np.stack(parts, axis=-1) if parts else np.empty((*worth.shape[:-1], 0))


def interactions(worth: np.ndarray) -> np.ndarray:
    """Interaction index of each pair, shape (…, k, k), symmetric; nan on the diagonal.

    I_ij = Σ_{S ∌ i, j} |S|! (k − |S| − 2)! / (k − 1)! · (v(S ∪ ij) − v(S ∪ i) − v(S ∪ j) + v(S)): what both together
    add beyond what each adds without the other, averaged over the others' orders.
    """
    k, masks = players(worth), np.arange(worth.shape[-1])
    found = np.full((*worth.shape[:-1], k, k), np.nan)
    weight = np.array([1 / ((k - 1) * math.comb(k - 2, size)) for size in range(k - 1)])
    for i in range(k):
        for j in range(i + 1, k):
            a, b = 1 << i, 1 << j
            without = masks[(masks & (a | b)) == 0]
            beyond = (worth[..., without | a | b] - worth[..., without | a]) - (
                worth[..., without | b] - worth[..., without]
            )
            found[..., i, j] = found[..., j, i] = beyond @ weight[_sizes(without)]
    return found


def first_in(worth: np.ndarray) -> np.ndarray:
    """v({i}) − v(∅), shape (…, k): what each player adds when it comes first."""
    k = players(worth)
    return worth[..., [1 << i for i in range(k)]] - worth[..., :1]


def last_in(worth: np.ndarray) -> np.ndarray:
    """v(N) − v(N∖{i}), shape (…, k): what each player adds when it comes last."""
    k = players(worth)
    whole = (1 << k) - 1
    return worth[..., [whole]] - worth[..., [whole ^ 1 << i for i in range(k)]]


def random_orders(k: int, rng: np.random.Generator) -> np.ndarray:
    """k random orders of k players, one a row: a random order and its rotations.

    Each row by itself is uniform over all k! orders, so the mean over rows is an unbiased estimate of the Shapley
    value (Castro et al. 2009); as every player stands at every place exactly once, places cause no noise between rows,
    and first-in and last-in values come out exact.
    """
    places = np.arange(k)
    return rng.permutation(k)[(places[:, None] + places) % k]


def prefixes(orders: np.ndarray) -> np.ndarray:
    """Masks of the bundles met on the way, shape (rows, k + 1): from the empty one to the whole."""
    met = np.cumsum(1 << orders, axis=1)
    return np.hstack([np.zeros((len(orders), 1), dtype=met.dtype), met])


def sampled_values(orders: np.ndarray, worth_met: np.ndarray) -> np.ndarray:
    """Mean contribution of each player over sampled orders, shape (k,); sums to the whole, as in every single order.

    Args:
        orders: as from :func:`random_orders`.
        worth_met: worth of the bundles of :func:`prefixes`, the same shape.
    """
    added = np.empty(orders.shape, dtype=float)
    np.put_along_axis(added, orders, np.diff(worth_met, axis=1), axis=1)
    return added.mean(axis=0)
