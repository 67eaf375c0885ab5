"""Sales: who wants a test drive and when, leads, deals, and what a lost test drive costs."""

from collections.abc import Callable
from typing import Annotated

import numpy as np
from pydantic import Field, model_validator

from sim.arrivals import check_weights, times_by_gaps
from sim.calendar import Calendar
from sim.chance import Chance
from sim.distributions import Distribution, constant, exponential
from sim.things import TestDrive
from sim.units import PerDay, Ratio, Settings, Share, given
from sim.views import DealView, FollowUpView
from sim.waiting import Story, until
from sim.world import World

MOST_GUESTS = 1000
"""Guests an event can have; the address of a guest is event * MOST_GUESTS + nth."""

Weights7 = Annotated[tuple[float, ...], Field(min_length=7, max_length=7)]


class SalesSettings(Settings):
    """Demand for test drives and what becomes of it."""

    test_drives_per_day: PerDay = given(
        20.0,
        source="fitted",
        span=(5, 45),
        why="A-80: knob of the calibration; requests a day that bring demo-car use to the article's 60 %",
    )
    """Mean requests on a day of weekday weight 1."""
    weekday_weights: Weights7 = given(
        (0.7, 0.7, 0.7, 0.75, 0.95, 1.6, 1.6), source="A-81", why="the article: peaks at weekends"
    )
    """Relative demand Monday to Sunday."""
    hour_weights: tuple[float, ...] = given(
        (0.5, 0.8, 0.9, 0.7, 0.8, 1.0, 1.0, 1.1, 1.4, 1.6, 0.9),
        source="A-82",
        why="the article: peaks in the evening; shape as in a measured car-sharing day",
    )
    """Relative demand in equal slices of the showroom's hours."""
    drive_hours: Distribution = given(
        constant(1.25), source="A-83", span=(0.75, 2), why="papers, drive, return, charging"
    )
    """Hours a car is out for a test drive."""
    booked_share: Share = given(0.6, source="A-84", span=(0.3, 0.9), why="app bookings; the rest walk in")
    """Share of test drives booked ahead."""
    booked_notice_hours: Distribution = given(exponential(40), source="A-85", span=(12, 96), why="a day or two ahead")
    """How far ahead a booked test drive is asked for, hours."""
    key_customer_share: Share = given(0.05, source="A-86", span=(0.01, 0.1), why="fleet buyers")
    """Share of test drives for key customers."""
    lost_lead_share: Share = given(0.5, source="A-87", span=(0.2, 0.8), why="some come back another day")
    """Share of leads lost when no car is there."""
    conversion_share: Share = given(0.12, source="A-88", span=(0.05, 0.25), why="test drives that end in an order")
    """Deals over leads from test drives."""
    referral_conversion_share: Share = given(0.15, source="A-89", span=(0.05, 0.35), why="a friend's word counts more")
    """Deals over leads from referrals."""
    follow_up_hours: Ratio = given(1.0, source="A-151", span=(0.3, 3), why="two or three calls and an offer")
    """Working hours a salesperson spends on a lead by habit; the conversion shares above hold at these hours."""
    gives_share: Share = given(
        0.25,
        source="A-152",
        read_by="mechanism",
        span=(0.0, 0.5),
        why="nobody is idle: who gets more, takes it",
    )
    """Largest share of its own hours that a lead from a test drive loses while hours spent elsewhere are made up."""
    interarrival_hours: Distribution | None = given(None, source="definition")
    """If given, requests come with these hours between them, at any hour, unbooked, instead of the weekly profile."""

    @model_validator(mode="after")
    def _check(self) -> "SalesSettings":
        check_weights(self, "weekday_weights", "hour_weights")
        return self


def drive_births(settings: SalesSettings, chance: Chance, showroom: Calendar, weekdays: list[int]) -> list[TestDrive]:
    """Every request for a test drive of the run."""
    if settings.interarrival_hours is not None:
        gaps = chance.column("drives.gap", settings.interarrival_hours)
        starts = times_by_gaps(gaps, settings.interarrival_hours, len(weekdays))
        booked = np.zeros(len(starts), dtype=bool)
    else:
        starts = _profile(settings, chance, showroom, weekdays)
        booked = chance.column("drive.booked").first(len(starts)) < settings.booked_share
    count = len(starts)
    hours = chance.column("drive.hours", settings.drive_hours).first(count)
    notice = chance.column("drive.notice", settings.booked_notice_hours).first(count)
    asked = np.where(booked, np.maximum(starts - notice, 0.0), starts)
    key = chance.column("drive.key").first(count) < settings.key_customer_share
    return [TestDrive(n, float(asked[n]), float(starts[n]), float(hours[n]), bool(key[n])) for n in range(count)]


def _profile(settings: SalesSettings, chance: Chance, showroom: Calendar, weekdays: list[int]) -> np.ndarray:
    uniform = chance.column("drives.count")
    slices = len(settings.hour_weights)
    edges = np.concatenate([[0.0], np.cumsum(settings.hour_weights)]) / sum(settings.hour_weights)
    found: list[np.ndarray] = []
    for day, weekday in enumerate(weekdays):
        hours = showroom.openings(day * 24, day * 24 + 24)
        rate = settings.test_drives_per_day * settings.weekday_weights[weekday]
        if not hours or rate <= 0:
            continue
        count = int(Distribution(shape="poisson", mean=rate).inverse(np.array([uniform[day]]))[0])
        u = np.sort(chance.generator("drives.hour", str(day)).random(count))
        start, end = hours[0][0], hours[-1][1]
        found.append(start + (end - start) * np.interp(u, edges, np.linspace(0, 1, slices + 1)))
    return np.concatenate(found) if found else np.empty(0)


