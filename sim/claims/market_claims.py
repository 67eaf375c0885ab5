"""Claims about cars, leads and money: K5 K6 K7 sharing, K10 joint KPI, K13 K14 finance cases, K17 the owners' event."""

from sim.cells import Cell
from sim.claims.readings import Lever, Moved, Reading, Sum
from sim.scenario import Scenario

SHARED = Cell(("shared_fleet",))
SPAN = SHARED.with_settings("shared_fleet", {"protects": "span"})
SALES_FIRST = SHARED.with_settings("shared_fleet", {"service_from_hour": 17.0})
KPI = Cell(("joint_kpi",))
PROGRAMME = Cell(("satisfaction_programme",))
WINBACK = Cell(("winback_campaign",))
AMPLE_CARS = {"fleet.demo_cars": 300, "fleet.lend_share": 1.0}
PILOT = "first_13_weeks"
CARS = Lever("fleet.demo_cars", 4, 28, "试驾车台数", "demo cars", whole=True)
DRIVES = Lever("sales.test_drives_per_day", 8.0, 45.0, "每天试驾需求", "test drives asked for a day")
MORE_DRIVES = Moved(
    {"sales.test_drives_per_day": 33.0},
    +1,
    "试驾需求增加三成：利用率应当上升",
    "a third more test drives: use must rise",
)
MORE_LOANS = Moved(
    {"fleet.wants_loaner_share": 0.65}, -1, "要代步车的人多三成：满足率应当下降", "a third more who ask: fewer are met"
)
REFERS = Lever(
    "satisfaction.referral_promoter",
    0.0,
    0.3,
    "推荐者带来线索的机会",
    "chance that a promoter brings a lead",
    percent=True,
)


def _event(option: str) -> Cell:
    return Cell(("showroom_event",), {"showroom_event": {"option": option}})


def _events() -> tuple[Reading, ...]:
    readings = []
    for letter, option, zh, en in (
        ("A", "early", "早上 8–10 点", "8 to 10 in the morning"),
        ("B", "outdoors", "户外，借 3 台试驾车", "outdoors with 3 demo cars"),
        ("usual", "as_usual", "照旧，下午在展厅", "as usual, in the showroom in the afternoon"),
    ):
        cell = _event(option)
        readings += [
            Reading("K17", f"{letter}_test_drives", "emergent", "test_drives_lost", 0.0, cell, form="points", margin=1.0,
                    zh=f"{zh}：多丢几次试驾", en=f"{en}: test drives lost",
                    levers=(CARS,) if letter == "B" else ()),
            Reading("K17", f"{letter}_leads", "behaviour", "event_leads", 8.0, cell, margin=1.5,
                    inputs="mechanisms.showroom_event.lead_share",
                    zh=f"{zh}：带来的线索（输入，取自文章上次活动）", en=f"{en}: leads won (an input)"),
        ]  # fmt: skip
    return tuple(readings)


READINGS = (
    Reading(
        "K5", "demo_cars", "emergent", "fleet_utilisation_demo_only", 0.85, SHARED, claimed_before=0.60, margin=0.03,
        window=PILOT, no_disease=AMPLE_CARS, moved=(MORE_DRIVES,), levers=(CARS, DRIVES),
        zh="试驾车利用率，分母不含备用车，试点 3 个月", en="use of demo cars, backups left out, 3 months' pilot",
    ),
    Reading(
        "K5", "with_backups", "emergent", "fleet_utilisation", 0.85, SHARED, claimed_before=0.60, margin=0.03,
        window=PILOT, moved=(MORE_DRIVES,), levers=(CARS,),
        zh="同上，分母含 2 台备用车", en="the same with the 2 backup cars in the denominator",
    ),
    Reading(
        "K5", "span", "emergent", "fleet_utilisation_demo_only", 0.85, SPAN, claimed_before=0.60, margin=0.03,
        window=PILOT,
        zh="跨时段借车须给销售每个时段留足车", en="a loan must leave enough cars in every window it reaches into",
    ),
    Reading(
        "K6", "as_ruled", "emergent", "loaner_fulfilment", 0.90, SHARED, claimed_before=0.30, margin=0.05,
        window=PILOT, no_disease=AMPLE_CARS, moved=(MORE_LOANS,), levers=(CARS, DRIVES),
        zh="代步车满足率，工作日白天服务优先", en="loaners met, weekday daytime service first",
    ),
    Reading(
        "K6", "sales_first", "emergent", "loaner_fulfilment", 0.90, SALES_FIRST, claimed_before=0.30, margin=0.05,
        window=PILOT,
        zh="同上，销售始终优先", en="the same, sales always first",
    ),
    Reading(
        "K6", "span", "emergent", "loaner_fulfilment", 0.90, SPAN, claimed_before=0.30, margin=0.05, window=PILOT,
        zh="同上，跨时段借车须给销售每个时段留足车", en="the same, enough cars left in every window",
    ),
    Reading(
        "K7", "all_leads", "behaviour", "leads", 0.15, SHARED, form="relative", margin=0.05,
        inputs="satisfaction.referral_promoter", levers=(REFERS,),
        zh="全部销售线索增加（含因少丢试驾而来的）", en="all leads, those from more test drives among them",
    ),
    Reading(
        "K7", "referrals", "behaviour", "referral_leads", 0.15, SHARED, form="per_lead", margin=0.05,
        inputs="satisfaction.referral_promoter", levers=(REFERS,),
        zh="只算转介绍多出来的线索，占原有全部线索", en="further referral leads over all leads before",
    ),
    Reading(
        "K10", "relative", "behaviour", "referral_conversion", 0.40, KPI, form="relative", margin=0.10,
        inputs="mechanisms.joint_kpi.more_hours_share",
        levers=(Lever("mechanisms.joint_kpi.more_hours_share", 0.0, 1.0, "每条转介绍线索多花的工时",
                      "further hours on each referral lead", percent=True),),
        zh="转介绍成交率提高四成（相对）", en="referral conversion up by 40 %, relative",
    ),
    Reading(
        "K10", "points", "behaviour", "referral_conversion", 0.40, KPI, form="points", margin=0.10,
        inputs="mechanisms.joint_kpi.more_hours_share",
        zh="转介绍成交率提高 40 个百分点", en="referral conversion up by 40 points",
    ),
    Reading(
        "K13", "won_back", "behaviour", "won_back", 150.0, WINBACK, margin=15.0, inputs="retention.returns_share",
        levers=(Lever("retention.returns_share", 0.0, 0.3, "被联系的流失客户回来的占比",
                      "share of lost customers who come back", percent=True),),
        zh="召回 150 名流失客户（输入：回来的占比）", en="150 lost customers won back (an input: the share who return)",
    ),
    Reading(
        "K13", "nps", "emergent", "nps", 5.0, WINBACK, form="points", margin=2.0,
        zh="同时 NPS 提升 5 分", en="NPS + 5 at the same time",
    ),
    Reading(
        "K14", "nps", "emergent", "nps", 80.0, PROGRAMME, claimed_before=72.0, margin=2.0, window=PILOT,
        levers=(Lever("satisfaction.gift_points_per_100_yuan", 0.0, 1.5, "100 元礼品加的分",
                      "points a gift of 100 yuan adds"),),
        zh="3 万元专项行动：NPS 72 到 80", en="30,000 yuan programme: NPS 72 to 80",
    ),
    *_events(),
)  # fmt: skip


