"""The pages say what the code does: their examples run, their commands exist, their links lead somewhere."""

import importlib.util
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import sim.mechanisms
from sim.centre import replicate
from sim.charts import NAMES
from sim.cli import main
from sim.comparison import TABLE_COLUMNS
from sim.decisions import DECISIONS
from sim.mechanism import Mechanism
from sim.metrics import METRICS, measure
from sim.quantities import QUANTITIES
from sim.scenario import Scenario, load
from sim.verification import verify
from tests.small import ARTICLE, SHORT

ROOT = Path(__file__).parents[2]
READMES = (ROOT / "README.md", ROOT / "README.zh-CN.md")
PAGES = (*READMES, ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md")))
BLOCK = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TINY = {"study.warmup_weeks": 1, "study.weeks": 1, "study.run_on_weeks": 0}
CHINESE = "[\u4e00-\u9fff]"


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def blocks(page: Path, kind: str) -> list[str]:
    return [body for name, body in BLOCK.findall(text(page)) if name == kind]


def prose(page: Path) -> str:
    return BLOCK.sub("", text(page))


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def page_id(value: object) -> str:
    return name_of(value) if isinstance(value, Path) else ""


# -- examples run ----------------------------------------------------------------------------------------------

RUNNABLE = [(page, block) for page in PAGES for block in blocks(page, "toml runnable")]


def test_there_is_a_scenario_to_start_from() -> None:
    assert RUNNABLE


@pytest.mark.parametrize(("page", "block"), RUNNABLE, ids=page_id)
def test_a_scenario_of_a_page_loads_and_runs(page: Path, block: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(block, encoding="utf-8")
    scenario = load(path).changed(TINY)
    assert len(scenario.policies) > 1, "something to compare"
    assert {target.metric for target in scenario.model.calibration.targets} <= set(METRICS)
    for policy in scenario.policies:
        found = measure(replicate(scenario, policy, 1, 0), 0, 1)
        assert found["visits"] > 0 and found["bay_utilisation"] > 0


TEXTBOOK = [(page, block) for page in PAGES for block in blocks(page, "toml textbook")]


def test_each_kind_of_textbook_case_has_an_example() -> None:
    assert len(TEXTBOOK) == 6


@pytest.mark.parametrize(("page", "block"), TEXTBOOK, ids=page_id)
def test_a_textbook_case_of_a_page_passes(page: Path, block: str, tmp_path: Path) -> None:
    path = tmp_path / "case.toml"
    path.write_text(block, encoding="utf-8")
    result = verify([load(path).changed({"study.weeks": min(load(path).study.weeks, 80)})], 10, seed=2)
    assert result.passed, result.table


def test_the_textbook_page_names_every_quantity() -> None:
    page = text(ROOT / "docs" / "how-to" / "verify-a-textbook-case.md")
    assert {name for name in QUANTITIES if f"`{name}`" in page} == set(QUANTITIES)


def test_its_fitted_values_can_be_written_back(tmp_path: Path) -> None:
    from sim.calibration import write_values

    for _, block in RUNNABLE:
        path = tmp_path / "mine.toml"
        path.write_text(block, encoding="utf-8")
        values = {target.knob: 0.123 for target in load(path).model.calibration.targets}
        write_values(load(path), values)
        written = load(path)
        assert written.hash() == written.changed(values).hash()


def test_the_history_block_of_a_page_loads(tmp_path: Path) -> None:
    for page in PAGES:
        for block in blocks(page, "toml"):
            if "[[parts.history]]" not in block:
                continue
            (tmp_path / "demand.csv").write_text("sku,2025-01,2025-02\nA,3,\nB,1,2\n", encoding="utf-8")
            base = ARTICLE.read_text(encoding="utf-8") if '"body"' in block else RUNNABLE[0][1]
            (tmp_path / "mine.toml").write_text(f"{base}\n{block}", encoding="utf-8")
            (names, mean), *_ = load(tmp_path / "mine.toml").histories.values()
            assert names == ("A", "B") and list(mean) == [3.0, 1.5], name_of(page)


HOW_TO = ROOT / "docs" / "how-to" / "add-a-mechanism.md"


@pytest.fixture
def added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Mechanism]]:
    """The mechanism of the how-to, found by its file name like any other."""
    (code,) = blocks(HOW_TO, "python")
    (tmp_path / "morning_meeting.py").write_text(code, encoding="utf-8")
    monkeypatch.setattr(sim.mechanisms, "__path__", [*sim.mechanisms.__path__, str(tmp_path)])
    sim.mechanisms.all_mechanisms.cache_clear()
    yield sim.mechanisms.all_mechanisms()["morning_meeting"]
    sim.mechanisms.all_mechanisms.cache_clear()
    sys.modules.pop("sim.mechanisms.morning_meeting", None)


