"""What a scenario asks for that cannot be: work nobody could ever do, and more than a run can hold.

Each value may stand for itself, so these are asked of the whole scenario once it is read. A run would not fail on them;
it would wait for ever, or show a number that means nothing.
"""

from collections.abc import Iterator
from typing import Any

from sim.problems import KeyPath, Problem, dotted
from sim.tomlsource import TomlSource

MOST = 500_000
"""Customers, or test drives, of one run at most; numbers from a million on belong to pinned customers."""
MOST_ELSEWHERE = 20_000_000
"""Order lines at sister centres, or tickets of other centres, of one run at most."""


def impossible(model: Any, source: TomlSource) -> list[Problem]:
    """Everything in a validated scenario that cannot be."""
    found = [*_no_capacity(model), *_no_share(model), *_pinned(model), *_too_many(model)]
    return [
        Problem(source.file, source.line_of(path), dotted(path), written, zh, en) for path, written, zh, en in found
    ]


Finding = tuple[KeyPath, str, str, str]
"""Place, what is written there, and what is wrong with it in zh and en."""


def _no_capacity(model: Any) -> Iterator[Finding]:
    """A job that comes needs a kind of bay or technician of which there is none: its cars would wait for ever."""
    pinned = {case.job for case in model.arrivals.pinned}
    kinds = (("bays", "bay", "工位", "bay"), ("technicians", "skill", "技师", "technician"))
    for table, key, zh, en in kinds:
        for kind, count in getattr(model.workshop, table).items():
            needed = [
                n for n, job in model.jobs.items() if getattr(job, key) == kind and (job.share > 0 or n in pinned)
            ]
            if count == 0 and needed:
                names = ", ".join(f"jobs.{name}" for name in needed)
                yield (
                    ("workshop", table, kind), "0",
                    f"{names} 需要这种{zh}，一个也没有，车会永远等下去；请至少写 1，或者把这些工作的 share 写成 0",
                    f"{names} need this kind of {en} and there is none, so their cars would wait for ever; "
                    "write at least 1, or share = 0 for these jobs",
                )  # fmt: skip


def _no_share(model: Any) -> Iterator[Finding]:
    """Customers come, and no kind of work has a share of them."""
    if model.jobs and sum(job.share for job in model.jobs.values()) <= 0 and visits_per_week(model.arrivals) > 0:
        yield (
            ("jobs",), "share = 0",
            "所有工作的 share 都是 0，来的客户没有活可做；请给至少一种工作写上 share，或写 arrivals.visits_per_day = 0",
            "every job has share = 0, so customers come for nothing; give one a share, or write "
            "arrivals.visits_per_day = 0",
        )  # fmt: skip


def _pinned(model: Any) -> Iterator[Finding]:
    """Pinned customers of one name, and parts they need that are in no catalogue.

    A family whose demand is read from a file has the parts of the file; of a short one the slowest stands for the rank.
    """
    names: set[str] = set()
    from_files = {history.family for history in model.parts.history}
    for i, case in enumerate(model.arrivals.pinned):
        if case.name in names:
            yield (
                ("arrivals", "pinned", i, "name"), case.name,
                "前面已有同名的固定客户，请换一个名字", "another pinned customer has this name; choose a different one",
            )  # fmt: skip
        names.add(case.name)
        job = model.jobs.get(case.job)
        family = model.parts.families.get(job.family) if job else None
        there = family.skus if family else 0
        for nth, part in enumerate(case.parts if job and job.family not in from_files else ()):
            if part.rank > there:
                yield (
                    ("arrivals", "pinned", i, "parts", nth, "rank"), str(part.rank),
                    f"jobs.{case.job} 的配件类别只有 {there} 种配件；请写不大于它的 rank，或换一种工作",
                    f"the part family of jobs.{case.job} has {there} parts; write a rank up to that, or another job",
                )  # fmt: skip


def _too_many(model: Any) -> Iterator[Finding]:
    """More customers, drives or tickets than a run can hold, most often a slip of units."""
    study = model.study
    weeks = study.warmup_weeks + study.weeks + study.run_on_weeks
    sales, sisters, support = model.sales, model.sisters, model.support
    asked: list[tuple[KeyPath, float, int]] = [(("arrivals", _rate_key(model.arrivals, "visits_per_day")),
                                                visits_per_week(model.arrivals) * weeks, MOST)]  # fmt: skip
    if sales is not None:
        asked.append((("sales", _rate_key(sales, "test_drives_per_day")), drives_per_week(sales) * weeks, MOST))
    if sisters is not None:
        asked.append(
            (("sisters", "lines_per_day"), sisters.centres * sisters.lines_per_day * 7 * weeks, MOST_ELSEWHERE)
        )
    tickets = support.centres * support.tickets_per_centre_per_hour * 168 * weeks
    asked.append((("support", "tickets_per_centre_per_hour"), tickets, MOST_ELSEWHERE))
    for path, count, most in asked:
        if count > most:
            number = f"{count:,.0f}" if count < 1e15 else "∞"
            value = getattr(getattr(model, str(path[0])), str(path[1]))
            yield (
                path, f"{getattr(value, 'mean', value):g}",
                f"{weeks} 周合计约 {number} 次，一次运行最多 {most:,} 次；请检查单位，或减少数量、周数",
                f"about {number} in {weeks} weeks, and one run holds {most:,} at most; check the unit, or take fewer "
                "of them or fewer weeks",
            )  # fmt: skip


def _rate_key(settings: Any, usual: str) -> str:
    return usual if settings.interarrival_hours is None else "interarrival_hours"


def visits_per_week(arrivals: Any) -> float:
    """Mean visits a week if every weekday is open."""
    return _per_week(arrivals, arrivals.visits_per_day)


def drives_per_week(sales: Any) -> float:
    """Mean requests for a test drive a week if every weekday is open."""
    return _per_week(sales, sales.test_drives_per_day)


def _per_week(settings: Any, per_day: float) -> float:
    law = settings.interarrival_hours
    if law is None:
        return float(per_day * sum(settings.weekday_weights))
    return float(168 / law.mean) if law.mean > 0 else float("inf")
