"""Problems are told with their place, in both languages, and survive the way back from a worker."""

import pickle

import pytest

from sim.problems import MOST_SHOWN, Problem, Problems, did_you_mean

LEAD_TIME = Problem("base.toml", 12, "parts.lead_time_days", "'14 days'", "要写数字", "must be a number")


def test_a_problem_is_one_line_with_place_key_and_what_was_written():
    assert LEAD_TIME.text("zh") == "base.toml:12: parts.lead_time_days：要写数字（写的是 '14 days'）"
    assert LEAD_TIME.text("en") == "base.toml:12: parts.lead_time_days: must be a number (written: '14 days')"


def test_a_problem_of_the_whole_file_has_no_line_and_no_key():
    assert Problem("base.toml", None, "", None, "没有这个文件", "no such file").text("zh") == "base.toml: 没有这个文件"


def test_what_was_written_is_shortened_to_60_characters():
    written = Problem("f", 1, "k", "x" * 1000, "错", "wrong").written
    assert written is not None
    assert len(written) == 60
    assert written.endswith("…")


def test_problems_are_counted_and_sorted_by_file_and_line():
    places = [("b.toml", 1), ("a.toml", 10), ("a.toml", 9), ("a.toml", None)]
    problems = Problems(Problem(file, line, "k", None, "错", "wrong") for file, line in places)
    header, *lines = problems.text("zh").split("\n")
    assert header == "发现 4 个问题："
    assert [line.split(": ")[0] for line in lines] == ["a.toml", "a.toml:9", "a.toml:10", "b.toml:1"]
    assert str(problems).startswith("4 problems found:")
    assert str(Problems([LEAD_TIME])).startswith("1 problem found:")


def test_a_flood_is_cut_but_counted():
    problems = Problems(Problem("f", line, "k", None, "错", "wrong") for line in range(1, MOST_SHOWN + 8))
    lines = str(problems).split("\n")
    assert len(lines) == MOST_SHOWN + 2
    assert lines[-1] == "... and 7 more"
    assert len(problems.problems) == MOST_SHOWN + 7


def test_problems_survive_pickling():
    assert pickle.loads(pickle.dumps(Problems([LEAD_TIME]))).problems == (LEAD_TIME,)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("lead_time_hours", "lead_time_days"),
        ("Lead-Time-Days", "lead_time_days"),
        ("lead", "lead_time_days"),
        ("bay", "bays"),
        ("zebra", None),
    ],
)
def test_did_you_mean_finds_near_names_only(word, meant):
    assert did_you_mean(word, ["bays", "lead_time_days", "seed"]) == meant