class Sales:
    """Test drives, leads and deals."""

    def __init__(
        self,
        world: World,
        settings: SalesSettings,
        book_drive: Callable[[TestDrive], None],
        begin_drive: Callable[[TestDrive, Callable[[], None]], bool],
    ) -> None:
        self._world = world
        self._settings = settings
        self._book_drive = book_drive
        self._begin_drive = begin_drive
        self._lost = world.chance.column("sales.lead_lost")
        self._deal = world.chance.column("sales.deal")
        self._referral_deal = world.chance.column("sales.referral_deal")
        self._event_lead = world.chance.column("sales.event_lead")
        self._event_deal = world.chance.column("sales.event_deal")
        self._crowd = world.chance.column("sales.crowd")
        self._borrowed_hours = 0.0
        """Hours spent on leads beyond habit that other leads have not yet made up for."""
        self._crowded: tuple[float, float, float] = (0.0, 0.0, 0.0)
        """From, until, and the share of test drives that a crowd in the showroom prevents."""

    def run(self, drives: list[TestDrive]) -> Story:
        """Test drives come in the order of their start; bookings are written down when they are asked for."""
        bookings = sorted((drive for drive in drives if drive.asked_at < drive.starts_at), key=_asked)
        self._world.env.process(self._bookings(bookings))
        for drive in drives:
            yield from until(self._world.env, drive.starts_at)
            if self._crowded_out(drive):
                self._world.log.write(drive.starts_at, "test_drive_asked", drive.number, "", drive.hours, "lost")
                self._lose(drive)
            elif self._begin_drive(drive, _nothing):
                self._lead(drive)
            else:
                self._lose(drive)

    def referral(self, visit: int) -> None:
        """A satisfied service customer brings a friend."""
        now = self._world.now
        self._world.log.write(now, "referred", visit)
        self._world.log.write(now, "lead", visit, "", 0.0, "referral")
        if self._referral_deal[visit] < self._chance("referral", self._settings.referral_conversion_share):
            self._deal_made(visit, "referral")

    def event(self, number: int, guests: int, lead_share: float, deal_share: float) -> None:
        """Guests of an event for owners leave leads, some of which become deals."""
        for guest in range(number * MOST_GUESTS, number * MOST_GUESTS + min(guests, MOST_GUESTS)):
            if self._event_lead[guest] < lead_share:
                self._world.log.write(self._world.now, "lead", guest, "", 0.0, "event")
                if self._event_deal[guest] < deal_share:
                    self._deal_made(guest, "event")

    def crowd(self, start: float, end: float, share: float) -> None:
        """The showroom is full of guests for a while."""
        self._crowded = (start, end, share)

    def _crowded_out(self, drive: TestDrive) -> bool:
        start, end, share = self._crowded
        return start <= drive.starts_at < end and self._crowd[drive.number] < share

    def _lose(self, drive: TestDrive) -> None:
        """No test drive; some come back another day and are leads all the same."""
        log, now = self._world.log, self._world.now
        if self._lost[drive.number] >= self._settings.lost_lead_share:
            log.write(now, "lead", drive.number, "", 0.0, "test_drive")
        else:
            log.write(now, "left", drive.number, "lead", 0.0, "no car for a test drive")

    def _lead(self, drive: TestDrive) -> None:
        now = self._world.now
        self._world.log.write(now, "lead", drive.number, "", 0.0, "test_drive")
        if self._deal[drive.number] < self._chance("test_drive", self._settings.conversion_share):
            self._deal_made(drive.number, "test_drive")

    def _chance(self, source: str, at_habit: float) -> float:
        """Chance of a deal, given the hours this lead gets; each hour has the same chance of success.

        Hours beyond habit are taken from leads of test drives that follow: nobody's day gets longer.
        """
        habit = self._settings.follow_up_hours
        hours = self._world.desk.ask("follow_up_hours", FollowUpView(source, habit))
        if hours > habit:
            self._borrowed_hours += hours - habit
        elif source == "test_drive" and self._borrowed_hours > 0:
            given_up = min(self._borrowed_hours, self._settings.gives_share * habit)
            self._borrowed_hours -= given_up
            hours -= given_up
        return at_habit if hours == habit else 1 - (1 - at_habit) ** (hours / habit)

    def _deal_made(self, visit: int, source: str) -> None:
        world = self._world
        world.log.write(world.now, "deal", visit, "", 0.0, source)
        bonus = world.desk.ask("deal_bonus_yuan", DealView(source))
        if bonus > 0:
            world.ledger.post("mechanism", "cash", bonus, visit)

    def _bookings(self, drives: list[TestDrive]) -> Story:
        for drive in drives:
            yield from until(self._world.env, drive.asked_at)
            self._book_drive(drive)


def _asked(drive: TestDrive) -> float:
    return drive.asked_at


def _nothing() -> None:
    """Nobody waits for the car to come back."""
