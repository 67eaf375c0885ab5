"""What each numbered assumption is called: a short label in Chinese and English, and the unit of its value.

The settings' own texts are the reference; these labels are short enough for an axis. A test holds that every numbered
assumption of the article's scenario has one.
"""

from typing import NamedTuple

from sim.studies.words_assumptions_people import TABLES as PEOPLE
from sim.studies.words_assumptions_work import TABLES as WORK
from sim.studies.words_mechanisms import mechanism_short_title


class Label(NamedTuple):
    """A key's label and the unit of its value, a name of UNITS."""

    zh: str
    en: str
    unit: str


UNITS: dict[str, tuple[str, str]] = {
    "share": ("%", "%"),
    "hours": ("小时", "hours"),
    "open_hours": ("营业小时", "open hours"),
    "days": ("天", "days"),
    "working_days": ("个工作日", "working days"),
    "weeks": ("周", "weeks"),
    "years": ("年", "years"),
    "clock": ("点", "o'clock"),
    "yuan": ("元", "yuan"),
    "yuan_hour": ("元/小时", "yuan an hour"),
    "yuan_day": ("元/天", "yuan a day"),
    "yuan_month": ("元/月", "yuan a month"),
    "per_day": ("次/天", "a day"),
    "lines_day": ("行/天", "lines a day"),
    "units_day": ("件/天", "units a day"),
    "per_hour": ("个/小时", "an hour"),
    "uses_year": ("次/年", "uses a year"),
    "uses": ("次", "uses"),
    "share_year": ("%/年", "% a year"),
    "cars": ("台", "cars"),
    "units": ("件", "units"),
    "parts": ("种", "parts"),
    "people": ("人", "people"),
    "centres": ("家", "centres"),
    "customers": ("人", "customers"),
    "points": ("分", "points"),
    "trust": ("互信分", "trust"),
    "lines": ("行", "lines"),
    "hours_week": ("小时/周", "hours a week"),
    "step": ("", ""),
    "ratio": ("倍", "times"),
    "number": ("", ""),
    "other": ("", ""),
}

TABLES = WORK | PEOPLE

INSTANCES = {
    "maintenance": ("保养", "maintenance"), "mechanical": ("机电", "mechanical"), "body": ("钣喷", "body work"),
    "diagnosis": ("诊断", "diagnosis"),
}  # fmt: skip


GROUPS = {
    "arrivals": ("进店", "arrivals"), "jobs": ("工单", "jobs"), "front_desk": ("前台", "front desk"),
    "parts": ("配件", "parts"), "sisters": ("兄弟门店", "sister centres"), "workshop": ("车间", "workshop"),
    "fleet": ("试驾车与代步车", "cars"), "sales": ("销售", "sales"), "support": ("技术支持", "technical support"),
    "disputes": ("部门争议", "disputes"), "trust": ("互信", "trust"), "satisfaction": ("客户满意度", "satisfaction"),
    "retention": ("客户流失与召回", "retention"), "finance": ("财务", "finance"), "study": ("研究设置", "study"),
}  # fmt: skip
"""Tables of the centre that are screened as a whole."""


def group_label(group: str, lang: str) -> str:
    """What a table is called: a part of the centre, or a mechanism by its title."""
    head, _, mechanism = group.partition(".")
    if head == "mechanisms":
        return mechanism_short_title(mechanism, lang)
    return GROUPS.get(group, (group, group))[lang == "en"]


def labelled(pattern: str) -> Label | None:
    """The label of a key written with ``*``, such as ``jobs.*.share``; None where there is none."""
    table, _, key = pattern.rpartition(".")
    found = TABLES.get(table, {}).get(key)
    return Label(*found) if found else None


def assumption_label(pattern: str, lang: str, instance: str = "") -> str:
    """What an assumption is called; an unknown key is called by its name.

    Args:
        pattern: its key with ``*`` for each table of a kind.
        lang: "zh" or "en".
        instance: the table meant, such as ``body``, if only one is.
    """
    found = labelled(pattern)
    name = (found.en if lang == "en" else found.zh) if found else pattern
    if not instance:
        return name
    own = INSTANCES.get(instance, (instance, instance))[lang == "en"]
    return f"{name} ({own})" if lang == "en" else f"{name}（{own}）"


def unit_of(pattern: str) -> str:
    """Name of the unit of a key's value; "other" where there is no label."""
    found = labelled(pattern)
    return found.unit if found else "other"
