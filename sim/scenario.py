"""A scenario: TOML in, frozen and validated out; all problems at once, each with its line."""

import copy
import datetime as dt
import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import Field

from sim.arrivals import ArrivalSettings, JobType
from sim.calendar import CalendarSettings
from sim.crosscheck import cross_check, unknown
from sim.departments.disputes import DisputeSettings
from sim.departments.finance import FinanceSettings
from sim.departments.fleet import FleetSettings
from sim.departments.front_desk import FrontDeskSettings
from sim.departments.parts import PartsSettings
from sim.departments.retention import RetentionSettings
from sim.departments.sales import SalesSettings
from sim.departments.satisfaction import SatisfactionSettings
from sim.departments.sisters import SisterSettings
from sim.departments.support import SupportSettings
from sim.departments.trust import TrustSettings
from sim.departments.workshop import WorkshopSettings
from sim.importing import read_history
from sim.mechanism import Mechanism
from sim.mechanisms import all_mechanisms
from sim.possible import impossible
from sim.problems import Problem, Problems, as_written
from sim.tomlsource import TomlSource, read_toml
from sim.units import Settings, Weeks, given
from sim.validation import validate


class StudySettings(Settings):
    """How long, how often, from which seed."""

    first_day: Annotated[dt.date, Field(ge=dt.date(2000, 1, 1), le=dt.date(2100, 12, 31))] = given(
        dt.date(2026, 3, 2), source="calendar"
    )
    """First day of the warm-up, a Monday."""
    warmup_weeks: Weeks = given(
        13, source="A-150", span=(13, 52), why="dead stock needs 90 days of memory; trust is slow"
    )
    """Weeks before the policies start; ad hoc in every policy, never counted."""
    weeks: Annotated[int, Field(ge=1, le=520)] = given(26, source="definition")
    """Weeks counted, from the day the policies start."""
    run_on_weeks: Weeks = given(8, source="definition")
    """Weeks the run goes on at most until what began in the window has ended."""
    replications: Annotated[int, Field(ge=1, le=100_000)] = given(30, source="definition")
    """Replications of each policy."""
    seed: Annotated[int, Field(ge=0, le=2**63)] = given(1, source="definition")
    """Seed of all luck."""
    baseline: str = given("ad_hoc", source="definition")
    """Policy the others are compared with."""
    compared: tuple[str, ...] = given((), source="user")
    """Policies compared with the baseline when none are named; all if empty."""
    margins: dict[str, Annotated[float, Field(ge=0)]] = given(factory=dict, source="user")
    """Equivalence margin of a metric, in its unit: a smaller difference does not matter to you."""


class CalendarsSettings(Settings):
    """Opening hours."""

    service: CalendarSettings = given(factory=CalendarSettings, source="calendar")
    """Front desk, parts and workshop."""
    showroom: CalendarSettings = given(factory=CalendarSettings, source="calendar")
    """Sales; the window in which cars can be booked."""
    office: CalendarSettings = given(factory=CalendarSettings, source="calendar")
    """Heads of department, in whose hours disputes are settled."""
    support: CalendarSettings = given(factory=CalendarSettings, source="calendar")
    """Technical support."""


class PolicySettings(Settings):
    """A set of mechanisms."""

    title: dict[str, str] = given(factory=dict, source="user")
    """Name in zh and en."""
    mechanisms: tuple[str, ...] = given((), source="user")
    """Mechanisms in force."""
    settings: dict[str, dict[str, Any]] = given(factory=dict, source="user")
    """Settings of its mechanisms that differ from ``[mechanisms]`` under this policy."""


class TargetSettings(Settings):
    """A figure the baseline is fitted to."""

    metric: str = given(source="article")
    """Metric fitted."""
    value: float = given(source="article")
    """Its figure, in the metric's unit."""
    knob: str = given(source="definition")
    """Dotted key that is moved to reach it."""
    low: float = given(source="definition")
    """Smallest value of the knob."""
    high: float = given(source="definition")
    """Largest value of the knob."""


class KnobSet(Settings):
    """Another way to carry the same figures: which knob carries a before decides the after."""

    fixed: dict[str, float] = given(factory=dict, source="definition")
    """Dotted keys set to other values first, so that the usual knob does not carry the figure."""
    targets: tuple[TargetSettings, ...] = given(source="definition")
    """Figures with other knobs; the other figures keep theirs."""


