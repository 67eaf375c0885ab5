"""The best bundle: what may be asked, what is told, and that it tells no more than it knows."""

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from sim.cells import Cell
from sim.charts_style import style
from sim.cli import main
from sim.comparison import differences, interval
from sim.failures import StudyFailed
from sim.options import Checker
from sim.problems import Problems
from sim.scenario import load
from sim.scoreboard import KPIS
from sim.studies.best import BestBundle, best_bundle
from sim.studies.best_question import Asked, Question, question
from sim.studies.constraints import Limit, limit, number
from sim.studies.findings_best import limit_words
from tests.small import ARTICLE, article
from tests.unit.fake_runner import FakeRunner

GAINS = {"stock_board": (2.0, 30e3), "joint_forecast": (9.0, -90e3), "escalation_ladder": (3.0, 80e3)}
"""NPS points and yuan that a mechanism adds."""
NAMES = ",".join(GAINS)


def model(cell: Cell, replication: int, rng: np.random.Generator) -> dict[str, float]:
    """Every mechanism adds what GAINS says, and a little luck of its own; the ladder costs sales 40 leads."""
    luck = rng.normal(size=20)
    own = sum(0.3 * luck[2 + list(GAINS).index(name)] for name in cell.mechanisms)
    spent = sum(GAINS[name][1] for name in cell.mechanisms)
    return {
        "nps": 72 + 3 * luck[0] + sum(GAINS[name][0] for name in cell.mechanisms) + own,
        "total_cost_yuan": 355e3 + 2e4 * luck[1] + spent * (1 + 0.05 * luck[10]),
        "parts_turnover": 9.5 + 0.2 * luck[11], "dead_stock_share": 0.1, "test_drive_conversion": 0.12,
        "leads": 4000 + 30 * luck[12] - 40 * ("escalation_ladder" in cell.mechanisms), "deals": 480 + 5 * luck[13],
        "present_value_yuan": 4e6 + 1e5 * luck[14], "support_answer_hours": 1.0, "support_solved_share": 0.8,
    }  # fmt: skip


def asked(*limits: str, first: int = 10, **words) -> Question:
    check = Checker("sim best")
    words = {"maximise": "nps", "mechanisms": NAMES, "subject_to": limits} | words
    found = question(check, article(), Asked(**words), first)
    check.done()
    assert found is not None
    return found


def told(*limits: str, runner: FakeRunner | None = None, at_once: int = 8, **words) -> BestBundle:
    return best_bundle(runner or FakeRunner(model), asked(*limits, **words), at_once)  # type: ignore[arg-type]


def problems(*limits: str, **words) -> list[str]:
    with pytest.raises(Problems) as found:
        asked(*limits, **words)
    return [f"{one.key}: {one.text('zh')} | {one.text('en')}" for one in found.value.problems]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("400000", 4e5),
        ("60万", 6e5),
        ("1.2 亿", 1.2e8),
        ("3%", 0.03),
        ("４００，０００", 4e5),
        ("-2.5", -2.5),
        ("6万元", 6e4),
    ],
)
def test_numbers_as_managers_write_them(written, value):
    assert number(written) == value


@pytest.mark.parametrize("written", ["", "many", "万", "4万万", "nan", "inf", "1e999", "3 apples"])
def test_what_is_no_number(written):
    assert np.isnan(number(written))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("total_cost_yuan<=400000", Limit("total_cost_yuan", "<=", 4e5, False, 10_000.0)),
        ("total_cost_yuan ≤ 60万", Limit("total_cost_yuan", "<=", 6e5, False, 10_000.0)),
        ("nps≥80", Limit("nps", ">=", 80.0, False, 1.0)),
        ("total_cost_yuan<=baseline+20000", Limit("total_cost_yuan", "<=", 2e4, True, 10_000.0)),
        ("total_cost_yuan<=基准 − 1万", Limit("total_cost_yuan", "<=", -1e4, True, 10_000.0)),
        ("shortage_rate<=baseline", Limit("shortage_rate", "<=", 0.0, True, 0.01)),
        ("shortage_rate＜＝12％", Limit("shortage_rate", "<=", 0.12, False, 0.01)),
        ("won_back>=3", Limit("won_back", ">=", 3.0, False, 0.0)),
    ],
)
def test_limits_as_managers_write_them(written, expected):
    assert limit(Checker("x"), written, dict(article().study.margins), {}) == expected


def test_a_tolerance_may_be_given_and_0_makes_a_limit_hard():
    found = asked("total_cost_yuan<=40万", "leads>=baseline", tolerance=("total_cost_yuan=0",))
    assert [one.tolerance for one in found.limits] == [0.0, 30.0]


