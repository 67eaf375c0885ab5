"""Every metric has a name in both languages; numbers are written without false precision."""

import math

import pytest

from sim import findings, words
from sim.comparison import HEADLINE, compare
from sim.metrics import METRICS
from tests.unit import fake_study


def test_every_metric_has_both_languages():
    missing = [name for name in METRICS if name not in words.LABELS]
    assert not missing
    for zh, en in words.LABELS.values():
        assert any("\u4e00" <= c <= "\u9fff" for c in zh)
        assert not any("\u4e00" <= c <= "\u9fff" for c in en)


def test_every_unit_and_headline_metric_is_known():
    assert {metric.unit for metric in METRICS.values()} <= set(words.UNITS)
    assert set(HEADLINE) <= set(METRICS)


def test_texts_have_the_same_blanks_in_both_languages():
    import string

    for key, pair in words.TEXTS.items():
        blanks = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in pair]
        assert blanks[0] == blanks[1], key


def test_short_labels_tell_metrics_apart():
    for lang in words.LANGUAGES:
        short = [words.short_label(name, lang) for name in words.LABELS]
        assert len(set(short)) == len(short)


def test_unknown_metric_is_called_by_its_name():
    assert words.label("brand_new", "zh") == "brand_new"
    assert words.scale("", "zh", 3.0).value(3.14159, 0.2) == "3.14"


@pytest.mark.parametrize(
    ("unit", "lang", "value", "half", "expected"),
    [
        ("share", "zh", 0.1523, 0.003, "15.2%"),
        ("share", "zh", 0.1523, 0.06, "15%"),
        ("share", "zh", 0.96, 0.4, "96%"),
        ("share", "en", 0.0003, 0.0001, "0.03%"),
        ("share", "en", 0.0, 0.0, "0.0%"),
        ("days", "zh", 5.1234, 0.2, "5.12 天"),
        ("days", "en", 5.1234, 0.5, "5.1 days"),
        ("points", "zh", -12.34, 2.0, "−12.3 分"),
        ("points", "zh", -0.04, 2.0, "0.0 分"),
        ("yuan", "zh", 123_456.0, 5_000.0, "12.3 万元"),
        ("yuan", "zh", 2.3e9, 4e7, "23.0 亿元"),
        ("yuan", "zh", 4_321.0, 800.0, "4,300 元"),
        ("yuan", "en", 123_456.0, 2_345.0, "123,500 yuan"),
        ("yuan", "en", 4.5e6, 2e5, "4.50 million yuan"),
        ("count", "zh", 212.4, 12.0, "212"),
        ("days", "zh", math.nan, math.nan, "–"),
    ],
)
def test_number(unit, lang, value, half, expected):
    assert words.scale(unit, lang, value).value(value, half) == expected


@pytest.mark.parametrize(
    ("value", "low", "high", "expected"),
    [
        (-0.091, -0.092, -0.090, ("−9.1 个百分点", "[−9.2, −9.0]")),
        (0.0034, 0.0002, 0.0066, ("+0.34 个百分点", "[0.02, 0.66]")),  # decimals until 0 is seen to be left out
        (0.0, 0.0, 0.0, ("0.0 个百分点", "[0.0, 0.0]")),
        (0.02, math.nan, math.nan, ("+2.0 个百分点", "–")),
    ],
)
def test_estimate(value, low, high, expected):
    assert words.scale("share", "zh").estimate(value, low, high, unit=True) == expected


def test_bands_end_where_the_unit_ends():
    assert words.clipped(-0.1, "share") == 0.0 and words.clipped(1.2, "share") == 1.0
    assert words.clipped(-3.0, "days") == 0.0 and words.clipped(-120.0, "points") == -100.0


def test_findings_follow_the_data():
    comparison = compare(fake_study.runs(), "ad_hoc", ["systematic"])
    zh, en = (findings.title(comparison, "two_worlds", lang)[0] for lang in ("zh", "en"))
    assert zh.startswith("缺件率由 14.9% 降到 5.8%，但试驾满足率由 95.3% 降到 91.7%")
    assert en.startswith("Shortage rate down from 14.9% to 5.8%, but test drives met down from 95.3% to 91.7%")
    means = dict(fake_study.MEANS) | {"shortage_rate": (0.1, 0.2, 0.1, 0.01, 0.001)}
    other = compare(fake_study.runs(means=means), "ad_hoc", ["systematic"])
    assert "缺件率由" in findings.title(other, "two_worlds", "zh")[0].split("但")[1]


def test_nothing_changed_is_said_so():
    means = {name: (*values[:1] * 3, values[3], 0.0) for name, values in fake_study.MEANS.items()}
    comparison = compare(fake_study.runs(means=means), "ad_hoc", ["systematic"])
    assert "没有一项确定变好" in findings.title(comparison, "two_worlds", "zh")[0]
    assert "不变" in findings.title(comparison, "loaners_and_test_drives", "zh")[0]


def test_loaners_and_test_drives_are_told_together():
    comparison = compare(fake_study.runs(), "ad_hoc", ["systematic"])
    sentence = findings.title(comparison, "loaners_and_test_drives", "zh")[0]
    assert "代步车满足率" in sentence and "试驾满足率" in sentence
