"""Joint KPI: sales is measured on referral leads, service on what becomes of them, and both share a bonus.

A bonus closes no deal. It moves working hours: a salesperson spends more on each referral lead, taken from other leads,
and advisers ask customers for a friend's name. How many hours a bonus moves is an input nobody has measured; the chance
of a deal follows from the hours. Source: the article, joint KPI with a weight of 10 %, 5,000 and 2,000 yuan.
"""

from typing import ClassVar, Literal

from sim.mechanism import Mechanism
from sim.units import Share, Yuan, given
from sim.views import AskView, DealView, FollowUpView

ARTICLE_WEIGHT = 0.1


class JointKpi(Mechanism):
    """Weights and bonuses."""

    title: ClassVar = {"zh": "服务与销售联合 KPI", "en": "joint KPI"}
    owner: ClassVar = "sales"
    no_cause_for: ClassVar = (
        "shortage_rate", "promise_kept", "days_in_shop", "conflict_days_mean", "loaner_fulfilment",
        "test_drive_fulfilment", "bay_utilisation", "nps", "sister_shortage_rate",
    )  # fmt: skip
    null: ClassVar = {
        "more_hours_share": 0.0, "asked_share": 0.0, "bonus_sales_yuan": 0.0, "bonus_service_yuan": 0.0,
    }  # fmt: skip

    weight: Share = given(ARTICLE_WEIGHT, source="article", read_by="mechanism")
    """Weight of the joint figure in each department's KPI; the response below is in proportion to it."""
    bonus_sales_yuan: Yuan = given(5000.0, source="article", read_by="mechanism")
    """Paid to sales for a car sold to a referred customer."""
    bonus_service_yuan: Yuan = given(2000.0, source="article", read_by="mechanism")
    """Paid to service for it."""
    bonus_is: Literal["new", "ordinary"] = given(
        "new",
        source="A-272",
        read_by="mechanism",
        why="the article does not say whether the 5,000 are new money; 'ordinary': sales pays it for any car",
    )
    """Whether sales' bonus is new money, or the ordinary one under another name."""
    more_hours_share: Share = given(
        0.25, source="A-270", read_by="mechanism", span=(0, 1), why="input: no study at hand; swept by the claims"
    )
    """Further working hours on a referral lead at a weight of 10 %, as a share of the usual ones."""
    asked_share: Share = given(
        0.5, source="A-271", read_by="mechanism", span=(0, 1), why="input: advisers who think of it at the hand-over"
    )
    """Share of customers whom an adviser asks for a friend's name, at a weight of 10 %."""

    def follow_up_hours(self, view: FollowUpView) -> float | None:
        """Working hours on a referral lead."""
        if view.source != "referral":
            return None
        return view.habit_hours * (1 + self.more_hours_share * self.weight / ARTICLE_WEIGHT)

    def ask_for_referral(self, view: AskView) -> bool:
        """Whether the adviser asks this customer."""
        return view.roll < self.asked_share * self.weight / ARTICLE_WEIGHT

    def deal_bonus_yuan(self, view: DealView) -> float:
        """Bonus for a car sold to a referred customer."""
        if view.source != "referral":
            return 0.0
        return self.bonus_service_yuan + (self.bonus_sales_yuan if self.bonus_is == "new" else 0.0)
