"""Words that all studies share, in Chinese and English."""

from typing import Any

TEXTS: dict[str, tuple[str, str]] = {
    "failed": (
        "有 {count} 次重复运行失败，没有计入。第一次：种子 {seed}，第 {replication} 次重复（{error}）。"
        "单独重跑：{command}",
        "{count} replications failed and are left out. The first: seed {seed}, replication {replication} ({error}). "
        "Alone: {command}",
    ),
    "laws_broken": (
        "有 {count} 次运行违反了模型自身的守恒规律，结果不可信；请用 sim compare 查看可信度检查",
        "{count} runs break an exact law of the model: do not trust the result; sim compare shows the trust panel",
    ),
    "shown_sheet": ("结果", "Result"),
    "numbers_sheet": ("全部数字", "All numbers"),
    "about_sheet": ("来源", "Where it comes from"),
    "findings": ("结论", "Findings"),
}


def text(key: str, lang: str, **values: Any) -> str:
    """A text in a language ("zh" or "en"), filled in."""
    return TEXTS[key][lang == "en"].format(**values)