def sums(scenario: Scenario) -> tuple[Sum, ...]:
    """The claims that are calculations, with the article's own numbers and, where it is silent, the scenario's."""
    margin = scenario.model.finance.kept_customer_margin_share
    revenue, outlay, yearly = 150 * 2000.0, 50_000.0, 2000.0
    saved, cost = 500_000.0, 30_000.0
    arrivals = scenario.model.arrivals
    visits = arrivals.visits_per_day * sum(arrivals.weekday_weights) * 365 / 7
    share_1, share_2, share_3 = 0.80, 0.15, 0.05
    answers = visits / 12 * scenario.model.satisfaction.answer_share
    return (
        Sum("K1", "nps_of_the_month", "points", 3.0, (100 + 72) / answers,
            f"一个 0 分让当月 NPS 掉 3 分：本店每月约 {answers:.0f} 份问卷，一份 0 分只动",
            f"one 0 moves the month's NPS by 3: with some {answers:.0f} answers a month a 0 moves it by"),
        Sum("K9", "levels_add_up", "mean days", 1.5, share_1 * 1 + share_2 * 2 + share_3 * 3,
            "80/15/5、每级至多 1 天：平均最多 1.25 天，1.5 天需要文章没有写的交接时间",
            "80/15/5 with a day a level gives at most 1.25 days; 1.5 needs a hand-over time the article does not name"),
        Sum("K13", "revenue", "ROI", 6.0, revenue / outlay, "收入口径：30 万 ÷ 5 万", "on revenue: 300,000 / 50,000"),
        Sum("K13", "net", "net ROI", 6.0, (revenue - outlay) / outlay, "净回报口径：（30 万 − 5 万）÷ 5 万",
            "net of the outlay: (300,000 - 50,000) / 50,000"),
        Sum("K13", "margin_bar_3", "ROI", 3.0, revenue * margin / outlay, f"毛利口径（毛利率 {margin:.0%}）是否过 3 倍线",
            f"on a margin of {margin:.0%}: does it pass the bar of 3?", at_least=True),
        Sum("K13", "payback", "months", 2.0, outlay / (revenue / 12), "收入口径回收期：5 万 ÷ 每月 2.5 万",
            "payback on revenue: 50,000 / 25,000 a month"),
        Sum("K13", "payback_margin", "months", 2.0, outlay / (revenue * margin / 12), "毛利口径回收期",
            "payback on margin"),
        Sum("K14", "revenue", "ROI", 16.7, saved / cost, "收入口径：50 万 ÷ 3 万", "on revenue: 500,000 / 30,000"),
        Sum("K14", "net", "net ROI", 16.7, (saved - cost) / cost, "净回报口径", "net of the outlay"),
        Sum("K14", "margin_bar_5", "ROI", 5.0, saved * margin / cost, f"毛利口径（毛利率 {margin:.0%}）是否过 5 倍线",
            f"on a margin of {margin:.0%}: does it pass the bar of 5?", at_least=True),
        Sum("K14", "customers", "customers", visits / 2, saved / yearly / 0.01,
            "1 个百分点流失值 50 万、每人 2,000 元：要有 25,000 名客户；本店按每人每年两次到店推算的客户数",
            "500,000 a point at 2,000 each means 25,000 customers; this centre's, at two visits a year each",
            tolerance=0.25),
        Sum("K13", "two_bars", "bar", 3.0, 5.0, "两条审批线：一处 3 倍，一处 5 倍", "two bars: 3 in one place, 5 in the other"),
    )  # fmt: skip
