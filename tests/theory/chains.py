"""Markov chains with finitely many states: stationary laws, and periodic ones by stepping through a cycle."""

from collections.abc import Callable, Hashable, Iterable

import numpy as np
from scipy import sparse
from scipy.sparse import linalg

Moves = Callable[[Hashable], Iterable[tuple[Hashable, float]]]
"""From a state: (next state, rate) of every move."""


def reachable(start: Hashable, moves: Moves) -> dict[Hashable, int]:
    """Numbers of all states that can be reached."""
    states, todo = {start: 0}, [start]
    while todo:
        for state, rate in moves(todo.pop()):
            if rate > 0 and state not in states:
                states[state] = len(states)
                todo.append(state)
    return states


def generator(states: dict[Hashable, int], moves: Moves) -> sparse.csr_matrix:
    """The chain's rate matrix; rows sum to zero."""
    rows, columns, rates = [], [], []
    for state, i in states.items():
        for other, rate in moves(state):
            if rate > 0:
                rows += [i, i]
                columns += [states[other], i]
                rates += [rate, -rate]
    size = len(states)
    return sparse.csr_matrix((rates, (rows, columns)), shape=(size, size))


def stationary(start: Hashable, moves: Moves) -> dict[Hashable, float]:
    """Long-run share of time in each state: pi Q = 0, sum 1, by one sparse solve."""
    states = reachable(start, moves)
    matrix = generator(states, moves).T.tolil()
    matrix[0, :] = 1.0
    right = np.zeros(len(states))
    right[0] = 1.0
    found = linalg.spsolve(matrix.tocsc(), right)
    return dict(zip(states, found.tolist(), strict=True))


def mean(shares: dict[Hashable, float], value: Callable[[Hashable], float]) -> float:
    """Long-run mean of a function of the state."""
    return float(sum(share * value(state) for state, share in shares.items()))


def periodic(
    start: Hashable,
    phases: list[tuple[float, Moves]],
    steps: int = 200,
) -> tuple[dict[Hashable, int], list[np.ndarray]]:
    """A chain whose rates change through a cycle of phases (hours, moves), in its periodic steady state.

    Kolmogorov's forward equations by Crank-Nicolson steps, which keep the sum of the shares at 1; the cycle's own
    fixed point by repeating it until it does not move.

    Returns:
        the states, and for each phase the shares averaged over it (mean over the phase by the trapezoid rule).
    """
    states: dict[Hashable, int] = {}
    for _, moves in phases:
        for state in reachable(start, moves):
            states.setdefault(state, len(states))
    size = len(states)
    solvers = []
    for hours, moves in phases:
        matrix = generator(states, moves).T.tocsc()
        step = hours / steps
        identity = sparse.identity(size, format="csc")
        solvers.append((linalg.splu((identity - step / 2 * matrix).tocsc()), (identity + step / 2 * matrix).tocsr()))
    shares = np.zeros(size)
    shares[0] = 1.0
    for _ in range(2000):
        before = shares
        means = []
        for implicit, explicit in solvers:
            total = shares / 2
            for _ in range(steps):
                shares = implicit.solve(explicit @ shares)
                total = total + shares
            means.append((total - shares / 2) / steps)
        if np.abs(shares - before).max() < 1e-12:
            return states, means
    raise ArithmeticError("the cycle did not settle")
