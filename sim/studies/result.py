"""What every study's result can do: a table, sentences, charts, a spreadsheet, a page, a view in a notebook."""

import html
import json
import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.runner import Failed, Runner

LANGUAGES = ("zh", "en")


@dataclass(frozen=True)
class About:
    """What was run, as plain values."""

    scenario: str
    file: str
    title: dict[str, str]
    scenario_hash: str
    code_hash: str
    seed: int
    replications: int
    """Replications of each cell; the most any cell had, where their number was not fixed."""
    weeks: int
    warmup_weeks: int
    failed: tuple["Failed", ...] = ()
    laws_broken: int = 0
    """Runs in which an exact law of the model does not hold."""

    @classmethod
    def of(cls, runner: "Runner", replications: int) -> "About":
        """Of a runner that has done its work."""
        from sim.replication import code_hash

        scenario, file = runner.scenario, Path(runner.scenario.file)
        shown = f"{file.parent.name}/{file.name}" if file.is_absolute() else file.as_posix()
        return cls(
            scenario.name, shown, scenario.title, scenario.hash(), code_hash(), runner.seed, replications, runner.weeks,
            scenario.study.warmup_weeks, tuple(runner.failed), runner.laws_broken,
        )  # fmt: skip

    def note(self, lang: str) -> str:
        """The footnote of every chart: what the numbers rest on, and what they do not say."""
        from sim.words import text

        return text(
            "footnote", lang, replications=self.replications, weeks=self.weeks, warmup=self.warmup_weeks,
            title=self.title[lang], name=self.scenario, seed=self.seed,
        )  # fmt: skip

    def warnings(self, lang: str) -> list[str]:
        """What a reader must know before the result: failed runs with the command of the first, broken laws."""
        from sim.studies.words import text

        lines = []
        if self.failed:
            one = self.failed[0]
            lines.append(
                text("failed", lang, count=len(self.failed), seed=one.seed, replication=one.replication,
                     error=one.error, command=one.command)
            )  # fmt: skip
        if self.laws_broken:
            lines.append(text("laws_broken", lang, count=self.laws_broken))
        return lines


@dataclass(frozen=True)
class StudyResult(ABC):
    """A study's result. Results know nothing of processes, stores or the command line."""

    name: ClassVar[str]
    """File name of everything it writes, such as ``sweep``."""
    table: pd.DataFrame
    """Tidy rows, as ``--json`` prints them and the CSV file holds them; values in the metric's own unit."""
    about: About

    @abstractmethod
    def title(self, lang: str) -> str:
        """What kind of study it is, in a few words."""

    @abstractmethod
    def answer(self, lang: str = "zh") -> str:
        """The findings in sentences, one a line, computed from the table."""

    @abstractmethod
    def shown(self, lang: str = "zh") -> tuple[list[str], list[list[str]]]:
        """The table as a manager reads it: head and rows of texts, rounded to what the intervals carry."""

    @property
    @abstractmethod
    def charts(self) -> dict[str, Callable[[str], "Figure"]]:
        """Charts by name; each is called with the language, inside :func:`sim.charts_style.style`."""

    def chart(self, name: str | None = None, lang: str = "zh") -> "Figure":
        """A chart by name; the first if none is named.

        Raises:
            ValueError: there is no chart of that name.
        """
        from sim.charts_style import style

        there = self.charts
        chosen = next(iter(there)) if name is None else name
        if chosen not in there:
            raise ValueError(f"no chart {chosen!r}; there are {', '.join(there)}")
        with style():
            return there[chosen](lang)

    def to_excel(self, path: str | Path, lang: str = "zh") -> Path:
        """Write a workbook: the table as it is read, every number, and where it comes from. Same result, same bytes."""
        from sim.studies.workbook import write

        return write(self, Path(path), lang)

    def json(self) -> str:
        """The table as one JSON array of rows; what is undefined is null."""

        def plain(value: Any) -> Any:
            value = value.item() if hasattr(value, "item") else value
            return None if isinstance(value, float) and not math.isfinite(value) else value

        rows = [{str(key): plain(value) for key, value in row.items()} for row in self.table.to_dict("records")]
        return json.dumps(rows, ensure_ascii=False, indent=1, allow_nan=False)

    def page(self, lang: str) -> str:
        """The result as Markdown: title, findings, charts, table, footnote."""
        head, body = self.shown(lang)
        lines = [f"# {self.title(lang)}: {self.about.title[lang]}".replace(": ", "：" if lang == "zh" else ": ")]
        lines += [f"**{warning}**" for warning in self.about.warnings(lang)]
        lines += ["\n".join(f"- {line}" for line in self.answer(lang).splitlines() if line.strip())]
        lines += [f"![{chart}](charts/{self.name}_{chart}_{lang}.png)" for chart in self.charts]
        cells = [[cell.replace("|", "\\|") for cell in row] for row in (head, ["---"] * len(head), *body)]
        lines += ["\n".join("| " + " | ".join(row) + " |" for row in cells), self.about.note(lang)]
        return "\n\n".join(lines) + "\n"

    def provenance(self) -> dict[str, Any]:
        """Where the result comes from: enough to repeat it, nothing that differs from day to day."""
        a = self.about
        return {
            "study": self.name, "scenario": a.scenario, "scenario_hash": a.scenario_hash, "code_hash": a.code_hash,
            "seed": a.seed, "replications": a.replications, "weeks": a.weeks, "warmup_weeks": a.warmup_weeks,
            "failed": [one.command for one in a.failed],
        }  # fmt: skip

    def files(self) -> list[str]:
        """Names of what :meth:`save` writes into a folder, charts apart."""
        return [f"{self.name}.csv", f"{self.name}.xlsx", f"{self.name}.md", f"{self.name}.json"]

    def save(self, folder: str | Path) -> None:
        """Write table, workbook, page, charts and provenance into a folder."""
        from sim.charts_style import save, style

        folder = Path(folder)
        text = self.table.to_csv(index=False, float_format="%.10g", lineterminator="\n")
        (folder / f"{self.name}.csv").write_bytes(text.encode("utf-8-sig"))
        self.to_excel(folder / f"{self.name}.xlsx")
        (folder / "charts").mkdir(exist_ok=True)
        for lang in LANGUAGES:
            for name in self.charts:
                with style():
                    save(self.charts[name](lang), str(folder / "charts" / f"{self.name}_{name}_{lang}"))
        page = "\n---\n\n".join(self.page(lang) for lang in LANGUAGES)
        (folder / f"{self.name}.md").write_text(page, encoding="utf-8", newline="\n")
        found = json.dumps(self.provenance(), ensure_ascii=False, indent=2) + "\n"
        (folder / f"{self.name}.json").write_text(found, encoding="utf-8", newline="\n")

    def _repr_html_(self) -> str:
        """In a notebook: warnings, findings and the table, in Chinese."""
        head, body = self.shown("zh")
        notes = [f"<p style='color:#b3261e'>{html.escape(line)}</p>" for line in self.about.warnings("zh")]
        lines = "".join(f"<p>{html.escape(line)}</p>" for line in self.answer("zh").splitlines() if line.strip())
        top = "".join(f"<th>{html.escape(cell)}</th>" for cell in head)
        rows = "".join("<tr>" + "".join(f"<td>{html.escape(c)}</td>" for c in row) + "</tr>" for row in body)
        return f"{''.join(notes)}{lines}<table><thead><tr>{top}</tr></thead><tbody>{rows}</tbody></table>"