class CalibrationSettings(Settings):
    """What is fitted, for the baseline only."""

    tolerance_share: Annotated[float, Field(gt=0, le=0.5)] = given(0.05, source="definition")
    """Estimate and half-width together lie within this share of the figure."""
    targets: tuple[TargetSettings, ...] = given((), source="definition")
    """Figures and their knobs."""
    other_knobs: dict[str, KnobSet] = given(factory=dict, source="definition")
    """Other sets of knobs, by name."""


class Model(Settings):
    """Everything a scenario file may say, mechanisms apart."""

    title: dict[str, str] = given(factory=dict, source="user")
    """Name in zh and en."""
    study: StudySettings = given(factory=StudySettings, source="definition")
    calendars: CalendarsSettings = given(factory=CalendarsSettings, source="definition")
    arrivals: ArrivalSettings = given(factory=ArrivalSettings, source="definition")
    jobs: dict[str, JobType] = given(factory=dict, source="definition")
    front_desk: FrontDeskSettings = given(factory=FrontDeskSettings, source="definition")
    parts: PartsSettings = given(factory=PartsSettings, source="definition")
    sisters: SisterSettings | None = given(None, source="definition")
    workshop: WorkshopSettings = given(factory=lambda: WorkshopSettings(bays={}), source="definition")
    fleet: FleetSettings = given(factory=lambda: FleetSettings(demo_cars=0, dedicated_loaners=0), source="definition")
    sales: SalesSettings | None = given(None, source="definition")
    support: SupportSettings = given(factory=SupportSettings, source="definition")
    disputes: DisputeSettings = given(factory=DisputeSettings, source="definition")
    trust: TrustSettings = given(factory=TrustSettings, source="definition")
    satisfaction: SatisfactionSettings = given(factory=SatisfactionSettings, source="definition")
    retention: RetentionSettings = given(factory=RetentionSettings, source="definition")
    finance: FinanceSettings = given(factory=FinanceSettings, source="definition")
    policies: dict[str, PolicySettings] = given(factory=lambda: {"ad_hoc": PolicySettings()}, source="definition")
    mechanisms: dict[str, dict[str, Any]] = given(factory=dict, source="definition")
    calibration: CalibrationSettings = given(factory=CalibrationSettings, source="definition")


@dataclass(frozen=True)
class Policy:
    """A policy ready to run."""

    name: str
    title: dict[str, str]
    mechanisms: tuple[str, ...]


