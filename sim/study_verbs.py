"""The verbs of studies, as a notebook uses them. Each asks what the command of its name asks, with the same checks.

Every verb also takes the keywords of :class:`Options`; with ``folder`` its runs are remembered there, in runs.sqlite.
Each raises Problems with everything that is wrong, and StudyFailed if the store, a worker or the cluster fails.
"""

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from sim.commands.studying import Asked, checked

if TYPE_CHECKING:
    from sim.runner import Progress, Runner
    from sim.scenario import Scenario
    from sim.studies.attribution import Attribution
    from sim.studies.best import BestBundle
    from sim.studies.planning import PilotPlan
    from sim.studies.reviewing import PilotReview
    from sim.studies.sensitivity import Sensitivity
    from sim.studies.sweep import Sweep
    from sim.studies.warming import WarmUp


class Common(TypedDict, total=False):
    """What all studies may be given; what is left out is as the scenario or the command says."""

    replications: int
    seed: int
    workers: int
    """Processes; all processors if left out. The result does not depend on it."""
    cluster: str
    """Address of a Dask scheduler, in place of ``workers``."""
    folder: str | Path
    progress: "Progress"


class Options(Common, total=False):
    """The same for studies of one horizon."""

    weeks: int
    """Weeks counted after the warm-up."""


def sweep(
    scenario: "str | Path | Scenario", vary: Mapping[str, Sequence[Any] | str], design: str = "grid",
    samples: int | None = None, policies: Sequence[str] | None = None, metrics: Sequence[str] | None = None,
    **options: Unpack[Options],
) -> "Sweep":  # fmt: skip
    """Policies beside the baseline while keys of the scenario take several values.

    Args:
        vary: dotted key to its values, or to a text "low:high:number".
        design: grid (all combinations), lhs or sobol (a sample of ``samples`` points).
    """
    from sim.commands.sweep import chosen_metrics, planned
    from sim.studies.sweep import sweep as run

    study = _study("sweep", scenario, options, 10)
    written = tuple(f"{key}={_written(values)}" for key, values in vary.items())
    named = None if policies is None else ",".join(policies)
    found = planned(study, written, design, samples or 0, None, named)
    names = chosen_metrics(study.check, None if metrics is None else ",".join(metrics))
    with _running(study) as runner:
        assert found is not None
        return run(runner, found, study.replications, names)


def attribute(
    scenario: "str | Path | Scenario", policy: str | None = None, mechanisms: Sequence[str] | None = None,
    metrics: Sequence[str] | None = None, **options: Unpack[Options],
) -> "Attribution":  # fmt: skip
    """Each mechanism's part in a policy's effect (Shapley value over all bundles).

    Args:
        policy: the policy taken apart; the last compared if nothing is named.
        mechanisms: names in place of a policy's.
    """
    from sim.studies.attribution import attribute as run
    from sim.studies.attribution_question import question

    study = _study("attribute", scenario, options, 10)
    asked = question(study.check, study.found, policy, mechanisms, metrics) if study.found else None
    with _running(study) as runner:
        assert asked is not None
        return run(runner, asked, study.replications)


def best(
    scenario: "str | Path | Scenario", maximise: str | None = None, minimise: str | None = None,
    subject_to: Sequence[str] = (), no_department_worse: bool = False, delta: float | None = None,
    mechanisms: Sequence[str] | None = None, policy: str | None = None, bundles: str | None = None,
    most: int | None = None, alpha: float | None = None, tolerance: Sequence[str] = (), **options: Unpack[Options],
) -> "BestBundle":  # fmt: skip
    """The best bundle of mechanisms within limits such as "total_cost_yuan<=60万", with the guarantee reached.

    Args:
        delta: difference in the objective that does not matter; the scenario's margin if left out.
        bundles: "all" subsets, or the scenario's "policies" alone.
    """
    from sim.studies.best import AT_ONCE, best_bundle
    from sim.studies.best_question import Asked as Wanted
    from sim.studies.best_question import question

    study = _study("best", scenario, options, 10, fewest=10)
    named = None if mechanisms is None else ",".join(mechanisms)
    wanted = Wanted(
        maximise, minimise, tuple(subject_to), tuple(tolerance), no_department_worse, _text(delta), named, policy,
        bundles, _text(most), _text(alpha),
    )  # fmt: skip
    found = question(study.check, study.found, wanted, study.replications) if study.found else None
    with _running(study) as runner:
        assert found is not None
        return best_bundle(runner, found, max(AT_ONCE, 2 * study.workers))


