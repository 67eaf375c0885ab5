"""The scoreboard: nobody may pay for the others' gain unseen, and an open question is not a win-win."""

import csv
import math
import tomllib
from pathlib import Path

import pandas as pd
import pytest

from sim import scoreboard, words_scoreboard
from sim.comparison import Comparison, compare
from sim.experiment import COLUMNS, Runs
from sim.metrics import METRICS
from sim.scoreboard import KPIS, WinWin, win_win
from tests.unit import fake_study

ARTICLE = Path(__file__).parents[2] / "scenarios" / "article.toml"
BASE = {
    "nps": 70.0, "parts_turnover": 9.0, "dead_stock_share": 0.15, "test_drive_conversion": 0.12, "leads": 4000.0,
    "deals": 480.0, "total_cost_yuan": 350_000.0, "present_value_yuan": 4e6, "support_answer_hours": 1.0,
    "support_solved_share": 0.8,
}  # fmt: skip
MARGINS = {
    "nps": 1.0, "parts_turnover": 0.3, "dead_stock_share": 0.01, "test_drive_conversion": 0.005, "leads": 30.0,
    "deals": 5.0, "total_cost_yuan": 10_000.0, "present_value_yuan": 20_000.0, "support_answer_hours": 0.1,
    "support_solved_share": 0.01,
}  # fmt: skip
WAVE = (-1.0, 1.0, -0.5, 0.5)
"""Noise of four replications with mean 0; its standard error is 0.456."""


def study(changes: dict[str, tuple[float, float]], margins: dict[str, float] | None = None) -> Comparison:
    """A study in which some figures differ by (difference, noise) and the others not at all."""
    rows = []
    for name, value in BASE.items():
        difference, noise = changes.get(name, (0.0, 0.0))
        for number, wave in enumerate(WAVE):
            rows.append(("ad_hoc", number, "all", name, value))
            rows.append(("systematic", number, "all", name, value + difference + noise * wave))
    setup = fake_study.setup(replications=4, margins=MARGINS if margins is None else margins)
    return compare(Runs(pd.DataFrame(rows, columns=list(COLUMNS)), setup), "ad_hoc", ["systematic"])


def told(changes: dict[str, tuple[float, float]], margins: dict[str, float] | None = None) -> WinWin:
    return win_win(scoreboard.scoreboard(study(changes, margins)))


def test_every_departments_figures_are_metrics_with_a_direction_and_a_margin():
    written = tomllib.loads(ARTICLE.read_text(encoding="utf-8"))["study"]["margins"]
    assert set(KPIS) == {"service", "parts", "sales", "finance", "support"}
    for metrics in KPIS.values():
        for name in metrics:
            assert METRICS[name].better in ("higher", "lower") and written[name] > 0, name


def test_one_better_and_nobody_worse_is_a_win_win():
    found = told({"nps": (5.0, 0.1)})
    assert found.verdict is True and found.why == "all_gain"
    assert [row["department"] for row in found.rows] == ["service"]


def test_one_department_worse_breaks_it_and_is_named():
    changes = {"nps": (15.0, 0.1), "test_drive_conversion": (-0.03, 0.001)}
    found = told(changes)
    assert found.verdict is False and found.why == "harm"
    assert [(row["department"], row["metric"]) for row in found.rows] == [("sales", "test_drive_conversion")]
    zh, en = (scoreboard.sentences(study(changes), lang)[0] for lang in ("zh", "en"))
    assert zh.startswith("不是双赢：销售部的试驾转化率（−3.0 个百分点") and zh.endswith("变差")
    assert en.startswith("Not a win-win: worse is test-drive conversion of sales")


def test_lower_is_better_is_read_the_right_way_round():
    dearer = told({"nps": (5.0, 0.1), "total_cost_yuan": (50_000.0, 1000.0)})
    cheaper = told({"total_cost_yuan": (-50_000.0, 1000.0)})
    assert dearer.verdict is False and dearer.rows[0]["department"] == "finance"
    assert cheaper.verdict is True and cheaper.rows[0]["metric"] == "total_cost_yuan"


def test_not_yet_known_is_no_win_win():
    changes = {"nps": (5.0, 0.1), "deals": (0.0, 20.0)}
    found = told(changes)
    assert found.verdict is None and found.why == "open"
    assert [row["metric"] for row in found.rows] == ["deals"]
    assert "尚不确定" in scoreboard.sentences(study(changes), "zh")[0]
    assert "销售部的成交台数" in scoreboard.sentences(study(changes), "zh")[0]


def test_worse_comes_before_not_yet_known():
    found = told({"nps": (-5.0, 0.1), "deals": (0.0, 20.0)})
    assert found.verdict is False and [row["metric"] for row in found.rows] == ["nps"]


