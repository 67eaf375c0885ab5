"""Markov chains in continuous time: states found by walking, stationary laws, periodic laws.

A chain is told as one function: from a state, the moves (rate, next state). Nothing here knows cars or queues.
Endless chains are cut where a state is "at the edge": the moves that would leave it are left out, and the cut is moved
out until the edge holds less than ``EDGE`` of the time, which keeps every mean below to better than 1e-9.
"""

from collections.abc import Callable, Hashable, Iterable
from typing import NamedTuple

import numpy as np
from scipy import sparse, stats
from scipy.sparse.linalg import LinearOperator, eigs, splu

EDGE = 1e-13
Moves = Callable[[Hashable], Iterable[tuple[float, Hashable]]]


class Chain(NamedTuple):
    """States reached from the first one, and the generator (row = from, rates per unit of time)."""

    states: list
    generator: sparse.csr_array

    def values(self, function: Callable[[Hashable], float]) -> np.ndarray:
        """The function at every state, in the chain's order."""
        return np.array([function(state) for state in self.states], dtype=float)


def walk(first: Hashable, moves: Moves) -> Chain:
    """All states that can be reached from ``first``, and the generator on them."""
    states, known = [first], {first}
    for state in states:  # the list grows while it is walked
        for rate, after in moves(state):
            if rate > 0 and after not in known:
                known.add(after)
                states.append(after)
    return on_states(states, moves)


def on_states(states: list, moves: Moves) -> Chain:
    """The generator on states that are known already: the same places with other rates."""
    number = {state: place for place, state in enumerate(states)}
    found = [(rate, here, number[after]) for here, state in enumerate(states) for rate, after in moves(state) if rate]
    rates, rows, columns = zip(*found, strict=True) if found else ((), (), ())
    flow = sparse.csr_array((np.array(rates, dtype=float), (rows, columns)), shape=(len(states), len(states)))
    return Chain(states, sparse.csr_array(flow - sparse.diags_array(flow.sum(axis=1))))


def stationary(chain: Chain) -> np.ndarray:
    """Share of time in each state in the long run: p Q = 0, sum p = 1.

    The first state's weight is fixed at 1 and its balance equation, which the others imply, is left out.
    """
    size = len(chain.states)
    if size == 1:
        return np.ones(1)
    balance = chain.generator.T.tocsc()
    others = splu(balance[1:, 1:]).solve(-balance[1:, [0]].toarray().ravel())
    weights = np.maximum(np.concatenate([[1.0], others]), 0.0)
    return weights / weights.sum()


def with_room(build: Callable[[int], Chain], edge: Callable[[Hashable, int], bool], room: int) -> tuple:
    """Chain and stationary law with so much room that the states at the edge hold less than ``EDGE``."""
    for _ in range(12):
        chain = build(room)
        law = stationary(chain)
        at_edge = chain.values(lambda state, room=room: edge(state, room))
        if at_edge @ law < EDGE:
            return chain, law
        room = room * 3 // 2 + 1
    raise ValueError("the chain does not fit: is it stable?")


class Spell(NamedTuple):
    """A stretch of time with constant rates."""

    generator: sparse.csr_array
    hours: float


def propagate(law: np.ndarray, spell: Spell) -> tuple[np.ndarray, np.ndarray]:
    """Law at the end of a spell, and the integral of the law over it (unit: time).

    Uniformisation: with a clock of rate r, law(t) = sum_k Poisson(k; r t) law P^k, and the integral has the weights
    P(Poisson(r t) > k) / r. Source: Jensen (1953); Grassmann, Computers & Operations Research 4 (1977) 47-53.
    """
    rate = float(-spell.generator.diagonal().min())
    if spell.hours == 0 or rate == 0:
        return law, law * spell.hours
    jumps = sparse.csr_array((spell.generator / rate + sparse.eye_array(len(law))).T)
    ticks = np.arange(int(stats.poisson.isf(1e-16, rate * spell.hours)) + 2)
    at_end = stats.poisson.pmf(ticks, rate * spell.hours)
    during = stats.poisson.sf(ticks, rate * spell.hours) / rate
    end, integral = np.zeros_like(law), np.zeros_like(law)
    for now, before in zip(at_end, during, strict=True):
        end += now * law
        integral += before * law
        law = jumps @ law
    return end, integral


def periodic(spells: list[Spell]) -> np.ndarray:
    """Law at the start of a cycle of spells that comes back to itself, cycle after cycle.

    Cycle after cycle until it stays; where that takes long, by way of Arnoldi's method, which finds the eigenvector to
    the eigenvalue 1 of the map over one cycle.
    """
    size = spells[0].generator.shape[0]

    def cycle(law: np.ndarray) -> np.ndarray:
        law = np.asarray(law).ravel()
        for spell in spells:
            law, _ = propagate(law, spell)
        return law

    law, after = np.full(size, 1 / size), 0
    while True:
        before, law = law, cycle(law)
        law, after = law / law.sum(), after + 1
        if np.abs(law - before).sum() < 1e-13:
            return law
        if after == 6 and size > 3:  # it forgets slowly
            _, vectors = eigs(LinearOperator((size, size), matvec=cycle, dtype=float), k=1, which="LM", v0=law)
            law = np.abs(np.real(vectors[:, 0]))
        if after > 500:
            raise ValueError("no periodic law was found")
