"""Claims about people: K9 ladder, K11 meetings, K12 personal trust, K19 five habits, K20 a head who leaves."""

from typing import Any

from sim.cells import Cell
from sim.claims.readings import Lever, Moved, Reading

LADDER = Cell(("escalation_ladder",))
WALL = LADDER.with_settings("escalation_ladder", {"clock": "wall"})
MEETINGS = Cell(("regular_meetings",))
NO_QUARREL = {
    "disputes.broken_promise_share": 0.0, "disputes.car_share": 0.0, "disputes.urgent_share": 0.0,
    "disputes.goodwill_limit_yuan": 1e8,
}  # fmt: skip
LIMIT = Lever("mechanisms.escalation_ladder.limit_hours", 4.0, 72.0, "每级时限（小时）", "limit on each level [hours]")
SETTLES = Lever(
    "disputes.meeting_settles_share", 0.2, 0.95, "一次面谈谈成的机会", "chance that a meeting settles", percent=True
)
HARDER = Moved(
    {"disputes.meeting_settles_share": 0.35}, +1, "每次面谈更难谈成：应当变长", "meetings settle less often: longer"
)
FAVOURS: dict[str, Any] = {"parts.favours_per_day": 3}
COLD = FAVOURS | {"trust.at_start": 0.05, "trust.kept_step": 0.0, "trust.helped_step": 0.0}
WARM = FAVOURS | {"trust.at_start": 0.95, "trust.broken_step": 0.0, "trust.blamed_step": 0.0}
EVERYTHING_URGENT = {"front_desk.urgent_share": 1.0, "parts.favours_per_day": 1}
COFFEE = Cell(("give_first",), {"give_first": {"history_weeks": 0, "gift_every_weeks": 0.2, "hours_each_time": 0.25}})
WHOLE = (
    "stock_board", "joint_forecast", "emergency_transfer", "shared_fleet", "escalation_ladder", "bay_reservation",
    "joint_kpi", "regular_meetings",
)  # fmt: skip
LEAVES = {"trust.departures": [{"department": "service", "week": 13}]}
LEAVES_FOR_GOOD = {"trust.departures": [{"department": "service", "week": 13, "vacant_weeks": 13, "lapse_share": 1.0}]}

HABITS = {
    "blame_in_public": ("公开指责", "blame in public"),
    "over_the_head": ("越级施压", "going over a head"),
    "take_without_giving": ("只索取不给予", "taking without giving"),
    "customer_as_club": ("用客户压人", "using the customer as a club"),
    "copy_the_boss": ("邮件抄送上级", "copying the boss"),
}


def _habits() -> tuple[Reading, ...]:
    readings = []
    for habit, (zh, en) in HABITS.items():
        shown = Cell(changes={f"trust.habits.{habit}": 0.5})
        lever = Lever(f"trust.habits.{habit}", 0.0, 1.0, f"“{zh}”出现的占比", f"share with “{en}”", percent=True)
        readings += [
            Reading("K19", f"{habit}_trust", "behaviour", "trust_service_parts", None, shown, sign=-1,
                    inputs=f"trust.habits.{habit}", levers=(lever,),
                    zh=f"{zh}：一半场合如此，服务与配件互信下降", en=f"{en}, on half the occasions: trust falls"),
            Reading("K19", f"{habit}_times", "behaviour", "conflict_days_mean", None, shown, sign=1,
                    inputs=f"trust.habits.{habit}",
                    zh=f"{zh}：争议解决变慢", en=f"{en}: conflicts take longer"),
        ]  # fmt: skip
    return tuple(readings)


BOARD = Cell(("stock_board",))

