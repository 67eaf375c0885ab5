"""What one table of a scenario says about another, checked on the raw data, so that it is told beside the rest."""

import datetime as dt
from typing import Any

from sim.decisions import DECISIONS
from sim.mechanism import owners_of
from sim.mechanisms import all_mechanisms
from sim.problems import Problem
from sim.tomlsource import KeyPath, TomlSource
from sim.validation import did_you_mean


def cross_check(source: TomlSource) -> list[Problem]:
    """What one table says about another, read from the raw data so that it is checked even beside other mistakes."""
    data = source.data
    jobs, policies = _table(data, "jobs"), _table(data, "policies") or {"ad_hoc": {}}
    problems: list[Problem] = []
    kinds = (
        ("bay", _table(data, "workshop", "bays"), "工位类型", "kind of bay"),
        ("skill", _table(data, "workshop", "technicians"), "技师工种", "skill"),
        ("family", _table(data, "parts", "families"), "配件类别", "part family"),
    )
    for name in jobs:
        for key, choices, zh, en in kinds:
            value = _table(jobs, name).get(key, "")
            if isinstance(value, str) and value and value not in choices:
                problems.append(unknown(source, ("jobs", name, key), value, list(choices), zh, en))
    bays = _table(data, "workshop", "bays")
    for name in _table(data, "workshop", "breakdowns"):
        if name not in bays:
            problems.append(
                unknown(source, ("workshop", "breakdowns", name), name, list(bays), "工位类型", "kind of bay")
            )
    for i, case in enumerate(_list(_table(data, "arrivals").get("pinned"))):
        job = case.get("job") if isinstance(case, dict) else None
        if isinstance(job, str) and job not in jobs:
            where: KeyPath = ("arrivals", "pinned", i, "job")
            problems.append(unknown(source, where, job, list(jobs), "工作类型", "job type"))
    baseline = _table(data, "study").get("baseline", "ad_hoc")
    if isinstance(baseline, str) and baseline not in policies:
        problems.append(unknown(source, ("study", "baseline"), baseline, list(policies), "方案", "policy"))
    for name in _list(_table(data, "study").get("compared")):
        if isinstance(name, str) and name not in policies:
            problems.append(unknown(source, ("study", "compared"), name, list(policies), "方案", "policy"))
    for i, history in enumerate(_list(_table(data, "parts").get("history"))):
        family = history.get("family") if isinstance(history, dict) else None
        if isinstance(family, str) and family not in kinds[2][1]:
            path: KeyPath = ("parts", "history", i, "family")
            problems.append(unknown(source, path, family, list(kinds[2][1]), "配件类别", "part family"))
    for name in policies:
        named = [m for m in _list(_table(policies, name).get("mechanisms")) if isinstance(m, str)]
        problems += _policy_check(name, named, source)
    first_day = _table(data, "study").get("first_day")
    if isinstance(first_day, dt.date) and first_day.weekday() != 0:
        problems.append(_problem(source, ("study", "first_day"), str(first_day), "要从星期一开始", "must be a Monday"))
    return problems


def _policy_check(name: str, mechanisms: list[str], source: TomlSource) -> list[Problem]:
    """Unknown mechanisms, mechanisms listed twice, two owners of one decision."""
    path = ("policies", name, "mechanisms")
    known = all_mechanisms()
    problems = [
        unknown(source, path, mechanism, list(known), "机制", "mechanism")
        for mechanism in mechanisms
        if mechanism not in known
    ]
    twice = sorted({m for m in mechanisms if mechanisms.count(m) > 1})
    if twice:
        problems.append(
            _problem(source, path, ", ".join(twice), "同一个机制写了两次，请删掉一个", "listed twice; remove one")
        )
    for question, owners in owners_of({m: known[m] for m in mechanisms if m in known}).items():
        if len(owners) > 1 and DECISIONS[question].combine is None:
            zh = f"这些机制都要决定 {question}，而它只能由一个机制决定，请只留一个"
            en = f"these mechanisms all decide {question}, which has one owner; keep one"
            problems.append(_problem(source, path, ", ".join(owners), zh, en))
    return problems


def _problem(source: TomlSource, path: KeyPath, written: str, zh: str, en: str) -> Problem:
    return Problem(source.file, source.line_of(path), ".".join(map(str, path)), written, zh, en)


def _table(data: Any, *path: str) -> dict[str, Any]:
    """A table of the raw data, empty if it is not there or something else."""
    for key in path:
        data = data.get(key, {}) if isinstance(data, dict) else {}
    return data if isinstance(data, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def unknown(source: TomlSource, path: KeyPath, written: str, choices: list[str], zh: str, en: str) -> Problem:
    guess = did_you_mean(written, choices)
    hint_zh = f"，是不是 {guess}？" if guess else f"，可用的有：{'、'.join(sorted(choices))}"
    hint_en = f", did you mean {guess}?" if guess else f"; there are: {', '.join(sorted(choices))}"
    return _problem(source, path, repr(written), f"没有这个{zh}{hint_zh}", f"no such {en}{hint_en}")
