"""A run store loses nothing, reads nothing stale, and says in one line what keeps it from working."""

import json
import math
import os
import sqlite3
import subprocess
import sys
import textwrap
import zlib
from pathlib import Path
from typing import Any

import pytest

from sim import replication
from sim.cells import TRIED, Cell
from sim.engine import store as storing
from sim.engine.store import NAME, RunStore, StoreTrouble
from sim.keys import run_key
from sim.laws.found import equal
from sim.replication import Measured, Task
from tests.small import article

MEASURED = Measured(
    {"all": {"nps": 1 / 3, "deals": math.nan}}, {"cost": [0.1, 0.2]}, (equal("cars", "cars", 1.0, 2.0),),
    {"nps": ([1.0], [2.0])}, [0.25],
)  # fmt: skip


def task(cell: Cell | None = None, seed: int = 1, number: int = 0, weeks: int = 3, changes: Any = None) -> Task:
    return Task((cell or Cell()).scenario(article().changed(changes or {})), TRIED, seed, number, weeks)


def written(folder: Path, count: int = 1) -> list[str]:
    with RunStore(folder) as store:
        for number in range(count):
            store.write(run_key(task(number=number)), task(number=number), MEASURED)
    return [run_key(task(number=number)) for number in range(count)]


def test_what_is_read_is_what_was_written_to_the_last_digit(tmp_path: Path) -> None:
    (key,) = written(tmp_path)
    with RunStore(tmp_path) as store:
        found = store.read(key)
        assert found is not None and repr(found) == repr(MEASURED)
        (kept,) = store.find([key, "another"])
        assert repr(kept.windows) == repr(MEASURED.windows) and kept.laws_broken == 1
        assert store.count == 1 and store.stale == 0


@pytest.mark.parametrize(
    "other",
    [
        task(seed=2), task(number=1), task(weeks=4), task(Cell(("stock_board",))),
        task(changes={"parts.forecast.bias": -0.2}), task(changes={"study.warmup_weeks": 3}),
        task(changes={"jobs.body.work_hours.mean": 13.9}), task(changes={"study.run_on_weeks": 2}),
    ],
    ids=["seed", "replication", "weeks", "mechanisms", "a number", "warm-up", "a law", "run-on"],
)  # fmt: skip
def test_whatever_can_change_a_run_changes_its_key(other: Task) -> None:
    assert run_key(other) != run_key(task())


def test_a_setting_of_a_mechanism_counts_only_where_it_is_in_force() -> None:
    change = {"mechanisms.escalation_ladder.limit_hours": 12.0}
    ladder = Cell(("escalation_ladder",))
    assert run_key(task(changes=change)) == run_key(task())
    assert run_key(task(ladder, changes=change)) != run_key(task(ladder))
    assert run_key(task(ladder, changes=change)) == run_key(
        task(ladder.with_settings("escalation_ladder", {"limit_hours": 12.0}))
    )


def test_names_and_order_and_what_is_compared_do_not_change_a_key() -> None:
    pair, turned = Cell(("stock_board", "bay_reservation")), Cell(("bay_reservation", "stock_board"))
    assert run_key(task(pair)) == run_key(task(turned))
    said = {"study.replications": 7, "study.margins": {"nps": 3.0}, "title": {"zh": "甲"}, "study.compared": []}
    assert run_key(task(changes=said)) == run_key(task())
    assert run_key(Task(article(), article().baseline, 1, 0, 3)) == run_key(task()), "ad hoc under another name"


def test_every_key_of_the_study_table_is_either_in_the_key_or_known_to_change_no_run() -> None:
    from sim.keys import APART
    from sim.scenario import StudySettings

    assert set(StudySettings.model_fields) - APART["study"] == {"first_day", "warmup_weeks", "run_on_weeks"}


def test_runs_of_other_model_code_are_never_used_and_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (key,) = written(tmp_path)
    for module in (replication, storing):
        monkeypatch.setattr(module, "code_hash", lambda: "0" * 64)
    monkeypatch.setattr("sim.keys.code_hash", lambda: "0" * 64)
    assert run_key(task()) != key
    with RunStore(tmp_path) as store:
        assert store.stale == 1
        assert not list(store.find([run_key(task())]))
        assert store.count == 1, "kept, not used"


