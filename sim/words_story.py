"""Words of a customer's story, in Chinese and English."""

import math

from sim.findings import spaced
from sim.stories import Moment, Told

EVENTS: dict[str, tuple[str, str]] = {
    "booked": ("来电预约（{note}）", "calls for an appointment ({note})"),
    "dropped_off": ("交车到店，顾问答应第 {promise:.0f} 天交车", "hands the car in and is promised day {promise:.0f}"),
    "line_due": ("要用的配件 {item} 不在货架上", "part {item} is not on the shelf"),
    "front_desk_told": ("前台才知道缺件（配件部门知道后 {number:.0f} 个营业小时）", "the front desk learns of it ({number:.0f} open hours after parts)"),
    "urgent_asked": ("服务请配件部门加急：{note}", "service asks parts to speed it up: {note}"),
    "transfer": ("从{note}调拨 {item}", "{item} is fetched from {note}"),
    "line_arrived": ("配件 {item} 到货，等了 {days:.1f} 天", "part {item} is there after {days:.1f} days"),
    "went_home": ("车先开回家等件", "the car goes home to wait"),
    "came_back": ("车再次到店", "the car comes back"),
    "bay_taken": ("上工位，排队 {number:.1f} 小时", "on a bay after {number:.1f} hours in the queue"),
    "bay_left": ("下工位，占用 {number:.1f} 个营业小时", "off the bay after {number:.1f} open hours"),
    "ticket": ("请教技术支持，{number:.1f} 小时后答复", "asks technical support, answered in {number:.1f} hours"),
    "rework": ("返工 {number:.1f} 小时", "work done again, {number:.1f} hours"),
    "promise_passed": ("答应的时间过了，车没好（原因：{note}）", "the promise passes unmet (cause: {note})"),
    "loaner_asked": ("申请代步车：{note}", "asks for a loaner: {note}"),
    "claim_opened": ("部门之间起争议（{note}）", "the departments fall out ({note})"),
    "claim_met": ("为争议碰头（第 {number:.0f} 级）", "they meet on it (level {number:.0f})"),
    "claim_raised": ("争议上升到第 {number:.0f} 级", "the dispute goes up to level {number:.0f}"),
    "claim_settled": ("争议在第 {number:.0f} 级谈妥", "settled at level {number:.0f}"),
    "ready": ("修好", "the work is done"),
    "handed_over": ("提车（{kept}）", "picks the car up ({kept})"),
    "goodwill": ("付善意补偿 {number:,.0f} 元", "goodwill of {number:,.0f} yuan is paid"),
    "survey": ("回访打 {number:.0f} 分", "answers the survey: {number:.0f}"),
    "experience": ("心里的分数 {number:.1f}", "would give {number:.1f}"),
    "churned": ("以后不来了", "will not come again"),
    "referred": ("介绍了一位朋友", "brings a friend"),
    "asked_for_friend": ("顾问请他推荐朋友", "is asked for a friend's name"),
    "gift": ("收到 {number:.0f} 元的礼品", "gets a gift of {number:.0f} yuan"),
}  # fmt: skip
NOTES: dict[str, tuple[str, str]] = {
    "parts": ("缺件", "parts"), "bay": ("等工位", "bay"), "support": ("等技术支持", "support"),
    "dispute": ("等争议", "dispute"), "refused": ("没给", "refused"), "granted": ("给了", "granted"),
    "process": ("按流程加急", "by process"), "favour": ("帮忙想办法", "a favour"), "transfer": ("调拨", "transfer"),
    "broken_promise": ("失约", "a broken promise"), "urgent_part": ("加急被拒", "an urgent part refused"),
    "car": ("一台车两家要", "a car"), "goodwill": ("补偿谁出钱", "goodwill"), "body": ("钣喷", "body work"),
    "maintenance": ("保养", "maintenance"), "mechanical": ("机电", "mechanical"), "diagnosis": ("诊断", "diagnosis"),
    "sister 1": ("兄弟门店 1", "sister centre 1"), "sister 2": ("兄弟门店 2", "sister centre 2"), "rework": ("返工", "rework"),
}  # fmt: skip
SPANS = {
    "parts": ("等配件", "waits for parts"), "home": ("车在家等", "car at home"), "bay": ("在工位", "on a bay"),
    "dispute": ("部门争议", "dispute"),
}  # fmt: skip


