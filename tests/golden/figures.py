"""A small study whose figures are kept, so that no change moves results without somebody saying so."""

from pathlib import Path

import pandas as pd

from sim.experiment import run_study
from tests.small import article

KEPT = Path(__file__).with_name("figures.csv")
CHANGES = {"study.warmup_weeks": 2, "study.weeks": 4, "study.run_on_weeks": 2}
POLICIES = ("ad_hoc", "systematic")
REPLICATIONS = 4
SEED = 2026


def figures() -> pd.DataFrame:
    """Every metric of every replication of the article's centre, shortened: a row a metric and policy."""
    scenario = article().changed(CHANGES)
    runs = run_study(scenario, POLICIES, REPLICATIONS, scenario.study.weeks, SEED)
    wide = runs.rows.pivot(index=["policy", "metric"], columns="replication", values="value")
    wide.columns = [f"replication_{number}" for number in wide.columns]
    return wide.sort_index()


def kept() -> pd.DataFrame:
    """The figures as they were kept."""
    return pd.read_csv(KEPT, index_col=["policy", "metric"], dtype=str).astype(float).sort_index()


def keep(found: pd.DataFrame) -> None:
    """Write figures in full, so that reading gives the same numbers."""
    KEPT.write_text(found.to_csv(float_format="%.17g", lineterminator="\n"), encoding="utf-8")
