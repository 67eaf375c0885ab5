"""The command line: what it writes, what it refuses, how it ends."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from sim.charts import NAMES
from sim.cli import main
from sim.comparison import HEADLINE, TABLE_COLUMNS
from sim.flows import FLOWS
from sim.laws.found import equal
from sim.metrics import METRICS

ARTICLE = str(Path("scenarios/article.toml").resolve())
RUNS = "results/article/runs.sqlite"


class FakeLog:
    """A log that only knows whose it is."""

    def __init__(self, *who):
        self.who = who

    def write_csv(self, path):
        Path(path).write_bytes(repr(self.who).encode())


def fake_measure(log, start, end):
    policy, seed, number = log.who
    return {name: 0.2 + 0.01 * ((seed + number) % 7) - 0.03 * (policy == "systematic") for name in METRICS}


def fake_flows(log, weeks):
    policy, seed, number = log.who
    cost = 10.0 * ((seed + number) % 5) + 100.0 * (policy == "systematic")
    return {name: np.full(weeks, cost) for name in FLOWS}


def fake_check(log):
    return [equal("cars", "cars", 9.0, 9.0), equal("parts", "units", 100.0, 100.0)]


def fake_series(log):
    """A series that is settled at once, over the article's warm-up and weeks."""
    wave = [0.2 + 0.01 * (-1) ** week for week in range(39)]
    return {"shortage_rate": (wave, [1.0] * 39), "open_hours": ([54.0] * 39, [1.0] * 39)}


def fake_charts(comparison, folder, lang):
    for name in NAMES:
        Path(folder, f"{name}_{lang}.png").write_text(name)


@pytest.fixture
def drawn():
    """Asks `quick` for real charts."""


