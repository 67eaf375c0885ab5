"""A sweep runs what was asked for and nothing that cannot be, and says of every cell only what its intervals carry."""

import contextlib
import io
import json
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from sim.cells import Cell
from sim.cli import main
from sim.commands import studying
from sim.comparison import compare
from sim.experiment import COLUMNS, Runs
from sim.options import Checker
from sim.problems import Problems
from sim.runner import Failed
from sim.statistics.rowwise import differences, estimates, pairing
from sim.studies import sweep as sweeping
from sim.studies.designs import points
from sim.studies.sweep import Sweep, sweep
from sim.studies.sweep_plan import Plan, cell_of, plan
from sim.studies.sweep_table import shape_of
from sim.studies.varying import Asked, Varied, varied
from tests.small import ARTICLE, article
from tests.unit.fake_runner import FakeRunner
from tests.unit.fake_study import setup

LIMIT, CLOCK = "mechanisms.escalation_ladder.limit_hours", "mechanisms.escalation_ladder.clock"
VISITS, BAYS = "arrivals.visits_per_day", "workshop.bays.mechanical"


def centre(cell: Cell, replication: int, rng: np.random.Generator) -> dict[str, float]:
    """Strong luck that all cells share; the ladder saves 4 days, less what its limit costs up to 48 hours."""
    luck, own = rng.normal(0, 2.0), np.random.default_rng([replication, len(cell.key)]).normal(0, 0.01)
    limit = cell.changes.get(LIMIT, 24.0)
    saved = 4.0 - 0.05 * min(limit, 48.0) if cell.mechanisms else 0.0
    return {"conflict_days_mean": 9 + luck + own - saved, "nps": 70 + luck, "deals": np.nan, "visits": 100.0}


def read(asked: Asked, sampled: bool = False) -> tuple[tuple[Varied, ...], list[tuple[str, str]]]:
    check = Checker("test")
    found = varied(check, article(), asked, sampled)
    check.done()
    return found


def planned(*asked: str, design: str = "grid", samples: int | None = None, policies: Any = ("systematic",)) -> Plan:
    return plan(article(), read(asked, design != "grid")[0], policies, design, samples)


def swept(*asked: str, metrics: Any = ("conflict_days_mean", "nps"), n: int = 10, **others: Any) -> Sweep:
    return sweep(FakeRunner(centre), planned(*asked, **others), n, metrics)  # type: ignore[arg-type]


def said(asked: Asked, sampled: bool = False) -> str:
    with pytest.raises(Problems) as found:
        read(asked, sampled)
    return str(found.value)


# -- what is asked ------------------------------------------------------------------------------------------------


def test_values_have_the_type_of_their_key() -> None:
    (limit, bays, clock, make_up), _ = read(
        [f"{LIMIT}=8,24", f"{BAYS}=12.0，13", f"{CLOCK}=wall,business", "calendars.office.make_up_days=true,false"]
    )
    assert [type(value) for one in (limit, bays) for value in one.values] == [float, float, int, int]
    assert clock.values == ("wall", "business") and make_up.values == (True, False)
    assert limit.numeric and not clock.numeric and not make_up.numeric


