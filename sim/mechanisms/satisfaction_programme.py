"""Satisfaction programme: loaners, gifts and warranty for three months, reviewed monthly, stopped if short.

Money buys cars for those left without one, gifts, and goodwill paid at once; what that does to NPS comes out.
Source: the article, finance case 2: 30,000 yuan (15,000 + 10,000 + 5,000), NPS 72 to 80, monthly review.
"""

import math
from typing import ClassVar

from sim.mechanism import Mechanism
from sim.units import Count, Ratio, Yuan, given
from sim.views import ProgrammeMonth, ProgrammeView


class SatisfactionProgramme(Mechanism):
    """A budget and a monthly look."""

    title: ClassVar = {"zh": "客户满意度专项行动", "en": "satisfaction programme"}
    no_cause_for: ClassVar = ("visits", "shortage_rate", "bay_utilisation", "sister_shortage_rate")
    null: ClassVar = {"loaners_yuan": 0.0, "gifts_yuan": 0.0, "warranty_yuan": 0.0}

    loaners_yuan: Yuan = given(15000.0, source="article", read_by="mechanism")
    """Rent for loaners, in all."""
    gifts_yuan: Yuan = given(10000.0, source="article", read_by="mechanism")
    """Gifts, in all."""
    warranty_yuan: Yuan = given(5000.0, source="article", read_by="mechanism")
    """Goodwill paid at once, in all."""
    months: Count = given(3, source="article", read_by="mechanism")
    """Months over which the money is spread, in equal parts."""
    rent_monthly_yuan: Yuan = given(
        4000.0, source="A-286", read_by="mechanism", span=(2500, 7000), why="as for a backup car (A-234)"
    )
    """Rent of a loaner, yuan a month; money that buys no whole car stays unspent."""
    gift_yuan_each: Yuan = given(
        100.0,
        source="A-287",
        read_by="mechanism",
        span=(20, 300),
        why="a gift one gives to a customer; no figure given",
    )
    """Value of one gift."""
    stops_below_points: Ratio = given(
        0.0,
        source="A-288",
        read_by="mechanism",
        span=(0, 8),
        why="the article: adjusted at once if short; of what, open",
    )
    """The programme stops when last month's NPS is not at least this much above the one before it; 0: never falls."""

    def programme(self, view: ProgrammeView) -> ProgrammeMonth | None:
        """What is done this month; nothing once the months are over or the look at the month shows it falls short."""
        money = self.loaners_yuan + self.gifts_yuan + self.warranty_yuan
        if money <= 0 or view.month >= self.months or self._falls_short(view):
            return None
        cars = math.floor(self.loaners_yuan / self.months / self.rent_monthly_yuan) if self.rent_monthly_yuan else 0
        gifts = math.floor(self.gifts_yuan / self.months / self.gift_yuan_each) if self.gift_yuan_each else 0
        rent = cars * self.rent_monthly_yuan
        return ProgrammeMonth(cars, rent, self.gift_yuan_each, gifts, self.warranty_yuan / self.months)

    def _falls_short(self, view: ProgrammeView) -> bool:
        if view.month == 0 or math.isnan(view.nps_before) or math.isnan(view.nps_last_month):
            return False
        return view.nps_last_month - view.nps_before < self.stops_below_points
