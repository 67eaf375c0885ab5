"""Departments and mechanisms put together: one replication in, its log out."""

import gc
from functools import partial
from typing import Any

import simpy

from sim.arrivals import MOST_LINES, births, pinned_visits, visit_times
from sim.calendar import Calendar, CalendarSettings, build_calendar
from sim.catalogue import build_catalogue
from sim.chance import Chance
from sim.departments.disputes import Disputes
from sim.departments.events import Events
from sim.departments.finance import Finance
from sim.departments.fleet import Fleet
from sim.departments.front_desk import FrontDesk
from sim.departments.occasions import Occasions
from sim.departments.parts import Parts
from sim.departments.retention import Retention
from sim.departments.sales import Sales, drive_births
from sim.departments.satisfaction import Satisfaction
from sim.departments.sisters import Partner, Sister
from sim.departments.support import Support
from sim.departments.trust import Trust
from sim.departments.workshop import Workshop
from sim.journey import Departments, Journey
from sim.ledger import Ledger
from sim.log import Log
from sim.mechanism import Charge, Desk
from sim.scenario import Model, Scenario
from sim.stocktaking import count, technicians_suffice
from sim.things import Visit
from sim.units import HOURS_PER_DAY, HOURS_PER_WEEK
from sim.waiting import Story, later, until
from sim.world import World


def replicate(
    scenario: Scenario,
    policy: str,
    seed: int,
    replication: int,
    weeks: int | None = None,
    independent: bool = False,
) -> Log:
    """Run one replication of a policy and return its log.

    Args:
        weeks: weeks counted after the warm-up; the scenario's own if left out.
        independent: give each policy luck of its own instead of common random numbers.
    """
    # A run makes hundreds of thousands of rows and drops none: looking for garbage meanwhile only costs time.
    collected = gc.isenabled()
    gc.disable()
    try:
        centre = Centre(scenario, policy, seed, replication, weeks, independent)
        centre.run()
        return centre.log
    finally:
        if collected:
            gc.enable()


