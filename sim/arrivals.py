"""Who comes: booked visits and walk-ins with their cars, jobs, part needs and patience, drawn before the run."""

from typing import Annotated

import numpy as np
from pydantic import Field, model_validator

from sim.calendar import Calendar
from sim.catalogue import Catalogue
from sim.chance import FAR, Chance, Column
from sim.distributions import Distribution, constant, exponential, lognormal
from sim.things import PartLine, Visit
from sim.units import HOURS_PER_DAY, HOURS_PER_WEEK, Days, Hours, PerDay, Settings, Share, Yuan, given

MOST_LINES = 8
"""Lines a job can have; the address of a line is visit * MOST_LINES + nth."""

Weights7 = Annotated[tuple[float, ...], Field(min_length=7, max_length=7)]


class JobType(Settings):
    """One kind of work."""

    share: Share = given(source="A-1", span=(0.05, 0.6), why="job mix of an electric-car centre; replace by your own")
    """Share of visits."""
    bay: str = given(source="definition")
    """Kind of bay it needs, a key of workshop.bays."""
    skill: str = given("", source="definition")
    """Kind of technician it needs, a key of workshop.technicians; empty: none is counted."""
    family: str = given("", source="definition")
    """Part family its lines come from; empty: it needs no parts."""
    work_hours: Distribution = given(source="A-2", why="flat-rate times; skewed, as work is")
    """Bay time of the work, open hours."""
    diagnosis_hours: Distribution = given(constant(0), source="A-3", why="part of the job before all parts are known")
    """Bay time until all parts needs are known, open hours."""
    lines: Distribution = given(constant(0), source="A-4", why="parts lines a job")
    """Order lines a job, rounded down, at most 8."""
    known_share: Share = given(
        1.0, source="A-5", span=(0, 1), why="maintenance is known when booked, a fault only when found"
    )
    """Share of lines known when the visit is accepted."""
    drivable_share: Share = given(1.0, source="A-6", span=(0.5, 1), why="cars that can go home while a part is missing")
    """Share of cars that still drive."""
    promise_days: Annotated[int, Field(ge=0, le=60)] = given(
        0, source="A-7", span=(0, 5), why="the usual promise without a look at stock; K1: body 3 days"
    )
    """Working days promised as a rule; 0 is the same day."""
    hard_share: Share = given(0.0, source="A-8", span=(0, 0.3), why="jobs that need technical support")
    """Share that needs an answer from technical support."""
    rework_share: Share = given(0.0, source="A-9", span=(0, 0.08), why="ability: work done wrong the first time")
    """Share that has to be done again in part."""


class PinnedPart(Settings):
    """A part that a pinned customer needs."""

    rank: Annotated[int, Field(ge=1, le=20000)] = given(
        source="A-300", why="a bumper in one model and colour; neither the fastest part of its family nor the slowest"
    )
    """Which part of the job's family, counted from the one most wanted."""
    known_at_booking: bool = given(True, source="A-301", why="visible damage needs no diagnosis")
    """Whether the need is known when the visit is accepted."""
    sold_out_hours_before: Hours | None = given(
        None,
        source="A-302",
        span=(1, 18),
        why="the article: the part is missing when it is needed; the evening before, nobody can have it back in time",
    )
    """So many hours before the planned start somebody from outside buys every free unit over the counter."""
    supply_days: Days | None = given(None, source="article")
    """Days every supplier order of it takes, from his call until so long after the planned start; what was under way
    at the call comes at the end of that time."""


