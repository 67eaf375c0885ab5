"""Audit: every claim run, judged and put to the six tests, one row a claim and reading."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from sim.calibration import fits_of, read_fits
from sim.cells import Cell
from sim.claims import levels, trials
from sim.claims.catalogue import READINGS
from sim.claims.laboratory import Laboratory
from sim.claims.levels import Region
from sim.claims.market_claims import sums
from sim.claims.readings import Reading, Sum
from sim.claims.trials import DOES_NOT_APPLY, FAILED, Trial
from sim.claims.verdicts import UNDECIDABLE, Estimate, Finding, finding, judge, judge_sum, over_fits
from sim.claims.wording import because, because_sum
from sim.runner import runner
from sim.scenario import Scenario

COLUMNS = (
    "id", "reading", "kind", "metric", "claimed_before", "claimed_after", "before", "before_low", "before_high",
    "after", "after_low", "after_high", "verdict", "because",
)  # fmt: skip
TEST_COLUMNS = ("id", "reading", "test", "outcome", "figure", "zh", "en")


@dataclass(frozen=True)
class Audited:
    """One reading with everything found about it."""

    reading: Reading
    found: Finding
    kind: str
    """The claim's kind, or behaviour if its after only follows an input."""
    verdict: str
    trials: tuple[Trial, ...]
    regions: tuple[Region, ...]


@dataclass(frozen=True)
class Audit:
    """All claims audited."""

    scenario: str
    title: dict[str, str]
    scenario_hash: str
    replications: int
    weeks: int
    seed: int
    audited: tuple[Audited, ...]
    sums: tuple[Sum, ...]

    def table(self, lang: str = "zh") -> pd.DataFrame:
        """One row a claim and reading; columns are COLUMNS."""
        rows = [_row(item, lang) for item in self.audited] + [_sum_row(item, lang) for item in self.sums]
        rows.sort(key=lambda row: int(row["id"][1:]))
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def tests(self) -> pd.DataFrame:
        """One row a reading and test; columns are TEST_COLUMNS."""
        rows = [
            (item.reading.id, item.reading.reading, t.test, t.outcome, t.figure, t.zh, t.en)
            for item in self.audited
            for t in item.trials
        ]
        return pd.DataFrame(rows, columns=list(TEST_COLUMNS))


def audit(
    scenario: Scenario,
    only: Sequence[str] | None = None,
    replications: int = 20,
    seed: int | None = None,
    workers: int = 1,
    weeks: int | None = None,
    with_tests: bool = True,
    progress: Callable[[int, int], None] | None = None,
    fits: dict[str, dict[str, float]] | None = None,
    memory: Path | None = None,
    cluster: str | None = None,
) -> Audit:
    """Run and judge the claims.

    Args:
        only: ids of claims (K3, K5 …); all if left out.
        replications: for each variant; tests and regions take a quarter.
        with_tests: the six tests and the regions; without them only verdicts.
        fits: other fits of the same before, by set of knobs; those beside the scenario file if left out.
        memory: folder in which finished runs are kept, so that a stopped audit goes on where it was.
        cluster: address of a Dask scheduler, in place of ``workers`` processes.

    Raises:
        Problems: the scenario lacks a key that a claim moves.
    """
    with runner(scenario, seed, weeks, workers, cluster, memory, progress) as runs:
        return _audit(Laboratory(runs, replications), runs.seed, only, with_tests, fits)


def _audit(
    laboratory: Laboratory, seed: int, only: Sequence[str] | None, with_tests: bool,
    fits: dict[str, dict[str, float]] | None,
) -> Audit:  # fmt: skip
    scenario, replications = laboratory.scenario, laboratory.replications
    chosen = [reading for reading in READINGS if only is None or reading.id in only]
    laboratory.expect(len(chosen) * (replications + (laboratory.few * 12 if with_tests else 0)))
    chosen = [_on_its_baseline(laboratory, reading) for reading in chosen]
    laboratory.run((cell, replications) for reading in chosen for cell in (reading.before, reading.after))
    other = read_fits(fits_of(scenario.file)) if fits is None else fits
    audited = tuple(_audit_one(laboratory, reading, with_tests, other) for reading in chosen)
    return Audit(
        scenario.name, scenario.title, scenario.hash(), replications, laboratory.weeks, seed, audited,
        tuple(item for item in sums(scenario) if only is None or item.id in only),
    )  # fmt: skip


