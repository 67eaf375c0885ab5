"""The textbook centres under common luck, and what befell each customer in them."""

from functools import cache
from pathlib import Path
from typing import Any

from sim.centre import replicate
from sim.log import Log
from sim.scenario import Scenario, load
from tests.small import with_policy

TEXTBOOK = Path(__file__).parents[2] / "scenarios" / "textbook"
SHORT = {"study.warmup_weeks": 0, "study.run_on_weeks": 0}
HAIR = 1e-6
"""Hours that sums of floating-point numbers may be out by."""


@cache
def textbook(name: str) -> Scenario:
    """A textbook scenario, one replication without a warm-up."""
    return load(TEXTBOOK / f"{name}.toml").changed(SHORT)


def run(name: str, changes: dict[str, Any], weeks: int, seed: int) -> Log:
    """The log of a textbook scenario with other settings."""
    return replicate(textbook(name).changed({"study.weeks": weeks, **changes}), "ad_hoc", seed, 0)


def run_small(mechanisms: list[str], changes: dict[str, Any], seed: int) -> Log:
    """The log of the article's centre, shortened, under some mechanisms."""
    return replicate(with_policy(mechanisms, changes), "tested", seed, 0)


def waits(log: Log) -> dict[int, float]:
    """Hours each customer waited for a bay."""
    return {row[2]: row[4] for row in log.rows if row[1] == "bay_taken"}


def short(log: Log) -> dict[int, int]:
    """Lines of each customer that were not on the shelf."""
    found: dict[int, int] = {}
    for row in log.rows:
        if row[1] == "line_due":
            found[row[2]] = found.get(row[2], 0) + (row[4] < 1)
    return found


def refused(log: Log) -> dict[int, int]:
    """Whether each request for a test drive found no car."""
    return {row[2]: int(row[5] == "lost") for row in log.rows if row[1] == "test_drive_asked"}


def nobody_is_worse_off(better: dict[int, float] | dict[int, int], usual: dict[int, float] | dict[int, int]) -> bool:
    """Whether everybody of the usual world is there in the better one, and no worse off."""
    return all(number in better and better[number] <= value + HAIR for number, value in usual.items())


def total(found: dict[int, int]) -> int:
    """How many in all."""
    return sum(found.values())
