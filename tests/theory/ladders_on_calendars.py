"""The ladder of ``ladders.py`` in an office with opening hours: exact time to settlement on the wall clock.

Gaps between meetings run in office hours only. The limit of a level runs on a clock of its own: the wall clock
(``Openings.always``), the office's, or another, such as working days round the clock. Clocks come again after a cycle
(a day, a week); the claim begins at a uniform moment of the cycle, or of the office's opening hours.

Conventions, those of ``sim/departments/disputes.py``: a deadline of the wall clock may fall in the night, and its
meeting is then held in the night; a limit whose last hour ends with the closing ends at that closing, not at the next
opening; a gap that begins while the office is closed begins at its opening.

Exponential gaps have no memory, so on the office's clock meetings are a Poisson process from any moment on, whatever
was before. For a claim that begins at s the deadlines d_1 < d_2 < d_3 are certain numbers, and
  P(unsettled at t) = product over the levels passed of exp(-rate office(d_{k-1}, d_k)) (1 - settles) and, on the level
  it is on, exp(-rate office(d_{k-1}, t)), with office(a, b) = office hours between a and b,
(out of authority: factor 1). That is a tail of exponential pieces; its integrals are exact. The mean over s is taken
by Gauss-Legendre between the moments at which s, or a deadline that follows from it, meets an opening or a closing:
between them all is smooth. Own derivation.

Identity: with the limit on the office's clock, the time to settlement in office hours is that of
``ladders.settlement``.
"""

import itertools
import math
from bisect import bisect_left
from collections.abc import Callable, Sequence

import numpy as np

from tests.theory.ladders import LEVELS, Rules, Settlement, decay_integrals

TOLERANCE = 1e-9


class Openings:
    """Opening hours that come again: intervals (opens, closes) in a cycle that begins at 0, hours."""

    def __init__(self, intervals: Sequence[tuple[float, float]], cycle: float = 24.0) -> None:
        self.cycle = cycle
        self.intervals = sorted(intervals)
        self.cumulated = np.cumsum([closes - opens for opens, closes in self.intervals]).tolist()
        self.per_cycle: float = self.cumulated[-1]

    @classmethod
    def always(cls, cycle: float = 24.0) -> "Openings":
        """Open round the clock: the wall clock."""
        return cls([(0.0, cycle)], cycle)

    @classmethod
    def daily(cls, opens: float, closes: float, days: int = 1, of: int = 1) -> "Openings":
        """The same hours on the first ``days`` days of a cycle ``of`` so many."""
        return cls([(24.0 * day + opens, 24.0 * day + closes) for day in range(days)], 24.0 * of)

    def before(self, time: float) -> float:
        """Open hours from 0 to ``time``."""
        cycles, rest = divmod(time, self.cycle)
        inside = sum(min(max(rest - opens, 0.0), closes - opens) for opens, closes in self.intervals)
        return cycles * self.per_cycle + inside

    def reach(self, hours: float) -> float:
        """First moment at which ``hours`` open hours since 0 are over: at the end of an interval, its closing."""
        cycles = math.ceil((hours - TOLERANCE) / self.per_cycle) - 1
        rest = hours - cycles * self.per_cycle
        place = min(bisect_left(self.cumulated, rest - TOLERANCE), len(self.cumulated) - 1)
        return cycles * self.cycle + self.intervals[place][1] - (self.cumulated[place] - rest)

    def after(self, time: float, hours: float) -> float:
        """Moment at which ``hours`` (> 0) of open time, begun at ``time``, are over."""
        return self.reach(self.before(time) + hours)

    def bounds(self) -> list[float]:
        """Openings and closings in one cycle."""
        return [bound for interval in self.intervals for bound in interval]

    def is_open(self, time: float) -> bool:
        """Whether it is open at ``time``."""
        return any(opens <= time % self.cycle < closes for opens, closes in self.intervals)


def settlement_on_calendar(
    rules: Rules, office: Openings, clock: Openings, begins_open: bool = False, nodes: int = 16
) -> Settlement:
    """Mean and variance of the wall-clock time to settlement, and shares by level.

    ``clock`` is what the limit runs on. ``begins_open``: claims begin in office hours only (uniformly), otherwise at
    any moment. Both calendars must have the same cycle.
    """

    def of(start: float) -> np.ndarray:
        return _one_start(rules, office, clock, start)

    edges = _edges(office, clock, rules.limit)
    mean, square, *shares = _over_starts(of, edges, office, begins_open, nodes)
    return Settlement(float(mean), float(square - mean**2), (float(shares[0]), float(shares[1]), float(shares[2])))


