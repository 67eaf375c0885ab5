"""Demand read from a history: the popularity of the file is the popularity of the centre."""

from pathlib import Path

import numpy as np
import pytest

from sim.centre import Centre
from sim.importing import read_history
from sim.metrics import measure
from tests.small import article

CARPARTS = Path(__file__).parents[3] / "shared" / "data" / "carparts_monthly.csv"


@pytest.mark.skipif(not CARPARTS.exists(), reason="the real data set is not beside the project")
def test_real_demand_of_2674_parts_runs() -> None:
    history = {"file": str(CARPARTS), "family": "mechanical", "missing": "not_observed"}
    centre = Centre(article().changed({"parts.history": [history]}), "ad_hoc", 1, 0)
    first, end = centre.catalogue.members["mechanical"]
    assert end - first == 2674
    mean = read_history(CARPARTS, "not_observed").monthly_mean()
    assert centre.catalogue.weight[first:end] == pytest.approx(mean / mean.sum())
    centre.run()
    assert 0 < measure(centre.log, 0, 3)["shortage_rate"] < 1


def test_lines_follow_the_shares_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "demand.csv"
    path.write_text("sku,2026-01,2026-02\nfast,30,30\nslow,8,12\nnever,0,0\n", encoding="utf-8")
    changes = {"parts.history": [{"file": str(path), "family": "body"}], "study.weeks": 12}
    centre = Centre(article().changed(changes), "ad_hoc", 1, 0)
    first, end = centre.catalogue.members["body"]
    assert centre.catalogue.names[first:end] == ("body:fast", "body:slow", "body:never")
    wanted = np.array([line.sku for visit in centre.visits for line in visit.lines if first <= line.sku < end])
    shares = [(wanted == first + n).mean() for n in range(3)]
    error = 4 * np.sqrt(0.75 * 0.25 / len(wanted))
    assert shares == pytest.approx([0.75, 0.25, 0.0], abs=error)
