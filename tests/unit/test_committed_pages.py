"""What is committed and made by a command says the same as the command would say now."""

import csv
import hashlib
import json
from pathlib import Path

import pytest

from sim.assumptions import assumptions_page
from sim.provenance import code_hash
from sim.scenario import load
from sim.schema import scenario_schema

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "results" / "article"
ARTICLE = load(ROOT / "scenarios" / "article.toml")


def test_the_list_of_assumptions_is_fresh() -> None:
    page = (ROOT / "scenarios" / "assumptions.md").read_text(encoding="utf-8")
    assert page == assumptions_page(ARTICLE), (
        "renew: sim assumptions scenarios/article.toml --out scenarios/assumptions.md"
    )


def test_every_assumption_has_a_number_a_unit_a_range_or_choice_and_a_reason() -> None:
    page = (ROOT / "scenarios" / "assumptions.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| A-")]
    assert len(rows) > 80
    assert len({row.split("|")[1] for row in rows}) == len(rows), "each number stands for one key"
    assert all(row.split("|")[-2].strip() for row in rows), "each has a reason"


def test_the_schema_is_fresh() -> None:
    written = json.loads((ROOT / "scenarios" / "schema.json").read_text(encoding="utf-8"))
    assert written == scenario_schema(), "renew: sim schema --out scenarios/schema.json"


def test_the_results_are_those_of_this_code_and_this_scenario() -> None:
    made = json.loads((RESULTS / "provenance.json").read_text(encoding="utf-8"))
    again = "results/article is stale; renew: python3 run.py study"
    assert made["code_hash"] == code_hash(), again
    assert made["scenario_hash"] == ARTICLE.hash(), again
    table = (RESULTS / "table.csv").read_bytes().replace(b"\r\n", b"\n")
    assert made["table_sha256"] == hashlib.sha256(table).hexdigest(), "table.csv was changed by hand"


def test_the_fit_is_the_one_the_scenario_holds_and_was_reached_on_fresh_seeds() -> None:
    fit = json.loads((RESULTS / "calibration.json").read_text(encoding="utf-8"))
    assert fit["reached"]
    targets = {target["metric"]: target for target in fit["targets"]}
    assert set(targets) == {target.metric for target in ARTICLE.model.calibration.targets}
    for target in ARTICLE.model.calibration.targets:
        assert ARTICLE.changed({target.knob: fit["values"][target.knob]}).hash() == ARTICLE.hash(), target.knob


@pytest.mark.parametrize("target", ARTICLE.model.calibration.targets, ids=lambda target: target.metric)
def test_the_committed_baseline_meets_the_articles_before(target) -> None:
    with (RESULTS / "table.csv").open(encoding="utf-8-sig") as file:
        row = next(row for row in csv.DictReader(file) if row["metric"] == target.metric)
    low, high = float(row["baseline_low"]), float(row["baseline_high"])
    allowed = ARTICLE.model.calibration.tolerance_share * target.value
    assert target.value - allowed <= low <= high <= target.value + allowed
