"""Random valid scenarios, as the tables a TOML file would hold; small, so that a run takes milliseconds.

Names of kinds, families and mechanisms are drawn so that a scenario is valid by construction: what the checker says
about wrong ones is tested with the article's own file, broken on purpose.
"""

import datetime as dt
from functools import cache
from typing import Any

from hypothesis import strategies as st

from sim.calendar import WEEKDAYS
from sim.decisions import DECISIONS
from sim.departments.trust import DEPARTMENTS, HABITS
from sim.mechanism import owners_of
from sim.mechanisms import all_mechanisms

Table = dict[str, Any]
MONDAYS = [dt.date(2026, 2, 9), dt.date(2026, 3, 2), dt.date(2026, 9, 28), dt.date(2024, 12, 30)]
"""Before the Spring Festival, an ordinary week, before the National Day, over a year's end."""


@cache
def share() -> st.SearchStrategy[float]:
    """A share, its ends often: none and all are what formulas forget."""
    return st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0.02, 0.98).map(_short))


@cache
def number(low: float, high: float) -> st.SearchStrategy[float]:
    """A number with few digits, so that a counter-example can be read."""
    return st.floats(low, high).map(_short)


def _short(value: float) -> float:
    return round(value, 3)


def some(**choices: st.SearchStrategy[Any]) -> st.SearchStrategy[Table]:
    """Some of the keys, each with its value; the others keep their defaults."""
    return st.fixed_dictionaries({}, optional=choices)


@cache
@st.composite
def law(draw: st.DrawFn, low: float, high: float) -> Table:
    """Any law with a mean between two bounds."""
    shape = draw(st.sampled_from(["constant", "exponential", "gamma", "lognormal", "uniform", "geometric", "poisson"]))
    mean = draw(number(max(low, 1.0) if shape == "geometric" else low, max(high, 1.0)))
    table: Table = {"shape": shape, "mean": mean}
    if shape in ("gamma", "lognormal"):
        table["cv"] = draw(number(0.0, 3.0))
    if shape == "uniform":
        table["cv"] = draw(number(0.0, 0.57))
    return table


@cache
@st.composite
def calendar(draw: st.DrawFn) -> Table:
    """Always open, or some days of the week."""
    if draw(st.sampled_from([False, False, False, True])):
        return {"always": True}
    days = draw(st.lists(st.sampled_from(WEEKDAYS), min_size=draw(st.sampled_from([1, 3, 5, 7])), unique=True))
    opens = draw(number(0, 20))
    return {
        "days": sorted(days, key=WEEKDAYS.index),
        "opens": opens,
        "closes": min(opens + draw(number(1, 14)), 24.0),
        "public_holidays": draw(st.sampled_from(["closed", "open"])),
        "make_up_days": draw(st.booleans()),
    }


WORK = {
    "work_hours": law(0.0, 8.0), "lines": law(0.0, 4.0),
}  # fmt: skip
WORK_MAY_SAY = {
    "diagnosis_hours": law(0.0, 2.0), "known_share": share(), "drivable_share": share(), "hard_share": share(),
    "rework_share": share(), "promise_days": st.integers(0, 5),
}  # fmt: skip
WORK_TABLE = st.fixed_dictionaries(WORK, optional=WORK_MAY_SAY)
ARRIVALS = st.fixed_dictionaries(
    {"visits_per_day": number(0.0, 8.0)},
    optional={
        "booked_share": share(), "notice_days": law(0.0, 6.0), "key_customer_share": share(),
        "need_days": law(0.0, 5.0), "pickup_hours": law(0.0, 9.0), "return_hours": law(0.0, 9.0),
        "rework_hours": law(0.0, 5.0), "interarrival_hours": law(2.0, 30.0),
        "weekday_weights": st.permutations([1.0, 1.0, 2.0, 0.0, 0.5, 1.0, 0.0]),
    },
)  # fmt: skip
FRONT_DESK = some(
    slots=st.sampled_from(["daily", "any_time"]), bookable_share=number(0.0, 1.5), over_reserve_share=share(),
    announce_habit_hours=number(0, 100), over_reserve_days=law(0.0, 20.0), tell_habit_hours=law(0.0, 20.0),
    urgent_share=share(),
)  # fmt: skip
FAMILY = st.fixed_dictionaries({
    "skus": st.integers(1, 8), "price_yuan": law(1.0, 500.0), "lead_time_days": law(0.0, 8.0),
    "obsolete_share": share(), "popularity_exponent": number(0.0, 2.0),
})  # fmt: skip
PARTS_MAY_SAY = some(
    quantity=law(0.5, 3.0), help_share=share(), favours_per_day=st.integers(0, 2), process_hours=number(0, 100),
    forecast=some(bias=number(-1.0, 1.0), error_cv=number(0.0, 2.0)),
)  # fmt: skip
FLEET = st.fixed_dictionaries(
    {"demo_cars": st.integers(0, 4), "dedicated_loaners": st.integers(0, 2)},
    optional={
        "wants_loaner_share": share(), "lend_share": share(), "loan_notice_habit_hours": number(0, 30),
        "block_hours": number(0, 10),
    },
)  # fmt: skip
SALES = st.fixed_dictionaries(
    {"test_drives_per_day": number(0.0, 12.0)},
    optional={
        "drive_hours": law(0.0, 5.0), "booked_share": share(), "booked_notice_hours": law(0.0, 60.0),
        "lost_lead_share": share(), "conversion_share": share(), "key_customer_share": share(),
        "interarrival_hours": law(2.0, 10.0),
    },
)  # fmt: skip
SUPPORT = st.fixed_dictionaries(
    {"agents": st.integers(1, 3), "centres": st.integers(0, 20)},
    optional={"solved_share": share(), "ticket_hours": law(0.0, 3.0)},
)
DISPUTES = some(
    broken_promise_share=share(), car_share=share(), urgent_share=share(), goodwill_limit_yuan=number(0, 3000),
    stake_yuan=law(0.0, 20_000.0), meeting_settles_share=share(), meeting_gap_hours=law(1.0, 40.0),
    patience_hours=law(0.0, 60.0), remedy_hours=law(0.0, 20.0), trust_slows=number(0.0, 3.0),
)  # fmt: skip
LEAVING = st.fixed_dictionaries({
    "department": st.sampled_from(DEPARTMENTS), "week": st.integers(0, 2),
    "vacant_weeks": st.integers(0, 2), "lapse_share": share(),
})  # fmt: skip
TRUST = some(
    at_start=share(), departures=st.lists(LEAVING, max_size=2), broken_step=share(), kept_step=share(),
    habits=some(**{habit: share() for habit in HABITS}),
)  # fmt: skip
SATISFACTION = some(
    base_score=number(0.0, 12.0), answer_share=share(), complains_below=number(2, 9), referral_promoter=share(),
    goodwill_yuan=law(0.0, 5000.0), survey_after_hours=number(0, 100),
)  # fmt: skip
SISTERS = st.fixed_dictionaries({"centres": st.integers(0, 3), "lines_per_day": number(0.0, 10.0)})
CALENDARS = some(service=calendar(), showroom=calendar(), office=calendar(), support=calendar())
STUDY = st.fixed_dictionaries({
    "first_day": st.sampled_from(MONDAYS), "warmup_weeks": st.integers(0, 1), "weeks": st.integers(1, 2),
    "run_on_weeks": st.integers(0, 1),
})  # fmt: skip


