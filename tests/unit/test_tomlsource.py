"""Every key knows its line, whatever way TOML lets one write it; broken TOML is explained with its line."""

import tomllib

import pytest

from sim.problems import Problems
from sim.tomlsource import read_toml

EVERY_WAY = '''\
# a comment with [brackets] and key = 1
seed = 1

[parts]
text = """
[not_a_table]
not_a_key = 1
"""
"quoted.key" = 'it # is'
stock.low = 1   # dotted
stock.high = 2
lead = { mean = 14, shape = "gamma" }
weights = [
  1,  # [x]
  2,
]

[[parts.history]]
file = "a.csv"
[parts.history.more]
deep = true
[[parts.history]]
file = "b.csv"

[policies."一线"]
title = { zh = "一", en = "one" }
'''

LINES = {
    ("seed",): 2,
    ("parts",): 4,
    ("parts", "text"): 5,
    ("parts", "quoted.key"): 9,
    ("parts", "stock"): 10,
    ("parts", "stock", "high"): 11,
    ("parts", "lead"): 12,
    ("parts", "lead", "shape"): 12,
    ("parts", "weights"): 13,
    ("parts", "weights", 1): 15,
    ("parts", "history"): 18,
    ("parts", "history", 0, "more", "deep"): 21,
    ("parts", "history", 1): 22,
    ("parts", "history", 1, "file"): 23,
    ("policies",): 25,
    ("policies", "一线", "title", "en"): 26,
}


@pytest.fixture
def written(tmp_path):
    """Writes a file and gives its path."""

    def write(content, name="base.toml"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def problem_of(path):
    with pytest.raises(Problems) as caught:
        read_toml(path)
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize(("path", "line"), LINES.items(), ids=str)
def test_a_key_knows_its_line(written, path, line):
    assert read_toml(written(EVERY_WAY)).line_of(path) == line


def test_every_key_in_the_data_has_a_line_of_its_own(written):
    source = read_toml(written(EVERY_WAY))

    def paths(value, path=()):
        inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for key, below in inner:
            yield (*path, key)
            yield from paths(below, (*path, key))

    assert source.data == tomllib.loads(EVERY_WAY)
    assert set(source.lines) == set(paths(source.data))


def test_a_key_that_is_not_written_has_the_line_of_the_table_around_it(written):
    source = read_toml(written(EVERY_WAY))
    assert source.line_of(("parts", "history", 1, "family")) == 22
    assert source.line_of(("parts", "lead", "cv")) == 12
    assert source.line_of(("nowhere", "at", "all")) is None
    assert source.line_of(()) is None


def test_windows_line_ends_and_a_byte_order_mark_do_no_harm(written):
    source = read_toml(written(b"\xef\xbb\xbf" + EVERY_WAY.replace("\n", "\r\n").encode()))
    assert source.data == tomllib.loads(EVERY_WAY)
    assert source.line_of(("parts", "history", 1, "file")) == 23


def test_a_misspelt_file_name_is_guessed(written):
    path = written("a = 1")
    assert "base.toml" in problem_of(path.with_name("bsae.toml")).zh


def test_a_folder_is_no_file(tmp_path):
    assert "文件夹" in problem_of(tmp_path).zh
    assert "no folder" in problem_of(tmp_path / "nowhere" / "base.toml").en


def test_text_that_is_not_utf8_says_how_to_save_it(written):
    problem = problem_of(written("a = 1\nb = '中文'".encode("gb18030")))
    assert (problem.line, "另存为 UTF-8" in problem.zh) == (2, True)
    assert "UTF-8" in problem_of(written("a = 1".encode("utf-16"))).en


@pytest.mark.parametrize(
    ("content", "line", "zh"),
    [
        ("a = 1\nb = 2\n\na = 3\nc = 4", 4, "重复了，第 1 行已经写过"),
        ("[a]\nx = 1\n[b]\n[a]\ny = 1", 4, "重复了，第 1 行已经写过"),
        ("x = { b = 1, b = 2 }", 1, "重复了"),
        ("a = 1\nb =\nc = 1", 2, "没有值"),
        ("a = 1\nb = abc", 2, "文字要加引号"),
        ("b = True", 1, "小写的 true 或 false"),
        ("b = 14 days", 1, "不带单位"),
        ("b = 5%", 1, "百分号"),
        ("b = 1,000", 1, "不要写逗号"),
        ("b = 08:30", 1, "8.5"),
        ("b = .5", 1, "小数点"),
        ("b = 1 c = 2", 1, "一行只写一个"),
        ("just words", 1, "键名 = 值"),
        ("营业 = 1", 1, "键名只能用"),
        ("[parts", 1, "]"),
        ("a = 1\nb = [1, 2\nc = 3\nd = 4", 2, "列表没有写完"),
        ("a = 1\nb = '''x\nc = 3\nd = 4", 2, "缺右引号"),
        ('b = "x\nc = 1', 1, "缺右引号"),
        ('b = "C:\\Users"', 1, "反斜杠"),
        ("b = 2026-02-30", 1, "没有这个日期"),
        ("b = “x”", 1, "全角"),
        ("b： 1", 1, "全角"),
    ],
)
def test_broken_toml_is_explained_with_its_line(written, content, line, zh):
    problem = problem_of(written(content))
    assert problem.line == line
    assert zh in problem.zh
    assert "at line" not in problem.en
