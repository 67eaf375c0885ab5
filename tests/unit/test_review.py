"""A pilot's own figures: read cell by cell, judged by the plan's rule."""

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from sim.cli import main
from sim.runner import Runner
from sim.studies.observed import Reading
from sim.studies.pilot_counts import Observed
from sim.studies.pilot_rule import looks
from sim.studies.planning import plan
from sim.studies.reviewing import PilotReview, lacking, review
from tests.unit.pilot_model import PilotRunner, steady

GOOD = """month,metric,value,count
-2,shortage_rate,0.16,3000
-1,shortage_rate,0.14,3000
0,shortage_rate,0.15,3000
1,shortage_rate,0.12,2000
2,shortage_rate,0.06,4000
"""


def read(
    path: Path, text: str, encoding: str = "utf-8", weeks: int = 26, before: int = 13
) -> tuple[Observed, list[str]]:
    path.write_bytes(text.encode(encoding))
    reading = Reading(path, weeks, 4, before)
    found = reading.read()
    return found, [problem.text("en") for problem in reading.problems]


def judged(found: Observed, **changes: object) -> PilotReview:
    return review(PilotRunner(steady(effect=-0.05)), "systematic", found, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize(
    "head", ["month,metric,value,count", "月份,指标,数值,笔数", "Month, Metric ,VALUE,denominator"]
)
def test_heads_and_encodings(encoding: str, head: str, tmp_path: Path) -> None:
    text = GOOD.replace("month,metric,value,count", head).replace("shortage_rate", "缺件率")
    found, wrong = read(tmp_path / "pilot.csv", text, encoding)
    assert not wrong and found.metrics == ("shortage_rate",)
    assert found.to_date("shortage_rate", "pilot", (4, 8)) == [(0.12, 2000.0), (pytest.approx(0.08), 6000.0)]
    assert found.to_date("shortage_rate", "before", (4, 8, 13))[-1] == (pytest.approx(0.15), 9000.0)


def test_percent_signs_are_understood(tmp_path: Path) -> None:
    found, wrong = read(tmp_path / "p.csv", '月份,指标,数值,笔数\n1,缺件率,12％,500\n−0,缺件率,15.5%,"1,200"\n')
    assert not wrong
    assert found.cells["shortage_rate", "pilot"][1].value == pytest.approx(0.12)
    assert found.cells["shortage_rate", "before"][0].count == 1200


def test_everything_wrong_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    text = (
        "month,metric,value,count,group\n-1,shortage_rate,15,3000,\n0,nps,0.45,100,\n1,shortage_rat,0.12,2900,\n"
        "2,shortage_rate,0.11,,\n9,shortage_rate,.1,5,\n1,trust_service_parts,.5,5,\nxx,deals,3,,\n3,shortage_rate,,7\n"
        "2,deals,-1,1.5\n1,deals,3,,control x\n-9,deals,3,,\n1,nps,50,100,before\n"
    )
    _, wrong = read(tmp_path / "p.csv", text)
    expected = [
        (2, "did you mean 0.15 (15%)"), (3, "did you mean 45"), (4, "did you mean shortage_rate"), (5, "no count"),
        (6, "beyond the plan"), (7, "cannot count"), (8, "whole number"), (9, "count without a value"),
        (10, "cannot be negative"), (10, "whole number above 0"), (11, "before, pilot or control"),
        (12, "and later count"), (13, "group and month differ"),
    ]  # fmt: skip
    assert len(wrong) == len(expected)
    for (line, said), one in zip(expected, wrong, strict=True):
        assert f"p.csv:{line}:" in one and said in one, one


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no column month"),
        ("month;metric;value\n1;nps;3\n", "no column"),
        ("month,metric\n1,nps\n", "no column value"),
        ("month,metric,value,count\n", "not a single row"),
        ("month,metric,value,count\n1,nps,50,100\n1,nps,51,100\n", "already is line 2"),
        ("month,metric,value,count\n1,nps,50,100\n3,nps,51,100\n", "lacks 2"),
        ('month,metric,value,count\n1,nps,"50,100\n', "quote"),
        ("month,metric,value,value\n1,nps,3,3\n", "2 columns value"),
        ("month,metric,value,count\n1,deals,3%,\n", "must be a number"),
        ("month,metric,value,count\n1,nps,500,100\n", "from -100 to 100"),
    ],
)
def test_files_that_cannot_be(text: str, said: str, tmp_path: Path) -> None:
    assert any(said in one for one in read(tmp_path / "p.csv", text)[1])


