"""What the study of the best bundle says: sentences, and the table as it is read."""

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.metrics import METRICS
from sim.studies.words_best import text
from sim.words import listed, scale, short_label
from sim.words_scoreboard import text as of_scoreboard

if TYPE_CHECKING:
    from sim.studies.best import BestBundle
    from sim.studies.constraints import Limit

Row = dict[str, Any]


def value(metric: str, mean: float, low: float, high: float, lang: str) -> tuple[str, str]:
    """A mean with its unit, and its interval."""
    s = scale(METRICS[metric].unit, lang, mean)
    half = (high - low) / 2
    return s.value(mean, half), f"[{s.number(low, half)}, {s.number(high, half)}]" if half == half else "–"


def difference(metric: str, row: Row, prefix: str, lang: str) -> tuple[str, str]:
    """A difference with its unit, and its interval, out of three columns of a row."""
    ends = prefix or "difference_"
    mean, low, high = row[f"{prefix}difference"], row[f"{ends}low"], row[f"{ends}high"]
    return scale(METRICS[metric].unit, lang, mean, low, high).estimate(mean, low, high, unit=True)


def amount(metric: str, size: float, lang: str) -> str:
    """A difference that counts, such as δ or a tolerance: no sign."""
    s = scale(METRICS[metric].unit, lang, size)
    return _typed(size, s.factor, s.points)


def _typed(size: float, factor: float, unit: str, signed: bool = False) -> str:
    """A number as it was typed: it is exact, so it has the decimals it was given."""
    shown = f"{size / factor:{'+' if signed else ''},.10g}".replace("-", "−")
    return shown + unit if unit in ("%", "") else f"{shown} {unit}"


def limit_words(limit: "Limit", lang: str) -> str:
    """A limit as a manager reads it."""
    label, sign = short_label(limit.metric, lang), {"<=": "≤", ">=": "≥"}[limit.sign]
    if limit.relative and limit.value == 0:
        return text("limit_baseline", lang, label=label, sign=f" {sign}" if lang == "zh" else sign)
    s = scale(METRICS[limit.metric].unit, lang, limit.value)
    shown = _typed(limit.value, s.factor, s.points if limit.relative else s.unit, limit.relative)
    return text("limit_relative" if limit.relative else "limit", lang, label=label, sign=sign, value=shown)


def answer(result: "BestBundle", lang: str) -> str:
    """Findings: the bundle, the guarantee or what it fails on, a simpler one, who pays, how the error is shared."""
    lines = [_found(result, lang), _guarantee(result, lang)]
    if not result.question.delta_given:
        q = result.question
        label = short_label(q.objective, lang)
        lines.append(text("delta_margin", lang, delta=amount(q.objective, q.delta, lang), label=label))
    lines += [_tally(result, lang), *_simpler(result, lang), *_worst(result, lang), _errors(result, lang)]
    return "\n".join(lines)


def extreme(result: "BestBundle", lang: str) -> str:
    """Highest or lowest."""
    return text("highest" if result.question.maximise else "lowest", lang)


def _found(result: "BestBundle", lang: str) -> str:
    row, q, count = result.best, result.question, len(result.table)
    if row is None:
        return text("nothing", lang, count=count)
    sure = result.selection.guaranteed
    shown, between = value(q.objective, row["mean"], row["low"], row["high"], lang)
    bundle = row[f"title_{lang}"]
    return text(
        "found" if sure else "leads", lang, count=count,
        keeping=text("keeping" if sure else "surely_keeping", lang) if result.limits else "",
        label=short_label(q.objective, lang), extreme=extreme(result, lang), value=shown, interval=between,
        bundle=f"“{bundle}”" if lang == "en" else bundle,
    )  # fmt: skip


def _guarantee(result: "BestBundle", lang: str) -> str:
    q, found = result.question, result.selection
    delta = amount(q.objective, q.delta, lang)
    if found.guaranteed:
        within = text("sure_within", lang, tolerances=_tolerances(result, lang)) if result.limits else ""
        return text("sure", lang, sure=percent(1 - q.alpha), delta=delta,
                    keeping=text("sure_keeping", lang) if result.limits else "", within=within)  # fmt: skip
    statuses = list(found.status)
    undecided, survivors = statuses.count("undecided"), statuses.count("survivor")
    why = found.why
    if why == "capped" and not survivors:
        reason = text("why_unconfirmed", lang, most=q.most)
    elif why == "capped":
        reason = text("why_capped", lang, most=q.most, count=survivors + 1)
    else:
        reason = text(f"why_{why}", lang, most=q.most, count=undecided, delta=delta)
    return text("unsure", lang, why=reason)


def percent(share: float) -> str:
    """A chance such as 95 %, without digits it does not need."""
    return f"{100 * share:.4g}%"


def _tolerances(result: "BestBundle", lang: str) -> str:
    own = [one for one in result.limits if not one.department]
    parts = [f"{short_label(one.metric, lang)} {amount(one.metric, one.tolerance, lang)}" for one in own]
    if any(one.department for one in result.limits):
        parts.append(text("department_tolerance", lang))
    return ("；" if lang == "zh" else "; ").join(parts)


