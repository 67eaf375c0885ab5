"""Attribution on a made-up centre whose parts are known."""

import itertools
import json
import re
from pathlib import Path

import numpy as np
import pytest

from sim.cells import Cell
from sim.charts_style import style
from sim.comparison import HEADLINE
from sim.mechanisms import all_mechanisms
from sim.metrics import METRICS
from sim.options import Checker
from sim.scenario import Scenario
from sim.studies.attribution import COLUMNS, TOTAL, Attribution, attribute
from sim.studies.attribution_question import EXACT, SAMPLED, Question, question
from sim.studies.words_mechanisms import mechanism_short_title, mechanism_title
from tests.small import PROPOSALS, article
from tests.unit.fake_runner import FakeRunner, Model

THREE = ("joint_forecast", "emergency_transfer", "shared_fleet")
METRICS_ASKED = ("shortage_rate", "total_cost_yuan", "visits", "conflict_days_mean")
ARTICLE = "scenarios/article.toml"


def world(cell: Cell, replication: int, rng: np.random.Generator) -> dict[str, float]:
    """The forecast takes 8 points off shortage, the transfer 4, both together only 10; the fleet adds cost."""
    luck, size = rng.normal(), 1 + 0.1 * rng.normal()
    f, t, s = (name in cell.mechanisms for name in THREE)
    return {
        "shortage_rate": 0.15 + 0.01 * luck - size * (0.08 * f + 0.04 * t - 0.02 * (f and t)),
        "total_cost_yuan": 2e5 + 1e4 * luck + 3e5 * s - 5e4 * size * f + 1e4 * t,
        "visits": 6000.0 + round(50 * luck),
        "conflict_days_mean": np.nan if replication == 1 and cell.mechanisms == ("joint_forecast",) else 5 + luck + s,
    }


def asked(
    policy: str | None = None, mechanisms: object = THREE, metrics: object = METRICS_ASKED,
    scenario: Scenario | None = None,
) -> Question:  # fmt: skip
    check = Checker("attribute")
    found = question(check, scenario or article(), policy, mechanisms, metrics)  # type: ignore[arg-type]
    check.done()
    return found


def made(model: Model = world, replications: int = 10, **what: object) -> Attribution:
    runner = FakeRunner(model)
    return attribute(runner, asked(**what), replications)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def result() -> Attribution:
    return made()


def row(result: Attribution, metric: str, mechanism: str) -> dict[str, float]:
    t = result.table
    return dict(t[(t["metric"] == metric) & (t["mechanism"] == mechanism)].iloc[0])


def test_parts_are_the_truth_under_the_same_luck(result: Attribution) -> None:
    """Only the size of the effect differs between replications, so a part is its mean size times its own part."""
    size = np.mean([1 + 0.1 * np.random.default_rng([1, r]).normal(size=2)[1] for r in range(10)])
    for mechanism, part in (("joint_forecast", -0.07), ("emergency_transfer", -0.03)):
        found = row(result, "shortage_rate", mechanism)
        assert found["shapley"] == pytest.approx(part * size)
        assert found["low"] < found["shapley"] < found["high"] and found["high"] < 0
        assert (found["first_in"], found["last_in"]) == pytest.approx(((part - 0.01) * size, (part + 0.01) * size))
    pair = result.pairs("shortage_rate")[0]
    assert (pair["mechanism"], pair["with"]) == ("joint_forecast", "emergency_transfer")
    assert pair["interaction"] == pytest.approx(0.02 * size) and pair["low"] > 0


def test_a_mechanism_without_a_cause_has_exactly_nothing(result: Attribution) -> None:
    found = row(result, "shortage_rate", "shared_fleet")
    names = ("shapley", "low", "high", "first_in", "first_in_low", "last_in_high")
    assert [found[name] for name in names] == [0] * 6
    still = result.table[result.table["metric"] == "visits"]
    assert (still[["shapley", "low", "high"]] == 0).all(axis=None)


def test_parts_sum_to_the_total_of_every_metric(result: Attribution) -> None:
    for metric in METRICS_ASKED:
        rows = result.table[result.table["metric"] == metric]
        parts, total = rows["shapley"].iloc[:-1].sum(), rows["shapley"].iloc[-1]
        scale = rows["baseline"].abs().max() + rows["shapley"].abs().max()
        assert rows["mechanism"].iloc[-1] == TOTAL and parts == pytest.approx(total, abs=1e-9 * scale)
    assert tuple(result.table.columns) == COLUMNS and set(result.table["method"]) == {EXACT}


def test_the_total_is_the_paired_difference_of_policy_and_baseline(result: Attribution) -> None:
    runner = FakeRunner(world)
    d = runner.values(Cell(THREE), "total_cost_yuan", 10) - runner.values(Cell(), "total_cost_yuan", 10)
    half = 2.2621571627 * d.std(ddof=1) / 10**0.5  # t(9), 97.5 %
    total = row(result, "total_cost_yuan", TOTAL)
    assert (total["shapley"], total["low"], total["high"]) == pytest.approx(
        (d.mean(), d.mean() - half, d.mean() + half)
    )
    assert total["baseline"] == pytest.approx(runner.values(Cell(), "total_cost_yuan", 10).mean())


