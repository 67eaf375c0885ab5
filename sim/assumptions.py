"""The list of assumptions, made from the settings themselves: it cannot say another number than the run uses."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from sim.distributions import Distribution
from sim.scenario import Scenario

UNITS = {
    "yuan_each": "yuan", "monthly_yuan": "yuan/month", "once_yuan": "yuan", "yuan_per_day": "yuan/day", "yuan": "yuan",
    "hours_per_week": "hours/week", "hours": "hours", "hour": "hour of day", "days": "days", "weeks": "weeks",
    "share_per_year": "share/year", "share": "share", "per_day": "per day", "step": "share", "cars": "cars",
}  # fmt: skip
"""Unit by the end or a part of a key, first match."""


@dataclass
class Entry:
    """One numbered or sourced value."""

    source: str
    key: str
    values: list[str] = field(default_factory=list)
    span: str = ""
    why: str = ""
    read_by: str = "both"

    @property
    def unit(self) -> str:
        """Unit, from the key."""
        last = self.key.split(".")[-1]
        for part, unit in UNITS.items():
            if last.endswith(part) or f"{part}_" in last:
                return unit
        return "-"


def entries(scenario: Scenario) -> list[Entry]:
    """Every sourced value of a scenario; the same key in several tables is one entry with several values."""
    found: dict[tuple[str, str], Entry] = {}
    for path, value, extra in _walk(scenario.model, ()):
        _add(found, path, value, extra)
    for name, mechanism in scenario.mechanisms.items():
        for path, value, extra in _walk(mechanism, ("mechanisms", name)):
            _add(found, path, value, extra)
    return list(found.values())


def _add(found: dict[tuple[str, str], Entry], path: tuple[str, ...], value: Any, extra: dict[str, Any]) -> None:
    tables = [i for i, part in enumerate(path) if part.startswith("*")]
    key = ".".join("*" if part.startswith("*") else part for part in path)
    entry = found.setdefault((extra["source"], key), Entry(extra["source"], key, read_by=extra.get("read_by", "both")))
    prefix = f"{path[tables[0]][1:]} " if tables else ""
    entry.values.append(prefix + _show(value))
    span = extra.get("span")
    entry.span = f"{span[0]:g} – {span[1]:g}" if span else ""
    entry.why = extra.get("why", "")


def _walk(model: BaseModel, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any, dict[str, Any]]]:
    for name, info in type(model).model_fields.items():
        value = getattr(model, name)
        extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
        here = (*path, name)
        if isinstance(value, BaseModel) and not isinstance(value, Distribution):
            yield from _walk(value, here)
        elif isinstance(value, dict) and value and all(isinstance(v, BaseModel) for v in value.values()):
            for key, item in value.items():
                yield from _walk(item, (*here, f"*{key}"))
        elif isinstance(value, tuple) and value and all(isinstance(v, BaseModel) for v in value):
            for nth, item in enumerate(value):
                yield from _walk(item, (*here, f"*{getattr(item, 'name', nth)}"))
        elif extra:
            yield here, value, extra


def _show(value: Any) -> str:
    if isinstance(value, Distribution):
        spread = f", cv {value.cv:g}" if value.shape in ("gamma", "lognormal", "uniform") else ""
        return f"{value.shape} {value.mean:g}{spread}"
    if isinstance(value, float):
        return f"{value:.5g}"
    if isinstance(value, tuple | list):
        return "[" + ", ".join(_show(item) for item in value) + "]"
    return str(value)


def assumptions_page(scenario: Scenario) -> str:
    """The page scenarios/assumptions.md: fitted values, assumptions by number, the article's own rules.

    Raises:
        ValueError: two different keys share a number.
    """
    found = entries(scenario)
    numbered = [entry for entry in found if entry.source.startswith("A-")]
    fitted = [entry for entry in found if entry.source == "fitted"]
    article = [entry for entry in found if entry.source == "article" and not entry.key.startswith("calibration")]
    numbers: dict[str, str] = {}
    for entry in numbered:
        if numbers.setdefault(entry.source, entry.key) != entry.key:
            raise ValueError(f"{entry.source} stands for both {numbers[entry.source]} and {entry.key}")
    numbered.sort(key=lambda entry: int(entry.source[2:]))
    lines = [
        "# 假设清单 · Assumptions",
        "",
        "本页由 `sim assumptions` 从设置自动生成，所以这里的数字就是运行时用的数字。"
        "“只有机制读取”的参数最危险：效果有可能被直接写进去，所以单独标出。",
        "",
        "This page is made by `sim assumptions` from the settings, so the numbers here are those a run uses. Keys that "
        "only a mechanism reads are the dangerous ones, an effect could be typed in there: they are marked.",
        "",
        "## 拟合值 · Fitted to the article's *before* figures (policy `ad_hoc` only)",
        "",
        "| key | value | unit | range | reason |",
        "| --- | --- | --- | --- | --- |",
        *(f"| `{e.key}` | {'; '.join(e.values)} | {e.unit} | {e.span} | {e.why} |" for e in fitted),
        "",
        "## 假设 · Assumptions by number",
        "",
        "| no. | key | value | unit | range | read by | reason |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        *(
            f"| {e.source} | `{e.key}` | {'; '.join(e.values)} | {e.unit} | {e.span} | {_read(e)} | {e.why} |"
            for e in numbered
        ),
        "",
        "## 文章给出的规则 · The article's own rules",
        "",
        "| key | value | unit | read by |",
        "| --- | --- | --- | --- |",
        *(f"| `{e.key}` | {'; '.join(e.values)} | {e.unit} | {_read(e)} |" for e in article),
        "",
    ]
    return "\n".join(lines)


def _read(entry: Entry) -> str:
    return "**mechanism only**" if entry.read_by == "mechanism" else entry.read_by