def moment_text(moment: Moment, told: Told, lang: str) -> str:
    """What happened, in words."""
    note = NOTES[moment.note][lang == "en"] if moment.note in NOTES else moment.note
    if moment.event == "booked":
        note = NOTES[moment.item][lang == "en"] if moment.item in NOTES else moment.item
    kept = {"zh": ("按时", "晚了"), "en": ("in time", "late")}[lang][0 if moment.number else 1]
    words = {
        "note": note, "item": moment.item, "number": moment.number, "days": moment.number / 24, "kept": kept,
        "promise": math.floor(told.promised_day) + 1 if not math.isnan(told.promised_day) else math.nan,
    }  # fmt: skip
    return spaced(EVENTS[moment.event][lang == "en"].format(**words))


def when(moment: Moment, lang: str) -> str:
    """Day and hour: the day of the drop-off is day 1."""
    hour = f"{int(moment.clock % 24):02d}:{int(moment.clock % 1 * 60):02d}"
    day = day_number(moment.clock, moment.clock - moment.day * 24)
    if day < 1:
        return f"到店前 {1 - day} 天 {hour}" if lang == "zh" else f"{1 - day} days before {hour}"
    return f"第 {day} 天 {hour}" if lang == "zh" else f"day {day} {hour}"


def day_number(clock: float, start: float) -> int:
    """Calendar day, 1 on the day of the drop-off."""
    return int(clock // 24) - int(start // 24) + 1


def summary(told: Told, title: str, lang: str) -> str:
    """The whole story in a sentence."""
    if math.isnan(told.handed_over_day):
        return f"{title}：到运行结束还没有提车" if lang == "zh" else f"{title}: not picked up when the run ends"
    clock = told.dropped_off_at + told.handed_over_day * 24
    day = day_number(clock, told.dropped_off_at)
    promised = day_number(told.dropped_off_at + told.promised_day * 24, told.dropped_off_at)
    money = f"{told.goodwill_yuan:,.0f}", f"{told.cost_yuan:,.0f}"
    if lang == "zh":
        return spaced(
            f"{title}：答应第{promised}天，第{day}天提车，{told.score:.0f}分，补偿{money[0]}元，额外花费共{money[1]}元"
        )
    return (
        f"{title}: promised for day {promised}, picked up on day {day}, score {told.score:.0f}, goodwill {money[0]} yuan, "
        f"{money[1]} yuan of extra cost in all"
    )


def finding(stories: list[Told], titles: dict[str, dict[str, str]], lang: str) -> str:
    """The title of the picture: the same customer, policy by policy."""
    parts = []
    for told in stories:
        if math.isnan(told.handed_over_day):
            parts.append(summary(told, titles[told.policy][lang], lang))
            continue
        day = day_number(told.dropped_off_at + told.handed_over_day * 24, told.dropped_off_at)
        name = titles[told.policy][lang]
        parts.append(
            f"{name}下第{day}天提车、得{told.score:.0f}分" if lang == "zh"
            else f"day {day} and a score of {told.score:.0f} under {name}"
        )  # fmt: skip
    head = "同一位客户：" if lang == "zh" else "The same customer: "
    return spaced(head + ("；" if lang == "zh" else "; ").join(parts))


def footnote(title: dict[str, str], name: str, seed: int, replication: int, lang: str) -> str:
    """What the story rests on."""
    if lang == "zh":
        return (
            f"场景：{title['zh']}（{name}），种子 {seed}，第 {replication} 次重复。"
            "各方案下客户、车、配件需求和运气相同，只有部门的做法不同。这是一次个案，不是平均。"
        )
    return (
        f"Scenario: {title['en']} ({name}), seed {seed}, replication {replication}. "
        "Customer, car, needs and luck are the same under each policy; only what departments do differs. One case, no mean."
    )
