"""Daily series of many replications, made wherever a pool runs them; they are looked at once and not kept."""

import traceback
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Future
from itertools import islice
from typing import Any, NamedTuple

from sim.daily import Series
from sim.engine.executors import CLUSTER_GONE, Pool, cluster_lost
from sim.failures import Failure, StudyFailed
from sim.replication import ReplicationFailed, Task

Progress = Callable[[int, int], None]


class Wanted(NamedTuple):
    """One run, looked at from the switch on."""

    task: Task
    weeks_counted: int
    """Weeks of a study's window, as :func:`sim.daily.daily_series` reads it."""


def daily_one(wanted: Wanted) -> Series | Failure:
    """In a worker: run one replication and take its daily series; an error comes back as a value."""
    from sim.centre import replicate
    from sim.daily import daily_series

    task = wanted.task
    try:
        log = replicate(task.scenario, task.policy, task.seed, task.replication, task.weeks)
        return daily_series(log, wanted.weeks_counted)
    except Exception as error:
        return Failure(f"{type(error).__name__}: {error}", traceback.format_exc())


def daily_runs(wanted: list[Wanted], pool: Pool, progress: Progress) -> Iterator[Series]:
    """The series of every run, in order; a few more than the pool has places are out at a time.

    Raises:
        ReplicationFailed: a run raised an error.
        StudyFailed: a worker died, or the cluster went away.
    """
    rest = iter(wanted)
    out: deque[tuple[Wanted, Future[Any]]] = deque()
    done = 0
    while True:
        out.extend((one, pool.submit(daily_one, one)) for one in islice(rest, 2 * pool.slots - len(out)))
        if not out:
            return
        one, future = out.popleft()
        try:
            found = future.result()
        except CLUSTER_GONE as error:
            raise cluster_lost(error) from error
        except BrokenExecutor as error:
            raise StudyFailed(
                "工作进程意外终止（多半是内存不足）。请用 --workers 1，或减少 --weeks，再运行一次",
                "a worker process ended abruptly (most often: out of memory). Run again with --workers 1 or fewer "
                "--weeks",
            ) from error
        if isinstance(found, Failure):
            raise ReplicationFailed(one.task, found)
        done += 1
        progress(done, len(wanted))
        yield found
