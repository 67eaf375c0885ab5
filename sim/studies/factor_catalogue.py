"""Which numbered assumptions of a scenario can be moved, how far, and which are left out, and why."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sim.assumptions import _walk
from sim.cells import Cell
from sim.distributions import Distribution
from sim.scenario import Scenario
from sim.studies.factors import NULL, Factor, Place, refused, split

SHARES_OF_A_WHOLE = ("jobs.*.share",)
"""Keys whose instances divide a whole: moved together nothing would change, so each is a factor of its own."""
NO_ORDER = ("parts.catalogue_seed",)
"""Numbers without an order: between two seeds there is no way along which a verdict could turn."""
OF_THE_STUDY = "study"
"""Table of what the study is, not the centre: other weeks are compared, under other luck."""


@dataclass(frozen=True)
class LeftOut:
    """An assumption that is no factor."""

    assumption: str
    key: str
    reason: str
    """no_range, no_number, out_of_reach, not_in_force, no_order, of_the_study, or refused."""
    zh: str = ""
    en: str = ""
    """What the scenario said against one of its ends."""


def factors_of(scenario: Scenario, policy: str) -> tuple[tuple[Factor, ...], tuple[LeftOut, ...]]:
    """Every numbered assumption of a scenario: factors, and those left out; both in the order of the settings."""
    found: dict[str, list[tuple[tuple[str, ...], Any, dict[str, Any]]]] = {}
    for path, value, extra in _settings(scenario, policy):
        if extra["source"].startswith("A-") or extra["source"] == "fitted":
            found.setdefault(".".join("*" if part[0] == "*" else part for part in path), []).append(
                (path, value, extra)
            )
    there = {*scenario.policies[policy].mechanisms, *scenario.policies[scenario.baseline].mechanisms}
    factors, left_out = [], []
    for pattern, rows in found.items():
        number, reason = _number(rows[0][2]), _against(scenario, pattern, rows, there)
        if reason:
            left_out.append(LeftOut(number, pattern, reason))
        else:
            factors += _made(number, pattern, rows)
    return tuple(factors), tuple(left_out)


def _settings(scenario: Scenario, policy: str) -> Iterable[tuple[tuple[str, ...], Any, dict[str, Any]]]:
    yield from _walk(scenario.model, ())
    for name in scenario.mechanisms:
        yield from _walk(scenario.mechanism(name, policy), ("mechanisms", name))


def _number(extra: dict[str, Any]) -> str:
    """A fitted value carries its number in its reason."""
    found = re.match(r"A-\d+", extra["source"]) or re.match(r"A-\d+", extra.get("why", ""))
    return found.group() if found else ""


def _against(scenario: Scenario, pattern: str, rows: list[Any], there: set[str]) -> str:
    """Why a key is no factor; empty if it is one."""
    parts = pattern.split(".")
    if parts[0] == "mechanisms" and parts[1] not in there:
        return "not_in_force"
    if pattern in NO_ORDER:
        return "no_order"
    if parts[0] == OF_THE_STUDY:
        return "of_the_study"
    if any(isinstance(value, bool) or not isinstance(value, int | float | Distribution) for _, value, _ in rows):
        return "no_number"
    if not rows[0][2].get("span") or rows[0][2]["span"][0] >= rows[0][2]["span"][1]:
        return "no_range"
    return "" if all(_reached(scenario, path) for path, _, _ in rows) else "out_of_reach"


def _reached(scenario: Scenario, path: tuple[str, ...]) -> bool:
    """Whether a dotted key leads there: tables by name do, lists of tables do not."""
    model: Any = scenario.model
    for part in path[:-1] if path[0] != "mechanisms" else ():
        if isinstance(model, tuple):
            return False
        model = model[part[1:]] if isinstance(model, dict) else getattr(model, part)
    return True


def _made(number: str, pattern: str, rows: list[Any]) -> list[Factor]:
    places = []
    for path, value, extra in rows:
        low, high = (float(end) for end in extra["span"])
        law = (value.shape, value.cv) if isinstance(value, Distribution) else None
        at = float(value.mean if isinstance(value, Distribution) else value)
        instances = [part[1:] for part in path if part[0] == "*"]
        # a value outside its own range widens it: the range must hold what is run
        places.append(
            Place(".".join(part.lstrip("*") for part in path), ".".join(instances), at, min(low, at), max(high, at),
                  isinstance(value, int), law)
        )  # fmt: skip
    extra = rows[0][2]
    whole = Factor(number, pattern, pattern, extra.get("read_by", "both"), extra["source"] == "fitted", tuple(places))
    if pattern in SHARES_OF_A_WHOLE or ("*" in pattern and len(places) == 1):
        return split(whole)
    return [whole]


def null_factor(scenario: Scenario, policy: str) -> Factor:
    """A number that neither policy reads: a setting of a mechanism not in force. Under shared luck it must do nothing.

    It is really run, so it can fail. If every mechanism is in force it moves nothing, and costs nothing.
    """
    there = {*scenario.policies[policy].mechanisms, *scenario.policies[scenario.baseline].mechanisms}
    for name in sorted(set(scenario.mechanisms) - there):
        for path, value, extra in _walk(scenario.mechanisms[name], ("mechanisms", name)):
            if extra.get("span") and isinstance(value, int | float) and not isinstance(value, bool):
                return replace(NULL, places=_made("", "null", [(path, value, extra)])[0].places)
    return NULL


def named(
    factors: Sequence[Factor], left_out: Sequence[LeftOut], names: Sequence[str]
) -> tuple[tuple[Factor, ...], list[tuple[str, str]]]:
    """Factors by number, by key, or by the key of one of several tables, in the order asked for.

    Returns:
        Factors, and (name, what is wrong with it: ``unknown`` or the reason why it is left out).
    """
    found: dict[str, Factor] = {}
    wrong = []
    for name in names:
        key = name.removesuffix(".mean")
        chosen = [f for f in factors if key in (f.assumption, f.key, f.pattern)]
        chosen = chosen or [one for f in factors for one in split(f) if one.key == key]
        out = [one for one in left_out if key in (one.assumption, one.key)]
        if not chosen:
            wrong.append((name, out[0].reason if out else "unknown"))
        found |= {factor.key: factor for factor in chosen}
    return tuple(found.values()), wrong


def held(
    scenario: Scenario, cells: Sequence[Cell], factors: Sequence[Factor]
) -> tuple[tuple[Factor, ...], tuple[LeftOut, ...]]:
    """Factors whose two ends the scenario can hold, and those left out because it cannot, with its message."""
    there, out = [], []
    for factor in factors:
        ends = ((factor, factor.low), (factor, factor.high))
        found = next((problem for end in ends if (problem := refused(scenario, cells, [end]))), None)
        if found is None:
            there.append(factor)
        else:
            first = found.problems[0]
            out.append(LeftOut(factor.assumption, factor.key, "refused", first.text("zh"), first.text("en")))
    return tuple(there), tuple(out)
