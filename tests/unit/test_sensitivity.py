"""Sensitivity to assumptions: factors, screening, tornado, turning values, words and pictures; a made-up centre."""

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from sim.cells import Cell
from sim.cli import main
from sim.options import Checker
from sim.problems import Problems
from sim.runner import runner
from sim.studies.factor_catalogue import factors_of, held, named, null_factor
from sim.studies.factors import NULL, Factor, moved
from sim.studies.sensitivity import Sensitivity, sensitivity
from sim.studies.sensitivity_plan import Plan, decision_metric, plan
from sim.studies.words_assumptions import UNITS, assumption_label, labelled
from sim.studies.words_values import number, valued
from tests.small import ARTICLE, article
from tests.unit.fake_runner import FakeRunner

CV, VISITS, KNOWN = "parts.forecast.error_cv", "arrivals.visits_per_day", "jobs.body.known_share"
SHUFFLED = "parts.help_share"


def centre(cell: Cell, replication: int, rng: np.random.Generator) -> dict[str, float]:
    """The policy helps by 0.1, less 0.001 a visit a day: no help from 60 on; help_share only reshuffles the luck."""
    luck = rng.normal(0, 1, 50)
    own = luck[1 + int(997 * cell.changes.get(SHUFFLED, 0.5)) % 49]
    level = 0.1 + 0.12 * cell.changes.get(CV, 0.7051) + 0.02 * luck[0]
    help_ = 0.0 if not cell.mechanisms else 0.1 - (cell.changes.get(VISITS, 40.0) - 40.0) * 0.005 + 0.002 * own
    return {"shortage_rate": level - help_}


def planned(**asked: object) -> Plan:
    check = Checker("sim sensitivity")
    found = plan(article(), check, **asked)  # type: ignore[arg-type]
    check.done()
    return found


def studied(**asked: object) -> Sensitivity:
    return sensitivity(FakeRunner(centre, scenario=article()), planned(**asked))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def result() -> Sensitivity:
    names = ["A-35", "A-10", SHUFFLED, "A-90"]
    return studied(method="all", assumptions=names, trajectories=6, samples=32)


def factor(name: str) -> Factor:
    found, left_out = factors_of(article(), "systematic")
    chosen, wrong = named(found, left_out, [name])
    assert not wrong
    return chosen[0]


# --- factors


def test_every_numbered_assumption_is_a_factor_or_left_out_with_a_reason_and_has_a_label() -> None:
    found, left_out = factors_of(article(), "systematic")
    patterns = {one.pattern for one in found} | {one.key for one in left_out}
    page = (ARTICLE.parent / "assumptions.md").read_text(encoding="utf-8")
    listed = [line.split("|") for line in page.splitlines() if line.startswith("| A-")]
    assert {line[2].strip(" `") for line in listed} <= patterns
    assert {one.assumption for one in (*found, *left_out)} >= {line[1].strip() for line in listed}
    for pattern in patterns:
        label = labelled(pattern)
        assert label is not None, pattern
        assert label.unit in UNITS and label.zh and label.en


def test_labels_tell_assumptions_apart() -> None:
    found, left_out = factors_of(article(), "systematic")
    for lang in ("zh", "en"):
        labels = [assumption_label(one.pattern, lang, one.instance) for one in found]
        labels += [assumption_label(one.key, lang) for one in left_out]
        assert len(set(labels)) == len(labels)


def test_what_is_left_out_says_why() -> None:
    reasons = {one.key: one.reason for one in factors_of(article(), "systematic")[1]}
    assert reasons["arrivals.weekday_weights"] == "no_number"
    assert reasons["jobs.*.work_hours"] == "no_range"
    assert reasons["arrivals.pinned.*.taste"] == "out_of_reach"
    assert reasons["mechanisms.extra_stock.extra_units"] == "not_in_force"
    assert reasons["parts.catalogue_seed"] == "no_order"
    assert reasons["study.warmup_weeks"] == "of_the_study"


def test_all_ends_of_the_article_can_be_held() -> None:
    scenario = article()
    cells = [Cell.of(scenario, "systematic")]
    found, _ = factors_of(scenario, "systematic")
    there, out = held(scenario, cells, found)
    assert len(there) == len(found) > 130 and not out


