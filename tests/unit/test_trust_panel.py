"""The trust panel: green in one line, yellow and red by name, and it can tell the three apart."""

import dataclasses
import json
import math
import string
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim import words_trust
from sim.comparison import HEADLINE, LEVEL, Comparison, compare, interval
from sim.experiment import LAW_COLUMNS, SERIES_COLUMNS
from sim.laws.check import check
from sim.laws.found import Found, equal, equal_everywhere, not_applied
from sim.notebook import shown
from sim.statistics.precision import replications_for
from sim.trust_checks import Check
from sim.trust_panel import COLUMNS, panel, rows, save
from sim.warmup import SHORTEST, mser
from sim.weekly import weekly_series
from sim.words import LANGUAGES
from tests.small import article
from tests.unit import fake_study

FINE = equal("cars", "cars", 9.0, 9.0)
WIDE = {name: 1e9 for name in HEADLINE}
"""Margins within which everything is precise."""
WEEKS = range(-13, 26)


def settled(start: float = 0.0, forgets_in: float = 3.0, noise: float = 0.002) -> dict[int, float]:
    """A weekly share about 0.15 that begins ``start`` off and forgets it."""
    rng = np.random.default_rng(1)
    return {
        week: 0.15 + start * math.exp(-(week + 13) / forgets_in) + noise * rng.normal() for week in WEEKS
    }  # fmt: skip


def study(
    laws: list[Found] | None = None,
    series: dict[int, float] | None = None,
    hours: dict[int, float] | None = None,
    broken_in: tuple[str, int] = ("systematic", 17),
    **changes: object,
) -> Comparison:
    """A made-up study; ``laws`` are found in one replication of one policy, FINE in all the others."""
    runs = fake_study.runs(**{"margins": WIDE, **changes})  # type: ignore[arg-type]
    found = [
        (policy, number, *law)
        for policy in runs.setup.policies
        for number in range(runs.setup.replications)
        for law in (laws if laws is not None and (policy, number) == broken_in else [FINE])
    ]
    lines = series or settled()
    table = [(0, week, "shortage_rate", value, 1.0) for week, value in lines.items()]
    table += [(0, week, "open_hours", (hours or {}).get(week, 54.0), 1.0) for week in lines]
    runs = dataclasses.replace(
        runs,
        laws=pd.DataFrame(found, columns=list(LAW_COLUMNS)),
        series=pd.DataFrame(table, columns=list(SERIES_COLUMNS)),
    )
    return compare(runs, "ad_hoc", [policy for policy in runs.setup.policies if policy != "ad_hoc"])


def of(comparison: Comparison, name: str) -> list[Check]:
    return [check for check in panel(comparison).checks if check.check == name]


def one(comparison: Comparison, name: str) -> Check:
    (found,) = of(comparison, name)
    return found


# -- green ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
def test_all_is_well_in_one_line(lang: str) -> None:
    found = panel(study())
    ((status, line),) = found.lines(lang)
    assert found.status == status == "fine"
    assert ("全部通过" if lang == "zh" else "all is well") in line
    assert "1 " in line and "30" in line and "13" in line, "laws, replications, weeks of warm-up"
    assert found.summary(lang) == line


def test_without_laws_nothing_is_well() -> None:
    bare = compare(fake_study.runs(margins=WIDE), "ad_hoc", ["systematic"])
    found = panel(bare)
    assert found.status == "weak"
    assert any("no law was checked" in line for _, line in found.lines("en"))


# -- red ------------------------------------------------------------------------------------------------------


def test_one_broken_law_in_one_replication_is_red_and_tells_where() -> None:
    found = panel(study([equal_everywhere("parts", "units", {"filter": (5, 5), "brake pad": (12, 11)})]))
    assert found.status == "broken"
    for lang, words in (("zh", "定律不成立"), ("en", "LAW BROKEN")):
        line = next(line for status, line in found.lines(lang) if status == "broken" and words in line)
        assert "brake pad" in line and "12" in line and "11" in line
        assert "sim run scenarios/article.toml --policy systematic --seed 1 --replication 17" in line
    (row,) = (row for row in rows(found) if row["status"] == "broken")
    assert (row["policy"], row["worst_replication"], row["lhs"], row["rhs"]) == ("systematic", 17, 12.0, 11.0)


def test_the_worst_of_several_broken_replications_is_named() -> None:
    broken = study([equal("cars", "cars", 9.0, 8.0)])
    more = broken.laws.copy()
    here = (more["policy"] == "systematic") & (more["replication"] == 4)
    more.loc[here, ["rhs", "holds"]] = [5.0, False]
    (law,) = [c for c in of(dataclasses.replace(broken, laws=more), "cars") if c.status == "broken"]
    assert law.worst_replication == 4 and "2 of 30" in law.words["en"]


def test_two_sides_that_are_not_numbers_are_not_equal() -> None:
    assert not equal("little_queue", "cars", math.nan, math.nan, rounding=1.0).holds


# -- utilisation and load -------------------------------------------------------------------------------------


