"""Replications until intervals are narrow: what is asked for is reached, and only widths are looked at."""

import math

import numpy as np
import pytest

from sim.comparison import interval, level_alone
from sim.experiment import Runs
from sim.sequential import Sought, looks
from sim.statistics.precision import Goal, Look, next_count, replications_for, until_narrow
from sim.words_sequential import TEXTS, lines
from tests.unit import fake_study


def of(values: np.ndarray, goal: Goal):
    def look(count: int) -> list[Look]:
        mean, low, high = interval(values[:count])
        return [Look(goal, (high - low) / 2, goal.wanted(mean), count)]

    return look


def test_it_ends_as_soon_as_a_look_is_narrow_enough() -> None:
    values = np.random.default_rng(1).normal(size=500)
    counts, (last,) = until_narrow(of(values, Goal("x", 0.3)))
    assert counts[0] == 10 and counts == sorted(set(counts)) and last.met
    for count in counts[:-1]:
        assert not of(values, Goal("x", 0.3))(count)[0].met


def test_between_one_more_and_twice_as_many() -> None:
    goal = Goal("x", 1.0)
    near, far = Look(goal, 1.0001, 1.0, 10), Look(goal, 50.0, 1.0, 10)
    assert next_count(10, [near], 500) == 11
    assert next_count(10, [far], 500) == 20 and next_count(10, [near, far], 15) == 15
    middle = Look(goal, 1.3, 1.0, 10)
    assert next_count(10, [middle], 500) == replications_for(1.3, 10, 1.0) == 16
    assert next_count(20, [middle], 500) == 32, "defined in half of the replications, it needs twice as many"
    assert next_count(10, [Look(goal, math.nan, 1.0, 1)], 500) == 20


def test_the_cap_ends_it_and_is_told() -> None:
    values = np.random.default_rng(1).normal(size=500)
    counts, (last,) = until_narrow(of(values, Goal("x", 0.01)), most=64)
    assert counts == [10, 20, 40, 64] and not last.met
    assert until_narrow(of(values, Goal("x", 0.01)), most=4)[0] == [4]


def test_what_never_has_a_value_is_not_waited_for() -> None:
    empty = Look(Goal("x", 1.0), math.nan, math.nan, 0)
    counts, found = until_narrow(lambda count: [empty], most=500)
    assert counts == [10] and not found[0].met


def test_no_spread_is_narrow_enough_at_once() -> None:
    for relative in (False, True):
        counts, (last,) = until_narrow(of(np.zeros(20), Goal("x", 0.1, relative)))
        assert counts == [10] and last.met


def test_a_relative_half_width_is_put_right() -> None:
    """The error is at most γ of the truth if the half-width is γ / (1 + γ) of the estimate (Law 2015, 9.4.1)."""
    goal = Goal("x", 0.1, relative=True)
    assert goal.wanted(-5.0) == pytest.approx(5 / 11)
    estimate, half = 11.0, goal.wanted(11.0)
    truth = estimate - half
    assert abs(estimate - truth) / truth == pytest.approx(0.1)
    counts, _ = until_narrow(of(np.random.default_rng(2).normal(size=500), goal), most=100)
    assert counts[-1] == 100, "a difference of about 0 has no relative precision"


def test_the_sign_and_the_size_of_a_difference_do_not_matter() -> None:
    """An absolute goal sees spreads alone: shifting everything changes no number of replications."""
    values = np.random.default_rng(3).normal(size=500)
    runs = [until_narrow(of(values + shift, Goal("x", 0.25)))[0] for shift in (-4.0, 0.0, 0.1, 3.0)]
    assert all(counts == runs[0] for counts in runs)


def comparison(replications: int = 30):
    from sim.comparison import compare

    runs: Runs = fake_study.runs(("ad_hoc", "systematic", "board_only"), replications)
    return compare(runs, "ad_hoc", ["systematic", "board_only"])


def test_the_printed_interval_is_the_one_that_counts() -> None:
    found = comparison()
    goals = (Goal("nps", 1.0), Goal("leads", 0.1, relative=True))
    nps, other, leads, _ = looks(found, goals)
    row = found.row("nps", "systematic")
    assert (nps.where, other.where) == ("systematic", "board_only")
    assert nps.half == pytest.approx((row["difference_high"] - row["difference_low"]) / 2) and nps.level > 0.95
    assert leads.level == 0.95 and leads.wanted == pytest.approx(
        0.1 / 1.1 * abs(found.row("leads", "systematic")["difference"])
    )
    assert looks(found, [Goal("no_such", 1.0)])[0].empty


def test_the_level_of_a_row_gives_its_half_width() -> None:
    row = comparison().row("nps", "systematic")
    both = fake_study.runs(("ad_hoc", "systematic", "board_only")).rows.query("metric == 'nps' and window == 'all'")
    wide = both.pivot(index="replication", columns="policy", values="value")
    d = (wide["systematic"] - wide["ad_hoc"]).to_numpy()
    _, low, high = interval(d, level_alone(row))
    assert (low, high) == pytest.approx((row["difference_low"], row["difference_high"]))


def test_words_name_what_is_reached_and_what_is_not() -> None:
    goal = Goal("nps", 0.1, relative=True)
    met, missed = Look(goal, 0.1, 0.2, 30, where="a"), Look(goal, 3.0, 1.5, 30, where="b")
    empty = Look(Goal("case_days", 1.0), math.nan, math.nan, 0, where="b")
    well, badly = (Sought((goal,), 60, (10, 20, 30), found) for found in ((met,), (met, missed, empty)))
    assert well.reached and well.asked == "nps=10%" and not badly.reached
    for lang, good, bad, none in (("zh", "精度已达到", "精度没有达到", "没有数据"),
                                  ("en", "Precision reached", "Precision not reached", "no data")):  # fmt: skip
        assert lines(well, lang)[0].startswith(good)
        said = lines(badly, lang)[0]
        assert said.startswith(bad) and "3" in said and "1.5" in said and none in said and "10%" in said
        assert any("--most" in line for line in lines(badly, lang))
    for zh, en in TEXTS.values():
        assert any("\u4e00" <= c <= "\u9fff" for c in zh) and not any("\u4e00" <= c <= "\u9fff" for c in en)
