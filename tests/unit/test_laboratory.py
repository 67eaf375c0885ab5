"""A stopped audit goes on where it was; runs of another seed are never read."""

from pathlib import Path

from sim.cells import Cell
from sim.claims.laboratory import Laboratory
from sim.runner import runner
from tests.small import article


def test_finished_runs_are_kept_and_read_again(tmp_path: Path) -> None:
    def ask(seed: int) -> tuple[list[float], int]:
        done: list[int] = []
        with runner(article(), seed, folder=tmp_path, progress=lambda count, total: done.append(count)) as runs:
            return list(Laboratory(runs, 2).values(Cell(), "shortage_rate")), done[0]

    first, had = ask(3)
    assert had == 0
    assert ask(3) == (first, 2)
    assert ask(4)[1] == 0