def loads(gap: float, noise: float = 0.005, why: str = "") -> Comparison:
    """Every replication has a utilisation ``gap`` below the load that comes."""
    base = study()
    rng = np.random.default_rng(2)
    found = [
        (policy, number, *(not_applied("offered_load", "share", why, "body") if why else
         Found("offered_load", "body", 0.7 - gap + noise * rng.normal(), 0.7, math.nan, "share", "=", True)))
        for policy in ("ad_hoc", "systematic") for number in range(30)
    ]  # fmt: skip
    return dataclasses.replace(base, laws=pd.concat([base.laws, pd.DataFrame(found, columns=list(LAW_COLUMNS))]))


def test_utilisation_is_the_load_or_the_panel_is_yellow() -> None:
    assert {check.status for check in of(loads(0.0), "offered_load")} == {"fine"}
    found = panel(loads(0.06))
    assert found.status == "weak"
    assert any("utilisation = offered load" in line and "body" in line for _, line in found.lines("en"))


def test_where_it_does_not_apply_it_says_why_and_stays_green() -> None:
    found = panel(loads(0.5, why="lost"))
    ((status, line),) = found.lines("en")
    assert status == "fine" and "does not apply to ad_hoc: customers leave" in line
    assert {row["status"] for row in rows(found) if row["check"] == "offered_load"} == {"does_not_apply"}
    assert all(row["lhs"] is None for row in rows(found) if row["check"] == "offered_load")


# -- warm-up --------------------------------------------------------------------------------------------------


def test_mser_finds_where_a_start_is_forgotten() -> None:
    """White's own setting: a step at a known place must be found there, and no step must not be."""
    rng = np.random.default_rng(5)
    for step in (0, 6, 12):
        values = np.where(np.arange(60) < step, 5.0, 0.0) + 0.3 * rng.normal(size=60)
        found = mser(values)
        assert found is not None and found.reliable
        assert found.point == step or (found.point > step == 0)
    late = mser(np.where(np.arange(60) < 45, 5.0, 0.0) + 0.3 * rng.normal(size=60))
    assert late is not None and not late.reliable
    assert mser(np.zeros(SHORTEST - 1)) is None


def test_a_long_enough_warm_up_is_fine() -> None:
    found = one(study(series=settled(start=-0.1), margins={**WIDE, "shortage_rate": 0.01}), "warm_up")
    assert found.status == "fine" and 0 < found.lhs <= 13


def test_a_too_short_warm_up_is_yellow_and_says_how_long_it_should_be() -> None:
    slow = {week: 0.05 if week < 4 else value for week, value in settled().items()}
    comparison = study(series=slow, margins={**WIDE, "shortage_rate": 0.01})
    found = one(comparison, "warm_up")
    assert found.status == "weak" and found.lhs == 17 and found.needed == 17
    lines = [line for _, line in panel(comparison).lines("zh")]
    assert any("预热 13 周可能不够长" in line and "study.warmup_weeks 设为 17" in line for line in lines)


def test_a_late_point_that_moves_nothing_is_no_alarm() -> None:
    slow = {week: 0.149 if week < 4 else 0.15 + 1e-5 * (week % 2) for week in WEEKS}
    found = one(study(series=slow, margins={**WIDE, "shortage_rate": 0.01}), "warm_up")
    assert found.lhs == 17 and found.status == "fine"


def test_no_answer_from_the_second_half_of_a_series() -> None:
    drifting = {week: 0.15 if week >= 14 else 0.3 for week in WEEKS}
    comparison = study(series=drifting, margins={**WIDE, "shortage_rate": 0.01})
    found = one(comparison, "warm_up")
    assert found.status == "weak" and found.needed == 0 and found.lhs == 27
    lines = [line for _, line in panel(comparison).lines("en")]
    assert any("too short to tell" in line and "second half" in line for line in lines)


def test_a_short_series_gives_no_answer() -> None:
    found = one(study(series={week: 0.1 for week in range(-3, 4)}), "warm_up")
    assert found.status == "weak" and "7 ordinary weeks" in found.words["en"]


def test_a_holiday_is_no_transient() -> None:
    shut = {week: (0.6 if week in (17, 18) else value) for week, value in settled().items()}
    margins = {**WIDE, "shortage_rate": 0.01}
    assert one(study(series=shut, margins=margins), "warm_up").status == "weak"
    assert one(study(series=shut, hours={17: 18.0, 18: 36.0}, margins=margins), "warm_up").status == "fine"


def test_on_mere_noise_the_alarm_is_rare() -> None:
    """Of settled series whose weeks scatter by as much as the margin, fewer than one in twenty turns yellow."""
    rng = np.random.default_rng(8)
    count, alarms = 200, 0
    template = study(margins={**WIDE, "shortage_rate": 0.01})
    for _ in range(count):
        series = template.series.copy()
        series.loc[series["series"] == "shortage_rate", "amount"] = 0.15 + 0.01 * rng.normal(size=len(WEEKS))
        (found,) = [c for c in _warm_up(dataclasses.replace(template, series=series)) if c.scope == "shortage_rate"]
        alarms += found.status != "fine"
    assert alarms / count < 0.05 + 3 * math.sqrt(0.05 * 0.95 / count)


