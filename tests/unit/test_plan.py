"""The pilot's plan on a made-up centre whose truth is known, and the command around it."""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from scipy import stats

from sim.cells import Cell
from sim.cli import main
from sim.failures import StudyFailed
from sim.metrics import METRICS
from sim.runner import Runner
from sim.studies.measuring import COUNTED, unmeasurable
from sim.studies.pilot import article_pilot, chance_nps
from sim.studies.pilot_noise import Figures, figures, horizons
from sim.studies.pilot_rule import Control, design, looks
from sim.studies.planning import lengths, plan
from sim.words import label
from tests.unit.pilot_model import BEFORE, EFFECT, WEEKLY_SD, PilotRunner, steady

MEASURES = (Path(__file__).parents[2] / "docs" / "measures.md").read_text(encoding="utf-8")


def known(sd: float = 0.03, effect: float = -0.03, n: int = 400, seed: int = 1, weeks: int = 26) -> Figures:
    """Figures of so many replications that their spread is nearly the true one."""
    rng, at = np.random.default_rng(seed), horizons(4, weeks)
    worlds = [rng.normal(0.15 + shift, sd, (n, 26)) for shift in (0.0, effect)]
    to_date = [np.column_stack([world[:, :w].mean(axis=1) for w in at]) for world in worlds]
    return Figures("shortage_rate", at, to_date[0], to_date[1], worlds[0][:, 13:26].mean(axis=1))


def test_looks_are_months_and_a_short_rest_joins_the_last() -> None:
    assert looks(13, 4) == (4, 8, 13)
    assert looks(26, 4) == (4, 8, 12, 16, 20, 24, 26)
    assert looks(4, 4) == (4,) and looks(3, 4) == (3,)
    assert lengths(4, 26, 4) == (4, 8, 12, 16, 20, 24, 26)
    assert lengths(13, 13, 4) == (13,)
    assert horizons(4, 26) == (4, 8, 13, 26) and horizons(4, 4) == (4,)


def test_one_look_is_the_z_test_of_a_textbook() -> None:
    found = known()
    one = design(found, 4, 4, centres=2)
    noise = math.sqrt((found.sd("ad_hoc", 4) ** 2 + found.sd("ad_hoc", 4) ** 2) / 2)
    changed = math.sqrt((found.sd("policy", 4) ** 2 + found.sd("ad_hoc", 4) ** 2) / 2)
    assert one.limits == pytest.approx([stats.norm.ppf(0.975) * noise])
    effect = -found.effect(4)[0]
    assert one.power == pytest.approx(stats.norm.sf((one.limits[0] - effect) / changed), abs=1e-9)
    assert one.power == pytest.approx(one.power_single_look, abs=1e-9)


def test_more_centres_more_weeks_and_a_twin_of_the_model_see_more() -> None:
    found = known(effect=-0.02)
    powers = [design(found, weeks, 4, centres=2).power for weeks in (4, 8, 16, 26)]
    assert powers == sorted(powers)
    assert design(found, 8, 4, 1).power < design(found, 8, 4, 2).power < design(found, 8, 4, 3).power
    assert design(found, 8, 4, 1, "none").power > design(found, 8, 4, 1, "before").power
    assert design(found, 26, 4, 1, "parallel").power > design(found, 26, 4, 1, "before", 8).power


@pytest.mark.parametrize("control", ["before", "parallel", "none"])
def test_power_and_error_are_those_of_pilots_played_through(control: Control) -> None:
    """The rule applied to 20,000 pilots of a centre as noisy as planned."""
    found = known(effect=-0.02)
    one = design(found, 16, 4, 1, control)
    sd, pilots, rng = found.sd("ad_hoc", 16) * 4, 20_000, np.random.default_rng(3)
    weeks = rng.normal(0, sd, (2, pilots, 16))
    before = rng.normal(0, sd, (pilots, one.before_weeks or 1)).mean(axis=1)
    for effect, promised in ((-0.02, one.power), (0.0, 0.05)):
        stopped = np.zeros(pilots, dtype=bool)
        right = 0
        for look, week in enumerate(one.looks):
            other = {"before": before, "none": 0.0, "parallel": weeks[1, :, :week].mean(axis=1)}[control]
            seen = weeks[0, :, :week].mean(axis=1) + effect - other
            now = (np.abs(seen) >= one.limits[look]) & ~stopped
            right += int((now & (seen < 0)).sum()) if effect else int(now.sum())
            stopped |= now
        # the figures are of 400 replications: their spread is known to some 3 %
        assert right / pilots == pytest.approx(promised, abs=0.03)


