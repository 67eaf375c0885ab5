"""Where tasks run: here, in spawned processes, or on a Dask cluster; the same three calls each way.

An executor of the standard library's shape (`submit` gives a future) is all the kit asks for, so one code path serves
one process, all processors of this machine, and many machines.
"""

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor
from multiprocessing.connection import Connection, wait
from typing import Any, Protocol

from sim.failures import StudyFailed

CONNECT_SECONDS = 10
"""How long a scheduler is waited for."""


CLUSTER_GONE = (CancelledError, OSError)
"""What a future raises when its cluster is gone."""


def cluster_lost(error: Exception) -> StudyFailed:
    """What to tell when a cluster goes away."""
    return StudyFailed(
        f"与集群的连接断了（{type(error).__name__}：{error}）。已完成的运行都已保存；再运行同一条命令，只补缺少的。",
        f"The cluster went away ({type(error).__name__}: {error}). Finished runs are kept; the same command computes "
        "only what is missing.",
    )


class Pool(Protocol):
    """Somewhere to run things."""

    @property
    def slots(self) -> int:
        """How many things can run at once."""

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Start it, or put it in the queue."""

    def restart(self) -> None:
        """After a worker died: make the pool able to work again; what was submitted is lost."""


class Here:
    """This process: a thing is run when it is submitted."""

    slots = 1

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Run it now; its exception waits in the future, but an interruption is raised at once."""
        future: Future[Any] = Future()
        try:
            future.set_result(function(*arguments))
        except Exception as error:
            future.set_exception(error)
        return future

    def restart(self) -> None:
        """Nothing can have died."""


class Processes:
    """Processes of this machine, spawned: fork would copy whatever threads and locks the caller (a notebook) holds.

    Workers hang on a lifeline: they end at once when this process lets go of it, and the system lets go of it when
    this process is killed, so there are never orphans.
    """

    def __init__(self, workers: int) -> None:
        self.slots = workers
        self._context = multiprocessing.get_context("spawn")
        self._lifeline, self._held = self._context.Pipe(duplex=False)
        self._executor = self._make()

    def _make(self) -> Executor:
        return ProcessPoolExecutor(self.slots, self._context, initializer=_hang_on, initargs=(self._lifeline,))

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Queue it; a pool found broken gives a future that says so."""
        try:
            return self._executor.submit(function, *arguments)
        except BrokenExecutor as error:
            future: Future[Any] = Future()
            future.set_exception(error)
            return future

    def restart(self) -> None:
        """A new pool of processes."""
        self._executor.shutdown(wait=False, cancel_futures=True)
        self._executor = self._make()

    def close(self, at_work: bool) -> None:
        """End the workers; those ``at_work`` are not waited for."""
        if at_work:
            self._held.close()
        self._executor.shutdown(wait=True, cancel_futures=True)
        self._held.close()
        self._lifeline.close()


def _hang_on(lifeline: Connection) -> None:
    """In a worker: end at once when the parent lets go of the other end of ``lifeline``, however it does so."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides

    def watch() -> None:
        wait([lifeline])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


class Cluster:
    """A Dask cluster that runs already; Dask itself gives a dead worker's tasks to another one."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._executor = client.get_executor(pure=False)

    @property
    def slots(self) -> int:
        """Threads of all workers, asked anew each time: workers come and go."""
        try:
            return max(sum(self._client.ncores().values()), 1)
        except CLUSTER_GONE as error:
            raise cluster_lost(error) from error

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Queue it on the cluster."""
        future: Future[Any] = self._executor.submit(function, *arguments)
        return future

    def restart(self) -> None:
        """The cluster looks after its own workers."""


@contextlib.contextmanager
def pool(workers: int = 1, cluster: str | None = None) -> Iterator[Pool]:
    """Somewhere to run things, for the time of a ``with`` block.

    Args:
        workers: processes of this machine; 1 is this process. A script that asks for more needs the usual
            ``if __name__ == "__main__":`` guard, since workers are spawned.
        cluster: address of a Dask scheduler, such as ``tcp://10.0.0.5:8786``, in place of ``workers``.

    Raises:
        StudyFailed: no scheduler answers, or the extra ``cluster`` is not installed.
    """
    if cluster is not None:
        with _client(cluster) as client:
            yield Cluster(client)
    elif workers <= 1:
        yield Here()
    else:
        processes = Processes(workers)
        at_work = True
        try:
            yield processes
            at_work = False
        finally:
            processes.close(at_work)


@contextlib.contextmanager
def _client(address: str) -> Iterator[Any]:
    try:
        from distributed import Client
    except ImportError:
        raise StudyFailed(
            "用集群需要附加组件：运行 python3 run.py extras（或 pip install 'servicesim[cluster]'）",
            "a cluster needs the extra: run python3 run.py extras (or pip install 'servicesim[cluster]')",
        ) from None
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise StudyFailed(
            f"连不上集群 {address}：{error}。请检查地址，以及 dask scheduler 是否在运行（见 docs/scaling.md）",
            f"cannot reach the cluster {address}: {error}. Check the address, and that dask scheduler is running "
            "(docs/scaling.md)",
        ) from None
    with client:
        yield client
