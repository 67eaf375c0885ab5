"""The trust panel of a study: one line when all is well, a line for each finding when not, and trust.json."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sim.comparison import Comparison
from sim.trust_checks import Check, Status, judged, precision, variance_ratio
from sim.trust_laws import laws, offered_load
from sim.trust_warmup import warm_up
from sim.words import LANGUAGES, listed
from sim.words_trust import text

CHECKS: tuple[Callable[[Comparison], list[Check]], ...] = (laws, offered_load, warm_up, precision, variance_ratio)

COLUMNS = ("check", "policy", "scope", "status", "lhs", "rhs", "unit", "worst_replication", "text_zh", "text_en")
"""Keys of a row of trust.json."""

Line = tuple[Status, str]
"""How bad it is, and what it says."""


@dataclass(frozen=True)
class Panel:
    """All checks of a study."""

    checks: tuple[Check, ...]
    comparison: Comparison

    @cached_property
    def status(self) -> Status:
        """Broken if a law fails, else weak if evidence is missing, else fine."""
        found = {check.status for check in self.checks}
        return "broken" if "broken" in found else "weak" if "weak" in found else "fine"

    def lines(self, lang: str) -> list[Line]:
        """What to print: one line when all is well, else a head and a line for each finding, the worst first."""
        title = text("title", lang)
        notes = self._notes(lang)
        if self.status == "fine":
            return [("fine", " ".join([self._all_well(title, lang), *notes]))]
        lines: list[Line] = [(self.status, text("not_well", lang, title=title))]
        lines += [("broken", text("broken_tag", lang) + c.words[lang]) for c in self.checks if c.status == "broken"]
        lines += [("weak", text("weak_tag", lang) + line) for line in self._weak(lang)]
        return lines + [("note", note) for note in notes]

    def summary(self, lang: str) -> str:
        """One line, whatever came of it."""
        if self.status == "fine":
            return self.lines(lang)[0][1]
        count = {status: sum(check.status == status for check in self.checks) for status in ("broken", "weak")}
        return text("summary", lang, title=text("title", lang), **count)

    def _all_well(self, title: str, lang: str) -> str:
        setup = self.comparison.setup
        return text(
            "all_well", lang, title=title, laws=len(set(self.comparison.laws["law"])), policies=len(setup.policies),
            replications=setup.replications, warmup=setup.warmup_weeks, metrics=len(judged(self.comparison)),
        )  # fmt: skip

    def _weak(self, lang: str) -> list[str]:
        """One line for what the same remedy mends."""
        weak = [check for check in self.checks if check.status == "weak"]
        lines = [check.words[lang] for check in weak if check.check in ("laws", "offered_load")]
        late = [check for check in weak if check.check == "warm_up" and check.needed]
        unknown = [check for check in weak if check.check == "warm_up" and not check.needed]
        warmup = self.comparison.setup.warmup_weeks
        if late:
            point = max(check.needed for check in late)
            lines.append(text("warm_up_line", lang, warmup=warmup, items=_items(late, lang), point=point))
        if unknown:
            lines.append(text("unknown_line", lang, warmup=warmup, items=_items(unknown, lang)))
        for policy in self.comparison.policies:
            rough = [check for check in weak if check.check == "precision" and check.policy == policy]
            if rough:
                # without an interval nobody knows how many would do; two replications give one
                needed = f"{max(max(check.needed for check in rough), 2, self.comparison.setup.replications + 1):,}"
                items = _items(rough, lang)
                lines.append(text("precision_line", lang, policy=policy, items=items, needed=needed.replace(",", "")))
        return lines

    def _notes(self, lang: str) -> list[str]:
        """At most one sentence: where common luck hurts, and where utilisation need not be the load."""
        said = []
        for policy in self.comparison.policies:
            hurt = [check for check in self.checks if check.status == "note" and check.policy == policy]
            if hurt:
                said.append(text("ratio_line", lang, policy=policy, count=len(hurt), items=_items(hurt, lang)))
        said += [check.item[lang] for check in self.checks if check.status == "does_not_apply"]
        return [text("notes", lang, notes=text("and", lang).join(said))] if said else []


def _items(checks: list[Check], lang: str) -> str:
    return listed(list(dict.fromkeys(check.item[lang] for check in checks)), lang)


def panel(comparison: Comparison) -> Panel:
    """Check a study."""
    return Panel(tuple(check for checks in CHECKS for check in checks(comparison)), comparison)


def rows(found: Panel) -> list[dict[str, object]]:
    """The panel as plain rows; undefined numbers are None, the others have ten significant digits."""

    def plain(value: float) -> float | None:
        return float(f"{value:.10g}") if math.isfinite(value) else None

    return [
        {
            "check": check.check, "policy": check.policy, "scope": check.scope, "status": check.status,
            "lhs": plain(check.lhs), "rhs": plain(check.rhs), "unit": check.unit,
            "worst_replication": check.worst_replication, **{f"text_{lang}": check.words[lang] for lang in LANGUAGES},
        }
        for check in found.checks
    ]  # fmt: skip


def save(found: Panel, folder: str | Path) -> None:
    """Write trust.json; the same study gives the same bytes."""
    written = json.dumps(rows(found), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    Path(folder, "trust.json").write_text(written, encoding="utf-8", newline="\n")
