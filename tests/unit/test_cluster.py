"""The same study on a Dask cluster: a real scheduler and two worker processes on this machine."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.cells import Cell
from sim.runner import runner
from sim.scenario import Scenario, load
from tests.small import ARTICLE

pytest.importorskip("distributed")

ROOT = Path(__file__).parents[2]
QUICK = load(ARTICLE).changed({"study.warmup_weeks": 1, "study.weeks": 1, "study.run_on_weeks": 0})
SLOWER = load(ARTICLE).changed({"study.warmup_weeks": 4, "study.weeks": 4, "study.run_on_weeks": 0})


BOARD = Cell(("stock_board",))


class Cluster:
    """A scheduler and its workers, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", self.address.rpartition(":")[2])
        self.workers = [self.worker() for _ in range(2)]

    def worker(self) -> "subprocess.Popen[bytes]":
        return self._start("worker", self.address, "--nthreads", "1", "--no-nanny", "--host", "127.0.0.1")

    def _start(self, what: str, *words: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-m", "dask", what, *words, "--no-dashboard"], cwd=self._folder,
            env=os.environ | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def ready(self, workers: int = 2) -> None:
        from distributed import Client

        with Client(self.address, timeout=30, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=30)

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    found = Cluster(tmp_path)
    try:
        found.ready()
        yield found
    finally:
        found.close()


def values(scenario: Scenario, count: int, folder: Path | None = None, cluster: str | None = None) -> list[float]:
    with runner(scenario, cluster=cluster, folder=folder) as runs:
        return runs.values(BOARD, "days_in_shop", count).tolist()


def test_a_cluster_gives_what_this_process_gives_to_the_last_digit(cluster: Cluster, tmp_path: Path) -> None:
    assert values(QUICK, 6, tmp_path / "runs", cluster.address) == values(QUICK, 6)


def test_a_worker_killed_in_the_middle_loses_nothing(cluster: Cluster) -> None:
    seen: list[int] = []

    def progress(done: int, total: int) -> None:
        seen.append(done)
        if done == 2:
            cluster.workers[0].send_signal(signal.SIGKILL)

    with runner(SLOWER, cluster=cluster.address, progress=progress) as runs:
        found = runs.values(BOARD, "days_in_shop", 8).tolist()
    cluster.workers[0].wait()
    assert found == values(SLOWER, 8)
    assert seen[-1] == 8


@pytest.mark.slow
def test_a_scheduler_that_dies_is_told_of_and_what_was_finished_is_kept(cluster: Cluster, tmp_path: Path) -> None:
    from sim.engine.store import RunStore
    from sim.failures import StudyFailed

    def progress(done: int, total: int) -> None:
        if done == 3:
            cluster.scheduler.kill()

    begun = time.monotonic()
    with (
        pytest.raises(StudyFailed, match="cluster"),
        runner(SLOWER, cluster=cluster.address, folder=tmp_path / "runs", progress=progress) as runs,
    ):
        runs.values(Cell(), "days_in_shop", 40)
    assert time.monotonic() - begun < 120
    with RunStore(tmp_path / "runs") as store:
        assert 3 <= store.count < 40
