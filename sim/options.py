"""What a reader may ask of a study, checked all at once: nothing runs before everything asked is possible."""

import math
import os
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.metrics import METRICS
from sim.problems import Problem, Problems, did_you_mean, dotted
from sim.scenario import Scenario, load
from sim.statistics.precision import FIRST, WIDEST_SHARE, Goal
from sim.statistics.precision import MOST as MOST_REPLICATIONS
from sim.tomlsource import read_toml

Number = int | str | None
"""A number, as it was typed, or left out."""

MOST = {"replications": 100_000, "weeks": 520, "seed": 2**63, "workers": 512, "replication": 100_000, "seeds": 100_000,
        "customer": 2_000_000, "samples": 100_000, "trajectories": 1000, "per-point": 1000, "top": 1000,
        "most": 100_000}  # fmt: skip
MARGINS = "margins"
"""In place of a list of half-widths: the margins the scenario states for the metrics that are judged together."""


@dataclass(frozen=True)
class StudyOptions:
    """A study that can be run."""

    scenario: Scenario
    policies: tuple[str, ...]
    """Baseline first."""
    replications: int
    weeks: int
    seed: int
    workers: int
    family: tuple[str, ...] = ()
    """Metrics judged together."""
    goals: tuple[Goal, ...] = ()
    """Half-widths that decide how many replications there are; ``replications`` counts only if there are none."""
    most: int = MOST_REPLICATIONS
    """Replications at which it ends, precise or not."""


def unknown_metrics(scenario: Scenario) -> list[Problem]:
    """Metrics a scenario names that are none: a misspelt margin would quietly be no margin at all."""
    calibration = scenario.model.calibration
    named: list[tuple[tuple[str | int, ...], str]] = [
        (("study", "margins", name), name) for name in scenario.study.margins
    ]
    named += [(("calibration", "targets", i, "metric"), t.metric) for i, t in enumerate(calibration.targets)]
    for other, knobs in calibration.other_knobs.items():
        above = ("calibration", "other_knobs", other, "targets")
        named += [((*above, i, "metric"), target.metric) for i, target in enumerate(knobs.targets)]
    wrong = [(path, name) for path, name in named if name not in METRICS]
    source = read_toml(scenario.file) if wrong and Path(scenario.file).is_file() else None
    problems = []
    for path, name in wrong:
        line = source.line_of(path) if source else None
        problems.append(Problem(scenario.file, line, dotted(path), name, *no_such_metric(name)))
    return problems


def no_such_metric(name: str) -> tuple[str, str]:
    """What to say of a metric that is none, in zh and en."""
    guess = did_you_mean(name, METRICS)
    if guess:
        return f"没有这个指标，是不是 {guess}？", f"no such metric, did you mean {guess}?"
    return "没有这个指标，所有指标见 docs/measures.md", "no such metric; docs/measures.md lists them"