def test_the_rule_says_works_harms_hopeless_go_on_and_not_yet_known() -> None:
    one = design(known(), 13, 4)
    assert one.better == -1 and len(one.looks) == 3
    assert one.decide(1, -one.limits[1] * 1.01) == "works"
    assert one.decide(1, one.limits[1] * 1.01) == "harms"
    assert one.decide(1, -one.limits[1] * 0.99) == "go_on"
    assert one.decide(1, one.hopes[1] + 1e-6) == "hopeless"
    assert one.decide(2, 0.0) == "not_yet_known"
    assert np.isnan(one.hopes[-1])


def test_little_hope_is_a_chance_of_one_in_five() -> None:
    """From the line of little hope on, one pilot in five of a centre in which it works gets over the last limit."""
    found = known(effect=-0.02)
    one = design(found, 8, 4)
    rng, n = np.random.default_rng(2), 200_000
    gained = one.changed[0] ** -2, one.changed[1] ** -2
    rest = gained[1] - gained[0]
    score = one.hopes[0] * gained[0] + rng.normal(0, math.sqrt(rest), n)
    score += one.effects[1] * gained[1] - one.effects[0] * gained[0]
    assert (score / gained[1] <= -one.limits[1]).mean() == pytest.approx(0.2, abs=0.004)


def test_noise_is_that_of_one_centre_not_of_pairs() -> None:
    """Both worlds share their luck: pairs hardly differ, a real centre does all the same."""
    rng = np.random.default_rng(1)
    luck = rng.normal(0.15, 0.03, (200, 1))
    found = Figures("shortage_rate", (4,), luck, luck - 0.02, np.array([]))
    assert found.effect(4) == pytest.approx((-0.02, -0.02, -0.02))
    assert found.sd("policy", 4, limit=False) == pytest.approx(0.03, rel=0.1)
    assert found.sd("policy", 4) > found.sd("policy", 4, limit=False)
    assert design(found, 4, 4).power < 0.2


def test_spread_between_horizons_and_below() -> None:
    found = known(n=50)
    at = [found.sd("ad_hoc", weeks) for weeks in range(2, 27)]
    assert at == sorted(at, reverse=True)
    assert at[0] == pytest.approx(at[2] * math.sqrt(2))
    low, middle, high = (found.mean("ad_hoc", weeks) for weeks in (4, 6, 8))
    assert middle == pytest.approx((low + high) / 2)


def test_a_figure_that_grows_with_the_weeks_is_compared_by_the_week() -> None:
    def deals(cell: object, rng: np.random.Generator) -> np.ndarray:
        return rng.normal(10.0, 1.0, 52)

    class Sums(PilotRunner):
        def _measured(self, cell: object, replication: int, rng: np.random.Generator) -> dict[str, float]:
            return {"deals": float(deals(cell, rng)[: self.weeks].sum())}

        def at(self, weeks: int) -> "Sums":
            return Sums(deals, weeks, metric="deals")

    runner = Sums(deals, metric="deals")
    found = figures(runner, Cell(), Cell(("stock_board",)), "deals", (4, 13), 30)  # type: ignore[arg-type]
    assert found.mean("ad_hoc", 4) == pytest.approx(10, abs=0.5)
    assert found.mean("ad_hoc", 13) == pytest.approx(10, abs=0.5)


