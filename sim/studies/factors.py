"""A factor of a sensitivity study: an assumption with its range, and the cell in which it has another value."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sim.cells import Cell
from sim.problems import Problems
from sim.scenario import Scenario


@dataclass(frozen=True)
class Place:
    """One number of the scenario that a factor moves."""

    key: str
    """Dotted key; of a law, the key that holds it: its mean is moved, shape and relative spread stay."""
    instance: str
    """The table it stands in, where there are several of a kind."""
    value: float
    low: float
    high: float
    whole: bool
    law: tuple[str, float] | None = None
    """Shape and coefficient of variation, if the value is the mean of a law."""

    def at(self, coordinate: float, alone: bool) -> float:
        """The number at a factor's coordinate, which is the number itself if the place is alone."""
        end = self.high if coordinate > 0 else self.low
        moved = coordinate if alone else self.value + abs(coordinate) * (end - self.value)
        return float(round(moved)) if self.whole else float(f"{moved:.10g}")


@dataclass(frozen=True)
class Factor:
    """An assumption and its range.

    Its coordinate is the number itself. Where several tables of a kind have the key, they move together and the
    coordinate is their position: 0 as written, −1 each at the low end of the range, +1 each at the high end.
    """

    assumption: str
    """Its number, such as A-35; empty for the null factor."""
    key: str
    """Dotted key; ``*`` where several tables move together."""
    pattern: str
    """The key with ``*`` for each table of a kind."""
    read_by: str
    fitted: bool
    places: tuple[Place, ...]

    @property
    def alone(self) -> bool:
        """Whether it is one number."""
        return len(self.places) == 1

    @property
    def value(self) -> float:
        """Coordinate as the scenario has it."""
        return self.places[0].value if self.alone else 0.0

    @property
    def low(self) -> float:
        """Coordinate at the low end."""
        return self.places[0].low if self.alone else -1.0

    @property
    def high(self) -> float:
        """Coordinate at the high end."""
        return self.places[0].high if self.alone else 1.0

    @property
    def whole(self) -> bool:
        """Whether only whole numbers make sense as coordinate."""
        return self.alone and self.places[0].whole

    @property
    def instance(self) -> str:
        """The table meant, if the key has several and only one moves."""
        return self.places[0].instance if self.alone and self.key != self.pattern else ""

    @property
    def group(self) -> str:
        """Table it stands in, a mechanism being one of its own: what is screened together first."""
        parts = self.pattern.split(".")
        return ".".join(parts[:2]) if parts[0] == "mechanisms" else parts[0]

    def coordinate(self, share: float) -> float:
        """The coordinate at a share of the way from the low end (0) to the high end (1)."""
        at = self.low + share * (self.high - self.low)
        return float(round(at)) if self.whole else at


NULL = Factor("", "null", "null", "nobody", False, ())
"""Moves nothing; :func:`sim.studies.factor_catalogue.null_factor` is one that moves what nobody reads."""


def split(factor: Factor) -> list[Factor]:
    """One factor for each of its places."""
    return [replace(factor, key=place.key, places=(place,)) for place in factor.places]


def moved(cell: Cell, coordinates: Iterable[tuple[Factor, float]]) -> Cell:
    """The cell with factors at other coordinates; what the cell surely does not read is not set.

    So baseline runs are shared by all values of what only mechanisms read.
    """
    changes: dict[str, Any] = {}
    for factor, at in coordinates:
        if at == factor.value:
            continue
        for place in factor.places:
            number = place.at(at, factor.alone)
            written: Any = int(number) if place.whole else number
            head, *rest = place.key.split(".")
            if head == "mechanisms" and factor.key != NULL.key:
                if rest[0] in cell.mechanisms:
                    cell = cell.with_settings(rest[0], {rest[1]: written})
            elif factor.read_by != "mechanism" or cell.mechanisms:
                # a law is written out as a whole: a mean alone would get the default shape
                own = {"": written} if place.law is None else _law(place.law, written)
                changes |= {place.key + end: value for end, value in own.items()}
    return cell.with_changes(changes) if changes else cell


def _law(law: tuple[str, float], mean: float) -> dict[str, Any]:
    return {".shape": law[0], ".mean": mean, ".cv": law[1]}


def refused(scenario: Scenario, cells: Sequence[Cell], coordinates: Sequence[tuple[Factor, float]]) -> Problems | None:
    """What a scenario says against a combination of values; None if it can hold them."""
    for cell in cells:
        try:
            moved(cell, coordinates).scenario(scenario)
        except Problems as found:
            return found
    return None
