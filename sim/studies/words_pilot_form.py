"""The pilot's form as a section of the page, and as one CSV for both languages."""

from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.studies.measuring import COUNTED
from sim.studies.pilot_form import COLUMNS
from sim.studies.words_plan import changed, scale_of, text
from sim.words import short_label

if TYPE_CHECKING:
    from sim.studies.planning import PilotPlan


def measuring(plan: "PilotPlan", lang: str) -> str:
    """The form as a section of the page."""
    parts = [f"## {text('measuring', lang)}"]
    other = text(f"other_{plan.control}", lang)
    for metric, rows in plan.form.groupby("metric", sort=False):
        counted, at = COUNTED[str(metric)], int(lang == "en")
        key = "count_plain" if counted.adds == "sum" else "count_this"
        parts.append(text(key, lang, label=short_label(str(metric), lang), metric=metric, above=counted.above[at],
                          below=counted.below[at]))  # fmt: skip
        head = text("measuring_head", lang, other=other).split("|")
        lines = ["| " + " | ".join(cells) + " |" for cells in (head, ["---"] * len(head))]
        for row in rows[rows["success_change"].notna()].to_dict("records"):
            lines.append("| " + " | ".join(_form_cells(str(metric), row, lang)) + " |")
        parts.append("\n".join(lines))
    return "\n\n".join([*parts, text("how", lang, other=other), text("form", lang)]) + "\n"


def _form_cells(metric: str, row: dict[Any, Any], lang: str) -> list[str]:
    cells = [str(row["month"]), row["weeks"]]
    for who in ("ad_hoc", "policy"):
        low, high = row[f"{who}_low"], row[f"{who}_high"]
        s = scale_of(metric, lang, low, high)
        cells.append(f"{s.value(row[who], (high - low) / 2)} [{s.number(low, (high - low) / 2)}, "
                     f"{s.number(high, (high - low) / 2)}]")  # fmt: skip
    tenth = abs(row["success_change"]) / 10
    return [*cells, changed(metric, lang, row["success_change"], tenth),
            changed(metric, lang, row["little_hope_change"], tenth)]  # fmt: skip


def bilingual(form: pd.DataFrame) -> pd.DataFrame:
    """The form with both languages in heads and texts, as one CSV for everybody."""
    table = form.copy()
    for key in table:
        table[key] = [" / ".join(dict.fromkeys(v)) if isinstance(v, tuple) else v for v in table[key]]
    return table.rename(columns={key: " ".join(COLUMNS[key]) for key in COLUMNS})
