"""Verdicts on claims: computed from intervals, never typed in; an input that changes, changes them."""

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from sim.cells import Cell
from sim.claims import audit as auditing
from sim.claims import trials
from sim.claims.catalogue import IDS, READINGS
from sim.claims.laboratory import Laboratory
from sim.claims.levels import crossing, key_for, moved, region
from sim.claims.market_claims import sums
from sim.claims.readings import Lever, Reading, Sum
from sim.claims.verdicts import (
    DIRECTION,
    FAILS,
    HOLDS,
    NOT,
    REPRODUCED,
    UNKNOWN,
    finding,
    judge,
    judge_sum,
    over_fits,
    ratio,
)
from sim.claims.wording import region_in_words
from sim.cli import main
from sim.metrics import METRICS
from sim.runner import runner
from tests.small import ARTICLE, article

FALL = Reading("K3", "r", "emergent", "shortage_rate", 0.03, Cell(), "说", "says", claimed_before=0.15, margin=0.01)
BEFORE = np.array([0.149, 0.150, 0.151, 0.150])


def verdict(after: list[float], reading: Reading = FALL, before: np.ndarray = BEFORE) -> str:
    return judge(reading, finding(reading, before, np.array(after)))


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ([0.030, 0.031, 0.029, 0.030], REPRODUCED),
        ([0.010, 0.011, 0.009, 0.010], DIRECTION),  # further than claimed is another figure all the same
        ([0.100, 0.101, 0.099, 0.100], DIRECTION),
        ([0.150, 0.149, 0.151, 0.150], NOT),
        ([0.200, 0.201, 0.199, 0.200], NOT),
        ([0.010, 0.050, 0.020, 0.040], UNKNOWN),  # the right mean in an interval that is too wide is no success
        ([0.030, math.nan, math.nan, math.nan], UNKNOWN),
    ],
)
def test_a_verdict_follows_from_the_interval(after: list[float], expected: str) -> None:
    assert verdict(after) == expected


def test_a_margin_decides_and_a_wrong_start_is_not_reproduced() -> None:
    after = [0.036, 0.037, 0.036, 0.037]
    assert verdict(after) == REPRODUCED
    assert verdict(after, replace(FALL, margin=0.005)) == DIRECTION
    assert verdict([0.03, 0.031, 0.03, 0.029], before=BEFORE + 0.05) == DIRECTION


def test_a_claim_without_a_figure_is_judged_by_its_direction() -> None:
    reading = replace(FALL, claimed_after=None, claimed_before=None, sign=-1)
    assert verdict([0.1, 0.11, 0.1, 0.1], reading) == DIRECTION
    assert verdict([0.2, 0.21, 0.2, 0.2], reading) == NOT
    assert verdict([0.1, 0.2, 0.1, 0.2], reading) == UNKNOWN
    assert verdict(list(BEFORE), reading) == NOT  # exactly nothing moved


def test_a_relative_change_is_a_ratio_of_means_with_a_jackknife_interval() -> None:
    rng = np.random.default_rng(1)
    covered = 0
    for _ in range(400):
        a = rng.normal(10, 1, 25)
        found = ratio(a * 0.2 + rng.normal(0, 0.5, 25), a)
        covered += found.low <= 0.2 <= found.high
    assert abs(covered / 400 - 0.95) < 3 * math.sqrt(0.95 * 0.05 / 400)


def test_fits_that_disagree_leave_nothing_to_decide() -> None:
    assert over_fits([REPRODUCED, REPRODUCED, UNKNOWN]) == REPRODUCED
    assert over_fits([REPRODUCED, DIRECTION]) is None
    assert over_fits([NOT, UNKNOWN, DIRECTION]) == NOT
    assert over_fits([UNKNOWN]) == UNKNOWN


def test_a_sum_holds_up_to_rounding_and_a_bar_must_be_reached() -> None:
    assert judge_sum(Sum("K14", "r", "ROI", 16.7, 500 / 30, "", "")) == HOLDS
    assert judge_sum(Sum("K13", "r", "ROI", 6.0, 5.0, "", "")) == FAILS
    assert judge_sum(Sum("K13", "r", "ROI", 3.0, 2.4, "", "", at_least=True)) == FAILS


def test_the_finance_cases_follow_the_margin_of_the_scenario() -> None:
    by_name = {(s.id, s.reading): judge_sum(s) for s in sums(article())}
    richer = article().changed({"finance.kept_customer_margin_share": 0.6})
    after = {(s.id, s.reading): judge_sum(s) for s in sums(richer)}
    assert by_name["K13", "margin_bar_3"] == FAILS
    assert after["K13", "margin_bar_3"] == HOLDS


@pytest.mark.parametrize(
    ("means", "claimed", "direction", "expected"),
    [
        ([0.15, 0.10, 0.05, 0.01], 0.03, -1, (2.5, True)),
        ([0.01, 0.05, 0.10, 0.15], 0.03, -1, (0.5, False)),
        ([0.15, 0.12, 0.10, 0.09], 0.03, -1, (None, True)),
        ([0.01, 0.01, 0.005, 0.001], 0.03, -1, (0.0, True)),
        ([60, 70, 80, 90], 85, 1, (2.5, True)),
        ([60, 70, 80, 90], 75, 0, (1.5, True)),
        ([60, 70, 80, 90], 95, 0, (None, True)),
    ],
)
def test_a_region_begins_where_the_curve_passes_the_claim(
    means: list[float], claimed: float, direction: int, expected: tuple[float | None, bool]
) -> None:
    at, rising = crossing([0, 1, 2, 3], means, claimed, direction)
    assert rising == expected[1]
    assert at == (None if expected[0] is None else pytest.approx(expected[0]))


