"""Finance: charges what mechanisms cost, once, by the month and by working hours; and what it reckons money with."""

from typing import Annotated

from pydantic import Field

from sim.mechanism import Charge
from sim.units import HOURS_PER_MONTH, HOURS_PER_WEEK, Ratio, Settings, Share, Weeks, Yuan, given
from sim.waiting import Story
from sim.world import World

Years = Annotated[int, Field(ge=1, le=20)]


class FinanceSettings(Settings):
    """Prices and rates by which a study values what a run counted; none of them changes a run."""

    price_year: Annotated[int, Field(ge=2000, le=2100)] = given(
        2026, source="A-330", span=(2020, 2030), why="all sums of the scenario are today's prices, without inflation"
    )
    """Year whose prices all sums are in."""
    discount_rate_per_year: Share = given(
        0.08, source="A-331", span=(0.03, 0.15), why="usual cost of capital of a company this size; replace by yours"
    )
    """Discount rate, share a year, real (prices do not rise)."""
    horizon_weeks: Weeks = given(
        0,
        source="A-332",
        span=(0, 156),
        why="0 counts the weeks that were run and nothing else; a longer horizon carries the mean week of the last "
        "13 weeks on, which supposes that a mechanism does not decay",
    )
    """Weeks from the start of the policies that money is counted for; 0: the weeks counted in the study."""
    margin_per_deal_yuan: Yuan = given(
        10_000.0,
        source="A-333",
        span=(0, 40_000),
        why="what a centre keeps of one more car sold; the article pays 7,000 in bonuses for a referred one, so there "
        "must be more than that; 0 if the buyer would have bought at another centre of the brand",
    )
    """Margin of one more car sold, yuan."""
    kept_customer_yuan_per_year: Yuan = given(2000.0, source="article")
    """Revenue of a service customer, yuan a year (K13: 150 customers at 2,000)."""
    kept_customer_margin_share: Share = given(
        0.4, source="A-334", span=(0.2, 0.6), why="labour and parts together; the article counts revenue"
    )
    """Share of a service customer's revenue that stays after parts and labour."""
    kept_customer_years: Years = given(
        1, source="A-335", span=(1, 5), why="the article counts one year; who stays may leave the next year"
    )
    """Years a customer who did not leave is counted for, the first of them undiscounted."""
    bars: tuple[Ratio, ...] = given((3.0, 5.0), source="article")
    """Benefit over outlay that finance asks for; the article names 3 times and 5 times."""

    def kept_customer_value(self, revenue: bool = False) -> float:
        """What a customer who stays is worth on the day he would have left, yuan.

        Args:
            revenue: count all he pays, as the article does, instead of the margin on it.
        """
        years = sum((1 + self.discount_rate_per_year) ** -year for year in range(self.kept_customer_years))
        share = 1.0 if revenue else self.kept_customer_margin_share
        return self.kept_customer_yuan_per_year * share * years


class Finance:
    """Bills of mechanisms in force."""

    def __init__(self, world: World, hour_cost_yuan: float) -> None:
        self._world = world
        self._hour_cost = hour_cost_yuan

    def start_policy(self, charges: tuple[Charge, ...]) -> None:
        """One-off costs fall due the day the policy starts; the others run from then on."""
        for charge in charges:
            self._pay(charge, charge.once_yuan)
            if charge.monthly_yuan > 0:
                self._world.env.process(self._monthly(charge))
            if charge.hours_per_week > 0:
                self._world.env.process(self._weekly(charge))

    def _monthly(self, charge: Charge) -> Story:
        while True:
            self._pay(charge, charge.monthly_yuan)
            yield self._world.env.timeout(HOURS_PER_MONTH)

    def _weekly(self, charge: Charge) -> Story:
        while True:
            self._world.ledger.post("people_hours", "cash", charge.hours_per_week * self._hour_cost)
            self._world.log.write(
                self._world.now, "meeting_hours", -1, charge.payer, charge.hours_per_week, charge.what
            )
            yield self._world.env.timeout(HOURS_PER_WEEK)

    def _pay(self, charge: Charge, yuan: float) -> None:
        if charge.payee == "outside":
            self._world.ledger.post("mechanism", "cash", yuan)
        else:
            self._world.ledger.post(f"internal_{charge.payer}", f"internal_{charge.payee}", yuan)
