"""Extra stock: more units of fast movers, and service carries what becomes dead stock of them.

Option A of the article's "asking upward": supply is bought with capital. The loss of value of dead stock is charged to
service, an internal transfer. Source: the article, stock strategy brought to the director.
"""

from typing import ClassVar

from sim.mechanism import Mechanism
from sim.units import Count, Ratio, given
from sim.views import DeadStockView, LevelView


class ExtraStock(Mechanism):
    """Units above the formula."""

    title: ClassVar = {"zh": "增加高频件库存（服务承担呆滞）", "en": "extra stock at service's risk"}
    owner: ClassVar = "parts"
    no_cause_for: ClassVar = ("visits", "sister_shortage_rate")
    null: ClassVar = {"extra_units": 0}

    extra_units: Count = given(
        1, source="A-277", read_by="mechanism", span=(1, 5), why="the article says more, not how much; one of each"
    )
    """Units above the ordinary level, of each fast mover."""
    fast_from_uses_per_year: Ratio = given(
        12.0, source="A-278", read_by="mechanism", span=(4, 52), why="about one use a month by the forecast in force"
    )
    """Forecast uses a year from which a part counts as a fast mover."""

    def extra_units_stocked(self, view: LevelView) -> int | None:
        """Units above the ordinary level."""
        return self.extra_units if view.forecast_per_year >= self.fast_from_uses_per_year else None

    def dead_stock_payer(self, view: DeadStockView) -> str | None:
        """Who bears the loss of value."""
        return "service" if self.extra_units > 0 else None
