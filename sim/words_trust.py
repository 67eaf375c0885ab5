"""Words of the trust panel in Chinese and English; labels of metrics are in sim/words.py."""

from typing import Any

from sim.words import LANGUAGES

LAWS: dict[str, tuple[str, str]] = {
    "time": ("时间不倒流：每条日志（左）不早于上一条（右）", "time never runs backwards: a row (left) is not before the last one (right)"),
    "customers_come": ("客户守恒：该来的客户（左）= 登记的客户（右）", "customers are conserved: due (left) = booked (right)"),
    "customers": (
        "客户守恒：登记的客户（左）= 交车、流失和仍在店的客户（右），每人一次",
        "customers are conserved: booked (left) = handed over, lost or still there (right), each once",
    ),
    "parts": (
        "配件守恒：期初库存加到货（左）= 在架、领走和卖出（右）",
        "parts are conserved: opening stock and receipts (left) = on the shelf, taken and sold (right)",
    ),
    "parts_in_cars": (
        "配件守恒：领走的（左）= 装上车的加还在客户名下的（右）",
        "parts are conserved: taken (left) = used or still in a customer's hands (right)",
    ),
    "shelf": ("库存不为负：货架上最少时的件数（左）不小于 0（右）", "no negative stock: the lowest shelf (left) is not below 0 (right)"),
    "shelf_value": (
        "在库金额：配件部当天所记（左）= 按收发逐笔推算（右）",
        "value on the shelf: as parts wrote it down (left) = as receipts and uses make it (right)",
    ),
    "sisters": (
        "兄弟门店配件守恒：库存位置（左）= 目标库存（右）",
        "parts of sister centres are conserved: stock position (left) = base-stock level (right)",
    ),
    "cars": (
        "车辆守恒：有多少辆（左）= 空闲、在外和停着的（右）",
        "cars are conserved: there are (left) = free, out or standing still (right)",
    ),
    "money": ("账目守恒：账本余额（左）= 日志逐笔相加（右）", "money is conserved: balances of the books (left) = postings in the log (right)"),
    "money_zero": ("账目守恒：全部账户余额之和（左）= 0（右）", "money is conserved: the balances (left) sum to zero (right)"),
    "money_stock": (
        "账目守恒：库存账户（左）= 货架上和客户名下配件的变动金额（右）",
        "money is conserved: the stock account (left) = the change in what is on shelves and in cars (right)",
    ),
    "bays": ("工位不重复占用：同时占用最多（左）不超过工位数（右）", "no bay is used twice: most held at once (left) is at most the bays there are (right)"),
    "bay_of_a_visit": (
        "一车不占两个工位：同时占用最多（左）不超过 1（右）",
        "no visit is on two bays: most held at once by one visit (left) is at most 1 (right)",
    ),
    "cars_out": (
        "车辆不重复借出：同时在外最多（左）不超过车辆数（右）",
        "no car is lent twice: most out at once (left) is at most the cars there are (right)",
    ),
    "car_of_a_customer": (
        "一人不借两辆车：一人同时借用最多（左）不超过 1（右）",
        "nobody has two cars: most out at once with one customer (left) is at most 1 (right)",
    ),
    "little_shop": (
        "李特尔定律 L = λW（在店车辆）：按事件计数的平均台数（左）= 各客户在店时间之和 ÷ 窗口长度（右）",
        "Little's law L = λW, cars in the shop: mean number by counting events (left) = visits' own times over the window (right)",
    ),
    "little_queue": (
        "李特尔定律 L = λW（等工位）：按事件计数的平均台数（左）= 各车等待时间之和 ÷ 窗口长度（右）",
        "Little's law L = λW, queue for bays: mean number by counting events (left) = waits told at the bay over the window (right)",
    ),
    "little_cars": (
        "李特尔定律 L = λW（在外车辆）：按事件计数的平均台数（左）= 还车时记下的用车时间之和 ÷ 营业时间（右）",
        "Little's law L = λW, cars out: mean number by counting events (left) = hours booked at return over showroom hours (right)",
    ),
    "bay_work": (
        "工位占用 = 所做的工：占用小时（左）= 诊断、维修、返工和闲置小时（右）",
        "bay hours = work done: hours held (left) = diagnosis, work, rework and idle hours (right)",
    ),
    "offered_load": (
        "利用率 = 负荷：工位利用率（左）= 到店台数 × 平均占用小时 ÷ 工位小时（右）",
        "utilisation = offered load: bay utilisation (left) = arrivals × mean hours / bay hours (right)",
    ),
}  # fmt: skip
"""What each law says; left and right are the two sides shown."""

UNITS: dict[str, tuple[str, str]] = {
    "customers": ("人", "customers"), "units": ("件", "units"), "cars": ("辆", "cars"), "bays": ("个", "bays"),
    "weeks": ("周", "weeks"), "times": ("倍", "times"),
}  # fmt: skip

