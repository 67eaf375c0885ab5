"""What is there when a run ends, counted in the departments and not in the log: the other side of a law.

A law that compares the log with itself can hold while both sides are wrong. So shelves, cars, accounts and the visits'
own times are counted once, at the end of the run, and travel with the log as a fact.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sim.arrivals import JobType
from sim.departments.fleet import Fleet
from sim.departments.parts import Parts
from sim.departments.sisters import Sister
from sim.departments.workshop import WorkshopSettings
from sim.things import CarKind, Visit


@dataclass(frozen=True)
class Counted:
    """A stocktaking at the end of a run; stock-keeping units, cars and accounts by name."""

    due: int
    """Visits whose call or walk-in lies before the end of the run."""
    stays: dict[int, tuple[float, float]]
    """When each visit was dropped off and handed over [h], as the visit itself holds it; -1: not yet."""
    own_hours: dict[int, float]
    """Hours of diagnosis, work and rework that each visit was drawn with [h]."""
    technicians_suffice: bool
    """Whether each skill has a technician for every bay on which it is asked for, so that no bay waits for one."""
    units: dict[tuple[int, str], list[int]]
    """Units of each order line by (visit, part), in the order in which they are asked for."""
    in_cars: dict[str, int]
    """Units handed to a visit and not yet used."""
    prices: dict[str, float]
    """Yuan a unit at cost."""
    opening: dict[str, int]
    """Units on the shelf when the run began."""
    shelf: dict[str, int]
    """Units on the shelf when it ended, free or put by."""
    sisters: dict[str, tuple[int, int]]
    """Stock position and base-stock level of each sister centre, units over all parts."""
    cars: dict[str, tuple[int, int, int]]
    """By kind of car: how many there are, are free, and stand still (cleaned, argued over, lent to an event)."""
    rented: int
    """Cars rented for a time, among the dedicated ones."""
    balances: dict[str, float]
    """Balance of each account of the ledger, yuan."""


def count(
    visits: Iterable[Visit],
    parts: Parts,
    opening: list[int],
    sisters: Sequence[Sister],
    fleet: Fleet,
    backup_cars: int,
    balances: dict[str, float],
    technicians_suffice: bool,
    stopped_at: float,
) -> Counted:
    """Count everything.

    Args:
        opening: units of each part on the shelf when the run began.
        backup_cars: cars that came with a mechanism.
    """
    names = parts.catalogue.names
    came = [visit for visit in visits if visit.called_at < stopped_at]
    in_cars: dict[str, int] = defaultdict(int)
    units: dict[tuple[int, str], list[int]] = {}
    for visit in came:
        for line in sorted(visit.lines, key=lambda line: not line.known_at_booking):
            units.setdefault((line.visit, names[line.sku]), []).append(line.quantity)
            if line.in_hand and not line.used:
                in_cars[names[line.sku]] += line.quantity
    there: dict[CarKind, int] = {
        "demo": fleet.settings.demo_cars,
        "backup": backup_cars,
        "dedicated": fleet.settings.dedicated_loaners + fleet.rented,
    }
    return Counted(
        due=len(came),
        stays={v.number: (v.dropped_off_at, v.handed_over_at) for v in came if v.dropped_off_at >= 0},
        own_hours={v.number: v.diagnosis_hours + v.work_hours + v.rework_hours for v in came},
        technicians_suffice=technicians_suffice,
        units=units,
        in_cars=dict(in_cars),
        prices=dict(zip(names, parts.catalogue.price.tolist(), strict=True)),
        opening=dict(zip(names, opening, strict=True)),
        shelf={name: stock.on_shelf for name, stock in zip(names, parts.stocks, strict=True)},
        sisters={
            sister.name: (sum(stock.position for stock in sister.stocks), sum(sister.levels)) for sister in sisters
        },
        cars={kind: (number, fleet.free[kind], fleet.off[kind]) for kind, number in there.items()},
        rented=fleet.rented,
        balances=dict(balances),
    )


def technicians_suffice(workshop: WorkshopSettings, jobs: Iterable[JobType]) -> bool:
    """Whether each skill has a technician for every bay on which it may be asked for, or no limit at all."""
    bays: dict[str, set[str]] = defaultdict(set)
    for job in jobs:
        bays[job.skill].add(job.bay)
    return all(
        skill not in workshop.technicians
        or workshop.technicians[skill] >= sum(workshop.bays.get(kind) or 0 for kind in kinds)
        for skill, kinds in bays.items()
    )
