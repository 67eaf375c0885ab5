"""Stock board: the adviser sees a green, yellow or red light before promising; a stock-out alerts both sides at once.

A colour brings no part: the board alone changes what is promised and when bad news travels, not what is on the shelf.
Source: the article, information sharing between service and parts.
"""

import math
from typing import ClassVar

from sim.mechanism import Charge, Mechanism
from sim.units import Hours, Share, Yuan, given
from sim.views import PromiseView, TellView


class StockBoard(Mechanism):
    """Lights before the promise, alerts after a stock-out."""

    title: ClassVar = {"zh": "库存红黄绿灯看板", "en": "stock board"}
    owner: ClassVar = "parts"
    no_cause_for: ClassVar = ("sister_shortage_rate",)
    null: ClassVar = {"shown_share": 0.0, "alert_hours": 8760.0, "it_monthly_yuan": 0.0}

    shown_share: Share = given(
        1.0,
        source="A-200",
        read_by="mechanism",
        span=(0.8, 1.0),
        why="the article says the stock is visible; records that lag behind the shelf make it less than all",
    )
    """Share of part lines whose light the board really shows."""
    alert_hours: Hours = given(0.0, source="article", read_by="mechanism")
    """Open hours from a stock-out to the alert; the article: both sides at the same time."""
    it_monthly_yuan: Yuan = given(
        1500.0, source="A-201", read_by="mechanism", span=(500, 5000), why="running an interface; no figure given"
    )
    """Running cost of the board, yuan a month."""

    def promise_days(self, view: PromiseView) -> int | None:
        """Working days to promise: until the last red line's part is there, plus the work."""
        seen = [line for line in view.lines if line.roll < self.shown_share and line.light == "red"]
        if not seen:
            return None
        return math.ceil(max(line.days_until_there for line in seen)) + view.work_days

    def tell_front_desk_after(self, view: TellView) -> float:
        """Open hours until the front desk knows of a stock-out."""
        return self.alert_hours

    def charges(self) -> tuple[Charge, ...]:
        return (Charge("stock_board", monthly_yuan=self.it_monthly_yuan),)