def test_the_code_hash_covers_the_model_and_its_measures() -> None:
    from sim.source_hash import reached

    names = {path.name for path in reached(*replication.MEASURED_BY)}
    assert {
        "centre.py",
        "journey.py",
        "disputes.py",
        "escalation_ladder.py",
        "metrics.py",
        "weekly.py",
        "check.py",
    } <= names
    assert not names & {"store.py", "dispatch.py", "charts.py"}


def test_a_damaged_row_is_as_if_it_had_never_been(tmp_path: Path) -> None:
    key, other = written(tmp_path, 2)
    with sqlite3.connect(tmp_path / NAME) as db:
        db.execute("UPDATE runs SET windows = substr(windows, 1, 20) WHERE key = ?", (key,))
    db.close()
    with RunStore(tmp_path) as store:
        assert [kept.key for kept in store.find([key, other])] == [other]
        assert store.read(key) is None and store.read(other) is not None


def trouble(folder: Path) -> str:
    with pytest.raises(StoreTrouble) as caught:
        written(folder)
    zh, en = caught.value.text("zh"), caught.value.text("en")
    assert str(folder / NAME) in zh and str(folder / NAME) in en and "\n" not in zh + en
    return en


def test_a_damaged_file_is_named_and_kept(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"this is no database at all" * 100)
    assert "damaged" in trouble(tmp_path)
    assert (tmp_path / NAME).read_bytes().startswith(b"this is no database")


def test_a_store_torn_in_the_middle_is_named(tmp_path: Path) -> None:
    written(tmp_path, 40)
    whole = (tmp_path / NAME).read_bytes()
    (tmp_path / NAME).write_bytes(whole[:4096] + os.urandom(len(whole) - 4096))
    with pytest.raises(StoreTrouble) as caught, RunStore(tmp_path) as store:
        list(store.find([run_key(task(number=number)) for number in range(40)]))
    assert "damaged" in caught.value.text("en")


def test_a_full_disk_stops_at_once_and_keeps_what_there_was(tmp_path: Path) -> None:
    keys = written(tmp_path, 2)
    with RunStore(tmp_path) as store:
        store._db.execute("PRAGMA max_page_count = 6")  # a full disk gives the same error, SQLITE_FULL
        with pytest.raises(StoreTrouble) as caught:
            for number in range(2, 200):
                store.write(run_key(task(number=number)), task(number=number), MEASURED)
    assert "disk is full" in caught.value.text("en") and "磁盘已满" in caught.value.text("zh")
    with RunStore(tmp_path) as store:
        assert len(list(store.find(keys))) == 2


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert "cannot be written" in trouble(tmp_path)
    tmp_path.chmod(0o700)


def test_a_folder_in_the_place_of_the_file_is_named(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    assert "cannot be written" in trouble(tmp_path)


HOLD = """
    import sys, time
    from pathlib import Path
    from sim.engine.store import RunStore
    with RunStore(Path(sys.argv[1])):
        print("open", flush=True)
        time.sleep(60)
"""


def test_a_second_process_is_told_and_a_killed_one_leaves_no_lock(tmp_path: Path) -> None:
    keys = written(tmp_path)
    other = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(HOLD), str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None and other.stdout.readline() == "open\n"
    assert "in use by another study" in trouble(tmp_path)
    other.kill()
    other.wait()
    with RunStore(tmp_path) as store:
        assert len(list(store.find(keys))) == 1


def test_many_keys_are_asked_in_parts(tmp_path: Path) -> None:
    (key,) = written(tmp_path)
    with RunStore(tmp_path) as store:
        assert [kept.key for kept in store.find([*(f"{n:064d}" for n in range(1200)), key])] == [key]


def test_rows_can_be_read_by_any_sqlite(tmp_path: Path) -> None:
    written(tmp_path)
    db = sqlite3.connect(tmp_path / NAME)
    assert db.execute("SELECT scenario, mechanisms, seed, replication, weeks FROM runs").fetchall() == [
        ("article", "", "1", 0, 3)
    ]
    assert json.loads(zlib.decompress(db.execute("SELECT windows FROM runs").fetchone()[0]))
    db.close()
