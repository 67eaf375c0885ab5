"""Stock of one item at one place: shelf, orders under way, people waiting; and the formulas that set its level."""

import math
from collections import deque
from collections.abc import Callable
from functools import lru_cache
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from sim.distributions import Distribution
from sim.units import Hours, Ratio, Settings, given

ControlPolicy = Literal["base_stock", "s_S", "R_Q", "r_nQ"]


class ControlSettings(Settings):
    """How stock is controlled."""

    policy: ControlPolicy = given("base_stock", source="A-36", why="most parts move a few units a month: one for one")
    """Replenishment rule."""
    review: Literal["daily", "continuous"] = given("daily", source="A-37", why="one order a day to the warehouse")
    """When the position is looked at."""
    review_hour: Hours = given(17.0, source="A-38", span=(10, 18), why="orders go out in the afternoon")
    """Hour of the day of a daily review, on open days."""
    target_share: Annotated[float, Field(gt=0, lt=1)] = given(
        0.95, source="A-39", span=(0.85, 0.99), why="the usual target of a service-parts plan, same in both worlds"
    )
    """Chance of finding a unit on the shelf at which a level is aimed, given the forecast."""
    review_cover_days: Ratio = given(1.0, source="A-40", span=(0, 7), why="a daily review adds a day to the lead time")
    """Days of cover added to the lead time in the level's formula."""
    stock_from_uses_per_year: Ratio = given(
        2.0, source="A-41", span=(0, 6), why="below it a part is ordered only when needed"
    )
    """Forecast uses a year from which a part is stocked."""
    low: Annotated[int, Field(ge=-1000, le=1_000_000)] | None = given(None, source="user")
    """Fixed reorder point (s or R) for every part, in place of the formula."""
    high: Annotated[int, Field(ge=0, le=1_000_000)] | None = given(None, source="user")
    """Fixed base stock or order-up-to level (S), or lot (Q), for every part, in place of the formula."""
    orders_may_cross: bool = given(True, source="A-42", why="orders travel by different lorries")
    """Whether a later order may overtake an earlier one."""
    when_short: Literal["backorder", "lost"] = given("backorder", source="definition")
    """A short job waits, or the customer goes elsewhere."""

    @model_validator(mode="after")
    def _check(self) -> "ControlSettings":
        if self.policy != "base_stock" and (self.low is None or self.high is None):
            raise ValueError(
                f'policy = "{self.policy}" 需要写明 low 和 high|policy = "{self.policy}" needs low and high'
            )
        if self.policy in ("R_Q", "r_nQ") and self.high == 0:
            raise ValueError(
                f'policy = "{self.policy}" 的 high 是每批数量，至少要写 1'
                f'|high is the lot of policy = "{self.policy}": write at least 1'
            )
        if self.policy == "s_S" and self.low is not None and self.high is not None and self.low >= self.high:
            raise ValueError("s_S 要求 low < high|s_S needs low < high")
        return self


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
        backordered = sum(entry[0] for entry in self.waiting) if self.waiting else 0
        return self.on_hand + self.on_order - backordered - self.announced

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
    R_Q and r_nQ: lots of ``high`` units once the position is at or below ``low`` (one lot; as many as needed); a part
    that is stocked no more has no lot and is ordered for those who wait.
    Source: Zipkin, Foundations of Inventory Management (2000), ch. 6.
    """
    if policy == "base_stock" or high <= 0:
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
    if mean_demand > 500:  # the first term of the sum would be too small to be a number
        return int(Distribution(shape="poisson", mean=mean_demand).inverse(np.array([target]))[0]) + 1
    term = math.exp(-mean_demand)
    total, k = term, 0
    while total < target and k < 10_000:
        k += 1
        term *= mean_demand / k
        total += term
    return k + 1
