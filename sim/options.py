"""What a reader may ask of a study, checked all at once: nothing runs before everything asked is possible."""

import os
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.metrics import METRICS
from sim.problems import Problem, Problems, did_you_mean, dotted
from sim.scenario import Scenario, load
from sim.tomlsource import read_toml

Number = int | str | None
"""A number, as it was typed, or left out."""

MOST = {"replications": 100_000, "weeks": 520, "seed": 2**63, "workers": 512, "replication": 100_000, "seeds": 100_000,
        "customer": 2_000_000, "samples": 100_000, "trajectories": 1000, "per-point": 1000, "top": 1000}  # fmt: skip


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
        guess = did_you_mean(name, METRICS)
        zh = f"没有这个指标，是不是 {guess}？" if guess else "没有这个指标，所有指标见 docs/measures.md"
        en = f"no such metric, did you mean {guess}?" if guess else "no such metric; docs/measures.md lists them"
        line = source.line_of(path) if source else None
        problems.append(Problem(scenario.file, line, dotted(path), name, zh, en))
    return problems


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
) -> StudyOptions:
    """Fill in the scenario's own settings for what was left out.

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
    check.done()
    assert scenario is not None
    return StudyOptions(scenario, names, **numbers)
