"""``sim attribute``: what may be asked, and what is told."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sim.cli import main
from sim.problems import Problems
from sim.studies.attribution import TOTAL, Attribution
from tests.unit.test_attribution import asked

ARTICLE = "scenarios/article.toml"


@pytest.mark.parametrize("option, what, said", [
    ("metrics", {"metrics": "shortage_rat"}, "是不是 shortage_rate"),
    ("metrics", {"metrics": ","}, "至少要写一个指标"),
    ("policy", {"policy": "sistematic", "mechanisms": None}, "是不是 systematic"),
    ("policy", {"policy": "fast_transfer", "mechanisms": None}, "至少要有两个"),
    ("policy", {"policy": "ad_hoc", "mechanisms": None}, "至少要有两个"),
    ("mechanisms", {"mechanisms": "joint_forcast,stock_board"}, "是不是 joint_forecast"),
    ("mechanisms", {"mechanisms": "stock_board，stock_board,joint_kpi"}, "写了两次"),
    ("mechanisms", {"mechanisms": "perfect_coordination,joint_kpi"}, "标尺"),
    ("mechanisms", {"mechanisms": "perfect_coordination,shared_fleet"}, "只能由一个机制决定"),
])  # fmt: skip
def test_what_cannot_be_asked(option: str, what: dict[str, object], said: str) -> None:
    with pytest.raises(Problems) as found:
        asked(**what)  # type: ignore[arg-type]
    assert f"--{option}" in found.value.text("zh") and said in found.value.text("zh")
    assert found.value.text("en") != found.value.text("zh")


def sim(*words: str) -> Result:
    return CliRunner().invoke(main, ["attribute", *words])


def test_the_command_names_all_that_is_wrong_at_once() -> None:
    found = sim(ARTICLE, "--mechanisms", "joint_forcast", "--metrics", "npss", "--replications", "1", "--lang", "en")
    assert found.exit_code == 2 and not found.stdout
    for said in ("did you mean joint_forecast?", "did you mean nps?", "--replications", "at least two mechanisms"):
        assert said in found.stderr
    assert sim("no_such.toml").exit_code == 2


def test_the_command_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tiny real study: what is said beforehand, and JSON alone on stdout. Charts are drawn in tests of their own."""
    monkeypatch.setattr(Attribution, "charts", property(lambda self: {}))
    small = tmp_path / "small.toml"
    text = Path(ARTICLE).read_text("utf-8")
    small.write_text(
        text.replace("warmup_weeks = 13", "warmup_weeks = 1").replace("run_on_weeks = 8", "run_on_weeks = 1"),
        encoding="utf-8",
    )
    words = [str(small), "--mechanisms", "stock_board,joint_forecast", "--metrics", "shortage_rate", "--weeks", "1"]
    words += ["--replications", "2", "--workers", "1", "--out", str(tmp_path / "out"), "--json"]
    found = sim(*words)
    assert found.exit_code == 0, found.stderr
    assert "2 个机制共 4 种组合 × 2 次重复 = 8 次运行" in found.stderr
    rows = json.loads(found.stdout)
    assert [one["mechanism"] for one in rows] == ["stock_board", "joint_forecast", TOTAL]
    assert (tmp_path / "out" / "attribution_interactions.csv").is_file()
    assert sim(*words).stdout == found.stdout
