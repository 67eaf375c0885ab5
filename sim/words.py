"""Every word a reader sees, in Chinese and English, and how numbers are written. Nothing here knows a policy."""

import math
from dataclasses import dataclass
from typing import Any

LANGUAGES = ("zh", "en")

LABELS: dict[str, tuple[str, str]] = {
    "shortage_rate": ("缺件率（按订货行）", "shortage rate (order lines)"),
    "job_shortage": ("缺件工单占比", "jobs with a missing part"),
    "start_moved_days": ("因缺件推迟开工天数（每台次）", "days the start moved because of parts (per visit)"),
    "parts_turnover": ("配件库存年周转次数", "parts turnover"),
    "dead_stock_share": ("呆滞库存占比（90 天无出库）", "dead stock share (90 days unused)"),
    "shelf_value_yuan": ("平均在库金额", "value on the shelf, mean"),
    "promise_kept": ("交车承诺兑现率", "promises kept (first date told)"),
    "promised_days": ("承诺交车天数", "days promised"),
    "need_date_kept": ("在客户需要日前交车率", "handed over by the customer's need date"),
    "days_in_shop": ("在店天数", "days in shop"),
    "conflict_days_mean": ("部门争议平均解决天数", "mean days to settle a conflict"),
    "conflict_days_p90": ("部门争议 90 分位解决天数", "days to settle a conflict, 90th percentile"),
    "conflict_working_days_mean": ("部门争议平均解决工作日", "mean working days to settle a conflict"),
    "conflicts_opened": ("部门争议件数", "conflicts opened"),
    "conflict_level_1_share": ("一级解决的争议占比（主管）", "conflicts settled at level 1 (supervisors)"),
    "conflict_level_2_share": ("二级解决的争议占比（部门经理）", "conflicts settled at level 2 (managers)"),
    "conflict_level_3_share": ("三级解决的争议占比（区域总监）", "conflicts settled at level 3 (director)"),
    "fleet_utilisation": ("试驾车与备用车利用率", "use of demo and backup cars"),
    "fleet_utilisation_demo_only": ("试驾车利用率（不含备用车）", "use of demo cars alone"),
    "loaner_fulfilment": ("代步车满足率", "loaner requests met"),
    "loaners_asked": ("代步车申请次数", "loaners asked for"),
    "test_drive_fulfilment": ("试驾满足率", "test drives met"),
    "bay_utilisation": ("工位利用率", "bay utilisation"),
    "bay_idle_for_parts": ("工位等件闲置占比", "bay time idle for want of parts"),
    "bay_wait_hours": ("等工位小时数", "hours waited for a bay"),
    "nps": ("NPS（客户净推荐值）", "NPS (net promoter score)"),
    "survey_answers": ("回访问卷份数", "surveys answered"),
    "goodwill_yuan": ("善意补偿金额", "goodwill paid"),
    "churned_customers": ("流失客户数", "customers lost"),
    "leads": ("销售线索数", "sales leads"),
    "referral_leads": ("老客户转介绍线索数", "referral leads"),
    "event_leads": ("车主活动带来的线索数", "leads from owners' events"),
    "referral_conversion": ("转介绍成交率", "referral conversion (deals over leads)"),
    "won_back": ("召回的流失客户数", "lost customers won back"),
    "test_drives_lost": ("没能试驾的次数", "test drives lost"),
    "urgent_part_days": ("加急配件到货天数", "days until an urgent part is there"),
    "late_for_parts_or_bay": ("因缺件、工位或争议失约的占比", "promises broken over parts, bays or disputes"),
    "late_for_ability": ("因技术支持或返工失约的占比", "promises broken over support or rework"),
    "case_promised_days": ("固定个案：承诺交车天数", "pinned case: days promised"),
    "case_days": ("固定个案：在店天数", "pinned case: days in shop"),
    "case_score": ("固定个案：评分（0–10）", "pinned case: score (0–10)"),
    "case_goodwill_yuan": ("固定个案：善意补偿", "pinned case: goodwill"),
    "collaboration_index": ("部门协作指数（0–100）", "collaboration index (0–100)"),
    "meeting_hours": ("固定会议占用工时", "working hours in regular meetings"),
    "deals": ("成交台数", "deals"),
    "test_drive_conversion": ("试驾转化率（试驾后成交 ÷ 完成的试驾）", "test-drive conversion (deals per drive done)"),
    "support_answer_hours": ("技术支持答复用时（工作小时）", "working hours until technical support answers"),
    "support_solved_share": ("技术支持问题解决率", "technical questions solved"),
    "trust_service_parts": ("服务与配件的互信（0–1）", "trust between service and parts (0–1)"),
    "trust_service_sales": ("服务与销售的互信（0–1）", "trust between service and sales (0–1)"),
    "sister_shortage_rate": ("兄弟门店缺件率", "shortage rate at sister centres"),
    "total_cost_yuan": ("总成本", "total cost"),
    "present_value_yuan": (
        "协调带来的收支折现值（只看两个方案之差）",
        "present value that coordination moves (only its difference counts)",
    ),
    "visits": ("进店台次", "visits"),
}