def test_a_replication_undefined_in_one_bundle_is_left_out_of_that_metric_alone(result: Attribution) -> None:
    counts = result.table.groupby("metric")["replications"].agg(["min", "max"])
    assert tuple(counts.loc["conflict_days_mean"]) == (9, 9) and tuple(counts.loc["shortage_rate"]) == (10, 10)
    assert "1 次重复" in result.answer() and "9 次" in result.answer()
    assert row(result, "conflict_days_mean", "shared_fleet")["shapley"] == pytest.approx(1)


def test_a_metric_never_defined_is_told_and_not_drawn() -> None:
    found = made(lambda cell, r, rng: world(cell, r, rng) | {"shortage_rate": np.nan}, 3)
    assert found.answer("en").startswith("Shortage rate has no data.")
    assert "waterfall_shortage_rate" not in found.charts and "waterfall_total_cost_yuan" in found.charts
    assert all(cell == "–" for cell in found.shown("en")[1][0][3:])
    assert json.loads(found.json())[0]["shapley"] is None


def test_two_replications_are_enough_and_one_has_no_interval() -> None:
    assert np.isfinite(row(made(replications=2), "shortage_rate", "joint_forecast")["low"])
    one = made(replications=1)
    assert np.isnan(row(one, "shortage_rate", "joint_forecast")["low"]) and one.answer() and one.shown()
    with style():
        one.charts["waterfall_shortage_rate"]("zh")
        one.charts["interactions_shortage_rate"]("zh")


def test_findings_are_computed(result: Attribution) -> None:
    zh, en = result.answer("zh").splitlines(), result.answer("en").splitlines()
    assert len(zh) == len(en) and zh[0].startswith("缺件率由 15") and "配件需求联合预判占 7" in zh[0]
    assert "joint forecast 7" in en[0] and "Joint forecast and emergency transfer interact" in en[0]
    assert "they lower it 2.0 points less than the sum of their own effects" in en[0] and "少降 2.0 个百分点" in zh[0]
    assert "抵消了一部分" in zh[1] and "joint forecast −" in en[1]  # the forecast saves what the fleet costs
    assert zh[2].startswith("进店台次完全不变")
    for line in ("份额取决于", "节省", "均分"):
        assert line in "\n".join(zh)


def test_a_saving_is_a_negative_part_and_shown_as_better(result: Attribution) -> None:
    from sim.studies.picture_attribution import shade

    saved = row(result, "total_cost_yuan", "joint_forecast")["shapley"]
    assert saved < 0 and shade(saved, "total_cost_yuan") == "better" and shade(-saved, "total_cost_yuan") == "worse"
    assert shade(1, "nps") == "better" and shade(1, "visits") == shade(-1, "visits") == "higher"


def test_the_table_as_it_is_read(result: Attribution) -> None:
    for lang in ("zh", "en"):
        head, body = result.shown(lang)
        assert len(body) == 4 * 4 and all(len(line) == len(head) for line in body)
    assert body[2][1:4] == ["shared fleet", "points", "none"]  # exactly 0 is another thing than an interval around 0
    assert body[0][1] == "joint forecast" and body[3][1] == "total change"


