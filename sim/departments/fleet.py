"""Fleet: demo cars wanted for test drives and as loaners, the booking calendar, backups, cleaning.

The calendar always exists; ad hoc nobody but sales looks at it. A car that is out is not recalled.
"""

import math
from collections.abc import Callable

from sim.calendar import Calendar
from sim.things import CarKind, TestDrive, Visit
from sim.units import Count, Hours, Settings, Share, Yuan, given
from sim.views import (
    BackupView,
    CarReturnView,
    DriveView,
    HourOfCalendar,
    LoanNoticeView,
    LoanView,
)
from sim.waiting import later
from sim.world import Trusting, World


class FleetSettings(Settings):
    """Cars and habits."""

    demo_cars: Count = given(source="A-70", span=(4, 20), why="a large showroom; replace by your own count")
    """Demo cars of sales."""
    dedicated_loaners: Count = given(
        1, source="A-71", span=(0, 4), why="the article: dedicated loaners exist beside them"
    )
    """Loaner cars of service's own."""
    kept_for_loans: Count = given(0, source="user")
    """Demo cars always kept back for loans: a test drive takes none while no more than these stand there."""
    wants_loaner_share: Share = given(0.5, source="A-72", span=(0.3, 0.8), why="others have a second car or a taxi app")
    """Share of customers whose car is immobile or stays over 24 h who ask for a loaner."""
    lend_share: Share = given(
        0.4,
        source="fitted",
        read_by="baseline",
        span=(0.02, 1.0),
        why="A-73: knob of the calibration; what ad-hoc refusal is made of is not known",
    )
    """Chance that sales lends a car standing there when asked ad hoc, at trust 0.5; grows with trust."""
    loan_notice_habit_hours: Hours = given(
        0.0, source="A-74", read_by="baseline", span=(0, 24), why="asked on the spot"
    )
    """How far ahead service asks for a loaner ad hoc, hours before drop-off."""
    loan_running_yuan_per_day: Yuan = given(
        80.0, source="A-75", span=(30, 200), why="wear and electricity of a lent car"
    )
    """Running cost of a loan, yuan a day."""
    clean_cost_yuan: Yuan = given(60.0, source="A-76", span=(30, 150), why="a wash and an inspection")
    """Cost of a cleaning, yuan."""
    block_hours: Hours = given(
        4.0, source="A-77", span=(1, 11), why="a car two departments fight over stands for the slot"
    )
    """How long at most a car stands still while two departments argue over it, hours."""