class PinnedCase(Settings):
    """A customer who comes in every replication, under every policy. Only outside facts are pinned, no outcome."""

    name: str = given(source="user")
    """What the case is called."""
    week: Annotated[int, Field(ge=0, le=500)] = given(
        source="A-303", span=(1, 20), why="an ordinary week once the mechanisms run; the article names none"
    )
    """Week after the policies start in which the customer calls."""
    weekday: Annotated[int, Field(ge=0, le=6)] = given(
        source="A-304", why="an ordinary weekday; the article names none"
    )
    """Day of the call, 0 is Monday."""
    hour: Annotated[float, Field(ge=0, lt=24)] = given(10.0, source="user")
    """Hour of the day of the call."""
    notice_days: Days = given(
        0.0,
        source="A-305",
        span=(0, 10),
        why="body work is booked ahead; with less than the rule's 3 days a forecast has less time, at 0 none",
    )
    """How far ahead the appointment is, calendar days; 0: walks in."""
    job: str = given(source="user")
    """Job type, a key of jobs."""
    work_hours: Hours = given(
        source="A-306", span=(4, 18), why="taking off, painting and fitting: about a day on the bay"
    )
    """Bay time of the work."""
    diagnosis_hours: Hours = given(0.0, source="user")
    """Bay time until all needs are known."""
    parts: tuple[PinnedPart, ...] = given((), source="user")
    """Parts needed, one unit each."""
    drivable: bool = given(True, source="A-307", why="the article's car stays in the shop until it is picked up")
    """Whether the car still drives."""
    key_customer: bool = given(False, source="user")
    """Whether the customer counts as a key customer."""
    need_days: Days = given(source="A-308", span=(3, 7), why="he counts on the promise and a day more")
    """Days from drop-off until the customer really needs the car."""
    pickup_hours: Hours = given(1.0, source="user")
    """Open hours from ready to hand-over."""
    return_hours: Hours = given(9.0, source="user")
    """Open hours from "your part is here" to the car's return."""
    taste: Share | None = given(
        None, source="A-309", span=(0.1, 0.9), why="the median customer: neither easily pleased nor hard to please"
    )
    """Place among customers by how they score the same experience, 0.5 is the median; left out: drawn."""
    goodwill_yuan: Yuan | None = given(None, source="article")
    """Goodwill asked for if the customer complains at all, yuan; left out: drawn."""


class ArrivalSettings(Settings):
    """How many come, when, and with what patience."""

    visits_per_day: PerDay = given(40.0, source="A-10", span=(10, 80), why="a large centre; replace by your own count")
    """Mean visits on an open day of weekday weight 1."""
    weekday_weights: Weights7 = given(
        (1.1, 1.0, 1.0, 1.0, 1.05, 0.85, 0.0), source="A-11", why="Mondays are full, Sundays closed"
    )
    """Relative demand Monday to Sunday."""
    hour_weights: tuple[float, ...] = given(
        (1.4, 1.3, 1.1, 0.8, 0.8, 1.0, 1.0, 0.9, 0.7), source="A-12", why="mornings first"
    )
    """Relative demand in equal slices of the opening hours."""
    booked_share: Share = given(0.65, source="A-13", span=(0.4, 0.85), why="app bookings against walk-ins")
    """Share of visits with an appointment; the others walk in."""
    notice_days: Distribution = given(
        lognormal(4.5, 0.7), source="A-14", span=(2, 8), why="how far ahead customers book; caps what notice can do"
    )
    """Days from the call to the wanted appointment, calendar days."""
    key_customer_share: Share = given(0.04, source="A-15", span=(0.01, 0.1), why="the article's 50,000 a year customer")
    """Share of customers who count as key customers."""
    need_days: Distribution = given(
        lognormal(4.0, 0.6), source="A-16", span=(2, 7), why="date by which the customer really needs the car"
    )
    """Days from drop-off to the customer's own need date, calendar days; blind to policy."""
    pickup_hours: Distribution = given(
        exponential(1.0), source="A-17", span=(0.5, 4), why="customers come when they can"
    )
    """Open hours from ready to hand-over, at most until the promise if that is later."""
    return_hours: Distribution = given(
        exponential(9.0), source="A-18", span=(4, 27), why="a car at home comes back a day or so after the call"
    )
    """Open hours from "the part is here" to the car's return."""
    rework_hours: Distribution = given(lognormal(1.5, 0.6), source="A-19", span=(0.5, 4), why="work done a second time")
    """Bay time of work done again, open hours."""
    pinned: tuple[PinnedCase, ...] = given((), source="user")
    """Customers who come in every replication."""
    interarrival_hours: Distribution | None = given(None, source="definition")
    """If given, customers call or walk in with these hours between them, at any hour, instead of the weekly profile."""

    @model_validator(mode="after")
    def _check(self) -> "ArrivalSettings":
        check_weights(self, "weekday_weights", "hour_weights")
        return self