def test_what_is_saved(tmp_path: Path) -> None:
    small = made(metrics="shortage_rate")
    small.save(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {*small.files(), "charts"}
    assert {path.name for path in tmp_path.rglob("*.png")} == {
        f"attribution_{kind}_shortage_rate_{lang}.png"
        for kind in ("waterfall", "interactions")
        for lang in ("zh", "en")
    }
    pairs = (tmp_path / "attribution_interactions.csv").read_text("utf-8-sig").splitlines()
    assert pairs[0] == "metric,mechanism,with,interaction,low,high" and len(pairs) == 4
    page = (tmp_path / "attribution.md").read_text("utf-8")
    assert page.count("![") == 4 and all(
        (tmp_path / link).is_file() for link in re.findall(r"\]\((charts/.*?)\)", page)
    )


TEN = tuple(PROPOSALS[:10])
OWN = {name: 0.01 * (number - 3) for number, name in enumerate(TEN)}


def additive(cell: Cell, replication: int, rng: np.random.Generator) -> dict[str, float]:
    """Each of ten mechanisms adds its own, and the first two 0.05 more together."""
    luck = rng.normal()
    both = 0.05 * (TEN[0] in cell.mechanisms and TEN[1] in cell.mechanisms)
    return {"nps": 3 + luck + sum(OWN[name] for name in cell.mechanisms) + both, "visits": 1.0}


def test_more_than_nine_are_sampled_and_said_to_be_approximate() -> None:
    runner = FakeRunner(additive)
    found = attribute(runner, asked(mechanisms=TEN, metrics="nps"), 6)  # type: ignore[arg-type]
    assert runner.count <= 6 * 92 and set(found.table["method"]) == {SAMPLED} and found.interactions.empty
    parts, total = found.rows("nps")
    assert sum(part["shapley"] for part in parts) == pytest.approx(total["shapley"], abs=1e-9)
    assert total["shapley"] == pytest.approx(sum(OWN.values()) + 0.05)
    for part in parts:
        name = str(part["mechanism"])
        if name in TEN[:2]:
            # order matters to them: an estimate with an interval; alone and last are exact
            assert part["low"] <= OWN[name] + 0.025 <= part["high"] and part["low"] < part["high"]
            assert (part["first_in"], part["last_in"]) == pytest.approx((OWN[name], OWN[name] + 0.05))
        else:
            assert part["shapley"] == pytest.approx(OWN[name], abs=1e-9)
    assert "近似" in found.answer("zh") and "Approximate" in found.answer("en")
    assert "approximate" in found.shown("en")[1][-1][1] and "近似" in found.shown("zh")[1][-1][1]
    assert list(found.charts) == ["waterfall_nps"]
    with style():
        for lang, word in (("zh", "近似"), ("en", "approximate")):
            drawn = " ".join(text.get_text() for text in found.charts["waterfall_nps"](lang).texts)
            assert word in drawn


def test_more_replications_change_no_earlier_order() -> None:
    few, many = FakeRunner(additive), FakeRunner(additive)
    wanted = asked(mechanisms=TEN, metrics="nps")
    attribute(few, wanted, 3)  # type: ignore[arg-type]
    attribute(many, wanted, 5)  # type: ignore[arg-type]
    assert set(few._found) == {key for key in many._found if key[1] < 3}


def test_bundles_hold_the_baselines_mechanisms_and_only_their_own_settings() -> None:
    three, settings = (
        ("joint_forecast", "emergency_transfer", "showroom_event"),
        {"showroom_event": {"option": "outdoors"}},
    )
    scenario = article().changed({
        "policies.mixed": {"mechanisms": ["stock_board", *three], "settings": settings},
        "policies.ad_hoc.mechanisms": ["stock_board"],
    })  # fmt: skip
    wanted = asked("mixed", None, scenario=scenario)
    assert wanted.mechanisms == three and wanted.policy == "mixed" and wanted.bundles == 8
    assert wanted.cell(0) == Cell.of(scenario, "ad_hoc") and wanted.cell(7) == Cell.of(scenario, "mixed")
    assert wanted.cell(0b101).mechanisms == ("stock_board", "joint_forecast", "showroom_event")
    assert wanted.cell(0b011).settings == {} and wanted.cell(0b100).settings == settings
    for mask in range(8):
        wanted.cell(mask).scenario(scenario)  # every bundle is valid
    plain = asked(mechanisms=three, scenario=scenario)  # named one by one: the scenario's own settings
    assert plain.policy is None and plain.cell(7).settings == {}


def test_left_out_it_is_the_last_policy_compared_and_the_headline() -> None:
    wanted = asked(mechanisms=None, metrics=None)
    assert wanted.policy == "systematic" and wanted.metrics == HEADLINE and wanted.bundles == 256
    assert wanted.mechanisms == tuple(article().model.policies["systematic"].mechanisms)
    assert wanted.cell(255) == Cell.of(article(), "systematic")


def test_every_mechanism_has_a_title_in_both_languages() -> None:
    titles = [(mechanism_title(name, "zh"), mechanism_title(name, "en")) for name in all_mechanisms()]
    assert len(set(titles)) == len(titles) and all(zh and en and zh != en for zh, en in titles)
    assert mechanism_short_title("extra_stock", "zh") == "增加高频件库存"
    assert mechanism_short_title("give_first", "en") == "give first"
    for lang in ("zh", "en"):
        short = [mechanism_short_title(name, lang) for name in all_mechanisms()]
        assert len(set(short)) == len(short) and all(short)
    with pytest.raises(KeyError):
        mechanism_title("no_such", "zh")


def test_every_metric_can_be_asked() -> None:
    assert asked(metrics=list(METRICS)).metrics == tuple(METRICS)


@pytest.mark.parametrize("metric, lang", list(itertools.product(METRICS_ASKED, ("zh", "en"))))
def test_charts_can_be_drawn(result: Attribution, metric: str, lang: str) -> None:
    with style():
        figure = result.charts[f"waterfall_{metric}"](lang)
        axes = figure.axes[0]
        low, high = axes.get_xlim()
        ends = [line.get_xdata() for line in axes.lines if line.get_transform() == axes.transData]
        at = np.concatenate([np.asarray(x, dtype=float) for x in ends])
        assert len(at) > 10 and low < at.min() and at.max() < high  # nothing beyond the edge
        result.charts[f"interactions_{metric}"](lang)
