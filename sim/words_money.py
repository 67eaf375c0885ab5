"""Words of the money side in Chinese and English, as a head of finance would put them."""

from typing import Any

from sim.words import LANGUAGES

TEXTS: dict[str, tuple[str, str]] = {
    "basis": (
        "口径：全公司的钱，{year} 年价格，年折现率 {rate}，期限 {horizon} 周（{how}）",
        "basis: the company's money, prices of {year}, discount rate {rate} a year, horizon {horizon} weeks ({how})",
    ),
    "window_only": ("只算模拟的这些周，不外推", "only the weeks simulated, nothing extrapolated"),
    "cut": ("短于模拟的 {counted} 周，之后的不计", "shorter than the {counted} weeks simulated; the rest is left out"),
    "carried": (
        "模拟了 {counted} 周，其后按最后 13 周的周均值外推，等于假设机制不衰减",
        "{counted} weeks simulated, then the mean week of the last 13 carried on, which supposes no decay",
    ),
    "of_policy": ("{policy}：{text}", "{policy}: {text}"),
    # readings
    "reading": ("算法", "reading"),
    "reading_margin": ("按毛利", "on margin"),
    "reading_revenue": ("留住客户按营收（文章的算法）", "kept customers at revenue (the article's way)"),
    "reading_without_hours": ("按毛利，人工时不计钱", "on margin, people's hours without a price"),
    "reading_savings_only": ("只算省下的成本", "savings alone, no deals, no customers"),
    # columns
    "npv": ("净现值 [95% 区间]", "net present value [95% interval]"),
    "npv_one_centre": ("单个门店可能遇到的范围", "one real centre may see"),
    "npv_above_0": ("净现值大于 0 的次数占比 [95% 区间]", "share of replications above 0 [95% interval]"),
    "payback_month": ("回本月（4 周为 1 个月）", "payback month (of 4 weeks)"),
    "paid_back": ("期限内回本的次数占比 [95% 区间]", "share that pays back in time [95% interval]"),
    "roi": ("回报倍数＝收益 ÷ 投入 [95% 区间]", "benefit over outlay [95% interval]"),
    "roi_net": ("净回报倍数＝（收益 − 投入）÷ 投入", "net: (benefit − outlay) over outlay"),
    "bar": ("{bar} 倍门槛", "bar of {bar}"),
    "bar_passed": ("通过", "passed"),
    "bar_failed": ("未通过", "failed"),
    "bar_not_yet_known": ("尚不确定", "not yet known"),
    "bar_undefined": ("无法计算（没有确定的净投入）", "undefined (no sure extra outlay)"),
    "undefined": ("无法计算", "undefined"),
    "nothing_to_pay": ("没有收支变动，谈不上回本", "nothing moved, so nothing to pay back"),
    "not_in_time": ("期限内未回本", "not within the horizon"),
    "times": ("{value} 倍 {interval}", "{value} {interval}"),
    # parts
    "part": ("构成（折现值，负数为多花或少收）", "made of (present values, negative: spent more or earned less)"),
    "yuan_interval": ("金额 [95% 区间]", "amount [95% interval]"),
    "flow_mechanism": ("投入：机制对外费用", "outlay: bills of mechanisms"),
    "flow_meetings": ("投入：机制的会议工时", "outlay: hours of mechanisms' meetings"),
    "flow_freight": ("投入：调件与急件运费", "outlay: freight of transfers and rush orders"),
    "flow_loaner_running": ("投入：借出车的损耗与运行", "outlay: wear and running of lent cars"),
    "flow_cleaning": ("投入：还车后的清洗检查", "outlay: wash and inspection after loans"),
    "flow_goodwill": ("节省：善意补偿", "saving: goodwill"),
    "flow_holding": ("节省：库存占用资金", "saving: holding stock"),
    "flow_obsolescence": ("节省：呆滞贬值", "saving: obsolescence"),
    "flow_disputes": ("节省：处理争议的工时", "saving: hours in disputes"),
    "flow_rework": ("节省：返工工时", "saving: rework"),
    "flow_deals": ("收益：多成交的毛利", "gain: margin of further deals"),
    "flow_customers_lost": ("收益：少流失客户的毛利", "gain: margin of customers kept"),
    "budget_service": ("预算：服务部（含付给销售部的内部结算）", "budget: service (with what it pays sales)"),
    "budget_parts": ("预算：配件部", "budget: parts"),
    "budget_sales": ("预算：销售部（含收到的内部结算）", "budget: sales (with what it is paid)"),
    "budget_all": ("预算：各部门的工时", "budget: hours of all departments"),
    "transfer_service_to_sales": ("内部结算：服务部付给销售部（公司层面抵消）",
                                  "transfer: service pays sales (nothing to the company)"),
    # sentences
    "line_npv": (
        "净现值（按毛利）{npv} {interval}，{share} 的重复大于 0 {share_interval}；{payback}",
        "net present value (on margin) {npv} {interval}; above 0 in {share} of replications {share_interval}; "
        "{payback}",
    ),
    "line_payback": ("第 {month} 个月（4 周为 1 个月）回本", "pays back in month {month} (of 4 weeks)"),
    "line_roi": ("回报倍数：按毛利 {margin}，按文章的算法（营收）{revenue}；{bars}",
                 "benefit over outlay: on margin {margin}, the article's way (revenue) {revenue}; {bars}"),
    "line_bar": ("{bar} 倍门槛：按毛利{margin}，按营收{revenue}", "bar of {bar}: {margin} on margin, {revenue} on revenue"),
    "even_margin_per_deal": (
        "每多成交一台的毛利降到 {value}，净现值即为 0（现按 {now}）",
        "the net present value is 0 at a margin of {value} per further deal (now {now})",
    ),
    "even_margin_per_deal_below": (
        "即使多成交一台的毛利按 0 算，净现值的均值仍为正", "even at no margin at all per further deal its mean stays above 0"
    ),
    "even_kept_customer": (
        "每留住一位客户的价值为 {value} 时，净现值为 0（现按 {now}）",
        "the net present value is 0 at {value} per customer kept (now {now})",
    ),
    "even_kept_customer_below": (
        "即使留住一位客户按 0 算，净现值的均值仍为正", "even at nothing per customer kept its mean stays above 0"
    ),
    "even_customers_kept": (
        "若其他效果都为 0，期限内要少流失 {value} 位客户才够抵投入",
        "with all other effects at 0, {value} fewer customers lost over the horizon would pay the outlay",
    ),
    "even_deals": (
        "若其他效果都为 0，期限内要多成交 {value} 台才够抵投入",
        "with all other effects at 0, {value} more deals over the horizon would pay the outlay",
    ),
    # report
    "report_title": ("这笔钱值不值得花", "Is the money well spent"),
    "report_even": ("不赚不赔的临界点", "Where it breaks even"),
    "report_how": (
        "收益是比基准方案少花的（补偿、库存占用、呆滞、争议和返工工时）加上多赚的（多成交、少流失），投入是机制让公司多花的；"
        "每次重复成对相减再折现。客户和成交的单价是假设，不是结果（`[finance]`，A-330 起）；流失和成交背后的概率也是输入。"
        "工时折成的钱不是现金，另有一行不计。文章按营收算留住的客户、并且不减投入，所以两种算法并列；成交在两种算法里都按毛利。"
        "门槛按区间判断：下限过线才算通过。部门之间的内部结算在公司层面抵消，只列在各部门预算里。全部数字在 [money.csv](money.csv)。",
        "Benefit is what is spent less than under the baseline (goodwill, stock, obsolescence, hours in disputes and "
        "rework) plus what is earned more (deals, customers kept); outlay is what mechanisms make the company spend "
        "more; both paired by replication and discounted. Prices of customers and deals are assumptions, not results "
        "(`[finance]`, from A-330), and the chances behind them are inputs too. Hours are no cash; one row leaves them "
        "out. The article counts a kept customer's revenue, not net of the outlay, so both ways stand side by side; deals are at their margin in both. A bar is passed "
        "when the interval's lower end is. What departments pay one another is no money of the company and shows in "
        "their budgets only. All numbers are in [money.csv](money.csv).",
    ),
}  # fmt: skip


def text(key: str, lang: str, **words: Any) -> str:
    """A text of TEXTS filled in.

    Raises:
        KeyError: there is no such text, or a word of it is missing.
    """
    return TEXTS[key][LANGUAGES.index(lang)].format(**words)
