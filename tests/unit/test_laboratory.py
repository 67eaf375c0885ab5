"""A stopped audit goes on where it was; runs of another seed are never read."""

from pathlib import Path

from sim.cells import Cell
from sim.claims.laboratory import Laboratory
from tests.small import article


def test_finished_runs_are_kept_and_read_again_even_after_a_line_was_cut_off(tmp_path: Path) -> None:
    memory = tmp_path / "runs.jsonl"
    first = Laboratory(article(), 2, 3, memory=memory)
    values = first.values(Cell(), "shortage_rate")
    with memory.open("a") as file:
        file.write('["cut')
    again = Laboratory(article(), 2, 3, memory=memory)
    assert again.count == 2
    assert list(again.values(Cell(), "shortage_rate")) == list(values)
    assert Laboratory(article(), 2, 4, memory=memory).count == 0