@dataclass(frozen=True)
class Scenario:
    """A validated scenario. ``model`` holds every setting, ``mechanisms`` every mechanism with its settings."""

    file: str
    name: str
    model: Model
    mechanisms: dict[str, Mechanism]
    variants: dict[tuple[str, str], Mechanism] = field(repr=False)
    """Mechanisms whose settings differ under a policy, by (policy, mechanism)."""
    data: dict[str, Any] = field(repr=False)
    histories: dict[str, tuple[tuple[str, ...], np.ndarray]] = field(repr=False, default_factory=dict)

    @property
    def title(self) -> dict[str, str]:
        """Name in zh and en."""
        return {lang: self.model.title.get(lang, self.name) for lang in ("zh", "en")}

    @property
    def study(self) -> StudySettings:
        """How long, how often."""
        return self.model.study

    @property
    def baseline(self) -> str:
        """Name of the policy the others are compared with."""
        return self.model.study.baseline

    @cached_property
    def policies(self) -> dict[str, Policy]:
        """Policies by name, baseline first."""
        names = sorted(self.model.policies, key=lambda name: name != self.baseline)
        return {
            name: Policy(
                name,
                {lang: self.model.policies[name].title.get(lang, name) for lang in ("zh", "en")},
                self.model.policies[name].mechanisms,
            )
            for name in names
        }

    @property
    def compared(self) -> tuple[str, ...]:
        """Policies compared when none are named, baseline first."""
        names = self.model.study.compared or tuple(self.policies)
        return (self.baseline, *(name for name in names if name != self.baseline))

    def in_force(self, policy: str) -> tuple[Mechanism, ...]:
        """Mechanisms of a policy with their settings."""
        return tuple(self.mechanism(name, policy) for name in self.policies[policy].mechanisms)

    def mechanism(self, name: str, policy: str) -> Mechanism:
        """A mechanism with the settings it has under a policy."""
        return self.variants.get((policy, name), self.mechanisms[name])

    def changed(self, changes: dict[str, Any]) -> "Scenario":
        """The same scenario with other values at dotted keys, validated anew.

        Raises:
            Problems: a key or a value the scenario could not hold.
        """
        data = copy.deepcopy(self.data)
        for dotted, value in changes.items():
            *path, last = dotted.split(".")
            table: Any = data
            for key in path:
                table = table.setdefault(key, {}) if isinstance(table, dict) else None
            if not isinstance(table, dict):
                zh, en = (
                    f"{'.'.join(path)} 不是一个表，里面不能有 {last}",
                    f"{'.'.join(path)} is no table that could hold {last}",
                )
                raise Problems((Problem(self.file, None, dotted, as_written(value), zh, en),))
            table[last] = value
        return build(TomlSource(self.file, data), self.name)

    def hash(self) -> str:
        """SHA-256 of everything that is in the scenario, defaults included."""
        content = {
            "model": self.model.model_dump(mode="json"),
            "mechanisms": {name: m.model_dump(mode="json") for name, m in sorted(self.mechanisms.items())},
            "variants": {".".join(key): m.model_dump(mode="json") for key, m in sorted(self.variants.items())},
            "histories": {name: [list(skus), mean.tolist()] for name, (skus, mean) in self.histories.items()},
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def load(path: str | Path) -> Scenario:
    """Read and check a scenario file.

    Raises:
        Problems: everything that is wrong with it, each with its line.
    """
    return build(read_toml(path), Path(path).stem)


def build(source: TomlSource, name: str) -> Scenario:
    """Check a scenario's data and put it together.

    Raises:
        Problems: everything that is wrong with it.
    """
    problems: list[Problem] = []
    mechanisms, wrong = _mechanisms(source)
    problems += wrong
    variants, wrong = _variants(source) if not wrong else ({}, [])
    problems += wrong
    model: Model | None = None
    try:
        model = validate(Model, source)
    except Problems as found:
        problems += found.problems
    histories: dict[str, tuple[tuple[str, ...], np.ndarray]] = {}
    problems += cross_check(source)
    if model is not None:
        histories, wrong = _histories(model, source)
        problems += wrong
        problems += impossible(model, source)
    if problems or model is None:
        raise Problems(tuple(problems))
    return Scenario(source.file, name, model, mechanisms, variants, source.data, histories)


def _mechanisms(source: TomlSource) -> tuple[dict[str, Mechanism], list[Problem]]:
    """Every known mechanism with the scenario's settings for it."""
    known = all_mechanisms()
    written = source.data.get("mechanisms", {})
    problems: list[Problem] = []
    built: dict[str, Mechanism] = {}
    if not isinstance(written, dict):
        return {}, []
    for name in written:
        if name not in known:
            problems.append(unknown(source, ("mechanisms", name), name, list(known), "机制", "mechanism"))
    for name, kind in known.items():
        try:
            built[name] = validate(kind, source, written.get(name, {}), ("mechanisms", name))
        except Problems as found:
            problems += found.problems
    return built, problems


def _variants(source: TomlSource) -> tuple[dict[tuple[str, str], Mechanism], list[Problem]]:
    """Mechanisms of which a policy says something of its own. What is of the wrong shape is told elsewhere."""
    known, shared = all_mechanisms(), source.data.get("mechanisms", {})
    shared = shared if isinstance(shared, dict) else {}
    policies = source.data.get("policies", {})
    built: dict[tuple[str, str], Mechanism] = {}
    problems: list[Problem] = []
    for policy, table in policies.items() if isinstance(policies, dict) else ():
        settings = table.get("settings", {}) if isinstance(table, dict) else {}
        named = table.get("mechanisms", ()) if isinstance(table, dict) else ()
        named = [m for m in named if isinstance(m, str)] if isinstance(named, list | tuple) else []
        for name, own in settings.items() if isinstance(settings, dict) else ():
            path = ("policies", policy, "settings", name)
            if name not in known or name not in named:
                problems.append(unknown(source, path, name, named, "方案里的机制", "mechanism of this policy"))
            elif isinstance(own, dict) and isinstance(shared.get(name, {}), dict):
                try:
                    built[policy, name] = validate(known[name], source, {**shared.get(name, {}), **own}, path)
                except Problems as found:
                    problems += found.problems
    return built, problems


def _histories(model: Model, source: TomlSource) -> tuple[dict[str, tuple[tuple[str, ...], np.ndarray]], list[Problem]]:
    """Mean monthly demand of the families read from files."""
    found: dict[str, tuple[tuple[str, ...], np.ndarray]] = {}
    problems: list[Problem] = []
    for settings in model.parts.history:
        path = Path(source.file).parent / settings.file
        try:
            history = read_history(path, settings.missing)
        except Problems as wrong:
            problems += wrong.problems
            continue
        found[settings.family] = (history.skus, np.nan_to_num(history.monthly_mean()))
    return found, problems
