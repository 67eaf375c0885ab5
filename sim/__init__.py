"""A service centre under ad-hoc coordination and under systematic mechanisms. The verbs a notebook uses.

>>> from sim import compare
>>> compare("scenarios/article.toml").chart("two_worlds")  # doctest: +SKIP
"""

# Nothing heavy is imported until a verb is used: `sim --help` and a notebook's first cell stay quick.
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.notebook import ShownAudit, ShownComparison, ShownStory
    from sim.scenario import Scenario
    from sim.study_verbs import attribute, best, plan, review, sensitivity, sweep, warm_up

__all__ = [
    "attribute", "audit", "best", "compare", "load", "plan", "review", "sensitivity", "story", "sweep", "warm_up",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """The verbs of studies, from sim/study_verbs.py when first used."""
    if name not in __all__:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    from sim import study_verbs

    return getattr(study_verbs, name)


def load(path: "str | Path") -> "Scenario":
    """Read and check a scenario file.

    Raises:
        sim.problems.Problems: everything that is wrong with it, each with its line.
    """
    from sim.scenario import load as read

    return read(path)


def compare(
    scenario: "str | Path | Scenario",
    policies: Sequence[str] | None = None,
    replications: int | None = None,
    weeks: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    precision: str | None = None,
    most: int | None = None,
    family: Sequence[str] | None = None,
    folder: "str | Path | None" = None,
    cluster: str | None = None,
) -> "ShownComparison":
    """Run policies beside the baseline; what is left out is as the scenario says.

    Args:
        policies: policies to compare with the baseline; all of the scenario's if left out.
        weeks: weeks counted after the warm-up.
        workers: processes; all processors if left out. The results do not depend on it.
        progress: told (replications done, replications in all).
        precision: replicate until the differences are this precise, such as "shortage_rate=0.005" or "margins".
        most: replications allowed with ``precision``.
        family: metrics whose verdicts are judged together; the headline ones if left out.
        folder: where runs are remembered (runs.sqlite); nowhere if left out.
        cluster: address of a Dask scheduler, in place of ``workers``.

    Raises:
        sim.problems.Problems: everything that is wrong with the scenario or with what was asked.
        sim.experiment.ReplicationFailed: a replication raised an error.
    """
    from contextlib import nullcontext

    from sim.comparison import HEADLINE
    from sim.engine.store import RunStore
    from sim.notebook import shown
    from sim.options import Checker, study_options
    from sim.sequential import compare_as_asked

    asked = study_options(
        Checker("compare"), scenario, policies, replications, weeks, seed, workers, family, precision, most, HEADLINE
    )  # fmt: skip
    with nullcontext() if folder is None else RunStore(Path(folder)) as store:
        return shown(compare_as_asked(asked, progress, store, cluster))


def audit(
    scenario: "str | Path | Scenario" = "scenarios/article.toml",
    only: Sequence[str] | None = None,
    replications: int = 20,
    with_tests: bool = True,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> "ShownAudit":
    """Audit the article's claims: run them, judge them, put them to the six tests.

    Args:
        only: ids of claims (K3, K5 …); all if left out.
        replications: of each variant; the tests take a quarter.
        with_tests: the six tests and the regions in which a claim would hold.

    Raises:
        sim.problems.Problems: everything that is wrong with the scenario.
    """
    import os

    from sim.claims.audit import audit as run
    from sim.notebook import shown_audit

    found = load(scenario) if isinstance(scenario, str | Path) else scenario
    count = workers or os.cpu_count() or 1
    return shown_audit(run(found, only, replications, workers=count, with_tests=with_tests, progress=progress))


def story(
    scenario: "str | Path | Scenario",
    like: str | None = None,
    customer: int | None = None,
    policies: Sequence[str] | None = None,
    seed: int | None = None,
    replication: int = 0,
) -> "ShownStory":
    """One customer's story under each policy.

    Args:
        like: name of a pinned case of the scenario.
        customer: number of any other customer.

    Raises:
        KeyError: nobody of that name or number came.
    """
    from sim.centre import replicate
    from sim.notebook import ShownStory
    from sim.stories import find, tell
    from sim.words_story import footnote

    found = load(scenario) if isinstance(scenario, str | Path) else scenario
    names = tuple(policies or found.compared)
    seed = found.study.seed if seed is None else seed
    logs = {name: replicate(found, name, seed, replication) for name in names}
    told = tuple(tell(log, name, find(log, customer, like)) for name, log in logs.items())
    notes = {lang: footnote(found.title, found.name, seed, replication, lang) for lang in ("zh", "en")}
    return ShownStory(told, {name: found.policies[name].title for name in names}, notes)
