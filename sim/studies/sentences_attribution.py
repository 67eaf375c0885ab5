"""An attribution in sentences and as a table to read: computed from its parts, rounded to what intervals carry."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.findings import spaced
from sim.studies.words_attribution import text
from sim.studies.words_mechanisms import mechanism_short_title, mechanism_title
from sim.words import Scale, label, listed, scale, short_label
from sim.words import text as word

if TYPE_CHECKING:
    from sim.studies.attribution import Attribution

Row = dict[str, Any]
MOST_NAMED = 3
"""Parts of one kind that a sentence names."""


def clear(row: Row, value: str = "shapley") -> bool:
    """Whether a part's interval leaves out 0."""
    return bool(row["low"] > 0 or row["high"] < 0) and row[value] != 0


def nothing(row: Row, value: str = "shapley") -> bool:
    """Whether a part is exactly 0 in every replication, which is more than an interval around 0."""
    return bool(row[value] == row["low"] == row["high"] == 0)


def scale_of(total: Row, lang: str) -> Scale:
    """How a metric's parts are written: one scale for the level and all parts."""
    return scale(total["unit"], lang, total["baseline"], total["baseline"] + total["shapley"])


def finding(parts: Sequence[Row], total: Row, pairs: Sequence[Row], lang: str) -> str:
    """One metric in a sentence: its change, the parts that are known, and the largest known interaction."""
    name, s = short_label(total["metric"], lang), scale_of(total, lang)
    stop = "。" if lang == "zh" else "."
    if not total["replications"]:
        return _sentence(word("undefined", lang, label=name) + stop)
    own = (total["baseline_high"] - total["baseline_low"]) / 2
    before, after = (s.value(value, own) for value in (total["baseline"], total["baseline"] + total["shapley"]))
    known = [row for row in parts if clear(row)]
    if not known and nothing(total):
        return _sentence(word("same", lang, label=name, b=before) + stop)
    if not clear(total):
        diff, between = s.estimate(total["shapley"], total["low"], total["high"], unit=True)
        said = word("unknown", lang, label=name, diff=diff, interval=between)
        said += text("yet", lang, parts=_signed(known[:MOST_NAMED], s, lang)) if known else ""
    else:
        verb, size = "down" if total["shapley"] < 0 else "up", _size(total, s)
        said = text(verb, lang, label=name, a=before, b=after, size=size) + _split(known, total, s, lang)
    found = strongest(pairs)
    if found:
        said += stop + (" " if lang == "en" else "")
        said += _sentence(text("extra", lang, **_both(found, lang), beyond=_beyond(found, parts, s, lang)))
    return _sentence(said + stop)


def _split(known: Sequence[Row], total: Row, s: Scale, lang: str) -> str:
    along = [row for row in known if row["shapley"] * total["shapley"] > 0][:MOST_NAMED]
    against = [row for row in known if row["shapley"] * total["shapley"] < 0][:MOST_NAMED]
    if not along:
        return text("none_clear", lang)
    if against:  # parts larger than their sum are no shares of it
        said = text("of_which", lang, parts=_signed(along, s, lang))
        return said + text("against", lang, parts=_signed(against, s, lang))
    names = [mechanism_short_title(row["mechanism"], lang) for row in along]
    parts = [text("part", lang, name=name, size=_size(row, s)) for name, row in zip(names, along, strict=True)]
    return text("of_which", lang, parts=listed(parts, lang))


def _signed(rows: Sequence[Row], s: Scale, lang: str) -> str:
    return listed(
        [text("moves", lang, name=mechanism_short_title(row["mechanism"], lang), diff=_diff(row, s)) for row in rows],
        lang,
    )


def _size(row: Row, s: Scale) -> str:
    return s.difference(abs(row["shapley"]), (row["high"] - row["low"]) / 2, signed=False)