def test_a_range_of_a_whole_number_is_rounded_said_aloud_and_names_no_value_twice() -> None:
    (bays,), notes = read([f"{BAYS}=11:13:5"])
    assert bays.values == (11, 12, 13) and all(type(value) is int for value in bays.values)
    assert len(notes) == 1 and "11, 12, 13" in notes[0][1]
    (limit,), notes = read([f"{LIMIT}=8:24:3"])
    assert limit.values == (8.0, 16.0, 24.0) and notes == []


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("mechanisms.escalation_lader.limit_hours=8,24", "did you mean mechanisms.escalation_ladder.limit_hours"),
        ("limit_hours=8,24", "mechanisms.escalation_ladder.limit_hours"),
        ("workshop.bays.mechanicl=11,12", "did you mean workshop.bays.mechanical"),
        (f"{LIMIT}=-3,24", "must be ≥ 0 (written: -3.0)"),
        (f"{LIMIT}=24", "two different values"),
        (f"{LIMIT}=24,24", "two different values"),
        (f"{LIMIT}=24:8:3", "the lower one first"),
        (f"{LIMIT}=8:inf:3", "finite numbers"),
        (f"{LIMIT}=8:24", "lo:hi:n"),
        (f"{LIMIT}=8:24:1", "from 2 to"),
        (f"{LIMIT}=8:24:2.5", "from 2 to"),
        (f"{LIMIT}=soon,later", "must be a number"),
        (f"{BAYS}=12.5,13", "whole number"),
        (LIMIT, "KEY=a,b,c"),
        ("=8,24", "KEY=a,b,c"),
        (f"{LIMIT}=", "KEY=a,b,c"),
    ],
)
def test_nonsense_is_refused_in_words(asked: str, words: str) -> None:
    assert words in said([asked])


def test_everything_that_is_wrong_is_said_at_once() -> None:
    text = said([f"{LIMIT}=-1,-2", f"{VISITS}=-4,40", "nobody.knows=1,2", f"{BAYS}=3"])
    assert text.startswith("5 problems found") and "name one key" in said([])
    assert "varied twice" in said([f"{LIMIT}=1,2", f"{LIMIT}=3,4"])


def test_a_key_that_nothing_reads_is_refused_with_what_to_do_instead() -> None:
    for asked, words in (
        ("mechanisms.showroom_event.option=outdoors,as_usual", "policies that use it: event_early"),
        ("study.weeks=4,8", "use --weeks"),
        ("calibration.tolerance_share=0.1,0.2", "the sweep would be flat"),
    ):
        with pytest.raises(Problems, match="nobody reads this under ad_hoc, systematic") as found:
            planned(asked)
        assert words in str(found.value)


def test_a_value_that_a_policy_overrides_is_refused_and_its_own_key_works() -> None:
    with pytest.raises(Problems, match=r"vary policies\.event_outdoors\.settings\.showroom_event\.option"):
        planned("mechanisms.showroom_event.option=early,as_usual", policies=("event_outdoors",))
    own = "policies.event_outdoors.settings.showroom_event.option"
    found = planned(f"{own}=outdoors,as_usual", policies=("event_outdoors",))
    cell = found.cell(article(), "event_outdoors", 1)
    assert cell.settings == {"showroom_event": {"option": "as_usual"}} and cell.changes == {}
    assert cell_of(article(), "ad_hoc", found.points[1]).settings == {}


def test_policies_that_do_not_read_a_key_are_told_of() -> None:
    notes = planned(f"{LIMIT}=8,24", policies=("systematic", "more_stock")).notes
    assert len(notes) == 1 and "under ad_hoc, more_stock" in notes[0][1]


def test_cells_the_scenario_could_not_hold_are_all_told_before_anything_is_run() -> None:
    keys = [f"{CLOCK}=wall,business", "calendars.service.opens=9,17", "calendars.service.closes=16,18"]
    with pytest.raises(Problems, match="opens < closes"):
        planned(*keys)


# -- designs ------------------------------------------------------------------------------------------------------


def test_a_grid_is_every_combination_once() -> None:
    found = planned(f"{LIMIT}=8,24,48", f"{VISITS}=36,40").points
    assert len(found) == 6 == len({tuple(point.values()) for point in found})
    assert found[1] == {LIMIT: 8.0, VISITS: 40.0}


def test_a_latin_hypercube_has_one_point_in_each_part_of_every_key() -> None:
    keys = [Varied("a", low=0.0, high=1.0), Varied("b", low=-1.0, high=3.0), Varied("c", ("x", "y", "z"))]
    found = points(keys, "lhs", 30, seed=4)
    assert sorted(int(point["a"] * 30) for point in found) == list(range(30))
    assert sorted(int((point["b"] + 1) / 4 * 30) for point in found) == list(range(30))
    assert {kind: sum(point["c"] == kind for point in found) for kind in "xyz"} == {"x": 10, "y": 10, "z": 10}
    assert found == points(keys, "lhs", 30, seed=4) != points(keys, "lhs", 30, seed=5)


