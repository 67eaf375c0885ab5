"""Claims about parts: K2 coordination or capacity, K3 K8 K15 shortage, K4 turnover, K16 transfer, K18 stock or transfer."""

from sim.cells import Cell
from sim.claims.readings import Lever, Moved, Reading

AMPLE_STOCK = {"parts.control.high": 200, "front_desk.over_reserve_share": 0.0}
AMPLE_CAPACITY = {
    "workshop.bays": {"mechanical": 130, "body": 130},
    "workshop.technicians": {"mechanic": 130, "body_technician": 130},
}
NO_SISTER_STOCK = {"sisters.centres": 0}
FORECAST = Cell(("joint_forecast",))
NOTICE_ONLY = FORECAST.with_settings("joint_forecast", {"history_weeks": 0, "stops_over_reserving": False})
BOARD = Cell(("stock_board",))
PERFECT = Cell(("perfect_coordination",))
TRANSFER = Cell(("emergency_transfer",))
EXTRA = Cell(("extra_stock",))

SHARE_ANNOUNCED = Lever(
    "mechanisms.joint_forecast.announced_share", 0.0, 1.0,
    "提前 3 天通报的预约工单占比", "share of booked jobs announced 3 days ahead", percent=True,
)  # fmt: skip
SHARE_BOOKED = Lever(
    "arrivals.booked_share", 0.0, 0.95, "预约客户占比", "share of customers with an appointment", percent=True
)
TARGET = Lever(
    "parts.control.target_share", 0.80, 0.995, "备货目标（现货率）", "target share of the stock formula", percent=True
)
LOWER_TARGET = Moved(
    {"parts.control.target_share": 0.85},
    +1,
    "备货目标降到 85%：缺件应当变多",
    "stock aimed at 85 %: shortage must rise",
)