def test_a_metric_that_does_not_vary_or_is_not_there_is_refused() -> None:
    constant = Figures("shortage_rate", (4,), np.full((9, 1), 0.1), np.full((9, 1), 0.1), np.array([]))
    with pytest.raises(StudyFailed, match="same in every replication"):
        design(constant, 4, 4)
    runner = PilotRunner(lambda cell, rng: np.full(52, np.nan))
    with pytest.raises(StudyFailed, match="defined in only 0"):
        plan(runner, "systematic", "shortage_rate", replications=5)  # type: ignore[arg-type]


def test_a_centre_that_does_nothing_improves_after_a_bad_month() -> None:
    """Against the exact normal answer: P(3 months better than the worst of m months) by numerical integration."""
    found = known(n=400, effect=-0.01, seed=6)
    pilot = article_pilot(found, 1)
    assert pilot is not None
    x = np.linspace(-8, 8, 20_001)
    for worst_of in (1, 3, 6):
        # 13 weeks scatter by 1/√13 of a week, a month by 1/√4; worse is higher
        better = 1 - stats.norm.cdf(x * math.sqrt(4 / 13)) ** worst_of
        exact = float(np.trapezoid(better * stats.norm.pdf(x), x))
        row = pilot.row(worst_of=worst_of)
        assert row["nothing_changed"] == pytest.approx(exact, abs=0.04)
        assert row["nothing_changed_low"] < exact < row["nothing_changed_high"]
        assert row["works"] > row["nothing_changed"]
        assert pilot.row("monthly", worst_of)["nothing_changed"] >= row["nothing_changed"]
    assert pilot.row(worst_of=1)["nothing_changed"] == pytest.approx(0.5, abs=0.05)
    assert article_pilot(known(weeks=8), 1) is None


def test_season_is_not_taken_for_regression_to_the_mean() -> None:
    found = known(n=100)
    moved = Figures(found.metric, found.weeks, found.ad_hoc + np.array([0.1, 0.05, 0.0, 0.0]),
                    found.policy + np.array([0.1, 0.05, 0.0, 0.0]), found.later)  # fmt: skip
    a, b = article_pilot(found, 1), article_pilot(moved, 1)
    assert a is not None and b is not None
    pd.testing.assert_frame_equal(a.table, b.table)
    assert moved.drift()[0] == pytest.approx(found.drift()[0])


def test_chance_of_an_nps_with_a_hundred_answers() -> None:
    rng = np.random.default_rng(1)
    counts = rng.multinomial(250, [0.80, 0.14, 0.06], size=5_000)
    values = 100 * (counts[:, 0] - counts[:, 2]) / 250
    assert chance_nps(values, np.full(5_000, 250.0)) == pytest.approx(11, abs=0.5)


def test_everything_a_pilot_can_be_judged_by_is_told_in_the_measures() -> None:
    for metric in COUNTED:
        assert METRICS[metric].better != "neither" and f"`{metric}`" in MEASURES
        assert COUNTED[metric].adds != "sum" or METRICS[metric].unit in ("count", "yuan")
    for metric in set(METRICS) - set(COUNTED):
        zh, en = unmeasurable(metric) or ("", "")
        assert zh and en
    assert label("nps", "zh")


def test_the_plan_as_a_whole() -> None:
    result = plan(PilotRunner(steady()), "systematic", "shortage_rate", watch=())  # type: ignore[arg-type]
    table = result.table
    assert set(table["weeks"]) == set(lengths(4, 26, 4)) and table["centres"].max() == 6
    assert (table["enough"] == (table["power"] >= 0.8)).all()
    assert (table["expected_weeks"] <= table["weeks"]).all()
    last = table.iloc[-1]
    assert last["effect_low"] < EFFECT + 0.005 and last["effect"] == pytest.approx(EFFECT, abs=0.005)
    assert last["sd"] == pytest.approx(WEEKLY_SD / math.sqrt(26), rel=0.6)
    form = result.form
    assert list(form["month"]) == [-2, -1, 0, 1, 2, 3, 4, 5, 6, 7]
    assert form["ad_hoc"].between(BEFORE - 0.03, BEFORE + 0.03).all()
    assert form["success_change"].dropna().is_monotonic_increasing
    for lang in ("zh", "en"):
        assert len(result.answer(lang).splitlines()) >= 6
        head, body = result.shown(lang)
        assert all(len(row) == len(head) for row in body)
    assert "家店 家店" not in result.answer("zh") and "1 centre " in result.answer("en")


