"""Scenarios that end the process that runs them; in a module of their own, so that workers can import them."""

import os
import signal
from pathlib import Path
from typing import Any

from sim.scenario import Scenario


class Killer:
    """In place of a scenario: the worker that runs it dies, the first ``times`` times."""

    file, baseline, name = "killer.toml", "ad_hoc", "killer"

    def __init__(self, flags: Path, times: int, then: Scenario) -> None:
        self._flags, self._times, self._then = flags, times, then

    def __getattr__(self, key: str) -> Any:
        if key.startswith("_"):
            raise AttributeError(key)
        killed = len(list(self._flags.glob("killed-*")))
        if killed < self._times:
            (self._flags / f"killed-{killed}").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return getattr(self._then, key)
