"""One customer's story: read from the log, told in both languages; and the pinned customer who comes in any seed."""

import csv
import json
import math
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from sim.centre import Centre
from sim.cli import main
from sim.log import Log
from sim.stories import find, percentile, tell
from sim.words_story import EVENTS, finding, moment_text, summary, when
from tests.small import ARTICLE, article, with_policy

PINNED = {
    "name": "bumper", "week": 0, "weekday": 1, "hour": 10.0, "notice_days": 4.0, "job": "body", "work_hours": 10.0,
    "parts": [{"rank": 12, "sold_out_hours_before": 16.0}], "drivable": False, "need_days": 4.0,
}  # fmt: skip
CHANGES = {"arrivals.pinned": [PINNED]}


def made_up() -> Log:
    log = Log(facts={"cases": {"bumper": 7}})
    for time, event, item, number, note in [
        (1.0, "booked", "body", 34.0, ""),
        (34.0, "dropped_off", "body", 90.0, "2"),
        (34.0, "line_due", "body-0011", 0.0, "known"),
        (82.0, "line_arrived", "body-0011", 48.0, ""),
        (83.0, "bay_taken", "body", 1.0, ""),
        (95.0, "bay_left", "body", 12.0, ""),
        (96.0, "handed_over", "body", 0.0, "parts"),
        (96.0, "money", "freight", 60.0, "cash"),
        (96.0, "experience", "body", -0.6, ""),
        (100.0, "goodwill", "", 800.0, ""),
    ]:
        log.write(time, event, 7, item, number, note)
    log.write(50.0, "booked", 8, "body", 60.0, "")
    return log


def test_a_story_holds_what_happened_to_that_customer_and_nobody_else() -> None:
    told = tell(made_up(), "ad_hoc", 7)
    assert told.handed_over_day == pytest.approx(62 / 24)
    assert told.promised_day == pytest.approx(56 / 24)
    assert (told.score, told.goodwill_yuan, told.cost_yuan) == (0.0, 800.0, 60.0)
    assert {row[2] for row in told.rows} == {7}
    spans = {what: (round(start * 24), round(end * 24)) for what, start, end in told.spans}
    assert spans == {"parts": (0, 48), "bay": (49, 61)}


def test_it_is_told_in_words_that_count_days_as_people_do() -> None:
    told = tell(made_up(), "ad_hoc", 7)
    assert summary(told, "甲", "zh") == "甲：答应第 3 天，第 4 天提车，0 分，补偿 800 元，额外花费共 60 元"
    assert when(told.moments[0], "zh").startswith("到店前 1 天")
    title = finding([told], {"ad_hoc": {"zh": "甲", "en": "A"}}, "en")
    assert "day 4" in title
    for moment in told.moments:
        for lang in ("zh", "en"):
            assert "{" not in moment_text(moment, told, lang)


def test_a_customer_nobody_has_seen_is_an_error() -> None:
    with pytest.raises(KeyError):
        find(made_up(), 99, None)
    with pytest.raises(KeyError):
        find(made_up(), None, "nobody")
    assert find(made_up(), None, "bumper") == 7


def test_a_percentile_is_a_mid_rank() -> None:
    values = np.array([1.0, 2.0, 2.0, 3.0, math.nan])
    assert percentile(values, 2.0) == 0.5
    assert percentile(values, 0.0) == 0.0
    assert math.isnan(percentile(np.array([]), 1.0))


# -- the pinned customer ------------------------------------------------------------------------------------------


def visits(policy: str, seed: int, pinned: bool) -> list[tuple[object, ...]]:
    centre = Centre(with_policy(["stock_board"], CHANGES if pinned else {"arrivals.pinned": []}), policy, seed, 0)
    return [
        (v.case or v.number, v.called_at, v.job, v.work_hours, v.drivable, v.need_hours, tuple(p.sku for p in v.lines))
        for v in centre.visits
    ]