def test_an_end_that_the_scenario_refuses_is_left_out_with_its_message() -> None:
    scenario = article()
    one = factor("A-90")
    impossible = replace(one, places=(replace(one.places[0], low=-5.0),))
    there, out = held(scenario, [Cell.of(scenario, "systematic")], [impossible])
    assert there == () and out[0].reason == "refused" and "support.agents" in out[0].en and out[0].zh


def test_tables_of_a_kind_move_together_each_towards_its_own_end() -> None:
    known = factor("A-5")
    assert not known.alone and (known.low, known.value, known.high) == (-1, 0, 1)
    cell = moved(Cell(), [(known, -0.5)])
    assert cell.changes == pytest.approx(
        {"jobs.maintenance.known_share": 0.475, "jobs.mechanical.known_share": 0.275, KNOWN: 0.4,
         "jobs.diagnosis.known_share": 0.0}
    )  # fmt: skip
    assert moved(Cell(), [(known, 0.0)]) == Cell()
    alone = factor(KNOWN)
    assert alone.alone and moved(Cell(), [(alone, 0.5)]).changes == {KNOWN: 0.5}


def test_shares_of_a_whole_are_one_factor_each() -> None:
    found, _ = factors_of(article(), "systematic")
    assert sum(one.assumption == "A-1" for one in found) == 4


def test_a_law_keeps_its_shape() -> None:
    cell = moved(Cell.of(article(), "systematic"), [(factor("A-14"), 6.0)])
    notice = cell.scenario(article()).model.arrivals.notice_days
    assert (notice.shape, notice.mean, notice.cv) == ("lognormal", 6.0, 0.7)


def test_the_baseline_is_not_run_anew_for_what_only_mechanisms_read() -> None:
    scenario = article()
    baseline, policy = (Cell.of(scenario, name) for name in ("ad_hoc", "systematic"))
    for name in ("A-210", "A-152"):
        one = factor(name)
        assert moved(baseline, [(one, one.low)]) == baseline
        assert moved(policy, [(one, one.low)]) != policy


def test_the_baseline_really_does_not_read_what_only_mechanisms_read() -> None:
    """The runs saved above rest on this."""
    scenario = article().changed({"study.weeks": 2})
    only = [f for f in factors_of(scenario, "systematic")[0] if f.read_by == "mechanism"]
    changes: dict[str, float] = {}
    for one in only:
        changes |= {place.key: int(place.low) if place.whole else place.low for place in one.places}
    with runner(scenario) as where:
        cells = [Cell(), Cell((), {}, changes)]
        where.run([(cell, range(1)) for cell in cells])
        for metric in where.metrics():
            a, b = (where.values(cell, metric, 1) for cell in cells)
            assert a == pytest.approx(b, rel=0, abs=0, nan_ok=True), metric


def test_a_policy_s_own_setting_is_what_moves() -> None:
    scenario = article().changed(
        {"policies.own": {"mechanisms": ["joint_forecast"], "settings": {"joint_forecast": {"announced_share": 0.7}}}}
    )
    one = next(f for f in factors_of(scenario, "own")[0] if f.assumption == "A-210")
    assert one.value == 0.7
    cell = moved(Cell.of(scenario, "own"), [(one, 1.0)])
    assert cell.settings["joint_forecast"]["announced_share"] == 1.0


# --- what is found


def test_the_verdict_turns_where_the_truth_says(result: Sensitivity) -> None:
    """The help is 0.1 at 40 visits and falls by 0.005 a visit; the margin is 0.01: equal from about 58 on."""
    row = result.table.set_index("assumption").loc["A-10"]
    assert row["verdict"] == row["verdict_at_low"] == "better" and row["verdict_at_high"] == "worse"
    assert row["turns"] and math.isnan(row["turns_below"])
    assert row["turns_resolution"] == pytest.approx(40 / 32)
    assert 57 < row["turns_at"] < 60


def test_what_does_not_act_on_the_difference_does_not_turn_it(result: Sensitivity) -> None:
    rows = result.table.set_index("assumption")
    for name in ("A-35", "A-90"):
        assert not rows.loc[name, "turns"]
        assert rows.loc[name, "difference_at_low"] == pytest.approx(rows.loc[name, "difference_at_high"], abs=1e-12)
    assert rows.loc["A-35", "level_at_high"] - rows.loc["A-35", "level_at_low"] == pytest.approx(0.12)