def test_sobol_points_fill_every_half_evenly_and_come_in_powers_of_two() -> None:
    keys = [Varied("a", low=0.0, high=1.0), Varied("b", low=0.0, high=1.0)]
    found = points(keys, "sobol", 64, seed=2)
    quarters = [(point["a"] > 0.5, point["b"] > 0.5) for point in found]
    assert {quarter: quarters.count(quarter) for quarter in quarters} == dict.fromkeys(set(quarters), 16)
    made = planned(f"{LIMIT}=8:96", f"{VISITS}=36:44", design="sobol", samples=20)
    assert len(made.points) == 32 and "powers of two" in made.notes[0][1]


def test_whole_numbers_of_a_sample_are_as_likely_each_and_equal_cells_run_once() -> None:
    bays = Varied("b", low=3.0, high=6.0, whole=True)
    assert [bays.at(u) for u in (0.0, 0.24, 0.26, 0.51, 0.76, 0.999)] == [3, 3, 4, 5, 6, 6]
    made = planned(f"{BAYS}=12:14", design="lhs", samples=10)
    assert sorted(point[BAYS] for point in made.points) == [12, 13, 14]
    assert any("equal" in note[1] for note in made.notes)


# -- numbers ------------------------------------------------------------------------------------------------------


def test_every_number_is_that_of_a_comparison() -> None:
    rng = np.random.default_rng(3)
    a, b = rng.normal(5, 2, (4, 12)), rng.normal(0, 1, (4, 12))
    b[0] += a[0]
    a[1], b[1] = 3.3, 3.3  # constant
    b[2] = a[2] + 0.1  # the same difference but for rounding
    a[3, 2], b[3, 5] = np.nan, np.nan
    d = differences(a, b)
    found, narrow, ratio = estimates(d), estimates(d).half(0.9), pairing(a, b, d)
    for row in range(4):
        values = [
            (policy, n, "all", "nps", float(x[row, n])) for policy, x in (("ad_hoc", a), ("p", b)) for n in range(12)
        ]
        frame = pd.DataFrame(values, columns=list(COLUMNS))
        known = compare(Runs(frame, setup(("ad_hoc", "p"))), "ad_hoc", ["p"]).row("nps")
        half = found.half()[row]
        assert found.mean[row] == pytest.approx(known["difference"], rel=1e-12)
        assert found.mean[row] - half == pytest.approx(known["difference_low"], rel=1e-9)
        assert found.mean[row] + narrow[row] == pytest.approx(known["equivalence_high"], rel=1e-9)
        assert ratio[0][row] == pytest.approx(known["variance_ratio"], rel=1e-9, nan_ok=True)
        assert ratio[1][row] == pytest.approx(known["correlation"], rel=1e-9, nan_ok=True)
        assert found.count[row] == known["replications"]
        wide = estimates(b).half(next_one=True)[row]
        if row < 3:
            assert estimates(b).mean[row] + wide == pytest.approx(known["policy_prediction_high"], rel=1e-9)


def test_differences_are_paired_within_a_cell() -> None:
    result = swept(f"{LIMIT}=8,24,48")
    rows = result.rows("systematic", "conflict_days_mean")
    assert [row["difference"] for row in rows] == pytest.approx([-3.6, -2.8, -1.6], abs=0.02)
    for row in rows:
        # the luck of 2 days is common: the level is known to a day, the difference to a hundredth
        assert row["high"] - row["low"] > 1 and row["difference_high"] - row["difference_low"] < 0.05
        assert row["variance_ratio"] > 1000 and row["correlation"] > 0.999 and row["verdict"] == "better"
    base = result.rows("ad_hoc", "conflict_days_mean")
    assert all(np.isnan(row["difference"]) and row["verdict"] == "" for row in base)