@pytest.mark.parametrize("seed", [1, 2, 77])
def test_he_comes_in_any_seed_and_changes_nobody_elses_draws(seed: int) -> None:
    with_him, without = visits("ad_hoc", seed, True), visits("ad_hoc", seed, False)
    him = [v for v in with_him if v[0] == "bumper"]
    assert len(him) == 1
    assert [v for v in with_him if v[0] != "bumper"] == without
    assert him == [v for v in visits("tested", seed, True) if v[0] == "bumper"]
    assert him[0][1:] == next(v for v in visits("ad_hoc", seed + 1, True) if v[0] == "bumper")[1:]


def test_the_board_alone_promises_later_and_brings_no_earlier_car() -> None:
    told = {}
    for policy in ("ad_hoc", "tested"):
        centre = Centre(with_policy(["stock_board"], CHANGES | {"study.run_on_weeks": 3}), policy, 5, 0)
        centre.run()
        told[policy] = tell(centre.log, policy, find(centre.log, None, "bumper"))
    assert told["tested"].promised_day > told["ad_hoc"].promised_day
    short = [m for m in told["ad_hoc"].moments if m.event == "line_due"]
    assert short, "the part he needs is not there, by pinned fact"


# -- the command ----------------------------------------------------------------------------------------------------


@pytest.fixture
def small(tmp_path: Path) -> Path:
    text = ARTICLE.read_text(encoding="utf-8").replace("week = 6", "week = 0")
    for old, new in (("warmup_weeks = 13", "warmup_weeks = 1"), ("weeks = 26", "weeks = 3")):
        text = text.replace(old, new)
    path = tmp_path / "small.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_command_writes_pictures_a_page_and_the_log_lines(small: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    asked = ["story", str(small), "--like", "bumper", "--out", str(out), "--json", "--seeds", "2", "--workers", "1"]
    result = CliRunner().invoke(main, asked)
    assert result.exit_code == 0, result.output
    rows = json.loads(result.stdout)
    assert {row["policy"] for row in rows} == {"ad_hoc", "systematic"}
    assert {row["event"] for row in rows} <= set(EVENTS)
    for name in ("story.md", "log_lines.csv", "charts/story_zh.png", "charts/story_en.svg", "provenance.json"):
        assert (out / name).stat().st_size > 100
    with (out / "log_lines.csv").open(encoding="utf-8-sig") as file:
        assert len(list(csv.DictReader(file))) > 10


def test_nonsense_is_refused_all_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    asked = ["story", str(ARTICLE), "--like", "nobody", "--policies", "systemtic", "--seed", "-1", "--lang", "en"]
    result = CliRunner().invoke(main, [*asked, "--out", str(tmp_path / "file")])
    assert result.exit_code == 2
    for word in ("nobody", "systemtic", "-1", "--out"):
        assert word in result.output
    assert CliRunner().invoke(main, ["story", str(ARTICLE)]).exit_code == 2


def test_who_did_not_come_is_refused_in_words(small: Path) -> None:
    asked = ["story", str(small), "--policies", "ad_hoc,systematic", "--lang", "en"]
    result = CliRunner().invoke(main, [*asked, "--customer", "999999"])
    assert result.exit_code == 2 and "--customer" in result.output and "no such customer" in result.output
    small.write_text(small.read_text(encoding="utf-8").replace("week = 0", "week = 300"), encoding="utf-8")
    result = CliRunner().invoke(main, [*asked, "--like", "bumper"])
    assert result.exit_code == 2 and "--like" in result.output and "earlier week" in result.output


def test_a_wrong_number_is_named_by_its_own_option() -> None:
    result = CliRunner().invoke(main, ["story", str(ARTICLE), "--customer", "x", "--seeds", "y", "--lang", "en"])
    assert result.exit_code == 2
    assert "--customer: " in result.output and "--seeds: " in result.output


def test_the_article_has_its_bumper() -> None:
    assert [case.name for case in article().model.arrivals.pinned] == ["bumper"]
