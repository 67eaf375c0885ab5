"""Cars wanted for loans and for test drives; whoever finds none is refused."""

from collections.abc import Sequence

import numpy as np

from tests.theory import chains


def _moves(loans: float, loan_hours: float, drives: float, drive_hours: float, cars: int, kept: int) -> chains.Moves:
    """Chain of (cars lent, cars on test drives): a loan takes any free car, a drive only if more than ``kept`` are
    free."""

    def moves(state):
        lent, driven = state
        free = cars - lent - driven
        if free > 0:
            yield (lent + 1, driven), loans
        if free > kept:
            yield (lent, driven + 1), drives
        if lent:
            yield (lent - 1, driven), lent / loan_hours
        if driven:
            yield (lent, driven - 1), driven / drive_hours

    return moves


def two_uses(loans: float, loan_hours: float, drives: float, drive_hours: float, cars: int, kept: int,
             what: str) -> float:  # fmt: skip
    """Share of loans refused ("loans"), of drives lost ("drives"), or the mean number of cars out ("out").

    Exponential times. Trunk reservation: Miller (1969), Management Science 16:234-245; here by the whole chain.
    """
    shares = chains.stationary((0, 0), _moves(loans, loan_hours, drives, drive_hours, cars, kept))
    if what == "out":
        return chains.mean(shares, lambda s: s[0] + s[1])
    spare = 0 if what == "loans" else kept
    return chains.mean(shares, lambda s: cars - s[0] - s[1] <= spare)


def through_the_week(loans: float, loan_hours: float, drives: Sequence[float], drive_hours: float, cars: int, kept: int,
                     what: str) -> float:  # fmt: skip
    """The same with test drives at an hourly rate that changes through a cycle (24 or 168 hours), loans at a
    constant one.

    Kolmogorov's forward equations in their periodic steady state; shares of the requests of a whole cycle.
    """
    phases = [(1.0, _moves(loans, loan_hours, rate, drive_hours, cars, kept)) for rate in drives]
    states, means = chains.periodic((0, 0), phases, steps=40)
    spare = 0 if what == "loans" else kept
    none = np.array([float(cars - lent - driven <= spare) for lent, driven in states])
    weights = np.ones(len(means)) if what == "loans" else np.array(drives, dtype=float)
    return float(sum(w * (m @ none) for w, m in zip(weights, means, strict=True)) / weights.sum())


def weekly_profile(per_day: float, weekdays: Sequence[float], slices: Sequence[float]) -> list[float]:
    """Hourly rates of a week: ``per_day`` on a day of weight 1, spread over equal slices of the day by weight."""
    hours = 24 // len(slices)
    return [per_day * day * part / sum(slices) / hours for day in weekdays for part in slices for _ in range(hours)]
