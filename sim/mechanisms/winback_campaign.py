"""Win-back campaign: customers lost in former years are called with an offer.

How many come back is an input (retention.returns_share); what is computed is what it costs and what those who come
back are worth. Nobody who is here lives through anything else, so their NPS has no cause to move.
Source: the article, finance case 1: 50,000 yuan, 150 customers, 2,000 yuan a year.
"""

from typing import ClassVar

from sim.mechanism import Charge, Mechanism
from sim.units import Share, Yuan, given
from sim.views import LostView


class WinbackCampaign(Mechanism):
    """Calls and offers."""

    title: ClassVar = {"zh": "老客户召回活动", "en": "win-back campaign"}
    no_cause_for: ClassVar = (
        "shortage_rate", "promise_kept", "days_in_shop", "conflict_days_mean", "loaner_fulfilment",
        "test_drive_fulfilment", "bay_utilisation", "nps", "leads", "sister_shortage_rate",
    )  # fmt: skip
    null: ClassVar = {"called_share": 0.0, "cost_yuan": 0.0}

    called_share: Share = given(
        1.0, source="A-285", read_by="mechanism", span=(0.3, 1), why="everybody on the list whose number still works"
    )
    """Share of lost customers who are called."""
    cost_yuan: Yuan = given(50000.0, source="article", read_by="mechanism")
    """Cost of calls and offers."""

    def call_lost_customer(self, view: LostView) -> bool:
        """Whether this one is called."""
        return view.roll < self.called_share

    def charges(self) -> tuple[Charge, ...]:
        return (Charge("winback_campaign", once_yuan=self.cost_yuan),)