def test_the_table_is_tidy() -> None:
    table = swept(f"{LIMIT}=8,24", f"{CLOCK}=wall,business").table
    assert list(table.columns[:6]) == ["cell", LIMIT, CLOCK, "policy", "metric", "unit"]
    assert len(table) == 4 * 2 * 2 and not table.duplicated(["cell", "policy", "metric"]).any()
    assert list(table["cell"]) == sorted(table["cell"]) and set(table["failed"]) == {0}


def test_what_is_worth_as_much_as_the_best_is_told_by_paired_differences() -> None:
    luck = np.random.default_rng(1).normal(0, 5, 20)
    own = np.random.default_rng(2).normal(0, 0.1, (5, 20))
    values = np.array([[3.0], [2.0], [1.0], [1.0], [1.02]]) + luck + own
    shape = shape_of("p", "days_in_shop", values, np.zeros((5, 20)) + luck)
    assert shape.best in (2, 3) and set(shape.as_good) >= {2, 3} and 0 not in shape.as_good and 1 not in shape.as_good
    assert shape.change[1] < -1.98 < shape.change[2]
    higher = shape_of("p", "nps", values, np.zeros((5, 20)) + luck)
    assert higher.best == 0 == higher.as_good[0] and len(higher.as_good) == 1
    assert shape_of("p", "leads", values * np.nan, values * np.nan).best is None


def test_cells_in_blocks_are_the_same_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = swept(f"{LIMIT}=8:48:5", f"{VISITS}=36,40").table
    monkeypatch.setattr(sweeping, "CELLS_AT_ONCE", 3)
    pd.testing.assert_frame_equal(whole, swept(f"{LIMIT}=8:48:5", f"{VISITS}=36,40").table)


def test_two_thousand_cells_take_seconds() -> None:
    keys = [Varied(LIMIT, tuple(float(x) for x in range(50))), Varied(VISITS, tuple(float(x) for x in range(30, 70)))]
    made = Plan(tuple(keys), "grid", "ad_hoc", ("systematic",), tuple(points(keys, "grid", 0, 1)), ())
    runner = FakeRunner(lambda cell, r, rng: {"nps": 70.0 + r})
    begun = time.process_time()
    runner.run([(made.cell(article(), name, i), range(20)) for i in range(2000) for name in ("ad_hoc", "systematic")])
    there = time.process_time()
    result = sweep(runner, made, 20, ["nps"])  # type: ignore[arg-type]
    result.answer(), result.shown()
    assert len(result.table) == 4000
    assert time.process_time() - there < 20, f"the runs themselves took {there - begun:.1f} s"


# -- what is said -------------------------------------------------------------------------------------------------


def test_the_findings_say_what_moves_what_is_best_and_what_does_not_move() -> None:
    result = swept(f"{LIMIT}=8,24,48,72", metrics=("conflict_days_mean", "nps", "deals"))
    lines = result.answer("en").splitlines()
    assert "from 8 to 72" in lines[0] and "goes from −3.60" in lines[0] and "8 is the best value tried" in lines[0]
    assert "surely better than ad-hoc coordination at every value" in lines[0]
    assert "does not move" in lines[1] and "NPS" in lines[1] and lines[2] == "No data: deals"
    zh = result.answer("zh")
    assert "三级升级机制（limit_hours）从 8 到 72" in zh and "毫无影响：NPS" in zh and "所试的值里 8 最好" in zh