UNITS: dict[str, tuple[str, str]] = {
    "share": ("%", "%"),
    "days": ("天", "days"),
    "hours": ("小时", "hours"),
    "yuan": ("元", "yuan"),
    "count": ("", ""),
    "points": ("分", "points"),
    "mark": ("分", "of 10"),
    "per year": ("次/年", "a year"),
    "score": ("", ""),
    "": ("", ""),
}
"""A count's unit is in its label, a score has none."""

MOST_DECIMALS = {"share": 1, "yuan": 0, "count": 1, "points": 1, "mark": 1, "score": 2}
LIMITS = {"share": (0.0, 1.0), "points": (-100.0, 100.0), "mark": (0.0, 10.0), "score": (0.0, 1.0)}
"""Values a unit can have; the others are never negative. Only used to draw bands, never on data."""

TEXTS: dict[str, tuple[str, str]] = {
    # directions and verdicts
    "better_higher": ("越高越好 ↑", "higher is better ↑"),
    "better_lower": ("越低越好 ↓", "lower is better ↓"),
    "better_neither": ("无好坏之分", "no better direction"),
    "verdict_better": ("变好", "better"),
    "verdict_worse": ("变差", "worse"),
    "verdict_higher": ("升高", "higher"),
    "verdict_lower": ("降低", "lower"),
    "verdict_equal": ("持平", "equal within margin"),
    "verdict_same": ("完全不变", "no change at all"),
    "verdict_not_yet_known": ("尚不确定", "not yet known"),
    # findings
    "moved": ("{label}由{a}{verb}{b}", "{label} {verb} from {a} to {b}"),
    "moved_little": ("{label}{verb}{diff}（到 {b}）", "{label} {verb} by {diff} to {b}"),
    "up": ("升到", "up"),
    "down": ("降到", "down"),
    "up_by": ("上升", "up"),
    "down_by": ("下降", "down"),
    "same": ("{label}完全不变（{b}）", "{label} does not change at all ({b})"),
    "equal": ("{label}持平（{b}，差别不超过 {margin}）", "{label} equal ({b}, differs by less than {margin})"),
    "unknown": (
        "{label}的变化尚不确定（{diff}，95% 区间 {interval}）",
        "change in {label} not yet known ({diff}, 95% interval {interval})",
    ),
    "single": ("{label}由{a}变为{b}（只有一次重复，没有区间）",
               "{label} from {a} to {b} (one replication, no interval)"),
    "undefined": ("{label}没有数据", "{label} has no data"),
    "but": ("{good}，但{bad}", "{good}, but {bad}"),
    "none_better": ("主要指标没有一项确定变好", "no headline metric is surely better"),
    "joined": ("{a}，{b}", "{a}, {b}"),
    "tally": (
        "{total} 项{what}：{better} 项变好，{worse} 项变差，{equal} 项持平，{unknown} 项尚不确定",
        "{total} {what}: {better} better, {worse} worse, {equal} equal, {unknown} not yet known",
    ),
    "exploring": ("（其中 {count} 项按单项判断，只供探索）", " ({count} of them judged one by one, for exploring)"),
    "headline_metrics": ("主要指标", "headline metrics"),
    "directed_metrics": ("有好坏方向的指标", "metrics with a direction"),
    "worse_are": ("变差的是：{names}", "Worse: {names}"),
    "of_policy": ("{policy}：{text}", "{policy}: {text}"),
    # charts
    "footnote": (
        "区间只反映模拟的随机误差（重复次数越多越窄），不含假设本身的不确定性；判断按单项作出，未作多重比较校正。\n"
        "{replications} 次重复，每次预热 {warmup} 周后计 {weeks} 周；场景：{title}（{name}），种子 {seed}。",
        "Intervals are Monte-Carlo noise only (more replications make them narrower); they know nothing of wrong "
        "assumptions. Verdicts are row by row, unadjusted.\n"
        "{replications} replications of {weeks} weeks each after {warmup} weeks of warm-up; "
        "scenario: {title} ({name}), seed {seed}.",
    ),
    "footnote_family": (
        "区间只反映模拟的随机误差（重复次数越多越窄），不含假设本身的不确定性。{family}\n"
        "{replications} 次重复，每次预热 {warmup} 周后计 {weeks} 周；场景：{title}（{name}），种子 {seed}。",
        "Intervals are Monte-Carlo noise only (more replications make them narrower); they know nothing of wrong "
        "assumptions. {family}\n"
        "{replications} replications of {weeks} weeks each after {warmup} weeks of warm-up; "
        "scenario: {title} ({name}), seed {seed}.",
    ),
    "family": (
        "{which}共 {count} 个差（{metrics} 项指标 × {policies} 个方案），放在一起判断：{count} 个区间同时成立的把握是 95%；"
        "其余按单项判断，未作校正，只供探索。",
        "The {count} differences {which} (metrics: {metrics}, policies: {policies}) are judged together: with 95 % "
        "confidence all {count} intervals hold at once; all others are judged one by one, unadjusted, for exploring only.",
    ),
    "of_headline": ("主要指标", "of headline metrics"),
    "with_star": ("带 * 的", "with a star"),
    "no_family": ("判断按单项作出，未作多重比较校正。", "Verdicts are row by row, unadjusted."),
    "interval_line": ("均值的 95% 区间（仅模拟误差）", "95% interval of the mean (Monte-Carlo noise only)"),
    "prediction_line": ("单个门店 {weeks} 周可能遇到的范围（95%）", "one real centre over {weeks} weeks (95%)"),
    "difference_axis": ("与{baseline}之差（{unit}）", "difference from {baseline} ({unit})"),
    "percentage_points": ("百分点", "percentage points"),
    "no_unit": ("各指标自身单位", "own unit"),
    "count_unit": ("个数", "number"),
    "score_unit": ("互信分", "trust score"),
    "margin_band": ("等效范围（差别小于它不算数）", "equivalence margin (a smaller difference does not matter)"),
    # tables
    "metric": ("指标", "metric"),
    "difference": ("差", "difference"),
    "difference_interval": ("差 [95% 区间]", "difference [95% interval]"),
    "difference_together": ("差 [同时 95% 区间]", "difference [simultaneous 95% interval]"),
    "table_together": ("主要指标（放在一起判断）", "Headline metrics (judged together)"),
    "table_alone": ("其余指标（按单项判断，未作校正，只供探索）", "All other metrics (judged one by one, unadjusted: for exploring)"),
    "table_all": ("全部指标（按单项判断，未作校正）", "All metrics (judged one by one, unadjusted)"),
    "verdict": ("判断", "verdict"),
    "prediction": ("单个门店可能遇到的范围", "one real centre may see"),
    "variance_ratio": ("方差比", "variance ratio"),
    "correlation": ("相关系数", "correlation"),
    "first_13_weeks": ("第 1–13 周", "weeks 1–13"),
    "second_13_weeks": ("第 14–26 周", "weeks 14–26"),
    "fitted_mark": ("† 这一指标的基准值是拟合到给定数字的，不是结果；方案的值是预测。",
                    "† The baseline of this metric was fitted to a given figure and is no result; "
                    "the policy's value is a prediction."),
    # terminal
    "settings_line": ("场景 {title}（{name}）· {replications} 次重复 · 预热 {warmup} 周后计 {weeks} 周 · 种子 {seed}",
                      "scenario {title} ({name}) · {replications} replications · {weeks} weeks after {warmup} "
                      "weeks of warm-up · seed {seed}"),
    "noise_short": (
        "区间只反映模拟的随机误差。{family}单个门店可能遇到的范围见 report.md 和 details.csv。",
        "Intervals are Monte-Carlo noise only. {family} report.md and details.csv have the range that one real centre "
        "may see.",
    ),
    "written_to": ("结果已写入 {folder}", "results written to {folder}"),
    "log_written_to": ("日志已写入 {file}", "log written to {file}"),
    "running": ("运行中", "running"),
    "interrupted": ("已中断，没有写入任何结果。", "Interrupted; nothing was written."),
    "value": ("数值", "value"),
    # report
    "report_title": ("{title}：{baseline}与{policies}的比较", "{title}: {baseline} compared with {policies}"),
    "report_findings": ("结论", "Findings"),
    "report_headline": ("主要指标", "Headline metrics"),
    "report_both": ("代步车和试驾要一起看", "Loaners and test drives belong together"),
    "report_windows": ("按 13 周分段", "By window of 13 weeks"),
    "report_all": ("其余指标", "All other metrics"),
    "report_reading": ("怎样读这些数", "How to read these numbers"),
    "report_known": ("哪些是拟合的，哪些是假设", "What was fitted, and what is assumption"),
    "report_again": ("怎样重跑", "How to run it again"),
    "report_noise": (
        "95% 区间只反映模拟的随机误差：重复次数越多越窄，但并不说明假设是对的。"
        "一家真实的门店在 {weeks} 周里看到的数会散得多，见“单个门店可能遇到的范围”一列。",
        "95 % intervals are Monte-Carlo noise only: more replications make them narrower, and that does not make the "
        "assumptions right. What one real centre sees in {weeks} weeks scatters far more: see the column "
        "“one real centre may see”.",
    ),
    "report_verdicts": (
        "主要指标在运行之前就已列明。它们的 {count} 个差放在一起判断：区间和 p 值取自“最大 t”的同一分布，考虑了各差之间的相关，"
        "{count} 个判断里只要有一个错的机会就不超过 5%。“变好”“变差”是区间不含 0；“持平”是整个区间都在场景给定的等效范围内，"
        "没有给范围的指标不会被判为持平；“尚不确定”不等于没有差别。其余 {rest} 行按单项判断（配对 t 区间；持平为两次单侧检验），"
        "没有作多重比较校正：即使什么都没变，平均每 20 行也会有一行碰巧显得变了，所以只用来找线索，不用来下结论。",
        "Headline metrics are declared before anything is run. Their {count} differences are judged together: intervals "
        "and p-values come from one max-t law that takes the correlation of the differences into account, and the chance "
        "that even one of the {count} verdicts is wrong is at most 5 %. “Better” and “worse” mean that the interval "
        "leaves out 0; “equal within margin” that all of it lies inside the scenario's margin, and a metric without a "
        "margin is never called so; “not yet known” does not mean no difference. The other {rest} rows are judged one by "
        "one (paired t interval; equal by two one-sided tests), not adjusted for their number: even if nothing changed, "
        "one in twenty would look changed by chance. They are for finding questions, not for conclusions.",
    ),
    "report_variance": (
        "方差比说明两个方案共用同一批客户和同样的运气省下多少次重复：等于 10 时，各跑各的要 10 倍的重复次数才有同样窄的区间。"
        "相关系数是同一批客户下两个方案的数同涨同跌的程度，越接近 1，省得越多。空格表示其中一方没有波动。",
        "The variance ratio says what it saves that both policies live with the same customers and the same luck: at "
        "10, independent runs would need 10 times the replications for intervals as narrow. The correlation says how far "
        "both move together with their common customers: the nearer to 1, the more it saves. Empty: one side is constant.",
    ),
    "report_dropped": (
        "{count} 项指标在某些重复里没有定义（例如那段时间没有发生），这些重复成对去掉；每行用了多少次见 details.csv。",
        "{count} metrics are undefined in some replications (nothing of the kind happened); those are left out in "
        "pairs; details.csv has the number used in each row.",
    ),
    "report_inputs": (
        "放进去的数不是结果：机制的规则、时限、金额和人的反应都是输入。每个假设的编号、范围和理由见 "
        "[assumptions.md](../../scenarios/assumptions.md)。",
        "A figure put in is not a result: the rules, limits and sums of mechanisms and people's reactions are inputs. "
        "Every assumption with its number, range and reason is in "
        "[assumptions.md](../../scenarios/assumptions.md).",
    ),
    "report_fitted": ("只有基准方案是拟合的，机制打开后没有再调。拟合到：",
                      "Only the baseline was fitted; nothing was tuned once the mechanisms were on. Fitted to:"),
    "report_fit": ("{label} = {value}（调 `{knob}`）", "{label} = {value} (by `{knob}`)"),
    "report_not_fitted": ("这个场景没有拟合任何数字。", "Nothing was fitted in this scenario."),
    "report_policy": ("{title}（`{name}`）：{mechanisms}", "{title} (`{name}`): {mechanisms}"),
    "report_no_mechanism": ("没有机制", "no mechanism"),
    "report_provenance": (
        "版本、种子和校验值在 [provenance.json](provenance.json)，全部数字在 [table.csv](table.csv) 和 "
        "[details.csv](details.csv)；一次重复（{policy}，第 0 次）的完整日志在 [log.csv.gz](log.csv.gz)。",
        "Versions, seed and checksums are in [provenance.json](provenance.json), all numbers in [table.csv](table.csv) "
        "and [details.csv](details.csv); the whole log of one replication ({policy}, number 0) is in "
        "[log.csv.gz](log.csv.gz).",
    ),
    "chart_two_worlds": ("主要指标的两个世界", "headline metrics in both worlds"),
    "chart_differences": ("各项指标的差", "differences of all metrics"),
    "chart_loaners_and_test_drives": ("代步车与试驾", "loaners and test drives"),
}  # fmt: skip


