"""The departments that run the article's centre, shrunk by scenario files to cases with a known answer."""

from collections import Counter

import numpy as np
import pytest
from scipy import stats

from sim.scenario import Scenario
from sim.textbook import TextbookCase
from sim.verification import name_of, textbooks, verify
from tests.theory.answers import TEXTBOOK, answer

FILES = textbooks(TEXTBOOK)
CASES = [(file, case) for file in FILES for case in file.model.textbook]
IDEAS = ("advance_demand", "base_stock", "breakdowns", "daily_review", "erlang_b", "fleet", "ladder", "lots",
         "open_hours", "pooling", "priorities", "queue")  # fmt: skip
QUICK = ("erlang_b: three cars", "queue: M/D/1", "lots: (s,S), geometric", "pooling: two centres and an outside",
         "advance_demand: 60 % announced, gamma", "base_stock: gamma lead times in turn")  # fmt: skip


def named(value: object) -> str:
    return value.name if isinstance(value, Scenario | TextbookCase) else ""


@pytest.mark.parametrize(("file", "case"), CASES, ids=named)
def test_the_exact_value_is_that_of_independent_code(file: Scenario, case: TextbookCase) -> None:
    assert case.exact == pytest.approx(answer(case.computed_by), rel=1e-9), "renew: python -m tests.theory.answers"


def test_there_are_at_least_sixty_and_each_idea_has_its_own() -> None:
    count = Counter(file.name for file, _ in CASES)
    assert set(count) == set(IDEAS) and sum(count.values()) >= 60
    names = [name_of(file, case) for file, case in CASES]
    assert len(set(names)) == len(names)
    assert all(len(case.source) > 8 for _, case in CASES)


def test_the_model_meets_a_few_of_them() -> None:
    """A part of `sim verify`, quick enough for every day; the slow tests take all."""
    result = verify(FILES, 20, 20_260, wanted=lambda name: name.startswith(QUICK))
    assert len(result.table) >= 8
    assert result.passed, result.table.to_string()
    assert (result.table["se"] < 0.1 * result.table["exact"].abs()).all(), "too noisy to say anything"


def test_a_wrong_model_does_not_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lead time a tenth too long, a queue served last come first: each is found out."""
    from sim.departments.parts import Parts

    order = Parts._order

    def late(parts: Parts, sku: int, quantity: int) -> None:
        parts._lead[sku] = _Longer(parts._lead[sku])  # type: ignore[call-overload]
        order(parts, sku, quantity)

    monkeypatch.setattr(Parts, "_order", late)
    result = verify(FILES, 20, 5, wanted=lambda name: name.startswith("base_stock: level 2"))
    assert not result.passed


class _Longer:
    """A column of lead times, each a fifth longer; made once."""

    def __new__(cls, column: object) -> "_Longer":
        return column if isinstance(column, _Longer) else super().__new__(cls)  # type: ignore[return-value]

    def __init__(self, column: object) -> None:
        if column is not self:
            self.column = column

    def __getitem__(self, index: int) -> float:
        return 1.2 * self.column[index]  # type: ignore[index]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_model_meets_all_of_them_whatever_the_seed(seed: int) -> None:
    result = verify(FILES, 20, seed, workers=2)
    assert result.passed, result.table[~result.table["pass"]].to_string()
    assert (result.table["se"] < 0.15 * result.table["exact"].abs()).all(), "too noisy to say anything"


@pytest.mark.slow
def test_over_many_seeds_the_statistics_look_like_their_law() -> None:
    """Each of ten seeds gives one z a case: quantiles of the z of one quick case, against Student's t."""
    found = [
        verify(FILES, 20, seed, wanted=lambda name: name.startswith("queue: M/D/4, load 0.8, mean")).table["z"][0]
        for seed in range(40)
    ]
    assert stats.kstest(np.array(found), stats.t(19).cdf).pvalue > 0.001