READINGS = (
    Reading(
        "K1", "day", "story", "case_days", 6.0, Cell(), margin=1.0,
        zh="保险杠客户：一次性协调下第 7 天提车，即到店后 6 天（多次运气的平均）",
        en="the bumper: picked up on day 7, so 6 days after the drop-off, ad hoc, over many lucks",
    ),
    Reading(
        "K1", "score", "story", "case_score", 0.0, Cell(), margin=1.0,
        zh="保险杠客户：一次性协调下打 0 分", en="the bumper: a score of 0, ad hoc",
    ),
    Reading(
        "K1", "goodwill", "story", "case_goodwill_yuan", 8000.0, Cell(), margin=2000.0,
        zh="保险杠客户：补偿 8,000 元（输入的分布）", en="the bumper: goodwill of 8,000 yuan (its distribution is an input)",
        inputs="satisfaction.goodwill_yuan",
    ),
    Reading(
        "K1", "board_promises_later", "story", "case_promised_days", None, BOARD, sign=1,
        zh="只有看板：承诺得更晚", en="the board alone: a later promise",
    ),
    Reading(
        "K1", "board_no_earlier_car", "story", "case_days", 0.0, BOARD, form="points", margin=0.5,
        zh="只有看板：车不会更早修好", en="the board alone: no earlier car",
    ),
    Reading(
        "K1", "systematic_day", "story", "case_days", None, Cell(WHOLE), sign=-1,
        zh="同一位客户，系统机制：更早提车", en="the same customer under systematic mechanisms: an earlier car",
    ),
    Reading(
        "K1", "systematic_score", "story", "case_score", None, Cell(WHOLE), sign=1,
        zh="同一位客户，系统机制：评分更高", en="the same customer under systematic mechanisms: a better score",
    ),
    Reading(
        "K9", "business_clock", "emergent", "conflict_days_mean", 1.5, LADDER, claimed_before=5.0, margin=0.25,
        no_disease=NO_QUARREL, moved=(HARDER,), levers=(LIMIT, SETTLES),
        zh="每级 24 小时，按工作日计", en="24 h on each level, on a business clock",
    ),
    Reading(
        "K9", "wall_clock", "emergent", "conflict_days_mean", 1.5, WALL, claimed_before=5.0, margin=0.25,
        no_disease=NO_QUARREL, moved=(HARDER,), levers=(LIMIT, SETTLES),
        zh="每级 24 小时，昼夜连续计", en="24 h on each level, round the clock",
    ),
    Reading(
        "K9", "level_1", "emergent", "conflict_level_1_share", 0.80, LADDER, margin=0.05, levers=(SETTLES,),
        zh="在一级解决的占比", en="share settled at level 1",
    ),
    Reading(
        "K9", "level_2", "emergent", "conflict_level_2_share", 0.15, LADDER, margin=0.05,
        zh="在二级解决的占比", en="share settled at level 2",
    ),
    Reading(
        "K9", "level_3", "emergent", "conflict_level_3_share", 0.05, LADDER, margin=0.03,
        zh="在三级解决的占比", en="share settled at level 3",
    ),
    Reading(
        "K11", "index", "behaviour", "collaboration_index", 85.0, MEETINGS, claimed_before=60.0, margin=5.0,
        inputs="trust.met_step", no_disease=NO_QUARREL,
        levers=(Lever("trust.met_step", 0.0, 0.02, "每开会一小时增加的互信", "trust gained by an hour of meeting"),),
        zh="协作指数由日志算出（承诺、指责、时间），不是问卷", en="an index from logged promises, blame and time",
    ),
    Reading(
        "K12", "trust_fixed", "behaviour", "urgent_part_days", 0.75, Cell(changes=WARM), before=Cell(changes=COLD),
        claimed_before=3.0, margin=0.25, inputs="parts.favour_hours",
        levers=(Lever("trust.at_start", 0.05, 1.0, "固定的互信水平", "trust, held fixed"),
                Lever("parts.favours_per_day", 0, 10, "配件主管每天能帮的忙", "favours a day", whole=True)),
        zh="互信由几乎没有变为几乎满分", en="trust from nearly none to nearly full",
    ),
    Reading(
        "K12", "all_urgent", "behaviour", "urgent_part_days", 0.75, Cell(changes=WARM | EVERYTHING_URGENT),
        before=Cell(changes=COLD | EVERYTHING_URGENT), claimed_before=3.0, margin=0.25, inputs="parts.favour_hours",
        zh="件件都加急时：人情不够分", en="when everything is urgent there are not enough favours",
    ),
    Reading(
        "K12", "coffee", "behaviour", "urgent_part_days", 0.75, COFFEE.with_changes(FAVOURS),
        before=Cell(changes=FAVOURS), claimed_before=3.0, margin=0.25, inputs="trust.helped_step",
        zh="每天主动关心一次（文章的咖啡与问候）", en="a kindness every working day, the article's coffee",
    ),
    *_habits(),
    Reading(
        "K20", "ad_hoc", "emergent", "trust_service_parts", None, Cell(changes=LEAVES), window="second_13_weeks", sign=-1,
        zh="一次性协调：第 13 周服务经理离职，互信回落", en="ad hoc: the head of service leaves in week 13, trust falls",
    ),
    Reading(
        "K20", "ad_hoc_on_persons", "emergent", "trust_service_parts", None, COFFEE.with_changes(LEAVES_FOR_GOOD),
        before=COFFEE, window="second_13_weeks", sign=-1,
        zh="靠个人关系维持的协调：人走茶凉", en="coordination that rests on one person's kindness, who leaves",
    ),
    Reading(
        "K20", "ad_hoc_on_persons_days", "emergent", "days_in_shop", None, COFFEE.with_changes(LEAVES_FOR_GOOD),
        before=COFFEE, window="second_13_weeks", sign=1,
        zh="同上：在店天数变长", en="the same: days in shop grow",
    ),
    Reading(
        "K20", "systematic", "emergent", "shortage_rate", 0.0, Cell(WHOLE, changes=LEAVES), before=Cell(WHOLE),
        window="second_13_weeks", form="points", margin=0.01,
        zh="系统机制：同一人离职，缺件率不受影响", en="systematic: the same head leaves, shortage stays",
    ),
    Reading(
        "K20", "systematic_conflicts", "emergent", "conflict_days_mean", 0.0, Cell(WHOLE, changes=LEAVES),
        before=Cell(WHOLE), window="second_13_weeks", form="points", margin=0.25,
        zh="系统机制：争议解决天数不受影响", en="systematic: days to settle a conflict stay",
    ),
    Reading(
        "K20", "without_owner", "emergent", "shortage_rate", 0.0, Cell(WHOLE, changes=LEAVES_FOR_GOOD),
        before=Cell(WHOLE), window="second_13_weeks", form="points", margin=0.01,
        zh="机制没人接手：是否仍“一劳永逸”", en="nobody takes the mechanism over: is it still “once and for all”?",
    ),
)  # fmt: skip
