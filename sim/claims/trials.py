"""The six tests of a claim: null dose, no disease, moved before, elasticity, negative control, many fits.

Each gives a row: passed, failed, or does not apply (with the reason). None of them knows the claim's verdict.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.cells import Cell
from sim.claims.laboratory import Laboratory
from sim.claims.readings import Reading
from sim.claims.verdicts import estimate, finding, judge, over_fits
from sim.mechanisms import all_mechanisms
from sim.problems import Problems

PASSED, FAILED, DOES_NOT_APPLY = "passed", "failed", "does not apply"
LIKE_AN_INPUT = (0.8, 1.25)
FACTORS = (0.8, 1.25)
FEWEST = 2
"""Replications for an elasticity: under the same luck the difference hardly scatters."""
SAME_BEFORE = {"fleet_utilisation_demo_only": "fleet_utilisation"}
"""Metrics that are one and the same ad hoc: without backup cars both denominators agree."""
STILL = 0.01
"""Relative change below which a metric counts as not moved."""


@dataclass(frozen=True)
class Trial:
    """Outcome of one test."""

    test: str
    outcome: str
    figure: float
    """What was measured; its meaning stands in the sentence."""
    zh: str
    en: str


def null_dose(laboratory: Laboratory, reading: Reading) -> Trial:
    """With every mechanism of the claim at its null settings every difference is exactly 0."""
    if not reading.after.mechanisms:
        return _does_not_apply("null_dose", "这里改的是门店自己的参数", "the claim moves keys of the centre itself")
    if reading.before.changes != reading.after.changes:
        return _does_not_apply("null_dose", "前后两个门店本身不同", "the two centres differ in themselves")
    nothing = Cell(reading.after.mechanisms, changes=reading.after.changes)
    reference = Cell(changes=reading.before.changes)
    for name in reading.after.mechanisms:
        nothing = nothing.with_settings(name, dict(all_mechanisms()[name].null))
    worst = _largest_difference(laboratory, reference, nothing, 1)
    zh, en = f"机制剂量为零时最大差别 {worst:g}", f"largest difference at dose zero: {worst:g}"
    return Trial("null_dose", PASSED if worst == 0 else FAILED, worst, zh, en)


def negative_control(laboratory: Laboratory, reading: Reading) -> Trial:
    """Metrics that no mechanism of the claim has a cause for do not move at all."""
    kinds = [all_mechanisms()[name] for name in reading.after.mechanisms]
    if not kinds or reading.before.changes != reading.after.changes or reading.before.mechanisms:
        return _does_not_apply("negative_control", "没有可作对照的指标", "no metric to serve as a control")
    names = set.intersection(*(set(kind.no_cause_for) for kind in kinds))
    if not names:
        return _does_not_apply("negative_control", "没有可作对照的指标", "no metric to serve as a control")
    worst = _largest_difference(laboratory, reading.before, reading.after, laboratory.few, names)
    listed = ", ".join(sorted(names))
    return Trial(
        "negative_control", PASSED if worst == 0 else FAILED, worst, f"不应受影响的指标（{listed}）最大差别 {worst:g}",
        f"largest difference in metrics without a cause ({listed}): {worst:g}",
    )  # fmt: skip


def no_disease(laboratory: Laboratory, reading: Reading) -> Trial:
    """Where there is nothing to heal the effect vanishes: a twentieth of it at most, or not to be told from 0."""
    if reading.no_disease is None:
        return _does_not_apply("no_disease", "没有可以拿掉的病因", "there is no disease to take away")
    effect = _effect(laboratory, reading, {})
    healed = _effect(laboratory, reading, reading.no_disease)
    left = abs(float(np.nanmean(healed))) if np.isfinite(healed).any() else 0.0
    whole = abs(float(np.nanmean(effect)))
    interval = estimate(healed)
    gone = left <= 0.05 * whole or not np.isfinite(healed).any() or interval.low <= 0 <= interval.high
    return Trial(
        "no_disease", PASSED if gone else FAILED, left, f"拿掉病因后效果只剩 {left:.3g}（原来 {whole:.3g}）",
        f"without the disease the effect is {left:.3g} (was {whole:.3g})",
    )  # fmt: skip


def moved_before(laboratory: Laboratory, reading: Reading) -> Trial:
    """In another centre, not fitted anew, the after must go where theory says."""
    if not reading.moved:
        return _does_not_apply("moved_before", "没有给出理论方向", "no direction is known from theory")
    few, shifts, zh, en = laboratory.few, [], [], []
    after = laboratory.values(reading.after, reading.metric, reading.window, few)
    passed = True
    for move in reading.moved:
        other = laboratory.values(reading.after.with_changes(move.changes), reading.metric, reading.window, few)
        shift = estimate(other - after)
        shifts.append(shift.mean)
        passed &= move.sign * shift.low > 0 and move.sign * shift.high > 0
        zh.append(f"{move.zh}（实际变动 {shift.mean:+.3g}）")
        en.append(f"{move.en} (it moved by {shift.mean:+.3g})")
    return Trial("moved_before", PASSED if passed else FAILED, shifts[0], "；".join(zh), "; ".join(en))


def elasticity(laboratory: Laboratory, reading: Reading) -> Trial:
    """Each number that only the mechanism reads × 0.8 and × 1.25: does the after only follow one of them?"""
    base = laboratory.metrics(reading.after, FEWEST, _window(laboratory, reading))
    strongest, who, follows = 0.0, "", False
    for name, key, ratio, cell in moves(laboratory, reading):
        other = laboratory.metrics(cell, FEWEST, _window(laboratory, reading))
        found = _elasticity(base, other, _metric(reading), ratio)
        if abs(found) > abs(strongest):
            in_between = _others_moved(base, other, _metric(reading))
            strongest, who = found, f"{name}.{key}"
            follows = LIKE_AN_INPUT[0] <= abs(found) <= LIKE_AN_INPUT[1] and not in_between
    if not who:
        return _does_not_apply(
            "elasticity", "没有只由一两个机制读取的数", "no number that one or two mechanisms alone read"
        )
    zh = f"最强的弹性 {strongest:+.2f}（{who}）" + ("：结果只是跟着输入走" if follows else "")
    en = f"strongest elasticity {strongest:+.2f} ({who})" + (": the after only follows its input" if follows else "")
    return Trial("elasticity", FAILED if follows else PASSED, strongest, zh, en)


def many_fits(
    laboratory: Laboratory, reading: Reading, fits: dict[str, dict[str, float]], own: str
) -> tuple[Trial, list[str]]:
    """The same before carried by other knobs: the range of afters, and the verdict each would give.

    Args:
        own: verdict under the scenario's own knobs.
    """
    fitted_as = SAME_BEFORE.get(reading.metric, reading.metric)
    if not fits or reading.baseline_at or fitted_as not in _fitted(laboratory):
        reason = (
            ("没有别的拟合", "no other fits at hand") if not fits else ("前值不是拟合的", "its before is not fitted")
        )
        return _does_not_apply("many_fits", *reason), []
    few, afters, verdicts = laboratory.few, [], []
    goal = _fitted(laboratory)[fitted_as]
    reached = 0
    for values in fits.values():
        before = reading.before.with_changes(dict(values))
        after = reading.after.with_changes(dict(values))
        a = laboratory.values(before, reading.metric, "all", few)
        if abs(float(np.nanmean(a)) / goal - 1) > 0.1:
            continue  # the fit does not hold on these seeds: it says nothing
        reached += 1
        start = laboratory.values(before, reading.metric, reading.window, few)
        found = finding(reading, start, laboratory.values(after, reading.metric, reading.window, few))
        afters.append(found.after.mean)
        verdicts.append(judge(reading, found))
    if not afters:
        return _does_not_apply("many_fits", "别的拟合都没有达到前值", "no other fit reaches the before"), []
    one = over_fits([own, *verdicts]) is not None
    span = max(afters) - min(afters)
    zh = f"{reached} 组旋钮拟合同一前值，后值在 {min(afters):.3g} 到 {max(afters):.3g} 之间"
    en = f"{reached} sets of knobs with the same before: afters from {min(afters):.3g} to {max(afters):.3g}"
    return Trial("many_fits", PASSED if one else FAILED, span, zh, en), verdicts


TESTS: tuple[Callable[[Laboratory, Reading], Trial], ...] = (
    null_dose, no_disease, moved_before, elasticity, negative_control,
)  # fmt: skip


# -- helpers ---------------------------------------------------------------------------------------------------


def _does_not_apply(test: str, zh: str, en: str) -> Trial:
    return Trial(test, DOES_NOT_APPLY, float("nan"), zh, en)


def _effect(laboratory: Laboratory, reading: Reading, changes: dict[str, Any]) -> np.ndarray:
    few = laboratory.few
    before, after = (cell.with_changes(changes) for cell in (reading.before, reading.after))
    a, b = (laboratory.values(cell, reading.metric, reading.window, few) for cell in (before, after))
    return b - a


def _largest_difference(
    laboratory: Laboratory, one: Cell, other: Cell, replications: int, names: set[str] | None = None
) -> float:
    a, b = (laboratory.metrics(cell, replications) for cell in (one, other))
    worst = 0.0
    for name in names or set(a):
        both = np.isfinite(a[name]) & np.isfinite(b[name])
        worst = max(worst, float(np.abs(a[name][both] - b[name][both]).max(initial=0.0)))
    return worst


def _window(laboratory: Laboratory, reading: Reading) -> str:
    return reading.window if laboratory.weeks >= 26 else "all"


def _metric(reading: Reading) -> str:
    return "promise_kept" if reading.metric == "broken_promises" else reading.metric


def moves(laboratory: Laboratory, reading: Reading) -> list[tuple[str, str, float, Cell]]:
    """(mechanism, key, factor, variant) for each number of the claim's mechanisms but prices.

    A bundle of many mechanisms has none: each of them is tested in the claim that is its own.
    """
    found: list[tuple[str, str, float, Cell]] = []
    if len(reading.after.mechanisms) > 2:
        return found
    scenario = reading.after.scenario(laboratory.scenario)
    for name in reading.after.mechanisms:
        mechanism = scenario.mechanism(name, "tried")
        for key in type(mechanism).model_fields:
            value: Any = getattr(mechanism, key)
            if isinstance(value, bool) or not isinstance(value, int | float) or not value or "yuan" in key:
                continue
            for factor in FACTORS:
                moved = max(round(value * factor), 0) if isinstance(value, int) else value * factor
                if isinstance(value, int) and moved == value:
                    moved = value + (1 if factor > 1 else -1)
                if "share" in key:
                    moved = min(moved, 1.0)
                cell = reading.after.with_settings(name, {key: moved})
                try:
                    cell.scenario(laboratory.scenario)
                except Problems:
                    continue  # outside the key's own range
                if moved != value:
                    found.append((name, key, moved / value, cell))
    return found


def _elasticity(base: dict[str, np.ndarray], other: dict[str, np.ndarray], metric: str, ratio: float) -> float:
    before, after = float(np.nanmean(base[metric])), float(np.nanmean(other[metric]))
    return (after / before - 1) / (ratio - 1) if before else 0.0


def _others_moved(base: dict[str, np.ndarray], other: dict[str, np.ndarray], metric: str) -> bool:
    """Whether anything else than the metric and the money moved: a chain that can be seen."""
    for name, values in base.items():
        if name == metric or "yuan" in name or not np.isfinite(values).any():
            continue
        mean = float(np.nanmean(values))
        if mean and abs(float(np.nanmean(other[name])) / mean - 1) > STILL:
            return True
    return False


def _fitted(laboratory: Laboratory) -> dict[str, float]:
    return {target.metric: target.value for target in laboratory.scenario.model.calibration.targets}
