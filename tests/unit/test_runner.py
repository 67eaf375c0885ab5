"""A runner runs what is asked for once, shares what it may, and goes on where a replication fails."""

from pathlib import Path

import numpy as np
import pytest

from sim.cells import Cell
from sim.failures import StudyFailed
from sim.problems import Problems
from sim.runner import runner
from sim.scenario import load
from tests.small import ARTICLE

TINY = load(ARTICLE).changed({"study.warmup_weeks": 0, "study.weeks": 1, "study.run_on_weeks": 0})


def test_what_is_asked_twice_is_run_once_and_counts_go_up(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    with runner(TINY, folder=tmp_path, progress=lambda done, total: seen.append((done, total))) as runs:
        runs.expect(4)
        first = runs.values(Cell(), "days_in_shop", 2)
        assert runs.count == 2
        assert list(runs.values(Cell(), "days_in_shop", 2)) == list(first)
        assert list(runs.values(Cell(), "days_in_shop", 1, first=1)) == [first[1]]
        runs.run([(Cell(), range(2)), (Cell(("stock_board",)), range(1))])
        assert runs.count == 3
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert all(total == 4 for _, total in seen)


def test_values_that_are_forgotten_are_read_again_not_run_again(tmp_path: Path) -> None:
    with runner(TINY, folder=tmp_path) as runs:
        first = runs.values(Cell(), "days_in_shop", 2)
        runs.forget([Cell()])
        assert runs.count == 2
    seen: list[int] = []
    with runner(TINY, folder=tmp_path, progress=lambda done, total: seen.append(done)) as runs:
        assert list(runs.values(Cell(), "days_in_shop", 2)) == list(first)
    assert seen == [2]


def test_a_failed_replication_is_noted_with_its_command_and_the_others_finish(monkeypatch: pytest.MonkeyPatch) -> None:
    from sim import centre

    real = centre.replicate

    def sometimes(scenario, policy, seed, number, weeks):  # type: ignore[no-untyped-def]
        if number == 1:
            raise RuntimeError("a bay was lost")
        return real(scenario, policy, seed, number, weeks)

    monkeypatch.setattr(centre, "replicate", sometimes)
    cell = Cell(("escalation_ladder",), {"escalation_ladder": {"limit_hours": 12.0}}, {"parts.forecast.bias": -0.2})
    with runner(TINY, seed=5) as runs:
        found = runs.values(cell, "days_in_shop", 3)
        assert np.isnan(found).tolist() == [False, True, False]
        (failed,) = runs.failed
        assert (failed.seed, failed.replication) == (5, 1) and "a bay was lost" in failed.error
        with pytest.raises(StudyFailed, match="a bay was lost"):
            runs.refuse_failures()
    assert failed.command == (
        f"sim run {ARTICLE} --mechanisms escalation_ladder --set parts.forecast.bias=-0.2 "
        "--set mechanisms.escalation_ladder.limit_hours=12.0 --seed 5 --replication 1 --weeks 1"
    )


def test_the_command_of_a_failure_runs_the_same_replication(capsys: pytest.CaptureFixture[str]) -> None:
    import json
    import shlex

    from sim.cli import main

    cell = Cell(("escalation_ladder",), {"escalation_ladder": {"limit_hours": 12.0}}, {"study.warmup_weeks": 1})
    base = load(ARTICLE)
    with runner(base, seed=5, weeks=1) as runs:
        (expected,) = runs.values(cell, "days_in_shop", 1, first=1)
    words = shlex.split(cell.command(str(ARTICLE), 5, 1, 1))[1:]
    main([*words, "--json"], standalone_mode=False)
    assert json.loads(capsys.readouterr().out)["metrics"]["days_in_shop"] == expected


def test_a_cell_that_cannot_be_is_refused_before_anything_is_run() -> None:
    with runner(TINY) as runs:
        with pytest.raises(Problems, match="limit_hours"):
            runs.run([(Cell(), range(2)), (Cell(changes={"mechanisms.escalation_ladder.limit_hours": -1}), range(2))])
        assert runs.count == 0


def test_a_horizon_shares_what_there_is(tmp_path: Path) -> None:
    with runner(TINY, weeks=2, folder=tmp_path) as runs:
        runs.values(Cell(), "nps", 1)
        shorter = runs.at(1)
        assert shorter is runs.at(1) and shorter.weeks == 1
        shorter.values(Cell(), "nps", 2)
        assert runs.count == 3
