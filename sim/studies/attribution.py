"""Attribution: which mechanism has what part in a policy's effect.

Every bundle of the mechanisms is a cell under the same luck. In each replication the effect is split by the Shapley
value, so parts and their sum have paired Student-t intervals over replications. Above nine mechanisms each replication
draws orders of its own: its estimate is noisier but unbiased, and independent of the other replications', so that the
same interval covers both the model's luck and the sampling.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from sim.comparison import interval
from sim.metrics import METRICS
from sim.statistics import shapley
from sim.studies import sentences_attribution as sentences
from sim.studies.attribution_question import EXACT, SAMPLED, Question
from sim.studies.result import About, StudyResult
from sim.studies.words_attribution import text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.runner import Runner

REPLICATIONS = 10
TOTAL = "total"
"""What stands for a mechanism in the row of the whole."""
QUANTITIES = ("shapley", "first_in", "last_in")
COLUMNS = (
    "metric", "mechanism", "shapley", "low", "high", "first_in", "first_in_low", "first_in_high",
    "last_in", "last_in_low", "last_in_high", "unit", "baseline", "baseline_low", "baseline_high", "replications",
    "method",
)  # fmt: skip
PAIR_COLUMNS = ("metric", "mechanism", "with", "interaction", "low", "high")


def attribute(runner: "Runner", asked: Question, replications: int = REPLICATIONS) -> "Attribution":
    """Run the bundles and split each metric's change from the baseline to all mechanisms together.

    Args:
        asked: as made and checked by :func:`sim.studies.attribution_question.question`.

    Raises:
        sim.failures.StudyFailed: the store or the pool cannot be used.
    """
    runner.expect(asked.bundles * replications)
    rows: list[dict[str, Any]] = []
    pairs: list[dict[str, Any]] = []
    if asked.method == EXACT:
        cells = [asked.cell(mask) for mask in range(2 ** len(asked.mechanisms))]
        runner.run([(cell, range(replications)) for cell in cells])
        for metric in asked.metrics:
            worth = np.stack([runner.values(cell, metric, replications) for cell in cells], axis=1)
            worth = worth[~np.isnan(worth).any(axis=1)]
            rows += part_rows(metric, asked.mechanisms, exact(worth), EXACT)
            pairs += pair_rows(metric, asked.mechanisms, worth)
    else:
        met = _run_sampled(runner, asked, replications)
        for metric in asked.metrics:
            rows += part_rows(metric, asked.mechanisms, sampled(met, metric), SAMPLED)
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    baseline, interactions = runner.scenario.baseline, pd.DataFrame(pairs, columns=list(PAIR_COLUMNS))
    titles = {name: runner.scenario.policies[name].title for name in (baseline, asked.policy) if name}
    return Attribution(table, About.of(runner, replications), interactions, asked, baseline, titles)


Parts = dict[str, np.ndarray]
"""For each of QUANTITIES an array (replications, mechanisms); "whole" and "before": one value a replication."""


def exact(worth: np.ndarray) -> Parts:
    """Parts of games with every bundle; ``worth`` is (replications, 2^k) without nan."""
    return {
        "shapley": shapley.shapley_values(worth), "first_in": shapley.first_in(worth),
        "last_in": shapley.last_in(worth), "whole": worth[:, -1] - worth[:, 0], "before": worth[:, 0],
    }  # fmt: skip


@dataclass(frozen=True)
class Met:
    """What one replication of a sampled study met: its orders, and any metric's value at each bundle on the way."""

    orders: np.ndarray
    value: Callable[[int, str], float]
    """Of (mask, metric)."""


def _run_sampled(runner: "Runner", asked: Question, replications: int) -> list[Met]:
    """Orders drawn anew for each replication, by an address of their own: more replications change no earlier one."""
    orders = [
        shapley.random_orders(len(asked.mechanisms), np.random.default_rng([runner.seed, number, 2009]))
        for number in range(replications)
    ]
    wanted: dict[int, list[int]] = {}
    for number, rows in enumerate(orders):
        for mask in sorted({int(mask) for mask in shapley.prefixes(rows).flat}):
            wanted.setdefault(mask, []).append(number)
    runner.run([(asked.cell(mask), numbers) for mask, numbers in wanted.items()])

    def value(number: int, mask: int, metric: str) -> float:
        return float(runner.values(asked.cell(mask), metric, 1, first=number)[0])

    return [Met(rows, partial(value, number)) for number, rows in enumerate(orders)]


def sampled(met: Sequence[Met], metric: str) -> Parts:
    """Parts by sampled orders; a replication in which the metric is undefined in any bundle met is left out."""
    found: dict[str, list[Any]] = {name: [] for name in (*QUANTITIES, "whole", "before")}
    for one in met:
        masks = shapley.prefixes(one.orders)
        worth = {int(mask): one.value(int(mask), metric) for mask in np.unique(masks)}
        on_the_way = np.array([[worth[int(mask)] for mask in row] for row in masks])
        if np.isnan(on_the_way).any():
            continue
        k, empty, whole = masks.shape[1] - 1, worth[0], worth[int(masks[0, -1])]
        found["shapley"].append(shapley.sampled_values(one.orders, on_the_way))
        found["first_in"].append([worth[1 << i] - empty for i in range(k)])
        found["last_in"].append([whole - worth[int(masks[0, -1]) ^ 1 << i] for i in range(k)])
        found["whole"].append(whole - empty)
        found["before"].append(empty)
    k = met[0].orders.shape[1]
    shape = {name: (-1, k) if name in QUANTITIES else (-1,) for name in found}
    return {name: np.array(values, dtype=float).reshape(shape[name]) for name, values in found.items()}