def _warm_up(comparison: Comparison) -> list[Check]:
    from sim.trust_warmup import warm_up

    return warm_up(comparison)


# -- precision ------------------------------------------------------------------------------------------------


def test_too_few_replications_are_yellow_and_their_number_is_told() -> None:
    comparison = study(margins={**WIDE, "nps": 0.5}, replications=6, broken_in=("", 0))
    found = {check.scope: check for check in of(comparison, "precision")}
    weak = found["nps"]
    assert weak.status == "weak" and weak.rhs == 0.5 and weak.needed > 6
    assert {check.status for name, check in found.items() if name != "nps"} == {"fine"}
    line = next(line for _, line in panel(comparison).lines("en") if "not precise enough" in line)
    assert "NPS" in line and f"--replications {weak.needed}" in line and "systematic" in line


def test_the_replications_asked_for_do_reach_the_target() -> None:
    rng = np.random.default_rng(4)
    values = rng.normal(size=400)
    for n, wanted in ((5, 0.3), (30, 0.2), (30, 0.35)):
        spread = float(values[:n].std(ddof=1))
        _, low, high = interval(values[:n], LEVEL)
        needed = replications_for((high - low) / 2, n, wanted)

        def half(count: int, spread: float = spread) -> float:
            """Half-width of ``count`` values with this spread."""
            made = np.resize([-1.0, 1.0], count)
            made = (made - made.mean()) / made.std(ddof=1) * spread
            _, low, high = interval(made, LEVEL)
            return (high - low) / 2

        assert half(needed) <= wanted < half(needed - 1)
    assert replications_for(1.0, 10, 0.0) == 0


def test_without_a_margin_a_tenth_of_the_baseline_is_asked_for() -> None:
    comparison = study(margins={})
    found = {check.scope: check for check in of(comparison, "precision")}
    baseline = comparison.row("days_in_shop")["baseline_mean"]
    assert found["days_in_shop"].rhs == pytest.approx(0.1 * baseline)
    assert "10 %" in found["days_in_shop"].words["en"]


def test_one_replication_has_no_interval_and_is_yellow() -> None:
    found = panel(study(replications=1, broken_in=("", 0)))
    assert found.status == "weak"
    assert any("--replications 2" in line for _, line in found.lines("en"))


# -- variance ratio -------------------------------------------------------------------------------------------


def test_luck_that_hurts_is_a_note_and_no_failure() -> None:
    rng = np.random.default_rng(6)
    base = study()
    runs = fake_study.runs(margins=WIDE)
    luck = rng.normal(size=30)
    table = runs.rows.copy()
    for policy, sign in (("ad_hoc", 1), ("systematic", -1)):
        here = (table["metric"] == "nps") & (table["policy"] == policy)
        table.loc[here, "value"] = np.tile(10 + sign * luck, 3)
    hurt = compare(dataclasses.replace(runs, rows=table, laws=base.laws, series=base.series), "ad_hoc", ["systematic"])
    found = panel(hurt)
    (note,) = [check for check in found.checks if check.status == "note"]
    assert note.scope == "nps" and note.lhs == pytest.approx(0.5), "var(y − x) = var(2x) = 4 var x"
    ((status, line),) = found.lines("en")
    assert status == "fine" and "NPS 0.50" in line and "below 1" in line


# -- what is written ------------------------------------------------------------------------------------------


def test_trust_json_has_all_columns_and_the_same_bytes(tmp_path: Path) -> None:
    comparison = study([equal("parts", "units", 3.0, 2.0)])
    save(panel(comparison), tmp_path)
    first = (tmp_path / "trust.json").read_bytes()
    save(panel(comparison), tmp_path)
    assert (tmp_path / "trust.json").read_bytes() == first
    written = json.loads(first)
    assert written and all(tuple(row) == COLUMNS for row in written)
    assert {row["check"] for row in written} >= {"cars", "parts", "warm_up", "precision", "variance_ratio"}


def test_a_notebook_shows_one_line() -> None:
    well, broken = shown(study()), shown(study([equal("parts", "units", 3.0, 2.0)]))
    assert "全部通过" in well._repr_html_().rsplit("<p", 1)[1]
    assert "1 项定律不成立" in broken._repr_html_().rsplit("<p", 1)[1]
    assert "LAW BROKEN" in broken.trust("en")


def test_every_law_and_text_has_both_languages_and_the_same_blanks() -> None:
    from sim.centre import replicate

    log = replicate(article(), "ad_hoc", 3, 0)
    found = check(log)
    assert {law.law for law in found} == set(words_trust.LAWS)
    assert set(weekly_series(log)) == {*HEADLINE, "open_hours"}
    assert {law.unit for law in found} <= {*words_trust.UNITS, "hours", "yuan", "share"}
    for key, pair in (words_trust.TEXTS | words_trust.LAWS).items():
        blanks = [{name for _, name, _, _ in string.Formatter().parse(said) if name} for said in pair]
        assert blanks[0] == blanks[1], key
    for zh, en in words_trust.LAWS.values():
        assert any("\u4e00" <= c <= "\u9fff" for c in zh) and not any("\u4e00" <= c <= "\u9fff" for c in en)
