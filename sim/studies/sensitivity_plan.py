"""What a sensitivity study is asked to do, and how many runs it takes at most."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.cells import Cell
from sim.comparison import HEADLINE
from sim.metrics import METRICS
from sim.problems import did_you_mean
from sim.scenario import Scenario
from sim.studies.factor_catalogue import LeftOut, factors_of, held, named, null_factor
from sim.studies.factors import NULL, Factor
from sim.studies.screening import Pair
from sim.studies.tornado import HALVINGS

if TYPE_CHECKING:
    from sim.options import Checker

METHODS = ("morris", "sobol", "tornado", "all")
MOST_OPENED = 40
"""Members of groups screened one by one: what two processors do in about half an hour at 13 weeks."""
TOP, TOP_SOBOL = 8, 6
MOST_RUNS = 20_000
"""Runs beyond which a study must be asked for twice."""


@dataclass(frozen=True)
class Plan:
    """A sensitivity study that can be run."""

    policy: str
    metric: str
    method: str
    factors: tuple[Factor, ...]
    left_out: tuple[LeftOut, ...]
    named: bool
    """Whether the reader named the assumptions."""
    top: int
    """Assumptions run at both ends of their range."""
    top_sobol: int
    trajectories: int
    per_point: int
    """Replications of a point of a Morris or Sobol' design."""
    samples: int
    replications: int
    """Replications at each end of a range."""
    null: Factor = NULL

    @property
    def screens(self) -> bool:
        """Whether it has to find out first which assumptions matter."""
        return self.method in ("morris", "all") or (not self.named and len(self.factors) > self._wanted)

    @property
    def groups(self) -> tuple[str, ...]:
        """Tables screened as a whole first; none if the assumptions are few enough to go one by one."""
        few = len(self.factors) <= MOST_OPENED
        return () if few or not self.screens else tuple(dict.fromkeys(factor.group for factor in self.factors))

    @property
    def _wanted(self) -> int:
        return self.top_sobol if self.method == "sobol" else self.top

    @property
    def swings(self) -> bool:
        """Whether assumptions are run at both ends."""
        return self.method in ("tornado", "all")

    @property
    def indices(self) -> bool:
        """Whether Sobol' indices are computed."""
        return self.method in ("sobol", "all")

    @property
    def runs(self) -> int:
        """Runs it takes at most; those of a baseline that reads nothing that moves are counted though not made."""
        many, each = len(self.factors), 2 * self.per_point
        total = 0
        if self.screens:
            members = min(many, MOST_OPENED) if self.groups else many
            total += self.trajectories * each * ((len(self.groups) + 1 if self.groups else 0) + members + 1)
        if self.swings:
            total += 2 * self.replications * (3 + 2 * min(many, self._swung) * (1 + HALVINGS))
        if self.indices:
            total += self.samples * (min(many, self._indexed) + 2) * each
        return total

    @property
    def _swung(self) -> int:
        return len(self.factors) if self.named else self.top

    @property
    def _indexed(self) -> int:
        return len(self.factors) if self.named else self.top_sobol

    def pair(self, scenario: Scenario) -> Pair:
        """The two cells compared."""
        return Pair(Cell.of(scenario, scenario.baseline), Cell.of(scenario, self.policy), self.metric, self.null)


def decision_metric(scenario: Scenario) -> str:
    """The first headline metric for which the scenario states a margin; the first of all if it states none."""
    margins = scenario.study.margins
    return next((name for name in HEADLINE if name in margins), HEADLINE[0])


def plan(
    scenario: Scenario, check: "Checker", *, policy: str | None = None, metric: str | None = None,
    method: str = "tornado", assumptions: Sequence[str] = (), top: int | None = None, trajectories: int = 10,
    per_point: int = 2, samples: int = 512, replications: int = 10,
) -> Plan:  # fmt: skip
    """Fill in what was left out; what is wrong is noted with ``check``, all at once."""
    policy, metric = policy or scenario.compared[-1], metric or decision_metric(scenario)
    check.policy("policy", policy, scenario)
    if policy == scenario.baseline:
        check.wrong(
            "policy", policy, "它就是基准方案，请写要与它比较的方案", "is the baseline; name a policy to compare"
        )
    if metric not in METRICS:
        guess = did_you_mean(metric, METRICS)
        zh = f"没有这个指标，是不是 {guess}？" if guess else "没有这个指标，所有指标见 docs/measures.md"
        en = f"no such metric, did you mean {guess}?" if guess else "no such metric; docs/measures.md lists them"
        check.wrong("metric", metric, zh, en)
    if samples & (samples - 1):
        check.wrong("samples", samples, "必须是 2 的幂，例如 512、1024", "must be a power of two, such as 512 or 1024")
    check.whole("trajectories", trajectories, 10, low=2)
    check.whole("per-point", per_point, 2, low=2)
    check.whole("top", top, TOP)
    # assumptions are checked all the same if the policy is wrong: everything wrong is told at once
    usable = policy if policy in scenario.policies else scenario.compared[-1]
    factors, left_out = _factors(scenario, check, usable, assumptions)
    return Plan(
        policy, metric, method, factors, left_out, bool(assumptions), top or TOP, top or TOP_SOBOL, trajectories,
        per_point, samples, replications, null_factor(scenario, usable),
    )  # fmt: skip


def _factors(
    scenario: Scenario, check: "Checker", policy: str, assumptions: Sequence[str]
) -> tuple[tuple[Factor, ...], tuple[LeftOut, ...]]:
    from sim.studies.words_sensitivity import reason

    found, left_out = factors_of(scenario, policy)
    if assumptions:
        chosen, wrong = named(found, left_out, assumptions)
        known = [name for factor in found for name in (factor.assumption, factor.key)]
        for name, why in wrong:
            guess = did_you_mean(name, known)
            zh, en = (reason(why, lang) for lang in ("zh", "en"))
            if why == "unknown" and guess:
                zh, en = f"{zh}，是不是 {guess}？", f"{en}, did you mean {guess}?"
            check.wrong("assumptions", name, zh, en)
        found, left_out = chosen, ()
    factors, refused = held(scenario, [Cell.of(scenario, policy)], found)
    if not factors and not check.problems:
        check.wrong(
            "assumptions", ",".join(assumptions) or None, "没有任何一条带编号、有范围的假设可以变动",
            "there is no numbered assumption with a range that could be moved",
        )  # fmt: skip
    return factors, (*left_out, *refused)
