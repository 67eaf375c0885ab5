"""Charts: every character drawn, nothing cut or overlapping, the same bytes twice."""

import logging
import warnings

import numpy as np
import pytest
from matplotlib.text import Text

from sim import charts
from sim.comparison import Comparison, compare
from sim.notebook import shown
from tests.unit import fake_study

LONG = {
    "zh": "华东大区上海浦东张江高科技园区第二服务与交付中心二〇二六年上半年（按门店自报数据，龘喆镕堃）",
    "en": "East China region, Shanghai Pudong Zhangjiang second service and delivery centre, own data",
}
ODD = {
    "shortage_rate": (0.0004, 0.0001, 0.0004, 0.00008, 0.00002),
    "total_cost_yuan": (2.3e9, 2.9e9, 2.3e9, 4e7, 1e7),
    "nps": (-64.2, -71.0, -64.0, 3.0, 2.0),
    "loaner_fulfilment": (0.0, 0.0, 0.0, 0.0, 0.0),
    "test_drive_fulfilment": (1.0, 1.0, 1.0, 0.0, 0.0),
    "fleet_utilisation": (np.nan, np.nan, np.nan, np.nan, np.nan),
    "days_in_shop": (2.5, 2.5, 2.5, 0.2, 0.0),
    "a_metric_without_a_label": (1.0, 2.0, 1.0, 0.1, 0.1),
}


def usual() -> Comparison:
    return compare(fake_study.runs(), "ad_hoc", ["systematic"])


def two() -> Comparison:
    policies = ("ad_hoc", "systematic", "board_only")
    return compare(fake_study.runs(policies), "ad_hoc", policies)


def odd() -> Comparison:
    runs = fake_study.runs(means=fake_study.MEANS | ODD, title=LONG)
    runs.setup.policy_titles["systematic"] = LONG
    return compare(runs, "ad_hoc", ["systematic"])


def single() -> Comparison:
    return compare(fake_study.runs(replications=1), "ad_hoc", ["systematic"])


def few() -> Comparison:
    return compare(fake_study.runs(means={"visits": (10.0, 11.0, 10.0, 1.0, 0.1)}), "ad_hoc", ["systematic"])


@pytest.fixture(autouse=True)
def missing_glyphs_and_fonts_are_errors(caplog):
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message=".*[Gg]lyph.*")
        caplog.set_level(logging.WARNING, logger="matplotlib.font_manager")
        yield
    assert not [record.message for record in caplog.records if "findfont" in record.message]


def boxes(figure):
    """Every visible text of a figure with its box in pixels."""
    renderer = figure.canvas.get_renderer()
    texts = {id(t): t for t in figure.findobj(match=lambda artist: isinstance(artist, Text)) if t.get_visible()}
    found = [(t.get_text(), t.get_window_extent(renderer)) for t in texts.values() if t.get_text().strip()]
    return [(text, box) for text, box in found if box.width > 0]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", charts.NAMES)
@pytest.mark.parametrize("make", [usual, two, odd, single, few])
def test_nothing_is_cut_or_overlaps(make, name, lang):
    figure = charts.draw(make(), name, lang)
    figure.canvas.draw()
    page = figure.bbox
    found = boxes(figure)
    for text, box in found:
        inside = box.x0 >= page.x0 and box.y0 >= page.y0 and box.x1 <= page.x1 and box.y1 <= page.y1
        assert inside, f"cut: {text!r}"
    for i, (text, box) in enumerate(found):
        for other, its in found[i + 1 :]:
            wide = min(box.x1, its.x1) - max(box.x0, its.x0)
            high = min(box.y1, its.y1) - max(box.y0, its.y0)
            assert wide < 1.5 or high < 2.5, f"overlap: {text!r} and {other!r}"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_same_bytes_twice(tmp_path, lang):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        files = charts.draw_all(odd(), tmp_path / folder, lang)
    assert len(files) == 2 * len(charts.NAMES)
    for file in files:
        assert file.read_bytes() == (tmp_path / "a" / file.name).read_bytes()


def test_no_date_and_no_font_needed_in_svg(tmp_path):
    charts.draw_all(few(), tmp_path, "zh")
    svg = (tmp_path / "two_worlds_zh.svg").read_text(encoding="utf-8")
    assert "<dc:date>" not in svg and "<text" not in svg


def test_loaners_chart_shows_both_even_without_data():
    figure = charts.draw(few(), "loaners_and_test_drives", "en")
    shown = [text for text, _ in boxes(figure)]
    assert "loaner requests met" in shown and "test drives met" in shown


def test_footnote_warns_and_says_how_much_was_run():
    shown = " ".join(text for text, _ in boxes(charts.draw(usual(), "two_worlds", "en")))
    assert "Monte-Carlo noise only" in shown and "30 replications of 26 weeks" in shown


def test_unknown_chart_is_named():
    with pytest.raises(ValueError, match="two_worlds"):
        charts.draw(usual(), "pie", "zh")


def test_a_chart_leaves_the_readers_settings_alone_and_shows_in_a_notebook():
    import matplotlib

    before = dict(matplotlib.rcParams)
    figure = shown(usual()).chart("two_worlds", "zh")
    assert figure._repr_png_().startswith(b"\x89PNG")
    assert dict(matplotlib.rcParams) == before