def _tally(result: "BestBundle", lang: str) -> str:
    statuses = list(result.selection.status)
    kinds = [kind for kind in ("best", "survivor", "beaten", "infeasible", "undecided") if kind in statuses]
    parts = listed([text(f"tally_{kind}", lang, count=statuses.count(kind)) for kind in kinds], lang)
    return text("tally", lang, total=len(statuses), parts=parts)


def _simpler(result: "BestBundle", lang: str) -> list[str]:
    """A smaller bundle that keeps the limits and whose loss is within δ by its whole interval."""
    best, q = result.best, result.question
    if best is None:
        return []
    sign = 1.0 if q.maximise else -1.0
    known = np.all(result.selection.kept, axis=1)
    rows = [result.row(i) for i in range(len(result.table)) if known[i]]
    near = [
        row for row in rows
        if row["size"] < best["size"]
        and min(sign * row["difference_low"], sign * row["difference_high"]) >= -q.delta
    ]  # fmt: skip
    if not near:
        return []
    row = min(near, key=lambda one: (one["size"], -sign * one["mean"]))
    shown, between = difference(q.objective, row, "", lang)
    title = row[f"title_{lang}"]
    return [text("simpler", lang, bundle=title if lang == "zh" else f"“{title}”", size=row["size"], difference=shown,
                 interval=between, delta=amount(q.objective, q.delta, lang))]  # fmt: skip


def _worst(result: "BestBundle", lang: str) -> list[str]:
    row = result.best
    if row is None or not row["worst_metric"]:
        return []
    return [text("worst", lang, figure=worst_words(row, lang))]


def worst_words(row: Row, lang: str) -> str:
    """The department's figure that comes off worst; "–" if none can lose."""
    if not row["worst_metric"]:
        return "–"
    shown, between = difference(row["worst_metric"], row, "worst_", lang)
    return of_scoreboard("kpi_of", lang, department=of_scoreboard(f"dept_{row['worst_department']}", lang),
                         label=short_label(row["worst_metric"], lang), difference=shown, interval=between)  # fmt: skip


def _errors(result: "BestBundle", lang: str) -> str:
    q, count = result.question, len(result.table)
    limits = len(result.limits)
    return text(
        "errors", lang, alpha=percent(q.alpha), parts=max(count - 1 + limits, 1), rivals=count - 1, limits=limits,
        share=f"{100 * result.selection.error:.2g}%", first=q.first, runs=int(result.selection.used.sum()),
    )  # fmt: skip


def shown(result: "BestBundle", lang: str) -> tuple[list[str], list[list[str]]]:
    """The table as it is read: the best first, then by result and by how far off."""
    q = result.question
    own = [at for at, one in enumerate(result.limits) if not one.department]
    departments = [at for at, one in enumerate(result.limits) if one.department]
    head = [text(key, lang) for key in ("bundle", "size", "status", "replications")]
    head += [text("estimate", lang, label=short_label(q.objective, lang)), text("difference", lang)]
    head += [limit_words(result.limits[at], lang) for at in own]
    head += [text("departments", lang)] if departments else []
    head.append(text("worst_head", lang))
    return head, [_line(result, number, own, departments, lang) for number in order(result)]


def order(result: "BestBundle") -> list[int]:
    """Rows as they are read: chosen, not separated, not yet known, beaten, infeasible; better ones first."""
    ranks = {kind: at for at, kind in enumerate(("best", "survivor", "undecided", "beaten", "infeasible"))}
    sign = -1.0 if result.question.maximise else 1.0
    statuses, means = result.selection.status, list(result.table["mean"])
    return sorted(range(len(statuses)), key=lambda i: (ranks[statuses[i]], sign * means[i], i))


def _line(result: "BestBundle", number: int, own: list[int], departments: list[int], lang: str) -> list[str]:
    from sim.studies.best import column_of

    row, metric = result.row(number), result.question.objective
    shown_value, between = value(metric, row["mean"], row["low"], row["high"], lang)
    away = (
        "–"
        if row["status"] == "best" or row["difference"] != row["difference"]
        else " ".join(difference(metric, row, "", lang))
    )
    cells = [row[f"title_{lang}"], str(row["size"]), text(f"status_{row['status']}", lang, n=row["left_at"]),
             str(row["replications"]), f"{shown_value} {between}", away]  # fmt: skip
    cells += [_limit_cell(row, column_of(result.limits, at), result.limits[at], lang) for at in own]
    if departments:
        verdicts = [row[f"{column_of(result.limits, at)}_verdict"] for at in departments]
        worst = next((kind for kind in ("broken", "open") if kind in verdicts), "kept")
        cells.append(text(f"verdict_{worst}", lang))
    return [*cells, worst_words(row, lang)]


def _limit_cell(row: Row, name: str, limit: "Limit", lang: str) -> str:
    """A limit's figure with its interval and its verdict."""
    mean, low, high = (row[f"{name}_{end}"] for end in ("mean", "low", "high"))
    if limit.relative:
        figure = scale(METRICS[limit.metric].unit, lang, mean, low, high).estimate(mean, low, high, unit=True)
    else:
        figure = value(limit.metric, mean, low, high, lang)
    return f"{' '.join(figure)} {text('verdict_' + row[name + '_verdict'], lang)}"
