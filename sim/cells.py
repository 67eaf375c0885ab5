"""A cell of a study: mechanisms with settings of their own, and keys of the scenario that differ from it."""

import json
import shlex
from dataclasses import dataclass, field
from typing import Any

from sim.scenario import Scenario

Settings = dict[str, dict[str, Any]]
TRIED = "tried"
"""Name of the policy a cell is run under."""


@dataclass(frozen=True)
class Cell:
    """One variant: mechanisms with settings of their own, and keys of the scenario that differ."""

    mechanisms: tuple[str, ...] = ()
    settings: Settings = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, scenario: Scenario, policy: str, changes: dict[str, Any] | None = None) -> "Cell":
        """A policy of the scenario, its own settings included, with further keys changed."""
        written = scenario.model.policies[policy]
        return cls(tuple(written.mechanisms), dict(written.settings), changes or {})

    @property
    def key(self) -> str:
        """What makes two variants the same."""
        return json.dumps([sorted(self.mechanisms), self.settings, self.changes], sort_keys=True, default=str)

    def __hash__(self) -> int:
        return hash(self.key)

    def with_changes(self, changes: dict[str, Any]) -> "Cell":
        """The same mechanisms in a scenario that differs in further keys."""
        return Cell(self.mechanisms, self.settings, self.changes | changes)

    def with_settings(self, mechanism: str, settings: dict[str, Any]) -> "Cell":
        """The same variant with other settings of one mechanism."""
        merged = self.settings | {mechanism: self.settings.get(mechanism, {}) | settings}
        return Cell(self.mechanisms, merged, self.changes)

    def scenario(self, base: Scenario) -> Scenario:
        """The scenario in which policy TRIED is this variant.

        Raises:
            Problems: a key or a value the scenario could not hold.
        """
        policy = {"mechanisms": list(self.mechanisms), "settings": self.settings}
        return base.changed(self.changes | {f"policies.{TRIED}": policy})

    def command(self, file: str, seed: int, replication: int, weeks: int) -> str:
        """The command that runs one replication of this cell alone."""
        values = {f"mechanisms.{name}.{key}": v for name, own in self.settings.items() for key, v in own.items()}
        words = ["sim", "run", file, "--mechanisms", ",".join(self.mechanisms)]
        for key, value in (self.changes | values).items():
            words += ["--set", f"{key}={json.dumps(value, ensure_ascii=False)}"]
        words += ["--seed", str(seed), "--replication", str(replication), "--weeks", str(weeks)]
        return shlex.join(words)