TEXTS: dict[str, tuple[str, str]] = {
    "title": ("可信度检查", "Trust panel"),
    "all_well": (
        "{title}：全部通过。{laws} 条定律在 {policies} 个方案的每次重复（各 {replications} 次）里都成立，"
        "{warmup} 周预热够长，{metrics} 项主要指标都够精确。",
        "{title}: all is well. {laws} laws hold in every replication ({replications} of each of {policies} policies), "
        "{warmup} weeks of warm-up are enough, and the {metrics} headline metrics are precise enough.",
    ),
    "not_well": ("{title}：", "{title}:"),
    "broken_tag": ("[定律不成立] ", "[LAW BROKEN] "),
    "weak_tag": ("[证据不足] ", "[weak] "),
    "notes": ("说明：{notes}。", "Note: {notes}."),
    "and": ("；", "; "),
    # laws
    "broken": (
        "{law}。方案 {policy} 有 {count}/{total} 次重复不成立，最差的是第 {replication} 次重复（种子 {seed}）{where}："
        "左 {lhs}，右 {rhs} {unit}。本次结果不能用；单独重跑并查日志：{command}",
        "{law}. Broken under policy {policy} in {count} of {total} replications, worst in replication {replication} "
        "(seed {seed}){where}: left {lhs}, right {rhs} {unit}. Do not use these results; run it alone and look into "
        "its log: {command}",
    ),
    "at": ("，{where}", ", {where}"),
    "holds": (
        "{law}。方案 {policy} 的 {total} 次重复都成立；差距最大的一次：左 {lhs}，右 {rhs} {unit}。",
        "{law}. Holds under policy {policy} in all {total} replications; where the sides are furthest apart: left {lhs}, "
        "right {rhs} {unit}.",
    ),
    "not_checked": (
        "没有检查任何定律：这些结果不带检查记录，请用 sim compare 重新运行。",
        "no law was checked: these results come without their checks; run them again with sim compare.",
    ),
    "does_not_apply": ("{law}。方案 {policy} 不适用：{why}。", "{law}. Does not apply to policy {policy}: {why}."),
    "not_applicable_short": ("{policy} 的“利用率 = 负荷”（{where}）不适用：{why}", "“utilisation = offered load” ({where}) does not apply to {policy}: {why}"),
    "lost": ("有客户中途离开，做的工少于带来的工", "customers leave, so less work is done than comes"),
    "unfinished": (
        "窗口内到店的客户到停机时还有超过 1% 没有做完，平均工时未知",
        "more than 1 % of the window's visits are not ready when the run stops, so their mean hours are not known",
    ),
    "no_bays": ("没有这种工位，或没有工时", "there are no such bays, or no work on them"),
    "overload": (
        "带来的工超过工位小时，队伍会一直变长，利用率只受工位数限制",
        "more work comes than there are bay hours: the queue grows without end, and bays are the only limit",
    ),
    "single": ("只有一次重复，没有标准误", "one replication has no standard error"),
    "mixed_lines": (
        "同一客户的同一种配件有两行不同数量的缺件，日志分不清先到的是哪一行",
        "two short lines of one visit and part differ in quantity, and the log does not tell which came first",
    ),
    "load_off": (
        "{law}。方案 {policy} 的 {where} 工位：左 {lhs}，右 {rhs}，平均相差 {gap}，超出 {allowed} 和 99% 误差 {half}。"
        "活没有按来的速度做完（或在清旧账），结果会随周数改变；请加长预热或增加周数再比。",
        "{law}. {where} bays under {policy}: left {lhs}, right {rhs}, on average {gap} apart, more than {allowed} and the "
        "99 % error {half} allow. Work is not done at the rate it comes, so results depend on the weeks counted; take a "
        "longer warm-up or more weeks.",
    ),
    "load_well": (
        "{law}。方案 {policy} 的 {where} 工位：左 {lhs}，右 {rhs}，平均相差 {gap}（99% 误差 {half}）。",
        "{law}. {where} bays under {policy}: left {lhs}, right {rhs}, on average {gap} apart (99 % error {half}).",
    ),
    # warm-up
    "warm_up_well": (
        "预热：{label}从第 {point} 周起就稳定（MSER），预热 {warmup} 周够长。",
        "Warm-up: {label} is settled from week {point} on (MSER); {warmup} weeks of warm-up are enough.",
    ),
    "warm_up_little": (
        "预热：{label}的 MSER 起点在第 {point} 周，晚于预热 {warmup} 周，但由此带来的偏差只有 {moved}，不到 {target}。",
        "Warm-up: MSER would count {label} from week {point}, after the {warmup} weeks of warm-up, but that moves its mean "
        "by {moved} only, less than {target}.",
    ),
    "warm_up_late": (
        "预热：{label}要到第 {point} 周才稳定（MSER），预热只有 {warmup} 周，基准均值因此偏了 {moved}（允许 {target}）。",
        "Warm-up: {label} is settled from week {point} on only (MSER), the warm-up has {warmup} weeks, and that moves the "
        "baseline's mean by {moved} (allowed: {target}).",
    ),
    "warm_up_unknown": (
        "预热：{label}的序列太短，看不出要多长的预热（{why}）。",
        "Warm-up: the series of {label} is too short to tell how long a warm-up it needs ({why}).",
    ),
    "second_half": (
        "MSER 起点在第 {point} 周，已在后半段，均值还差 {moved}，允许 {target}",
        "MSER's point, week {point}, lies in the second half, and the mean still moves by {moved}, allowed: {target}",
    ),
    "few_weeks": (
        "连预热只有 {weeks} 个正常周，至少要 {least} 个",
        "{weeks} ordinary weeks with the warm-up, at least {least} are needed",
    ),
    "warm_up_line": (
        "预热 {warmup} 周可能不够长：{items}。请把场景的 study.warmup_weeks 设为 {point} 或更多，再比一次。",
        "The warm-up of {warmup} weeks may be too short: {items}. Set study.warmup_weeks of the scenario to {point} or more "
        "and compare again.",
    ),
    "warm_up_item": ("{label}（要 {point} 周，均值偏 {moved}）", "{label} (needs {point}, its mean moves by {moved})"),
    "unknown_line": (
        "序列太短，看不出预热 {warmup} 周够不够：{items}。请增加 --weeks（或 study.warmup_weeks），再比一次。",
        "The series are too short to tell whether {warmup} weeks of warm-up are enough: {items}. Give more --weeks (or "
        "study.warmup_weeks) and compare again.",
    ),
    "unknown_item": ("{label}（{why}）", "{label} ({why})"),
    # precision
    "precision_well": (
        "精度：{label}之差的 95% 区间半宽 {half}，不超过 {target}（{by}）。",
        "Precision: half of the 95 % interval of the difference in {label} is {half}, within {target} ({by}).",
    ),
    "precision_weak": (
        "精度：{label}之差的 95% 区间半宽 {half}，大于 {target}（{by}）；约要 {needed} 次重复。",
        "Precision: half of the 95 % interval of the difference in {label} is {half}, more than {target} ({by}); about "
        "{needed} replications would do.",
    ),
    "precision_none": (
        "精度：{label}之差没有区间（{replications} 次重复），无从判断。",
        "Precision: the difference in {label} has no interval ({replications} replications), so there is no saying.",
    ),
    "by_margin": ("场景的等效范围", "the scenario's margin"),
    "by_share": ("没有等效范围，取基准值的 10%", "no margin given: 10 % of the baseline"),
    "precision_line": (
        "{policy} 与基准之差不够精确：{items}。请用 --replications {needed} 再比一次。",
        "Differences of {policy} are not precise enough: {items}. Compare again with --replications {needed}.",
    ),
    "precision_item": ("{label}（±{half}，要 ±{target}，约 {needed} 次）", "{label} (±{half}, should be ±{target}, about {needed})"),
    "none_item": ("{label}（没有区间）", "{label} (no interval)"),
    # variance ratio
    "ratio_well": (
        "方差比：{label}为 {ratio}，共用运气使区间更窄。",
        "Variance ratio: {ratio} for {label}; sharing luck makes its interval narrower.",
    ),
    "ratio_hurts": (
        "方差比：{label}为 {ratio}，小于 1：共用运气在这里反而使区间更宽（区间仍然有效）。",
        "Variance ratio: {ratio} for {label}, below 1: sharing luck makes its interval wider here (it still holds).",
    ),
    "ratio_line": (
        "{policy} 有 {count} 项的方差比小于 1，共用运气没有省下重复次数：{items}",
        "sharing luck saves no replications of {policy} for {count} metrics with a variance ratio below 1: {items}",
    ),
    # report
    "report_title": ("这些数可不可信", "Can these numbers be trusted"),
    "report_how": (
        "定律（守恒、不重复占用、李特尔定律等）在每次重复里逐条检查，左右两边由不同的路径得出；预热用按周的 MSER 检查，"
        "精度与场景的等效范围比较。检查通过说明模型没有自相矛盾，并不说明假设是对的。全部检查在 [trust.json](trust.json)。",
        "Laws (conservation, no double use, Little's law and others) are checked in every replication, the two sides found by "
        "different routes; the warm-up by MSER on weeks, precision against the scenario's margins. Passing means that the "
        "model does not contradict itself, not that its assumptions are right. All checks are in [trust.json](trust.json).",
    ),
    "summary": (
        "{title}：{broken} 项定律不成立，{weak} 项证据不足；逐条内容见 .trust()。",
        "{title}: {broken} laws broken, {weak} checks weak; .trust(\"en\") tells them one by one.",
    ),
    "strict": ("--strict：可信度检查没有全部通过，以退出码 1 结束。", "--strict: not all of the trust panel is well, so this ends with exit code 1."),
}  # fmt: skip


def text(key: str, lang: str, **words: Any) -> str:
    """A text of TEXTS filled in.

    Raises:
        KeyError: there is no such text, or a word of it is missing.
    """
    return TEXTS[key][LANGUAGES.index(lang)].format(**words)


def law(name: str, lang: str) -> str:
    """What a law says."""
    return LAWS[name][LANGUAGES.index(lang)]


def unit(name: str, lang: str) -> str:
    """A unit of a law; units of metrics are in sim/words.py."""
    from sim.words import unit as of_metric

    return UNITS[name][LANGUAGES.index(lang)] if name in UNITS else of_metric(name, lang)
