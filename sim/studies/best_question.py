"""What is asked of "the best bundle": candidates, objective, limits and δ, checked all at once."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

from sim.cells import Cell
from sim.metrics import METRICS
from sim.options import Checker
from sim.problems import did_you_mean
from sim.scoreboard import KPIS
from sim.statistics.kim_nelson import FEWEST
from sim.studies.constraints import Limit, limit, metric_named, number, tolerances_of, value_of
from sim.studies.words_best import bundle_title
from sim.words import short_label

if TYPE_CHECKING:
    from sim.scenario import Scenario

ALL_UP_TO = 6
"""Mechanisms of which all subsets are tried without being asked twice."""
MOST_MECHANISMS = 10
"""1,024 bundles; every pair of them is compared."""
MOST = 60
"""Replications a bundle may have, unless told otherwise."""


@dataclass(frozen=True)
class Candidate:
    """One bundle."""

    name: str
    """Mechanisms joined by +, or the name of a policy."""
    title: dict[str, str]
    cell: Cell

    @property
    def size(self) -> int:
        """Mechanisms in it."""
        return len(self.cell.mechanisms)


@dataclass(frozen=True)
class Question:
    """What is asked."""

    candidates: tuple[Candidate, ...]
    """Smaller bundles first: of two that are exactly equal the first is taken."""
    objective: str
    maximise: bool
    limits: tuple[Limit, ...]
    departments: bool
    """No department worse than under the baseline."""
    delta: float
    """What makes no difference in the objective."""
    alpha: float = 0.05
    first: int = FEWEST
    """Replications every bundle has."""
    most: int = MOST
    margins: dict[str, float] = field(default_factory=dict)
    """Margins of departments' figures, in their unit."""
    delta_given: bool = True
    """Whether δ was asked for, or is the scenario's margin."""


@dataclass(frozen=True)
class Asked:
    """The question in the words it was asked; what is left out is None or empty."""

    maximise: str | None = None
    minimise: str | None = None
    subject_to: tuple[str, ...] = ()
    tolerance: tuple[str, ...] = ()
    no_department_worse: bool = False
    delta: str | float | None = None
    mechanisms: str | Sequence[str] | None = None
    policy: str | None = None
    bundles: str | None = None
    most: str | int | None = None
    alpha: str | float | None = None


def question(check: Checker, scenario: "Scenario", asked: Asked, first: int) -> Question | None:
    """The question, or None with every problem noted in ``check``."""
    before = len(check.problems)
    margins = dict(scenario.study.margins)
    objective = _objective(check, asked)
    tolerances = tolerances_of(check, asked.tolerance)
    limits = [limit(check, one, margins, tolerances) for one in asked.subject_to]
    unused = sorted(set(tolerances) - {one.metric for one in limits if one is not None})
    if unused and None not in limits:
        for name in unused:
            check.wrong("tolerance", name, "没有对这个指标设限制（--subject-to）", "no --subject-to limits this metric")
    delta = _delta(check, asked.delta, objective, margins)
    alpha = _alpha(check, asked.alpha)
    most = _most(check, asked.most, first)
    if asked.no_department_worse:
        _margins_there(check, margins)
    candidates = _candidates(check, scenario, asked, first)
    if len(check.problems) > before or objective is None or delta is None:
        return None
    return Question(
        candidates, objective, asked.maximise is not None, tuple(one for one in limits if one is not None),
        asked.no_department_worse, delta, alpha, first, most, margins, asked.delta is not None,
    )  # fmt: skip


def _objective(check: Checker, asked: Asked) -> str | None:
    if (asked.maximise is None) == (asked.minimise is None):
        zh = "写 --maximise 或 --minimise 其中一个，例如 --maximise nps"
        en = "write one of --maximise and --minimise, such as --maximise nps"
        check.wrong("maximise", asked.maximise, zh, en)
        return None
    option, written = ("maximise", asked.maximise) if asked.maximise is not None else ("minimise", asked.minimise)
    assert written is not None
    metric = metric_named(check, option, written.strip(), written)
    better = METRICS[metric].better if metric else "neither"
    if metric and better != "neither" and (better == "higher") != (option == "maximise"):
        other = "minimise" if option == "maximise" else "maximise"
        side = ("高", "higher") if better == "higher" else ("低", "lower")
        zh = f"{short_label(metric, 'zh')}越{side[0]}越好，应写 --{other} {metric}"
        check.wrong(option, written, zh, f"{side[1]} is better here; write --{other} {metric}")
        return None
    return metric


def _delta(
    check: Checker, written: str | float | None, objective: str | None, margins: dict[str, float]
) -> float | None:
    if objective is None:
        return None
    if written is None:
        margin = margins.get(objective, 0.0)
        if margin > 0:
            return margin
        zh = (f"相差多少对您就不算差别？用 --delta 写出（{objective} 的单位），"
              f"或在场景的 [study.margins] 里给 {objective} 一个范围")  # fmt: skip
        en = (f"what difference does not matter to you? Say so by --delta (in the unit of {objective}), or give "
              f"{objective} a margin in the scenario's [study.margins]")  # fmt: skip
        check.wrong("delta", None, zh, en)
        return None
    found = value_of(check, "delta", objective, str(written), str(written))
    if found is not None and not found > 0:
        check.wrong("delta", str(written), "必须大于 0", "must be above 0")
        return None
    return found