def test_the_null_row_shows_exactly_nothing(result: Sensitivity) -> None:
    row = result.table[result.table["key"] == "null"].iloc[0]
    assert row["difference_at_low"] == row["difference_at_high"] == row["difference"]
    assert row["mu_star"] == row["mu_star_level"] == row["noise_floor"] == 0
    assert "恰好不变" in result.answer("zh") and "exactly 0" in result.answer("en")


def test_the_null_factor_is_really_run_and_is_told_if_it_moves() -> None:
    null = null_factor(article(), "systematic")
    assert null.places and moved(Cell(), [(null, null.high)]) != Cell()

    def broken(cell: Cell, replication: int, rng: np.random.Generator) -> dict[str, float]:
        shift = 0.03 * (null.places[0].key in cell.changes) * bool(cell.mechanisms)
        return {"shortage_rate": 0.2 - 0.1 * bool(cell.mechanisms) + shift + rng.normal(0, 0.001)}

    found = sensitivity(FakeRunner(broken, scenario=article()), planned(assumptions=["A-35"]))  # type: ignore[arg-type]
    assert "不可信" in found.answer("zh") and "do not trust" in " ".join(found.answer("en").split())


def test_a_factor_that_only_reshuffles_luck_is_not_distinguishable_from_noise(result: Sensitivity) -> None:
    rows = result.table.set_index("key")
    assert rows.loc[SHUFFLED, "mu_star"] > 0
    assert rows.loc[SHUFFLED, "mu_star"] < rows.loc[SHUFFLED, "noise_floor"]
    assert rows.loc[VISITS, "mu_star"] == pytest.approx(0.005 * 70, rel=0.05)


def test_an_undecided_verdict_is_said_to_be_so() -> None:
    def noisy(cell: Cell, replication: int, rng: np.random.Generator) -> dict[str, float]:
        a, b = rng.normal(0.2, 0.2, 2)
        return {"shortage_rate": a if cell.mechanisms else b}

    found = sensitivity(FakeRunner(noisy, scenario=article()), planned(assumptions=["A-35"]))  # type: ignore[arg-type]
    assert "尚不确定" in found.answer("zh") and "not yet known" in found.answer("en")
    assert not found.table["turns"].any()


def test_whole_numbers_turn_at_a_whole_number() -> None:
    def cars(cell: Cell, replication: int, rng: np.random.Generator) -> dict[str, float]:
        number = cell.changes.get("fleet.demo_cars", 8)
        assert number == int(number)
        return {"shortage_rate": rng.normal(0.3, 0.1) - bool(cell.mechanisms) * (0.1 if number < 13 else 0.0)}

    found = sensitivity(FakeRunner(cars, scenario=article()), planned(assumptions=["fleet.demo_cars"]))  # type: ignore[arg-type]
    row = found.table.iloc[0]
    assert (row["turns_at"], row["turns_to"]) == (13, "equal")
    assert "升到 13 台就变为“持平”" in found.answer("zh")


def test_groups_come_first_and_what_is_in_no_effective_group_is_not_opened() -> None:
    found = studied(trajectories=3, replications=4)
    table = found.table.set_index("key")
    assert "arrivals" in found.found.opened and "support" not in found.found.opened
    assert table.loc[VISITS, "stage"] == "both_ends"
    assert table.loc["support.agents", "stage"] == "group_no_effect"
    assert table.loc["mechanisms.extra_stock.extra_units", "left_out"] == "not_in_force"
    assert found.plan.runs > found.about.replications


def test_undefined_metrics_lose_trajectories_and_are_told() -> None:
    def sometimes(cell: Cell, replication: int, rng: np.random.Generator) -> dict[str, float]:
        gone = replication in (2, 3) and bool(cell.mechanisms)
        return {"shortage_rate": math.nan if gone else 0.2 - 0.1 * bool(cell.mechanisms) + rng.normal(0, 0.01)}

    asked = planned(method="morris", assumptions=["A-35", "A-10"], trajectories=4)
    found = sensitivity(FakeRunner(sometimes, scenario=article()), asked)  # type: ignore[arg-type]
    assert found.found.members is not None and found.found.members.lost == 1
    assert "有 1 条轨迹因指标无定义而舍去" in found.answer("zh")


