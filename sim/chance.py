"""Random numbers by address: (question, who, nth). Nothing is ever drawn "in order".

A column belongs to one question (or one question and one stock-keeping unit) and is indexed by entity. It grows
in blocks, each from a generator of its own, so the value at an index never depends on how many were asked for, by
whom, or in which order. Under any policy customer 1,234 therefore meets the same luck (common random numbers;
Stout & Goldie 2008; Klein et al. 2024).
"""

import hashlib
from collections.abc import Callable

import numpy as np

from sim.distributions import Distribution

FAR = 1_000_000
"""From this index on only the block asked for is drawn, not all before it: room for entities numbered apart."""


class Column:
    """Answers to one question, indexed by a non-negative whole number."""

    __slots__ = ("_block", "_far", "_key", "_pins", "_transform", "_values")

    def __init__(
        self,
        key: tuple[int, ...],
        block: int,
        transform: Callable[[np.ndarray], np.ndarray] | None,
        pins: dict[int, float],
    ) -> None:
        self._key = key
        self._block = block
        self._transform = transform
        self._pins = pins
        self._values: list[float] = []
        self._far: dict[int, list[float]] = {}

    def __getitem__(self, index: int) -> float:
        try:
            return self._values[index]
        except IndexError:
            if index >= FAR:
                return self._far_away(index)
            while len(self._values) <= index:
                self._grow()
            return self._values[index]

    def first(self, count: int) -> np.ndarray:
        """The first ``count`` answers as an array."""
        while len(self._values) < count:
            self._grow()
        return np.array(self._values[:count])

    def _far_away(self, index: int) -> float:
        if index in self._pins:
            return self._pins[index]
        number, place = divmod(index, self._block)
        if number not in self._far:
            self._far[number] = self._draw(number)
        return self._far[number][place]

    def _grow(self) -> None:
        self._values.extend(self._draw(len(self._values) // self._block))

    def _draw(self, number: int) -> list[float]:
        u = np.random.default_rng((*self._key, number)).random(self._block)
        return (u if self._transform is None else self._transform(u)).tolist()


class Chance:
    """All luck of one replication. The same seed and replication give every policy the same luck."""

    def __init__(self, seed: int, replication: int, world: str = "") -> None:
        """``world`` names a policy only when independent luck is wanted; empty means common random numbers."""
        self._root = (seed, replication, _number(world) if world else 0)
        self._columns: dict[tuple[str, str], Column] = {}
        self._pins: dict[str, dict[int, float]] = {}

    def column(self, question: str, law: Distribution | None = None, who: str = "", block: int = 1024) -> Column:
        """The column of a question: uniforms on [0, 1), or draws from ``law`` by its inverse.

        ``who`` gives each stock-keeping unit (or other named thing) a column of its own.
        """
        address = (question, who)
        if address not in self._columns:
            key = (*self._root, _number(question), _number(who))
            pins = self._pins.setdefault(question, {})
            self._columns[address] = Column(key, block, None if law is None else law.inverse, pins)
        return self._columns[address]

    def pin(self, question: str, index: int, answer: float) -> None:
        """Fix the answer to a question for one entity, the same in every seed and under every policy.

        Raises:
            ValueError: an index below FAR, where ordinary entities have luck of their own.
        """
        if index < FAR:
            raise ValueError(f"only an index from {FAR} on can be pinned, not {index}")
        self._pins.setdefault(question, {})[index] = answer

    def generator(self, question: str, who: str = "") -> np.random.Generator:
        """A generator for things drawn whole before the run (an arrival calendar, a catalogue)."""
        return np.random.default_rng((*self._root, _number(question), _number(who)))


def _number(text: str) -> int:
    """A stable 64-bit number for a name: Python's own hash differs from one process to the next."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
