"""A result is stale when, and only when, source that can change it was changed."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sim.source_hash import MODEL, PACKAGE, model_hash, reached, source_hash

LOADED = """
import sys
from tests.small import with_policy
from sim.centre import replicate
from sim.flows import weekly_flows
from sim.metrics import measure
log = replicate(with_policy(["stock_board"], {"study.weeks": 1}), "ad_hoc", 1, 0)
measure(log, 0, 1), weekly_flows(log, 1)
print(*(module for module in sys.modules if module.startswith("sim.")))
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PACKAGE, tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__")))


def test_all_that_a_run_loads_is_reached() -> None:
    run = subprocess.run([sys.executable, "-c", LOADED], cwd=PACKAGE.parent, capture_output=True, text=True, check=True)
    files = {".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts) for path in reached(*MODEL)}
    assert set(run.stdout.split()) - {file.removesuffix(".__init__") for file in files} <= {"sim.departments"}


@pytest.mark.parametrize("name", ["departments/parts.py", "mechanisms/stock_board.py", "units.py", "metrics.py"])
def test_source_of_the_model_counts(copy: Path, name: str) -> None:
    (copy / name).write_bytes((copy / name).read_bytes() + b"\nX = 1\n")
    assert model_hash(copy) != model_hash()


def test_a_new_mechanism_counts(copy: Path) -> None:
    (copy / "mechanisms" / "another.py").write_text("X = 1\n", encoding="utf-8")
    assert model_hash(copy) != model_hash()


@pytest.mark.parametrize(
    "name",
    [
        "charts.py",
        "commands/compare.py",
        "words.py",
        "claims/audit.py",
        "comparison.py",
        "experiment.py",
        "quantities.py",
    ],
)
def test_what_only_shows_or_judges_leaves_the_runs_valid(copy: Path, name: str) -> None:
    (copy / name).write_bytes((copy / name).read_bytes() + b"\nX = 1\n")
    (copy / "another_chart.py").write_text("from sim import centre\n", encoding="utf-8")
    assert model_hash(copy) == model_hash()


def test_the_audit_has_a_hash_of_its_own(copy: Path) -> None:
    assert source_hash("claims.audit", package=copy) == source_hash("claims.audit")
    (copy / "claims" / "verdicts.py").write_bytes(b"")
    assert source_hash("claims.audit", package=copy) != source_hash("claims.audit")


def test_line_ends_do_not_count(copy: Path) -> None:
    for path in copy.rglob("*.py"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert model_hash(copy) == model_hash()
