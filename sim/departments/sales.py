"""Sales: who wants a test drive and when, leads, deals, and what a lost test drive costs."""

from collections.abc import Callable
from typing import Annotated

import numpy as np
from pydantic import Field

from sim.calendar import Calendar
from sim.chance import Chance
from sim.distributions import Distribution, constant, exponential
from sim.things import TestDrive
from sim.units import PerDay, Settings, Share, given
from sim.waiting import Story, until
from sim.world import World

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
    interarrival_hours: Distribution | None = given(None, source="definition")
    """If given, requests come with these hours between them, at any hour, unbooked, instead of the weekly profile."""


def drive_births(settings: SalesSettings, chance: Chance, showroom: Calendar, weekdays: list[int]) -> list[TestDrive]:
    """Every request for a test drive of the run."""
    if settings.interarrival_hours is not None:
        count = int(len(weekdays) * 24 / max(settings.interarrival_hours.mean, 1e-9) * 1.3) + 100
        starts = np.cumsum(chance.column("drives.gap", settings.interarrival_hours).first(count))
        starts = starts[starts < len(weekdays) * 24]
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
    """Test drives as leads."""

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

    def run(self, drives: list[TestDrive]) -> Story:
        """Test drives come in the order of their start; bookings are written down when they are asked for."""
        bookings = sorted((drive for drive in drives if drive.asked_at < drive.starts_at), key=_asked)
        self._world.env.process(self._bookings(bookings))
        for drive in drives:
            yield from until(self._world.env, drive.starts_at)
            if self._begin_drive(drive, _nothing):
                self._lead(drive)
            elif self._lost[drive.number] >= self._settings.lost_lead_share:
                self._world.log.write(self._world.now, "lead", drive.number, "", 0.0, "test_drive")
            else:
                self._world.log.write(self._world.now, "left", drive.number, "lead", 0.0, "no car for a test drive")

    def referral(self, visit: int) -> None:
        """A satisfied service customer brings a friend."""
        now = self._world.now
        self._world.log.write(now, "referred", visit)
        self._world.log.write(now, "lead", visit, "", 0.0, "referral")
        if self._referral_deal[visit] < self._settings.referral_conversion_share:
            self._world.log.write(now, "deal", visit, "", 0.0, "referral")

    def _lead(self, drive: TestDrive) -> None:
        now = self._world.now
        self._world.log.write(now, "lead", drive.number, "", 0.0, "test_drive")
        if self._deal[drive.number] < self._settings.conversion_share:
            self._world.log.write(now, "deal", drive.number, "", 0.0, "test_drive")

    def _bookings(self, drives: list[TestDrive]) -> Story:
        for drive in drives:
            yield from until(self._world.env, drive.asked_at)
            self._book_drive(drive)


def _asked(drive: TestDrive) -> float:
    return drive.asked_at


def _nothing() -> None:
    """Nobody waits for the car to come back."""
