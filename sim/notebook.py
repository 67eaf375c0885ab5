"""Results as a notebook shows them. Results themselves know nothing of how they are shown."""

import html
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from sim.claims.audit import Audit
from sim.comparison import Comparison
from sim.stories import Told

if TYPE_CHECKING:
    from matplotlib.figure import Figure


TRUST_COLOURS = {"broken": "#b3261e", "weak": "#8a6100", "fine": "#1e6b34"}
"""Dark enough to be read on white."""


@dataclass(frozen=True)
class ShownComparison(Comparison):
    """A comparison that draws itself: as a table when a cell ends with it, as charts when asked."""

    def chart(self, name: str = "two_worlds", lang: str = "zh") -> "Figure":
        """A chart by name: two_worlds, differences, loaners_and_test_drives, scoreboard.

        Raises:
            ValueError: there is no chart of that name.
        """
        from sim.charts import draw

        return draw(self, name, lang)

    def answer(self, lang: str = "zh") -> str:
        """The findings in sentences, one a line, computed from the table."""
        from sim.findings import title

        return "\n".join(title(self, "two_worlds", lang) + title(self, "differences", lang))

    def to_excel(self, path: str | Path) -> Path:
        """Write the table and its details as a workbook, a sheet each. Same result, same bytes."""
        from sim.studies.workbook import write_frames

        return write_frames({"table": self.table, "details": self.details}, Path(path))

    def _repr_html_(self) -> str:
        from sim.report import html_table

        return html_table(self, "zh") + self._trust_html("zh")

    def trust(self, lang: str = "zh") -> str:
        """The trust panel: one line when all is well, else a line for each finding."""
        from sim.trust_panel import panel

        return "\n".join(line for _, line in panel(self).lines(lang))

    def _trust_html(self, lang: str) -> str:
        from sim.trust_panel import panel

        found = panel(self)
        return f"<p style='color:{TRUST_COLOURS[found.status]}'>{html.escape(found.summary(lang))}</p>"


def shown(comparison: Comparison) -> ShownComparison:
    """The same comparison, able to show itself."""
    return ShownComparison(**{field.name: getattr(comparison, field.name) for field in fields(Comparison)})


@dataclass(frozen=True)
class ShownAudit(Audit):
    """An audit of claims that shows itself as a table, and draws its verdicts and regions when asked."""

    def chart(self, name: str = "verdicts", lang: str = "zh") -> "Figure":
        """``verdicts``, or the region of a claim by its id, such as "K3".

        Raises:
            ValueError: there is no region of that claim.
        """
        from sim.charts_style import style
        from sim.claims import pictures

        if name != "verdicts" and not any(item.regions and item.reading.id == name for item in self.audited):
            raise ValueError(f"no region of {name!r}; it was reproduced, or the tests were left out")
        with style():
            return pictures.verdicts(self, lang) if name == "verdicts" else pictures.regions(self, name, lang)

    def answer(self, lang: str = "zh") -> str:
        """How many readings end in each verdict."""
        from sim.claims.pictures import tally

        return tally(self, lang)

    def _repr_html_(self) -> str:
        from sim.claims.page import rows_of_table

        head, *body = rows_of_table(self, "zh")
        lines = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in body)
        top = "".join(f"<th>{html.escape(cell)}</th>" for cell in head)
        return f"<table><thead><tr>{top}</tr></thead><tbody>{lines}</tbody></table>"


def shown_audit(audit: Audit) -> ShownAudit:
    """The same audit, able to show itself."""
    return ShownAudit(**{field.name: getattr(audit, field.name) for field in fields(Audit)})


@dataclass(frozen=True)
class ShownStory:
    """One customer's story under several policies."""

    stories: tuple[Told, ...]
    titles: dict[str, dict[str, str]]
    footnote: dict[str, str]

    def chart(self, lang: str = "zh") -> "Figure":
        """The timelines side by side."""
        from sim.charts_story import draw

        return draw(list(self.stories), self.titles, self.footnote[lang], lang)

    def answer(self, lang: str = "zh") -> str:
        """A sentence for each policy."""
        from sim.words_story import summary

        return "\n".join(summary(told, self.titles[told.policy][lang], lang) for told in self.stories)
