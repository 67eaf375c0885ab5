"""One visit told from the call to the survey. Read this first.

Everything that happens to a customer happens here, in this order; each department is asked to do its part and knows
nothing of the others.
"""

from dataclasses import dataclass
from functools import partial

from sim.arrivals import JobType
from sim.departments.disputes import Disputes
from sim.departments.fleet import Fleet
from sim.departments.front_desk import FrontDesk
from sim.departments.parts import Parts
from sim.departments.satisfaction import Satisfaction
from sim.departments.support import Support
from sim.departments.workshop import Workshop
from sim.things import PartLine, Visit
from sim.units import HOURS_PER_DAY
from sim.views import GoodwillView
from sim.waiting import Flag, Story, later, until
from sim.world import Trusting, World


@dataclass
class Departments:
    """Everybody a visit meets."""

    front_desk: FrontDesk
    parts: Parts
    workshop: Workshop
    fleet: Fleet
    support: Support
    disputes: Disputes
    satisfaction: Satisfaction
    trust: Trusting


class Journey:
    """A visit on its way through the centre."""

    def __init__(self, world: World, jobs: dict[str, JobType], centre: Departments, visit: Visit) -> None:
        self.world = world
        self.log = world.log
        self.job = jobs[visit.job]
        self.to = centre
        self.visit = visit
        self.missing = 0
        self.all_here = Flag(world.env)
        self.holds: list[Flag] = []
        """Disputes that hold up this visit's next step."""
        self.back_with_parts = False
        self.refused_before = False
        self.closed = False

    # -- the story ------------------------------------------------------------------------------------------

    def tell(self) -> Story:
        """From the call to the hand-over."""
        visit = self.visit
        self.log.write(self.world.now, "booked", visit.number, visit.job, visit.planned_start)
        if visit.booked:
            yield from self.wait_for_slot()
        self.drop_off()
        if visit.booked:
            self.ask_for([line for line in visit.lines if line.known_at_booking])
        if visit.lines and self.missing and not self.to.workshop.may_start(visit.number, self.missing):
            if self.gone_elsewhere():
                return
            yield from self.wait_for_parts()
        yield from self.to.workshop.take_bay(visit.number, self.job.bay, self.back_with_parts, self.job.priority)
        if not visit.booked:
            visit.planned_start = self.world.now
            self.ask_for([line for line in visit.lines if line.known_at_booking])
        yield from self.to.workshop.work(visit.number, self.job.bay, self.job.skill, visit.diagnosis_hours)
        yield from self.ask_support()
        self.ask_for([line for line in visit.lines if not line.known_at_booking])
        if self.gone_elsewhere(from_bay=True):
            return
        if self.missing:
            yield from self.hold_bay()
        while self.missing:
            self.to.workshop.leave_bay(visit.number, self.job.bay)
            yield from self.wait_for_parts()
            yield from self.to.workshop.take_bay(visit.number, self.job.bay, self.back_with_parts, self.job.priority)
        for line in visit.lines:
            self.to.parts.use(line)
        yield from self.to.workshop.work(visit.number, self.job.bay, self.job.skill, visit.work_hours)
        if visit.rework_hours > 0:
            yield from self.do_again()
        self.to.workshop.leave_bay(visit.number, self.job.bay)
        yield from self.hand_over()

    def wait_for_slot(self) -> Story:
        """Between the call and the appointment parts may be announced and a loaner booked."""
        visit, now = self.visit, self.world.now
        known = [line for line in visit.lines if line.known_at_booking]
        if known:
            at = max(visit.planned_start - self.to.front_desk.notice_hours(visit), now)
            if at < visit.planned_start:
                later(self.world.env, at, partial(self.announce, known))
        stay = self.expected_stay()
        if self.to.fleet.is_wanted(visit.number) and stay > HOURS_PER_DAY:
            at = max(visit.planned_start - self.to.fleet.notice_hours(visit), now)
            if at < visit.planned_start:
                book = partial(self.to.fleet.book_loan, visit, visit.planned_start, stay)
                later(self.world.env, at, book)
        yield from until(self.world.env, visit.planned_start)

    def drop_off(self) -> None:
        """The car is handed in, a date is promised, a loaner is asked for."""
        visit, world = self.visit, self.world
        visit.dropped_off_at = world.now
        known = [line for line in visit.lines if line.known_at_booking]
        self.to.front_desk.promise(visit, [self.to.parts.light(line) for line in known])
        self.log.write(world.now, "dropped_off", visit.number, visit.job, visit.promise_at, str(visit.promised_days))
        self.log.write(world.now, "need_date", visit.number, "", world.now + visit.need_hours)
        later(world.env, visit.promise_at, self.promise_due)
        if self.expected_stay() > HOURS_PER_DAY:
            self.ask_loaner(self.expected_stay())
        else:
            self.to.fleet.cancel_loan(visit.number)

    def expected_stay(self) -> float:
        """Hours for which a customer expects to be without the car [h]; an immobile car stays a day at least."""
        stay = self.to.front_desk.standard_stay_hours(self.visit)
        return stay if self.visit.drivable else max(stay, HOURS_PER_DAY + 1)

    def ask_loaner(self, hours: float) -> None:
        """Once a visit: a loaner for those who want one; a refusal may end in a dispute over a car."""
        visit = self.visit
        if visit.wants_loaner or not self.to.fleet.is_wanted(visit.number):
            return
        visit.wants_loaner = True
        answer = self.to.fleet.ask_loan(visit, hours)
        visit.has_loaner = answer not in ("refused", "none")
        visit.loaner_refused = not visit.has_loaner
        if answer == "refused" and self.to.disputes.arises(visit.number, "car"):
            free_it = self.to.fleet.block_car(visit.number)
            self.to.disputes.start(visit.number, "car", ("service", "sales"), settled=free_it)
            visit.disputes += 1

    # -- parts ----------------------------------------------------------------------------------------------

    def announce(self, lines: list[PartLine]) -> None:
        """Known needs are announced to parts ahead of the planned start."""
        for line in lines:
            self.to.parts.announce(line)

    def ask_for(self, lines: list[PartLine]) -> None:
        """Planned start: what is on the shelf is taken, what is not starts its own small story."""
        desk = self.to.front_desk
        for line in lines:
            filled = partial(self.line_here, line)
            if self.to.parts.ask(line, filled):
                if line.known_at_booking:
                    self.to.parts.put_by(line, *desk.extra_units(line))
                continue
            self.missing += 1
            if self.to.parts.settings.control.when_short == "backorder":
                self.world.env.process(self.chase(line, filled))

    def chase(self, line: PartLine, filled: "partial[None]") -> Story:
        """A short line: somebody tells the front desk, which may ask parts to speed it up."""
        visit, desk = self.visit, self.to.front_desk
        hours = self.to.parts.tell_after(line, desk.settings.tell_habit_hours)
        yield from until(self.world.env, self.to.workshop.calendar.add(self.world.now, hours))
        if line.in_hand:
            return
        self.log.write(self.world.now, "front_desk_told", visit.number, str(line.nth), hours)
        visit.informed_late_hours = max(visit.informed_late_hours, hours)
        if not desk.is_urgent(visit):
            return
        answer = self.to.parts.speed_up(line, visit, filled)
        if answer == "refused" and not self.refused_before and self.to.disputes.arises(visit.number, "urgent_part"):
            self.dispute("urgent_part", ("service", "parts"))
        self.refused_before = self.refused_before or answer == "refused"

    def line_here(self, line: PartLine) -> None:
        """A missing line has come."""
        line.in_hand = True
        self.missing -= 1
        now = self.world.now
        name = self.to.parts.catalogue.names[line.sku]
        self.log.write(now, "line_arrived", line.visit, name, now - line.due_at)
        if self.missing == 0:
            self.all_here.up()
            self.all_here = Flag(self.world.env)

    def hold_bay(self) -> Story:
        """The car stays on the bay for a while in the hope that the part comes."""
        workshop, since = self.to.workshop, self.world.now
        yield from self.all_here.wait(workshop.hold_until())
        workshop.idle(self.visit.number, self.job.bay, since, "parts")

    def wait_for_parts(self) -> Story:
        """Off the bay until everything is there: at home if the car drives, else in the yard."""
        visit, since = self.visit, self.world.now
        visit.lateness_cause = "parts"
        home = visit.drivable
        if home:
            visit.trips_home += 1
            self.log.write(since, "went_home", visit.number)
        elif not visit.wants_loaner:
            self.ask_loaner(HOURS_PER_DAY * 3)
        if visit.has_loaner:
            self.to.fleet.extend_loan(visit.number, since + HOURS_PER_DAY * 3)
        if self.missing:
            yield from self.all_here.wait()
        for hold in self.holds:
            waited = self.world.now
            yield from hold.wait()
            if self.world.now > waited:
                visit.lateness_cause = "dispute"
        service = self.to.workshop.calendar
        if home:
            yield from until(self.world.env, service.add(self.world.now, visit.return_hours))
            self.log.write(self.world.now, "came_back", visit.number)
        self.log.write(self.world.now, "start_moved", visit.number, "", (self.world.now - since) / 24)
        self.back_with_parts = True

    def gone_elsewhere(self, from_bay: bool = False) -> bool:
        """Where a short customer does not wait: he leaves, and bay, loaner and the parts that were there stay here."""
        visit = self.visit
        if not self.missing or self.to.parts.settings.control.when_short != "lost":
            return False
        self.log.write(self.world.now, "left", visit.number, "visit", 0.0, "part not there")
        for line in visit.lines:
            if line.in_hand:
                self.to.parts.put_back(line)
        if visit.has_loaner:
            self.to.fleet.end_loan(visit.number)
        if from_bay:
            self.to.workshop.leave_bay(visit.number, self.job.bay)
        self.closed = True
        return True

    # -- ability --------------------------------------------------------------------------------------------

    def ask_support(self) -> Story:
        """A hard case waits on its bay for an answer; an unsolved one asks again."""
        visit = self.visit
        if not visit.hard:
            return
        since, attempt, solved = self.world.now, 0, False
        while not solved:
            at, solved = self.to.support.ask(visit.number, attempt)
            yield from until(self.world.env, at)
            attempt += 1
        visit.lateness_cause = "support"
        self.to.workshop.idle(visit.number, self.job.bay, since, "support")

    def do_again(self) -> Story:
        """Work done wrong is done again."""
        visit, workshop = self.visit, self.to.workshop
        self.log.write(self.world.now, "rework", visit.number, "", visit.rework_hours, "mistake")
        self.world.ledger.post("rework", "cash", visit.rework_hours * workshop.settings.hour_cost_yuan, visit.number)
        yield from workshop.work(visit.number, self.job.bay, self.job.skill, visit.rework_hours)
        if not visit.lateness_cause:
            visit.lateness_cause = "rework"

    # -- the end --------------------------------------------------------------------------------------------

    def hand_over(self) -> Story:
        """Ready, fetched, paid, asked."""
        visit, world = self.visit, self.world
        visit.ready_at = world.now
        self.log.write(world.now, "ready", visit.number)
        fetched = self.to.workshop.calendar.add(world.now, visit.pickup_hours)
        if visit.ready_at <= visit.promise_at:
            fetched = min(fetched, visit.promise_at)
        yield from until(world.env, fetched)
        visit.handed_over_at = world.now
        self.closed = True
        kept = visit.handed_over_at <= visit.promise_at
        cause = "" if kept else visit.lateness_cause or "bay"
        self.log.write(world.now, "handed_over", visit.number, visit.job, float(kept), cause)
        price = self.to.workshop.settings.hour_price_yuan
        world.ledger.post("cash", "revenue_labour", price * visit.work_hours, visit.number)
        if visit.has_loaner:
            self.to.fleet.end_loan(visit.number)
        self.complain()

    def promise_due(self) -> None:
        """The promised moment has come. Unmet, the departments may fall out over the cause."""
        visit = self.visit
        if self.closed:
            return
        cause = visit.lateness_cause or ("parts" if self.missing else "bay")
        self.log.write(self.world.now, "promise_passed", visit.number, "", 0.0, cause)
        other = "parts" if cause == "parts" else "workshop"
        self.to.trust.broken("service", other)
        if cause in ("parts", "bay") and self.to.disputes.arises(visit.number, "broken_promise"):
            self.dispute("broken_promise", ("service", other))

    def dispute(self, kind: str, parties: tuple[str, str]) -> None:
        """A dispute that holds up this visit's next step."""
        self.visit.disputes += 1
        self.holds.append(self.to.disputes.start(self.visit.number, kind, parties))  # type: ignore[arg-type]

    def complain(self) -> None:
        """A bad experience asks for goodwill; above a limit nobody owns it."""
        visit = self.visit
        points = self.to.satisfaction.score(visit)
        yuan = self.to.satisfaction.goodwill_for(visit, points)
        if yuan <= 0:
            self.to.satisfaction.close(visit, points, goodwill=False)
            return

        def pay() -> None:
            self.log.write(self.world.now, "goodwill", visit.number, "", yuan)
            self.world.ledger.post("goodwill", "cash", yuan, visit.number)

        from_programme = self.to.satisfaction.from_programme(yuan)
        limit = self.world.desk.ask(
            "goodwill_limit_yuan", GoodwillView(self.to.disputes.settings.goodwill_limit_yuan, yuan)
        )
        quick = from_programme or yuan <= limit
        if quick:
            later(self.world.env, self.world.now + self.to.satisfaction.settings.goodwill_wait_hours, pay)
        else:
            self.to.disputes.start(visit.number, "goodwill", ("service", "finance"), yuan, pay)
        self.to.satisfaction.close(visit, points, goodwill=quick)