def test_a_plan_is_written_whole_and_the_same_twice(tmp_path: Path) -> None:
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
        result = plan(PilotRunner(steady()), "systematic", "shortage_rate", weeks=(4, 8), centres=(1, 2))  # type: ignore[arg-type]
        result.save(folder)
        assert {path.name for path in folder.glob("plan*")} == set(result.files())
    for path in folders[0].rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (folders[1] / path.relative_to(folders[0])).read_bytes(), path
    page = (folders[0] / "plan.md").read_text(encoding="utf-8")
    assert "plan_measure.csv" in page and "What to measure each month" in page
    head = (folders[0] / "plan_measure.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    assert "数值 value" in head and "笔数 count" in head


def test_an_effect_the_simulation_does_not_see_is_told() -> None:
    result = plan(PilotRunner(steady(effect=0.0)), "systematic", "shortage_rate", weeks=(4, 8), centres=(1, 1))  # type: ignore[arg-type]
    assert "does not show" in result.answer("en") and "看不出" in result.answer("zh")
    assert result.article is None and "pilot_of_the_article" not in result.charts


def test_a_worse_effect_is_told() -> None:
    result = plan(PilotRunner(steady(effect=0.05)), "systematic", "shortage_rate", weeks=(8, 8), centres=(1, 1))  # type: ignore[arg-type]
    assert "gets worse" in result.answer("en") and "变差" in result.answer("zh")
    assert result.table["power"].iloc[0] > 0.8


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--metric", "shortage_rat"], "did you mean shortage_rate"),
        (["--metric", "trust_service_parts"], "cannot count"),
        (["--metric", "visits"], "no better direction"),
        (["--power", "80"], "did you mean 0.8"),
        (["--weeks", "26:4"], "FROM:TO"),
        (["--centres", "many"], "FROM:TO"),
        (["--control", "nobody"], "before, parallel or none"),
        (["--control", "none", "--before", "4"], "belongs to"),
        (["--policy", "ad_hoc"], "baseline"),
        (["--policy", "systemati"], "did you mean systematic"),
        (["--look-every", "1:4"], "one whole number"),
        (["--replications", "3"], "from 5"),
    ],
)
def test_nonsense_is_refused_with_a_hint(options: list[str], said: str, tmp_path: Path) -> None:
    asked = ["plan", "scenarios/article.toml", "--out", str(tmp_path / "out"), "--lang", "en", *options]
    found = CliRunner().invoke(main, asked)
    assert found.exit_code == 2
    assert said in found.output
    assert not (tmp_path / "out").exists()


def test_all_nonsense_at_once() -> None:
    found = CliRunner().invoke(
        main, ["plan", "no.toml", "--power", "2", "--weeks", "x", "--metric", "y", "--lang", "en"]
    )
    assert found.exit_code == 2 and "4 problems" in found.output


def test_the_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fake = PilotRunner(steady())
    monkeypatch.setattr(Runner, "at", lambda self, weeks: fake.at(weeks))
    asked = ["plan", "scenarios/article.toml", "--out", str(tmp_path), "--weeks", "4:13", "--centres", "1:2", "--json"]
    found = CliRunner().invoke(main, asked)
    assert found.exit_code == 0, found.output
    rows = json.loads(found.stdout)
    assert rows[0]["weeks"] == 4 and {row["centres"] for row in rows} == {1, 2}
    assert (tmp_path / "plan_article_pilot.csv").exists() and "试点" in found.stderr
