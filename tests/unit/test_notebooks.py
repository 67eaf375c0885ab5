"""Notebooks run, hold no logic of their own, and keep outputs that say what results/article says."""

from pathlib import Path
from typing import Any

import nbformat
import pytest

from sim.commands.notebooks import executed

ROOT = Path(__file__).parents[2]
MADE_FROM = {
    "02_is_the_article_right": "story/story.md",
    "03_which_mechanism_pays": "article/attribution.md",
    "04_how_long_must_the_pilot_run": "article/plan.md",
    "05_what_must_be_true": "article/sensitivity.md",
}
"""Page whose sentences a notebook prints, where it is not the article's report."""
SHORT = """
import sim
replications, only = 2, ["K9"]
scenario = sim.load(scenario).changed({"study.warmup_weeks": 2, "study.weeks": 7, "study.run_on_weeks": 2})
folder, mechanisms, assumptions = None, ["stock_board", "joint_forecast"], ["A-210"]
"""
SHORTER = {
    "03_which_mechanism_pays": "weeks = 2",
    "04_how_long_must_the_pilot_run": "weeks, replications = (12, 13), 5",
    "05_what_must_be_true": "weeks = 2",
}
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)


def outputs(book: Any) -> list[Any]:
    return [output for cell in book.cells if cell.cell_type == "code" for output in cell.outputs]


def printed(book: Any) -> str:
    return "".join(output.text for output in outputs(book) if output.output_type == "stream")


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_asks_calls_shows_and_answers_but_defines_nothing(path: Path) -> None:
    book = read(path)
    code = "\n".join(cell.source for cell in book.cells if cell.cell_type == "code")
    assert "def " not in code
    assert "class " not in code
    assert book.cells[0].cell_type == "markdown"
    assert "widgets" not in book.metadata


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_on_a_short_study(path: Path) -> None:
    book = read(path)
    at = next(i for i, cell in enumerate(book.cells) if "parameters" in cell.metadata.get("tags", []))
    book.cells.insert(at + 1, nbformat.v4.new_code_cell(SHORT + SHORTER.get(path.stem, "")))
    done = executed(book, path.parent)
    assert not [output for output in outputs(done) if output.output_type == "error"]
    assert [output for output in outputs(done) if "image/png" in output.get("data", {})]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_its_kept_outputs_say_what_the_committed_results_say(path: Path) -> None:
    book = read(path)
    assert [output for output in outputs(book) if "image/png" in output.get("data", {})], "outputs are kept"
    report = (ROOT / "results" / MADE_FROM.get(path.stem, "article/report.md")).read_text(encoding="utf-8")
    sentences = [line for line in printed(book).splitlines() if line.strip()]
    assert len(sentences) >= 2
    for sentence in sentences:
        assert sentence in report, "stale; renew: sim notebooks"
