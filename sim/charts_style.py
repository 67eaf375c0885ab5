"""How charts look: one font with every Chinese character, sizes in inches, text wrapped by its measured width.

Figures are made without pyplot: nothing global is switched, and a chart can be drawn on any thread.
"""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import matplotlib as mpl
import pylopdf_fonts_zh_cn
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

FONT = "Noto Sans SC"
DPI = 220
INK, QUIET, FAINT = "#222222", "#6b6b6b", "#d9d9d9"
BASELINE = "#9a9a9a"
POLICIES = ("#2f6f9f", "#e0912f", "#6a5aa8", "#3f9a8a", "#b0578d", "#7a7a2f")
VERDICT = {
    "better": "#1b7f5c", "worse": "#c1382c", "equal": "#4a4a4a", "not_yet_known": "#9a9a9a",
    "higher": "#4a6fa5", "lower": "#4a6fa5",
}  # fmt: skip
MARKERS = ("o", "s", "D", "^", "v", "P")

STYLE: dict[str, Any] = {
    # The family is named outright: "sans-serif" would be looked up again when drawn, outside the style.
    "font.family": [FONT, "DejaVu Sans"],
    "font.size": 8.5,
    # The font has one weight; asking for another one only warns.
    "font.weight": "normal",
    "axes.titleweight": "normal",
    "axes.labelweight": "normal",
    "figure.titleweight": "normal",
    "axes.unicode_minus": True,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": QUIET,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": INK,
    "xtick.color": QUIET,
    "ytick.color": INK,
    "xtick.labelsize": 7.5,
    "ytick.labelsize": 8.5,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "figure.dpi": 100,
    "svg.fonttype": "path",
    "svg.hashsalt": "servicesim",
}

_NOT_FIRST = "，。；：、）？！%」』,.;:)]"


class Chart(Figure):
    """A figure that a notebook shows without pyplot."""

    def _repr_png_(self) -> bytes:
        buffer = io.BytesIO()
        with style():
            self.savefig(buffer, format="png", dpi=110)
        return buffer.getvalue()


@contextmanager
def style() -> Iterator[None]:
    """The kit's look, for the time of a ``with`` block."""
    if FONT not in font_manager.fontManager.get_font_names():
        font_manager.fontManager.addfont(str(pylopdf_fonts_zh_cn.sans_path()))
    with mpl.rc_context():
        mpl.rcdefaults()  # whatever the reader's own matplotlibrc says
        mpl.rcParams.update(STYLE)  # type: ignore[arg-type]
        yield


def blank(width: float, height: float) -> Chart:
    """An empty figure, sizes in inches."""
    figure = Chart(figsize=(width, height))
    FigureCanvasAgg(figure)
    return figure


def place(figure: Figure, left: float, top: float, width: float, height: float) -> Any:
    """Axes by inches from the figure's left and top edge."""
    w, h = figure.get_size_inches()
    return figure.add_axes((left / w, 1 - (top + height) / h, width / w, height / h))


LINE = 1.4
"""Line spacing; a line's baseline lies one size below its top, so that neighbours align whatever their letters."""


def write(figure: Figure, left: float, top: float, text: str, size: float, **look: Any) -> None:
    """Text that begins so many inches from the figure's left and top edge."""
    w, h = figure.get_size_inches()
    for number, line in enumerate(text.split("\n")):
        baseline = top + (1 + number * LINE) * size / 72
        figure.text(left / w, 1 - baseline / h, line, fontsize=size, va="baseline", **look)


EDGE, TITLE, NOTE = 0.3, 12.5, 7.5
"""Inches of white around a figure; sizes of its finding and of its footnote."""


def framed(title: list[str], note: str, width: float, body: float) -> tuple[Figure, float]:
    """A figure with its finding above and its footnote below a body of so many inches; and where the body begins."""
    inside = width - 2 * EDGE
    above = "\n".join(wrapped(line, inside, TITLE) for line in title)
    below = wrapped(note, inside, NOTE)
    top = EDGE + height_of(above, TITLE) + 0.15
    figure = blank(width, top + body + height_of(below, NOTE) + EDGE)
    write(figure, EDGE, EDGE, above, TITLE)
    write(figure, EDGE, top + body, below, NOTE, color=QUIET)
    return figure, top


def height_of(text: str, size: float) -> float:
    """Inches that a text needs."""
    return (text.count("\n") + 1) * size * LINE / 72


@lru_cache(maxsize=4096)
def width_of(text: str, size: float) -> float:
    """Inches that the widest line of a text needs. Call it inside ``style()``."""
    figure = blank(1, 1)
    figure.set_dpi(DPI)  # widths of glyphs are rounded to pixels: on a coarser grid lines come out 4 % too short
    drawn = figure.text(0, 0, text, fontsize=size)
    return float(drawn.get_window_extent(figure.canvas.get_renderer()).width / figure.dpi)  # type: ignore[attr-defined]


def wrapped(text: str, width: float, size: float) -> str:
    """A text broken into lines of at most ``width`` inches; Chinese may break anywhere but before a comma."""
    lines = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in _pieces(paragraph):
            if line and width_of((line + piece).rstrip(), size) > width:
                lines.append(line.rstrip())
                line = piece.lstrip()
            else:
                line += piece
        lines.append(line.rstrip())
    return "\n".join(lines)


def _pieces(text: str) -> list[str]:
    """What may not be broken: Latin words and numbers, a Chinese character with the punctuation behind it."""
    found: list[str] = []
    for piece in re.findall(
        r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]|[^\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\s]+\s*|\s+", text
    ):
        if found and (piece[0] in _NOT_FIRST or found[-1][-1] in "（「『"):
            found[-1] += piece
        else:
            found.append(piece)
    return found


def save(figure: Figure, path_without_ending: str) -> None:
    """PNG and SVG without dates, so that the same chart gives the same bytes. Call it inside ``style()``."""
    figure.savefig(f"{path_without_ending}.png", dpi=DPI, metadata={"Software": None})
    figure.savefig(f"{path_without_ending}.svg", metadata={"Date": None, "Creator": None})
