"""Give first: service hands parts six months of demand data, with seasons and new models, before it asks for help.

The data show which parts nobody needs any more, so parts stops stocking them; and a gift is remembered, so parts helps
sooner when something is urgent. It says nothing about levels of parts that are needed: that is the joint forecast.
Source: the article, technique 1, giving before taking.
"""

from typing import ClassVar

from pydantic import model_validator

from sim.mechanism import Mechanism
from sim.units import Hours, Ratio, Weeks, given
from sim.views import FirstDayView, Occasion, StockView


class GiveFirst(Mechanism):
    """Data for help."""

    title: ClassVar = {"zh": "先给予：需求数据换紧急支持", "en": "give first: data for help"}
    no_cause_for: ClassVar = ("visits", "support_solved_share")
    null: ClassVar = {"history_weeks": 0, "gift_every_weeks": 0.0}

    history_weeks: Weeks = given(26, source="article", read_by="mechanism")
    """Weeks without a use after which the data show that a part is dead; the article: six months. 0: no data."""
    gift_every_weeks: Ratio = given(
        4.345,
        source="A-275",
        read_by="mechanism",
        span=(4, 13),
        why="fresh data each month; the article names no rhythm",
    )
    """Weeks between two gifts of data. 0: none."""
    hours_each_time: Hours = given(
        4.0, source="A-276", read_by="mechanism", span=(1, 16), why="half a day of an adviser to put the data together"
    )
    """Working hours a gift costs service."""

    @model_validator(mode="after")
    def _check(self) -> "GiveFirst":
        if 0 < self.gift_every_weeks < 1 / 7:
            raise ValueError(
                "gift_every_weeks 写 0（不送）或不小于 0.143（每天一次）|gift_every_weeks is 0 (never) or 0.143 "
                "(once a day) at least"
            )
        return self

    def stock_part(self, view: StockView) -> bool | None:
        """A part without a use for so long is no longer stocked; as long as the record is short, nothing is known."""
        if self.history_weeks <= 0 or view.shared_weeks < self.history_weeks:
            return None
        return view.shared_uses > 0

    def occasions(self, view: FirstDayView) -> tuple[Occasion, ...]:
        """The gift, again and again."""
        if self.gift_every_weeks <= 0:
            return ()
        return (Occasion("data", self.gift_every_weeks, self.hours_each_time, ("service", "parts"), gift=True),)
