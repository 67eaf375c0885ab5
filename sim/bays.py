"""Bays that break down: each goes out of order and is mended by itself; a car on a broken bay stays and waits there."""

from collections.abc import Callable
from heapq import heapify, heappop, heappush

import simpy

from sim.calendar import Calendar
from sim.waiting import Flag, Story, until


class BreakingBays:
    """Bays of one kind. Of those free and in order the lowest number goes; queue as in :class:`sim.waiting.Pool`."""

    def __init__(
        self,
        env: simpy.Environment,
        number: int,
        hours: Callable[[int, int], tuple[float, float]],
        mended: Callable[[float], None],
    ) -> None:
        """``hours(bay, nth)``: clock hours in order before its nth breakdown, and of repair; ``mended`` hears of it."""
        self._env = env
        self._queue: list[tuple[float, int, simpy.Event]] = []
        self._arrivals = 0
        self._idle = list(range(number))
        self._taken = [False] * number
        self._mended_at = [0.0] * number
        self._stopped = [Flag(env) for _ in range(number)]
        for bay in range(number):
            env.process(self._life(bay, hours, mended))

    def take(self, priority: float = 0.0) -> Story:
        """Take a bay, waiting if none is free and in order. Returns its number."""
        if self._idle and not self._queue:
            bay = heappop(self._idle)
            self._taken[bay] = True
            return bay
        self._arrivals += 1
        event = self._env.event()
        heappush(self._queue, (priority, self._arrivals, event))
        bay = yield event
        return bay

    def give_back(self, bay: int) -> None:
        """Return a bay; one out of order is free again only once it is mended."""
        self._taken[bay] = False
        if self._mended_at[bay] <= self._env.now:
            self._offer(bay)

    def work(self, bay: int, hours: float, calendar: Calendar) -> Story:
        """Work on this bay: open hours during which it is in order. What was done before a breakdown stays done."""
        while hours > 0:
            yield from until(self._env, self._mended_at[bay])
            since = self._env.now
            if not (yield from self._stopped[bay].wait(calendar.add(since, hours))):
                return
            hours -= calendar.between(since, self._env.now)

    def _life(
        self, bay: int, hours: Callable[[int, int], tuple[float, float]], mended: Callable[[float], None]
    ) -> Story:
        nth = 0
        while True:
            in_order, repair = hours(bay, nth)
            nth += 1
            yield self._env.timeout(in_order)
            if not self._taken[bay]:
                self._idle.remove(bay)
                heapify(self._idle)
            self._mended_at[bay] = self._env.now + repair
            stopped, self._stopped[bay] = self._stopped[bay], Flag(self._env)
            stopped.up()
            yield self._env.timeout(repair)
            mended(repair)
            if not self._taken[bay]:
                self._offer(bay)

    def _offer(self, bay: int) -> None:
        if self._queue:
            self._taken[bay] = True
            heappop(self._queue)[2].succeed(bay)
        else:
            heappush(self._idle, bay)
