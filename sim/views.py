"""What the asker of each question may know at that moment: small frozen records, one for each question.

``roll`` in a view is the asker's own luck on [0, 1), drawn by address, so that a rule with a probability in it stays
a pure function.
"""

from typing import Literal, NamedTuple

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
    favours_left: int = 0
    """Favours the head of parts can still do today: parts found at once by asking around."""


class UrgentAnswer(NamedTuple):
    """How a short line is sped up."""

    source: Literal["refused", "process", "favour", "transfer"]
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
    priority: int
    """Priority class of the job; lower first."""


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
    habit_cars: int
    """Cars always kept back for loans."""


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


class FirstDayView(NamedTuple):
    """The day a policy starts."""

    weeks: float
    """Weeks the policy can run at most."""


class Occasion(NamedTuple):
    """People of several departments come together, or one gives another something, again and again."""

    name: str
    every_weeks: float
    """Weeks between two of them."""
    hours: float
    """Working hours of each who takes part."""
    departments: tuple[str, ...]
    people_each: int = 1
    """People of each department who take part."""
    settles: bool = False
    """Whether open disputes between those present are taken up."""
    gift: bool = False
    """Whether the first department helps the others by it, as a favour is remembered."""


class StockView(NamedTuple):
    """A stock-keeping unit that parts may keep or drop [units a day, units, weeks]."""

    forecast: float
    """The forecast in force."""
    shared_uses: float
    """Units the workshop used or announced in the look-back window."""
    shared_weeks: float
    """Weeks of shared records there are."""


class LevelView(NamedTuple):
    """A level that parts has just set."""

    forecast_per_year: float
    """Forecast uses a year."""
    level: int
    """Units, by the ordinary formula."""


class DeadStockView(NamedTuple):
    """The day's loss of value of stock nobody uses."""

    yuan: float


class GoodwillView(NamedTuple):
    """Goodwill that a customer asks for."""

    habit_limit_yuan: float
    """What a service manager signs alone, ad hoc."""
    yuan: float


class FollowUpView(NamedTuple):
    """A lead that somebody has to call."""

    source: str
    """referral or test_drive."""
    habit_hours: float
    """Working hours a salesperson spends on it by habit."""


class AskView(NamedTuple):
    """A customer at the hand-over, who could be asked for a friend's name."""

    roll: float


class DealView(NamedTuple):
    """A deal has been made."""

    source: str
    """referral, test_drive or event."""


class OwnersEvent(NamedTuple):
    """An event for owners."""

    starts_at: float
    """Hours after the policy's start."""
    hours: float
    guests: int
    cars_borrowed: int
    """Demo cars that stand there for the time of the event."""
    floor_taken: float
    """Share of test drives asked for meanwhile that the crowd in the showroom prevents."""
    lead_share: float
    """Chance that a guest leaves a lead."""
    deal_share: float
    """Chance that such a lead becomes a deal."""


class LostView(NamedTuple):
    """A customer lost earlier, who could be called."""

    roll: float


class ProgrammeView(NamedTuple):
    """A month of a satisfaction programme is about to begin."""

    month: int
    """From 0."""
    nps_before: float
    """NPS of the three months before the policy's start; nan if nobody answered."""
    nps_last_month: float
    """NPS of the month that has just ended; nan if nobody answered."""


class ProgrammeMonth(NamedTuple):
    """What a satisfaction programme does in a month."""

    rented_loaners: int
    rent_yuan: float
    gift_yuan: float
    """Value of one gift."""
    gifts: int
    """Gifts there are."""
    warranty_yuan: float
    """Budget from which goodwill is paid at once."""
