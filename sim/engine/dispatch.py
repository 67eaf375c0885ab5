"""Tasks handed out in chunks, results taken as they come; a worker that dies costs at most what it was just doing.

Only a few chunks are out at any time, so a study of a million runs needs no million futures, and when a pool breaks it
is known what was being run. Those are then run one at a time: what kills its worker again by itself is reported as
failed, and the others finish.
"""

import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from itertools import islice
from typing import Any

from sim.engine.executors import CLUSTER_GONE, Pool, cluster_lost
from sim.failures import Failure, OtherCode
from sim.replication import Measured, Task, code_hash, measure_one

CHUNK_SECONDS = 0.1
"""Least work handed out at once: the overhead of the dearest executor (2 ms) is 2 % of it."""
MOST_IN_CHUNK = 1000
ATTEMPTS_ALONE = 2
"""Times a chunk may kill its worker when run alone, before it is given up."""

Numbered = tuple[int, Task]
Each = Callable[[int, Measured | Failure], None]


def run_chunk(tasks: list[Task]) -> tuple[str, float, list[Measured | Failure]]:
    """In a worker: run tasks; returns the code they were run with, the seconds it took, and their results."""
    begun = time.perf_counter()
    results = [measure_one(task) for task in tasks]
    return code_hash(), time.perf_counter() - begun, results


def dispatch(tasks: Iterable[Numbered], pool: Pool, each: Each) -> None:
    """Run numbered tasks; ``each`` is told the number and the result of one as soon as it is there.

    Raises:
        OtherCode: a worker runs other model code than this process.
        StudyFailed: the cluster went away.
    """
    _Dispatch(pool, each).run(iter(tasks))


class _Dispatch:
    def __init__(self, pool: Pool, each: Each) -> None:
        self._pool, self._each = pool, each
        self._out: dict[Future[Any], list[Numbered]] = {}
        self._suspects: deque[tuple[list[Numbered], int]] = deque()
        self._seconds, self._runs = 0.0, 0
        self._code = code_hash()

    def run(self, tasks: "Iterable[Numbered]") -> None:
        rest = iter(tasks)
        while True:
            while self._suspects:
                self._alone(*self._suspects.popleft())
            self._fill(rest)
            if not self._out:
                return
            done, _ = wait(self._out, return_when=FIRST_COMPLETED)
            self._take(done)

    def _fill(self, rest: "Iterable[Numbered]") -> None:
        """Keep two chunks for each slot in the air, so that no worker waits for the next one."""
        most = 1 if self._pool.slots == 1 else 2 * self._pool.slots
        while len(self._out) < most and (chunk := list(islice(rest, self._chunk_size()))):
            self._out[self._submit(chunk)] = chunk

    def _chunk_size(self) -> int:
        if not self._runs or not self._seconds:
            return 1
        return max(1, min(MOST_IN_CHUNK, round(CHUNK_SECONDS * self._runs / self._seconds + 0.5)))

    def _submit(self, chunk: list[Numbered]) -> Future[Any]:
        return self._pool.submit(run_chunk, [task for _, task in chunk])

    def _take(self, done: Iterable[Future[Any]]) -> None:
        broken = False
        for future in done:
            chunk = self._out.pop(future)
            try:
                result = future.result()
            except BrokenExecutor:
                broken = True
                self._suspects.append((chunk, 0))
            except CLUSTER_GONE as error:
                raise cluster_lost(error) from error
            except Exception as error:
                if not _killed(error):
                    raise
                self._suspects.append((chunk, 0))
            else:
                self._keep(chunk, result)
        if broken:  # the whole pool is gone, and with it everything that was out
            self._suspects.extend((chunk, 0) for chunk in self._out.values())
            self._out.clear()
            self._pool.restart()

    def _alone(self, chunk: list[Numbered], attempts: int) -> None:
        """Run a chunk by itself, so that a worker that dies is surely its doing."""
        try:
            result = self._submit(chunk).result()
        except CLUSTER_GONE as error:
            raise cluster_lost(error) from error
        except Exception as error:
            if not isinstance(error, BrokenExecutor) and not _killed(error):
                raise
            self._pool.restart()
            if attempts + 1 < ATTEMPTS_ALONE:
                self._suspects.append((chunk, attempts + 1))
            elif len(chunk) > 1:
                self._suspects.extend(([one], 0) for one in chunk)
            else:
                self._each(chunk[0][0], Failure("worker process ended abruptly (most often: out of memory)", ""))
        else:
            self._keep(chunk, result)

    def _keep(self, chunk: list[Numbered], result: tuple[str, float, list[Measured | Failure]]) -> None:
        code, seconds, found = result
        if code != self._code:
            raise OtherCode(self._code, code)
        self._seconds, self._runs = self._seconds + seconds, self._runs + len(chunk)
        for (number, _), one in zip(chunk, found, strict=True):
            self._each(number, one)


def _killed(error: Exception) -> bool:
    """Whether Dask gave a task up because it ended one worker after another; Dask is not imported for that."""
    return type(error).__name__ == "KilledWorker"
