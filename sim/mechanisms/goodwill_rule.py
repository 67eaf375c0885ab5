"""Goodwill rule: up to a limit the service manager signs at once; who pays is settled beforehand, not case by case.

Ad hoc, goodwill above a small sum has no owner, and service and finance fall out over it. The rule moves no yuan of the
goodwill itself, it only takes the quarrel out. Source: K1 (goodwill of 8,000 yuan); the article names no rule.
"""

from typing import ClassVar

from sim.mechanism import Mechanism
from sim.units import Yuan, given
from sim.views import GoodwillView


class GoodwillRule(Mechanism):
    """A limit."""

    title: ClassVar = {"zh": "善意补偿授权规则", "en": "goodwill rule"}
    owner: ClassVar = "finance"
    no_cause_for: ClassVar = ("visits", "sister_shortage_rate", "support_solved_share")
    null: ClassVar = {"limit_yuan": 0.0}

    limit_yuan: Yuan = given(
        8000.0, source="A-279", read_by="mechanism", span=(3000, 15000), why="covers the article's own case (K1)"
    )
    """Goodwill up to which the service manager signs alone."""

    def goodwill_limit_yuan(self, view: GoodwillView) -> float:
        """What is signed without asking anybody."""
        return self.limit_yuan
