"""Do the statistics keep their promises? The part of the page on credibility that the honesty tests write."""

import csv
from pathlib import Path

FIGURES = Path(__file__).parents[1] / "docs" / "honesty.csv"
"""What the honesty tests measured, one row a promise."""
LANGUAGES = ("zh", "en")
HEADS = {
    "zh": "| 承诺 | 应为 | 实测 | 蒙特卡洛误差 | 次数 |",
    "en": "| promise | should be | measured | Monte-Carlo error | trials |",
}


def section(lang: str, figures: Path = FIGURES) -> str:
    """The table between its two marks; without figures, a line that says how to make them."""
    begin, end = _marks(lang)
    if not figures.exists():
        say = {
            "zh": "尚未测量；运行 `python3 run.py test --slow`。",
            "en": "Not measured yet: `python3 run.py test --slow`.",
        }
        return f"{begin}\n\n{say[lang]}\n\n{end}"
    with figures.open(encoding="utf-8", newline="") as file:
        rows = [_row(row, lang) for row in csv.DictReader(file)]
    return "\n".join([begin, "", HEADS[lang], "| --- | --- | ---: | ---: | ---: |", *rows, "", end])


def _row(row: dict[str, str], lang: str) -> str:
    name, measured, error = row[lang].replace("|", "\\|"), float(row["measured"]), float(row["error"])
    return f"| {name} | {row['promised']} | {100 * measured:.1f} % | {100 * error:.1f} % | {int(row['n']):,} |"


def renew(page: Path, figures: Path = FIGURES) -> None:
    """Put the figures into a page that has the marks, both languages; the rest of the page stays as it is."""
    text = page.read_text(encoding="utf-8")
    for lang in LANGUAGES:
        begin, end = _marks(lang)
        before, _, rest = text.partition(begin)
        _, mark, after = rest.partition(end)
        if mark:
            text = before + section(lang, figures) + after
    page.write_text(text, encoding="utf-8", newline="\n")


def _marks(lang: str) -> tuple[str, str]:
    return f"<!-- honesty {lang} -->", f"<!-- /honesty {lang} -->"
