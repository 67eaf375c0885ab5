"""Words of the scoreboard in Chinese and English; labels of metrics are in sim/words.py."""

from typing import Any

from sim.words import LANGUAGES

TEXTS: dict[str, tuple[str, str]] = {
    "dept_service": ("服务部", "service"),
    "dept_parts": ("配件部", "parts"),
    "dept_sales": ("销售部", "sales"),
    "dept_finance": ("财务部", "finance"),
    "dept_support": ("技术支持", "technical support"),
    "dept_kpi": ("{department}·{label}", "{department}: {label}"),
    "kpi_of": ("{department}的{label}（{difference}，95% 区间 {interval}）",
               "{label} of {department} ({difference}, 95% interval {interval})"),
    "of_policy": ("{policy}：{text}", "{policy}: {text}"),
    "win_all_gain": ("双赢：没有一个部门变差；变好的有{names}",
                     "a win-win: no department is worse; better are {names}"),
    "win_harm": ("不是双赢：{names}变差", "not a win-win: worse is {names}"),
    "win_open": ("是否双赢尚不确定，还不能排除变差的有{names}",
                 "not yet known whether it is a win-win; a loss cannot be ruled out for {names}"),
    "win_nothing": ("不是双赢：没有部门变差，也没有哪项确定变好{names}",
                    "not a win-win: no department is worse, and none is surely better{names}"),
    "win_no_data": ("没有任何部门指标，无法判断是否双赢{names}", "no department's figure is there to judge by{names}"),
    "kpi": ("部门指标", "department's figure"),
    "difference": ("差 [单项 95% 区间]", "difference [its own 95% interval]"),
    "judged": (
        "区间和“不会变差”按单项判断：双赢要求项项通过，不需要再校正。主要指标是变好还是变差，与其他主要指标放在一起判断，更严。",
        "Intervals, and whether a figure is no worse, are each figure's own: a win-win asks that all pass, which needs no "
        "adjustment. Whether a headline metric is better or worse is judged together with the others, which is stricter.",
    ),
    "margin": ("等效范围", "margin"),
    "verdict": ("判断", "verdict"),
    "verdict_better": ("变好", "better"),
    "verdict_worse": ("变差", "worse"),
    "verdict_equal": ("持平", "equal within margin"),
    "verdict_same": ("完全不变", "no change at all"),
    "verdict_not_yet_known": ("尚不确定", "not yet known"),
    "verdict_no_worse": ("不会变差", "no worse"),
    # chart
    "axis": ("与{baseline}之差，按等效范围的倍数，向右为变好", "difference from {baseline} in margins, to the right is better"),
    "inside": ("等效范围（差别小于它不算数）", "equivalence margin (a smaller difference does not matter)"),
    "beyond": ("超出 {most} 倍，画到边上为止", "beyond {most} margins, drawn up to the edge"),
    "no_margin": ("没有给出等效范围", "no margin given"),
    # report
    "report_title": ("双赢记分牌：各部门自己的指标", "Win-win scoreboard: each department's own figures"),
    "report_how": (
        "双赢的条件是：每个部门的每项指标，改善幅度的单侧 95% 下限都高于“负的等效范围”，并且至少有一项变好。“尚不确定”不算双赢；"
        "“不会变差”是指看不出是否变好，但变差超过等效范围已可排除。等效范围写在场景的 `[study.margins]`，可以改成本店的；"
        "改了它，判断就可能改变。成交和线索背后的转化概率是输入，不是结果。区间和“不会变差”的检验每项按单项做：只有项项通过才算双赢，这样的要求不需要再作校正（交并检验，Berger 1982）。"
        "主要指标的“变好”“变差”与上面的表一致（放在一起判断，更严）；其余指标的按单项判断，未作校正。"
        "全部数字在 [scoreboard.csv](scoreboard.csv)。",
        "A win-win asks that of every figure of every department the one-sided 95 % lower bound of the improvement lies "
        "above minus its margin, and that at least one is better. “Not yet known” is no win-win; “no worse” means "
        "that a gain is not shown, but a loss of more than the margin is ruled out. Margins stand in the scenario's "
        "`[study.margins]`; put in your own, and the verdict may change. The chances behind leads and deals are inputs, "
        "not results. Intervals and the test of “no worse” are each figure's own: only if all pass is it a win-win, and what "
        "asks that of all needs no adjustment (intersection-union test, Berger 1982). “Better” and “worse” of headline "
        "metrics are those of the table above, judged together, which is stricter; of the others they are judged one by "
        "one, unadjusted. All numbers are in [scoreboard.csv](scoreboard.csv).",
    ),
    "chart": ("各部门指标的双赢记分牌", "win-win scoreboard of the departments"),
}  # fmt: skip


def text(key: str, lang: str, **words: Any) -> str:
    """A text of TEXTS filled in.

    Raises:
        KeyError: there is no such text, or a word of it is missing.
    """
    return TEXTS[key][LANGUAGES.index(lang)].format(**words)