@pytest.fixture
def quick(monkeypatch, tmp_path, request):
    """The command line with a model that takes no time, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SIM_LANG", raising=False)
    monkeypatch.setattr("sim.centre.replicate", lambda s, policy, seed, number, weeks: FakeLog(policy, seed, number))
    monkeypatch.setattr("sim.metrics.measure", fake_measure)
    monkeypatch.setattr("sim.flows.weekly_flows", fake_flows)
    monkeypatch.setattr("sim.laws.check.check", fake_check)
    monkeypatch.setattr("sim.weekly.weekly_series", fake_series)
    monkeypatch.setattr("sim.quantities.quantities", lambda log, cases: [])
    if "drawn" not in request.fixturenames:  # drawing takes seconds
        monkeypatch.setattr("sim.charts.draw_all", fake_charts)
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])


def compare(quick, *words):
    return quick("compare", ARTICLE, "--workers", 1, "--replications", 4, *words)


def contents(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in Path(folder).rglob("*") if p.is_file()}


def test_compare_writes_a_whole_folder(quick, drawn, tmp_path):
    result = compare(quick)
    assert result.exit_code == 0, result.output
    folder = tmp_path / "results" / "article"
    found = contents(folder)
    charts = {f"charts/{name}_{lang}.{kind}" for name in NAMES
              for lang in ("zh", "en") for kind in ("png", "svg")}  # fmt: skip
    files = {
        "table.csv",
        "details.csv",
        "scoreboard.csv",
        "money.csv",
        "trust.json",
        "report.md",
        "log.csv.gz",
        "provenance.json",
        "runs.sqlite",
    }
    assert set(found) == charts | files
    assert [p.name for p in folder.parent.iterdir()] == ["article"]
    table = pd.read_csv(folder / "table.csv", encoding="utf-8-sig")
    assert tuple(table.columns) == TABLE_COLUMNS and list(table["metric"]) == list(METRICS)
    told = json.loads(found["provenance.json"])
    assert told["table_sha256"] == hashlib.sha256(found["table.csv"]).hexdigest()
    assert told["replications"] == 4 and told["log"] == {"policy": "systematic", "replication": 0}
    assert told["family"] == list(HEADLINE) and told["precision"] is None
    assert str(tmp_path) not in found["provenance.json"].decode() + found["report.md"].decode()


def test_the_same_question_gives_the_same_bytes(quick, tmp_path):
    compare(quick, "--out", "a")
    compare(quick, "--out", "b", "--lang", "en")
    assert contents("a") == contents("b")


def test_report_is_chinese_and_english_and_shows_both_sides(quick, tmp_path):
    compare(quick, "--out", "a")
    report = Path("a/report.md").read_text(encoding="utf-8")
    zh, en = report.split("\n---\n")
    for page, words in ((zh, ("缺件率", "试驾满足率", "模拟的随机误差", "方差比", "第 14–26 周", "拟合")),
                        (en, ("shortage rate", "test drives met", "Monte-Carlo noise only", "variance ratio",
                              "weeks 14–26", "fitted"))):  # fmt: skip
        assert all(word in page for word in words)
    assert "../../scenarios/assumptions.md" in report and "sim compare" in report
    for image in {line.split("(")[1].rstrip(")") for line in report.splitlines() if line.startswith("![")}:
        assert (Path("a") / image).is_file()


def test_all_is_well_in_one_line_and_strict_agrees(quick):
    """The fakes differ by the same amount in every replication, so nothing is imprecise."""
    result = compare(quick, "--strict")
    assert result.exit_code == 0, result.output
    lines = [line for line in result.stdout.splitlines() if "可信度检查" in line]
    assert len(lines) == 1 and "全部通过" in lines[0] and "\x1b[" not in result.output
    rows = json.loads(Path("results/article/trust.json").read_text(encoding="utf-8"))
    assert {row["status"] for row in rows} == {"fine"}
    assert all(row["text_zh"] and row["text_en"] for row in rows)


def test_a_broken_law_is_told_and_ends_strict_with_1(quick, monkeypatch):
    def broken(log):
        policy, _, number = log.who
        lost = policy == "systematic" and number == 2
        return [equal("parts", "units", 100.0, 100.0 - lost, where="brake pad" if lost else "")]

    monkeypatch.setattr("sim.laws.check.check", broken)
    for words, code in (((), 0), (("--strict",), 1)):
        result = compare(quick, "--seed", 5, "--lang", "en", *words)
        assert result.exit_code == code
        line = next(line for line in result.stdout.splitlines() if "LAW BROKEN" in line)
        assert "parts are conserved" in line and "systematic in 1 of 4" in line and "brake pad" in line
        assert "left 100, right 99 units" in line and "--policy systematic --seed 5 --replication 2" in line
    assert "sim run" in Path("results/article/report.md").read_text(encoding="utf-8").split("\n---\n")[1]
    rows = json.loads(Path("results/article/trust.json").read_text(encoding="utf-8"))
    (row,) = (row for row in rows if row["status"] == "broken")
    assert (row["check"], row["policy"], row["lhs"], row["rhs"]) == ("parts", "systematic", 100.0, 99.0)
    assert row["worst_replication"] == 2


def test_broken_is_red_where_a_terminal_shows_colours(quick, monkeypatch):
    monkeypatch.setattr("sim.laws.check.check", lambda log: [equal("cars", "cars", 9.0, 8.0)])
    words = ["compare", ARTICLE, "--workers", "1", "--replications", "4"]
    assert "\x1b[31m" in CliRunner().invoke(main, words, color=True).stdout
    assert "\x1b[" not in CliRunner().invoke(main, words).stdout


def test_json_is_alone_on_stdout(quick):
    result = compare(quick, "--json", "--out", "a")
    rows = json.loads(result.stdout)
    assert [tuple(row) for row in rows] == [TABLE_COLUMNS] * len(METRICS)
    assert "缺件率" in result.stderr


def test_undefined_is_null_in_json(quick):
    rows = json.loads(quick("compare", ARTICLE, "--workers", 1, "--replications", 1, "--json").stdout)
    assert rows[0]["difference"] is not None and rows[0]["difference_low"] is None


def test_table_is_aligned_with_wide_characters(quick):
    from sim.commands.terminal import width

    lines = compare(quick).stdout.splitlines()
    rules = [i for i, line in enumerate(lines) if line.startswith("---")]
    for start, length in zip(rules, (len(HEADLINE), len(METRICS) - len(HEADLINE)), strict=False):
        head, body = lines[start - 1], lines[start + 1 : start + 1 + length]
        assert len(body) == length and not any(line.startswith("---") for line in body)
        column = width(head.split("判断")[0])
        assert {width(line[: line.index("变")]) - column for line in body if "变好" in line} == {0} and column > 0


def test_what_is_judged_together_is_told_apart_from_what_is_not(quick):
    for lang, together, alone in (("zh", "放在一起判断", "按单项判断"), ("en", "judged together", "judged one by one")):
        lines = compare(quick, "--lang", lang).stdout.splitlines()
        first, second = (next(i for i, line in enumerate(lines) if word in line) for word in (together, alone))
        assert second - first == len(HEADLINE) + 4, "heading, head, rule, rows, and an empty line"
    table = pd.read_csv("results/article/table.csv", encoding="utf-8-sig").set_index("metric")
    assert set(table.index[table["family"]]) == set(HEADLINE)


def test_another_family_is_declared_by_name(quick):
    result = compare(quick, "--family", "leads，deals", "--lang", "en")
    assert result.exit_code == 0 and "2 headline metrics" in result.stdout
    table = pd.read_csv("results/article/table.csv", encoding="utf-8-sig").set_index("metric")
    assert set(table.index[table["family"]]) == {"leads", "deals"}
    assert "--family leads,deals" in Path("results/article/report.md").read_text(encoding="utf-8")


NOISY = {"nps": 5.0, "leads": 300.0}


def noisy_measure(log, start, end):
    policy, seed, number = log.who
    luck = np.random.default_rng([seed, number]).normal(size=2)
    shift = (policy == "systematic") * (1 + luck[1])
    return {name: fake_measure(log, start, end)[name] for name in METRICS} | {
        name: value + luck[0] + shift for name, value in NOISY.items()
    }


@pytest.mark.parametrize(("spec", "goal"), [("nps=0.4", 0.4), ("margins", 1.0), ("nps＝0.4，leads=1", 0.4)])
def test_replicated_until_it_is_precise(quick, monkeypatch, spec, goal):
    monkeypatch.setattr("sim.metrics.measure", noisy_measure)
    result = quick("compare", ARTICLE, "--workers", 1, "--precision", spec, "--lang", "en")
    assert result.exit_code == 0 and "Precision reached" in result.stdout
    row = pd.read_csv("results/article/details.csv", encoding="utf-8-sig").query("metric == 'nps' and window == 'all'")
    half = float(row["difference_high"].iloc[0] - row["difference_low"].iloc[0]) / 2
    count = int(row["replications"].iloc[0])
    assert half <= goal and (count > 10 or spec == "margins")
    told = json.loads(Path("results/article/provenance.json").read_text(encoding="utf-8"))
    assert told["replications"] == count and told["precision"]["reached"] is True
    report = Path("results/article/report.md").read_text(encoding="utf-8")
    assert "重复次数由精度决定" in report and f"{count} replications" in report and "--precision " in report
    before = contents("results/article")
    quick("compare", ARTICLE, "--workers", 1, "--precision", spec)
    after = contents("results/article")
    assert {name: body for name, body in after.items() if "sqlite" not in name} == {
        name: body for name, body in before.items() if "sqlite" not in name
    }
    fixed = quick("compare", ARTICLE, "--workers", 1, "--replications", count, "--out", "b")
    assert fixed.exit_code == 0 and contents("b")["table.csv"] == after["table.csv"]


def test_precision_takes_runs_from_the_store(quick, monkeypatch):
    monkeypatch.setattr("sim.metrics.measure", noisy_measure)
    quick("compare", ARTICLE, "--workers", 1, "--replications", 10, "--out", "a")
    asked = []
    monkeypatch.setattr(
        "sim.centre.replicate",
        lambda s, policy, seed, number, weeks: asked.append((policy, number)) or FakeLog(policy, seed, number),
    )
    result = quick("compare", ARTICLE, "--workers", 1, "--precision", "nps=0.4", "--out", "a")
    assert result.exit_code == 0
    asked = asked[:-1]  # the log that lies beside the results
    assert min(number for _, number in asked) == 10 and len(set(asked)) == len(asked), "none twice, none before"


def test_what_is_not_reached_is_named_and_ends_strict_with_1(quick, monkeypatch):
    monkeypatch.setattr("sim.metrics.measure", noisy_measure)
    words = ("compare", ARTICLE, "--workers", 1, "--precision", "nps=0.01,leads=2%", "--most", 12)
    for lang, said, cause in (("zh", "精度没有达到", "NPS"), ("en", "Precision not reached with 12", "leads")):
        result = quick(*words, "--lang", lang)
        assert result.exit_code == 0 and said in result.stdout and cause in result.stdout
    assert quick(*words, "--strict").exit_code == 1
    assert json.loads(Path("results/article/provenance.json").read_text())["precision"]["reached"] is False


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--precision", "shortage=0.1"), "did you mean"),
        (("--precision", "nps"), "METRIC=WIDTH"),
        (("--precision", "nps=0"), "above 0"),
        (("--precision", "nps=nan"), "above 0"),
        (("--precision", "nps=30%"), "15%"),
        (("--precision", "nps=1,nps=2"), "twice"),
        (("--precision", "，"), "at least one"),
        (("--precision", "nps=1", "--most", "9"), "--most"),
        (("--precision", "nps=1", "--replications", "5"), "--replications"),
        (("--most", "50"), "--precision"),
        (("--family", "npss"), "did you mean nps"),
        (("--family", ","), "at least one"),
        (("--precision", "margins", "--family", "visits"), "study.margins"),
    ],
)
def test_nonsense_about_precision_and_family_is_refused(quick, words, said):
    result = quick("compare", ARTICLE, "--workers", 1, "--lang", "en", *words)
    assert result.exit_code == 2 and said in result.stderr and result.stdout == ""
    assert not Path("results").exists()


def test_language_by_option_and_by_environment(quick, monkeypatch):
    assert "shortage rate" in compare(quick, "--lang", "en").stdout
    monkeypatch.setenv("SIM_LANG", "en")
    assert "shortage rate" in compare(quick).stdout


def test_all_problems_at_once(quick, tmp_path):
    (tmp_path / "file").write_text("x")
    result = quick(
        "compare", ARTICLE, "--policies", "sistematic", "--replications", 0, "--weeks", "many",
        "--workers", 0, "--out", "file", "--lang", "en",
    )  # fmt: skip
    assert result.exit_code == 2 and result.stdout == ""
    for word in ("did you mean systematic", "--replications", "--weeks", "--workers", "--out", "many"):
        assert word in result.stderr
    assert "Traceback" not in result.output


WISHES = [
    ("--replications", "100001"),
    ("--replications", "1.5"),
    ("--seed", "-1"),
    ("--weeks", "0"),
    ("--policies", ","),
]


@pytest.mark.parametrize("words", [*WISHES, ("--policies", "ad_hoc")])
def test_each_impossible_wish_is_refused(quick, words):
    result = compare(quick, *words)
    assert result.exit_code == 2 and words[0] in result.stderr
    assert not Path("results").exists()


def test_absent_scenario(quick):
    result = quick("compare", "no/such.toml")
    assert result.exit_code == 2 and "no" in result.stderr


def test_foreign_files_are_kept(quick, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "report.md").write_text("my own")
    result = compare(quick, "--out", "mine")
    assert result.exit_code == 2 and "report.md" in result.stderr
    assert contents("mine") == {"report.md": b"my own"}


def test_own_files_are_replaced_and_others_stay(quick, tmp_path):
    compare(quick, "--out", "a")
    before = contents("a")
    Path("a/notes.txt").write_text("keep me")
    assert compare(quick, "--out", "a", "--seed", "5").exit_code == 0
    after = contents("a")
    assert after.pop("notes.txt") == b"keep me"
    assert set(after) == set(before) and after["table.csv"] != before["table.csv"]


def test_a_failed_replication_ends_with_1_and_writes_nothing(quick, monkeypatch, tmp_path):
    def broken(s, policy, seed, number, weeks):
        raise ValueError("no bay")

    monkeypatch.setattr("sim.centre.replicate", broken)
    result = compare(quick)
    assert result.exit_code == 1 and "sim run" in result.stderr and "ValueError: no bay" in result.stderr
    assert set(contents(tmp_path)) <= {RUNS}


def test_ctrl_c_ends_with_130_and_writes_nothing(quick, monkeypatch, tmp_path):
    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.report.write_report", stopped)
    result = compare(quick)
    assert result.exit_code == 130
    assert set(contents(tmp_path)) == {RUNS}, "finished runs are kept, no results are written"


def test_run_prints_metrics_and_writes_the_log(quick, tmp_path):
    words = ("run", ARTICLE, "--policy", "systematic", "--seed", 2, "--replication", 1, "--weeks", 3)
    result = quick(*words, "--json", "--out", "log.csv.gz")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert (told["policy"], told["seed"], told["replication"], told["weeks"]) == ("systematic", 2, 1, 3)
    assert list(told["metrics"]) == list(METRICS)
    assert Path("log.csv.gz").read_bytes() == b"('systematic', 2, 1)"
    assert "缺件率" in quick(*words).stdout


def test_run_refuses_all_at_once(quick):
    result = quick("run", ARTICLE, "--policy", "systematc", "--replication", -1, "--weeks", 0)
    assert result.exit_code == 2
    assert all(word in result.stderr for word in ("systematic", "--replication", "--weeks"))


def test_help_imports_nothing_heavy():
    code = "import sys; from sim.cli import main; print([m for m in ('numpy', 'pandas', 'simpy', 'matplotlib', "
    code += "'pydantic') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"


@pytest.mark.skipif(os.name == "nt", reason="signals of another kind")
def test_sigterm_ends_with_130_leaves_no_worker_and_no_file(tmp_path):
    command = [sys.executable, "-m", "sim", "compare", ARTICLE, "--replications", "200", "--workers", "2"]
    process = subprocess.Popen(
        [*command, "--out", str(tmp_path / "x")], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    deadline = time.time() + 30
    workers: list[str] = []
    while time.time() < deadline and len(workers) < 3:  # two workers and the tracker of shared resources
        time.sleep(0.1)
        workers = children.read_text().split() if children.exists() else ["?"] * 3
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 130
    assert all(Path(name).name.startswith("runs.sqlite") for name in contents(tmp_path))
    time.sleep(1)
    assert not [pid for pid in workers if pid != "?" and _alive(pid)]


def _alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False