class Centre:
    """One service centre under one policy."""

    def __init__(
        self,
        scenario: Scenario,
        policy: str,
        seed: int,
        replication: int,
        weeks: int | None = None,
        independent: bool = False,
    ) -> None:
        model = scenario.model
        self.model = model
        self.log = Log()
        self.env = simpy.Environment()
        study = model.study
        switch_at = study.warmup_weeks * HOURS_PER_WEEK
        self.ends_at = switch_at + (weeks or study.weeks) * HOURS_PER_WEEK
        self.last = self.ends_at + study.run_on_weeks * HOURS_PER_WEEK
        self.world = World(
            env=self.env,
            log=self.log,
            chance=Chance(seed, replication, policy if independent else ""),
            desk=Desk(scenario.in_force(policy)),
            ledger=Ledger(self.log, lambda: self.env.now),
            calendars=_calendars(model, self.last + 60 * HOURS_PER_WEEK),
            first_day=study.first_day,
            switch_at=switch_at,
            horizon=self.last,
        )
        self.catalogue = build_catalogue(
            model.parts.families,
            model.parts.forecast,
            model.parts.quantity,
            Chance(model.parts.catalogue_seed, 0),
            scenario.histories,
        )
        self.visits = self._visits()
        self._departments()
        self.open: dict[int, Journey] = {}
        self._opening = [stock.on_shelf for stock in self.parts.stocks]
        self._backup_cars = 0

    # -- building -------------------------------------------------------------------------------------------

    def _weekdays(self) -> list[int]:
        return [self.world.weekday(day * HOURS_PER_DAY) for day in range(self.world.days())]

    def _visits(self) -> list[Visit]:
        model, world = self.model, self.world
        if not model.jobs:
            return []
        calendar = world.calendars["service"]
        times = visit_times(model.arrivals, world.chance, calendar, self._weekdays())
        found = births(model.arrivals, model.jobs, self.catalogue, world.chance, times)
        found += pinned_visits(
            model.arrivals.pinned,
            model.jobs,
            self.catalogue,
            world.chance,
            world.switch_at,
            world.weekday(world.switch_at),
        )
        return sorted(found, key=lambda visit: (visit.called_at, visit.number))

    def _departments(self) -> None:
        model, world = self.model, self.world
        self.trust = Trust(world, model.trust)
        self.sisters = [
            Sister(world, model.sisters, self.catalogue, number)  # type: ignore[arg-type]
            for number in range(model.sisters.centres if model.sisters and self.catalogue.names else 0)
        ]
        self.parts = Parts(
            world, model.parts, self.catalogue, units_per_day(model), self.trust,
            [sister.free_units for sister in self.sisters],
            lambda number, sku, quantity: self.sisters[number].take(sku, quantity),
        )  # fmt: skip
        places = [Partner(self.parts.free_units, self.parts.give_away)]
        places += [Partner(sister.free_units, sister.take) for sister in self.sisters]
        for number, sister in enumerate(self.sisters):
            sister.partners = [place for i, place in enumerate(places) if i != number + 1]
        self.workshop = Workshop(world, model.workshop)
        self.fleet = Fleet(world, model.fleet, self.trust)
        self.support = Support(world, model.support)
        self.disputes = Disputes(world, model.disputes, self.trust)
        self.finance = Finance(world, model.workshop.hour_cost_yuan)
        self.front_desk = FrontDesk(world, model.front_desk, model.jobs, dict(model.workshop.bays))
        self.sales = Sales(world, model.sales, self.fleet.book_drive, self.fleet.begin_drive) if model.sales else None
        referral = self.sales.referral if self.sales else (lambda visit: None)
        hour_cost = model.workshop.hour_cost_yuan
        self.satisfaction = Satisfaction(world, model.satisfaction, referral, hour_cost)
        self.occasions = Occasions(world, self.trust, self.disputes, hour_cost)
        self.retention = Retention(world, model.retention, self.satisfaction, self.fleet)
        sales = self.sales
        self.events = Events(world, self.fleet.borrow, sales.crowd, sales.event) if sales else None
        self.departments = Departments(
            self.front_desk, self.parts, self.workshop, self.fleet, self.support, self.disputes,
            self.satisfaction, self.trust,
        )  # fmt: skip

    # -- running --------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Warm-up, window, and the run-on until what began in the window has ended."""
        env, world = self.env, self.world
        env.process(self._customers())
        if self.catalogue.names:
            env.process(self._stock_room())
        for sister in self.sisters:
            env.process(sister.run())
        if self.sales and self.model.sales:
            showroom = world.calendars["showroom"]
            drives = drive_births(self.model.sales, world.chance, showroom, self._weekdays())
            env.process(self.sales.run(drives))
        later(env, world.switch_at, self._switch_on)
        env.run(until=self.ends_at)
        while env.now < self.last and self._unfinished():
            env.run(until=min(env.now + HOURS_PER_DAY, self.last))
        for number in sorted(self.open):
            self.log.write(env.now, "visit_open", number)
        self.log.facts = self._facts()

    def _switch_on(self) -> None:
        self.world.desk.in_force = True
        self.fleet.start_policy()
        self._backup_cars = self.fleet.free["backup"]
        charges: list[Charge] = []
        for mechanism in self.world.desk.mechanisms:
            charges.extend(mechanism.charges())
        self.finance.start_policy(tuple(charges))
        self.occasions.start_policy()
        self.retention.start_policy()
        if self.events:
            self.events.start_policy()
        self.env.process(self._weekly())

    def _customers(self) -> Story:
        for visit in self.visits:
            yield from until(self.env, visit.called_at)
            visit.planned_start = self.front_desk.give_slot(visit)
            if visit.case:
                self._outside_facts(visit)
            journey = Journey(self.world, self.model.jobs, self.departments, visit)
            self.env.process(self._one(journey))

    def _outside_facts(self, visit: Visit) -> None:
        """Outside facts of a pinned case, whatever the policy: somebody buys the shelf empty, the supplier is slow."""
        case = next(case for case in self.model.arrivals.pinned if case.name == visit.case)
        for line, part in zip(visit.lines, case.parts, strict=False):
            if part.supply_days is not None:
                there_at = visit.planned_start + part.supply_days * HOURS_PER_DAY
                self.parts.interrupt_supply(line.sku, there_at, part.supply_days)
            if part.sold_out_hours_before is not None:
                at = max(visit.planned_start - part.sold_out_hours_before, self.env.now)
                later(self.env, at, partial(self.parts.sell_out, line.sku))

    def _one(self, journey: Journey) -> Story:
        self.open[journey.visit.number] = journey
        yield from journey.tell()
        del self.open[journey.visit.number]

    def _stock_room(self) -> Story:
        """Daily: review on open days, and the value on the shelf."""
        service = self.world.calendars["service"]
        control = self.model.parts.control
        for day in range(self.world.days() + 1):
            at = day * HOURS_PER_DAY + control.review_hour
            yield from until(self.env, at)
            hours = service.openings(day * HOURS_PER_DAY, (day + 1) * HOURS_PER_DAY)
            if control.review == "daily" and hours:
                self.parts.review_all()
            self.parts.count_value(1.0)

    def _weekly(self) -> Story:
        """From the policy's start: levels set anew, trust noted."""
        while True:
            if self.catalogue.names:
                self.parts.set_levels()
            self.trust.note()
            yield self.env.timeout(HOURS_PER_WEEK)

    def _unfinished(self) -> bool:
        """Whether something that began in the window still goes on."""
        inside = self.world.switch_at, self.ends_at
        if any(inside[0] <= j.visit.dropped_off_at < inside[1] for j in self.open.values()):
            return True
        return any(inside[0] <= claim.opened_at < inside[1] for claim in self.disputes.open.values())

    def _facts(self) -> dict[str, Any]:
        return {
            "cases": {visit.case: visit.number for visit in self.visits if visit.case},
            "switch_at": self.world.switch_at,
            "ends_at": self.ends_at,
            "stopped_at": self.env.now,
            "bays": dict(self.model.workshop.bays),
            "demo_cars": self.model.fleet.demo_cars,
            "backup_cars": self._backup_cars,
            "service": self.world.calendars["service"],
            "showroom": self.world.calendars["showroom"],
            "office": self.world.calendars["office"],
            "office_day_hours": self.world.day_hours("office"),
            "finance": self.model.finance,
            "counted": count(
                self.visits,
                self.parts,
                self._opening,
                self.sisters,
                self.fleet,
                self._backup_cars,
                self.world.ledger.balances,
                technicians_suffice(self.model.workshop, self.model.jobs.values()),
                self.env.now,
            ),
        }


def units_per_day(model: Model) -> dict[str, float]:
    """True demand of each part family, units a calendar day."""
    arrivals = model.arrivals
    if arrivals.interarrival_hours is not None:
        visits = 24 / arrivals.interarrival_hours.mean
    else:
        visits = arrivals.visits_per_day * sum(arrivals.weekday_weights) / 7
    total = sum(job.share for job in model.jobs.values()) or 1.0
    rates: dict[str, float] = {}
    for job in model.jobs.values():
        if job.family:
            lines = min(job.lines.mean, MOST_LINES)
            units = visits * job.share / total * lines * model.parts.quantity.mean
            rates[job.family] = rates.get(job.family, 0.0) + units
    return rates


def _calendars(model: Model, horizon: float) -> dict[str, Calendar]:
    """The scenario's calendars, and the clock that skips days on which offices are closed."""
    settings = model.calendars
    named: dict[str, CalendarSettings] = {
        "service": settings.service,
        "showroom": settings.showroom,
        "office": settings.office,
        "support": settings.support,
        "business_clock": settings.office.model_copy(update={"opens": 0.0, "closes": 24.0}),
    }
    return {name: build_calendar(kind, model.study.first_day, horizon) for name, kind in named.items()}
