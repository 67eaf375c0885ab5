"""Weekly flows of a finished log: the money and the customers that coordination moves, one pass, nothing valued yet.

Outlay is what mechanisms make the centre spend, savings are costs of bad coordination; both are booked as positive
costs here and only their difference from the baseline has a meaning. Deals and lost customers are counted, and priced
where the study compares (sim/money.py), so that another price needs no new run.
"""

from typing import TYPE_CHECKING

import numpy as np

from sim.units import HOURS_PER_WEEK

if TYPE_CHECKING:
    from sim.departments.finance import FinanceSettings
    from sim.log import Log

OUTLAY = ("mechanism", "meetings", "freight", "loaner_running", "cleaning")
"""What mechanisms make the centre spend: bills from outside, hours of their meetings, transfers, lent cars."""
SAVINGS = ("goodwill", "holding", "obsolescence", "disputes", "rework")
"""What bad coordination costs: less of it than under the baseline is a saving."""
HOURS = ("meetings", "disputes", "rework")
"""Flows that are people's working hours at a cost, not money that leaves the company."""
COUNTS = ("deals", "customers_lost")
"""Counted, not paid."""
TRANSFER = "service_to_sales"
"""Paid by one department to another: no money of the company, but of a budget."""
FLOWS = (*OUTLAY, *SAVINGS, *COUNTS, TRANSFER)

DAYS_PER_YEAR = 365.0


def weekly_flows(log: "Log", weeks: int, first_week: int = 0) -> dict[str, np.ndarray]:
    """Every flow of FLOWS by week after the policies start.

    Args:
        weeks: weeks counted.
        first_week: week of the policies at which counting begins.

    Returns:
        Arrays of ``weeks`` numbers: yuan a week, for COUNTS customers or cars a week.
    """
    found = {name: np.zeros(weeks) for name in FLOWS}
    start = log.facts["switch_at"] + first_week * HOURS_PER_WEEK
    split = log.by_event()

    def add(flow: str, time: float, amount: float) -> None:
        week = int((time - start) // HOURS_PER_WEEK)
        if 0 <= week < weeks:
            found[flow][week] += amount

    for time, _, visit, debit, yuan, credit in split.get("money", ()):
        if credit == "cash":
            flow = _flow(debit, visit)
            if flow:
                add(flow, time, yuan)
        elif {debit, credit} == {"internal_service", "internal_sales"}:
            add(TRANSFER, time, yuan if debit == "internal_service" else -yuan)
    # a customer who comes back is one lost less
    lost = "customers_lost"
    for event, flow, number in (("deal", "deals", 1.0), ("churned", lost, 1.0), ("won_back", lost, -1.0)):
        for row in split.get(event, ()):
            add(flow, row[0], number)
    return found


def _flow(account: str, visit: int) -> str | None:
    """The flow an account belongs to; hours in a dispute are about a visit, hours of a mechanism about none."""
    if account == "people_hours":
        return "meetings" if visit < 0 else "disputes"
    return account if account in OUTLAY or account in SAVINGS else None


def discount(weeks: int, rate_per_year: float, first_week: int = 0) -> np.ndarray:
    """What one yuan of each week is worth on the day the policies start: (1 + rate)^(−7·week/365)."""
    return (1 + rate_per_year) ** (-7.0 * (first_week + np.arange(weeks)) / DAYS_PER_YEAR)


def present_value(flows: dict[str, np.ndarray], finance: "FinanceSettings", first_week: int = 0) -> float:
    """Discounted margin of deals, less lost customers, outlay and the costs of bad coordination, yuan.

    Only a difference between two policies means something: what both have alike (visits, wages, rent) is left out.
    """
    weekly = finance.margin_per_deal_yuan * flows["deals"] - finance.kept_customer_value() * flows["customers_lost"]
    weekly = weekly - sum(flows[name] for name in (*OUTLAY, *SAVINGS))
    return float(weekly @ discount(len(weekly), finance.discount_rate_per_year, first_week))
