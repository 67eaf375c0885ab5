"""(R, Q), (r, nQ) and (s, S): lots and reorder points, continuous review, constant lead time, backorders.

The position after ordering has a law of its own that does not depend on the demand to come; net inventory one lead
time later is that position less the demand in between (Zipkin 2000, chapter 6). Rates are lines a day, lead times
days, positions and lots units. A line is filled only if its whole quantity is there and nobody waits.
"""

import numpy as np

from tests.theory.base_stock import base_stock_shortage, mean_backorders, mean_on_hand
from tests.theory.demand import ONE_UNIT


def lot_shortage(rate: float, lead_time: float, reorder_point: int, lot: int, units: np.ndarray = ONE_UNIT) -> float:
    """Share of lines short under (r, nQ), which is (R, Q) for one unit a line.

    As soon as the position is at or below r, as many lots are ordered as raise it above r. The position is uniform on
    r + 1, ..., r + Q (if the units of a line have no common divisor with the lot that keeps it from some of them).
    Source: Hadley & Whitin, Analysis of Inventory Systems (1963), chapter 4; Zipkin (2000), chapter 6.
    """
    positions = range(reorder_point + 1, reorder_point + lot + 1)
    return float(np.mean([base_stock_shortage(rate, lead_time, position, units) for position in positions]))


def lot_mean_on_hand(rate: float, lead_time: float, reorder_point: int, lot: int) -> float:
    """Mean units on the shelf under (R, Q), one unit a line: base stock's, averaged over the position."""
    positions = range(reorder_point + 1, reorder_point + lot + 1)
    return float(np.mean([mean_on_hand(rate, lead_time, position) for position in positions]))


def lot_mean_backorders(rate: float, lead_time: float, reorder_point: int, lot: int) -> float:
    """Mean lines waiting under (R, Q), one unit a line: base stock's, averaged over the position."""
    positions = range(reorder_point + 1, reorder_point + lot + 1)
    return float(np.mean([mean_backorders(rate, lead_time, position) for position in positions]))


def order_up_to_positions(low: int, high: int, units: np.ndarray) -> np.ndarray:
    """Long-run law of the position under (s, S): shares of time at high, high - 1, ..., low + 1.

    From S the position falls by the units of each line until it is at or below s, where it jumps back to S. The mean
    number of lines at which it stands at S - j in a cycle is m_j, with m_0 = 1, m_j = sum_k units_k m_{j-k}.
    Source: Zipkin (2000), chapter 6; Veinott & Wagner, Management Science 11 (1965) 525-552.
    """
    visits = np.zeros(high - low)
    visits[0] = 1.0
    for j in range(1, high - low):
        reach = min(j, len(units) - 1)
        visits[j] = units[1 : reach + 1] @ visits[j - reach : j][::-1]
    return visits / visits.sum()


def order_up_to_shortage(rate: float, lead_time: float, low: int, high: int, units: np.ndarray = ONE_UNIT) -> float:
    """Share of lines short under (s, S): at or below ``low`` the position is raised to ``high``."""
    shares = order_up_to_positions(low, high, units)
    short = [base_stock_shortage(rate, lead_time, high - j, units) for j in range(high - low)]
    return float(shares @ short)
