"""Runs handed out: the same results whatever happens to the workers, and nothing is lost but what was in flight."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from sim.cells import TRIED, Cell
from sim.engine.dispatch import CHUNK_SECONDS, dispatch
from sim.engine.executors import Here, cluster_lost, pool
from sim.engine.store import NAME, RunStore
from sim.failures import Failure, OtherCode, StudyFailed
from sim.replication import Measured, Task, code_hash
from sim.scenario import load
from tests.small import ARTICLE
from tests.unit.killers import Killer

TINY = load(ARTICLE).changed({"study.warmup_weeks": 0, "study.weeks": 1, "study.run_on_weeks": 0})


def tasks(count: int, scenario: Any = None) -> list[Task]:
    found = Cell().scenario(TINY) if scenario is None else scenario
    return [Task(found, TRIED if scenario is None else "ad_hoc", 1, number, 1) for number in range(count)]


def collected(wanted: list[Task], workers: int = 2) -> dict[int, Measured | Failure]:
    found: dict[int, Measured | Failure] = {}
    with pool(workers) as where:
        dispatch(enumerate(wanted), where, lambda number, one: found.update({number: one}))
    return found


@pytest.fixture(scope="module")
def expected() -> dict[int, Measured | Failure]:
    return collected(tasks(6), workers=1)


def test_processes_give_what_this_process_gives(expected: dict[int, Measured | Failure]) -> None:
    assert repr(sorted(collected(tasks(6)).items())) == repr(sorted(expected.items()))


def test_a_worker_killed_in_the_middle_loses_nothing(expected: dict[int, Measured | Failure], tmp_path: Path) -> None:
    wanted = tasks(6)
    wanted[2] = Task(Killer(tmp_path, 1, TINY), "ad_hoc", 1, 2, 1)  # type: ignore[arg-type]
    found = collected(wanted)
    assert repr(sorted(found.items())) == repr(sorted(expected.items()))
    assert len(list(tmp_path.glob("killed-*"))) == 1


def test_a_run_that_kills_every_worker_is_given_up_and_the_others_finish(
    expected: dict[int, Measured | Failure], tmp_path: Path
) -> None:
    wanted = tasks(6)
    wanted[1] = Task(Killer(tmp_path, 99, TINY), "ad_hoc", 1, 1, 1)  # type: ignore[arg-type]
    found = collected(wanted)
    given_up = found.pop(1)
    assert isinstance(given_up, Failure) and "out of memory" in given_up.error
    assert repr(sorted(found.items())) == repr(sorted((n, one) for n, one in expected.items() if n != 1))


class Slots(Here):
    """A pool of two slots whose runs are made up; remembers the size of each chunk."""

    slots = 2

    def __init__(self, seconds: float, code: str = "") -> None:
        self.sizes: list[int] = []
        self._seconds, self._code = seconds, code or code_hash()

    def submit(self, function: Callable[..., Any], *arguments: Any) -> "Future[Any]":
        (chunk,) = arguments
        self.sizes.append(len(chunk))
        future: Future[Any] = Future()
        future.set_result((self._code, self._seconds * len(chunk), [Measured({}, {}) for _ in chunk]))
        return future


@pytest.mark.parametrize(("seconds", "size"), [(2.0, 1), (0.11, 1), (0.02, 5), (0.0003, 334)])
def test_chunks_take_a_tenth_of_a_second_at_least(seconds: float, size: int) -> None:
    where, seen = Slots(seconds), []
    dispatch(((n, None) for n in range(3000)), where, lambda number, one: seen.append(number))  # type: ignore[misc]
    assert sorted(seen) == list(range(3000))
    assert size <= where.sizes[10 if seconds > 0.01 else 5] <= size + 1
    assert where.sizes[5] * seconds >= CHUNK_SECONDS or seconds * 1000 < CHUNK_SECONDS


def test_a_million_runs_are_not_submitted_at_once() -> None:
    where = Slots(0.5)
    taken = 0

    def endless() -> Any:
        nonlocal taken
        while True:
            taken += 1
            yield taken, None

    class Enough(Exception):
        pass

    def each(number: int, one: Any) -> None:
        if number == 50:
            raise Enough

    with pytest.raises(Enough):
        dispatch(endless(), where, each)
    assert taken < 60


def test_a_worker_with_other_model_code_is_refused() -> None:
    with pytest.raises(OtherCode) as caught:
        dispatch([(0, None)], Slots(0.1, "f" * 64), lambda number, one: None)  # type: ignore[list-item]
    assert "ffffffffffff" in caught.value.text("zh") and "ffffffffffff" in caught.value.text("en")


def test_a_cluster_that_nobody_answers_for_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("sim.engine.executors.CONNECT_SECONDS", 1)
    with pytest.raises(StudyFailed) as caught, pool(cluster="tcp://127.0.0.1:1"):
        pass
    assert "tcp://127.0.0.1:1" in caught.value.text("en") and "docs/scaling.md" in caught.value.text("zh")


def test_without_the_extra_a_cluster_is_refused_with_the_next_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(StudyFailed) as caught, pool(cluster="tcp://127.0.0.1:8786"):
        pass
    assert "run.py extras" in caught.value.text("zh")


STUDY = """
    import sys
    from pathlib import Path
    from sim.cells import Cell
    from sim.runner import runner
    from sim.scenario import load
    from tests.small import ARTICLE

    if __name__ == "__main__":
        scenario = load(ARTICLE).changed({"study.warmup_weeks": 1, "study.weeks": 1, "study.run_on_weeks": 0})
        with runner(scenario, workers=2, folder=Path(sys.argv[1])) as runs:
            print(runs.values(Cell(), "nps", 12).tolist())
"""


def started(folder: Path, script: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, str(script), str(folder)], stdout=subprocess.PIPE, text=True,
                            cwd=Path(__file__).parents[2], env=os.environ | {"PYTHONPATH": "."})  # fmt: skip


def children(process: int) -> list[int]:
    listed = Path(f"/proc/{process}/task/{process}/children")
    return [int(word) for word in listed.read_text().split()]


def alive(process: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{process}/stat").read_text().split(")")[1].split()[0]
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux to look at processes")
def test_killed_in_the_middle_it_goes_on_with_the_same_values_and_leaves_no_orphan(tmp_path: Path) -> None:
    script = tmp_path / "study.py"
    script.write_text(textwrap.dedent(STUDY), encoding="utf-8")
    undisturbed = started(tmp_path / "whole", script).communicate()[0]
    process = started(tmp_path / "cut", script)
    wal = tmp_path / "cut" / f"{NAME}-wal"
    deadline = time.monotonic() + 60
    while not (wal.exists() and wal.stat().st_size > 30_000) and time.monotonic() < deadline:
        time.sleep(0.02)
    workers = children(process.pid)
    process.send_signal(signal.SIGKILL)
    process.wait()
    deadline = time.monotonic() + 10
    while any(map(alive, workers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert workers and not any(map(alive, workers)), "workers end with their parent"
    with RunStore(tmp_path / "cut") as store:
        kept = store.count
    assert 0 < kept < 12
    assert started(tmp_path / "cut", script).communicate()[0] == undisturbed
    with RunStore(tmp_path / "cut") as store:
        assert store.count == 12


def test_dispatch_names_what_a_lost_cluster_says() -> None:
    said = cluster_lost(OSError("stream closed"))
    assert "stream closed" in said.text("zh") and "stream closed" in said.text("en")
