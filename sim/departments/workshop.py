"""Workshop: bays by kind and technicians by skill; work goes on only in opening hours."""

from pydantic import model_validator

from sim.bays import BreakingBays
from sim.calendar import Calendar
from sim.distributions import Distribution
from sim.units import Count, Hours, Settings, Yuan, given
from sim.views import BayView, HoldView, StartView
from sim.waiting import Pool, Story, until
from sim.world import World


class BreakdownSettings(Settings):
    """How often a bay is out of order, and for how long."""

    every_hours: Distribution = given(source="user")
    """Hours round the clock from the end of a repair to the next breakdown of the same bay."""
    repair_hours: Distribution = given(source="user")
    """Hours round the clock until it is mended; a car on it waits there."""

    @model_validator(mode="after")
    def _check(self) -> "BreakdownSettings":
        if self.every_hours.mean < 1:
            raise ValueError("every_hours 的 mean 至少要 1 小时|every_hours needs a mean of 1 hour at least")
        return self


class WorkshopSettings(Settings):
    """Bays, technicians and habits."""

    bays: dict[str, Count] = given(source="user")
    """Number of bays by kind; for a kind that is never short write a large number."""
    technicians: dict[str, Count] = given(factory=dict, source="user")
    """Number of technicians by skill."""
    breakdowns: dict[str, BreakdownSettings] = given(factory=dict, source="user")
    """Breakdowns by kind of bay; a kind left out never breaks down."""
    bay_hold_hours: Hours = given(
        6.0,
        source="A-60",
        read_by="baseline",
        span=(1, 18),
        why="a car on the lift with its front off stays there until somebody needs the bay badly",
    )
    """Open hours for which a bay is held idle, ad hoc, while a part is missing."""
    hour_price_yuan: Yuan = given(260.0, source="A-61", span=(150, 450), why="labour rate to the customer")
    """Labour price, yuan an hour."""
    hour_cost_yuan: Yuan = given(90.0, source="A-62", span=(60, 150), why="wage and social cost of an hour")
    """Cost of a working hour of a person, yuan."""


class Workshop:
    """Bays and technicians."""

    def __init__(self, world: World, settings: WorkshopSettings) -> None:
        self._world = world
        self.settings = settings
        env = world.env
        self.bays: dict[str, Pool | BreakingBays] = {
            kind: self._breaking(kind, number) if kind in settings.breakdowns else Pool(env, number)
            for kind, number in settings.bays.items()
        }
        self._people = {skill: Pool(env, number) for skill, number in settings.technicians.items()}
        self.calendar: Calendar = world.calendars["service"]
        self._start_roll = world.chance.column("workshop.start_roll")
        self._taken: dict[int, float] = {}
        self._number: dict[int, int] = {}
        """Which bay a visit is on, where bays have a life of their own."""

    def _breaking(self, kind: str, number: int) -> BreakingBays:
        chance, laws = self._world.chance, self.settings.breakdowns[kind]
        every = [chance.column("workshop.breakdown", laws.every_hours, f"{kind} {i}", block=64) for i in range(number)]
        repair = [chance.column("workshop.repair", laws.repair_hours, f"{kind} {i}", block=64) for i in range(number)]

        def mended(hours: float) -> None:
            self._world.log.write(self._world.now, "bay_mended", -1, kind, hours)

        return BreakingBays(self._world.env, number, lambda bay, nth: (every[bay][nth], repair[bay][nth]), mended)

    def may_start(self, visit: int, missing: int) -> bool:
        """Whether the car goes on the bay although parts are missing."""
        return bool(self._world.desk.ask("start_without_parts", StartView(missing, self._start_roll[visit])))

    def take_bay(self, visit: int, kind: str, back_with_parts: bool, priority: int) -> Story:
        """Wait for a bay and take it."""
        place = self._world.desk.ask("bay_priority", BayView(back_with_parts, priority))
        since = self._world.now
        number = yield from self.bays[kind].take(place)
        if number is not None:
            self._number[visit] = number
        self._taken[visit] = now = self._world.now
        self._world.log.write(now, "bay_taken", visit, kind, now - since)

    def leave_bay(self, visit: int, kind: str) -> None:
        """Give the bay back."""
        now = self._world.now
        held = self.calendar.between(self._taken.pop(visit), now)
        self._world.log.write(now, "bay_left", visit, kind, held)
        bays = self.bays[kind]
        if isinstance(bays, BreakingBays):
            bays.give_back(self._number.pop(visit))
        else:
            bays.give_back()

    def work(self, visit: int, kind: str, skill: str, hours: float) -> Story:
        """Work on a car on its bay: a technician's hours, in opening time."""
        people, bays = self._people.get(skill), self.bays[kind]
        if people is not None:
            yield from people.take()
        if isinstance(bays, BreakingBays):
            since = self._world.now
            yield from bays.work(self._number[visit], hours, self.calendar)
            stood = self.calendar.between(since, self._world.now) - hours
            if stood > 1e-9:
                self._world.log.write(self._world.now, "bay_idle", visit, kind, stood, "breakdown")
        else:
            yield from until(self._world.env, self.calendar.add(self._world.now, hours))
        if people is not None:
            people.give_back()

    def hold_until(self) -> float:
        """Clock time until which a bay is held for a missing part."""
        hours = self._world.desk.ask("bay_hold_hours", HoldView(self.settings.bay_hold_hours))
        return self.calendar.add(self._world.now, hours)

    def idle(self, visit: int, kind: str, since: float, cause: str) -> None:
        """A bay has been held without work since ``since``."""
        hours = self.calendar.between(since, self._world.now)
        if hours > 0:
            self._world.log.write(self._world.now, "bay_idle", visit, kind, hours, cause)