def part_rows(metric: str, mechanisms: Sequence[str], parts: Parts, method: str) -> list[dict[str, Any]]:
    """One row a mechanism and one of the whole, by COLUMNS; intervals are Student-t over replications."""
    known = METRICS.get(metric)
    common: dict[str, Any] = {"metric": metric, "unit": known.unit if known else ""}
    before = parts["before"]
    common |= dict(zip(("baseline", "baseline_low", "baseline_high"), interval(before), strict=True))
    common |= {"replications": len(before), "method": method}
    scale = float(np.abs([before, before + parts["whole"]]).max(initial=0.0))
    rows = []
    for i, name in enumerate(mechanisms):
        row = common | {"mechanism": name}
        for quantity in QUANTITIES:
            row |= _named(quantity, interval(_settled(parts[quantity][:, i], scale)))
        rows.append(row)
    nothing = (np.nan, np.nan, np.nan)
    found = interval(_settled(parts["whole"], scale))
    whole = _named("shapley", found) | _named("first_in", nothing) | _named("last_in", nothing)
    return [*rows, common | {"mechanism": TOTAL} | whole]


def _settled(values: np.ndarray, scale: float) -> np.ndarray:
    """Rounding taken out: what is 0, or the same in every replication, to twelve digits of ``scale`` is exactly so."""
    small = 1e-12 * scale
    values = np.where(np.abs(values) <= small, 0.0, values)
    return np.full_like(values, values[0]) if len(values) and np.ptp(values) <= small else values


def _named(quantity: str, found: tuple[float, float, float]) -> dict[str, float]:
    ends = ("low", "high") if quantity == "shapley" else (f"{quantity}_low", f"{quantity}_high")
    return dict(zip((quantity, *ends), found, strict=True))


def pair_rows(metric: str, mechanisms: Sequence[str], worth: np.ndarray) -> list[dict[str, Any]]:
    """One row a pair, by PAIR_COLUMNS."""
    found, scale = shapley.interactions(worth), float(np.abs(worth).max(initial=0.0))
    rows = []
    for i, one in enumerate(mechanisms):
        for j in range(i + 1, len(mechanisms)):
            value, low, high = interval(_settled(found[:, i, j], scale))
            row = {"metric": metric, "mechanism": one, "with": mechanisms[j]}
            rows.append(row | {"interaction": value, "low": low, "high": high})
    return rows


@dataclass(frozen=True)
class Attribution(StudyResult):
    """Parts of a policy's mechanisms in its effect.

    Rows of ``table``: (metric, mechanism), the last of a metric being ``total``. ``shapley`` is the part in the change
    from the baseline's mean ``baseline`` to all mechanisms together, ``first_in`` the change if it comes alone,
    ``last_in`` what it adds to all others; each in the metric's unit with its 95 % interval.
    """

    name: ClassVar[str] = "attribution"
    interactions: pd.DataFrame
    """One row a metric and pair: what both together add beyond what each adds by itself; empty if sampled."""
    asked: Question
    baseline: str
    """The policy that parts are counted from."""
    titles: dict[str, dict[str, str]]
    """Titles of the baseline and, if a policy was split, of it."""

    @property
    def metrics(self) -> tuple[str, ...]:
        """Metrics in the order asked for."""
        return self.asked.metrics

    @property
    def sampled(self) -> bool:
        """Whether the parts are approximate."""
        return self.asked.method == SAMPLED

    def rows(self, metric: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        """A metric's parts, the largest first, and its total."""
        found = self.table[self.table["metric"] == metric].to_dict("records")
        parts = sorted(found[:-1], key=lambda row: -abs(row["shapley"]) if row["replications"] else 0.0)
        return parts, found[-1]

    def pairs(self, metric: str) -> list[dict[str, Any]]:
        """A metric's interactions as plain rows."""
        return list(self.interactions[self.interactions["metric"] == metric].to_dict("records"))

    def title(self, lang: str) -> str:
        return text("title", lang)

    def answer(self, lang: str = "zh") -> str:
        lines = [sentences.finding(*self.rows(metric), self.pairs(metric), lang) for metric in self.metrics]
        return "\n".join([*lines, *sentences.reading(self, lang)])

    def shown(self, lang: str = "zh") -> tuple[list[str], list[list[str]]]:
        return sentences.shown([self.rows(metric) for metric in self.metrics], lang)

    @property
    def charts(self) -> dict[str, Callable[[str], "Figure"]]:
        from sim.studies import picture_attribution as picture

        found: dict[str, Callable[[str], Figure]] = {}
        for metric in self.metrics:
            if not self.rows(metric)[1]["replications"]:
                continue
            found[f"waterfall_{metric}"] = partial(picture.waterfall, self, metric)
            if self.pairs(metric):
                found[f"interactions_{metric}"] = partial(picture.interactions, self, metric)
        return found

    def files(self) -> list[str]:
        return [*super().files(), f"{self.name}_interactions.csv"]

    def save(self, folder: str | Path) -> None:
        super().save(folder)
        rows = self.interactions.to_csv(index=False, float_format="%.10g", lineterminator="\n")
        Path(folder, f"{self.name}_interactions.csv").write_bytes(rows.encode("utf-8-sig"))
