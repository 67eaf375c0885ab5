"""Shared fleet: one booking calendar for demo cars, with windows that say who goes first.

Weekday daytime belongs to service, evenings and weekends to sales; loans are booked up to 3 days ahead; a key
customer's test drive goes first; a car that is out is not recalled; wash and inspect after each loan; service pays
1,000 yuan a month (in all, first reading) and provides 2 backup cars that sales may call on when a loan stands in the
way. Source: the article, the demo-car case.
"""

from typing import ClassVar, Literal

from sim.mechanism import Charge, Mechanism
from sim.units import Count, Hours, Share, Yuan, given
from sim.views import BackupView, CarReturnView, DriveView, LoanNoticeView, LoanView


class SharedFleet(Mechanism):
    """Windows, calendar, cleaning, backups."""

    title: ClassVar = {"zh": "试驾车共享", "en": "shared fleet"}
    owner: ClassVar = "sales"
    no_cause_for: ClassVar = (
        "shortage_rate",
        "job_shortage",
        "parts_turnover",
        "dead_stock_share",
        "promise_kept",
        "days_in_shop",
        "bay_utilisation",
        "support_answer_hours",
        "sister_shortage_rate",
    )
    null: ClassVar = {
        "covered_share": 0.0,
        "backup_cars_provided": 0,
        "clean_hours": 0.0,
        "fee_monthly_yuan": 0.0,
        "backup_monthly_yuan_each": 0.0,
        "it_once_yuan": 0.0,
    }

    covered_share: Share = given(1.0, source="article", read_by="mechanism")
    """Share of loan requests that go through the calendar (a pilot may cover fewer)."""
    service_from_hour: Hours = given(
        9.0,
        source="A-230",
        read_by="mechanism",
        span=(8, 10),
        why="the article says weekday daytime, not when it begins",
    )
    """Start of service's window on working days, hour of the day."""
    service_until_hour: Hours = given(
        17.0,
        source="A-231",
        read_by="mechanism",
        span=(16, 19),
        why="the article says evenings are sales', not when they begin",
    )
    """End of service's window on working days, hour of the day."""
    book_ahead_hours: Hours = given(72.0, source="article", read_by="mechanism")
    """How far ahead of drop-off a loan may be booked; the article: 3 days."""
    kept_for_sales: Count = given(
        2,
        source="A-232",
        read_by="mechanism",
        span=(0, 5),
        why="sales goes first in its windows: cars for customers who walk in unbooked; the number is not given",
    )
    """Demo cars beyond the booked test drives that stay unlent in sales' windows."""
    protects: Literal["start", "span"] = given(
        "start",
        source="A-236",
        read_by="mechanism",
        why="the article is silent on loans that straddle both windows; a car that is out is not recalled, so the "
        "window in which the loan begins decides. 'span' is the other reading",
    )
    """Which of sales' windows a loan must leave enough cars in: the one it begins in, or each one it reaches into."""
    clean_hours: Hours = given(
        1.0,
        source="A-233",
        read_by="mechanism",
        span=(0.5, 2),
        why="wash and inspection after each loan; no duration given",
    )
    """Wash and inspection after each loan, hours."""
    backup_cars_provided: Count = given(2, source="article", read_by="mechanism")
    """Backup cars service provides; only sales calls on them, when a loan stands in the way of a test drive."""
    backup_monthly_yuan_each: Yuan = given(
        4000.0, source="A-234", read_by="mechanism", span=(2500, 7000), why="a long-term rental of a comparable car"
    )
    """Cost of one backup car, yuan a month."""
    fee_monthly_yuan: Yuan = given(1000.0, source="article", read_by="mechanism")
    """What service pays sales, yuan a month in all."""
    it_once_yuan: Yuan = given(
        20000.0,
        source="A-235",
        read_by="mechanism",
        span=(0, 100000),
        why="the article asks IT for a booking system; no figure",
    )
    """One-off cost of the booking system, yuan."""

    def loan_notice_hours(self, view: LoanNoticeView) -> float | None:
        """Hours before drop-off at which the loan is booked."""
        return self.book_ahead_hours if view.roll < self.covered_share else None

    def lend_car(self, view: LoanView) -> bool | None:
        """Whether a car may go: in service's window if one is free, in sales' if enough are left for sales."""
        if view.roll >= self.covered_share:
            return None
        if view.free_now <= 0:
            return False
        hours = view.calendar if self.protects == "span" else view.calendar[:1]
        return all(
            hour.not_lent > 0
            if self._service_window(hour.working_day, hour.hour)
            else hour.not_lent - hour.drives_booked > self.kept_for_sales
            for hour in hours
        )

    def cars_kept_for_loans(self, view: DriveView) -> int | None:
        """In service's window cars booked for loans are kept, except from a key customer's test drive."""
        if view.key_customer or not self._service_window(view.working_day, view.hour):
            return None
        return view.loans_booked

    def backup_cars(self, view: BackupView) -> int:
        """Cars service adds."""
        return self.backup_cars_provided

    def clean_after_loan_hours(self, view: CarReturnView) -> float:
        """Hours a car is off after a loan."""
        return self.clean_hours

    def charges(self) -> tuple[Charge, ...]:
        backups = self.backup_cars_provided * self.backup_monthly_yuan_each
        return (
            Charge("shared_fleet", once_yuan=self.it_once_yuan, monthly_yuan=backups),
            Charge("shared_fleet_fee", monthly_yuan=self.fee_monthly_yuan, payee="sales"),
        )

    def _service_window(self, working_day: bool, hour: float) -> bool:
        return working_day and self.service_from_hour <= hour < self.service_until_hour