def plan(
    scenario: "str | Path | Scenario", metric: str = "shortage_rate", weeks: tuple[int, int] = (4, 26),
    policy: str | None = None, power: float = 0.8, centres: tuple[int, int] = (1, 6), look_every: int = 4,
    control: str = "before", before: int | None = None, watch: Sequence[str] = (), **options: Unpack[Common],
) -> "PilotPlan":  # fmt: skip
    """How many weeks, in how many centres, a real pilot must run until the effect is seen with a given power.

    Args:
        weeks: shortest and longest pilot.
        control: "before" (the same centres before), "parallel" (as many others), "none" (the model's own figure).
    """
    from sim.commands.plan import pilot_question
    from sim.studies.planning import plan as run

    study = _study("plan", scenario, {**options, "weeks": weeks[1]}, 20, fewest=5)
    spans = {"weeks": f"{weeks[0]}:{weeks[1]}", "centres": f"{centres[0]}:{centres[1]}"}
    asked = pilot_question(
        study, metric, policy, str(power), spans["weeks"], spans["centres"], str(look_every), control, _text(before),
        tuple(watch),
    )  # fmt: skip
    with _running(study) as runner:
        return run(runner, replications=study.replications, **asked)


def review(
    scenario: "str | Path | Scenario", observed: str | Path, policy: str | None = None,
    metrics: Sequence[str] | None = None, centres: int = 1, look_every: int = 4, control: str = "before",
    before: int | None = None, **options: Unpack[Options],
) -> "PilotReview":  # fmt: skip
    """A pilot's own figures so far, under the rule of its plan: go on, stop, or not yet known.

    Args:
        observed: CSV file, such as the form of the plan, filled in.
    """
    from sim.commands.review import review_question
    from sim.studies.reviewing import review as run

    study = _study("review", scenario, options, 20, fewest=5)
    named = None if metrics is None else ",".join(metrics)
    asked = review_question(
        study, str(observed), policy, named, str(centres), str(look_every), control, _text(before)
    )  # fmt: skip
    with _running(study) as runner:
        return run(runner, replications=study.replications, **asked)


def sensitivity(
    scenario: "str | Path | Scenario", policy: str | None = None, metric: str | None = None, method: str = "tornado",
    assumptions: Sequence[str] = (), top: int | None = None, trajectories: int = 10, per_point: int = 2,
    samples: int = 512, **options: Unpack[Options],
) -> "Sensitivity":  # fmt: skip
    """Which assumptions, within their ranges, turn the decision, and at which value.

    Args:
        method: "tornado", "morris", "sobol" or "all".
        assumptions: numbers (A-35) or dotted keys; screened for if left out.
    """
    from sim.studies.sensitivity import sensitivity as run
    from sim.studies.sensitivity_plan import plan as planned

    study = _study("sensitivity", scenario, options, 10)
    wanted = None
    if study.found is not None:
        wanted = planned(
            study.found, study.check, policy=policy, metric=metric, method=method, top=top,
            assumptions=tuple(assumptions), replications=study.replications, trajectories=trajectories,
            per_point=per_point, samples=samples,
        )  # fmt: skip
    with _running(study) as runner:
        assert wanted is not None
        return run(runner, wanted)


def warm_up(
    scenario: "str | Path | Scenario", policies: Sequence[str] = (), **options: Unpack[Options]
) -> "WarmUp":  # fmt: skip
    """After how many weeks the centre has forgotten its start: MSER-5, Welch's picture. Runs are not remembered."""
    from sim.engine.executors import pool
    from sim.studies.warming import warm_up as run

    study = _study("warmup", scenario, {**options, "weeks": options.get("weeks", 52)}, 10)
    if study.found is not None:
        for policy in policies:
            study.check.policy("policy", policy, study.found)
    study.check.done()
    with pool(study.workers, study.cluster) as where:
        return run(
            study.scenario, study.seed, study.weeks, study.replications, where, list(policies), study.progress
        )  # fmt: skip


def _study(
    verb: str, scenario: "str | Path | Scenario", options: Options, replications: int | None, fewest: int = 2
) -> Asked:  # fmt: skip
    """What was asked, its problems noted."""
    study = checked(verb, scenario, options, replications, fewest)
    folder = options.get("folder")
    study.folder, study.progress = None if folder is None else Path(folder), options.get("progress")
    return study


@contextlib.contextmanager
def _running(study: Asked) -> "Iterator[Runner]":
    """A runner, once nothing is wrong."""
    study.check.done()
    with study.runner() as runner:
        yield runner


def _text(value: float | None) -> str | None:
    return None if value is None else str(value)


def _written(values: Sequence[Any] | str) -> str:
    """Values as ``--vary`` takes them."""
    if isinstance(values, str):
        return values
    return ",".join(value if isinstance(value, str) else json.dumps(value) for value in values)
