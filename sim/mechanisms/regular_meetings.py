"""Regular meetings: service, parts and sales weekly for half an hour, monthly for two hours, a team day each quarter.

People at one table come to know one another, and what is open between them is taken up there and then. The hours are
paid. Source: the article, cross-department meetings.
"""

from typing import ClassVar

from sim.mechanism import Mechanism
from sim.units import Count, Hours, given
from sim.views import FirstDayView, Occasion

PRESENT = ("service", "parts", "sales")
WEEKS_PER_MONTH, WEEKS_PER_QUARTER = 365 / 7 / 12, 13.0


class RegularMeetings(Mechanism):
    """A diary."""

    title: ClassVar = {"zh": "跨部门定期会议", "en": "regular meetings"}
    no_cause_for: ClassVar = ("visits", "loaners_asked", "support_solved_share")
    null: ClassVar = {"weekly_hours": 0.0, "monthly_hours": 0.0, "quarterly_hours": 0.0}

    weekly_hours: Hours = given(0.5, source="article", read_by="mechanism")
    """Length of the weekly alignment, hours; the article: 30 minutes."""
    monthly_hours: Hours = given(2.0, source="article", read_by="mechanism")
    """Length of the monthly review, hours."""
    quarterly_hours: Hours = given(
        8.0, source="A-273", read_by="mechanism", span=(3, 16), why="the article: a team event; a day is assumed"
    )
    """Length of the quarterly team event, hours."""
    people_each: Count = given(
        2, source="A-274", read_by="mechanism", span=(1, 5), why="a head and somebody who knows the cases"
    )
    """People of each department who take part."""

    def occasions(self, view: FirstDayView) -> tuple[Occasion, ...]:
        """What is put into the diaries."""
        planned = (
            Occasion("weekly", 1.0, self.weekly_hours, PRESENT, self.people_each, settles=True),
            Occasion("monthly", WEEKS_PER_MONTH, self.monthly_hours, PRESENT, self.people_each, settles=True),
            Occasion("quarterly", WEEKS_PER_QUARTER, self.quarterly_hours, PRESENT, self.people_each),
        )
        return tuple(occasion for occasion in planned if occasion.hours > 0)
