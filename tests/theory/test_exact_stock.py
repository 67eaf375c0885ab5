"""The library of exact answers held to itself: base stock, order rules, demand announced ahead."""

import math

import numpy as np
import pytest
from scipy import integrate, stats

from tests.theory import base_stock, lead_times, notice, order_rules
from tests.theory.chains import stationary, walk
from tests.theory.demand import ONE_UNIT, at_most, filled_share, geometric_units

RATE, LEAD = 0.4, 5.0
PAIRS = np.array([0.0, 0.5, 0.3, 0.2])


@pytest.mark.parametrize(
    "law",
    [lead_times.gamma(5, 0.5), lead_times.exponential(5), lead_times.lognormal(5, 0.9), lead_times.uniform(2, 8)],
)
def test_a_law_is_consistent(law: lead_times.LeadTime) -> None:
    for u in (0.0, 1.0, 4.0, 9.0):
        area = integrate.quad(law.at_least, u, law.reaches, limit=400, epsabs=1e-11, points=(max(u, 2), 8))[0]
        assert law.excess(u) == pytest.approx(area, abs=1e-7)
    assert law.excess(0.0) == pytest.approx(law.mean)


def test_demand_in_several_units_has_its_moments() -> None:
    pmf = at_most(3.0, PAIRS, 80)
    units = np.arange(81)
    assert pmf.sum() == pytest.approx(1)
    assert pmf @ units == pytest.approx(3 * 1.7)
    assert pmf @ units**2 - (pmf @ units) ** 2 == pytest.approx(3 * (PAIRS @ np.arange(4) ** 2))
    assert geometric_units(1.7) @ np.arange(len(geometric_units(1.7))) == pytest.approx(1.7)


def test_demand_in_several_units_is_a_mixture_over_lines() -> None:
    lines = stats.poisson.pmf(np.arange(60), 3.0)
    mixed, one = np.zeros(9), np.eye(9)[0]
    for share in lines:
        mixed += share * one
        one = np.convolve(one, PAIRS)[:9]
    assert at_most(3.0, PAIRS, 8) == pytest.approx(mixed, abs=1e-14)


def test_the_two_percentages_every_planner_knows() -> None:
    """Nothing on the shelf: all short. One unit: short unless no demand fell into the lead time."""
    assert base_stock.base_stock_shortage(RATE, LEAD, 0) == 1
    assert base_stock.base_stock_shortage(RATE, LEAD, 1) == pytest.approx(1 - math.exp(-2))
    assert base_stock.base_stock_shortage(RATE, LEAD, 30) == pytest.approx(0, abs=1e-12)


def test_constant_lead_times_never_cross() -> None:
    law = lead_times.constant(LEAD)
    for units in (ONE_UNIT, PAIRS):
        assert base_stock.base_stock_shortage_in_sequence(RATE, law, 4, units) == pytest.approx(
            base_stock.base_stock_shortage(RATE, LEAD, 4, units), abs=1e-12
        )


def test_orders_in_sequence_with_exponential_times_have_a_closed_form() -> None:
    """One unit, level 1: filled if nothing is outstanding, that is nothing in natural transit: exp(-rate E L)."""
    law = lead_times.exponential(LEAD)
    assert base_stock.base_stock_shortage_in_sequence(RATE, law, 1) == pytest.approx(1 - math.exp(-2), abs=1e-12)