def with_meeting(changes: dict[str, object], tmp_path: Path) -> Scenario:
    (block,) = (block for block in blocks(HOW_TO, "toml") if "[policies." in block)
    path = tmp_path / "mine.toml"
    path.write_text(f"{ARTICLE.read_text(encoding='utf-8')}\n{block}", encoding="utf-8")
    return load(path).changed({**SHORT, **changes})


def test_the_mechanism_of_the_how_to_keeps_the_contract(added: type[Mechanism], tmp_path: Path) -> None:
    assert added.answers() == ("tell_front_desk_after",)
    for key, info in added.model_fields.items():
        extra = info.json_schema_extra
        assert isinstance(extra, dict) and info.description, key
        assert extra["read_by"] == "mechanism" and extra["why"] and extra["span"], key
    scenario = with_meeting({}, tmp_path)
    mine, baseline = replicate(scenario, "meeting", 3, 0), replicate(scenario, "ad_hoc", 3, 0)
    warm = baseline.facts["switch_at"]
    assert mine.rows != baseline.rows
    assert [row for row in mine.rows if row[0] < warm] == [row for row in baseline.rows if row[0] < warm]
    assert any(row[1] == "meeting_hours" and row[5] == "morning_meeting" for row in mine.rows)
    after, before = measure(mine, 0, 3), measure(baseline, 0, 3)
    assert all(after[metric] == before[metric] for metric in added.no_cause_for)
    null = with_meeting({"mechanisms.morning_meeting": dict(added.null)}, tmp_path)
    assert replicate(null, "meeting", 3, 0).rows == baseline.rows


def test_its_assumptions_have_numbers_nobody_else_has(added: type[Mechanism]) -> None:
    taken = {
        info.json_schema_extra["source"]  # type: ignore[index]
        for name, kind in sim.mechanisms.all_mechanisms().items()
        if name != "morning_meeting"
        for info in kind.model_fields.values()
    } | set(re.findall(r"A-\d+", text(ROOT / "scenarios" / "assumptions.md")))
    own = {info.json_schema_extra["source"] for info in added.model_fields.values()}  # type: ignore[index]
    assert not own & taken


# -- commands exist --------------------------------------------------------------------------------------------


