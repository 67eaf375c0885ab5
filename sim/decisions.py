"""Every question a mechanism may answer: view, unit, baseline, how several answers combine, and why.

A view is a small frozen record of what the asker may know at that moment. ``roll`` in a view is the asker's own
luck on [0, 1), drawn by address, so that a rule with a probability in it stays a pure function.

A question without a combining rule has one owner: two mechanisms that answer it are an error at load.
The combining rule is a modelling claim, so its reason stands beside it. Baseline answers are what ad-hoc
coordination does; a mechanism that returns None leaves the baseline in force.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

Light = Literal["green", "yellow", "red"]


class LineView(NamedTuple):
    """A part line as the stock record shows it."""

    light: Light
    days_until_there: float
    """Working days until a missing part is expected, 0 if it is there."""
    roll: float


class PromiseView(NamedTuple):
    """What the adviser may look at before naming a date."""

    standard_days: int
    work_days: int
    lines: tuple[LineView, ...]


class NoticeView(NamedTuple):
    """A booked visit whose parts could be announced ahead."""

    habit_hours: float
    booked_ahead_hours: float
    roll: float


class ForecastView(NamedTuple):
    """What is known of a stock-keeping unit's demand [units a day]."""

    stale: float
    """The forecast parts goes by on its own."""
    shared_uses: float
    """Units the workshop used or announced in the look-back window."""
    shared_weeks: float
    """Weeks of shared records there are."""


class ReserveView(NamedTuple):
    """An adviser about to reserve parts."""

    habit_units: int
    roll: float


class TellView(NamedTuple):
    """Parts has just seen that a line is short."""

    habit_hours: float
    """Open hours until somebody gets round to telling the front desk."""


class UrgentView(NamedTuple):
    """Service asks parts to speed up a short line."""

    roll: float
    willingness: float
    """Chance that parts helps by the ordinary process, from trust."""
    hours_until_there: float
    process_hours: float
    sister_units: tuple[int, ...]
    """Free units at each sister centre."""
    quantity: int
    key_customer: bool


class UrgentAnswer(NamedTuple):
    """How a short line is sped up."""

    source: Literal["refused", "process", "transfer"]
    sister: int = -1


class StartView(NamedTuple):
    """A car is due on the bay and parts are missing."""

    missing_lines: int
    roll: float


class HoldView(NamedTuple):
    """A car on a bay cannot go on for want of a part."""

    habit_hours: float


class BayView(NamedTuple):
    """A car joins the queue for a bay."""

    back_with_parts: bool
    """It was there before, had to leave for want of a part, and the part has come."""


class LoanNoticeView(NamedTuple):
    """A booked visit that will want a loaner."""

    habit_hours: float
    roll: float


class HourOfCalendar(NamedTuple):
    """One hour of the booking calendar."""

    weekday: int
    """0 is Monday."""
    hour: int
    working_day: bool
    not_lent: int
    """Demo cars not promised to a loan."""
    drives_booked: int


class LoanView(NamedTuple):
    """Service asks for a car for a customer."""

    roll: float
    willingness: float
    """Chance that sales lends when it has a car standing there, from trust."""
    free_now: int
    """Demo cars standing there, or free to be booked for that start."""
    calendar: tuple[HourOfCalendar, ...]
    """The hours of the loan in which the showroom is open."""


class DriveView(NamedTuple):
    """A test drive is about to begin."""

    weekday: int
    hour: int
    working_day: bool
    loans_booked: int
    """Loans booked to begin before the drive ends."""
    key_customer: bool


class CarReturnView(NamedTuple):
    """A lent car comes back."""

    kind: str


class BackupView(NamedTuple):
    """The fleet on the day a policy starts."""

    demo_cars: int


class ClaimView(NamedTuple):
    """An unsettled claim."""

    kind: str
    level: int
    stake_yuan: float


def strictest(answers: Sequence[Any]) -> Any:
    """The smallest answer."""
    return min(answers)


def most_careful(answers: Sequence[Any]) -> Any:
    """The largest answer."""
    return max(answers)


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


def _urgent_by_process(view: UrgentView) -> UrgentAnswer:
    return UrgentAnswer("process" if view.roll < view.willingness else "refused")


DECISIONS: dict[str, Decision] = {
    "promise_days": Decision(
        "working days",
        PromiseView,
        lambda view: view.standard_days,
        combine=most_careful,
        why="a date must respect every known obstacle; a shorter one cannot undo a longer one",
    ),
    "notice_hours": Decision(
        "hours before the planned start",
        NoticeView,
        lambda view: view.habit_hours,
        combine=most_careful,
        why="an announcement made earlier contains the later one",
    ),
    "demand_forecast": Decision(
        "units a day",
        ForecastView,
        lambda view: view.stale,
        why="one forecast sets one stock level: two owners would average two opinions nobody holds",
    ),
    "extra_units_reserved": Decision(
        "units",
        ReserveView,
        lambda view: view.habit_units,
        combine=strictest,
        why="whoever forbids hoarding forbids it; a laxer rule cannot allow it again",
    ),
    "tell_front_desk_after": Decision(
        "open hours",
        TellView,
        lambda view: view.habit_hours,
        combine=strictest,
        why="the earliest message is the one that informs",
    ),
    "urgent_part": Decision(
        "source",
        UrgentView,
        _urgent_by_process,
        why="one line is bought once: two owners would order it twice",
    ),
    "start_without_parts": Decision(
        "yes or no",
        StartView,
        lambda view: True,
        combine=strictest,
        why="a start that one rule forbids does not happen",
    ),
    "bay_hold_hours": Decision(
        "open hours",
        HoldView,
        lambda view: view.habit_hours,
        combine=strictest,
        why="the car leaves the bay at the earliest limit in force",
    ),
    "bay_priority": Decision(
        "place in the queue, lower first",
        BayView,
        lambda view: 0.0,
        combine=strictest,
        low=-10,
        why="the best place any rule gives is the place taken",
    ),
    "loan_notice_hours": Decision(
        "hours before drop-off",
        LoanNoticeView,
        lambda view: view.habit_hours,
        combine=most_careful,
        why="a booking made earlier contains the later one",
    ),
    "lend_car": Decision(
        "yes or no",
        LoanView,
        lambda view: view.free_now > 0 and view.roll < view.willingness,
        why="a car is lent by one rule: sales' goodwill or the calendar, not both",
    ),
    "cars_kept_for_loans": Decision(
        "cars",
        DriveView,
        lambda view: 0,
        combine=most_careful,
        why="a car kept by one rule is kept",
    ),
    "backup_cars": Decision(
        "cars",
        BackupView,
        lambda view: 0,
        combine=sum,
        why="each rule brings its own cars",
    ),
    "clean_after_loan_hours": Decision(
        "hours",
        CarReturnView,
        lambda view: 0.0,
        combine=most_careful,
        why="one thorough cleaning serves every rule that asks for one",
    ),
    "claim_limit_hours": Decision(
        "hours on the clock of claim_clock",
        ClaimView,
        lambda view: math.inf,
        combine=strictest,
        why="the strictest limit in force wins; a looser rule cannot undo a stricter one",
    ),
    "claim_clock": Decision(
        "wall or business",
        ClaimView,
        lambda view: "wall",
        why="a limit needs one clock",
    ),
}
