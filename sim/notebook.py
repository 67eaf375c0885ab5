"""A comparison as a notebook shows it. Results themselves know nothing of how they are shown."""

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from sim.comparison import Comparison

if TYPE_CHECKING:
    from matplotlib.figure import Figure


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

    def _repr_html_(self) -> str:
        from sim.report import html_table

        return html_table(self, "zh")


def shown(comparison: Comparison) -> ShownComparison:
    """The same comparison, able to show itself."""
    return ShownComparison(**{field.name: getattr(comparison, field.name) for field in fields(Comparison)})