READINGS = (
    Reading(
        "K2", "coordination_first", "emergent", "broken_promises", 0.85, PERFECT, form="vanished", margin=0.05,
        no_disease=AMPLE_STOCK,
        zh="跨部门失约里，先把协调做到理想、产能不变，能消失多少", en="broken promises that vanish when coordination is "
        "made perfect and capacity is left as it is",
        levers=(Lever("workshop.bays.mechanical", 9, 16, "机电工位数", "mechanical bays", whole=True),),
    ),
    Reading(
        "K2", "capacity_first", "emergent", "broken_promises", 0.85, PERFECT.with_changes(AMPLE_CAPACITY),
        before=Cell(changes=AMPLE_CAPACITY), form="vanished", margin=0.05,
        zh="先把产能放到充足，再做理想协调：剩下的失约里能消失多少", en="the same with ample capacity in both worlds",
    ),
    Reading(
        "K2", "capacity_alone", "emergent", "broken_promises", None, Cell(changes=AMPLE_CAPACITY), form="vanished",
        sign=-1, zh="对照：只把产能放到充足，协调不变", en="for comparison: ample capacity alone",
    ),
    Reading(
        "K2", "both", "emergent", "broken_promises", None, PERFECT.with_changes(AMPLE_CAPACITY), form="vanished",
        sign=-1, zh="对照：理想协调加充足产能", en="for comparison: perfect coordination and ample capacity",
    ),
    Reading(
        "K3", "as_ruled", "emergent", "shortage_rate", 0.03, FORECAST, claimed_before=0.15, margin=0.01,
        no_disease=AMPLE_STOCK, moved=(LOWER_TARGET,), levers=(SHARE_ANNOUNCED, SHARE_BOOKED, TARGET),
        zh="提前 3 天联合预判，备货水平按共享需求重算", en="3 days' notice, stock levels from shared demand",
    ),
    Reading(
        "K3", "notice_only", "emergent", "shortage_rate", 0.03, NOTICE_ONLY, claimed_before=0.15, margin=0.01,
        no_disease=AMPLE_STOCK, moved=(LOWER_TARGET,), levers=(SHARE_ANNOUNCED, SHARE_BOOKED),
        zh="只提前 3 天通报，备货水平不动", en="3 days' notice alone, stock levels as they were",
    ),
    Reading(
        "K4", "as_ruled", "emergent", "parts_turnover", 0.20, FORECAST, form="relative", margin=0.05,
        no_disease=AMPLE_STOCK, levers=(TARGET, SHARE_ANNOUNCED),
        zh="同上：库存周转提升（备货水平按共享需求重算）", en="the same: turnover, stock levels from shared demand",
    ),
    Reading(
        "K4", "levels_frozen", "emergent", "parts_turnover", 0.20, NOTICE_ONLY, form="relative", margin=0.05,
        zh="同上：备货水平不动，周转不应上升", en="the same with levels frozen: turnover must not rise",
    ),
    Reading(
        "K8", "all_four_rules", "emergent", "shortage_rate", 0.03, Cell(("stock_board", "joint_forecast")),
        claimed_before=0.15, margin=0.01, no_disease=AMPLE_STOCK, moved=(LOWER_TARGET,),
        levers=(SHARE_ANNOUNCED, SHARE_BOOKED),
        zh="红黄绿灯、提前 3 天同步、双方预警、每周对齐", en="lights, 3 days' notice, alerts to both, weekly alignment",
    ),
    Reading(
        "K8", "board_alone", "emergent", "shortage_rate", 0.03, BOARD, claimed_before=0.15, margin=0.01,
        zh="只有红黄绿灯看板：颜色变不出配件", en="the board alone: a colour brings no part",
    ),
    Reading(
        "K15", "as_ruled", "emergent", "shortage_rate", 0.05, FORECAST, claimed_before=0.20, margin=0.01,
        baseline_at=("parts.forecast.error_cv", 0.5, 1.4, 0.20), no_disease=AMPLE_STOCK, moved=(LOWER_TARGET,),
        levers=(SHARE_ANNOUNCED, SHARE_BOOKED),
        zh="同一套机制，起点改为 20%", en="the same mechanism from a baseline of 20 %",
    ),
    Reading(
        "K16", "time", "emergent", "urgent_part_days", 1.0, TRANSFER, claimed_before=3.0, margin=0.25,
        no_disease=NO_SISTER_STOCK,
        levers=(
            Lever("mechanisms.emergency_transfer.sister_keeps_units", 0, 3, "兄弟门店自留件数",
                  "units a sister keeps", whole=True),
            Lever("sisters.target_share", 0.7, 0.99, "兄弟门店现货率目标", "stock target of the sisters", percent=True),
        ),
        zh="加急配件：从申请到到货（3 天变次日）", en="urgent part: from the request until it is there",
    ),
    Reading(
        "K16", "sister_pays", "emergent", "sister_shortage_rate", None, TRANSFER, sign=1, no_disease=NO_SISTER_STOCK,
        zh="代价：兄弟门店自己的缺件率应当上升", en="its price: the sister's own shortage must rise",
    ),
    Reading(
        "K16", "promises", "emergent", "promise_kept", None, TRANSFER, sign=1,
        zh="因此保住的交车承诺", en="promises saved by it",
    ),
    Reading(
        "K18", "A_shortage", "emergent", "shortage_rate", None, EXTRA, sign=-1, no_disease=AMPLE_STOCK,
        zh="方案 A 增加高频件库存：缺件下降", en="A, more fast movers: shortage falls",
    ),
    Reading(
        "K18", "A_stock", "emergent", "shelf_value_yuan", None, EXTRA, sign=1,
        zh="方案 A：在库金额上升（配件部门的担心）", en="A: value on the shelf rises, as parts fears",
    ),
    Reading(
        "K18", "B_shortage", "emergent", "start_moved_days", None, TRANSFER, sign=-1, no_disease=NO_SISTER_STOCK,
        zh="方案 B 快速调拨：因缺件推迟的天数下降", en="B, fast transfer: fewer days lost to missing parts",
    ),
    Reading(
        "K18", "B_stock", "emergent", "shelf_value_yuan", 0.0, TRANSFER, form="relative", margin=0.02,
        zh="方案 B：总库存不增加", en="B: no more stock",
    ),
)  # fmt: skip