def test_a_workbook_is_no_csv(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_bytes(b"PK\x03\x04 and so on")
    reading = Reading(tmp_path / "p.csv", 26, 4, 13)
    reading.read()
    assert "CSV UTF-8" in reading.problems[0].en
    missing = Reading(tmp_path / "q.csv", 26, 4, 13)
    missing.read()
    assert "no such file" in missing.problems[0].en


def test_weeks_instead_of_months(tmp_path: Path) -> None:
    rows = [f"{week},deals,{10 + (week > 0)}," for week in range(-7, 10)]
    found, wrong = read(tmp_path / "p.csv", "\n".join(["周,指标,数值,笔数", *rows]))
    assert not wrong and found.weekly
    assert found.to_date("deals", "pilot", looks(26, 4)) == [(11.0, pytest.approx(np.nan, nan_ok=True))] * 2
    assert lacking(found, ("deals",), 26, 4, "before", 13) == []


def test_what_is_lacking_for_a_verdict(tmp_path: Path) -> None:
    found, wrong = read(tmp_path / "p.csv", "month,metric,value,count\n1,nps,50,100\n")
    assert not wrong
    assert "--control none" in lacking(found, ("nps",), 26, 4, "before", 13)[0][2]
    assert "group control" in lacking(found, ("nps",), 26, 4, "parallel", 13)[0][2]
    assert lacking(found, ("nps",), 26, 4, "none", 13) == []


def test_the_verdict_is_that_of_the_plans_rule(tmp_path: Path) -> None:
    found, _ = read(tmp_path / "p.csv", GOOD)
    result = judged(found)
    one = plan(PilotRunner(steady(effect=-0.05)), "systematic", "shortage_rate", weeks=(26, 26), centres=(1, 1))  # type: ignore[arg-type]
    assert result.designs["shortage_rate"].limits == pytest.approx(one.chosen.limits)
    rows = result.table
    assert list(rows["weeks"]) == [4, 8]
    assert rows["difference"].tolist() == pytest.approx([-0.03, -0.07])
    for look, row in enumerate(rows.to_dict("records")):
        assert row["decision"] == one.chosen.decide(look, row["difference"])
        assert (abs(row["z"]) >= row["z_limit"]) == (row["decision"] in ("works", "harms"))
    assert rows["decision"].tolist() == ["go_on", "works"]
    assert "Stop" in result.answer("en") and "可以停" in result.answer("zh")
    form = one.form[one.form["success_change"].notna()]
    assert rows["success_change"].tolist() == pytest.approx(form["success_change"].tolist()[:2])


@pytest.mark.parametrize(
    ("value", "decision", "zh"),
    [(0.06, "works", "有效"), (0.28, "harms", "变差"), (0.155, "hopeless", "希望不大"), (0.118, "go_on", "继续做")],
)
def test_every_verdict_has_its_sentence(value: float, decision: str, zh: str, tmp_path: Path) -> None:
    text = GOOD[: GOOD.index("1,short", 60)] + f"1,shortage_rate,{value},3000\n2,shortage_rate,{value},3000\n"
    found, wrong = read(tmp_path / "p.csv", text)
    assert not wrong
    result = judged(found)
    assert result.latest[0]["decision"] == decision and zh in result.answer("zh")
    assert "{" not in result.answer("en") + result.answer("zh")


def test_a_decision_is_not_taken_back_and_the_end_may_leave_it_open(tmp_path: Path) -> None:
    text = GOOD + "3,shortage_rate,0.30,9000\n"
    found, _ = read(tmp_path / "p.csv", text)
    result = judged(found)
    assert result.latest[0]["look"] == 2 and "decided at look 2" in result.answer("en")
    found, _ = read(tmp_path / "q.csv", GOOD.replace("0.06", "0.135").replace("0.12,", "0.135,"), weeks=8, before=8)
    short = judged(found, weeks=8, before_weeks=8)
    assert short.latest[0]["decision"] == "not_yet_known" and "尚不确定" in short.answer("zh")


def test_without_control_it_is_the_model_that_is_compared(tmp_path: Path) -> None:
    found, _ = read(tmp_path / "p.csv", "month,metric,value,count\n1,shortage_rate,0.05,3000\n", before=0)
    result = judged(found, control="none")
    row = result.latest[0]
    assert row["compared_with"] == row["ad_hoc"] and "model" in result.answer("en")


def test_too_few_cases_are_told(tmp_path: Path) -> None:
    found, _ = read(tmp_path / "p.csv", GOOD.replace("3000", "30").replace("2000", "20").replace("4000", "40"))
    assert "few cases" in judged(found).answer("en")


def test_the_plans_own_form_can_be_filled_in(tmp_path: Path) -> None:
    runner = PilotRunner(steady(effect=-0.05))
    made = plan(runner, "systematic", "shortage_rate", weeks=(13, 13), centres=(1, 1))  # type: ignore[arg-type]
    made.save(tmp_path)
    path = tmp_path / "plan_measure.csv"
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert ",按笔数加权 / weighted by count,,," in lines[1]
    filled = [line.replace("weighted by count,,,", "weighted by count,14.5%,3000,") for line in lines[:-2]]
    found, wrong = read(path, "\n".join([*filled, *lines[-2:]]), weeks=13)
    assert not wrong
    assert found.periods("shortage_rate", "pilot") == (1,)
    assert found.periods("shortage_rate", "before") == (0, -1, -2)


def test_review_is_drawn_written_and_the_same_twice(tmp_path: Path) -> None:
    text = GOOD + "1,nps,60,100\n0,nps,50,100\n"
    found, wrong = read(tmp_path / "p.csv", text)
    assert not wrong
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
        judged(found, metrics=("shortage_rate",)).save(folder)
    for path in folders[0].rglob("*.*"):
        assert path.read_bytes() == (folders[1] / path.relative_to(folders[0])).read_bytes(), path


def test_the_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fake = PilotRunner(steady(effect=-0.05))
    monkeypatch.setattr(Runner, "at", lambda self, weeks: fake.at(weeks))
    (tmp_path / "p.csv").write_text(GOOD, encoding="utf-8")
    asked = ["review", "scenarios/article.toml", "--observed", str(tmp_path / "p.csv"), "--out", str(tmp_path / "out")]
    found = CliRunner().invoke(main, [*asked, "--json"])
    assert found.exit_code == 0, found.output
    assert [row["decision"] for row in json.loads(found.stdout)] == ["go_on", "works"]
    wrong = CliRunner().invoke(main, [*asked, "--metric", "nps", "--lang", "en"])
    assert wrong.exit_code == 2 and "not in the file" in wrong.output
    (tmp_path / "p.csv").write_text("month,metric,value,count\n1,nps,50,100\n", encoding="utf-8")
    lacks = CliRunner().invoke(main, [*asked, "--lang", "en"])
    assert lacks.exit_code == 2 and "--control none" in lacks.output