def test_everything_wrong_is_told_at_once_with_a_next_step():
    found = problems(
        "total_cost<=400000", "nps<80", "shortage_rate<=5", "nps>=baseline80", "nps>=many", "nonsense",
        maximise="shortage_rate", delta="0", alpha="1", most="5", tolerance=("leads=3", "nps=-1"),
        mechanisms="stock_bord",
    )  # fmt: skip
    text = "\n".join(found)
    for expected in (
        "did you mean total_cost_yuan", "METRIC<=NUMBER", "write 5% or 0.05", "only + or -", "no number", "--minimise",
        "between 0 and 0.5", "whole number from 10", "below 0", "did you mean stock_board",
    ):  # fmt: skip
        assert expected in text, expected
    assert len(found) == 11  # δ, and what is limited, can only be judged once the rest is right


def test_delta_must_be_known():
    assert "不算差别" in problems(maximise="won_back")[0]
    assert asked(maximise="won_back", delta="2").delta == 2.0
    assert asked().delta == 1.0 and not asked().delta_given
    assert any("above 0" in line for line in problems(delta="-1"))


def test_one_objective_is_needed():
    assert len(problems(maximise=None)) == 1 and len(problems(minimise="total_cost_yuan")) == 1


def test_many_mechanisms_are_refused_with_what_they_cost():
    (line,) = problems(mechanisms=None)
    assert "256" in line and "2,560" in line and "--mechanisms" in line and "--bundles policies" in line
    assert len(asked(mechanisms=None, bundles="all").candidates) == 256
    assert len(asked(mechanisms=None, bundles="policies").candidates) == len(article().policies)
    assert "does not go" in problems(bundles="policies")[0]
    assert "all" in problems(bundles="some")[0]


def test_bundles_keep_a_policys_own_settings():
    found = asked(mechanisms=None, policy="event_outdoors").candidates
    assert [one.name for one in found] == ["none", "showroom_event"]
    assert found[1].cell.settings == {"showroom_event": {"option": "outdoors"}} and found[0].cell.settings == {}


def test_a_first_stage_below_ten_is_refused(tmp_path):
    result = run("--replications", "2", out=tmp_path / "o")
    assert result.exit_code == 2 and "10" in result.stderr


def test_the_best_within_limits_and_its_guarantee():
    found = told("total_cost_yuan<=33万")
    best = found.best
    assert best is not None and best["bundle"] == "stock_board+joint_forecast"
    assert found.selection.guaranteed and found.table["guaranteed"].all()
    assert "95%" in found.answer("zh") and "允许的超出量（总成本 1 万元）" in found.answer("zh")
    assert "within 1 points" in found.answer("en")
    assert set(found.table["delta"]) == {1.0} and set(found.table["alpha"]) == {0.05}
    statuses = dict(zip(found.table["bundle"], found.table["status"], strict=True))
    assert statuses["stock_board+joint_forecast+escalation_ladder"] == "infeasible"


def test_without_limits_the_dearest_one_wins():
    best = told().best
    assert best is not None and best["bundle"] == "stock_board+joint_forecast+escalation_ladder"


def test_minimise_and_its_other_figure():
    found = told(maximise=None, minimise="total_cost_yuan", delta="1万")
    assert found.best is not None and found.best["bundle"] == "joint_forecast" and found.best["other"] == "nps"


def test_no_department_worse_keeps_the_win_win_rule():
    free, held = told(), told(no_department_worse=True)
    assert free.best is not None and held.best is not None
    assert "escalation_ladder" in free.best["bundle"]  # costs sales 40 leads, margin 30
    assert free.best["worst_metric"] in ("leads", "total_cost_yuan")
    assert held.best["bundle"] == "stock_board+joint_forecast"
    assert [one.metric for one in held.limits] == [metric for metrics in KPIS.values() for metric in metrics]
    for one in held.limits:
        margin = article().study.margins[one.metric]
        assert one.relative and one.tolerance == 0 and one.value == (-margin if one.sign == ">=" else margin)


def test_a_figure_of_a_department_without_a_margin_is_asked_for():
    margins = {"nps": 1.0}
    check = Checker("x")
    scenario = article().changed({"study.margins": margins})
    assert question(check, scenario, Asked(maximise="nps", mechanisms=NAMES, no_department_worse=True), 10) is None
    assert len(check.problems) == sum(len(metrics) for metrics in KPIS.values()) - 1


def test_undefined_limits_are_no_permission():
    def silent(cell, replication, rng):
        return model(cell, replication, rng) | {"won_back": np.nan}

    found = told("won_back>=1", runner=FakeRunner(silent), most="12")
    assert found.best is None and not found.table["guaranteed"].any()
    assert "没有保证" in found.answer("zh") and "no best one" in found.answer("en")
    assert set(found.table["limit_won_back_verdict"]) == {"open"}


def test_nothing_keeps_the_limits():
    found = told("nps>=99")
    assert found.best is None and "放宽限制" in found.answer("zh") and set(found.table["status"]) == {"infeasible"}
    with style():
        found.charts["pareto"]("zh")
        found.charts["race"]("en")