def _alpha(check: Checker, written: str | float | None) -> float:
    found = 0.05 if written is None else number(str(written))
    if not 0 < found < 0.5:
        check.wrong(
            "alpha", str(written), "要写 0 到 0.5 之间的数，例如 0.05", "must lie between 0 and 0.5, such as 0.05"
        )
        return 0.05
    return found


def _most(check: Checker, written: str | int | None, first: int) -> int:
    found = float(max(MOST, first)) if written is None else number(str(written))
    if math.isnan(found) or found != int(found) or not first <= found <= 100_000:
        zh = f"要写 {first}（首轮的重复次数）到 100,000 的整数"
        en = f"must be a whole number from {first} (the replications of the first stage) to 100,000"
        check.wrong("most", str(written), zh, en)
        return max(MOST, first)
    return int(found)


def _margins_there(check: Checker, margins: dict[str, float]) -> None:
    for department, metrics in KPIS.items():
        for metric in metrics:
            if not margins.get(metric, 0.0) > 0:
                zh = f"{department} 的 {metric} 没有范围；请在场景的 [study.margins] 里给出"
                en = f"{metric} of {department} has no margin; give it one in the scenario's [study.margins]"
                check.wrong("no-department-worse", None, zh, en)


def _candidates(check: Checker, scenario: "Scenario", asked: Asked, first: int) -> tuple[Candidate, ...]:
    if asked.bundles not in (None, "all", "policies"):
        check.wrong("bundles", asked.bundles, "只能写 all 或 policies", "must be all or policies")
        return ()
    if asked.bundles == "policies":
        for option, there in (("mechanisms", asked.mechanisms), ("policy", asked.policy)):
            if there:
                zh, en = "不能和 --bundles policies 同用", "does not go with --bundles policies"
                check.wrong(option, str(there), zh, en)
        found = [Candidate(p.name, p.title, Cell.of(scenario, p.name)) for p in scenario.policies.values()]
        return tuple(sorted(found, key=lambda one: one.size))
    policy = asked.policy or scenario.compared[-1]
    check.policy("policy", policy, scenario)
    names = _mechanisms(check, scenario, asked.mechanisms)
    if policy not in scenario.policies or names is None:
        return ()
    names = names or tuple(scenario.policies[policy].mechanisms)
    if not _size_allowed(check, names, asked.bundles, first):
        return ()
    return subsets(scenario, policy, names)


def _mechanisms(check: Checker, scenario: "Scenario", asked: str | Sequence[str] | None) -> tuple[str, ...] | None:
    if not asked:
        return ()
    names = dict.fromkeys(check.names(asked) if isinstance(asked, str) else asked)
    for name in names:
        if name not in scenario.mechanisms:
            guess = did_you_mean(name, scenario.mechanisms)
            zh = f"没有这个机制{f'，是不是 {guess}？' if guess else ''}"
            check.wrong("mechanisms", name, zh, f"no such mechanism{f', did you mean {guess}?' if guess else ''}")
    return tuple(names) if all(name in scenario.mechanisms for name in names) else None


def _size_allowed(check: Checker, names: tuple[str, ...], bundles: str | None, first: int) -> bool:
    count, runs = 2 ** len(names), 2 ** len(names) * first
    if not names:
        zh = "这个方案没有机制，请用 --policy 或 --mechanisms 指明"
        check.wrong("policy", None, zh, "this policy has no mechanisms; name some by --policy or --mechanisms")
        return False
    if len(names) > MOST_MECHANISMS:
        zh = f"{len(names)} 项机制有 {count:,} 种组合，太多了；请用 --mechanisms 挑出至多 {MOST_MECHANISMS} 项"
        en = f"{len(names)} mechanisms make {count:,} bundles, too many; pick up to {MOST_MECHANISMS} by --mechanisms"
        check.wrong("mechanisms", ",".join(names), zh, en)
        return False
    if len(names) > ALL_UP_TO and bundles != "all":
        zh = (f"{len(names)} 项机制有 {count:,} 种组合，每种至少 {first} 次重复，一共至少 {runs:,} 次运行。"
              f"用 --mechanisms 挑出至多 {ALL_UP_TO} 项，或用 --bundles policies 只比场景里的方案；"
              "确实要全部比较，请加 --bundles all")  # fmt: skip
        en = (f"{len(names)} mechanisms make {count:,} bundles of at least {first} replications each, {runs:,} runs or "
              f"more. Pick up to {ALL_UP_TO} by --mechanisms, or compare the scenario's policies by --bundles "
              "policies; if you do want all of them, add --bundles all")  # fmt: skip
        check.wrong("bundles", None, zh, en)
        return False
    return True


def subsets(scenario: "Scenario", policy: str, names: Sequence[str]) -> tuple[Candidate, ...]:
    """All bundles of some mechanisms, each as it is set under a policy; smaller ones first."""
    settings = scenario.model.policies[policy].settings
    found = []
    for size in range(len(names) + 1):
        for chosen in combinations(names, size):
            own = {name: dict(settings[name]) for name in chosen if name in settings}
            title = {lang: bundle_title(chosen, names, lang) for lang in ("zh", "en")}
            found.append(Candidate("+".join(chosen) or "none", title, Cell(chosen, own)))
    return tuple(found)