def check_weights(settings: Settings, *names: str) -> None:
    """Raise ValueError for weights that divide nothing: negative, all zero, or none at all."""
    for name in names:
        weights = getattr(settings, name)
        if min(weights, default=0) < 0 or sum(weights) <= 0:
            raise ValueError(
                f"{name} 不能有负数，也不能全为 0，至少要有一个正数"
                f"|{name} must not be negative nor all zero; write one positive number at least"
            )


def visit_times(settings: ArrivalSettings, chance: Chance, service: Calendar, weekday_of: list[int]) -> np.ndarray:
    """Clock times of calls and walk-ins, one per visit, in order [h]."""
    days = len(weekday_of)
    if settings.interarrival_hours is not None:
        return times_by_gaps(
            chance.column("arrivals.gap", settings.interarrival_hours), settings.interarrival_hours, days
        )
    uniform = chance.column("arrivals.count")
    found: list[np.ndarray] = []
    slices = len(settings.hour_weights)
    edges = np.concatenate([[0.0], np.cumsum(settings.hour_weights)]) / sum(settings.hour_weights)
    for day in range(days):
        hours = service.openings(day * 24, day * 24 + 24)
        rate = settings.visits_per_day * settings.weekday_weights[weekday_of[day]]
        if not hours or rate <= 0:
            continue
        law = Distribution(shape="poisson", mean=rate)
        count = int(law.inverse(np.array([uniform[day]]))[0])
        u = np.sort(chance.generator("arrivals.hour", str(day)).random(count))
        start, end = hours[0][0], hours[-1][1]
        found.append(start + (end - start) * np.interp(u, edges, np.linspace(0, 1, slices + 1)))
    return np.concatenate(found) if found else np.empty(0)


def times_by_gaps(gaps: Column, law: Distribution, days: int) -> np.ndarray:
    """Clock times [h] of events with these gaps between them, over so many days.

    Under a law with rare and very long gaps most gaps are short, so the usual number of draws may not last.
    """
    end = days * 24
    count = int(end / law.mean * 1.3) + 100
    while True:
        times = np.cumsum(gaps.first(count))
        if times[-1] >= end:
            return times[times < end]
        count *= 2


def births(
    settings: ArrivalSettings,
    jobs: dict[str, JobType],
    catalogue: Catalogue,
    chance: Chance,
    times: np.ndarray,
) -> list[Visit]:
    """Every visit of the run with all that is exogenous about it."""
    count = len(times)

    def draw(question: str, law: Distribution | None = None) -> np.ndarray:
        return chance.column(f"visit.{question}", law).first(count)

    booked = draw("booked") < settings.booked_share
    notice = np.where(booked, draw("notice", settings.notice_days) * 24, 0.0)
    names = list(jobs)
    shares = np.cumsum([jobs[name].share for name in names])
    kind = np.minimum(np.searchsorted(shares, draw("job") * shares[-1], side="right"), len(names) - 1)
    u_work, u_diagnosis, u_lines = draw("work"), draw("diagnosis"), draw("lines")
    work, diagnosis, lines = np.zeros(count), np.zeros(count), np.zeros(count, dtype=int)
    for i, name in enumerate(names):
        mask = kind == i
        work[mask] = jobs[name].work_hours.inverse(u_work[mask])
        diagnosis[mask] = jobs[name].diagnosis_hours.inverse(u_diagnosis[mask])
        if jobs[name].family:
            lines[mask] = np.minimum(jobs[name].lines.inverse(u_lines[mask]), MOST_LINES).astype(int)
    key = draw("key") < settings.key_customer_share
    u_drivable, u_hard, u_rework = draw("drivable"), draw("hard"), draw("rework")
    need = draw("need", settings.need_days) * 24
    pickup = draw("pickup", settings.pickup_hours)
    back = draw("return", settings.return_hours)
    again = draw("rework_hours", settings.rework_hours)
    line_address = _LineLuck(catalogue, chance, count)
    visits = []
    for n in range(count):
        name = names[kind[n]]
        job = jobs[name]
        visits.append(
            Visit(
                number=n,
                called_at=float(times[n]),
                booked=bool(booked[n]),
                notice_hours=float(notice[n]),
                job=name,
                work_hours=float(work[n]),
                diagnosis_hours=float(diagnosis[n]),
                lines=line_address.lines(n, int(lines[n]), job),
                drivable=bool(u_drivable[n] < job.drivable_share),
                key_customer=bool(key[n]),
                need_hours=float(need[n]),
                pickup_hours=float(pickup[n]),
                return_hours=float(back[n]),
                hard=bool(u_hard[n] < job.hard_share),
                rework_hours=float(again[n]) if u_rework[n] < job.rework_share else 0.0,
            )
        )
    return visits


