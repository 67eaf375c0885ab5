"""A study gives the same rows whatever the number of workers, and names the replication that failed."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from sim import comparison, load, money, scoreboard
from sim.cli import main
from sim.experiment import run_study
from sim.laws.found import equal
from sim.metrics import windows
from sim.replication import ReplicationFailed

ARTICLE = "scenarios/article.toml"
FILE = Path(ARTICLE).resolve()


@pytest.fixture(scope="module")
def scenario():
    return load(ARTICLE)


@pytest.fixture
def fake_model(monkeypatch):
    """A model whose log is (policy, seed, replication) and whose only metric is made of them."""
    monkeypatch.setattr("sim.centre.replicate", lambda s, policy, seed, number, weeks: (policy, seed, number))
    monkeypatch.setattr(
        "sim.metrics.measure", lambda log, a, b: {"nps": log[1] * 100 + log[2] + (log[0] == "systematic") * 10 + a}
    )
    monkeypatch.setattr("sim.flows.weekly_flows", lambda log, weeks: {"deals": np.arange(weeks) + log[2]})
    monkeypatch.setattr("sim.laws.check.check", lambda log: [equal("cars", "cars", 2, 2 + (log[2] == 1))])
    monkeypatch.setattr("sim.weekly.weekly_series", lambda log: {"nps": ([1.0] * 39, [2.0] * 39)})
    monkeypatch.setattr("sim.quantities.quantities", lambda log, cases: [])


def test_windows_need_half_a_year():
    assert windows(25) == {"all": (0.0, 25.0)}
    assert list(windows(26)) == ["all", "first_13_weeks", "second_13_weeks"]
    assert windows(52)["second_13_weeks"] == (13.0, 26.0)


def test_rows_are_tidy_and_in_order(scenario, fake_model):
    seen = []
    runs = run_study(scenario, ["ad_hoc", "systematic"], 2, 26, 3, 1, lambda done, total: seen.append((done, total)))
    assert list(runs.rows.columns) == ["policy", "replication", "window", "metric", "value"]
    assert runs.rows.query("window == 'all'")["value"].tolist() == [300.0, 301.0, 310.0, 311.0]
    assert runs.rows.query("window == 'second_13_weeks'")["value"].tolist() == [313.0, 314.0, 323.0, 324.0]
    assert list(runs.flows.columns) == ["policy", "replication", "week", "flow", "value"]
    assert runs.flows.query("replication == 1 and policy == 'ad_hoc' and week < 3")["value"].tolist() == [1.0, 2.0, 3.0]
    assert runs.laws["holds"].tolist() == [True, False, True, False]
    assert runs.laws["policy"].tolist() == ["ad_hoc"] * 2 + ["systematic"] * 2
    assert runs.series["week"].tolist() == 2 * list(range(-13, 26)), "of the baseline alone, its warm-up included"
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert runs.setup.policies == ("ad_hoc", "systematic") and runs.setup.scenario == "article"


def test_failure_names_the_replication_and_the_command(scenario, monkeypatch):
    def replicate(s, policy, seed, number, weeks):
        if (policy, number) == ("systematic", 1):
            raise RuntimeError("a bay was lost")

    monkeypatch.setattr("sim.centre.replicate", replicate)
    monkeypatch.setattr("sim.metrics.measure", lambda log, a, b: {"nps": 1.0})
    monkeypatch.setattr("sim.flows.weekly_flows", lambda log, weeks: {})
    monkeypatch.setattr("sim.laws.check.check", lambda log: [])
    monkeypatch.setattr("sim.weekly.weekly_series", lambda log: {})
    monkeypatch.setattr("sim.quantities.quantities", lambda log, cases: [])
    with pytest.raises(ReplicationFailed) as failed:
        run_study(scenario, ["ad_hoc", "systematic"], 2, 4, 9)
    command = f"sim run {scenario.file} --policy systematic --seed 9 --replication 1 --weeks 4"
    assert failed.value.command == command
    for lang in ("zh", "en"):
        text = failed.value.text(lang)
        assert command in text and "RuntimeError: a bay was lost" in text and scenario.file in text


def test_failure_in_a_worker_is_named_too_and_ends_the_pool(scenario):
    import multiprocessing

    before = set(multiprocessing.active_children())
    with pytest.raises(ReplicationFailed) as failed:
        run_study(scenario, ["ad_hoc", "no_such_policy"], 2, 1, 1, workers=2)
    assert "no_such_policy" in failed.value.command
    assert set(multiprocessing.active_children()) <= before


def test_any_number_of_workers_gives_the_same_rows_and_the_same_bytes_of_tables(scenario, tmp_path):
    short = scenario.changed({"study.warmup_weeks": 1, "study.run_on_weeks": 1})
    one, two = (run_study(short, ["ad_hoc", "systematic"], 2, 1, 5, workers) for workers in (1, 2))
    pd.testing.assert_frame_equal(one.rows, two.rows, check_exact=True)
    pd.testing.assert_frame_equal(one.flows, two.flows, check_exact=True)
    pd.testing.assert_frame_equal(one.laws, two.laws, check_exact=True)
    pd.testing.assert_frame_equal(one.series, two.series, check_exact=True)
    assert written(one, tmp_path / "one") == written(two, tmp_path / "two")


def written(runs, folder):
    """Bytes of every table that `sim compare` writes."""
    folder.mkdir()
    compared = comparison.compare(runs, "ad_hoc", ["ad_hoc", "systematic"])
    comparison.save(compared, folder)
    scoreboard.save(compared, folder)
    money.save(money.money(compared, load(ARTICLE).model.finance), folder)
    found = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert len(found["table.csv"]) > 1000
    return found


@pytest.mark.slow
def test_sim_compare_writes_the_same_bytes_with_any_number_of_workers(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    tables = []
    for workers in ("1", "2"):
        words = [
            "compare",
            str(FILE),
            "--replications",
            "3",
            "--weeks",
            "1",
            "--workers",
            workers,
            "--out",
            f"out{workers}",
        ]
        result = CliRunner().invoke(main, words)
        assert result.exit_code == 0, result.output
        tables.append({path.name: path.read_bytes() for path in Path(f"out{workers}").glob("*.csv*")})
    assert tables[0] == tables[1] and "table.csv" in tables[0]