class Checker:
    """Collects what is wrong with what was asked."""

    def __init__(self, asker: str) -> None:
        """``asker`` is named in each problem: the command or function asked."""
        self.asker = asker
        self.problems: list[Problem] = []

    def wrong(self, option: str, written: object, zh: str, en: str) -> None:
        """Note a problem with an option."""
        shown = None if written is None else str(written)
        self.problems.append(Problem(self.asker, None, f"--{option}", shown, zh, en))

    def scenario(self, asked: str | Path | Scenario) -> Scenario | None:
        """The scenario, or None with its problems noted."""
        if isinstance(asked, str | Path):
            try:
                asked = load(asked)
            except Problems as found:
                self.problems += found.problems
                return None
        self.problems += unknown_metrics(asked)
        return asked

    def whole(self, option: str, written: Number, default: int, low: int = 1) -> int:
        """A whole number in its range; the default if left out or wrong."""
        if written is None:
            return default
        try:
            value = int(str(written).strip())
        except ValueError:
            value = low - 1
        if low <= value <= MOST[option]:
            return value
        high = f"{MOST[option]:,}"
        self.wrong(option, written, f"要写 {low} 到 {high} 的整数", f"must be a whole number from {low} to {high}")
        return default

    def policy(self, option: str, name: str, scenario: Scenario) -> None:
        """Note a policy the scenario does not have."""
        if name in scenario.policies:
            return
        guess = did_you_mean(name, scenario.policies)
        there = "、".join(scenario.policies), ", ".join(scenario.policies)
        hint_zh = f"，是不是 {guess}？" if guess else f"，场景里有：{there[0]}"
        hint_en = f", did you mean {guess}?" if guess else f"; the scenario has: {there[1]}"
        self.wrong(option, name, f"没有这个方案{hint_zh}", f"no such policy{hint_en}")

    def policies(self, asked: Sequence[str] | str | None, scenario: Scenario) -> tuple[str, ...]:
        """Policies asked for, baseline first; those the scenario compares if left out."""
        if isinstance(asked, str):
            asked = self.names(asked)
        names = list(scenario.compared) if asked is None else list(asked)
        for name in names:
            self.policy("policies", name, scenario)
        others = tuple(dict.fromkeys(name for name in names if name != scenario.baseline))
        if not others:
            zh = f"除了基准 {scenario.baseline}，至少还要有一个方案可比"
            en = f"name at least one policy besides the baseline {scenario.baseline}"
            self.wrong("policies", None if asked is None else ",".join(asked), zh, en)
        return (scenario.baseline, *others)

    def names(self, asked: str) -> tuple[str, ...]:
        """Names written with commas between them, Chinese commas too."""
        return tuple(name.strip() for name in asked.replace("，", ",").split(",") if name.strip())

    def metrics(self, option: str, asked: Sequence[str] | str | None, usual: Sequence[str]) -> tuple[str, ...]:
        """Metrics asked for, each once; ``usual`` if left out."""
        if asked is None:
            return tuple(usual)
        names = tuple(dict.fromkeys(self.names(asked) if isinstance(asked, str) else asked))
        for name in names:
            if name not in METRICS:
                self.wrong(option, name, *no_such_metric(name))
        if not names:
            self.wrong(option, asked, "至少要写一个指标", "name at least one metric")
        return names

    def goals(self, asked: str, margins: dict[str, float], family: Sequence[str]) -> tuple[Goal, ...]:
        """Half-widths asked for: ``METRIC=WIDTH`` or ``METRIC=SHARE%`` with commas between them, or ``margins``."""
        found: dict[str, Goal] = {}
        for one in self.names(asked.replace("＝", "=").replace("％", "%")):
            if one == MARGINS:
                stated = {name: Goal(name, margins[name]) for name in family if margins.get(name, 0) > 0}
                if not stated:
                    self.wrong("precision", one, "场景没有给这些指标写等效范围（[study.margins]），请直接写 指标=半宽",
                               "the scenario states no margin of these metrics under [study.margins]; write "
                               "METRIC=WIDTH")  # fmt: skip
                found = stated | found
                continue
            goal = self._goal(one)
            if goal and goal.name in found and MARGINS not in asked:
                self.wrong("precision", one, "同一个指标写了两次", "the same metric twice")
            if goal:
                found[goal.name] = goal
        if not found and not self.problems:
            self.wrong("precision", asked, "至少要写一个 指标=半宽", "write at least one METRIC=WIDTH")
        return tuple(found.values())

    def _goal(self, written: str) -> Goal | None:
        """One half-width, or None with what is wrong noted."""
        name, sign, text = (part.strip() for part in written.partition("="))
        if not sign or not name:
            self.wrong("precision", written,
                       "要写成 指标=半宽（如 shortage_rate=0.005）、指标=百分比（如 nps=10%）或 margins",
                       "write METRIC=WIDTH such as shortage_rate=0.005, METRIC=SHARE% such as nps=10%, "
                       "or margins")  # fmt: skip
            return None
        if name not in METRICS:
            self.wrong("precision", written, *no_such_metric(name))
        relative = text.endswith("%")
        try:
            width = float(text.rstrip("% ")) / (100 if relative else 1)
        except ValueError:
            width = math.nan
        if not 0 < width < math.inf:
            self.wrong("precision", written, "半宽要是大于 0 的数", "the half-width must be a number above 0")
        elif relative and width > WIDEST_SHARE:
            share = f"{WIDEST_SHARE:.0%}"
            self.wrong("precision", written, f"相对半宽不能超过 {share}，否则区间不可靠；请写小一些，或写绝对半宽",
                       f"with a relative half-width above {share} the interval cannot be relied on; write a smaller "
                       "one, or an absolute one")  # fmt: skip
        return Goal(name, width, relative)

    def changes(self, option: str, asked: Sequence[str]) -> dict[str, Any]:
        """``KEY=VALUE`` texts as changes of a scenario; a value is written as in TOML, a bare word is a text."""
        found: dict[str, Any] = {}
        for one in asked:
            key, sign, value = one.partition("=")
            if not sign or not key.strip():
                self.wrong(option, one, "要写成 键=值", "must be written KEY=VALUE")
                continue
            found[key.strip()] = toml_value(value)
        return found

    def done(self) -> None:
        """Raises Problems with everything noted, if anything was."""
        if self.problems:
            raise Problems(self.problems)


def toml_value(written: str) -> Any:
    """A value as TOML reads it; what TOML does not know is a text."""
    try:
        return tomllib.loads(f"value = {written.strip()}")["value"]
    except tomllib.TOMLDecodeError:
        return written.strip()


def study_options(
    check: Checker,
    asked: str | Path | Scenario,
    policies: Sequence[str] | str | None = None,
    replications: Number = None,
    weeks: Number = None,
    seed: Number = None,
    workers: Number = None,
    family: Sequence[str] | str | None = None,
    precision: str | None = None,
    most: Number = None,
    headline: Sequence[str] = (),
) -> StudyOptions:
    """Fill in the scenario's own settings for what was left out.

    Args:
        family: metrics judged together; ``headline`` if left out.
        precision: half-widths that decide the number of replications, as :meth:`Checker.goals` reads them.
        most: replications at which it ends, precise or not; only with ``precision``.

    Raises:
        Problems: everything that is wrong with the scenario and with what was asked.
    """
    scenario = check.scenario(asked)
    study = scenario.study if scenario else None
    numbers = {
        "replications": check.whole("replications", replications, study.replications if study else 1),
        "weeks": check.whole("weeks", weeks, study.weeks if study else 1),
        "seed": check.whole("seed", seed, study.seed if study else 0, low=0),
        "workers": check.whole("workers", workers, os.cpu_count() or 1),
    }
    names = check.policies(policies, scenario) if scenario else ()
    together = check.metrics("family", family, headline)
    goals = check.goals(precision, dict(study.margins) if study else {}, together) if precision is not None else ()
    if precision is not None and replications is not None:
        check.wrong("replications", replications, "已用 --precision 由精度决定次数，不能同时指定；上限用 --most",
                    "--precision decides their number; leave one of the two out; --most is the limit")  # fmt: skip
    if most is not None and precision is None:
        check.wrong("most", most, "只能和 --precision 一起用", "only goes with --precision")
    limit = check.whole("most", most, MOST_REPLICATIONS, low=FIRST)
    check.done()
    assert scenario is not None
    return StudyOptions(scenario, names, **numbers, family=together, goals=goals, most=limit)
