"""A fleet of equal cars that are lent or driven: requests are lost if no car is free. Rates per hour, times in hours.

Loans and test drives come as Poisson streams and last exponential times. A loan takes any free car; a drive only if
more than ``kept`` cars are free (cars kept back for loans). State: (cars on loan, cars on a drive).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from tests.theory.chains import Chain, Spell, on_states, periodic, propagate, stationary, walk


class Lost(NamedTuple):
    """Shares of requests lost, and use."""

    loans: float
    """Share of loan requests lost."""
    drives: float
    """Share of test drives lost."""
    use: float
    """Share of the cars' time on loan or on a drive."""


def _moves(cars: int, kept: int, rates: tuple[float, float], hours: tuple[float, float]):
    def moves(state):
        loans, drives = state
        free = cars - loans - drives
        if free > 0:
            yield rates[0], (loans + 1, drives)
        if free > kept:
            yield rates[1], (loans, drives + 1)
        if loans:
            yield loans / hours[0], (loans - 1, drives)
        if drives:
            yield drives / hours[1], (loans, drives - 1)

    return moves


def _measures(chain: Chain, cars: int, kept: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Whether a loan is lost, whether a drive is lost, cars in use, at each state."""
    used = chain.values(sum)
    return (used >= cars).astype(float), (used >= cars - kept).astype(float), used


def lost_requests(
    cars: int, loan_rate: float, loan_hours: float, drive_rate: float, drive_hours: float, kept: int = 0
) -> Lost:
    """Shares lost with constant rates; by PASTA the shares of time in which a request would be lost.

    With kept = 0 both are Erlang B of the total load (Gross et al. 2008, section 2.6; insensitive to the laws of the
    durations). With cars kept back that insensitivity is gone: exact for exponential durations only.
    Source: trunk reservation, Ross, Multiservice Loss Models for Broadband Telecommunication Networks (1995); here
    by the chain.
    """
    chain = walk((0, 0), _moves(cars, kept, (loan_rate, drive_rate), (loan_hours, drive_hours)))
    law = stationary(chain)
    no_loan, no_drive, used = _measures(chain, cars, kept)
    return Lost(float(law @ no_loan), float(law @ no_drive), float(law @ used / cars) if cars else 0.0)


def lost_requests_in_a_cycle(
    cars: int,
    loan_rates: Sequence[float],
    loan_hours: float,
    drive_rates: Sequence[float],
    drive_hours: float,
    kept: int = 0,
    spell: float = 1.0,
) -> Lost:
    """The same with rates that are constant over each ``spell`` hours and come again, cycle after cycle.

    24 rates are a day, 168 a week. The chain's law at the start of a cycle comes back to itself (Kolmogorov
    equations, periodic steady state). Share lost = integral of rate(t) P(lost at t) over the cycle / expected
    requests in it. Durations go on across spells.
    """
    unit = walk((0, 0), _moves(cars, kept, (1.0, 1.0), (loan_hours, drive_hours)))
    pairs = [(float(loan), float(drive)) for loan, drive in zip(loan_rates, drive_rates, strict=True)]
    generators = {
        pair: on_states(unit.states, _moves(cars, kept, pair, (loan_hours, drive_hours))).generator
        for pair in set(pairs)
    }
    spells = [Spell(generators[pair], spell) for pair in pairs]
    no_loan, no_drive, used = _measures(unit, cars, kept)
    law, lost, busy = periodic(spells), np.zeros(2), 0.0
    for pair, here in zip(pairs, spells, strict=True):
        law, integral = propagate(law, here)
        lost += np.multiply(pair, (integral @ no_loan, integral @ no_drive))
        busy += integral @ used
    asked = np.sum(pairs, axis=0) * spell
    shares = np.divide(lost, asked, out=np.zeros(2), where=asked > 0)
    return Lost(float(shares[0]), float(shares[1]), float(busy / (cars * spell * len(pairs))))