def test_an_undefined_objective_is_refused():
    def silent(cell, replication, rng):
        return model(cell, replication, rng) | {"nps": np.nan if replication == 3 else 1.0}

    with pytest.raises(StudyFailed) as failed:
        told(runner=FakeRunner(silent))
    assert "第 3 次重复" in failed.value.text("zh") and "--weeks" in failed.value.text("en")


def test_capped_means_not_guaranteed():
    found = told(most="10", delta="0.01")
    assert not found.selection.guaranteed and found.selection.why == "capped"
    assert "目前" in found.answer("zh") and "so far" in found.answer("en") and "--most" in found.answer("en")


def test_how_many_runs_are_made_at_once_changes_nothing():
    one, many = (told("total_cost_yuan<=33万", delta="0.2", at_once=n) for n in (1, 50))
    assert one.json() == many.json() and one.answer() == many.answer() and one.about == many.about


def test_numbers_of_the_table_are_those_of_the_runs():
    runner = FakeRunner(model)
    found = told("total_cost_yuan<=baseline+20000", runner=runner)
    for i, one in enumerate(found.question.candidates):
        row, n = found.row(i), int(found.selection.used[i])
        assert (row["mean"], row["low"], row["high"]) == interval(runner.values(one.cell, "nps", n))
        cost = [runner.values(cell, "total_cost_yuan", n) for cell in (Cell(), one.cell)]
        ends = ("mean", "low", "high")
        assert tuple(row[f"limit_total_cost_yuan_{end}"] for end in ends) == interval(differences(*cost))


def test_a_smaller_bundle_that_is_as_good_is_named():
    def even(cell, replication, rng):
        return model(cell, replication, rng) | {
            "nps": 70 + rng.normal() + 5 * bool(cell.mechanisms) + len(cell.mechanisms) / 10
        }

    found = told(runner=FakeRunner(even))
    assert found.best is not None and found.best["size"] == 3
    assert "可以代替" in found.answer("zh") and "with fewer mechanisms" in found.answer("en")


def test_two_equal_bundles_the_smaller_one_is_taken():
    def even(cell, replication, rng):
        return model(cell, replication, rng) | {"nps": 70 + rng.normal() + 5 * bool(cell.mechanisms)}

    found = told(runner=FakeRunner(even))
    assert found.best is not None and found.best["size"] == 1 and found.selection.guaranteed


def test_limits_in_words():
    one = Limit("total_cost_yuan", "<=", 600_000.0, False)
    assert limit_words(one, "zh") == "总成本 ≤ 60 万元" and limit_words(one, "en") == "total cost ≤ 600,000 yuan"
    assert limit_words(Limit("shortage_rate", "<=", 0.0, True), "zh") == "缺件率 ≤ 基准"
    assert limit_words(Limit("shortage_rate", "<=", -0.02, True), "zh") == "缺件率较基准 ≤ −2 个百分点"


def run(*options: str, out: Path, words: tuple[str, ...] = ("--maximise", "nps")):
    return CliRunner().invoke(main, ["best", str(ARTICLE), "--out", str(out), *words, *options])


def test_command_refuses_nonsense_before_anything_runs(tmp_path):
    result = run("--subject-to", "costs<=1", "--most", "x", out=tmp_path / "o", words=())
    assert result.exit_code == 2 and result.stdout == ""
    for option in ("--maximise", "--subject-to", "--most", "--bundles"):
        assert option in result.stderr
    assert not (tmp_path / "o").exists()


def test_command_writes_json_and_the_same_question_gives_the_same_bytes(tmp_path, monkeypatch):
    import contextlib

    from sim.commands import studying

    @contextlib.contextmanager
    def fake(self):
        yield FakeRunner(model, self.seed, self.scenario, self.weeks)

    monkeypatch.setattr(studying.Asked, "runner", fake)
    limits = ("--subject-to", "total_cost_yuan≤33万", "--mechanisms", NAMES)
    result = run(*limits, "--json", "--lang", "en", out=tmp_path / "o")
    assert result.exit_code == 0, result.stderr
    rows = json.loads(result.stdout)
    assert len(rows) == 8 and all(row["guaranteed"] is True for row in rows)
    assert "Guarantee" in result.stderr and (tmp_path / "o" / "best.md").exists()
    (tmp_path / "b").mkdir()
    told("total_cost_yuan<=33万", runner=FakeRunner(model, 1, load(ARTICLE))).save(tmp_path / "b")
    files = sorted(path.relative_to(tmp_path / "b") for path in (tmp_path / "b").rglob("*") if path.is_file())
    assert {path.name for path in files} >= {"best.csv", "best.xlsx", "best_pareto_zh.png", "best_race_en.svg"}
    for file in files:
        assert (tmp_path / "o" / file).read_bytes() == (tmp_path / "b" / file).read_bytes(), file
