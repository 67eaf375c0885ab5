"""Centres that help one another out: lateral transfers on a stock-out. Rates are lines a day, lead times days.

Each centre holds base stock (one unit a line, each unit taken is ordered again at once by the centre whose shelf it
left), Poisson lines, exponential lead times (every order has its own; orders may cross). A transfer takes no time.
Who is short takes a unit from the centre, among those it may ask, that has most free units; ties go to the lowest
number. A centre gives only if more than ``keep`` units are free.

State: net inventory n_i of each centre. On order at centre i are always levels_i - n_i units, which come at rate
(levels_i - n_i) / lead_time_i, one at a time: n_i -> n_i + 1. A line at i (rate_i):
  * n_i > 0: from the own shelf, n_i -> n_i - 1;
  * n_i <= 0 and a giver j (n_j > keep, n_j > 0): n_j -> n_j - 1;
  * otherwise with an emergency source: served from outside, no change (n_i is never below 0);
  * otherwise without one: it waits for its own centre's next unit, n_i -> n_i - 1. Who waits is not helped later, and
    a unit that comes in goes to whom waits longest.
By PASTA the shares of lines are shares of time.
Source: Axsaeter, Management Science 36 (1990) 1329-1338 (the rule and its approximation); Kukreja, Schmidt & Miller,
Management Science 47 (2001) 1371-1383; here by the chain itself, exactly.
"""

from collections.abc import Sequence
from typing import NamedTuple

from tests.theory.chains import Chain, stationary, walk, with_room


class Served(NamedTuple):
    """Where one centre's lines are served from; the three add up to 1."""

    own_shelf: float
    """Share filled from the own shelf."""
    transfer: float
    """Share filled by another centre at once."""
    short: float
    """Share served by the emergency source, or waiting if there is none."""


def everybody_helps(centres: int) -> tuple[tuple[int, ...], ...]:
    """Each centre may ask every other: complete pooling."""
    return tuple(tuple(other for other in range(centres) if other != centre) for centre in range(centres))


def only_first_is_helped(centres: int) -> tuple[tuple[int, ...], ...]:
    """Centre 0 may ask the others; they ask nobody."""
    return (tuple(range(1, centres)), *((),) * (centres - 1))


def nobody_helps(centres: int) -> tuple[tuple[int, ...], ...]:
    """Each centre for itself."""
    return ((),) * centres


def transfers(
    rates: Sequence[float],
    lead_times: Sequence[float],
    levels: Sequence[int],
    may_ask: Sequence[Sequence[int]],
    keep: int = 0,
    emergency: bool = True,
) -> list[Served]:
    """Shares of each centre's lines by where they are served from.

    ``may_ask[i]`` lists whom centre i may ask; ``emergency``: whether a line that nobody has is served from outside
    (with ``False`` it waits at its own centre). The chain has the product of (level + 1) states with an emergency
    source; without one the backlogs are cut where they are practically never seen.
    """
    if emergency:
        chain = _chain(rates, lead_times, levels, may_ask, keep, backlog=0)
        law = stationary(chain)
    else:
        chain, law = with_room(
            lambda room: _chain(rates, lead_times, levels, may_ask, keep, backlog=room),
            lambda state, room: min(state) == -room,
            8,
        )
    found = []
    for centre in range(len(rates)):
        own = law @ chain.values(lambda state, i=centre: state[i] > 0)
        helped = law @ chain.values(
            lambda state, i=centre: state[i] <= 0 and _giver(state, may_ask[i], keep) is not None
        )
        found.append(Served(float(own), float(helped), float(1 - own - helped)))
    return found


def _chain(
    rates: Sequence[float],
    lead_times: Sequence[float],
    levels: Sequence[int],
    may_ask: Sequence[Sequence[int]],
    keep: int,
    backlog: int,
) -> Chain:
    def moves(state):
        for centre, rate in enumerate(rates):
            if state[centre] < levels[centre]:
                yield (levels[centre] - state[centre]) / lead_times[centre], _changed(state, centre, 1)
            source = centre if state[centre] > 0 else _giver(state, may_ask[centre], keep)
            if source is None and state[centre] > -backlog:
                source = centre
            if source is not None:
                yield rate, _changed(state, source, -1)

    return walk(tuple(levels), moves)


def _giver(state: tuple[int, ...], others: Sequence[int], keep: int) -> int | None:
    """The centre with most free units among ``others``, if it has more than it keeps."""
    best = max(others, key=lambda other: (state[other], -other), default=None)
    return best if best is not None and state[best] > max(keep, 0) else None


def _changed(state: tuple[int, ...], centre: int, by: int) -> tuple[int, ...]:
    return (*state[:centre], state[centre] + by, *state[centre + 1 :])