def test_an_open_change_is_called_open() -> None:
    def noise(cell: Cell, replication: int, rng: np.random.Generator) -> dict[str, float]:
        seed = [replication, int(sum(map(ord, cell.key)))]
        return {"nps": np.random.default_rng(seed).normal(70, 5)}

    runner = FakeRunner(noise)
    result = sweep(runner, planned(f"{LIMIT}=8,24,48"), 10, ["nps"])  # type: ignore[arg-type]
    if result.shapes[0].change[1] <= 0 <= result.shapes[0].change[2]:
        assert "not yet known whether" in result.answer("en") and "尚不确定" in result.answer("zh")
    else:
        pytest.fail("the seed was chosen so that nothing is known")


def test_several_keys_are_counted_and_the_best_cell_comes_with_a_warning() -> None:
    answer = swept(f"{LIMIT}=8,24", f"{VISITS}=36,40").answer("en")
    assert "of 4 cells 4 surely better" in answer and "picked among many" in answer and "(limit_hours) = 8" in answer


@pytest.mark.parametrize(
    ("asked", "others", "names"),
    [
        ([f"{LIMIT}=8,24,48"], {}, ["line"]),
        ([f"{CLOCK}=wall,business"], {"policies": ("systematic", "more_stock")}, ["line"]),
        ([f"{LIMIT}=8,24,48", f"{VISITS}=36,40"], {}, ["heat"]),
        ([f"{LIMIT}=8:96:14", f"{VISITS}=36,40"], {"policies": ("systematic", "more_stock")},
         ["heat_systematic", "heat_more_stock"]),
        ([f"{LIMIT}=8:48", f"{CLOCK}=wall,business"], {"design": "lhs", "samples": 12}, ["points"]),
    ],
    ids=["line", "words", "heat", "heat of two", "points"],
)  # fmt: skip
def test_charts_are_drawn(asked: list[str], others: dict[str, Any], names: list[str]) -> None:
    result = swept(*asked, n=4, metrics=("conflict_days_mean", "visits", "deals"), **others)
    assert list(result.charts) == names
    for name in names:
        for lang in ("zh", "en"):
            figure = result.chart(name, lang)
            figure.canvas.draw()
            assert sum(bool(axes.get_title(loc="left")) for axes in figure.axes) == 2, "no panel for what has no data"


def test_nothing_at_all_is_still_a_result() -> None:
    runner = FakeRunner(lambda cell, r, rng: {"nps": np.nan})
    result = sweep(runner, planned(f"{LIMIT}=8,24"), 3, ["nps"])  # type: ignore[arg-type]
    assert result.answer("en").startswith("No data: NPS") and result.chart("line", "zh") is not None