class Fleet:
    """Cars by kind, the calendar of loans and test drives."""

    def __init__(self, world: World, settings: FleetSettings, trust: Trusting) -> None:
        self._world = world
        self.settings = settings
        self._trust = trust
        self.showroom: Calendar = world.calendars["showroom"]
        self._office: Calendar = world.calendars["office"]
        self.free: dict[CarKind, int] = {
            "demo": settings.demo_cars,
            "backup": 0,
            "dedicated": settings.dedicated_loaners,
        }
        self.off: dict[CarKind, int] = {"demo": 0, "backup": 0, "dedicated": 0}
        """Cars that stand still: being cleaned, or argued over."""
        self._loans: dict[int, tuple[CarKind, float, float]] = {}
        """Cars out on loan by visit: kind, when it left, when it is expected back."""
        self._booked_loans: dict[int, tuple[float, float]] = {}
        """Loans promised ahead by visit: from, to."""
        self._booked_drives: dict[int, TestDrive] = {}
        self._working_days: dict[int, bool] = {}
        self.rented = 0
        """Loaners rented for a time, among the dedicated ones."""
        self._rented_out = 0
        """Rented ones whose time is up and that are still with a customer."""
        self._lend_roll = world.chance.column("fleet.lend_roll")
        self._wants = world.chance.column("fleet.wants_loaner")

    def start_policy(self) -> None:
        """Cars a mechanism adds come on the day it starts."""
        self.free["backup"] += int(self._world.desk.ask("backup_cars", BackupView(self.settings.demo_cars)))

    # -- loans ----------------------------------------------------------------------------------------------

    def is_wanted(self, visit: int) -> bool:
        """Whether this customer asks for a loaner when the stay is long; blind to policy."""
        return self._wants[visit] < self.settings.wants_loaner_share

    def notice_hours(self, visit: Visit) -> float:
        """How far before drop-off a loan may be booked for this visit."""
        view = LoanNoticeView(self.settings.loan_notice_habit_hours, self._lend_roll[visit.number])
        return self._world.desk.ask("loan_notice_hours", view)

    def book_loan(self, visit: Visit, start: float, hours: float) -> None:
        """Ask for a car ahead of time; if the calendar agrees, it is promised."""
        if self._may_lend(visit.number, start, hours):
            self._booked_loans[visit.number] = (start, start + hours)

    def ask_loan(self, visit: Visit, hours: float) -> str:
        """A car for a customer now: the kind of car, or why not: "none" (all out) or "refused" (one stood there)."""
        now, number = self._world.now, visit.number
        kind: CarKind | None = None
        if self.free["dedicated"] > 0:
            kind = "dedicated"
        elif self._booked_loans.pop(number, None) is not None:
            kind = "demo" if self.free["demo"] > 0 else None
        elif self._may_lend(number, now, hours):
            kind = "demo"
        self._booked_loans.pop(number, None)
        if kind is None:
            answer = "refused" if self.free["demo"] > 0 else "none"
            self._world.log.write(now, "loaner_asked", number, "", hours, "refused")
            self._trust.broken("service", "sales")
            return answer
        self.free[kind] -= 1
        self._loans[number] = (kind, now, now + max(hours, 1.0))
        self._world.log.write(now, "loaner_asked", number, kind, hours, "granted")
        self._world.log.write(now, "car_out", number, kind, hours, "loan")
        if kind == "demo":
            self._trust.helped("service", "sales")
        return kind

    def cancel_loan(self, visit: int) -> None:
        """A car promised ahead is not needed after all, if there was one."""
        self._booked_loans.pop(visit, None)

    def extend_loan(self, visit: int, until: float) -> None:
        """The repair takes longer, and so does the loan."""
        if visit in self._loans:
            kind, since, expected = self._loans[visit]
            self._loans[visit] = (kind, since, max(expected, until))

    def end_loan(self, visit: int) -> None:
        """The car comes back and is cleaned if a rule says so."""
        kind, since, _ = self._loans.pop(visit)
        now = self._world.now
        self._world.log.write(now, "car_in", visit, kind, self.showroom.between(since, now), "loan")
        self._world.ledger.post(
            "loaner_running", "cash", self.settings.loan_running_yuan_per_day * (now - since) / 24, visit
        )
        if kind == "dedicated" and self._rented_out > 0:
            self._rented_out -= 1
            self.rented -= 1
            return
        hours = self._world.desk.ask("clean_after_loan_hours", CarReturnView(kind))
        if hours <= 0:
            self.free[kind] += 1
            return
        self._world.ledger.post("cleaning", "cash", self.settings.clean_cost_yuan, visit)
        self._world.log.write(now, "car_cleaned", visit, kind, hours)
        self.off[kind] += 1

        def clean() -> None:
            self.off[kind] -= 1
            self.free[kind] += 1

        later(self._world.env, self.showroom.add(now, hours), clean)

    def _may_lend(self, visit: int, start: float, hours: float) -> bool:
        end = start + hours
        booked_then = sum(1 for a, b in self._booked_loans.values() if a < end and b > start)
        if start <= self._world.now:
            free = self.free["demo"]
        else:
            still_out = sum(1 for kind, _, back in self._loans.values() if kind == "demo" and back > start)
            free = self.settings.demo_cars - still_out
        view = LoanView(
            roll=self._lend_roll[visit],
            willingness=min(self.settings.lend_share * 2 * self._trust.between("service", "sales"), 1.0),
            free_now=free - booked_then,
            calendar=self._calendar(start, end),
        )
        return bool(self._world.desk.ask("lend_car", view))

    def _calendar(self, start: float, end: float) -> tuple[HourOfCalendar, ...]:
        """Each showroom hour of a loan: cars not lent, test drives booked."""
        if not self._world.desk.answered("lend_car"):
            return ()
        first, last = math.floor(start), math.ceil(min(end, start + 14 * 24))
        loans = [(since, back) for kind, since, back in self._loans.values() if kind == "demo"]
        lent = _hourly(first, last, [*loans, *self._booked_loans.values()])
        drives = _hourly(
            first, last, [(drive.starts_at, drive.starts_at + drive.hours) for drive in self._booked_drives.values()]
        )
        hours = []
        for opens, closes in self.showroom.openings(start, last):
            weekday, working = self._world.weekday(opens), self._is_working_day(opens)
            for hour in range(math.floor(opens), math.ceil(closes)):
                left = self.settings.demo_cars - lent[hour - first]
                hours.append(HourOfCalendar(weekday, hour % 24, working, left, drives[hour - first]))
        return tuple(hours)

    def _is_working_day(self, t: float) -> bool:
        day = int(t // 24)
        if day not in self._working_days:
            self._working_days[day] = bool(self._office.openings(day * 24, day * 24 + 24))
        return self._working_days[day]

    # -- test drives ----------------------------------------------------------------------------------------

    def book_drive(self, drive: TestDrive) -> None:
        """Sales writes a test drive into its book."""
        self._booked_drives[drive.number] = drive

    def begin_drive(self, drive: TestDrive, done: Callable[[], None]) -> bool:
        """A test drive is due now: whether a car is there. ``done`` is called when it comes back."""
        now = self._world.now
        self._booked_drives.pop(drive.number, None)
        waiting = sum(1 for a, _ in self._booked_loans.values() if a < now + drive.hours)
        view = DriveView(
            self._world.weekday(now),
            int(now % 24),
            self._is_working_day(now),
            waiting,
            drive.key_customer,
            self.settings.kept_for_loans,
        )
        kept = int(self._world.desk.ask("cars_kept_for_loans", view))
        lent = any(kind == "demo" for kind, _, _ in self._loans.values()) or kept > 0
        kind: CarKind | None = None
        if self.free["demo"] - kept > 0:
            kind = "demo"
        elif lent and self.free["backup"] > 0:
            kind = "backup"
        log = self._world.log
        log.write(now, "test_drive_asked", drive.number, kind or "", drive.hours, "granted" if kind else "lost")
        if kind is None:
            if lent:
                self._trust.broken("service", "sales")
            return False
        used = kind
        self.free[used] -= 1
        log.write(now, "car_out", drive.number, used, drive.hours, "test_drive")

        def back() -> None:
            hours = self.showroom.between(now, self._world.now)
            log.write(self._world.now, "car_in", drive.number, used, hours, "test_drive")
            self.free[used] += 1
            done()

        later(self._world.env, now + drive.hours, back)
        return True

    # -- events and programmes -----------------------------------------------------------------------------------

    def borrow(self, cars: int, until: float) -> None:
        """Demo cars that stand there are taken for something else until clock time ``until``."""
        taken = min(cars, self.free["demo"])
        if taken > 0:
            self.free["demo"] -= taken
            self.off["demo"] += taken
            later(self._world.env, until, lambda: self._give_back(taken))

    def _give_back(self, cars: int) -> None:
        self.off["demo"] -= cars
        self.free["demo"] += cars

    def rent(self, cars: int, until: float) -> None:
        """Loaners rented until clock time ``until``; one still out then goes back when its customer does."""
        self.free["dedicated"] += cars
        self.rented += cars
        later(self._world.env, until, lambda: self._return_rented(cars))

    def _return_rented(self, cars: int) -> None:
        at_once = min(cars, self.free["dedicated"])
        self.free["dedicated"] -= at_once
        self.rented -= at_once
        self._rented_out += cars - at_once

    # -- disputes -------------------------------------------------------------------------------------------

    def block_car(self, visit: int) -> Callable[[], None]:
        """Two departments argue over a car that stands there: it moves for neither. Returns what frees it."""
        if self.free["demo"] <= 0:
            return lambda: None
        self.free["demo"] -= 1
        self.off["demo"] += 1
        now = self._world.now
        freed = False

        def free_it() -> None:
            nonlocal freed
            if not freed:
                freed = True
                self._world.log.write(self._world.now, "car_blocked", visit, "demo", self._world.now - now)
                self.off["demo"] -= 1
                self.free["demo"] += 1

        later(self._world.env, self.showroom.add(now, self.settings.block_hours), free_it)
        return free_it


def _hourly(first: int, last: int, spans: list[tuple[float, float]]) -> list[int]:
    """How many spans touch each hour from ``first`` to ``last``."""
    counts = [0] * max(last - first, 0)
    for start, end in spans:
        for hour in range(max(math.floor(start), first), math.ceil(min(end, last))):
            counts[hour - first] += 1
    return counts
