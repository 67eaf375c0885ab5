"""Sentences of a sensitivity study, computed from what was found; and the table as it is read."""

import math
from typing import TYPE_CHECKING, Any

from sim.findings import spaced
from sim.metrics import METRICS
from sim.studies.factors import Factor
from sim.studies.sensitivity_table import stage
from sim.studies.tornado import Reading, Swing, Turn
from sim.studies.words_assumptions import assumption_label, group_label
from sim.studies.words_sensitivity import reason, text
from sim.studies.words_values import between, name, valued
from sim.words import Scale, listed, scale, short_label
from sim.words import text as common

if TYPE_CHECKING:
    from sim.studies.sensitivity import Sensitivity

NAMED = 3
"""Assumptions named where the most important ones are."""
NAMED_BEYOND = 8


def sentences(result: "Sensitivity", lang: str) -> list[str]:
    """The findings, one a line."""
    lines = [*_decision(result, lang), *_screening(result, lang), *_sobol(result, lang)]
    if result.found.swings:
        lines += [_null(result, lang), text("caveat", lang)]
    if any(factor.fitted for factor in result.plan.factors):
        lines.append(text("fitted", lang))
    if result.plan.left_out:
        lines.append(text("left_out", lang, n=len(result.plan.left_out), reasons=_reasons(result, lang)))
    return [spaced(line) if lang == "zh" else line for line in lines]


def scale_of(result: "Sensitivity", lang: str) -> Scale:
    """How the metric's numbers are written, by the largest of its levels and differences."""
    values = result.table[[c for c in result.table if c.startswith(("level", "difference"))]].to_numpy(float).ravel()
    return scale(METRICS[result.plan.metric].unit, lang, *(float(value) for value in values))


def verdict_text(verdict: str, lang: str) -> str:
    """A verdict in a word or two."""
    return common(f"verdict_{verdict}", lang)


def turning(result: "Sensitivity") -> list[Swing]:
    """Swings in which the verdict turns, largest first."""
    return [swing for swing in tested(result) if swing.below or swing.above]


def tested(result: "Sensitivity") -> list[Swing]:
    """Swings of assumptions, without the null factor's."""
    return list(result.found.swings[:-1])


def headline(result: "Sensitivity", lang: str) -> str:
    """Whether the decision turns, in one sentence for a chart's title."""
    base, swings, turned = result.found.base, tested(result), turning(result)
    assert base is not None
    if base.verdict == "not_yet_known":
        return text("undecided_title", lang, n=result.plan.replications)
    verdict = verdict_text(base.verdict, lang)
    if not turned:
        return text("turn_none", lang, n=len(swings), verdict=verdict).rstrip("。.")
    names = listed([name(swing.factor, lang, number=False) for swing in turned], lang)
    return text("title_some", lang, n=len(swings), turn=len(turned), verdict=verdict, names=names)


def _decision(result: "Sensitivity", lang: str) -> list[str]:
    base, plan = result.found.base, result.plan
    if base is None:
        return []
    shown, interval = scale_of(result, lang).estimate(*base.difference, unit=True)
    lines = [
        text(
            "decision", lang, label=short_label(plan.metric, lang), policy=result.policy_title[lang],
            baseline=result.baseline_title[lang], difference=shown, interval=interval,
            verdict=verdict_text(base.verdict, lang),
        )
    ]  # fmt: skip
    return [*lines, *_turns(result, base, lang), *_matter(result, lang)]


def _turns(result: "Sensitivity", base: Reading, lang: str) -> list[str]:
    swings, turned = tested(result), turning(result)
    if base.verdict == "not_yet_known":
        return [text("undecided", lang, n=result.plan.replications)]
    verdict = verdict_text(base.verdict, lang)
    if not turned:
        return [text("turn_none", lang, n=len(swings), verdict=verdict)] if swings else []
    counts = {"n": len(swings), "turn": len(turned), "keep": len(swings) - len(turned)}
    lines = [text("turn_some", lang, verdict=verdict, **counts)]
    for swing in turned:
        for side, turn in (("below", swing.below), ("above", swing.above)):
            if turn is not None:
                end = swing.low if side == "below" else swing.high
                wide = turn.to == end.verdict == "not_yet_known" and end.difference[0] * base.difference[0] > 0
                mean = _difference(scale_of(result, lang), end)
                lines.append(
                    _turn(swing.factor, side, turn, lang) + (text("only_wide", lang, mean=mean) if wide else "")
                )
    return lines


