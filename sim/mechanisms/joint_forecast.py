"""Joint forecast: demand announced 3 days ahead, weekly data alignment, stock levels from shared demand.

Notice acts as a shorter supply lead time (Hariharan & Zipkin 1995). The stock formula is the same as without the
mechanism; only the data in it differ, and advisers stop reserving more than they need.
Source: the article, joint prediction of parts demand; three months of fast movers.
"""

from typing import ClassVar

from sim.mechanism import Charge, Mechanism
from sim.units import Hours, Ratio, Share, Weeks, Yuan, given
from sim.views import ForecastView, NoticeView, ReserveView


class JointForecast(Mechanism):
    """Notice, shared demand records, no hoarding."""

    title: ClassVar = {"zh": "配件需求联合预判", "en": "joint forecast"}
    no_cause_for: ClassVar = ("sister_shortage_rate",)
    null: ClassVar = {
        "announced_share": 0.0,
        "history_weeks": 0,
        "stops_over_reserving": False,
        "meeting_hours_per_week": 0.0,
        "it_once_yuan": 0.0,
    }

    notice_hours_before_start: Hours = given(72.0, source="article", read_by="mechanism")
    """How long before the planned start known part lines are announced; the article: 3 days."""
    announced_share: Share = given(
        0.9, source="A-210", read_by="mechanism", span=(0.6, 1.0), why="advisers forget; the article says all"
    )
    """Share of booked visits whose known lines really are announced."""
    history_weeks: Weeks = given(13, source="article", read_by="mechanism")
    """Length of the shared demand record the forecast is made from; the article: 3 months."""
    fast_mover_uses: Ratio = given(
        3.0,
        source="A-211",
        read_by="mechanism",
        span=(2, 6),
        why="the article forecasts fast movers only; below a use a month the record says little",
    )
    """Uses within the record from which a part counts as a fast mover and gets the shared forecast."""
    stops_over_reserving: bool = given(True, source="article", read_by="mechanism")
    """Advisers reserve what the job needs and no more: parts promises supply in return."""
    meeting_hours_per_week: Hours = given(
        2.0,
        source="A-212",
        read_by="mechanism",
        span=(1, 6),
        why="one alignment a week, two to four people, half an hour",
    )
    """Working hours of people spent on the weekly data alignment."""
    it_once_yuan: Yuan = given(
        20000.0,
        source="A-213",
        read_by="mechanism",
        span=(0, 100000),
        why="the article asks IT for an interface; no figure",
    )
    """One-off cost of the system interface, yuan."""

    def notice_hours(self, view: NoticeView) -> float | None:
        """Hours before the planned start at which the lines are announced."""
        return self.notice_hours_before_start if view.roll < self.announced_share else None

    def demand_forecast(self, view: ForecastView) -> float | None:
        """Units a day from the shared record, for fast movers."""
        weeks = min(view.shared_weeks, self.history_weeks)
        if weeks <= 0 or view.shared_uses < self.fast_mover_uses:
            return None
        return view.shared_uses / (7 * weeks)

    def extra_units_reserved(self, view: ReserveView) -> int | None:
        """Units reserved beyond the job's need."""
        return 0 if self.stops_over_reserving else None

    def charges(self) -> tuple[Charge, ...]:
        return (Charge("joint_forecast", once_yuan=self.it_once_yuan, hours_per_week=self.meeting_hours_per_week),)
