"""Perfect coordination: every answer between departments is immediate and complete, with the capacity there is.

No proposal but a yardstick: the broken promises that vanish under it are those due to coordination, those that are left
are due to capacity, luck and ability. It costs nothing, since nobody can buy it.
"""

import math
from typing import ClassVar

from sim.mechanism import Mechanism
from sim.units import Share, given
from sim.views import (
    BayView,
    ClaimView,
    ForecastView,
    GoodwillView,
    HoldView,
    LoanView,
    NoticeView,
    PromiseView,
    ReserveView,
    StartView,
    TellView,
    UrgentAnswer,
    UrgentView,
)  # fmt: skip


class PerfectCoordination(Mechanism):
    """All answers at once."""

    title: ClassVar = {"zh": "理想协调（只作标尺）", "en": "perfect coordination (a yardstick)"}
    yardstick: ClassVar = True
    no_cause_for: ClassVar = ("visits", "support_solved_share")
    null: ClassVar = {"covered_share": 0.0}

    covered_share: Share = given(
        1.0, source="A-289", read_by="mechanism", span=(0, 1), why="a yardstick is complete; less of it is a dose"
    )
    """Share of perfect answers, by each asker's own luck; questions without luck ask for more than one half."""

    def promise_days(self, view: PromiseView) -> int | None:
        """A date that respects what is missing."""
        seen = [line for line in view.lines if line.roll < self.covered_share and line.light == "red"]
        return math.ceil(max(line.days_until_there for line in seen)) + view.work_days if seen else None

    def notice_hours(self, view: NoticeView) -> float | None:
        """Parts know as soon as the customer has called."""
        return view.booked_ahead_hours if view.roll < self.covered_share else None

    def demand_forecast(self, view: ForecastView) -> float | None:
        """The shared record for every part, slow ones mixed half and half with the old forecast."""
        if not self._on or view.shared_weeks <= 0:
            return None
        seen = view.shared_uses / (7 * view.shared_weeks)
        return seen if view.shared_uses >= 1 else (seen + view.stale) / 2

    def extra_units_reserved(self, view: ReserveView) -> int | None:
        """Nobody hoards."""
        return 0 if view.roll < self.covered_share else None

    def tell_front_desk_after(self, view: TellView) -> float | None:
        """Bad news travels at once."""
        return 0.0 if self._on else None

    def urgent_part(self, view: UrgentView) -> UrgentAnswer | None:
        """Every urgent part is found: at a sister centre if it has two, else by process."""
        if view.roll >= self.covered_share:
            return None
        spare = [units - 1 for units in view.sister_units]
        if spare and max(spare) >= view.quantity:
            return UrgentAnswer("transfer", spare.index(max(spare)))
        return UrgentAnswer("process")

    def start_without_parts(self, view: StartView) -> bool | None:
        """No car goes on a bay without its parts."""
        return False if view.roll < self.covered_share else None

    def bay_hold_hours(self, view: HoldView) -> float | None:
        """No bay stands idle for a part."""
        return 0.5 if self._on else None

    def bay_priority(self, view: BayView) -> float | None:
        """A car whose part has come goes first."""
        return -1.0 if self._on and view.back_with_parts else None

    def lend_car(self, view: LoanView) -> bool | None:
        """A car that stands there is lent if no test drive is booked for it."""
        if view.roll >= self.covered_share:
            return None
        return view.free_now > 0 and all(hour.not_lent > hour.drives_booked for hour in view.calendar[:1])

    def claim_limit_hours(self, view: ClaimView) -> float | None:
        """Those who disagree meet at once."""
        return 0.0 if self._on else None

    def goodwill_limit_yuan(self, view: GoodwillView) -> float | None:
        """Goodwill always has an owner."""
        return view.yuan if self._on else None

    @property
    def _on(self) -> bool:
        return self.covered_share > 0.5
