"""sim verify: what it says of a right answer, a wrong one, one that is too good, and of nonsense."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from scipy import stats

from sim.cli import main
from sim.scenario import Scenario, load
from sim.verification import COLUMNS, LAW_ERROR, Verification, _law, verify

TEXTBOOK = Path(__file__).parents[2] / "scenarios" / "textbook"
SHORT = {"study.warmup_weeks": 1, "study.weeks": 3}


def queue(*cases: dict[str, object]) -> Scenario:
    return load(TEXTBOOK / "queue.toml").changed({**SHORT, "textbook": list(cases)})


def case(exact: float, **more: object) -> dict[str, object]:
    return {"quantity": "bays_taken", "exact": exact, "source": "Little's law", **more}


RIGHT, WRONG = 3.2, 2.9


def test_a_right_answer_passes_and_a_wrong_one_does_not() -> None:
    result = verify([queue(case(RIGHT, name="right"), case(WRONG, name="wrong"))], 12, seed=5)
    assert list(result.table.columns) == list(COLUMNS)
    assert list(result.table["pass"]) == [True, False]
    assert not result.passed
    row = result.table.iloc[0]
    assert row["z"] == pytest.approx((row["simulated"] - row["exact"]) / row["se"])


def test_the_limit_is_that_of_the_family() -> None:
    one = verify([queue(case(RIGHT))], 5).limit
    two = verify([queue(case(RIGHT), case(RIGHT))], 5).limit
    assert one == pytest.approx(stats.t.ppf(1 - 0.01 / 2, 4))
    assert two == pytest.approx(stats.t.ppf(1 - 0.01 / 4, 4))


def test_another_value_of_a_key_is_a_run_of_its_own_and_the_same_values_share_one() -> None:
    cases = [case(RIGHT), case(RIGHT, name="again"), case(1.6, set={"arrivals.interarrival_hours.mean": 0.625})]
    table = verify([queue(*cases)], 6).table
    assert table["simulated"][0] == table["simulated"][1]
    assert table["simulated"][2] == pytest.approx(1.6, rel=0.1)


def test_the_number_of_processes_changes_nothing() -> None:
    one, two = (verify([queue(case(RIGHT))], 3, workers=workers).table for workers in (1, 2))
    pd.testing.assert_frame_equal(one, two)


@pytest.mark.parametrize(("factor", "good"), [(1.0, True), (0.2, False), (5.0, False)])
def test_too_good_is_as_wrong_as_too_bad(factor: float, good: bool) -> None:
    z = pd.Series(stats.t(19).ppf((np.arange(60) + 0.5) / 60) * factor)
    assert (_law(z, 20) >= LAW_ERROR) == good
    table = pd.DataFrame({"pass": [True] * 60})
    assert Verification(table, 20, 1, 9.0, _law(z, 20)).passed == good


def written(folder: Path, exact: float) -> Path:
    text = (TEXTBOOK / "queue.toml").read_text(encoding="utf-8").split("[[textbook]]")[0]
    text = text.replace("warmup_weeks = 4", "warmup_weeks = 1").replace("weeks = 12", "weeks = 2")
    case = f'[[textbook]]\nname = "mean number"\nquantity = "bays_taken"\nexact = {exact}\nsource = "Little"\n'
    (folder / "mine.toml").write_text(text + case, encoding="utf-8")
    return folder


def test_the_exit_code_says_whether_all_is_well(tmp_path: Path) -> None:
    asked = ["verify", "--folder", str(written(tmp_path, RIGHT)), "--replications", "6", "--lang", "en"]
    result = CliRunner().invoke(main, asked)
    assert result.exit_code == 0 and "1 cases, 1 pass" in result.output, result.output
    written(tmp_path, WRONG)
    result = CliRunner().invoke(main, asked)
    assert result.exit_code == 1 and "NO" in result.output


def test_json_is_one_array_of_rows(tmp_path: Path) -> None:
    asked = ["verify", "--folder", str(written(tmp_path, RIGHT)), "--replications", "3", "--json"]
    result = CliRunner().invoke(main, asked)
    (row,) = json.loads(result.stdout)
    assert tuple(row) == COLUMNS and row["case"] == "mine: mean number" and row["pass"] is True


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        (["--only", "no such case"], "--only"),
        (["--replications", "one"], "--replications"),
        (["--folder", "no-such-folder"], "--folder"),
        (["--seed", "-1"], "--seed"),
    ],
)
def test_nonsense_is_refused_with_its_place(asked: list[str], word: str) -> None:
    result = CliRunner().invoke(main, ["verify", *asked, "--lang", "en"])
    assert result.exit_code == 2 and word in result.stderr


def test_a_case_that_is_no_case_is_refused_with_its_line(tmp_path: Path) -> None:
    text = (written(tmp_path, RIGHT) / "mine.toml").read_text(encoding="utf-8").replace("bays_taken", "bays_take")
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    result = CliRunner().invoke(main, ["verify", "--folder", str(tmp_path), "--lang", "en"])
    assert result.exit_code == 2 and "bays_taken" in result.stderr and "mine.toml" in result.stderr
