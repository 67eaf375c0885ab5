"""Where a result comes from: enough to repeat it, nothing that differs from one machine or day to another."""

import hashlib
import platform
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from sim.source_hash import model_hash, source_hash

if TYPE_CHECKING:
    from sim.experiment import Setup

TABLE_MADE_BY = ("comparison", "scoreboard", "money")
"""Modules that turn the runs of a study into its tables."""
PACKAGES = ("simpy", "numpy", "pandas", "scipy", "matplotlib", "pydantic", "holidays")


def provenance(setup: "Setup", table: bytes, **more: Any) -> dict[str, Any]:
    """What a results folder says about itself.

    Args:
        table: bytes of its table.csv.
        more: further plain values, such as which replication's log lies beside.
    """
    return {
        "scenario": setup.scenario,
        "scenario_hash": setup.scenario_hash,
        "code_hash": model_hash(),
        "table_code_hash": source_hash(*TABLE_MADE_BY),
        "seed": setup.seed,
        "replications": setup.replications,
        "weeks": setup.weeks,
        "warmup_weeks": setup.warmup_weeks,
        "baseline": setup.baseline,
        "policies": {name: list(setup.mechanisms[name]) for name in setup.policies},
        "versions": {"python": platform.python_version(), **{name: _version(name) for name in PACKAGES}},
        "table_sha256": hashlib.sha256(table).hexdigest(),
        **more,
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
