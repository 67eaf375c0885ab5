"""A warm-up study says a number of weeks only where the series carries one, and what counting later would change."""

import json
import math
from collections.abc import Iterator
from pathlib import Path as File
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from sim.centre import replicate
from sim.cli import main
from sim.daily import DAYS_PER_WEEK, OPEN_HOURS, TRUST, Series, daily_series
from sim.engine.executors import Here
from sim.failures import Failure
from sim.replication import ReplicationFailed
from sim.studies import daily_runs as running
from sim.studies import warming
from sim.studies.warming import FEWEST_WEEKS, Path, WarmUp, judged, moved_by, paths_of, runs_of, warm_up
from sim.weekly import weekly_series
from tests.small import ARTICLE, article

WEEKS = 52


def made_up(seed: int, start: float = 3.0, memory: float = 14.0, trust: float = 0.4, holiday: int = 30) -> Series:
    """A replication: days in shop with a start to forget, a weekday pattern, closed Sundays, one holiday."""
    rng, day = np.random.default_rng(seed), np.arange(WEEKS * DAYS_PER_WEEK)
    open_ = (day % 7 != 6).astype(float)
    open_[holiday * 7 : holiday * 7 + 5] = 0.0
    base = 30 * open_
    level = 2 + start * np.exp(-day / memory) + 0.3 * np.cos(2 * np.pi * (day % 7) / 7)
    amounts = base * (level + rng.normal(0, 0.3, len(day)))
    weekly = trust + (0.5 - trust) * np.exp(-np.arange(WEEKS) / 3) + rng.normal(0, 0.005, WEEKS)
    return {
        "days_in_shop": (amounts.tolist(), base.tolist()), OPEN_HOURS: ((9 * open_).tolist(), [1.0] * len(day)),
        "nps": ([0.0] * len(day), [0.0] * len(day)), f"{TRUST}parts-service": (weekly.tolist(), [1.0] * WEEKS),
    }  # fmt: skip


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the made-up replications are like: arguments of made_up, and trust by replication."""
    told: dict[str, Any] = {"trust": lambda number: 0.4}

    def fake(wanted: list[Any], pool: Any, progress: Any) -> Iterator[Series]:
        others = {name: value for name, value in told.items() if name != "trust"}
        for number, one in enumerate(wanted):
            progress(number + 1, len(wanted))
            yield made_up(one.task.replication, trust=told["trust"](one.task.replication), **others)

    monkeypatch.setattr(warming, "daily_runs", fake)
    return told


def studied(policies: tuple[str, ...] = ()) -> WarmUp:
    return warm_up(article().changed({"study.warmup_weeks": 13}), 1, WEEKS, 10, Here(), policies)


def row_of(result: WarmUp, metric: str) -> dict[str, Any]:
    return next(row for row in result.rows(result.baseline) if row["metric"] == metric)


# -- daily series -------------------------------------------------------------------------------------------------


def test_seven_days_are_a_week_and_the_runs_begin_on_the_first_day() -> None:
    (one,) = runs_of(article(), "ad_hoc", 1, 3, 1)
    assert one.task.scenario.study.warmup_weeks == 0 and one.task.scenario.model.arrivals.pinned == ()
    log = replicate(one.task.scenario, "ad_hoc", 1, 0, 3)
    daily, weekly = daily_series(log, weeks_counted=3), weekly_series(log)
    assert set(weekly) == {name for name in daily if not name.startswith(TRUST)}
    for name, (amounts, bases) in weekly.items():
        by_week = [np.array(part).reshape(3, 7).sum(axis=1) for part in daily[name]]
        if name == "total_cost_yuan":  # a day's cost stands for a whole window of such days
            by_week[0], by_week[1] = by_week[0] / 7, by_week[1] / 7
        if name == OPEN_HOURS:
            by_week[1] = by_week[1] / 7
        assert by_week[0] == pytest.approx(amounts, rel=1e-9, abs=1e-6), name
        assert by_week[1] == pytest.approx(bases, rel=1e-9, abs=1e-6), name
    assert len(daily[f"{TRUST}parts-service"][0]) == 3 and daily[f"{TRUST}parts-service"][0][0] == 0.5


def test_the_ad_hoc_path_is_one_whether_the_policy_switch_comes_early_or_late() -> None:
    quiet = article().changed({"arrivals.pinned": [], "study.warmup_weeks": 0})
    early = replicate(quiet, "ad_hoc", 1, 0, 3)
    late = replicate(quiet.changed({"study.warmup_weeks": 2}), "ad_hoc", 1, 0, 1)
    ours = [[row for row in log.rows if row[1] != "trust" and row[0] < 3 * 168] for log in (early, late)]
    assert ours[0] == ours[1] and len(ours[0]) > 1000


def test_a_policy_is_followed_from_its_switch_on() -> None:
    (one,) = runs_of(article(), "systematic", 1, 2, 1)
    assert one.task.scenario.study.warmup_weeks == article().study.warmup_weeks
    log = replicate(one.task.scenario, "systematic", 1, 0, 2)
    weekly, daily = weekly_series(log), daily_series(log)
    since = round(log.facts["switch_at"] / 168)
    by_week = np.array(daily["days_in_shop"][1]).reshape(2, 7).sum(axis=1)
    assert by_week == pytest.approx(weekly["days_in_shop"][1][since:])


def test_a_failed_run_is_told_with_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "daily_one", lambda wanted: Failure("ValueError: no", ""))
    with pytest.raises(ReplicationFailed, match=r"sim run .* --policy ad_hoc --seed 1 --replication 0"):
        list(running.daily_runs(runs_of(article(), "ad_hoc", 1, 3, 2), Here(), lambda done, total: None))


# -- what is judged -----------------------------------------------------------------------------------------------


def test_a_start_is_forgotten_after_about_the_weeks_it_takes(runs: dict[str, Any]) -> None:
    result = studied()
    row = row_of(result, "days_in_shop")
    # 3 days off, memory of 14 days, pooled noise of 0.1: still 0.3 to 0.03 off after 32 to 64 days
    assert row["reliable"] and 32 <= row["point_days"] <= 64 and row["weeks"] == math.ceil(row["point_days"] / 7)
    assert row["verdict"] == "settled" and result.needed is not None and result.needed >= row["weeks"]
    assert "nps" not in set(result.table["metric"]), "nobody answered"
    assert "the scenario has 13: enough" in result.answer("en") and "够了" in result.answer("zh")


def test_weeks_of_unusual_length_are_left_out() -> None:
    path = paths_of([made_up(1), made_up(2)])["days_in_shop"]
    assert not path.usual[30 * 7 : 31 * 7].any() and path.usual[29 * 7] and not path.usual[6::7].any()


def test_a_series_that_goes_on_moving_gets_no_number(runs: dict[str, Any]) -> None:
    runs |= {"start": 6.0, "memory": 300.0}
    result = studied()
    row = row_of(result, "days_in_shop")
    assert not row["reliable"] and math.isnan(row["weeks"]) and math.isnan(row["point_days"])
    assert row["verdict"] == "too_short" and row["moved_high"] < -0.3 and result.needed is None
    answer = result.answer("en").splitlines()
    assert "the point of days in shop lies in the second half" in answer[0] and "--weeks 104" in answer[0]
    assert "days in shop −0." in answer[1] and "may move a mean by more than its margin" in answer[1]
    assert "–" in [body[2] for body in result.shown("zh")[1]]


def test_a_late_point_asks_for_a_longer_warm_up(runs: dict[str, Any]) -> None:
    runs |= {"start": 8.0}
    result = warm_up(article().changed({"study.warmup_weeks": 2}), 1, WEEKS, 10, Here())
    row = row_of(result, "days_in_shop")
    assert row["reliable"] and row["weeks"] > 2 and row["verdict"] == "late"
    assert f"set study.warmup_weeks to {result.needed}" in result.answer("en")


def test_what_counting_later_changes_has_a_jackknife_interval() -> None:
    rng = np.random.default_rng(4)
    amounts, bases = rng.uniform(0, 5, (6, 40)), rng.integers(1, 4, (6, 40)).astype(float)
    path = Path(amounts, bases, np.full(40, True))

    def change(rows: list[int]) -> float:
        early = amounts[rows, 10:].sum() / bases[rows, 10:].sum()
        return float(amounts[rows, 25:].sum() / bases[rows, 25:].sum() - early)

    without = [change([j for j in range(6) if j != i]) for i in range(6)]
    half = 2.5705818366147395 * math.sqrt(5 / 6 * sum((x - sum(without) / 6) ** 2 for x in without))  # t, 5 degrees
    whole = change(list(range(6)))
    assert moved_by(path, 10, 25) == pytest.approx((whole, whole - half, whole + half))
    assert moved_by(path, 25, 25) == (0, 0, 0) == moved_by(path, 25, 10)


def test_two_stable_states_of_trust_are_seen_and_one_is_not_made_two(runs: dict[str, Any]) -> None:
    assert not row_of(studied(), "trust_service_parts")["two_groups"]
    runs["trust"] = lambda number: 0.2 if number % 2 else 0.7
    result = studied()
    row = row_of(result, "trust_service_parts")
    assert row["two_groups"] and row["gap"] > 0.4 and row["gap_p"] < 0.01
    assert "ends in two groups" in result.answer("en") and "分成两群" in result.answer("zh")
    runs["trust"] = lambda number: 0.4 + 0.004 * (number % 2)
    assert not row_of(studied(), "trust_service_parts")["two_groups"], "a gap that matters to nobody"


def test_nothing_that_ever_happened_has_no_row() -> None:
    empty = Path(np.zeros((2, 70)), np.zeros((2, 70)), np.full(70, False))
    assert judged(article(), "nps", empty, True, 1) is None


# -- what is written ----------------------------------------------------------------------------------------------


def test_charts_of_every_policy_are_drawn(runs: dict[str, Any]) -> None:
    result = studied(("systematic",))
    assert list(result.charts) == ["welch", "trust", "welch_systematic", "trust_systematic"]
    for name in result.charts:
        for lang in ("zh", "en"):
            result.chart(name, lang).canvas.draw()


def test_the_command_writes_the_same_twice_and_json_alone(runs: dict[str, Any], tmp_path: File) -> None:
    found = [
        CliRunner().invoke(main, ["warmup", str(ARTICLE), "--json", "--out", str(tmp_path / name)]) for name in "ab"
    ]
    assert found[0].exit_code == 0, found[0].output
    rows = json.loads(found[0].stdout)
    assert [row["metric"] for row in rows] == ["days_in_shop", "trust_service_parts"]
    for path in (path for path in (tmp_path / "a").rglob("*") if path.is_file()):
        assert path.read_bytes() == (tmp_path / "b" / path.relative_to(tmp_path / "a")).read_bytes(), path
    table = pd.read_csv(tmp_path / "a" / "warmup.csv")
    assert {"point_days", "weeks", "reliable", "moved", "target", "verdict"} <= set(table.columns)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--weeks", str(FEWEST_WEEKS - 1)], f"needs {FEWEST_WEEKS} weeks"),
        (["--policy", "systemic"], "did you mean systematic"),
        (["--weeks", "many", "--replications", "1", "--policy", "x"], "3 problems"),
    ],
)
def test_nonsense_is_refused(words: list[str], said: str, tmp_path: File) -> None:
    found = CliRunner().invoke(main, ["warmup", str(ARTICLE), "--lang", "en", "--out", str(tmp_path / "r"), *words])
    assert found.exit_code == 2 and said in found.stderr and not (tmp_path / "r").exists()
