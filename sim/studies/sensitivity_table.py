"""The table of a sensitivity study: a row an assumption, nan where something was not computed."""

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.studies.factors import NULL, Factor
from sim.studies.tornado import Reading, Swing
from sim.studies.words_assumptions import UNITS, assumption_label, unit_of

if TYPE_CHECKING:
    from sim.studies.sensitivity import Found
    from sim.studies.sensitivity_plan import Plan

NOTHING = Reading(verdict="")


def table(plan: "Plan", found: "Found") -> pd.DataFrame:
    """Rows of factors (those run at both ends first, by swing; then by mu_star), the null factor, those left out.

    ``value``, ``low``, ``high`` and ``turns_at`` are in ``unit``; where several tables move together they are the
    position from −1 (each at its low end) over 0 (as written) to +1. ``stage`` says how far an assumption came.
    """
    swings = {swing.factor.key: swing for swing in found.swings}
    rows = [_row(factor, swings.get(factor.key), plan, found) for factor in (*plan.factors, plan.null)]
    null = rows.pop()
    rows.sort(key=_order)
    out = [
        {"assumption": one.assumption, "key": one.key, "label": assumption_label(one.key, "en"),
         "stage": "left_out", "left_out": one.reason, "message": one.en}
        for one in plan.left_out
    ]  # fmt: skip
    frame = pd.DataFrame(rows)
    frame = pd.concat([frame, pd.DataFrame([null]), pd.DataFrame(out)], ignore_index=True)
    texts = ["assumption", "key", "label", "unit", "read_by", "group", "stage", "verdict", "verdict_at_low"]
    texts += ["verdict_at_high", "turns_to", "left_out", "message"]
    frame[texts] = frame[texts].fillna("")
    frame["turns"] = frame["turns"].fillna(0).astype(bool)
    frame["fitted"] = frame["fitted"].fillna(0).astype(bool)
    return frame


def _order(row: dict[str, Any]) -> tuple[float, ...]:
    size = abs(row["difference_at_high"] - row["difference_at_low"])
    known = [row["mu_star"], row["group_mu_star"]]
    return (-size if size == size else 1.0, *(-x if x == x else 1.0 for x in known))


def _row(factor: Factor, swing: Swing | None, plan: "Plan", found: "Found") -> dict[str, Any]:
    several = len(factor.places) > 1 or factor.key == NULL.key
    row: dict[str, Any] = {
        "assumption": factor.assumption, "key": factor.key,
        "label": assumption_label(factor.pattern, "en", factor.instance) if factor.key != NULL.key else "null factor",
        "unit": "position" if several else UNITS[unit_of(factor.pattern)][1],
        "value": factor.value, "low": factor.low, "high": factor.high, "read_by": factor.read_by,
        "fitted": factor.fitted, "stage": stage(factor, swing, plan, found),
    }  # fmt: skip
    row |= _screening(factor, found) | _sobol(factor, found)
    base = found.base or NOTHING
    low, high = (swing.low, swing.high) if swing else (NOTHING, NOTHING)
    row |= _reading("", base if swing else NOTHING) | _reading("_at_low", low) | _reading("_at_high", high)
    row |= {
        "verdict": base.verdict if swing else "", "verdict_at_low": low.verdict, "verdict_at_high": high.verdict,
    }  # fmt: skip
    return row | _turning(factor, swing) | {"left_out": "", "message": ""}


def stage(factor: Factor, swing: Swing | None, plan: "Plan", found: "Found") -> str:
    """How far an assumption came.

    ``both_ends``: run at both ends of its range; ``stands_out``: above the noise, but beyond the number run;
    ``noise``: not distinguishable from noise; ``no_effect``: every effect exactly 0; ``group_noise``,
    ``group_no_effect``: the same of its group; ``group_not_opened``: its group stands out, but behind others;
    ``not_screened``: nothing but Sobol' indices was asked for.
    """
    if factor.key == NULL.key:
        return "null"
    if swing is not None:
        return "both_ends"
    members, groups = found.members, found.groups
    if members is not None and factor.key in members.names:
        return _against_noise(members, factor.key)
    if groups is not None:
        status = _against_noise(groups, factor.group)
        return "group_not_opened" if status == "stands_out" else f"group_{status}"
    return "not_screened"


def _against_noise(screened: Any, name: str) -> str:
    i = screened.place(name)
    effect, floor = screened.difference.mu_star[i], screened.difference.noise_floor[i]
    return "no_effect" if effect == 0 else "stands_out" if effect > floor else "noise"


def _screening(factor: Factor, found: "Found") -> dict[str, Any]:
    row = dict.fromkeys(
        ("mu_star", "mu_star_conf", "sigma", "noise_floor", "mu_star_level", "group_mu_star", "group_noise_floor"),
        math.nan,
    )
    if found.members is not None and factor.key in found.members.names:
        i, difference = found.members.place(factor.key), found.members.difference
        row |= {name: float(getattr(difference, name)[i]) for name in ("mu_star", "mu_star_conf", "sigma")}
        row |= {"noise_floor": float(difference.noise_floor[i])}
        row |= {"mu_star_level": float(found.members.level.mu_star[i])}
    if found.groups is not None:
        i, difference = found.groups.place(factor.group), found.groups.difference
        row |= {"group_mu_star": float(difference.mu_star[i]), "group_noise_floor": float(difference.noise_floor[i])}
    return {"group": factor.group} | row


def _sobol(factor: Factor, found: "Found") -> dict[str, Any]:
    keys = [one.key for one in found.indexed]
    if found.indices is None or found.level_indices is None or factor.key not in keys:
        return dict.fromkeys(("S1", "S1_conf", "ST", "ST_conf", "ST_level"), math.nan)
    i, own = keys.index(factor.key), found.indices
    values = {"S1": own.first, "S1_conf": own.first_conf, "ST": own.total, "ST_conf": own.total_conf}
    return {name: float(array[i]) for name, array in (values | {"ST_level": found.level_indices.total}).items()}


def _reading(end: str, reading: Reading) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for name, (mean, low, high) in (("difference", reading.difference), ("level", reading.level)):
        row |= {f"{name}{end}": mean, f"{name}{end}_low": low, f"{name}{end}_high": high}
    return row


def _turning(factor: Factor, swing: Swing | None) -> dict[str, Any]:
    """``turns_at`` is the nearer of two turning values, as a share of the way to its end."""
    below, above = (swing.below, swing.above) if swing else (None, None)
    both = [
        (abs(turn.at - factor.value) / abs(end - factor.value), turn)
        for turn, end in ((below, factor.low), (above, factor.high)) if turn is not None
    ]  # fmt: skip
    nearest = min(both, key=lambda pair: pair[0])[1] if both else None
    return {
        "turns": nearest is not None,
        "turns_at": nearest.at if nearest else math.nan,
        "turns_resolution": nearest.resolution if nearest else math.nan,
        "turns_to": nearest.to if nearest else "",
        "turns_below": below.at if below else math.nan,
        "turns_above": above.at if above else math.nan,
    }
