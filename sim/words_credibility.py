"""Words of the page on credibility, in Chinese and English."""

QUANTITIES: dict[str, tuple[str, str]] = {
    "bay_wait_hours": ("等工位的平均时间，小时", "mean wait for a bay, hours"),
    "bay_wait_open_hours": ("等工位的平均营业时间，小时", "mean wait for a bay, open hours"),
    "bay_wait_share": ("要等的比例", "share that waits"),
    "bay_queue_length": ("平均排队台数", "mean number in the queue"),
    "bays_taken": ("平均占用工位数", "mean number of bays taken"),
    "bays_in_order": ("工位完好时间占比", "share of time in order"),
    "cars_in_shop": ("平均在店台数", "mean number in the shop"),
    "shortage_rate": ("缺件率（按订货行）", "shortage, share of lines"),
    "shelf_value_yuan": ("平均在库件数（单价 1 元）", "mean units on the shelf (1 yuan each)"),
    "backorder_lines": ("平均等件行数", "mean number of lines waited for"),
    "line_wait_days": ("每行平均等件天数", "mean wait of a line, days"),
    "transfer_share": ("靠调货满足的比例", "share met by a transfer"),
    "express_share": ("靠外部急件满足的比例", "share met from outside"),
    "sister_shortage": ("兄弟门店缺件率", "a sister's shortage"),
    "sister_transfer_share": ("兄弟门店靠调货满足的比例", "a sister's share met by a transfer"),
    "drives_lost": ("试驾落空率", "share of test drives lost"),
    "loans_refused": ("代步车被拒率", "share of loans refused"),
    "cars_out": ("平均在外车辆数", "mean number of cars out"),
    "claim_hours": ("争议解决的平均时间，小时", "mean time to settlement, hours"),
    "claim_working_hours": ("争议解决的平均办公时间，小时", "mean working time to settlement, hours"),
    "claim_share_open": ("仍未解决的比例", "share still open"),
    "claim_level_share": ("在该级解决的比例", "share settled on the level"),
}
"""Quantities of textbook cases."""

TEXTS: dict[str, tuple[str, str]] = {
    "title": ("# 模型可信吗", "# Can the model be trusted?"),
    "made": (
        "本页由 `sim verify --page docs/credibility.md` 生成：{replications} 次重复，种子 {seed}，模型代码 {code}。",
        "Made by `sim verify --page docs/credibility.md`: {replications} replications, seed {seed}, model code {code}.",
    ),
    "cases": ("## 一、有精确解的案例", "## 1. Cases with an exact answer"),
    "cases_text": (
        "把模拟文章门店的同一套代码，只用场景文件缩小到教科书里有精确解的情形，再看模拟值与精确值差多少个标准误（z，服从 t 分布）。"
        "共 {count} 个案例，{passed} 个通过；|z| 不超过 {limit:.2f} 算通过，这样一个正确的模型有 99 % 的把握一个也不误判。"
        "{law}精确值出自独立编写的代码（`tests/theory/`），不用模型的任何一行。自己加一个案例，见"
        "[怎样验证一个教科书案例](how-to/verify-a-textbook-case.md)（英文）。",
        "The very code that runs the article's centre, shrunk by scenario files alone to cases with an exact answer; z is the "
        "difference in standard errors (Student's t). Of {count} cases {passed} pass; |z| up to {limit:.2f} passes, so that "
        "a right model passes everywhere with 99 %. {law}The exact values come from independent code (`tests/theory/`) that shares no "
        "line with the model. To add a case of your own: [how to verify a textbook case](how-to/verify-a-textbook-case.md).",
    ),
    "law": (
        "互不相干的运行各取一个 z，合起来检验是否像它们该有的分布（太准和太不准一样可疑）：p = {p:.2f}。",
        "One z of each unlike run, all together against their law (too good is as suspect as too bad): p = {p:.2f}. ",
    ),
    "laws": ("## 二、每次运行都要守的定律", "## 2. Laws that every run must obey"),
    "laws_text": (
        "每次重复结束都逐条核对，两边各走各的路算出；有一条不成立，可信度面板就变红（见 `trust.json`）。",
        "Checked after every replication, both sides computed by separate routes; one that fails turns the trust panel red "
        "(see `trust.json`).",
    ),
    "more": ("## 三、多一点不会更差的定律", "## 3. Where more is never worse"),
    "more_text": (
        "在相同的运气下逐个客户成立、没有误差余地的：先到先得的队里，多工位、快干活，谁也不会等得更久；缺件等货时，基准库存多、供货快、"
        "提前告知，谁也不会更缺；车多，谁也不会更借不到。有优先级、成批订货、缺件即流失、按信任借车时，这些都可能不成立，反例写在"
        "`tests/laws/test_more_can_be_worse.py` 里。",
        "Under common numbers, customer by customer and without a tolerance: in a first-come queue more bays or quicker work "
        "lengthen nobody's wait; with backorders more base stock, quicker supply or earlier notice leave nobody shorter; with more cars nobody is "
        "refused who was served. With priorities, lots, lost customers or loans by trust these can fail; the counter-examples are "
        "in `tests/laws/test_more_can_be_worse.py`.",
    ),
    "honesty": ("## 四、统计方法守不守信", "## 4. Do the statistics keep their promises?"),
    "honesty_text": (
        "区间、判断、选择和试点计划都许下了概率上的承诺。这里用真值已知的简单模型把每一项重复上千次，数它守住了多少次。"
        "由 `python3 run.py test --slow` 测量；标着“反例”的是别人常用、守不住的做法，放在这里对照。",
        "Intervals, verdicts, selections and pilot plans promise probabilities. Each is repeated a thousand times and more on "
        "simple models whose truth is known, and what was kept is counted. Measured by `python3 run.py test --slow`; what is "
        "called a counter-example is a common rule that does not keep its promise.",
    ),
    "not": ("## 五、没有验证的，和为什么", "## 5. What is not verified, and why"),
}

