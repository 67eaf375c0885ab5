"""Checks of a study, each a row: what it is about, both sides, what came of it, and the words for it in zh and en.

Broken: a law fails, so the results contradict themselves. Weak: nothing is wrong, but the evidence does not carry
the conclusion yet. Note: worth knowing. All texts come from sim/words_trust.py in both languages.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from sim.comparison import HEADLINE, Comparison, half_width, level_alone
from sim.statistics.precision import replications_for
from sim.words import LANGUAGES, label, scale, short_label
from sim.words_trust import text

Status = Literal["broken", "weak", "note", "does_not_apply", "fine"]

Both = dict[str, str]
"""A text in zh and en."""
Word = Callable[[str], str]
"""A word that depends on the language."""

SHARE_OF_BASELINE = 0.1
"""Precision asked for where the scenario gives no margin."""


@dataclass(frozen=True)
class Check:
    """One check and what came of it."""

    check: str
    policy: str
    scope: str
    """A law's place, a kind of bay, or a metric."""
    status: Status
    lhs: float
    rhs: float
    unit: str
    worst_replication: int | None
    words: Both
    item: Both = field(default_factory=dict)
    """The same in a few words, for a line that holds several."""
    needed: int = 0
    """Weeks of warm-up, or replications, that would do; 0: unknown or enough."""


def both(key: str, **words: Any) -> Both:
    """A text in both languages; a word may be a function of the language."""
    return {
        lang: text(key, lang, **{name: word(lang) if callable(word) else word for name, word in words.items()})
        for lang in LANGUAGES
    }


def target(comparison: Comparison, metric: str) -> tuple[float, str]:
    """Half-width asked for of a metric, and the key of the text that says where it comes from."""
    margin = comparison.setup.margins.get(metric, math.nan)
    if not math.isnan(margin):
        return margin, "by_margin"
    return SHARE_OF_BASELINE * abs(comparison.row(metric)["baseline_mean"]), "by_share"


def headline(comparison: Comparison) -> list[str]:
    """Headline metrics that this study has values of."""
    return _with_values(comparison, HEADLINE)


def judged(comparison: Comparison) -> list[str]:
    """Metrics of the family, whose verdicts are meant to be believed, that this study has values of."""
    return _with_values(comparison, comparison.family)


def _with_values(comparison: Comparison, metrics: tuple[str, ...]) -> list[str]:
    there = comparison.details[(comparison.details["window"] == "all") & comparison.details["baseline_mean"].notna()]
    return [metric for metric in metrics if metric in set(there["metric"])]


def named(metric: str, short: bool = False) -> Word:
    """What a manager calls a metric."""
    return lambda lang: (short_label if short else label)(metric, lang)


def amount(comparison: Comparison, metric: str, value: float) -> Word:
    """An amount of a metric's unit, without a sign, to two digits, so that it can be told from its target."""
    name = str(comparison.row(metric)["unit"])
    return lambda lang: scale(name, lang, value).difference(value, abs(value) / 10, signed=False)


def precision(comparison: Comparison) -> list[Check]:
    """Half-width of each difference of the family against the margin, and the replications that would reach it.

    A margin that the interval cannot fit into can never be shown to be kept; it is the simultaneous interval that has
    to fit, as verdicts and pictures have it.
    """
    return [_precise(comparison, policy, metric) for policy in comparison.policies for metric in judged(comparison)]


def _precise(comparison: Comparison, policy: str, metric: str) -> Check:
    row = comparison.row(metric, policy)
    half = half_width(row)
    wanted, by = target(comparison, metric)
    shown: dict[str, Any] = {
        "label": named(metric), "half": amount(comparison, metric, half),
        "target": amount(comparison, metric, wanted), "by": lambda lang: text(by, lang),
    }  # fmt: skip
    values = (half, wanted, row["unit"], None)
    if math.isnan(half):
        words = both("precision_none", label=named(metric), replications=row["replications"])
        return Check(
            "precision", policy, metric, "weak", *values, words, both("none_item", label=named(metric, short=True))
        )
    if half <= wanted:
        return Check("precision", policy, metric, "fine", *values, both("precision_well", **shown))
    needed = replications_for(half, int(row["replications"]), wanted, level_alone(row))
    shown["needed"] = f"{needed:,}" if needed else "?"
    words, item = (
        both("precision_weak", **shown),
        both("precision_item", **shown | {"label": named(metric, short=True)}),
    )
    return Check("precision", policy, metric, "weak", *values, words, item, needed)


def variance_ratio(comparison: Comparison) -> list[Check]:
    """Where common random numbers hurt: (var x + var y) / var(y − x) below 1. A note, since intervals hold anyway."""
    found = []
    for policy in comparison.policies:
        for metric in headline(comparison):
            ratio = comparison.row(metric, policy)["variance_ratio"]
            if math.isnan(ratio):
                continue
            hurts = ratio < 1
            shown: dict[str, Any] = {"label": named(metric), "ratio": f"{ratio:.2f}"}
            words = both("ratio_hurts" if hurts else "ratio_well", **shown)
            item = {lang: f"{short_label(metric, lang)} {ratio:.2f}" for lang in LANGUAGES}
            status: Status = "note" if hurts else "fine"
            found.append(Check("variance_ratio", policy, metric, status, ratio, 1.0, "times", None, words, item))
    return found