# -- on the small centre -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def laboratory() -> Iterator[Laboratory]:
    with runner(article(), seed=3) as runs:
        yield Laboratory(runs, 4)


def reading(name: str) -> Reading:
    return next(r for r in READINGS if r.name == name)


def test_what_was_run_once_is_not_run_again(laboratory: Laboratory) -> None:
    laboratory.values(Cell(), "nps", replications=2)
    count = laboratory.count
    laboratory.values(Cell(), "shortage_rate", replications=2)
    assert laboratory.count == count


def test_a_number_that_only_a_mechanism_reads_moves_in_its_own_variant_only() -> None:
    cell = moved(reading("K3 as_ruled").after, "mechanisms.joint_forecast.announced_share", 0.3)
    assert cell.settings == {"joint_forecast": {"announced_share": 0.3}}
    assert moved(Cell(), "fleet.demo_cars", 3).changes == {"fleet.demo_cars": 3}
    bays = moved(Cell(), "workshop.bays.mechanical", 10).changes
    assert bays["workshop.technicians.mechanic"] == 10


def test_a_baseline_of_another_height_is_found(laboratory: Laboratory) -> None:
    value = key_for(laboratory, "parts.forecast.error_cv", 0.2, 1.4, "shortage_rate", 0.16)
    found = float(np.mean(laboratory.values(Cell(changes={"parts.forecast.error_cv": value}), "shortage_rate")))
    assert found == pytest.approx(0.16, rel=0.1)


def test_null_dose_and_negative_control_pass_for_a_mechanism(laboratory: Laboratory) -> None:
    ladder = reading("K9 business_clock")
    assert trials.null_dose(laboratory, ladder).outcome == trials.PASSED
    assert trials.negative_control(laboratory, ladder).outcome == trials.PASSED


def test_the_null_dose_test_can_fail(laboratory: Laboratory, monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.mechanisms.escalation_ladder import EscalationLadder

    monkeypatch.setattr(EscalationLadder, "null", {"limit_hours": 1.0})
    assert trials.null_dose(laboratory, reading("K9 business_clock")).outcome == trials.FAILED


def test_an_after_that_only_follows_its_input_is_found_out(laboratory: Laboratory) -> None:
    won = reading("K13 won_back")
    found = trials.elasticity(laboratory, won)
    assert found.outcome == trials.FAILED
    assert "called_share" in found.en


def test_no_claims_verdict_is_typed_in_a_changed_input_changes_it(laboratory: Laboratory) -> None:
    board = reading("K8 board_alone")
    after = laboratory.values(board.after, board.metric)
    before = laboratory.values(board.before, board.metric)
    assert judge(board, finding(board, before, after)) in (NOT, UNKNOWN)
    ample = board.after.with_changes({"parts.control.high": 12})
    healed = laboratory.values(ample, board.metric)
    assert judge(board, finding(board, before, healed)) != judge(board, finding(board, before, after))


def test_a_region_says_in_words_what_must_be_true(laboratory: Laboratory) -> None:
    claim = replace(reading("K3 as_ruled"), claimed_after=0.10)
    lever = Lever("mechanisms.joint_forecast.announced_share", 0.0, 1.0, "通报占比", "share announced", percent=True)
    found = region(laboratory, claim, lever)
    assert [e.mean for e in found.after] == sorted((e.mean for e in found.after), reverse=True)
    assert "10%" in region_in_words(claim, found, "zh")


def test_every_claim_has_readings_of_known_metrics_and_names_that_differ() -> None:
    names = [r.name for r in READINGS]
    assert len(names) == len(set(names))
    for r in READINGS:
        assert r.metric in METRICS or r.metric == "broken_promises", r.name
        assert r.zh and r.en
        assert r.claimed_after is not None or r.sign, r.name
        r.after.scenario(article())
    covered = {r.id for r in READINGS} | {s.id for s in sums(article())}
    assert set(IDS) - covered <= {"K1"}, "K1 is told as a story"


def test_the_audit_writes_rows_tests_pictures_and_a_page_in_both_languages(tmp_path: Path) -> None:
    from sim.claims.page import as_json, page, save

    found = auditing.audit(article(), ["K13"], 3, 1, fits={})
    table = found.table("zh")
    assert tuple(table.columns) == auditing.COLUMNS
    assert set(table["verdict"]) <= set(auditing_verdicts())
    save(found, tmp_path)
    assert {"claims.csv", "claims_tests.csv", "claims.md", "charts"} <= {path.name for path in tmp_path.iterdir()}
    assert len(json.loads(as_json(found, "en"))) == len(table)
    text = page(found, "charts")
    assert "要怎样才成立" in text
    assert "what must be true" in text
    for name in ("verdicts_zh.png", "regions_K13_en.png"):
        assert (tmp_path / "charts" / name).stat().st_size > 5000


def auditing_verdicts() -> tuple[str, ...]:
    from sim.claims.verdicts import VERDICTS

    return VERDICTS


def test_nonsense_is_refused_all_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    asked = ["claims", "--scenario", str(ARTICLE), "--only", "K3,K99", "--replications", "many", "--workers", "0"]
    result = CliRunner().invoke(main, [*asked, "--out", str(tmp_path / "file"), "--lang", "en"])
    assert result.exit_code == 2
    for word in ("K99", "many", "--workers", "--out"):
        assert word in result.output
