"""Where a result comes from: enough to repeat it, nothing that differs from one machine or day to another."""

import hashlib
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.experiment import Setup

PACKAGES = ("simpy", "numpy", "pandas", "scipy", "matplotlib", "pydantic", "holidays")

SHOWS_ONLY = (
    "report",
    "charts",
    "charts_style",
    "charts_scoreboard",
    "words",
    "words_scoreboard",
    "words_money",
    "money_page",
    "findings",
    "cli",
    "commands",
    "provenance",
    "__main__",
    "assumptions",
    "schema",
    "calibration",
    "elasticity",
    "claims",
    "story",
    "words_story",
    "charts_story",
    "notebook",
    "__init__",
    "wording",
    "pictures",
    "page",
)
"""Modules and packages that show results and cannot change them."""


def code_hash(folder: Path | None = None) -> str:
    """SHA-256 of the source that can change a result: sim/ without the modules of SHOWS_ONLY.

    Line ends are normalised and files sorted by path, so a checkout on Windows gives the same hash.
    """
    folder = folder or Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py"), key=lambda path: path.relative_to(folder).as_posix()):
        name = path.relative_to(folder).as_posix()
        if name.split("/")[0].removesuffix(".py") in SHOWS_ONLY:
            continue
        source = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{name}\0{len(source)}\0".encode() + source)
    return digest.hexdigest()


def provenance(setup: "Setup", table: bytes, **more: Any) -> dict[str, Any]:
    """What a results folder says about itself.

    Args:
        table: bytes of its table.csv.
        more: further plain values, such as which replication's log lies beside.
    """
    return {
        "scenario": setup.scenario,
        "scenario_hash": setup.scenario_hash,
        "code_hash": code_hash(),
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
