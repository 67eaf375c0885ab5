"""What a mechanism is: settings, answers to decisions, a price. Pure: no clock, no state, no luck of its own."""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar, NamedTuple

from sim.decisions import DECISIONS
from sim.units import Settings


class Charge(NamedTuple):
    """What a mechanism costs, and whose money it is."""

    what: str
    once_yuan: float = 0.0
    monthly_yuan: float = 0.0
    hours_per_week: float = 0.0
    """Working hours of people, charged at the scenario's hourly cost."""
    payer: str = "service"
    payee: str = "outside"
    """Another department makes it an internal transfer: no cost to the company."""


class Mechanism(Settings):
    """A rule with numbers. A public method named after a decision answers that decision.

    A subclass is refused at import if it has a public method that answers nothing.
    """

    null: ClassVar[dict[str, Any]] = {}
    """Settings at which the mechanism does nothing and costs nothing."""
    title: ClassVar[dict[str, str]] = {}
    """What a manager calls it, in zh and en."""
    owner: ClassVar[str] = "service"
    """Department whose head keeps it going. While that chair is empty the mechanism lapses on some days."""
    yardstick: ClassVar[bool] = False
    """No proposal, only something to measure others by."""
    no_cause_for: ClassVar[tuple[str, ...]] = ()
    """Metrics it cannot move by any path in the model: their difference must be exactly zero (negative control)."""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        own = {
            name
            for name, value in vars(cls).items()
            if callable(value) and not name.startswith("_") and name not in _NOT_ANSWERS
        }
        unknown = own - set(DECISIONS)
        if unknown:
            raise TypeError(f"{cls.__name__} answers questions nobody asks: {sorted(unknown)}")

    @classmethod
    def answers(cls) -> tuple[str, ...]:
        """Names of the decisions it answers."""
        return tuple(name for name in DECISIONS if callable(getattr(cls, name, None)))

    def charges(self) -> tuple[Charge, ...]:
        """What it costs while it is in force."""
        return ()


_NOT_ANSWERS = {"answers", "charges"}


class TwoOwnersError(ValueError):
    """Two mechanisms answer a decision that has one owner."""


class Desk:
    """Where departments ask. Before the policy is switched on, and where nobody answers, the baseline holds."""

    def __init__(self, mechanisms: Iterable[Mechanism]) -> None:
        """Raises TwoOwnersError naming both owners."""
        # the order in a scenario must not matter, not even to the order of the bills
        self.mechanisms = tuple(sorted(mechanisms, key=lambda mechanism: type(mechanism).__name__))
        self.in_force = False
        self.lapsed: Callable[[Mechanism], bool] | None = None
        """Whether a mechanism is not kept up today, for want of its owner; None where no owner ever leaves."""
        self._owners: dict[str, list[tuple[Mechanism, Callable[[Any], Any]]]] = {name: [] for name in DECISIONS}
        for mechanism in self.mechanisms:
            for name in mechanism.answers():
                self._owners[name].append((mechanism, getattr(mechanism, name)))
        for name, decision in DECISIONS.items():
            if len(self._owners[name]) > 1 and decision.combine is None:
                owners = [type(m).__name__ for m in self.mechanisms if name in m.answers()]
                raise TwoOwnersError(f"{name}: {', '.join(owners)}")

    def answered(self, question: str) -> bool:
        """Whether a mechanism in force answers ``question``: spares the asker a view nobody reads."""
        return self.in_force and bool(self._owners[question])

    def ask(self, question: str, view: Any) -> Any:
        """The answer in force to ``question``."""
        decision = DECISIONS[question]
        baseline = decision.baseline(view)
        owners = self._owners[question]
        if not owners or not self.in_force:
            return baseline
        lapsed = self.lapsed
        given = [
            answer
            for mechanism, owner in owners
            if (lapsed is None or not lapsed(mechanism)) and (answer := owner(view)) is not None
        ]
        if not given:
            return baseline
        if decision.combine is None:
            return given[0]
        return decision.combine([baseline, *given])


def owners_of(mechanisms: dict[str, type[Mechanism]]) -> dict[str, list[str]]:
    """Names of the mechanisms that answer each decision."""
    found: dict[str, list[str]] = {name: [] for name in DECISIONS}
    for mechanism, kind in mechanisms.items():
        for name in kind.answers():
            found[name].append(mechanism)
    return found
