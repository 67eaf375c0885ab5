"""Studies made of plain numbers, for tests of the study side: no model is run."""

from typing import Any

import numpy as np
import pandas as pd

from sim.experiment import COLUMNS, Runs, Setup

POLICY_TITLES = {
    "ad_hoc": {"zh": "一次性协调", "en": "ad-hoc coordination"},
    "systematic": {"zh": "系统机制", "en": "systematic mechanisms"},
    "board_only": {"zh": "只上库存看板", "en": "stock board alone"},
}

# metric: (mean under ad_hoc, systematic, board_only, spread of the centre's luck, spread of what a policy adds)
MEANS: dict[str, tuple[float, float, float, float, float]] = {
    "shortage_rate": (0.152, 0.061, 0.151, 0.008, 0.002),
    "job_shortage": (0.24, 0.11, 0.24, 0.01, 0.004),
    "start_moved_days": (0.41, 0.18, 0.41, 0.03, 0.01),
    "parts_turnover": (5.1, 5.3, 5.1, 0.2, 0.05),
    "dead_stock_share": (0.12, 0.119, 0.12, 0.01, 0.002),
    "shelf_value_yuan": (4_512_345.0, 4_434_567.0, 4_512_345.0, 90_000.0, 20_000.0),
    "promise_kept": (0.71, 0.84, 0.73, 0.02, 0.006),
    "promised_days": (1.3, 1.4, 1.3, 0.02, 0.01),
    "need_date_kept": (0.8, 0.83, 0.8, 0.02, 0.05),
    "days_in_shop": (2.61, 2.2, 2.6, 0.1, 0.03),
    "conflict_days_mean": (5.02, 1.61, 5.0, 0.3, 0.2),
    "conflict_days_p90": (10.4, 3.1, 10.2, 0.9, 0.5),
    "conflict_working_days_mean": (3.6, 1.2, 3.6, 0.2, 0.1),
    "conflicts_opened": (212.0, 131.0, 212.0, 12.0, 6.0),
    "conflict_level_1_share": (0.4, 0.8, 0.4, 0.02, 0.02),
    "fleet_utilisation": (0.41, 0.58, 0.41, 0.01, 0.01),
    "fleet_utilisation_demo_only": (0.41, 0.61, 0.41, 0.01, 0.01),
    "loaner_fulfilment": (0.301, 0.622, 0.301, 0.02, 0.01),
    "test_drive_fulfilment": (0.953, 0.919, 0.953, 0.006, 0.003),
    "bay_utilisation": (0.78, 0.79, 0.78, 0.02, 0.005),
    "bay_idle_for_parts": (0.031, 0.012, 0.031, 0.003, 0.001),
    "nps": (-12.3, 3.4, -12.0, 4.0, 3.0),
    "goodwill_yuan": (182_000.0, 141_000.0, 182_000.0, 9000.0, 5000.0),
    "churned_customers": (41.0, 33.0, 41.0, 5.0, 4.0),
    "leads": (310.0, 309.0, 310.0, 11.0, 8.0),
    "deals": (62.0, 61.5, 62.0, 4.0, 4.0),
    "test_drive_conversion": (0.121, 0.1212, 0.121, 0.004, 0.001),
    "support_answer_hours": (6.2, 6.2, 6.2, 0.4, 0.0),
    "trust_service_parts": (0.42, 0.66, 0.45, 0.02, 0.01),
    "total_cost_yuan": (612_000.0, 655_000.0, 612_500.0, 20_000.0, 9000.0),
    "present_value_yuan": (-410_000.0, -220_000.0, -412_000.0, 60_000.0, 40_000.0),
    "visits": (6110.0, 6110.0, 6110.0, 70.0, 0.0),
}


def setup(policies: tuple[str, ...] = ("ad_hoc", "systematic"), **changes: Any) -> Setup:
    """The settings of a made-up study."""
    values: dict[str, Any] = {
        "scenario": "article",
        "file": "scenarios/article.toml",
        "title": {"zh": "文章中的服务中心", "en": "The article's service centre"},
        "scenario_hash": "0" * 64,
        "baseline": "ad_hoc",
        "policies": policies,
        "policy_titles": {name: POLICY_TITLES.get(name, {"zh": name, "en": name}) for name in policies},
        "mechanisms": {name: () for name in policies},
        "replications": 30,
        "weeks": 26,
        "warmup_weeks": 13,
        "seed": 1,
        "margins": {"shortage_rate": 0.01, "dead_stock_share": 0.01, "nps": 1.0, "total_cost_yuan": 10_000.0},
    }
    return Setup(**(values | changes))


def runs(
    policies: tuple[str, ...] = ("ad_hoc", "systematic"),
    replications: int = 30,
    means: dict[str, tuple[float, float, float, float, float]] | None = None,
    **changes: Any,
) -> Runs:
    """Made-up measures: one luck for all policies, and a little of each policy's own."""
    rng = np.random.default_rng(7)
    rows = []
    columns = {"ad_hoc": 0, "systematic": 1, "board_only": 2}
    for window in ("all", "first_13_weeks", "second_13_weeks"):
        for metric, values in (means or MEANS).items():
            luck = rng.normal(0, 1, replications) * values[3]
            for policy in policies:
                own = rng.normal(0, 1, replications) * values[4] * (policy != "ad_hoc")
                found = values[columns[policy]] + luck + own
                rows += [(policy, number, window, metric, float(x)) for number, x in enumerate(found)]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return Runs(frame, setup(policies, replications=replications, **changes))