def _turn(factor: Factor, side: str, turn: Turn, lang: str) -> str:
    words: dict[str, Any] = {
        "label": name(factor, lang), "value": valued(factor, factor.value, lang),
        "at": turned_at(factor, turn, lang), "to": verdict_text(turn.to, lang),
    }  # fmt: skip
    if factor.whole or not factor.alone:
        return text(f"turn_{side}_{'whole' if factor.alone else 'together'}", lang, **words)
    words["resolution"] = valued(factor, turn.resolution, lang, turn.resolution)
    return text(f"turn_{side}", lang, **words)


def turned_at(factor: Factor, turn: Turn, lang: str) -> str:
    """Where a verdict turns, no finer than it is known."""
    return valued(factor, turn.at, lang, math.nan if factor.whole else turn.resolution)


def _matter(result: "Sensitivity", lang: str) -> list[str]:
    s, found = scale_of(result, lang), []
    for swing in [swing for swing in tested(result) if swing.size > 0][:NAMED]:
        ends = [_difference(s, reading) for reading in (swing.low, swing.high)]
        factor = swing.factor
        low, high = (valued(factor, at, lang) for at in (factor.low, factor.high))
        words = {"label": name(factor, lang), "low": low, "high": high, "first": ends[0], "last": ends[1]}
        found.append(text("matter_one", lang, **words))
    if not found:
        return [text("matter_nothing", lang)] if tested(result) else []
    return [text("matter", lang, items=listed(found, lang) if lang == "zh" else "; ".join(found))]


def _difference(s: Scale, reading: Reading) -> str:
    mean, low, high = reading.difference
    return s.difference(mean, (high - low) / 2)


def _screening(result: "Sensitivity", lang: str) -> list[str]:
    plan, found = result.plan, result.found
    if found.members is None and found.groups is None:
        return []
    swings = {swing.factor.key: swing for swing in found.swings}
    stages = {factor: stage(factor, None, plan, found) for factor in plan.factors}
    screened = {f: s for f, s in stages.items() if s != "group_not_opened"}
    count = lambda *codes: sum(s in codes for s in screened.values())  # noqa: E731
    first = found.groups or found.members
    assert first is not None
    lines = [
        text(
            "screened", lang, total=len(screened), r=first.trajectories, per_point=plan.per_point,
            out=count("stands_out"), noise=count("noise", "group_noise"),
            zero=count("no_effect", "group_no_effect"),
        )
    ]  # fmt: skip
    closed = [factor for factor, s in stages.items() if s == "group_not_opened"]
    if closed:
        groups = listed([group_label(one, lang) for one in dict.fromkeys(factor.group for factor in closed)], lang)
        lines.append(text("not_opened", lang, n=len(closed), groups=groups))
    beyond = [f for f, s in stages.items() if s == "stands_out" and f.key not in swings] if plan.swings else []
    if beyond:
        beyond.sort(key=lambda f: -float(found.members.difference.mu_star[found.members.place(f.key)]))  # type: ignore[union-attr]
        names = listed([name(f, lang) for f in beyond[:NAMED_BEYOND]], lang) + (
            "…" if len(beyond) > NAMED_BEYOND else ""
        )
        lines.append(text("beyond_top", lang, n=len(beyond), names=names))
    lost = [one for one in (found.groups, found.members) if one is not None]
    if sum(one.lost + one.redrawn for one in lost):
        lines.append(text("lost", lang, lost=sum(o.lost for o in lost), redrawn=sum(o.redrawn for o in lost)))
    return lines


def _sobol(result: "Sensitivity", lang: str) -> list[str]:
    found, plan = result.found, result.plan
    if found.indices is None:
        return []
    lines = [text("blocks_lost", lang, n=found.blocks_lost)] if found.blocks_lost else []
    if not (found.indices.total == found.indices.total).all():
        return [*lines, text("sobol_flat", lang)]
    order = sorted(range(len(found.indexed)), key=lambda i: -found.indices.total[i])[:NAMED]  # type: ignore[union-attr]
    items = [
        text(
            "sobol_one", lang, label=name(found.indexed[i], lang), total=f"{found.indices.total[i]:.2f}",
            conf=f"{found.indices.total_conf[i]:.2f}",
        )
        for i in order
    ]  # fmt: skip
    first = min(max(float(found.indices.first.sum()), 0.0), 1.0)
    rough = text("rough", lang) if plan.samples < 512 else ""
    words = {"n": plan.samples, "rough": rough, "items": listed(items, lang), "first": f"{first:.0%}"}
    return [text("sobol", lang, **words), *lines]