def test_the_margin_decides():
    changes = {"nps": (5.0, 0.1), "leads": (-20.0, 2.0)}
    assert told(changes).verdict is True
    assert told(changes, MARGINS | {"leads": 15.0}).verdict is False
    wide = {"nps": (5.0, 0.1), "deals": (0.0, 20.0)}
    assert told(wide, MARGINS | {"deals": 30.0}).verdict is True
    no_margin = {name: margin for name, margin in MARGINS.items() if name != "leads"}
    assert told(changes, no_margin).verdict is False


def test_no_worse_is_the_one_sided_bound():
    # noise 10: standard error 4.564, t(3) one-sided 2.353: the lower bound is 8 − 10.74 = −2.74
    changes = {"nps": (5.0, 0.1), "deals": (8.0, 10.0)}
    row = next(r for r in scoreboard.scoreboard(study(changes)) if r["metric"] == "deals")
    assert row["verdict"] == "not_yet_known" and row["no_worse"] and not row["harms"]
    assert scoreboard.verdict_word(row, "zh") == "不会变差"
    assert told(changes).verdict is True
    assert told(changes, MARGINS | {"deals": 2.7}).verdict is None
    assert told(changes, MARGINS | {"deals": 2.8}).verdict is True


def test_a_policy_that_moves_nothing_is_no_win_win():
    found = told({})
    assert found.verdict is False and found.why == "nothing" and found.rows == ()


def test_a_figure_without_data_stays_open_a_department_that_is_not_there_is_left_out():
    base = study({"nps": (5.0, 0.1)})
    for gone, metrics in ((False, ("test_drive_conversion",)), (True, KPIS["sales"])):
        details = base.details.copy()
        values = details.columns.difference(["window", "metric", "unit", "baseline", "policy", "better", "verdict"])
        details[values] = details[values].astype(float)
        details.loc[details["metric"].isin(metrics), values] = math.nan
        details.loc[details["metric"].isin(metrics), "verdict"] = "not_yet_known"
        rows = scoreboard.scoreboard(Comparison(base.table, details, base.setup))
        assert any(row["department"] == "sales" for row in rows) is not gone
        assert win_win(rows).verdict is (True if gone else None)
    assert win_win([]).verdict is None


def test_one_replication_decides_nothing():
    comparison = compare(fake_study.runs(replications=1), "ad_hoc", ["systematic"])
    assert win_win(scoreboard.scoreboard(comparison)).verdict is None


def test_policies_are_not_mixed():
    policies = ("ad_hoc", "systematic", "board_only")
    comparison = compare(fake_study.runs(policies), "ad_hoc", policies)
    with pytest.raises(ValueError, match="board_only"):
        win_win(scoreboard.scoreboard(comparison))
    assert [line.split("：")[0] for line in scoreboard.sentences(comparison, "zh")] == ["系统机制", "只上库存看板"]


def test_the_file_holds_every_row(tmp_path):
    comparison = study({"nps": (5.0, 0.1), "deals": (-20.0, 1.0)})
    scoreboard.save(comparison, tmp_path)
    with (tmp_path / "scoreboard.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == scoreboard.COLUMNS and len(rows) == len(BASE)
    deals = next(row for row in rows if row["metric"] == "deals")
    assert (deals["department"], deals["verdict"], deals["harms"]) == ("sales", "worse", "True")
    assert float(deals["after"]) - float(deals["before"]) == pytest.approx(-20) == float(deals["difference"])


def test_words_are_there_in_both_languages_with_the_same_blanks():
    import string

    for pairs in (words_scoreboard.TEXTS,):
        for key, pair in pairs.items():
            blanks = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in pair]
            assert blanks[0] == blanks[1], key
            assert not any("\u4e00" <= c <= "\u9fff" for c in pair[1]), key


def test_no_worse_is_the_rows_own_test_whatever_else_is_compared():
    """Intersection-union: all have to pass, so none is adjusted, and more comparisons change nothing."""
    runs = fake_study.runs()
    few, many = (compare(runs, "ad_hoc", ["systematic"], family) for family in (["nps"], list(fake_study.MEANS)))
    assert few.row("nps")["difference_low"] > many.row("nps")["difference_low"]
    for one, other in zip(scoreboard.scoreboard(few), scoreboard.scoreboard(many), strict=True):
        for key in ("metric", "low", "high", "no_worse"):
            assert one[key] == other[key]
    row = next(row for row in scoreboard.scoreboard(many) if row["metric"] == "nps")
    assert (row["low"], row["high"]) == (many.row("nps")["alone_low"], many.row("nps")["alone_high"])