def test_the_same_question_gives_the_same_bytes(result: Sensitivity, tmp_path: Path) -> None:
    again = studied(method="all", assumptions=["A-35", "A-10", SHUFFLED, "A-90"], trajectories=6, samples=32)
    assert again.json() == result.json()
    assert again.to_excel(tmp_path / "a.xlsx").read_bytes() == result.to_excel(tmp_path / "b.xlsx").read_bytes()


def test_pictures_and_page_in_both_languages(result: Sensitivity) -> None:
    assert list(result.charts) == ["tornado", "morris", "sobol"]
    for lang in ("zh", "en"):
        for chart in result.charts:
            assert result.chart(chart, lang).axes
        assert f"sensitivity_tornado_{lang}.png" in result.page(lang)
    rows = json.loads(result.json())
    assert rows[0]["key"] == VISITS and rows[-1]["S1"] is None


# --- words


def test_numbers_are_no_finer_than_they_are_known() -> None:
    assert number(0.1234, "share", "zh") == "12.34%"
    assert number(0.1234, "share", "zh", 0.01) == "12%"
    assert number(58.73, "per_day", "zh", 1.25) == "59 次/天"
    assert number(0.0004, "step", "en") == "0.0004"
    assert number(-0.1, "share", "en") == "−10%"
    assert number(100000, "yuan", "zh") == "100,000 元"
    assert valued(factor("A-5"), -1.0, "zh") == "各取低端"
    assert valued(NULL, 1.0, "en") == "–"


# --- what is asked


def test_the_decision_metric_is_the_first_headline_one_with_a_margin() -> None:
    assert decision_metric(article()) == "shortage_rate"
    assert decision_metric(article().changed({"study.margins": {"nps": 1.0}})) == "nps"


def test_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(Problems) as found:
        planned(policy="nobody", metric="nsp", samples=500, per_point=1, trajectories=1)
    assert len(found.value.problems) == 5
    with pytest.raises(Problems) as found:
        planned(assumptions=["A-9999", "A-11"])
    assert [problem.written for problem in found.value.problems] == ["A-9999", "A-11"]


def test_the_cost_is_counted_and_refused_when_too_high() -> None:
    assert planned().runs < 6000
    asked = ["sensitivity", str(ARTICLE), "--method", "all", "--samples", "4096", "--lang", "en"]
    asked += ["--assumptions", "A-35,A-10"]
    answer = CliRunner().invoke(main, asked)
    assert answer.exit_code == 2 and "--yes" in answer.output


def test_nonsense_on_the_command_line(tmp_path: Path) -> None:
    asked = ["sensitivity", str(ARTICLE), "--out", str(tmp_path), "--per-point", "1", "--assumptions", "A-100"]
    answer = CliRunner().invoke(main, [*asked, "--policy", "ad_hoc"])
    assert answer.exit_code == 2
    assert all(word in answer.output for word in ("--per-point", "--assumptions", "--policy"))
    assert not list(tmp_path.glob("*.csv"))


def test_a_verdict_lost_to_a_wide_interval_alone_is_told_as_such() -> None:
    def wild(cell: Cell, replication: int, rng: np.random.Generator) -> dict[str, float]:
        spread = 0.3 if cell.changes.get(CV, 0.7051) > 1 and cell.mechanisms else 0.001
        return {"shortage_rate": 0.2 - 0.1 * bool(cell.mechanisms) + spread * rng.normal(0, 1)}

    found = sensitivity(FakeRunner(wild, scenario=article()), planned(assumptions=["A-35"]))  # type: ignore[arg-type]
    assert found.table.iloc[0]["turns_to"] == "not_yet_known"
    assert "只是区间变宽" in found.answer("zh") and "only its interval is wider" in found.answer("en")


def test_what_is_in_doubt_is_run_at_both_ends_after_what_stands_out() -> None:
    asked = planned(trajectories=3, replications=2, top=4)
    found = sensitivity(FakeRunner(centre, scenario=article()), asked)  # type: ignore[arg-type]
    stages = found.table.set_index("key")["stage"]
    assert stages[VISITS] == stages[SHUFFLED] == "both_ends"
    assert (stages == "both_ends").sum() == 2  # the others have no effect at all
