"""Centres that help one another out: lateral transfers of one item, base stock one for one, exponential lead times."""

from dataclasses import dataclass

from tests.theory import chains


@dataclass(frozen=True)
class Pooled:
    """What becomes of the lines of each centre, shares of its lines."""

    shelf: tuple[float, ...]
    """Met from its own shelf."""
    transfer: tuple[float, ...]
    """Met by a transfer."""
    short: tuple[float, ...]
    """Not met from its own shelf."""
    outside: tuple[float, ...]
    """Met by nobody: from outside, lost, or waiting."""


def pooled(
    rates: tuple[float, ...],
    lead: float,
    levels: tuple[int, ...],
    takes: tuple[bool, ...],
    keeps: tuple[int, ...],
    waits: tuple[bool, ...],
    most: int = 60,
) -> Pooled:
    """Markov chain of the orders each centre has under way.

    A line at centre i takes from its own shelf if a unit is there, and i orders one. Short, it takes a unit from the
    other centre with most free (of equals the first), if i ``takes`` and that centre has more than ``keeps[i]``; the
    giver orders one. Else, where i ``waits``, the line is backordered and i orders one; else it is met from outside
    and nothing changes. Each order takes an exponential time of mean ``lead``. Source: the chain of Axsater (1990),
    Management Science 36:1329-1338, without his approximation.
    """
    centres = range(len(rates))

    def who(state, i):
        """Which centre gives: i itself, another, or -1."""
        free = [max(levels[k] - state[k], 0) for k in centres]
        if free[i]:
            return i
        others = [k for k in centres if k != i]
        if takes[i] and others:
            best = max(others, key=lambda k: free[k])
            if free[best] > keeps[i]:
                return best
        return -1

    def one_more(state, k):
        return (*state[:k], state[k] + 1, *state[k + 1 :])

    def moves(state):
        for i in centres:
            giver = who(state, i)
            if giver >= 0:
                yield one_more(state, giver), rates[i]
            elif waits[i] and state[i] < most:
                yield one_more(state, i), rates[i]
            if state[i]:
                yield (*state[:i], state[i] - 1, *state[i + 1 :]), state[i] / lead

    shares = chains.stationary(tuple(0 for _ in centres), moves)
    own = tuple(chains.mean(shares, lambda s, i=i: who(s, i) == i) for i in centres)
    given = tuple(chains.mean(shares, lambda s, i=i: who(s, i) not in (i, -1)) for i in centres)
    none = tuple(chains.mean(shares, lambda s, i=i: who(s, i) == -1) for i in centres)
    return Pooled(own, given, tuple(1 - x for x in own), none)
