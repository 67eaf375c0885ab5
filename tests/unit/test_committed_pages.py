"""What is committed and made by a command says the same as the command would say now."""

import csv
import hashlib
import json
import re
from pathlib import Path

import pytest

from sim.assumptions import assumptions_page
from sim.claims.verdicts import VERDICTS
from sim.credibility_honesty import section
from sim.provenance import TABLE_MADE_BY
from sim.replication import code_hash
from sim.scenario import load
from sim.schema import scenario_schema
from sim.source_hash import model_hash, source_hash
from sim.verification import textbooks

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
    assert made["code_hash"] == model_hash(), again
    assert made["table_code_hash"] == source_hash(*TABLE_MADE_BY), again
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


def test_the_audit_of_claims_is_that_of_this_code_and_this_scenario() -> None:
    made = json.loads((ROOT / "results" / "claims" / "provenance.json").read_text(encoding="utf-8"))
    again = "stale; renew: sim claims --page docs/claims.md"
    assert made["code_hash"] == model_hash(), again
    assert made["claims_hash"] == source_hash("claims.audit"), again
    assert made["scenario_hash"] == ARTICLE.hash(), again


def test_the_page_of_claims_is_the_one_the_audit_wrote() -> None:
    page = (ROOT / "docs" / "claims.md").read_text(encoding="utf-8")
    written = (ROOT / "results" / "claims" / "claims.md").read_text(encoding="utf-8")
    assert page.replace("](../results/claims/charts/", "](charts/") == written
    for name in re.findall(r"\]\((\.\./results/claims/charts/[^)]+)\)", page):
        assert (ROOT / "docs" / name).exists(), name


def test_every_claim_of_the_article_has_a_row_and_each_row_a_verdict_and_a_reason() -> None:
    with (ROOT / "results" / "claims" / "claims.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert {row["id"] for row in rows} == {f"K{number}" for number in range(1, 21)}
    assert {row["verdict"] for row in rows} <= set(VERDICTS)
    assert all(row["because"] and row["because_en"] for row in rows)


def test_the_story_is_that_of_this_code_and_this_scenario() -> None:
    made = json.loads((ROOT / "results" / "story" / "provenance.json").read_text(encoding="utf-8"))
    again = "stale; renew: sim story scenarios/article.toml --like bumper --seeds 200 --out results/story"
    assert made["code_hash"] == model_hash(), again
    assert made["scenario_hash"] == ARTICLE.hash(), again


def test_the_page_on_credibility_is_that_of_this_code_and_these_cases() -> None:
    page = (ROOT / "docs" / "credibility.md").read_text(encoding="utf-8")
    again = "stale; renew: sim verify --page docs/credibility.md"
    assert page.count(model_hash()[:12]) == 2, again
    cases = [case for scenario in textbooks(ROOT / "scenarios" / "textbook") for case in scenario.model.textbook]
    rows = [line.split("|") for line in page.splitlines() if line.startswith("| ") and "---" not in line]
    for case in cases:
        assert sum(row[1].strip() == case.name and row[-2].strip() == case.source for row in rows) >= 2, case.name
    assert "**no**" not in page and "**否**" not in page


def test_the_page_on_credibility_holds_the_figures_of_the_honesty_tests() -> None:
    page = (ROOT / "docs" / "credibility.md").read_text(encoding="utf-8")
    for lang in ("zh", "en"):
        assert section(lang) in page, "stale; renew: python3 run.py test --slow"
    assert section("zh").count("\n| ") > 40


@pytest.mark.parametrize("study", ["attribution", "plan", "sensitivity"])
def test_the_committed_studies_are_those_of_this_code_and_this_scenario(study: str) -> None:
    made = json.loads((RESULTS / f"{study}.json").read_text(encoding="utf-8"))
    assert made["code_hash"] == code_hash(), f"results/article/{study} is stale; make it again"
    assert made["scenario_hash"] == ARTICLE.hash()
    assert made["failed"] == []
