"""Finance: charges what mechanisms cost, once, by the month and by working hours."""

from sim.mechanism import Charge
from sim.units import HOURS_PER_MONTH, HOURS_PER_WEEK
from sim.waiting import Story
from sim.world import World


class Finance:
    """Bills of mechanisms in force."""

    def __init__(self, world: World, hour_cost_yuan: float) -> None:
        self._world = world
        self._hour_cost = hour_cost_yuan

    def start_policy(self, charges: tuple[Charge, ...]) -> None:
        """One-off costs fall due the day the policy starts; the others run from then on."""
        for charge in charges:
            self._pay(charge, charge.once_yuan)
            if charge.monthly_yuan > 0:
                self._world.env.process(self._monthly(charge))
            if charge.hours_per_week > 0:
                self._world.env.process(self._weekly(charge))

    def _monthly(self, charge: Charge) -> Story:
        while True:
            self._pay(charge, charge.monthly_yuan)
            yield self._world.env.timeout(HOURS_PER_MONTH)

    def _weekly(self, charge: Charge) -> Story:
        while True:
            self._world.ledger.post("people_hours", "cash", charge.hours_per_week * self._hour_cost)
            self._world.log.write(
                self._world.now, "meeting_hours", -1, charge.payer, charge.hours_per_week, charge.what
            )
            yield self._world.env.timeout(HOURS_PER_WEEK)

    def _pay(self, charge: Charge, yuan: float) -> None:
        if charge.payee == "outside":
            self._world.ledger.post("mechanism", "cash", yuan)
        else:
            self._world.ledger.post(f"internal_{charge.payer}", f"internal_{charge.payee}", yuan)
