"""A scenario file broken in any way is refused in words, with file and line; never with a traceback."""

import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.options import Checker
from sim.problems import Problems
from sim.scenario import load
from tests.properties.effort import FAST, SLOW
from tests.small import ARTICLE

TEXT = ARTICLE.read_text(encoding="utf-8")
LINES = TEXT.split("\n")
PAIR = re.compile(r"^(\w+) = (?!\{|\[)(.+?)\s*(#.*)?$")
PAIRS = [number for number, line in enumerate(LINES) if PAIR.match(line)]
HEADERS = [number for number, line in enumerate(LINES) if re.match(r"\[\w", line)]
FITTED = LINES.index("[calibration]")
"""From here on a number may be of any size: it is a figure of some metric, or the range of a knob."""
NUMBERS = [n for n in PAIRS if n < FITTED and re.match(r"\w+ = -?[\d.]+\s*(#.*)?$", LINES[n])]
MARGINS = range(next(n for n in HEADERS if LINES[n].startswith("[study.margins]")), LINES.index("[calendars.service]"))
WRONG_FOR_A_NUMBER = ["true", "'5'", "'26 weeks'", "[1, 2]", "{ a = 1 }", "2026-03-02", "nan", "inf", "[]", "-1e9"]
ANY_VALUE = [*WRONG_FOR_A_NUMBER, "0", "-3", "1e300", "''", "'日'", "08:30:00", "[[]]", "[{ a = 1 }]", "9" * 5000, "{}"]
NO_VALUE = ["", "5 %", "yes", "'open", "[1, 2", "{ a = 1", "1,5", "008", "五", "\x00", "\\", "= 3"]


EDIT = st.sampled_from(["drop", "twice", "value", "swap"])


def wrong_with(text: str | bytes) -> Problems | None:
    """What is found wrong with a file of this content; None if nothing is.

    Everything a problem promises is checked: a file, a line of it if any, and words in both languages.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "mine.toml")
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        count = path.read_bytes().count(b"\n") + 1
        try:
            load(path)
        except Problems as found:
            assert found.problems
            for problem in found.problems:
                assert problem.file == str(path)
                assert problem.line is None or 1 <= problem.line <= count
                assert problem.zh and problem.en
            assert found.text("zh") and found.text("en")
            return found
    return None


def with_line(number: int, line: str) -> str:
    """The article's text with another line in one place."""
    return "\n".join([*LINES[:number], line, *LINES[number + 1 :]])


def refused_at(text: str, number: int) -> None:
    """It is refused, and one of the problems names the broken line."""
    found = wrong_with(text)
    assert found is not None, "not refused"
    assert number + 1 in [problem.line for problem in found.problems], (number + 1, str(found))


def whatever(text: str | bytes) -> None:
    """It is read or refused, and nothing else."""
    wrong_with(text)


@FAST
@given(number=st.sampled_from(NUMBERS), value=st.sampled_from(WRONG_FOR_A_NUMBER))
def test_what_is_no_possible_number_is_refused_on_its_line(number: int, value: str) -> None:
    refused_at(with_line(number, f"{LINES[number].split('=')[0]}= {value}"), number)


@FAST
@given(number=st.sampled_from(PAIRS), value=st.sampled_from(NO_VALUE))
def test_what_is_no_value_is_refused_on_its_line(number: int, value: str) -> None:
    refused_at(with_line(number, f"{LINES[number].split('=')[0]}= {value}"), number)


@FAST
@given(
    number=st.sampled_from([n for n in PAIRS if n not in MARGINS]), letters=st.text("abcxyz_", min_size=3, max_size=8)
)
def test_an_unknown_key_is_refused_on_its_line(number: int, letters: str) -> None:
    refused_at(with_line(number, f"{letters}_{LINES[number]}"), number)


@FAST
@given(number=st.sampled_from([n for n in MARGINS if PAIR.match(LINES[n])]), letters=st.text("abcxyz_", min_size=3))
def test_a_margin_of_no_metric_is_refused_before_a_study_runs(number: int, letters: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "mine.toml")
        path.write_text(with_line(number, f"{letters}_{LINES[number]}"), encoding="utf-8")
        check = Checker("sim compare")
        check.scenario(path)
        assert [(problem.file, problem.line) for problem in check.problems] == [(str(path), number + 1)]


@FAST
@given(number=st.sampled_from(HEADERS))
def test_a_table_written_twice_is_refused(number: int) -> None:
    found = wrong_with(f"{TEXT}\n{LINES[number]}\n")
    assert found is not None
    assert len(LINES) + 1 in [problem.line for problem in found.problems]


@FAST
@given(number=st.sampled_from(HEADERS), letters=st.text("abcxyz", min_size=3, max_size=8))
def test_a_misspelt_table_is_refused_or_has_a_name_of_its_own(number: int, letters: str) -> None:
    whatever(with_line(number, LINES[number].replace("]", f"{letters}]")))


@FAST
@given(number=st.integers(0, len(LINES) - 1))
def test_a_file_without_one_of_its_lines_is_read_or_refused(number: int) -> None:
    whatever("\n".join(LINES[:number] + LINES[number + 1 :]))


@FAST
@given(number=st.sampled_from(PAIRS), value=st.sampled_from(ANY_VALUE))
def test_any_value_anywhere_is_read_or_refused(number: int, value: str) -> None:
    whatever(with_line(number, f"{LINES[number].split('=')[0]}= {value}"))


@FAST
@given(end=st.integers(0, len(TEXT)))
def test_a_truncated_file_is_read_or_refused(end: int) -> None:
    whatever(TEXT[:end])


@FAST
@given(at=st.integers(0, len(TEXT)), noise=st.binary(min_size=1, max_size=20))
def test_noise_in_a_file_is_read_over_or_refused(at: int, noise: bytes) -> None:
    whatever(TEXT[:at].encode() + noise + TEXT[at:].encode())


@FAST
@given(content=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_any_bytes_at_all_are_refused_or_read(content: bytes) -> None:
    whatever(content)


def test_an_empty_file_is_the_smallest_scenario() -> None:
    assert wrong_with("") is None


@pytest.mark.parametrize("text", ["a = " + "[" * 5000, "a = " + "{ a = " * 3000, "a = " + "9" * 5000])
def test_what_the_reader_itself_cannot_hold_is_refused_in_words(text: str) -> None:
    found = wrong_with(f"\n{text}\n")
    assert found is not None
    assert [problem.line for problem in found.problems] == [2]


@pytest.mark.slow
@SLOW
@given(st.lists(st.tuples(st.integers(0, len(LINES) - 1), EDIT, st.integers(0, 99)), min_size=1, max_size=6))
def test_many_changes_at_once_are_read_or_refused(edits: list[tuple[int, str, int]]) -> None:
    lines = list(LINES)
    for number, what, choice in edits:
        at = number % len(lines)
        if what == "drop":
            del lines[at]
        elif what == "twice":
            lines.insert(at, lines[at])
        elif what == "swap":
            other = (at + choice) % len(lines)
            lines[at], lines[other] = lines[other], lines[at]
        else:
            lines[at] = f"{lines[at].split('=')[0]}= {ANY_VALUE[choice % len(ANY_VALUE)]}"
    whatever("\n".join(lines))
