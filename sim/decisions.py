"""Every question a mechanism may answer: view, unit, baseline, how several answers combine, and why.

Views stand in ``sim.views``. A question without a combining rule has one owner: two mechanisms that answer it are an
error at load. The combining rule is a modelling claim, so its reason stands beside it. Baseline answers are what ad-hoc
coordination does; a mechanism that returns None leaves the baseline in force.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sim import views as v


def strictest(answers: Sequence[Any]) -> Any:
    """The smallest answer."""
    return min(answers)


def most_careful(answers: Sequence[Any]) -> Any:
    """The largest answer."""
    return max(answers)


def together(answers: Sequence[tuple[Any, ...]]) -> tuple[Any, ...]:
    """All that any rule asks for, one after the other."""
    return tuple(item for answer in answers for item in answer)


@dataclass(frozen=True)
class Decision:
    """A named question.

    Attributes:
        unit: unit of the answer.
        view: the record the asker hands over.
        baseline: what ad-hoc coordination answers.
        combine: rule for the baseline's and several mechanisms' answers; None means one owner, whose answer
            replaces the baseline.
        why: reason for the rule, or for having none.
        low, high: the answers that are possible, for numbers.
    """

    unit: str
    view: type
    baseline: Callable[[Any], Any]
    why: str
    combine: Callable[[Sequence[Any]], Any] | None = None
    low: float = 0.0
    high: float = math.inf


def _urgent_by_goodwill(view: v.UrgentView) -> v.UrgentAnswer:
    if view.roll >= view.willingness:
        return v.UrgentAnswer("refused")
    return v.UrgentAnswer("favour" if view.favours_left > 0 else "process")


DECISIONS: dict[str, Decision] = {
    "promise_days": Decision(
        "working days",
        v.PromiseView,
        lambda view: view.standard_days,
        combine=most_careful,
        why="a date must respect every known obstacle; a shorter one cannot undo a longer one",
    ),
    "notice_hours": Decision(
        "hours before the planned start",
        v.NoticeView,
        lambda view: view.habit_hours,
        combine=most_careful,
        why="an announcement made earlier contains the later one",
    ),
    "demand_forecast": Decision(
        "units a day",
        v.ForecastView,
        lambda view: view.stale,
        why="one forecast sets one stock level: two owners would average two opinions nobody holds",
    ),
    "extra_units_reserved": Decision(
        "units",
        v.ReserveView,
        lambda view: view.habit_units,
        combine=strictest,
        why="whoever forbids hoarding forbids it; a laxer rule cannot allow it again",
    ),
    "tell_front_desk_after": Decision(
        "open hours",
        v.TellView,
        lambda view: view.habit_hours,
        combine=strictest,
        why="the earliest message is the one that informs",
    ),
    "urgent_part": Decision(
        "source",
        v.UrgentView,
        _urgent_by_goodwill,
        why="one line is bought once: two owners would order it twice",
    ),
    "start_without_parts": Decision(
        "yes or no",
        v.StartView,
        lambda view: True,
        combine=strictest,
        why="a start that one rule forbids does not happen",
    ),
    "bay_hold_hours": Decision(
        "open hours",
        v.HoldView,
        lambda view: view.habit_hours,
        combine=strictest,
        why="the car leaves the bay at the earliest limit in force",
    ),
    "bay_priority": Decision(
        "place in the queue, lower first",
        v.BayView,
        lambda view: float(view.priority),
        combine=strictest,
        low=-10,
        why="the best place any rule gives is the place taken",
    ),
    "loan_notice_hours": Decision(
        "hours before drop-off",
        v.LoanNoticeView,
        lambda view: view.habit_hours,
        combine=most_careful,
        why="a booking made earlier contains the later one",
    ),
    "lend_car": Decision(
        "yes or no",
        v.LoanView,
        lambda view: view.free_now > 0 and view.roll < view.willingness,
        why="a car is lent by one rule: sales' goodwill or the calendar, not both",
    ),
    "cars_kept_for_loans": Decision(
        "cars",
        v.DriveView,
        lambda view: view.habit_cars,
        combine=most_careful,
        why="a car kept by one rule is kept",
    ),
    "backup_cars": Decision(
        "cars",
        v.BackupView,
        lambda view: 0,
        combine=sum,
        why="each rule brings its own cars",
    ),
    "clean_after_loan_hours": Decision(
        "hours",
        v.CarReturnView,
        lambda view: 0.0,
        combine=most_careful,
        why="one thorough cleaning serves every rule that asks for one",
    ),
    "claim_limit_hours": Decision(
        "hours on the clock of claim_clock",
        v.ClaimView,
        lambda view: math.inf,
        combine=strictest,
        why="the strictest limit in force wins; a looser rule cannot undo a stricter one",
    ),
    "claim_clock": Decision(
        "wall or business",
        v.ClaimView,
        lambda view: "wall",
        why="a limit needs one clock",
    ),
    "stock_part": Decision(
        "yes or no",
        v.StockView,
        lambda view: True,
        combine=strictest,
        why="a part that one rule takes off the list is not stocked",
    ),
    "extra_units_stocked": Decision(
        "units above the formula's level",
        v.LevelView,
        lambda view: 0,
        combine=most_careful,
        why="a unit stocked by one rule also serves the other",
    ),
    "dead_stock_payer": Decision(
        "department",
        v.DeadStockView,
        lambda view: "parts",
        why="a loss is booked once",
    ),
    "goodwill_limit_yuan": Decision(
        "yuan",
        v.GoodwillView,
        lambda view: view.habit_limit_yuan,
        combine=most_careful,
        why="a right to sign that one rule gives no other rule takes away",
    ),
    "follow_up_hours": Decision(
        "working hours a lead",
        v.FollowUpView,
        lambda view: view.habit_hours,
        combine=most_careful,
        why="hours spent by one rule's reason are spent",
    ),
    "ask_for_referral": Decision(
        "yes or no",
        v.AskView,
        lambda view: False,
        combine=most_careful,
        why="a customer is asked once, whoever wants it",
    ),
    "deal_bonus_yuan": Decision(
        "yuan",
        v.DealView,
        lambda view: 0.0,
        combine=sum,
        why="each rule pays its own bonus",
    ),
    "occasions": Decision(
        "occasions on which people of several departments come together",
        v.FirstDayView,
        lambda view: (),
        combine=together,
        why="each rule brings its own",
    ),
    "owners_events": Decision(
        "events for owners",
        v.FirstDayView,
        lambda view: (),
        combine=together,
        why="each rule brings its own",
    ),
    "call_lost_customer": Decision(
        "yes or no",
        v.LostView,
        lambda view: False,
        combine=most_careful,
        why="a customer is called once, whoever wants it",
    ),
    "programme": Decision(
        "what the satisfaction programme does this month, or nothing",
        v.ProgrammeView,
        lambda view: None,
        why="one programme has one budget",
    ),
}
