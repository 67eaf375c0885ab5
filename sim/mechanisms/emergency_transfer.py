"""Emergency transfer: a short urgent line is fetched tonight from a sister centre that has it.

Source: the article, scenario 1: approved by parts, collected tonight by service's own driver, fitted tomorrow.
"""

from typing import ClassVar

from sim.mechanism import Charge, Mechanism
from sim.units import Count, Hours, Share, Yuan, given
from sim.views import UrgentAnswer, UrgentView


class EmergencyTransfer(Mechanism):
    """The sister's shelf as an emergency source."""

    title: ClassVar = {"zh": "配件紧急调拨", "en": "emergency transfer"}
    owner: ClassVar = "parts"
    null: ClassVar = {"approved_share": 0.0, "it_monthly_yuan": 0.0}

    approved_share: Share = given(
        1.0,
        source="A-220",
        read_by="mechanism",
        span=(0.6, 1.0),
        why="parts approves each transfer; the article's is approved",
    )
    """Share of urgent requests the parts department approves."""
    sister_keeps_units: Count = given(
        1, source="A-221", read_by="mechanism", span=(0, 3), why="no centre gives its last piece away by rule"
    )
    """Units a sister centre keeps for itself."""
    worth_it_hours: Hours = given(
        24.0, source="A-222", read_by="mechanism", span=(0, 72), why="what arrives within a day anyway is not fetched"
    )
    """A transfer is made only if the ordinary arrival is further away than this."""
    it_monthly_yuan: Yuan = given(
        500.0, source="A-223", read_by="mechanism", span=(0, 3000), why="seeing sisters' stock; no figure given"
    )
    """Running cost of seeing the sisters' stock, yuan a month."""

    def urgent_part(self, view: UrgentView) -> UrgentAnswer | None:
        """Where the urgent line comes from; None leaves it to the ordinary process."""
        if view.roll >= self.approved_share or view.hours_until_there <= self.worth_it_hours:
            return None
        spare = [units - self.sister_keeps_units for units in view.sister_units]
        if not spare or max(spare) < view.quantity:
            return None
        return UrgentAnswer("transfer", spare.index(max(spare)))

    def charges(self) -> tuple[Charge, ...]:
        return (Charge("emergency_transfer", monthly_yuan=self.it_monthly_yuan),)