def _both(pair: Row, lang: str) -> dict[str, str]:
    return {"a": mechanism_short_title(pair["mechanism"], lang), "b": mechanism_short_title(pair["with"], lang)}


def _beyond(pair: Row, parts: Sequence[Row], s: Scale, lang: str) -> str:
    """How far both together differ from the sum; told as more or less of what they do, where they do the same."""
    size = s.difference(abs(pair["interaction"]), (pair["high"] - pair["low"]) / 2, signed=False)
    sign = "up" if pair["interaction"] > 0 else "down"
    own = {
        "up" if row["shapley"] > 0 else "down"
        for row in parts
        if row["mechanism"] in (pair["mechanism"], pair["with"]) and clear(row)
    }
    if len(own) != 1:
        return text(f"beyond_{sign}", lang, size=size)
    does = own.pop()
    return text(f"{'more' if does == sign else 'less'}_{does}", lang, size=size)


def _diff(row: Row, s: Scale) -> str:
    return s.estimate(row["shapley"], row["low"], row["high"], unit=True)[0]


def _sentence(said: str) -> str:
    return spaced(said[:1].upper() + said[1:])


def strongest(pairs: Sequence[Row]) -> Row | None:
    """The largest interaction whose interval leaves out 0."""
    known = [row for row in pairs if clear(row, "interaction")]
    return max(known, key=lambda row: abs(row["interaction"]), default=None)


def pair_finding(parts: Sequence[Row], total: Row, pairs: Sequence[Row], lang: str) -> str:
    """The largest known interaction in a sentence."""
    found, name = strongest(pairs), short_label(total["metric"], lang)
    if found is None:
        return _sentence(text("no_extra", lang, label=name))
    s = scale_of(total, lang)
    between = s.interval(found["low"], found["high"])
    words = {"label": name, "beyond": _beyond(found, parts, s, lang), "interval": between, **_both(found, lang)}
    return _sentence(text("extra_title", lang, **words))


def reading(result: "Attribution", lang: str) -> list[str]:
    """How to read it: what a part is, and is not."""
    lines = [text(key, lang) for key in ("read_set", "read_sign", "read_split")]
    if result.sampled:
        lines.insert(0, text("read_sampled", lang, count=len(result.asked.mechanisms)))
    if any(nothing(row) for row in result.table.to_dict("records")):
        lines.append(text("note_nothing", lang))
    for metric in result.metrics:
        used = result.rows(metric)[1]["replications"]
        missing = result.about.replications - used
        if missing:
            name = short_label(metric, lang)
            lines.append(
                _sentence(text("read_undefined", lang, label=name, missing=missing, used=used, all=used + missing))
            )
    return lines


def cell(row: Row, quantity: str, s: Scale) -> str:
    """A value and its interval, in the decimals the interval carries."""
    ends = ("low", "high") if quantity == "shapley" else (f"{quantity}_low", f"{quantity}_high")
    if math.isnan(row[quantity]):
        return "–"
    if row[quantity] == row[ends[0]] == row[ends[1]] == 0:
        return text("nothing", lang=s.lang)
    return " ".join(s.estimate(row[quantity], row[ends[0]], row[ends[1]]))


def shown(found: Sequence[tuple[Sequence[Row], Row]], lang: str) -> tuple[list[str], list[list[str]]]:
    """Head and rows: metric, mechanism, unit, part, alone, added last."""
    head = [word("metric", lang), *(text(key, lang) for key in ("mechanism", "unit", "share", "first_in", "last_in"))]
    body = []
    for parts, total in found:
        s = scale_of(total, lang)
        for row in (*parts, total):
            whole = row is total
            total_word = text("total" if row["method"] == "exact" else "total_sampled", lang)
            name = total_word if whole else mechanism_title(row["mechanism"], lang)
            cells = [cell(row, quantity, s) for quantity in ("shapley", "first_in", "last_in")]
            body.append([label(row["metric"], lang), name, s.points, *cells])
    return head, body
