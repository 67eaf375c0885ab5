"""Small versions of the article's centre for tests."""

from functools import cache
from pathlib import Path
from typing import Any

from sim.mechanisms import all_mechanisms
from sim.scenario import Scenario, load

ARTICLE = Path(__file__).parents[1] / "scenarios" / "article.toml"
PROPOSALS = sorted(name for name, kind in all_mechanisms().items() if not kind.yardstick)
"""Mechanisms that can all be in force together."""
SHORT = {"study.warmup_weeks": 2, "study.weeks": 3, "study.run_on_weeks": 1}


@cache
def article() -> Scenario:
    """The article's centre over two weeks of warm-up and three of study."""
    return load(ARTICLE).changed(SHORT)


def with_policy(mechanisms: list[str], changes: dict[str, Any] | None = None) -> Scenario:
    """The small centre with a policy "tested" made of some mechanisms."""
    return article().changed({"policies.tested": {"mechanisms": mechanisms}, **(changes or {})})
