"""What makes two runs the same run: a hash of everything that can change them, and of nothing else."""

import hashlib
import json
from typing import Any

from sim.replication import Task, code_hash

APART: dict[str, Any] = {
    "title": True,
    "policies": True,
    "mechanisms": True,
    "calibration": True,
    "study": {"weeks", "replications", "seed", "baseline", "compared", "margins"},
}
"""What a scenario says that no run reads: names, what is compared and fitted, and what the task itself says."""


def run_key(task: Task) -> str:
    """SHA-256 of the resolved scenario, the mechanisms in force, seed, replication, horizon and model code.

    A policy's name and its order of mechanisms are no part of it, so that all studies share their runs.
    """
    scenario = task.scenario
    content = {
        "model": scenario.model.model_dump(mode="json", exclude=APART),
        "mechanisms": {
            name: scenario.mechanism(name, task.policy).model_dump(mode="json")
            for name in sorted(scenario.policies[task.policy].mechanisms)
        },
        "histories": {name: [list(skus), mean.tolist()] for name, (skus, mean) in scenario.histories.items()},
        "seed": task.seed,
        "replication": task.replication,
        "weeks": task.weeks,
        "series": task.with_series,
        "code": code_hash(),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
