"""What moves through the centre: visits, part lines, test drives, loans, claims.

The upper fields of each are exogenous: drawn by address before the run, the same under every policy. The fields
under ``# state`` are what the run writes.
"""

from dataclasses import dataclass
from typing import Literal

ClaimKind = Literal["broken_promise", "car", "goodwill", "urgent_part"]
CLAIM_KINDS: tuple[ClaimKind, ...] = ("broken_promise", "car", "goodwill", "urgent_part")
CarKind = Literal["demo", "backup", "dedicated"]


@dataclass(slots=True)
class PartLine:
    """One order line: a job needs ``quantity`` units of one stock-keeping unit."""

    visit: int
    nth: int
    sku: int
    quantity: int
    known_at_booking: bool
    """Whether the need is known when the visit is accepted; otherwise diagnosis finds it."""
    # state
    announced: bool = False
    short: bool = False
    in_hand: bool = False
    used: bool = False
    due_at: float = -1.0
    expected_at: float = -1.0
    """When parts expects the missing units [h], as far as it knows."""


@dataclass(slots=True)
class Visit:
    """One customer's visit."""

    number: int
    called_at: float
    """When the customer calls (booked) or walks in [h]."""
    booked: bool
    notice_hours: float
    """How far ahead the customer wants the appointment [h]; 0 for a walk-in."""
    job: str
    """Job type, a key of the scenario's job types."""
    work_hours: float
    diagnosis_hours: float
    lines: list[PartLine]
    drivable: bool
    """Whether the car can go home while it waits."""
    key_customer: bool
    need_hours: float
    """After this many hours from drop-off the customer really needs the car; blind to policy."""
    pickup_hours: float
    """Open hours from "it is ready" to the hand-over."""
    return_hours: float
    """Open hours from "your part is here" to the car's return."""
    hard: bool
    """Needs an answer from technical support."""
    rework_hours: float
    """Work to be done again because of a mistake; 0 for most."""
    case: str = ""
    """Name of a pinned case; empty for everybody else."""
    # state
    planned_start: float = -1.0
    dropped_off_at: float = -1.0
    promise_at: float = -1.0
    promised_days: int = 0
    ready_at: float = -1.0
    handed_over_at: float = -1.0
    wants_loaner: bool = False
    has_loaner: bool = False
    loaner_refused: bool = False
    trips_home: int = 0
    informed_late_hours: float = 0.0
    disputes: int = 0
    lateness_cause: str = ""
    """The last thing that held the work up: parts, bay, support, dispute, rework."""


@dataclass(slots=True)
class TestDrive:
    """One request for a test drive."""

    number: int
    asked_at: float
    starts_at: float
    hours: float
    key_customer: bool


@dataclass(slots=True)
class Claim:
    """A dispute between two departments, addressed by (visit, kind)."""

    visit: int
    kind: ClaimKind
    parties: tuple[str, str]
    opened_at: float
    stake_yuan: float
    level: int = 1
    meetings: int = 0
    settled_at: float = -1.0

    @property
    def name(self) -> str:
        """Address in the log."""
        return f"{self.kind}:{self.visit}"
