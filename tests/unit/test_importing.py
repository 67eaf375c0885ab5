"""A demand history is read as it was meant or refused with the cell to look at."""

from pathlib import Path

import numpy as np
import pytest

from sim.importing import read_history
from sim.problems import Problems

CARPARTS = Path(__file__).parents[3] / "shared" / "data" / "carparts_monthly.csv"

GOOD = "sku,2023-11,2023-12,2024-01\nbrake,0,2,4\noil,1,,3\n"


@pytest.fixture
def written(tmp_path):
    """Writes a file and gives its path."""

    def write(content):
        path = tmp_path / "history.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def problems_of(path, missing="refuse"):
    with pytest.raises(Problems) as caught:
        read_history(path, missing)
    return caught.value.problems


def test_a_history_keeps_units_months_and_what_was_not_observed(written):
    history = read_history(written(GOOD), "not_observed")
    assert history.skus == ("brake", "oil")
    assert history.months == ("2023-11", "2023-12", "2024-01")
    np.testing.assert_array_equal(history.units, [[0, 2, 4], [1, np.nan, 3]])
    np.testing.assert_allclose(history.monthly_mean(), [2, 2])
    # Sample variances 4 and 2, both over a mean of 2.
    np.testing.assert_allclose(history.variance_to_mean(), [2, 1])


def test_variance_to_mean_is_unknown_without_demand_or_with_one_month(written):
    history = read_history(written("sku,2024-01,2024-02\nnone,0,0\nonce,3,\n"), "not_observed")
    assert np.isnan(history.variance_to_mean()).all()


def test_a_history_cannot_be_changed(written):
    history = read_history(written(GOOD), "not_observed")
    with pytest.raises(ValueError, match="read-only"):
        history.units[0, 0] = 5


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_files_of_excel_in_china_are_read(written, encoding):
    content = "sku,2024-01,2024-02,\r\n刹车片,1,2,\r\n,,,\r\n".encode(encoding)
    history = read_history(written(content))
    assert history.skus == ("刹车片",)
    assert history.units.shape == (1, 2)


def test_the_first_column_may_have_no_name(written):
    assert read_history(written(",2024-01\na,1\n")).skus == ("a",)


def test_an_empty_cell_is_refused_with_line_and_month_and_the_way_out(written):
    (problem,) = problems_of(written(GOOD))
    assert (problem.line, problem.key) == (3, "oil")
    assert "2023-12" in problem.zh
    assert 'missing = "not_observed"' in problem.zh
    assert 'missing = "not_observed"' in problem.en


@pytest.mark.parametrize(
    ("content", "line", "zh"),
    [
        ("", 1, "第一行要写"),
        ("part,2024-01\na,1\n", 1, "没有 sku 列"),
        ("2024-01,2024-02\n1,1\n", 1, "没有 sku 列"),
        ("sku\na\n", 1, "没有月份列"),
        ("sku,2024-13\na,1\n", 1, "2024-01 的样子"),
        ("sku,2024/3\na,1\n", 1, "是不是 2024-03？"),
        ("sku,2024年3月\na,1\n", 1, "是不是 2024-03？"),
        ("sku,2024-01,2024-01\na,1,1\n", 1, "写了两次"),
        ("sku,2024-02,2024-01\na,1,1\n", 1, "从早到晚"),
        ("sku,2023-12,2024-02\na,1,1\n", 1, "缺 2024-01"),
        ("sku,2024-01\n", None, "没有一行数据"),
        ("sku,2024-01\na,1\nb,1\na,2\n", 4, "第 2 行已有"),
        ("sku,2024-01\na,1\n,2\n", 3, "没有配件号"),
        ("sku,2024-01\na,-1\n", 2, "不能是负数"),
        ("sku,2024-01\na,5件\n", 2, "要写数字"),
        ('sku,2024-01\na,"1,000"\n', 2, "要写数字"),
        ("sku,2024-01\na,nan\n", 2, "要写数字"),
        ("sku,2024-01,2024-02\na,1\n", 2, "要有 2 格，这一行有 1 格"),
        ("sku,2024-01\na,1,7\n", 2, "要有 1 格，这一行有 2 格"),
        ('sku,2024-01\na,"1\nb,2\n', 3, "引号"),
    ],
)
def test_a_mistake_is_told_with_its_line(written, content, line, zh):
    (problem,) = problems_of(written(content))
    assert problem.line == line
    assert zh in problem.zh


def test_all_mistakes_are_found_at_once(written):
    found = problems_of(written("sku,2024-1,2024-03\na,1,-1\na,x,2\n"))
    assert sorted((p.line, p.key) for p in found) == [(1, ""), (2, "a.2024-03"), (3, "a"), (3, "a.2024-1")]


def test_a_part_never_observed_is_refused_rather_than_read_as_no_demand(written):
    (problem,) = problems_of(written("sku,2024-01\na,1\nb,\n"), "not_observed")
    assert (problem.line, problem.key) == (3, "b")


def test_no_file_and_no_text_are_told(tmp_path, written):
    (problem,) = problems_of(written(GOOD).with_name("histroy.csv"))
    assert "history.csv" in problem.zh
    (problem,) = problems_of(written("sku,2024-01\na,1\n".encode("utf-16")))
    assert "CSV UTF-8" in problem.zh


@pytest.mark.skipif(not CARPARTS.is_file(), reason="the shared data are not here")
def test_the_car_parts_data_are_read_as_documented():
    history = read_history(CARPARTS, "not_observed")
    assert history.units.shape == (2674, 51)
    assert np.isfinite(history.units).all(axis=1).sum() == 2509
    assert np.nanmedian(history.variance_to_mean()) == pytest.approx(1.6, abs=0.05)
    assert len(problems_of(CARPARTS)) == 2674 - 2509
