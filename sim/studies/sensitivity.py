"""What must be true: which assumptions, within their ranges, turn a decision, and at which value.

The decision is the paired difference policy − baseline of one metric. Assumptions are screened in groups, then one by
one (Morris 1991; Campolongo et al. 2007); those that stand out are run at both ends of their range, and where the
verdict turns its value is found. On request Sobol' indices tell how much of the difference's variance each is behind.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sim.runner import Runner
from sim.statistics.global_sensitivity import Indices, sobol_indices, sobol_points
from sim.studies.factors import Factor, refused
from sim.studies.result import About, StudyResult
from sim.studies.screening import Pair, Screened, screen
from sim.studies.sensitivity_plan import MOST_OPENED, Plan
from sim.studies.tornado import Reading, Swing, tornado

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Found:
    """What a sensitivity study found, stage by stage; what was not asked for is None or empty."""

    groups: Screened | None = None
    opened: tuple[str, ...] = ()
    """Groups whose members were screened one by one."""
    members: Screened | None = None
    base: Reading | None = None
    swings: tuple[Swing, ...] = ()
    """Largest first, the null factor last."""
    indexed: tuple[Factor, ...] = ()
    """Factors of the Sobol' indices."""
    indices: Indices | None = None
    level_indices: Indices | None = None
    blocks_lost: int = 0
    """Blocks of the Sobol' design left out: the scenario could not hold a point, or the metric was undefined."""


@dataclass(frozen=True)
class Sensitivity(StudyResult):
    """Assumptions by how much the decision depends on them; one row an assumption, the null factor among them."""

    name: ClassVar[str] = "sensitivity"
    plan: Plan
    found: Found
    policy_title: dict[str, str] = field(default_factory=dict)
    baseline_title: dict[str, str] = field(default_factory=dict)
    margin: float = math.nan

    def title(self, lang: str) -> str:
        """What kind of study it is."""
        from sim.studies.words_sensitivity import text

        return text("title", lang)

    def answer(self, lang: str = "zh") -> str:
        """Which assumptions turn the decision, at which value; how many cannot; which matter most."""
        from sim.studies.findings_sensitivity import sentences

        return "\n".join(sentences(self, lang))

    def shown(self, lang: str = "zh") -> tuple[list[str], list[list[str]]]:
        """Assumptions that stand out or were run at both ends, and the null row."""
        from sim.studies.findings_sensitivity import shown

        return shown(self, lang)

    @property
    def charts(self) -> dict[str, Callable[[str], "Figure"]]:
        """``tornado``, ``morris`` and ``sobol``, as far as they were computed."""
        from sim.studies import picture_sensitivity, picture_tornado

        there: dict[str, Callable[[str], Figure]] = {}
        if self.found.swings:
            there["tornado"] = lambda lang: picture_tornado.tornado(self, lang)
        if self.found.members is not None:
            there["morris"] = lambda lang: picture_sensitivity.morris(self, lang)
        if self.found.indices is not None:
            there["sobol"] = lambda lang: picture_sensitivity.sobol(self, lang)
        return there

    def page(self, lang: str) -> str:
        """The result as Markdown, with the assumptions left out and why."""
        from sim.studies.findings_sensitivity import left_out_section

        return super().page(lang) + left_out_section(self, lang)


def sensitivity(runner: Runner, plan: Plan) -> Sensitivity:
    """Run a planned sensitivity study.

    Raises:
        StudyFailed: screening is impossible, since hardly any combination of values can be run.
    """
    from sim.studies.sensitivity_table import table

    pair = plan.pair(runner.scenario)
    runner.expect(plan.runs)
    groups, opened, members, chosen = _screened(runner, pair, plan)
    base: Reading | None = None
    swings: list[Swing] = []
    if plan.swings:
        base, swings = tornado(runner, pair, plan.factors if plan.named else chosen[: plan.top], plan.replications)
    indexed: tuple[Factor, ...] = ()
    indices, level, lost = None, None, 0
    if plan.indices and (chosen or plan.named):
        indexed = plan.factors if plan.named else tuple(chosen[: plan.top_sobol])
        indices, level, lost = _indices(runner, pair, indexed, plan)
    found = Found(groups, opened, members, base, tuple(swings), indexed, indices, level, lost)
    scenario = runner.scenario
    return Sensitivity(
        table(plan, found), About.of(runner, _most(plan)), plan, found, scenario.policies[plan.policy].title,
        scenario.policies[scenario.baseline].title, scenario.study.margins.get(plan.metric, math.nan),
    )  # fmt: skip


def _most(plan: Plan) -> int:
    """Replications of each cell; a trajectory has its own."""
    return plan.replications if plan.swings else plan.per_point


def _screened(
    runner: Runner, pair: Pair, plan: Plan
) -> tuple[Screened | None, tuple[str, ...], Screened | None, list[Factor]]:
    """Groups, those opened, members, and the factors with any effect: those that stand out before those in doubt."""
    if not plan.screens:
        return None, (), None, list(plan.factors)
    factors: list[Factor] = list(plan.factors)
    groups: Screened | None = None
    opened: tuple[str, ...] = ()
    if plan.groups:
        groups = screen(runner, pair, factors, True, plan.trajectories, plan.per_point)
        opened = _opened([*groups.stands_out(), *groups.in_doubt()], factors)
        factors = [factor for factor in factors if factor.group in opened]
    if not factors:
        return groups, opened, None, []
    members = screen(runner, pair, factors, False, plan.trajectories, plan.per_point)
    by_key = {factor.key: factor for factor in factors}
    return groups, opened, members, [by_key[name] for name in (*members.stands_out(), *members.in_doubt())]


def _opened(groups: Sequence[str], factors: Sequence[Factor]) -> tuple[str, ...]:
    """Groups in this order, as long as their members are not too many; one too large lets smaller ones pass."""
    opened: list[str] = []
    count = 0
    for group in groups:
        size = sum(factor.group == group for factor in factors)
        if not opened or count + size <= MOST_OPENED:
            opened.append(group)
            count += size
    return tuple(opened)


def _indices(runner: Runner, pair: Pair, factors: Sequence[Factor], plan: Plan) -> tuple[Indices, Indices, int]:
    """Sobol' indices of the difference and of the policy's level, under the same luck at every point."""
    points = sobol_points(len(factors), plan.samples, runner.seed)
    coordinates = [
        [[(f, f.coordinate(float(u))) for f, u in zip(factors, point, strict=True)] for point in block]
        for block in points
    ]
    held = [
        block for block in coordinates if not any(refused(runner.scenario, [pair.policy], point) for point in block)
    ]
    cells = [[pair.at(point) for point in block] for block in held]
    runner.run((cell, range(plan.per_point)) for block in cells for two in block for cell in two)
    means = np.array(
        [[[runner.values(c, pair.metric, plan.per_point).mean() for c in two] for two in block] for block in cells]
    ).reshape(len(cells), len(factors) + 2, 2)
    means = means[np.isfinite(means).all(axis=(1, 2))]
    difference = sobol_indices(means[..., 1] - means[..., 0], runner.seed)
    return difference, sobol_indices(means[..., 1], runner.seed), len(points) - len(means)