def unsettled_on_calendar(
    rules: Rules, office: Openings, clock: Openings, time: float, begins_open: bool = False, nodes: int = 16
) -> float:
    """P(wall-clock time to settlement > time); at a deadline: after the meeting held there."""

    def of(start: float) -> np.ndarray:
        return np.array([_unsettled(rules, office, clock, start, time)])

    edges = _edges(office, clock, rules.limit)
    edges += [(bound - time) % office.cycle for bound in office.bounds() + clock.bounds()]
    edges += _deadline_crossings(sorted(edges), clock, rules.limit, time)
    return float(_over_starts(of, edges, office, begins_open, nodes)[0])


def _deadlines(rules: Rules, clock: Openings, start: float) -> list[float]:
    deadlines = [start]
    for _ in range(LEVELS):
        deadlines.append(clock.after(deadlines[-1], rules.limit))
    return deadlines


def _one_start(rules: Rules, office: Openings, clock: Openings, start: float) -> np.ndarray:
    """Mean, mean square and shares by level of a claim that begins at ``start``."""
    deadlines = _deadlines(rules, clock, start)
    found = np.zeros(2 + LEVELS)
    pieces = [_pieces(office, deadlines[level], deadlines[level + 1]) for level in range(LEVELS)]
    for share, first in rules.kinds():
        left = share
        for level in range(LEVELS):
            arrived = left
            for begin, end, is_open in pieces[level]:
                rate = rules.rate(level, first) if is_open else 0.0
                plain, weighted = decay_integrals(rate, end - begin)
                found[0] += left * plain
                found[1] += 2 * left * ((begin - start) * plain + weighted)
                left *= math.exp(-rate * (end - begin))
            left *= rules.fails_at_deadline(level, first)
            found[2 + level] += arrived - left
    return found


def _unsettled(rules: Rules, office: Openings, clock: Openings, start: float, time: float) -> float:
    """P(unsettled ``time`` hours after ``start``)."""
    deadlines = _deadlines(rules, clock, start)
    at, total = start + time, 0.0
    for share, first in rules.kinds():
        for level in range(LEVELS):
            until = min(at, deadlines[level + 1])
            hours = office.before(until) - office.before(deadlines[level])
            share *= math.exp(-rules.rate(level, first) * hours)
            if at < deadlines[level + 1] - TOLERANCE:
                break
            share *= rules.fails_at_deadline(level, first)
        total += share
    return total


def _pieces(office: Openings, begin: float, end: float) -> list[tuple[float, float, bool]]:
    """The stretch from ``begin`` to ``end``, cut at the office's openings and closings."""
    first, last = int(begin // office.cycle), int(end // office.cycle)
    inside = [
        cycle * office.cycle + bound
        for cycle in range(first, last + 1)
        for bound in office.bounds()
        if begin < cycle * office.cycle + bound < end
    ]
    cuts = [begin, *inside, end]
    return [(a, b, office.is_open((a + b) / 2)) for a, b in itertools.pairwise(cuts) if b > a]


def _edges(office: Openings, clock: Openings, limit: float) -> list[float]:
    """Starts in a cycle at which the start or a deadline meets an opening or a closing."""
    bounds = office.bounds() + clock.bounds()
    edges = [bound % office.cycle for bound in bounds]
    for level in range(1, LEVELS + 1):
        edges += [clock.reach(clock.before(bound) - level * limit) % office.cycle for bound in bounds]
    return edges


def _deadline_crossings(edges: list[float], clock: Openings, limit: float, time: float) -> list[float]:
    """Starts at which a deadline falls ``time`` hours later (the clock's hours until then are linear between edges)."""
    found = []
    cuts = sorted({0.0, *edges, clock.cycle})
    for a, b in itertools.pairwise(cuts):
        at_a, at_b = (clock.before(s + time) - clock.before(s) for s in (a, b))
        for level in range(1, LEVELS + 1):
            if min(at_a, at_b) < level * limit < max(at_a, at_b):
                found.append(a + (b - a) * (level * limit - at_a) / (at_b - at_a))
    return found


def _over_starts(
    of: Callable[[float], np.ndarray], edges: list[float], office: Openings, begins_open: bool, nodes: int
) -> np.ndarray:
    """Mean of a function of the start over a cycle, or over its office hours, by Gauss-Legendre between the edges."""
    points, weights = np.polynomial.legendre.leggauss(nodes)
    total, length = 0.0, 0.0
    cuts = sorted({0.0, *edges, office.cycle})
    for a, b in itertools.pairwise(cuts):
        if b - a < TOLERANCE or (begins_open and not office.is_open((a + b) / 2)):
            continue
        length += b - a
        total += sum(
            weight * (b - a) / 2 * of(a + (b - a) * (point + 1) / 2)
            for point, weight in zip(points, weights, strict=True)
        )
    return total / length
