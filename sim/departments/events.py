"""Events for owners: guests who may bring leads, demo cars borrowed, and a showroom that is full meanwhile."""

from collections.abc import Callable

from sim.units import HOURS_PER_WEEK
from sim.views import FirstDayView, OwnersEvent
from sim.waiting import Story, until
from sim.world import World


class Events:
    """The days on which owners are invited."""

    def __init__(
        self,
        world: World,
        borrow: Callable[[int, float], None],
        crowd: Callable[[float, float, float], None],
        guests_come: Callable[[int, int, float, float], None],
    ) -> None:
        """``borrow`` takes demo cars until a time, ``crowd`` fills the showroom, ``guests_come`` counts leads."""
        self._world = world
        self._borrow = borrow
        self._crowd = crowd
        self._guests_come = guests_come

    def start_policy(self) -> None:
        """Invitations go out on the day the policy starts."""
        weeks = (self._world.horizon - self._world.switch_at) / HOURS_PER_WEEK
        for number, event in enumerate(self._world.desk.ask("owners_events", FirstDayView(weeks))):
            self._world.env.process(self._one(number, event))

    def _one(self, number: int, event: OwnersEvent) -> Story:
        world = self._world
        yield from until(world.env, world.switch_at + event.starts_at)
        world.log.write(world.now, "event_held", -1, "", event.guests)
        self._borrow(event.cars_borrowed, world.now + event.hours)
        self._crowd(world.now, world.now + event.hours, event.floor_taken)
        yield from until(world.env, world.now + event.hours)
        self._guests_come(number, event.guests, event.lead_share, event.deal_share)