NOT_VERIFIED: tuple[tuple[str, str], ...] = (
    (
        "**整体对现实。** 手头没有任何一家真实门店的记录。各部件对照理论，整体只对照文章里的几个“之前”数字，而模型正是拟合到这些数字上的。",
        "**The whole against reality.** No real centre's records were at hand. The parts are held to theory, the whole only to "
        "the article's few *before* figures, to which it is fitted.",
    ),
    (
        "**部门之间的相互作用。** 教科书案例一次只检验一两个部门；部门怎样互相影响，没有精确解可对照，只有守恒定律、单调性和“没有病就没有药效”这类检验。",
        "**How departments act on one another.** A textbook case tests one or two at a time. For the whole there is no exact answer, only "
        "conservation, monotone laws, and tests such as: no disease, no cure.",
    ),
    (
        "**人的行为。** 奖金能多跑几小时、开会能加多少信任、打了电话谁会回来，都是有编号、有范围的假设。[核对结果](claims.md)说明它们落在哪个"
        "范围里说法才成立，不说明实际落在哪里。",
        "**Behaviour.** How many hours a bonus moves, what a meeting does to trust, who comes back when called: numbered assumptions with "
        "ranges. The [audit](claims.md) shows the region in which a claim would hold, not which point of it is true.",
    ),
    (
        "**满意度与口碑。** 从经历到评分、从评分到流失和转介绍，没有可对照的精确解；NPS 的“之前”是拟合的。",
        "**Satisfaction and word of mouth.** From experience to score, from score to churn and referral: nothing exact to compare with; the "
        "NPS *before* is fitted.",
    ),
    (
        "**信任的预热。** 信任变化慢，又只从机制启动时开始记录，可信度面板看不到它的预热够不够。",
        "**The warm-up of trust.** It is slow, and noted from the policies' start only, so the trust panel cannot see whether its "
        "warm-up is long enough.",
    ),
    (
        "**本模型上的覆盖率。** 上面的覆盖率是在简单模型上量的（包括 3 % 上下的比率、长尾的天数）；在门店模型本身上量一遍要几十万次运行，没有做。",
        "**Coverage on this very model.** Coverage was measured on simple models (shares near 3 %, long-tailed days among them); on the "
        "centre itself it would take some hundred thousand runs, which were not made.",
    ),
)
