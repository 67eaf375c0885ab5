"""Showroom event: owners invited on a Saturday; A before sales' peak, B outdoors with demo cars, or as usual.

Test drives lost come out of the run; leads won are an input, taken from the article's last event (8 leads and 3 deals
of 150 guests). Source: the article, dialogue on a conflict over the showroom.
"""

from typing import ClassVar, Literal

from sim.mechanism import Charge, Mechanism
from sim.units import Count, Hours, Ratio, Share, Yuan, given
from sim.views import FirstDayView, OwnersEvent

SATURDAY = 5 * 24.0


class ShowroomEvent(Mechanism):
    """An invitation."""

    title: ClassVar = {"zh": "车主答谢活动", "en": "owners' event"}
    no_cause_for: ClassVar = (
        "shortage_rate", "promise_kept", "days_in_shop", "bay_utilisation", "support_answer_hours",
        "sister_shortage_rate",
    )  # fmt: skip
    null: ClassVar = {"events": 0, "cost_yuan": 0.0}

    option: Literal["early", "outdoors", "as_usual"] = given("early", source="article", read_by="mechanism")
    """A (early), B (outdoors), or in the showroom in the afternoon as usual."""
    events: Count = given(1, source="article", read_by="mechanism")
    """Events held, one every four weeks from the first Saturday on."""
    guests: Count = given(150, source="article", read_by="mechanism")
    """Owners invited who come."""
    lead_share: Share = given(8 / 150, source="article", read_by="mechanism")
    """Input: leads a guest; the article's last event brought 8."""
    deal_share: Share = given(3 / 8, source="article", read_by="mechanism")
    """Input: deals a lead; the article's last event brought 3 of 8."""
    early_from_hour: Hours = given(8.0, source="article", read_by="mechanism")
    """Start of option A; it ends at 10, before sales' peak."""
    usual_from_hour: Hours = given(
        14.0, source="A-280", read_by="mechanism", span=(10, 18), why="as usual: when owners have time, and buyers too"
    )
    """Start of the event as usual, and of option B."""
    usual_hours: Hours = given(
        3.0, source="A-281", read_by="mechanism", span=(2, 6), why="an afternoon; the article gives option A two hours"
    )
    """Length of the event as usual, and of option B."""
    crowd_share: Share = given(
        0.5, source="A-282", read_by="mechanism", span=(0.1, 1.0), why="150 guests in a showroom; nobody has counted"
    )
    """Share of test drives asked for meanwhile that a crowd in the showroom prevents."""
    cars_outdoors: Count = given(3, source="article", read_by="mechanism")
    """Demo cars borrowed in option B."""
    cost_yuan: Yuan = given(
        5000.0, source="A-283", read_by="mechanism", span=(1000, 30000), why="food and drink for 150; no figure given"
    )
    """Cost of the events in all."""
    every_weeks: Ratio = given(
        4.0, source="A-284", read_by="mechanism", span=(1, 13), why="once a month, if there is more than one"
    )
    """Weeks between two events."""

    def owners_events(self, view: FirstDayView) -> tuple[OwnersEvent, ...]:
        """The events, as seen by fleet and sales."""
        early = self.option == "early"
        start = self.early_from_hour if early else self.usual_from_hour
        hours = max(10.0 - self.early_from_hour, 0.0) if early else self.usual_hours
        cars = self.cars_outdoors if self.option == "outdoors" else 0
        floor = self.crowd_share if self.option != "outdoors" else 0.0
        return tuple(
            OwnersEvent(
                number * self.every_weeks * 168 + SATURDAY + start, hours, self.guests, cars, floor,
                self.lead_share, self.deal_share,
            )
            for number in range(self.events)
            if number * self.every_weeks < view.weeks
        )  # fmt: skip

    def charges(self) -> tuple[Charge, ...]:
        return (Charge("showroom_event", once_yuan=self.cost_yuan),)
