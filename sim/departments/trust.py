"""Trust between each two departments: moved by promises kept and broken, blame and help; lost when a head leaves."""

from itertools import combinations
from typing import Literal

from sim.units import Settings, Share, Weeks, given
from sim.waiting import later
from sim.world import World

DEPARTMENTS = ("service", "parts", "workshop", "sales", "support", "finance")
Department = Literal["service", "parts", "workshop", "sales", "support", "finance"]


class Departure(Settings):
    """A head of department leaves."""

    department: Department = given(source="user")
    """Whose head."""
    week: Weeks = given(source="user")
    """Week after the policies start, whole weeks."""


class TrustSettings(Settings):
    """How trust moves, as a share of the distance left to 1 (up) or to 0 (down)."""

    at_start: Share = given(0.5, source="A-110", span=(0.3, 0.7), why="neither friends nor enemies")
    """Trust at the beginning."""
    newcomer: Share = given(0.35, source="A-111", span=(0.2, 0.5), why="a new head knows nobody")
    """Trust after a head has left."""
    kept_step: Share = given(0.0004, source="A-112", span=(0.0001, 0.002), why="hundreds of small kept promises a week")
    """Gain by a promise kept."""
    broken_step: Share = given(
        0.002, source="A-113", span=(0.0005, 0.01), why="one broken promise undoes five kept ones"
    )
    """Loss by a promise broken."""
    blamed_step: Share = given(0.02, source="A-114", span=(0.005, 0.05), why="a dispute is remembered")
    """Loss by being blamed in a dispute."""
    helped_step: Share = given(0.01, source="A-115", span=(0.002, 0.03), why="a favour is remembered too")
    """Gain by help beyond duty."""
    departures: tuple[Departure, ...] = given((), source="user")
    """Heads of department who leave."""


class Trust:
    """Trust of each pair, 0 to 1."""

    def __init__(self, world: World, settings: TrustSettings) -> None:
        self._world = world
        self._settings = settings
        self._value = {frozenset(pair): settings.at_start for pair in combinations(DEPARTMENTS, 2)}
        for leaving in settings.departures:
            at = world.switch_at + leaving.week * 168.0
            later(world.env, at, lambda who=leaving.department: self._head_leaves(who))  # type: ignore[misc]

    def between(self, one: str, other: str) -> float:
        """Trust between two departments."""
        return self._value[frozenset((one, other))]

    def kept(self, one: str, other: str) -> None:
        """A promise was kept."""
        self._up(one, other, self._settings.kept_step)

    def broken(self, one: str, other: str) -> None:
        """A promise was broken."""
        self._down(one, other, self._settings.broken_step)

    def blamed(self, one: str, other: str) -> None:
        """One blamed the other."""
        self._down(one, other, self._settings.blamed_step)

    def helped(self, one: str, other: str) -> None:
        """One helped the other."""
        self._up(one, other, self._settings.helped_step)

    def note(self) -> None:
        """Log where trust stands."""
        for pair, value in self._value.items():
            self._world.log.write(self._world.now, "trust", -1, "-".join(sorted(pair)), value)

    def _up(self, one: str, other: str, step: float) -> None:
        pair = frozenset((one, other))
        self._value[pair] += step * (1 - self._value[pair])

    def _down(self, one: str, other: str, step: float) -> None:
        pair = frozenset((one, other))
        self._value[pair] -= step * self._value[pair]

    def _head_leaves(self, who: str) -> None:
        for pair in self._value:
            if who in pair:
                self._value[pair] = min(self._value[pair], self._settings.newcomer)