def _on_its_baseline(laboratory: Laboratory, reading: Reading) -> Reading:
    """A claim that starts from another height gets a baseline of that height, the mechanism unchanged."""
    if reading.baseline_at is None:
        return reading
    key, low, high, level = reading.baseline_at
    value = levels.key_for(laboratory, key, low, high, reading.metric, level)
    return replace(
        reading, before=reading.before.with_changes({key: value}), after=reading.after.with_changes({key: value})
    )


def _audit_one(
    laboratory: Laboratory, reading: Reading, with_tests: bool, fits: dict[str, dict[str, float]]
) -> Audited:
    window = reading.window
    before, after = (laboratory.values(cell, reading.metric, window) for cell in (reading.before, reading.after))
    found = finding(reading, before, after, laboratory.values(reading.before, "leads", window))
    verdict = judge(reading, found)
    outcomes: list[Trial] = []
    regions: tuple[Region, ...] = ()
    kind: str = reading.kind
    if with_tests:
        _run_tests_together(laboratory, reading)
        outcomes = [test(laboratory, reading) for test in trials.TESTS]
        fitted, verdicts = trials.many_fits(laboratory, reading, fits, verdict)
        outcomes.append(fitted)
        if verdicts and over_fits([verdict, *verdicts]) is None:
            verdict = UNDECIDABLE
        if any(t.test == "elasticity" and t.outcome == FAILED for t in outcomes):
            kind = "behaviour"
        regions = tuple(levels.region(laboratory, reading, lever) for lever in reading.levers)
    return Audited(reading, found, kind, verdict, tuple(outcomes), regions)


def _run_tests_together(laboratory: Laboratory, reading: Reading) -> None:
    """Everything the tests will ask for in one go, so that no processor waits."""
    few = laboratory.few
    wanted: list[tuple[Cell, int]] = []
    for changes in [reading.no_disease, *(move.changes for move in reading.moved)]:
        if changes is not None:
            wanted += [(cell.with_changes(changes), few) for cell in (reading.before, reading.after)]
    wanted += [(cell, trials.FEWEST) for *_, cell in trials.moves(laboratory, reading)]
    for lever in reading.levers:
        for _, before, after in levels.cells_of(lever, reading):
            wanted += [(after, few)] + [(before, few)] * levels.needs_before(reading)
    laboratory.run(wanted)


def _row(item: Audited, lang: str) -> dict[str, Any]:
    reading, found = item.reading, item.found
    return {
        "id": reading.id,
        "reading": reading.reading,
        "kind": item.kind,
        "metric": reading.metric if reading.form == "level" else f"{reading.metric}:{reading.form}",
        "claimed_before": _number(reading.claimed_before),
        "claimed_after": _number(reading.claimed_after),
        **_three("before", found.before),
        **_three("after", found.after),
        "verdict": item.verdict,
        "because": because(reading, found, item.verdict, item.kind, item.trials, item.regions, lang),
    }


def _sum_row(item: Sum, lang: str) -> dict[str, Any]:
    verdict = judge_sum(item)
    exact = Estimate(item.found, item.found, item.found)
    return {
        "id": item.id,
        "reading": item.reading,
        "kind": "arithmetic",
        "metric": item.what,
        "claimed_before": math.nan,
        "claimed_after": item.claimed,
        **_three("before", Estimate(math.nan, math.nan, math.nan)),
        **_three("after", exact),
        "verdict": verdict,
        "because": because_sum(item, verdict, lang),
    }


def _three(name: str, e: Estimate) -> dict[str, float]:
    return {name: e.mean, f"{name}_low": e.low, f"{name}_high": e.high}


def _number(value: float | None) -> float:
    return math.nan if value is None else value


def applied(item: Audited) -> list[Trial]:
    """Tests that apply to a reading."""
    return [t for t in item.trials if t.outcome != DOES_NOT_APPLY]