def label(metric: str, lang: str) -> str:
    """What a manager calls a metric; an unknown metric is called by its name."""
    return _pick(LABELS.get(metric, (metric, metric)), lang)


def short_label(metric: str, lang: str) -> str:
    """The label without what stands in brackets, for sentences."""
    return label(metric, lang).split("（" if lang == "zh" else " (")[0]


def unit(name: str, lang: str) -> str:
    """A unit's name; empty where the label already says it."""
    return _pick(UNITS.get(name, (name, name)), lang)


def text(key: str, lang: str, **words: Any) -> str:
    """A text of TEXTS filled in.

    Raises:
        KeyError: there is no such text, or a word of it is missing.
    """
    return _pick(TEXTS[key], lang).format(**words)


def listed(names: list[str], lang: str) -> str:
    """Names in a row."""
    return ("、" if lang == "zh" else ", ").join(names)


def _pick(pair: tuple[str, str], lang: str) -> str:
    return pair[LANGUAGES.index(lang)]


@dataclass(frozen=True)
class Scale:
    """How the numbers of one row are written: divided by ``factor``, followed by ``unit``."""

    factor: float
    unit: str
    """Behind a value."""
    points: str
    """Behind a difference: a difference of shares is in percentage points."""
    most: int
    """Most decimals."""
    lang: str

    def number(self, value: float, half_width: float = math.nan, signed: bool = False) -> str:
        """A value without its unit; "–" if undefined. Decimals follow the half-width: no false precision."""
        return self._fixed(value, 0 if math.isnan(value) else self.places(value, half_width), signed)

    def value(self, value: float, half_width: float = math.nan) -> str:
        """A value with its unit."""
        return self._joined(self.number(value, half_width), self.unit)

    def difference(self, value: float, half_width: float = math.nan, signed: bool = True) -> str:
        """A signed difference with its unit."""
        return self._joined(self.number(value, half_width, signed), self.points)

    def interval(self, low: float, high: float) -> str:
        """[low, high] without unit, in the decimals of :meth:`estimate`."""
        return self.estimate(math.nan, low, high)[1]

    def estimate(self, value: float, low: float, high: float, unit: bool = False) -> tuple[str, str]:
        """A signed difference and its interval in the same decimals; enough of them to see whether it leaves out 0."""
        if math.isnan(low) or math.isnan(high):
            plain = self.number(value, signed=True)
            return (self._joined(plain, self.points) if unit else plain), "–"
        places = self.places(max(abs(low), abs(high)), (high - low) / 2)
        while (
            low * high > 0 and places < 8 and 0 in (round(low / self.factor, places), round(high / self.factor, places))
        ):
            places += 1
        first = self._fixed(value, places, signed=True)
        between = f"[{self._fixed(low, places)}, {self._fixed(high, places)}]"
        return (self._joined(first, self.points) if unit else first), between

    def places(self, value: float, half_width: float) -> int:
        """Decimals by the Particle Data Group's rule: two digits of a half-width up to 3.54, one of a larger one.

        Never more than the unit's most, unless a small number could not be told from 0.
        """
        scaled, half = abs(value / self.factor), abs(half_width / self.factor)
        most = self.most
        if scaled > 0:
            most = max(most, min(6, -math.floor(math.log10(scaled))))
        if math.isnan(half) or half == 0:
            return most
        # only big sums are rounded to tens or thousands: "96 %" must not become "100 %"
        least = -9 if self.unit in ("元", "yuan") else 0
        return max(least, min(most, -math.floor(math.log10(half / 3.55))))

    def _fixed(self, value: float, places: int, signed: bool = False) -> str:
        if math.isnan(value):
            return "–"
        rounded = round(value / self.factor, places)
        sign = "−" if rounded < 0 else "+" if signed and rounded > 0 else ""
        return f"{sign}{abs(rounded):,.{max(places, 0)}f}"

    def _joined(self, number: str, unit: str) -> str:
        if number == "–" or not unit:
            return number
        return number + unit if unit == "%" else f"{number} {unit}"


def scale(unit_name: str, lang: str, *values: float) -> Scale:
    """The scale for numbers of a unit of about the size of ``values``: big sums in 万元, 亿元 or million yuan."""
    most = MOST_DECIMALS.get(unit_name, 2)
    if unit_name == "share":
        return Scale(0.01, "%", "个百分点" if lang == "zh" else "points", most, lang)
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    if unit_name == "yuan":
        steps = {"zh": [(1e8, "亿元"), (1e4, "万元")], "en": [(1e9, "billion yuan"), (1e6, "million yuan")]}[lang]
        for factor, name in steps:
            if largest >= factor:
                return Scale(factor, name, name, 2, lang)
    name = unit(unit_name, lang)
    return Scale(1.0, name, name, most, lang)


def clipped(value: float, unit_name: str) -> float:
    """An end of a band moved to where the unit ends: no share below 0 %, no negative days."""
    if unit_name == "":
        return value
    low, high = LIMITS.get(unit_name, (0.0, math.inf))
    return min(max(value, low), high) if not math.isnan(value) else value
