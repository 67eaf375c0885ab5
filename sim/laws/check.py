"""Every law over one finished log. Runs where the replication ran; what was found is small and plain."""

from collections.abc import Callable

from sim.laws import conservation, little, load, order, stockroom
from sim.laws.found import Found
from sim.log import Log

LAWS: tuple[Callable[[Log], list[Found]], ...] = (
    order.time,
    conservation.customers,
    stockroom.parts,
    conservation.cars,
    conservation.money,
    order.bays,
    order.cars,
    little.in_the_shop,
    little.bay_queue,
    little.cars_out,
    load.work,
    load.offered,
)


def check(log: Log) -> list[Found]:
    """What each law found, in a fixed order."""
    return [found for law in LAWS for found in law(log)]
