"""What a claim says, as values: which figure, of which metric, between which two variants, and within which margin."""

from dataclasses import dataclass, field
from typing import Any, Literal

from sim.cells import Cell

Kind = Literal["emergent", "behaviour", "arithmetic", "story"]
Form = Literal["level", "relative", "points", "vanished", "per_lead"]
"""level: the after itself · relative: change over the before · points: the difference · vanished: the share of the
before that is gone · per_lead: the difference over all leads before."""


@dataclass(frozen=True)
class Lever:
    """A number that may turn a verdict: what must be true."""

    key: str
    """Dotted key: of the scenario, or ``mechanisms.<name>.<key>``."""
    low: float
    high: float
    zh: str
    en: str
    whole: bool = False
    """Whole numbers only."""
    percent: bool = False
    """Written as a percentage."""


@dataclass(frozen=True)
class Moved:
    """A centre that differs, not fitted anew, and the way the after must go for the stated reason."""

    changes: dict[str, Any]
    sign: int
    """+1: the after must rise, -1: it must fall."""
    zh: str
    en: str


@dataclass(frozen=True)
class Reading:
    """One way to read a claim."""

    id: str
    reading: str
    kind: Kind
    metric: str
    claimed_after: float | None
    after: Cell
    zh: str
    en: str
    claimed_before: float | None = None
    margin: float = 0.0
    """How near to the claimed value the whole interval must lie, in the unit of the value."""
    form: Form = "level"
    sign: int = 0
    """Direction claimed where no figure is: +1 up, -1 down, 0 none."""
    before: Cell = field(default_factory=Cell)
    window: str = "all"
    baseline_at: tuple[str, float, float, float] | None = None
    """(key, low, high, level): the key is moved until the before stands at this level."""
    no_disease: dict[str, Any] | None = None
    """Changes that leave nothing to heal."""
    moved: tuple[Moved, ...] = ()
    levers: tuple[Lever, ...] = ()
    inputs: str = ""
    """Settings that are an effect put in, named for the reader."""

    @property
    def name(self) -> str:
        """Claim and reading."""
        return f"{self.id} {self.reading}"

    @property
    def direction(self) -> int:
        """The way the claim says the metric goes: +1, -1 or 0."""
        if self.sign or self.claimed_after is None:
            return self.sign
        if self.form != "level":
            return 1 if self.claimed_after > 0 else -1 if self.claimed_after < 0 else 0
        if self.claimed_before is None:
            return 0
        return 1 if self.claimed_after > self.claimed_before else -1


@dataclass(frozen=True)
class Sum:
    """A claim that is a calculation."""

    id: str
    reading: str
    what: str
    """Name of what is calculated."""
    claimed: float
    found: float
    zh: str
    en: str
    tolerance: float = 0.02
    """Rounding allowed, as a share of the claimed value."""
    at_least: bool = False
    """The claim is a bar: the figure found must reach it."""
