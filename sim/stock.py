"""Stock of one item at one place: shelf, orders under way, people waiting; and the formulas that set its level."""

import math
from collections import deque
from collections.abc import Callable
from functools import lru_cache
from typing import Literal

ControlPolicy = Literal["base_stock", "s_S", "R_Q", "r_nQ"]


class Stock:
    """Shelf and backorders of one stock-keeping unit. Unfilled requests wait first come, first served."""

    __slots__ = ("announced", "last_use", "on_hand", "on_order", "put_by", "waiting")

    def __init__(self, on_hand: int) -> None:
        self.on_hand = on_hand
        self.put_by = 0
        """Units on the shelf but reserved beyond need; not free."""
        self.on_order = 0
        self.announced = 0
        """Units announced for a later date and not asked for yet."""
        self.waiting: deque[list] = deque()
        self.last_use = -math.inf

    @property
    def position(self) -> int:
        """Inventory position: on hand + on order - backordered - announced."""
        return self.on_hand + self.on_order - sum(entry[0] for entry in self.waiting) - self.announced

    @property
    def on_shelf(self) -> int:
        """Everything that stands on the shelf, free or put by."""
        return self.on_hand + self.put_by

    def free_for(self, quantity: int) -> bool:
        """Whether a request made now would be filled from the shelf."""
        return not self.waiting and self.on_hand >= quantity

    def ask(self, quantity: int, filled: Callable[[], None]) -> bool:
        """Take from the shelf now (True), or wait until ``filled`` is called (False)."""
        if self.free_for(quantity):
            self.on_hand -= quantity
            return True
        self.waiting.append([quantity, filled])
        return False

    def receive(self, quantity: int) -> None:
        """Units come in; whoever waits longest is served first."""
        self.on_hand += quantity
        while self.waiting and self.on_hand >= self.waiting[0][0]:
            wanted, filled = self.waiting.popleft()
            self.on_hand -= wanted
            filled()

    def receive_for(self, quantity: int, filled: Callable[[], None]) -> bool:
        """Units come in for one request; if it no longer waits they go on the shelf. Returns whether it did."""
        for entry in self.waiting:
            if entry[1] is filled:
                self.waiting.remove(entry)
                filled()
                self.receive(quantity - entry[0])
                return True
        self.receive(quantity)
        return False


def order_quantity(policy: ControlPolicy, position: int, low: int, high: int) -> int:
    """Units to order.

    base_stock: up to ``high`` at each review. s_S: up to ``high`` once the position is at or below ``low``.
    R_Q and r_nQ: lots of ``high`` units once the position is at or below ``low`` (one lot; as many as needed).
    Source: Zipkin, Foundations of Inventory Management (2000), ch. 6.
    """
    if policy == "base_stock":
        return max(high - position, 0)
    if position > low:
        return 0
    if policy == "s_S":
        return high - position
    if policy == "R_Q":
        return high
    return high * (math.floor((low - position) / high) + 1)


@lru_cache(maxsize=100_000)
def base_stock_level(mean_demand: float, target: float) -> int:
    """Smallest level S with P(demand in the protection interval <= S - 1) >= target, Poisson demand.

    That is the chance that an arriving request finds a unit on the shelf (PASTA). ``mean_demand`` in units.
    Source: Zipkin (2000), section 6.2.
    """
    if mean_demand <= 0:
        return 0
    term = math.exp(-mean_demand)
    total, k = term, 0
    while total < target and k < 10_000:
        k += 1
        term *= mean_demand / k
        total += term
    return k + 1
