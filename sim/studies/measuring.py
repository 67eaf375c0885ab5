"""What a real centre has to count for a metric, and how its months add up. Definitions are those of docs/measures.md."""
# ruff: noqa: E501  a file of texts

from dataclasses import dataclass
from typing import Literal

from sim.metrics import METRICS

Adds = Literal["cases", "sum", "level"]
"""How months make one figure: weighted by cases counted; added up, then per week; or weighted by weeks."""


@dataclass(frozen=True)
class Counted:
    """What is counted for one metric."""

    adds: Adds
    above: tuple[str, str]
    """What is counted above the line, zh and en."""
    below: tuple[str, str]
    """What is counted below the line: the cases, or the weeks."""

    @property
    def needs_count(self) -> bool:
        """Whether a month's figure is worth nothing without the number of cases it rests on."""
        return self.adds == "cases"


LINES = ("窗口内到用的时候的订货行", "order lines due in the period")
DROPPED = ("窗口内进店台次", "visits dropped off in the period")
PROMISED = ("承诺时刻落在窗口内的客户", "visits whose first promise falls into the period")
OPENED = ("窗口内提出的争议件数", "disputes opened in the period")
WEEKS = ("周数（自动按周折算）", "weeks (made weekly by the kit)")
SHELF = ("平均在库金额，按成本", "mean value on the shelf, at cost")
SHOWROOM = ("（试驾车＋备用车）台数 × 展厅营业小时", "(demo + backup cars) × showroom hours")
ASKED = ("提出的申请", "requests made")
BAY_HOURS = ("全部营业工位小时", "open bay hours of all bays")
TICKETS = ("对技术支持的提问", "questions put to technical support")