# -- the command --------------------------------------------------------------------------------------------------


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The command on the made-up centre."""
    told = SimpleNamespace(model=centre, failed=[])

    @contextlib.contextmanager
    def runner(self: studying.Asked) -> Iterator[FakeRunner]:
        found = FakeRunner(told.model, self.seed, self.scenario, self.weeks)
        found.failed = told.failed
        yield found

    monkeypatch.setattr(studying.Asked, "runner", runner)
    return told


def asked(*words: str) -> Any:
    return CliRunner().invoke(main, ["sweep", str(ARTICLE), "--metrics", "conflict_days_mean,nps", *words])


def test_the_command_writes_everything_twice_the_same(made_up: SimpleNamespace, tmp_path: Path) -> None:
    keys = ["--vary", f"{LIMIT}=8,24", "--vary", f"{CLOCK}=wall,business", "--lang", "en"]
    found = asked(*keys, "--out", str(tmp_path / "a"))
    assert found.exit_code == 0, found.output
    assert "4 cells × 2 policies × 10 replications = 80 runs" in found.stderr
    assert asked(*keys, "--out", str(tmp_path / "b")).exit_code == 0
    files = sorted(path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*") if path.is_file())
    assert {"sweep.csv", "sweep.xlsx", "sweep.md", "sweep.json"} <= {str(path) for path in files}
    for path in files:
        assert (tmp_path / "a" / path).read_bytes() == (tmp_path / "b" / path).read_bytes(), path
    table = pd.read_csv(tmp_path / "a" / "sweep.csv")
    assert len(table) == 16 and {LIMIT, "prediction_low", "variance_ratio", "failed_error"} <= set(table.columns)


def test_json_stands_alone_on_stdout(made_up: SimpleNamespace, tmp_path: Path) -> None:
    found = asked("--vary", f"{LIMIT}=8,24", "--json", "--out", str(tmp_path / "r"))
    rows = json.loads(found.stdout)
    assert len(rows) == 8 and rows[0]["difference"] is None and rows[2]["policy"] == "systematic"


def test_a_failed_cell_is_told_with_its_command_and_the_others_finish(made_up: SimpleNamespace, tmp_path: Path) -> None:
    def fails(cell: Cell, replication: int, rng: np.random.Generator) -> dict[str, float]:
        if cell.changes.get(LIMIT) == 8.0 and cell.mechanisms and replication == 3:
            command = cell.command("s.toml", 1, replication, 26)
            made_up.failed.append(Failed(cell, 1, replication, "ValueError: no", command))
            return {}
        return centre(cell, replication, rng)

    made_up.model = fails
    found = asked("--vary", f"{LIMIT}=8,24", "--lang", "en", "--out", str(tmp_path / "r"))
    assert found.exit_code == 1
    assert (
        "sim run s.toml" in found.stderr and f"--set {LIMIT}=8.0" in found.stderr and "--replication 3" in found.stderr
    )
    table = pd.read_csv(tmp_path / "r" / "sweep.csv").set_index([LIMIT, "policy", "metric"])
    broken, fine = table.loc[(8.0, "systematic", "nps")], table.loc[(24.0, "systematic", "nps")]
    assert broken["failed"] == 1 and broken["failed_replication"] == 3 and broken["failed_error"] == "ValueError: no"
    assert broken["replications"] == broken["pairs"] == 9 and fine["replications"] == 10 and fine["failed"] == 0


def test_parquet_is_written_where_it_can_be_and_missing_it_is_no_error(
    made_up: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if sweeping.can_parquet():
        assert asked("--vary", f"{LIMIT}=8,24", "--out", str(tmp_path / "with")).exit_code == 0
        there = pd.read_parquet(io.BytesIO((tmp_path / "with" / "sweep.parquet").read_bytes()))
        assert list(there[LIMIT].unique()) == [8.0, 24.0]
    monkeypatch.setattr(sweeping, "can_parquet", lambda: False)
    found = asked("--vary", f"{LIMIT}=8,24", "--lang", "en", "--out", str(tmp_path / "without"))
    assert found.exit_code == 0 and "pyarrow is not installed" in found.stderr
    assert not (tmp_path / "without" / "sweep.parquet").exists()


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (["--vary", f"{LIMIT}=x,y", "--design", "gird", "--replications", "1", "--policy", "systemic"], 5),
        (["--vary", f"{LIMIT}=8,24", "--samples", "5"], 1),
        (["--vary", f"{LIMIT}=8,24", "--policy", "systematic", "--policies", "more_stock"], 1),
        (["--vary", f"{LIMIT}=8,24", "--design", "lhs", "--samples", "0"], 1),
        ([], 1),
    ],
)
def test_wrong_commands_end_with_all_problems_and_run_nothing(words: list[str], count: int, tmp_path: Path) -> None:
    found = asked(*words, "--lang", "en", "--out", str(tmp_path / "r"))
    assert found.exit_code == 2 and f"{count} problem" in found.stderr, found.stderr
    assert not (tmp_path / "r").exists() and found.stdout == ""


def test_a_large_sweep_keeps_the_workbook_small_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "MOST_IN_WORKBOOK", 5)
    result = swept(f"{LIMIT}=8,24,48")
    path = result.to_excel(tmp_path / "a.xlsx", "en")
    texts = zipfile.ZipFile(path).read("xl/sharedStrings.xml").decode()
    assert "The first 5 rows are here; all 12 are in sweep.csv." in texts
