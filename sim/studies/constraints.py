"""Limits as a manager writes them: ``total_cost_yuan<=60万``, ``shortage_rate<=baseline``, ``nps>=80``.

Right of the sign stands a number, or the baseline with or without a number added: "baseline+20000" is what the baseline
has in the same replication and 20,000 more. Numbers may be written with %, 万, 亿 and thousands separators.
"""

import math
import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from sim.metrics import METRICS
from sim.options import Checker
from sim.problems import did_you_mean
from sim.words import short_label

SIGNS = {
    "<=": "<=",
    "=<": "<=",
    "≤": "<=",
    "⩽": "<=",
    "≦": "<=",
    ">=": ">=",
    "=>": ">=",
    "≥": ">=",
    "⩾": ">=",
    "≧": ">=",
}
FACTORS = {"%": 0.01, "万": 1e4, "亿": 1e8}
BASELINE = ("baseline", "基准")


@dataclass(frozen=True)
class Limit:
    """What a bundle's mean must not pass."""

    metric: str
    sign: Literal["<=", ">="]
    value: float
    """In the metric's unit; beside a baseline, what is added to it."""
    relative: bool
    """To the baseline's value in the same replication."""
    tolerance: float = 0.0
    """A breach up to this is put up with; one that is shown is not, however small."""
    department: str = ""
    """The department whose figure it is, if it stands for "no department worse"."""


def number(written: str) -> float:
    """A number, with 万, 亿 or % if it has one; nan if it is none."""
    plain = unicodedata.normalize("NFKC", written).replace(",", "").replace(" ", "").replace("−", "-")
    plain = plain.removesuffix("元")
    factor = 1.0
    if plain and plain[-1] in FACTORS:
        factor, plain = FACTORS[plain[-1]], plain[:-1]
    try:
        found = float(plain) * factor
    except ValueError:
        return math.nan
    # 3 % is 0.03, not 0.030000000000000002
    return float(f"{found:.12g}") if math.isfinite(found) else math.nan


def metric_named(check: Checker, option: str, written: str, whole: str) -> str | None:
    """A metric's name, or None with the problem noted; ``whole`` is all that was written."""
    if written in METRICS:
        return written
    guess = did_you_mean(written, METRICS)
    zh = f"没有“{written}”这个指标，" + (f"是不是 {guess}？" if guess else "所有指标见 docs/measures.md")
    en = f"no metric {written!r}" + (f", did you mean {guess}?" if guess else "; docs/measures.md lists them")
    check.wrong(option, whole, zh, en)
    return None


def value_of(check: Checker, option: str, metric: str, written: str, whole: str) -> float | None:
    """A number in a metric's unit, or None with the problem noted."""
    found = number(written)
    if math.isnan(found):
        zh = f"“{written}”不是数字；可以写 400000、40万、3% 或 0.03"
        en = f"{written!r} is no number; write 400000, 40万, 3% or 0.03"
        check.wrong(option, whole, zh, en)
        return None
    if METRICS[metric].unit == "share" and abs(found) > 1:
        label = short_label(metric, "zh"), short_label(metric, "en")
        zh = f"{label[0]}是比率，不会超过 1；百分之 {found:g} 要写成 {found:g}% 或 {found / 100:g}"
        en = f"{label[1]} is a share and never above 1; write {found:g}% or {found / 100:g}"
        check.wrong(option, whole, zh, en)
        return None
    return found


def limit(check: Checker, written: str, margins: dict[str, float], tolerances: dict[str, float]) -> Limit | None:
    """One limit, or None with its problems noted. Its tolerance: as asked, else the scenario's margin, else none."""
    option = "subject-to"
    parts = re.fullmatch(r"\s*([^<>=≤≥⩽⩾≦≧\s]+)\s*([<>=≤≥⩽⩾≦≧]+)\s*(.+?)\s*", unicodedata.normalize("NFKC", written))
    sign = SIGNS.get(parts.group(2)) if parts else None
    if not parts or sign is None:
        zh = "要写成 指标<=数值 或 指标>=数值，例如 total_cost_yuan<=60万、shortage_rate<=baseline"
        en = "must be METRIC<=NUMBER or METRIC>=NUMBER, such as total_cost_yuan<=600000 or shortage_rate<=baseline"
        check.wrong(option, written, zh, en)
        return None
    metric = metric_named(check, option, parts.group(1), written)
    right = parts.group(3).replace(" ", "")
    base = next((word for word in BASELINE if right.startswith(word)), None)
    rest = right.removeprefix(base) if base else right
    if base and rest and rest[0] not in "+-−":
        zh, en = "baseline 后面只能写 + 或 − 一个数", "behind baseline only + or - and a number may stand"
        check.wrong(option, written, zh, en)
        return None
    if metric is None:
        return None
    value = 0.0 if base and not rest else value_of(check, option, metric, rest, written)
    tolerance = tolerances.get(metric, margins.get(metric, 0.0))
    return None if value is None else Limit(metric, sign, value, base is not None, tolerance)  # type: ignore[arg-type]


def tolerances_of(check: Checker, asked: tuple[str, ...]) -> dict[str, float]:
    """``METRIC=NUMBER`` texts as tolerances; 0 makes a limit hard."""
    found: dict[str, float] = {}
    for one in asked:
        name, sign, right = unicodedata.normalize("NFKC", one).partition("=")
        if not sign:
            check.wrong("tolerance", one, "要写成 指标=数值", "must be METRIC=NUMBER")
            continue
        metric = metric_named(check, "tolerance", name.strip(), one)
        value = value_of(check, "tolerance", metric, right, one) if metric else None
        if value is not None and value < 0:
            check.wrong("tolerance", one, "允许的超出量不能小于 0", "a tolerance cannot be below 0")
        elif metric and value is not None:
            found[metric] = value
    return found
