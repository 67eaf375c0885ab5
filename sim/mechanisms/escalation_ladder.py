"""Escalation ladder: an unsettled claim goes up a level by itself after a fixed time.

Supervisors, then department managers, then the regional director. The chance that a meeting settles a claim is the
same with and without the ladder; the ladder changes who meets and when. Source: the article, three-level coordination.
"""

from typing import ClassVar, Literal

from sim.mechanism import Mechanism
from sim.units import Hours, given
from sim.views import ClaimView


class EscalationLadder(Mechanism):
    """A limit on each level."""

    title: ClassVar = {"zh": "三级升级机制", "en": "escalation ladder"}
    no_cause_for: ClassVar = ("sister_shortage_rate",)
    null: ClassVar = {"limit_hours": 8784.0}

    limit_hours: Hours = given(24.0, source="article", read_by="mechanism")
    """Longest stay on a level; each level must give a solution within it."""
    clock: Literal["wall", "business"] = given(
        "business",
        source="A-240",
        read_by="mechanism",
        why="the article does not say; nobody can be made to settle on a Sunday. 'wall' is the other reading",
    )
    """Clock of the limit: round the clock, or 24 hours counted with weekends and holidays left out."""

    def claim_limit_hours(self, view: ClaimView) -> float:
        """Hours until the claim goes up."""
        return self.limit_hours

    def claim_clock(self, view: ClaimView) -> str:
        """Which clock the limit runs on."""
        return self.clock