def pinned_visits(cases: tuple[PinnedCase, ...], jobs: dict[str, JobType], catalogue: Catalogue, chance: Chance,
                  switch_at: float, start_weekday: int) -> list[Visit]:  # fmt: skip
    """Pinned customers, numbered in a range of their own: neither others' luck nor theirs depends on the run's length.

    Taste and the goodwill asked for belong to the customer; pinned, they are answered in place of a draw, so that the
    departments that ask need not know a pinned customer from others.
    """
    visits = []
    for number, case in enumerate(cases, start=FAR):
        if case.taste is not None:
            chance.pin("satisfaction.taste", number, case.taste)
        if case.goodwill_yuan is not None:
            chance.pin("satisfaction.goodwill", number, case.goodwill_yuan)
        day = (case.weekday - start_weekday) % 7
        called = switch_at + case.week * HOURS_PER_WEEK + day * HOURS_PER_DAY + case.hour
        begin, end = catalogue.members.get(jobs[case.job].family, (0, 0))
        wanted = begin + np.argsort(-catalogue.weight[begin:end], kind="stable")
        lines = [
            PartLine(number, nth, int(wanted[min(part.rank, end - begin) - 1]), 1, part.known_at_booking)
            for nth, part in enumerate(case.parts if end else ())
        ]
        visits.append(
            Visit(
                number=number,
                called_at=called,
                booked=case.notice_days > 0,
                notice_hours=case.notice_days * HOURS_PER_DAY,
                job=case.job,
                work_hours=case.work_hours,
                diagnosis_hours=case.diagnosis_hours,
                lines=lines,
                drivable=case.drivable,
                key_customer=case.key_customer,
                need_hours=case.need_days * HOURS_PER_DAY,
                pickup_hours=case.pickup_hours,
                return_hours=case.return_hours,
                hard=False,
                rework_hours=0.0,
                case=case.name,
            )
        )
    return visits


class _LineLuck:
    """Which part a line needs, by the address (visit, nth)."""

    def __init__(self, catalogue: Catalogue, chance: Chance, visits: int) -> None:
        self._catalogue = catalogue
        size = visits * MOST_LINES
        self._sku = chance.column("line.sku", block=8192).first(size)
        self._known = chance.column("line.known", block=8192).first(size)
        self._quantity = chance.column("line.quantity", block=8192).first(size)

    def lines(self, visit: int, count: int, job: JobType) -> list[PartLine]:
        """The part lines of one visit."""
        if not count:
            return []
        first, end = self._catalogue.members[job.family]
        cumulative = self._catalogue.cumulative[job.family]
        at = slice(visit * MOST_LINES, visit * MOST_LINES + count)
        sku = np.minimum(first + np.searchsorted(cumulative, self._sku[at], side="right"), end - 1)
        quantity = np.maximum(self._catalogue.size[job.family].inverse(self._quantity[at]), 1)
        known = self._known[at] < job.known_share
        return [PartLine(visit, nth, int(sku[nth]), int(quantity[nth]), bool(known[nth])) for nth in range(count)]
