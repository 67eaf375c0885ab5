"""The library of exact answers held to itself: centres that help one another out."""

import heapq
import math

import numpy as np
import pytest
from scipy import stats

from tests.theory import pooling
from tests.theory.base_stock import base_stock_shortage
from tests.theory.chains import stationary
from tests.theory.queues import erlang_b

RATES, LEADS, LEVELS = [0.3, 0.4, 0.2], [5.0, 5.0, 5.0], [2, 3, 1]


@pytest.mark.parametrize("centres", [2, 3])
def test_complete_pooling_with_an_emergency_source_is_one_loss_system(centres: int) -> None:
    """The units on hand of all centres together: Erlang B of the whole load, whoever gives."""
    found = pooling.transfers(RATES[:centres], LEADS, LEVELS[:centres], pooling.everybody_helps(centres))
    lost = erlang_b(5 * sum(RATES[:centres]), sum(LEVELS[:centres]))
    assert [each.short for each in found] == pytest.approx([lost] * centres, abs=1e-12)


@pytest.mark.parametrize("emergency", [True, False])
def test_centres_for_themselves_have_their_own_formula(emergency: bool) -> None:
    leads = [5.0, 3.0]
    found = pooling.transfers(RATES[:2], leads, LEVELS[:2], pooling.nobody_helps(2), emergency=emergency)
    for each, rate, lead, level in zip(found, RATES, leads, LEVELS, strict=False):
        expected = erlang_b(rate * lead, level) if emergency else base_stock_shortage(rate, lead, level)
        assert each == pytest.approx((1 - expected, 0.0, expected), abs=1e-10)


def test_centres_that_keep_everything_give_nothing() -> None:
    for emergency in (True, False):
        alone = pooling.transfers(RATES[:2], LEADS, LEVELS[:2], pooling.nobody_helps(2), emergency=emergency)
        kept = pooling.transfers(RATES[:2], LEADS, LEVELS[:2], pooling.everybody_helps(2), keep=3, emergency=emergency)
        assert np.array(kept) == pytest.approx(np.array(alone), abs=1e-10)


def test_what_is_on_order_everywhere_is_poisson_when_nobody_is_lost() -> None:
    """Each line makes one order somewhere at once, so the total is M/G/infinity, whatever the rule of giving."""
    chain = pooling._chain(RATES[:2], LEADS, LEVELS[:2], pooling.everybody_helps(2), keep=1, backlog=25)
    on_order = chain.values(lambda state: sum(LEVELS[:2]) - sum(state)).astype(int)
    law = np.bincount(on_order, weights=stationary(chain))
    assert law[:20] == pytest.approx(stats.poisson.pmf(np.arange(20), 5 * 0.7), abs=1e-10)


def test_help_in_one_direction_costs_the_giver() -> None:
    alone = pooling.transfers(RATES[:2], LEADS, LEVELS[:2], pooling.nobody_helps(2))
    helped = pooling.transfers(RATES[:2], LEADS, LEVELS[:2], pooling.only_first_is_helped(2))
    assert helped[0].own_shelf == pytest.approx(alone[0].own_shelf), "its own shelf sees the same lines"
    assert helped[0].short < alone[0].short
    assert helped[1].short > alone[1].short
    assert helped[1].transfer == 0


@pytest.mark.parametrize(
    ("may_ask", "keep", "emergency"),
    [
        (pooling.everybody_helps(3), 0, True),
        (pooling.only_first_is_helped(3), 1, True),
        (pooling.everybody_helps(3), 1, False),
    ],
)
def test_shares_agree_with_lines_served_one_by_one(may_ask: tuple, keep: int, emergency: bool) -> None:
    """Shelves, orders under way and customers who wait, event by event; allowed: four standard errors."""
    runs, generator = 40, np.random.default_rng(7)
    rates, leads, levels = [0.3, 0.4, 0.2], [3.0, 2.0, 4.0], [1, 3, 2]
    shares = np.array([_record(rates, leads, levels, may_ask, keep, emergency, generator) for _ in range(runs)])
    exact = np.array(pooling.transfers(rates, leads, levels, may_ask, keep, emergency))
    error = shares.std(axis=0, ddof=1) / math.sqrt(runs)
    assert np.all(error < 0.01)
    assert np.all(np.abs(shares.mean(axis=0) - exact) <= 4 * error + 1e-12)


def _record(rates, leads, levels, may_ask, keep, emergency, generator, lines: int = 900) -> np.ndarray:
    shelf, waiting = list(levels), [0] * len(levels)
    orders, clock, served = [], 0.0, np.zeros((len(levels), 3))
    gaps = generator.exponential(1 / sum(rates), lines).tolist()
    centres = generator.choice(len(rates), lines, p=np.array(rates) / sum(rates)).tolist()
    for line, (gap, centre) in enumerate(zip(gaps, centres, strict=True)):
        clock += gap
        while orders and orders[0][0] <= clock:
            _, where = heapq.heappop(orders)
            if waiting[where]:
                waiting[where] -= 1
            else:
                shelf[where] += 1
        spare = [(shelf[other], -other) for other in may_ask[centre] if shelf[other] > keep]
        giver, how = centre, 0
        if shelf[centre] == 0:
            giver, how = (-max(spare)[1], 1) if spare else (centre, 2)
        if line >= 100:
            served[centre, how] += 1
        if how == 2 and emergency:
            continue
        if how == 2:
            waiting[centre] += 1
        else:
            shelf[giver] -= 1
        heapq.heappush(orders, (clock + generator.exponential(leads[giver]), giver))
    return served / served.sum(axis=1, keepdims=True)
