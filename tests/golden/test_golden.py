"""Figures of a small study stay what they were. They say that something changed, never what is right.

Bytes are not compared: another processor, or another version of numpy or scipy, may round the last digit of a logarithm
otherwise. That moves a figure by some 1e-15 of itself; a change of the model moves it by far more than 1e-9.
"""

import numpy as np
import pandas as pd

from tests.golden.figures import figures, keep, kept

SHARE = 1e-9
"""Relative difference beyond which a figure has changed; in absolute terms for figures near 0."""
HELP = (
    "figures of the small study changed. Meant? Then python3 run.py test --renew-golden, and CHANGELOG.md: results "
    "change: yes. Not meant? Then something moved that should not"
)


def test_the_figures_of_a_small_study_are_what_they_were() -> None:
    now, before = figures(), kept()
    assert list(now.index) == list(before.index), f"other metrics or policies; {HELP}"
    same = np.isclose(now.to_numpy(), before.to_numpy(), rtol=SHARE, atol=SHARE, equal_nan=True).all(axis=1)
    assert same.all(), f"{HELP}:\n{pd.concat({'before': before, 'now': now}, axis=1)[~same].to_string()}"


def test_what_is_kept_is_read_back_to_the_last_digit(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("tests.golden.figures.KEPT", tmp_path / "figures.csv")
    rows = pd.MultiIndex.from_product([["a"], ["x", "y", "z"]], names=["policy", "metric"])
    awkward = pd.DataFrame({"replication_0": [0.1 + 0.2, np.nan, -1 / 3]}, index=rows)
    keep(awkward)
    pd.testing.assert_frame_equal(kept(), awkward, check_exact=True)