@st.composite
def control(draw: st.DrawFn) -> Table:
    """Any rule of replenishment with its numbers."""
    policy = draw(st.sampled_from(["base_stock", "s_S", "R_Q", "r_nQ"]))
    table: Table = {
        "policy": policy,
        "review": draw(st.sampled_from(["daily", "continuous"])),
        "when_short": draw(st.sampled_from(["backorder", "backorder", "lost"])),
        "orders_may_cross": draw(st.booleans()),
    }
    if policy == "base_stock":
        return table | draw(BASE_STOCK)
    low = draw(st.integers(-2, 3))
    return table | {"low": low, "high": draw(st.integers(max(low + 1, 1), 6))}


BASE_STOCK = some(high=st.integers(0, 4), target_share=number(0.5, 0.99))
CONTROL = control()


def _spans(name: str) -> dict[str, st.SearchStrategy[Any]]:
    """The settings of a mechanism that are assumptions, each within its stated range."""
    found: dict[str, st.SearchStrategy[Any]] = {}
    for key, info in all_mechanisms()[name].model_fields.items():
        extra = info.json_schema_extra
        span = extra.get("span") if isinstance(extra, dict) else None
        if isinstance(span, list):
            found[key] = st.integers(*map(int, span)) if info.annotation is int else number(*span)
    return found


MECHANISM_SETTINGS = {name: some(**_spans(name)) for name in all_mechanisms()}
MECHANISM_NAMES = st.lists(st.sampled_from(sorted(MECHANISM_SETTINGS)), unique=True, max_size=8)


def together(names: list[str]) -> list[str]:
    """Those that can be in force together: who decides what somebody before decides alone is left out."""
    chosen: list[str] = []
    known = all_mechanisms()
    for name in names:
        owners = owners_of({one: known[one] for one in [*chosen, name]})
        if all(len(who) < 2 or DECISIONS[question].combine is not None for question, who in owners.items()):
            chosen.append(name)
    return chosen


@st.composite
def scenarios(draw: st.DrawFn) -> Table:
    """A whole scenario with the policies ad_hoc and tested."""
    bays, skills = ["bay", "pit"][: draw(st.integers(1, 2))], ["smith", "painter"][: draw(st.integers(0, 2))]
    families = ["fast", "slow"][: draw(st.integers(0, 2))]
    jobs: Table = {}
    for n in range(draw(st.integers(1, 3))):
        jobs[f"job{n}"] = draw(WORK_TABLE) | {
            "share": 1.0 if n == 0 else draw(share()),
            "bay": draw(st.sampled_from(bays)),
            "skill": draw(st.sampled_from(["", *skills])),
            "family": draw(st.sampled_from(["", *families, *families])),
        }
    chosen = together(draw(MECHANISM_NAMES))
    data: Table = {
        "study": draw(STUDY),
        "calendars": draw(CALENDARS),
        "arrivals": draw(ARRIVALS),
        "jobs": jobs,
        "front_desk": draw(FRONT_DESK),
        "parts": draw(PARTS_MAY_SAY)
        | {"families": {name: draw(FAMILY) for name in families}, "control": draw(CONTROL)},
        "workshop": {
            "bays": {kind: draw(st.integers(1, 3)) for kind in bays},
            "technicians": {skill: draw(st.integers(1, 3)) for skill in skills},
            "bay_hold_hours": draw(number(0, 20)),
        },
        "fleet": draw(FLEET),
        "support": draw(SUPPORT),
        "disputes": draw(DISPUTES),
        "trust": draw(TRUST),
        "satisfaction": draw(SATISFACTION),
        "policies": {
            "ad_hoc": {},
            "tested": {
                "mechanisms": chosen,
                "settings": {name: draw(MECHANISM_SETTINGS[name]) for name in chosen if draw(st.booleans())},
            },
        },
    }
    if draw(st.booleans()):
        data["sisters"] = draw(SISTERS)
    if draw(st.sampled_from([True, True, True, False])):
        data["sales"] = draw(SALES)
    return data