def _null(result: "Sensitivity", lang: str) -> str:
    """The null factor is read by nobody: under shared luck its two ends give the very same runs."""
    null, base = result.found.swings[-1], result.found.base
    same = all(reading == base or _same(reading, base) for reading in (null.low, null.high))
    return text("null_exact" if same else "null_broken", lang)


def _same(a: Reading, b: Reading | None) -> bool:
    return b is not None and (a.difference == b.difference or math.isnan(a.difference[0]))


def _reasons(result: "Sensitivity", lang: str) -> str:
    codes = [one.reason for one in result.plan.left_out]
    form = "{n} {why}" if lang == "en" else "{why}（{n} 条）"
    return listed([form.format(n=codes.count(code), why=reason(code, lang)) for code in dict.fromkeys(codes)], lang)


def left_out_section(result: "Sensitivity", lang: str) -> str:
    """Markdown: each assumption left out, with the reason."""
    if not result.plan.left_out:
        return ""
    head = [text("assumption", lang), text("reason", lang)]
    rows = [
        [f"{one.assumption} {assumption_label(one.key, lang)} (`{one.key}`)",
         reason(one.reason, lang) + (f": {one.en}" if one.en and lang == "en" else f"：{one.zh}" if one.zh else "")]
        for one in result.plan.left_out
    ]  # fmt: skip
    lines = ["| " + " | ".join(row) + " |" for row in (head, ["---", "---"], *rows)]
    return f"\n## {text('left_out_title', lang)}\n\n" + "\n".join(lines) + "\n"


def shown(result: "Sensitivity", lang: str) -> tuple[list[str], list[list[str]]]:
    """Assumptions run at both ends, those that stand out, those with indices, and the null row."""
    plan, found, s = result.plan, result.found, scale_of(result, lang)
    keys = ("assumption", "value", "range", "mu_star", "at_low", "at_high", "verdicts", "turns_at", "total")
    factors = {factor.key: factor for factor in (*plan.factors, plan.null)}
    swings = {swing.factor.key: swing for swing in found.swings}
    stages = ("both_ends", "stands_out", "null")
    rows = [
        row for row in result.table.to_dict("records")
        if row["stage"] in stages or (row["left_out"] == "" and (len(factors) < 20 or row["ST"] == row["ST"]))
    ]  # fmt: skip
    body = [_line(row, factors[row["key"]], swings.get(row["key"]), found.base, s, lang) for row in rows]
    used = [i for i in range(len(keys)) if i < 3 or any(line[i] not in ("", "–") for line in body)]
    return [text(keys[i], lang) for i in used], [[line[i] for i in used] for line in body]


def _line(
    row: dict[str, Any], factor: Factor, swing: Swing | None, base: Reading | None, s: Scale, lang: str
) -> list[str]:
    effect, conf, floor = row["mu_star"], row["mu_star_conf"], row["noise_floor"]
    morris = "–"
    if effect == effect:
        conf = conf if conf > 0 else math.nan
        open_, close = ("（", "）") if lang == "zh" else (" (", ")")
        morris = f"{s.number(effect, conf)}{open_}{s.number(floor, conf) if floor else 0}{close}"
    ends, verdicts, turns = ["–", "–"], "–", "–"
    if swing is not None and base is not None:
        ends = [" ".join(s.estimate(*reading.difference)) for reading in (swing.low, swing.high)]
        verdicts = " / ".join(verdict_text(one.verdict, lang) for one in (swing.low, base, swing.high))
        turns = turn_cell(swing, lang)
    total = f"{row['ST']:.2f} ± {row['ST_conf']:.2f}" if row["ST"] == row["ST"] else "–"
    own = [name(factor, lang), valued(factor, factor.value, lang), between(factor, lang)]
    return [*own, morris, *ends, verdicts, turns, total]


def turn_cell(swing: Swing, lang: str) -> str:
    """Both turning values of a swing in a few words."""
    both = [(side, turn) for side, turn in (("below", swing.below), ("above", swing.above)) if turn is not None]
    if swing.factor.alone:
        cells = [text(f"turn_cell_{side}", lang, at=turned_at(swing.factor, turn, lang)) for side, turn in both]
    else:
        cells = [text(f"way_{side}", lang, share=f"{abs(turn.at):.0%}") for side, turn in both]
    return listed(cells, lang) if cells else text("no_turn", lang)