@pytest.mark.parametrize("units", [ONE_UNIT, PAIRS], ids=["one unit", "up to three"])
def test_orders_in_sequence_agree_with_a_record_of_orders(units: np.ndarray) -> None:
    """Orders drawn one by one, each at max(own time, the one before); allowed: four standard errors over the runs."""
    runs, lines, level, generator = 400, 400, 5, np.random.default_rng(2)
    at = np.cumsum(generator.exponential(1 / RATE, (runs, lines)), axis=1)
    arrives = np.maximum.accumulate(at + generator.gamma(2.0, LEAD / 2, (runs, lines)), axis=1)
    quantity = generator.choice(len(units), (runs, lines), p=units)
    short = np.zeros((runs, lines // 2))
    for n in range(lines // 2, lines):
        on_order = np.sum(quantity[:, :n] * (arrives[:, :n] > at[:, [n]]), axis=1)
        short[:, n - lines // 2] = level - on_order < quantity[:, n]
    shares = short.mean(axis=1)
    error = shares.std(ddof=1) / math.sqrt(runs)
    exact = base_stock.base_stock_shortage_in_sequence(RATE, lead_times.gamma(LEAD, math.sqrt(0.5)), level, units)
    assert shares.mean() == pytest.approx(exact, abs=4 * error)
    assert abs(exact - base_stock.base_stock_shortage(RATE, LEAD, level, units)) > 8 * error, "says nothing"


def test_the_integral_over_ages_has_converged() -> None:
    for law in (lead_times.gamma(LEAD, 0.5), lead_times.lognormal(LEAD, 0.9), lead_times.gamma(LEAD, 1.4)):
        coarse, fine = (base_stock.base_stock_shortage_in_sequence(RATE, law, 4, PAIRS, pieces) for pieces in (80, 160))
        assert coarse == pytest.approx(fine, abs=1e-9)


def test_lost_lines_agree_with_a_chain() -> None:
    """Exponential lead times, units 1 to 3: state = orders outstanding of each size."""

    def moves(orders):
        free = 6 - orders[0] - 2 * orders[1] - 3 * orders[2]
        for size in (1, 2, 3):
            changed = list(orders)
            if free >= size:
                changed[size - 1] += 1
                yield RATE * PAIRS[size], tuple(changed)
                changed[size - 1] -= 1
            if orders[size - 1]:
                changed[size - 1] -= 1
                yield orders[size - 1] / LEAD, tuple(changed)

    chain = walk((0, 0, 0), moves)
    free = chain.values(lambda orders: 6 - orders[0] - 2 * orders[1] - 3 * orders[2])
    lost = sum(PAIRS[size] * (stationary(chain) @ (free < size)) for size in (1, 2, 3))
    assert base_stock.lost_sales_shortage_of_lines(RATE, LEAD, 6, PAIRS) == pytest.approx(lost, abs=1e-12)
    assert base_stock.lost_sales_shortage_of_lines(RATE, LEAD, 3, ONE_UNIT) == pytest.approx(
        base_stock.lost_sales_shortage(RATE, LEAD, 3)
    )


def test_daily_review_is_an_integral_of_gamma_tails() -> None:
    """One unit a line: the area under P(Poisson(rate x) >= S) from L to L + 1, in closed form."""

    def area(x: float, level: int) -> float:
        # the wait for the S-th line is Erlang: int_0^x P(T_S <= y) dy = E max(x - T_S, 0)
        return x * stats.gamma.cdf(x, level, scale=1 / RATE) - level / RATE * stats.gamma.cdf(
            x, level + 1, scale=1 / RATE
        )

    expected = area(LEAD + 1, 4) - area(LEAD, 4)
    assert base_stock.daily_review_shortage(RATE, LEAD, 4) == pytest.approx(expected, abs=1e-12)
    continuous = [base_stock.base_stock_shortage(RATE, lead, 4) for lead in (LEAD, LEAD + 1)]
    assert continuous[0] < expected < continuous[1]


def test_daily_review_agrees_with_a_record_of_lines() -> None:
    """Units used are ordered at the next midnight and come a lead time later; allowed: four standard errors."""
    runs, level, lead, generator = 1500, 4, 2.3, np.random.default_rng(4)
    at = np.cumsum(generator.exponential(1.0, (runs, 120)), axis=1)
    quantity = generator.choice(4, (runs, 120), p=PAIRS)
    there_again = np.ceil(at) + lead
    short = []
    for n in range(40, 120):
        missing = np.sum(quantity[:, :n] * (there_again[:, :n] > at[:, [n]]), axis=1)
        short.append(level - missing < quantity[:, n])
    shares = np.mean(short, axis=0)
    exact = base_stock.daily_review_shortage(1.0, lead, level, PAIRS)
    assert shares.mean() == pytest.approx(exact, abs=4 * shares.std(ddof=1) / math.sqrt(runs))


def test_a_wait_is_what_is_left_of_the_lead_time() -> None:
    """A line gets the unit ordered S lines before it: its wait is E max(L - Erlang(S, rate), 0), S > 0."""
    for level in (1, 3, 6):
        wait, _ = integrate.quad(lambda x, s=level: (LEAD - x) * stats.gamma.pdf(x, s, scale=1 / RATE), 0, LEAD)
        assert base_stock.mean_wait_days(RATE, LEAD, level) == pytest.approx(wait, rel=1e-8)
    assert base_stock.mean_wait_days(RATE, LEAD, 0) == pytest.approx(LEAD)


def test_lots_of_one_are_base_stock() -> None:
    assert order_rules.lot_shortage(RATE, LEAD, 3, 1) == base_stock.base_stock_shortage(RATE, LEAD, 4)
    assert order_rules.lot_mean_on_hand(RATE, LEAD, 3, 1) == base_stock.mean_on_hand(RATE, LEAD, 4)
    assert order_rules.order_up_to_shortage(RATE, LEAD, 3, 4, PAIRS) == pytest.approx(
        base_stock.base_stock_shortage(RATE, LEAD, 4, PAIRS)
    )
    assert order_rules.order_up_to_shortage(RATE, LEAD, 2, 6) == pytest.approx(
        order_rules.lot_shortage(RATE, LEAD, 2, 4)
    )


@pytest.mark.parametrize("rule", ["up to", "lots"])
def test_positions_agree_with_the_chain_of_positions(rule: str) -> None:
    """The position as a chain from line to line, told by the ordering rule itself."""
    low, size = 2, 5
    steps = np.zeros((size, size))  # by units below the top
    for j in range(size):
        for q in (1, 2, 3):
            below = j + q
            if below >= size:
                below = 0 if rule == "up to" else below % size
            steps[j, below] += PAIRS[q]
    law = np.linalg.matrix_power(steps, 4096)[0]
    short = [base_stock.base_stock_shortage(RATE, LEAD, low + size - j, PAIRS) for j in range(size)]
    if rule == "up to":
        assert order_rules.order_up_to_positions(low, low + size, PAIRS) == pytest.approx(law)
        found = order_rules.order_up_to_shortage(RATE, LEAD, low, low + size, PAIRS)
    else:
        found = order_rules.lot_shortage(RATE, LEAD, low, size, PAIRS)
    assert found == pytest.approx(law @ short)


def test_notice_shortens_the_lead_time() -> None:
    """Hariharan & Zipkin (1995): all of the demand, three of five days ahead; the lead time is that much shorter."""
    for ahead in (0.0, 1.0, 3.0, 4.9):
        assert notice.advance_demand_shortage(RATE, LEAD, 2, 1.0, ahead) == pytest.approx(
            base_stock.base_stock_shortage(RATE, LEAD - ahead, 2)
        )
    assert notice.advance_demand_shortage(RATE, LEAD, 2, 0.6, 3.0) == pytest.approx(
        base_stock.base_stock_shortage(RATE, LEAD - 1.8, 2)
    )


def test_notice_beyond_the_lead_time_brings_units_early() -> None:
    """Everybody announces longer ahead than it takes: nobody is short, even without stock."""
    assert notice.advance_demand_shortage(RATE, LEAD, 0, 1.0, 5.5) == 0
    assert notice.advance_demand_shortage(RATE, LEAD, 0, 1.0, 5.0) == 1, (
        "the own unit comes at the due moment, not before"
    )


@pytest.mark.parametrize(("share", "ahead"), [(1.0, 4.0), (0.6, 4.0), (0.6, 9.0)])
def test_notice_with_random_lead_times_agrees_with_a_record_of_orders(share: float, ahead: float) -> None:
    """Customers drawn one by one, net inventory counted from the events; allowed: four standard errors."""
    runs, lines, level, generator = 400, 300, 2, np.random.default_rng(3)
    due = np.cumsum(generator.exponential(1 / RATE, (runs, lines)), axis=1)
    announced = generator.random((runs, lines)) < share
    received = due - ahead * announced + generator.exponential(LEAD, (runs, lines))
    short = []
    for n in range(120, 220):
        units_in = np.sum(received <= due[:, [n]], axis=1)
        short.append(level + units_in - n < 1)  # n lines were due before this one
    shares = np.mean(short, axis=0)
    error = shares.std(ddof=1) / math.sqrt(runs)
    exact = notice.announced_shortage(RATE, lead_times.exponential(LEAD), level, share, ahead)
    assert shares.mean() == pytest.approx(exact, abs=4 * error)
    assert error < 0.05


def lot_cost(reorder_point: int, lot: int) -> float:
    """Cost a year of (R, Q): 20 to hold a unit, 150 to owe one, 100 an order; 1.5 lines a year, lead time 2."""
    held = order_rules.lot_mean_on_hand(1.5, 2.0, reorder_point, lot)
    owed = order_rules.lot_mean_backorders(1.5, 2.0, reorder_point, lot)
    return 20 * held + 150 * owed + 100 * 1.5 / lot


def test_lots_cost_what_the_textbook_says() -> None:
    """Snyder & Shen, Fundamentals of Supply Chain Theory (2019), example 5.8: r = 3, Q = 5 costs 107.92."""
    assert lot_cost(3, 5) == pytest.approx(107.92358, abs=1e-5)


@pytest.mark.parametrize(("reorder_point", "lot"), [(0, 1), (3, 5), (2, 8)])
def test_stockpyl_agrees(reorder_point: int, lot: int) -> None:
    """A published library, where it is installed."""
    published = pytest.importorskip("stockpyl.rq")
    expected = published.r_q_cost_poisson(reorder_point, lot, 20, 150, 100, 1.5, 2)
    assert lot_cost(reorder_point, lot) == pytest.approx(expected, rel=1e-9)


def test_a_line_is_filled_only_as_a_whole() -> None:
    """On order 0 or 2 with equal chances, level 3: three units left or one."""
    assert filled_share(3, np.array([0.5, 0.0, 0.5, 0.0]), PAIRS) == pytest.approx(0.5 + 0.5 * PAIRS[1])