def run_commands() -> set[str]:
    spec = importlib.util.spec_from_file_location("run", ROOT / "run.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return set(module.COMMANDS)


def commands(page: Path) -> list[tuple[str, bool]]:
    """Commands of a page: whole ones from its shell blocks (True), and those named in running text (False)."""
    lines = [line for block in blocks(page, "sh") for line in block.replace("\\\n", " ").splitlines()]
    spans = re.findall(r"`([^`\n]+)`", prose(page))
    found = [(line, True) for line in lines] + [(span, False) for span in spans]
    return [(line, whole) for line, whole in found if re.match(r"(python3 run\.py|py run\.py|run\.py|sim) \w", line)]


def test_pages_name_commands() -> None:
    assert sum(len(commands(page)) for page in READMES) > 20


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_named_exists_with_its_options(page: Path) -> None:
    known = run_commands()
    for line, whole in commands(page):
        words = shlex.split(line)
        words = words[2:] if words[0] in ("python3", "py") else words[1:] if words[0] == "run.py" else words
        if words[0] != "sim":
            assert words[0] in known, line
            if words[0] == "study":
                words = ["sim", "compare", "scenarios/article.toml", *words[1:]]
            else:
                assert set(words[1:]) <= {"--slow", "--renew-golden"}, line
                continue
        command = main.commands.get(words[1])
        assert command is not None, line
        options = {option for parameter in command.params for option in parameter.opts} | {"--help"}
        assert {word.split("=")[0] for word in words[2:] if word.startswith("--")} <= options, line
        if whole:
            try:
                command.make_context(words[1], words[2:])
            except click.ClickException as wrong:
                pytest.fail(f"{line}: {wrong.message}")


# -- pages agree -----------------------------------------------------------------------------------------------


def test_both_readmes_have_the_same_headings_and_the_same_code() -> None:
    headings = [re.findall(r"^(#+) ", prose(page), re.MULTILINE) for page in READMES]
    assert headings[0] == headings[1]
    assert BLOCK.findall(text(READMES[0])) == BLOCK.findall(text(READMES[1]))
    links = [re.findall(r"\]\(([^)]+)\)", prose(page))[1:] for page in READMES]
    assert sorted(links[0]) == sorted(links[1])
    rows = [sum(line.startswith("|") for line in prose(page).splitlines()) for page in READMES]
    assert rows[0] == rows[1]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_relative_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if target.is_relative_to(ROOT / "results") and not (ROOT / "results" / "article" / "provenance.json").exists():
            continue  # no study has been made here yet
        assert target.exists(), f"{name_of(page)}: {link}"
        if anchor:
            heads = re.findall(r"^#+ (.+)$", prose(target), re.MULTILINE)
            slugs = {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}
            assert anchor in slugs, f"{name_of(page)}: {link}"


def test_the_page_of_measures_defines_every_metric_in_both_languages() -> None:
    chinese, english = text(ROOT / "docs" / "measures.md").split("## English")
    for name, metric in METRICS.items():
        if name.startswith("conflict_level_"):
            continue  # one row for the three
        arrow = {"higher": "↑", "lower": "↓", "neither": "–"}[metric.better]
        for half in (chinese, english):
            rows = [line for line in half.splitlines() if line.startswith("|") and f"`{name}`" in line.split("|")[1]]
            assert len(rows) == 1, name
            assert rows[0].split("|")[4].strip() == arrow, name
        assert rows[0].split("|")[3].strip() == metric.unit, name


def test_the_map_names_every_file_of_the_model() -> None:
    page = text(ROOT / "docs" / "design.md")
    for path in sorted((ROOT / "sim").glob("*.py")):
        if path.name != "__main__.py":
            assert f"`sim/{path.name}`" in page, path.name
    for path in sorted((ROOT / "sim" / "mechanisms").glob("[a-z]*.py")):
        assert path.stem.replace("_", " ") in page, path.stem


def test_the_readmes_name_what_a_study_writes() -> None:
    for page in READMES:
        for name in (*NAMES, "table.csv", "details.csv", "report.md", "log.csv.gz", "provenance.json"):
            assert f"`{name}`" in text(page), name
        for column in ("difference", "variance_ratio"):
            assert column in TABLE_COLUMNS and f"`{column}`" in text(page), column


def test_decisions_named_in_the_how_to_exist() -> None:
    assert "tell_front_desk_after" in DECISIONS and "`tell_front_desk_after`" in text(HOW_TO)


def test_every_entry_of_the_changelog_says_whether_results_change() -> None:
    entries = re.split(r"^- ", text(ROOT / "CHANGELOG.md").split("\n## ", 1)[1], flags=re.MULTILINE)[1:]
    assert entries
    for entry in entries:
        own = entry.split("\n\n")[0]
        assert re.search(r"results change: (yes|no)$", " ".join(own.split())), own


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_chinese_is_punctuated_in_chinese(page: Path) -> None:
    bare = re.sub(r"`[^`\n]*`|\]\([^)]*\)", "", prose(page))
    wrong = re.findall(f".{{0,8}}(?:{CHINESE}[,;:!?]|[,;:!?]{CHINESE}).{{0,8}}", bare)
    assert not wrong