COUNTED: dict[str, Counted] = {
    "shortage_rate": Counted("cases", ("到用时货架上没有可用件的行", "lines without a free unit on the shelf when due"), LINES),
    "job_shortage": Counted("cases", ("至少缺一行的工单", "jobs with at least one short line"), ("有订货行的工单", "jobs with lines due")),
    "start_moved_days": Counted("cases", ("下工位等件的天数之和", "days spent off the bay waiting for parts"), DROPPED),
    "parts_turnover": Counted("level", ("装车配件成本，折成一年", "cost of parts fitted, made annual"), SHELF),
    "dead_stock_share": Counted("level", ("90 天没有装车的配件金额", "value of parts not fitted for 90 days"), SHELF),
    "shelf_value_yuan": Counted("level", ("每天清点的在库金额", "value on the shelf, counted daily"), ("清点次数", "counts taken")),
    "promise_kept": Counted("cases", ("在第一次承诺的时刻之前交车的", "handed over by the first date told"), PROMISED),
    "promised_days": Counted("cases", ("从进店到承诺的天数之和", "days from drop-off to the promise, summed"), PROMISED),
    "need_date_kept": Counted("cases", ("在客户真正要用车的日子之前交车的", "handed over by the date the customer needs the car"), DROPPED),
    "days_in_shop": Counted("cases", ("从进店到交车的天数之和，跟踪到交车", "days from drop-off to hand-over, followed to the end"), DROPPED),
    "conflict_days_mean": Counted("cases", ("从提出到谈妥的天数之和，最长计 56 天", "days from opening to settlement, at most 56 each"), OPENED),
    "conflict_working_days_mean": Counted("cases", ("从提出到谈妥的工作日之和，最长计 40", "working days to settlement, at most 40 each"), OPENED),
    "conflicts_opened": Counted("sum", OPENED, WEEKS),
    "fleet_utilisation": Counted("level", ("试驾和代步占用的展厅营业小时", "showroom hours in use for drives and loans"), SHOWROOM),
    "fleet_utilisation_demo_only": Counted("level", ("试驾车被占用的展厅营业小时", "showroom hours in use of demo cars"), ("试驾车台数 × 展厅营业小时", "demo cars × showroom hours")),
    "loaner_fulfilment": Counted("cases", ("当场给到的代步车", "loaners granted at once"), ASKED),
    "test_drive_fulfilment": Counted("cases", ("到点有车的试驾", "test drives with a car at the time"), ASKED),
    "bay_idle_for_parts": Counted("level", ("车在工位上干等配件的营业小时", "open hours a car stands on its bay for want of a part"), BAY_HOURS),
    "bay_wait_hours": Counted("cases", ("上工位之前排队的小时之和", "hours queued before a bay"), ("上工位次数", "times a bay was taken")),
    "nps": Counted("cases", ("（9–10 分的份数 − 0–6 分的份数）× 100", "(answers of 9–10 minus answers of 0–6) × 100"), ("交回的问卷", "surveys answered")),
    "goodwill_yuan": Counted("sum", ("付出的善意补偿，元", "goodwill paid, yuan"), WEEKS),
    "churned_customers": Counted("sum", ("流失的客户", "customers lost"), WEEKS),
    "leads": Counted("sum", ("试驾和转介绍线索", "leads from test drives and referrals"), WEEKS),
    "referral_leads": Counted("sum", ("转介绍线索", "referral leads"), WEEKS),
    "event_leads": Counted("sum", ("车主活动线索", "leads from owners' events"), WEEKS),
    "referral_conversion": Counted("cases", ("转介绍成交", "deals from referrals"), ("转介绍线索", "referral leads")),
    "deals": Counted("sum", ("成交台数", "deals"), WEEKS),
    "won_back": Counted("sum", ("召回的流失客户", "lost customers won back"), WEEKS),
    "test_drives_lost": Counted("sum", ("到点没车的试驾", "test drives without a car"), WEEKS),
    "urgent_part_days": Counted("cases", ("从加急到到件的天数之和", "days from the urgent request to the part"), ("加急的行", "lines asked for urgently")),
    "late_for_parts_or_bay": Counted("cases", ("因配件、工位或争议失约的", "broken over parts, bays or disputes"), PROMISED),
    "late_for_ability": Counted("cases", ("因技术支持或返工失约的", "broken over support or rework"), PROMISED),
    "test_drive_conversion": Counted("cases", ("试驾后的成交", "deals after test drives"), ("完成的试驾", "test drives done")),
    "support_answer_hours": Counted("cases", ("到答复为止的工作小时之和", "working hours until the answer"), TICKETS),
    "support_solved_share": Counted("cases", ("一次答复就解决的", "solved by the answer"), TICKETS),
    "sister_shortage_rate": Counted("cases", ("兄弟店货架上没有件的行", "lines without a part on the sister's shelf"), ("兄弟店的订货行", "the sister's order lines")),
    "total_cost_yuan": Counted("sum", ("九个成本科目之和，元", "the nine kinds of cost, yuan"), WEEKS),
}  # fmt: skip
"""Metrics that a pilot can be judged by."""


def unmeasurable(metric: str) -> tuple[str, str] | None:
    """Why a pilot cannot be judged by a metric, zh and en; None if it can."""
    if metric in COUNTED:
        return None
    if METRICS[metric].better == "neither":
        return (
            "这个指标没有好坏方向，不能用来判断试点",
            "this metric has no better direction; no pilot can be judged by it",
        )
    if metric.startswith("case_"):
        return "这是一位固定客户的数，不是门店的指标", "this is one pinned customer's figure, not a centre's"
    if metric == "conflict_days_p90":
        zh, en = (
            "分位数不能逐月累计，请用 conflict_days_mean",
            "a quantile does not add up over months; use conflict_days_mean",
        )
        return zh, en
    return "真实门店里数不出这个量，它只在模型里有", "a real centre cannot count this; it exists in the model only"


def per_week(metric: str) -> bool:
    """Whether the metric grows with the weeks counted, so that it is compared per week."""
    return COUNTED[metric].adds == "sum"
