"""Sentences computed from a comparison, never typed in: what a chart's title and a report's first line say."""

import math
import re
from typing import Any

from sim.comparison import HEADLINE, Comparison
from sim.words import label, listed, scale, short_label, text

Row = dict[str, Any]
ONE_CUSTOMER = "case_"
"""Metrics of a pinned customer begin so: one person is no department's figure."""


def change(row: Row, lang: str, short: bool = True) -> str:
    """One row in words, by its verdict."""
    name = short_label(row["metric"], lang) if short else label(row["metric"], lang)
    a, b, diff = row["baseline_mean"], row["policy_mean"], row["difference"]
    if math.isnan(diff):
        return text("undefined", lang, label=name)
    s = scale(row["unit"], lang, a, b)
    half = (row["difference_high"] - row["difference_low"]) / 2
    # both in the decimals of the less certain one
    own = max(row[f"{who}_high"] - row[f"{who}_low"] for who in ("baseline", "policy")) / 2
    before, after = s.value(a, own), s.value(b, own)
    verdict = row["verdict"]
    if math.isnan(half):
        return text("single", lang, label=name, a=before, b=after)
    if verdict == "equal":
        if diff == 0 and half == 0:
            return text("same", lang, label=name, b=after)
        return text("equal", lang, label=name, b=after, margin=s.difference(row["margin"], signed=False))
    if verdict == "not_yet_known":
        shown, between = s.estimate(diff, row["difference_low"], row["difference_high"], unit=True)
        return text("unknown", lang, label=name, diff=shown, interval=between)
    if before == after:
        verb = text("up_by" if diff > 0 else "down_by", lang)
        return text("moved_little", lang, label=name, verb=verb, diff=s.difference(abs(diff), half, False), b=after)
    return text("moved", lang, label=name, a=before, b=after, verb=text("up" if diff > 0 else "down", lang))


def verdict_word(row: Row, lang: str) -> str:
    """A row's verdict in a word or two."""
    if row["difference_low"] == row["difference_high"] == 0:
        return text("verdict_same", lang)
    return text(f"verdict_{row['verdict']}", lang)


def headline(rows: list[Row], lang: str) -> str:
    """The first headline metric that is better, but the one that is worse; and how many there are of each.

    The order of HEADLINE decides which is named, not the size of the effect.
    """
    chosen = headline_rows(rows)
    good = [row for row in chosen if row["verdict"] == "better"]
    bad = [row for row in chosen if row["verdict"] == "worse"]
    first = change(good[0], lang) if good else text("none_better", lang)
    if not good and chosen:
        first = text("joined", lang, a=first, b=change(chosen[0], lang)) if not bad else first
    sentence = text("but", lang, good=first, bad=change(bad[0], lang)) if bad else first
    return f"{sentence}{_stop(lang)}{tally(chosen, 'headline_metrics', lang)}"


def headline_rows(rows: list[Row]) -> list[Row]:
    """Rows that are judged together and have data; the first nine of any if the model knows none of them."""
    found = [row for row in rows if not math.isnan(row["difference"])]
    chosen = [row for row in found if row["family"]]
    order = {name: number for number, name in enumerate(HEADLINE)}
    return sorted(chosen, key=lambda row: order.get(row["metric"], len(order))) or found[:9]


def family(comparison: Comparison, lang: str, which: str = "of_headline") -> str:
    """What is judged together and what is not, in a sentence; ``which`` says how a reader knows the former."""
    together = comparison.details[comparison.details["family"] & comparison.details["difference"].notna()]
    if len(together) == 0:
        return text("no_family", lang)
    metrics, policies = together["metric"].nunique(), together["policy"].nunique()
    which = text(which, lang)
    return text("family", lang, which=which, count=len(together), metrics=metrics, policies=policies)


def note(comparison: Comparison, lang: str, judged: str | None = None) -> str:
    """A chart's footnote: what its intervals do not say, how it is judged, and what was run.

    Args:
        judged: a sentence on how; that of :func:`family` if left out.
    """
    setup = comparison.setup
    return text(
        "footnote_family", lang, replications=setup.replications, weeks=setup.weeks, warmup=setup.warmup_weeks,
        title=setup.title[lang], name=setup.scenario, seed=setup.seed, family=family(comparison, lang) if judged is None else judged,
    )  # fmt: skip


def directed_rows(rows: list[Row]) -> list[Row]:
    """Rows with data whose metric has a better direction; all rows with data if none has."""
    found = [row for row in there(rows) if not math.isnan(row["difference"])]
    found = [row for row in found if not row["metric"].startswith(ONE_CUSTOMER)] or found
    return [row for row in found if row["better"] != "neither"] or found


def there(rows: list[Row]) -> list[Row]:
    """Rows of what the scenario has: what is 0 in both worlds, such as leads of an event nobody holds, is left out."""
    found = [row for row in rows if (row["baseline_mean"], row["policy_mean"]) != (0, 0)]
    return found or rows


def tally(rows: list[Row], what: str, lang: str) -> str:
    """How many rows are better, worse, equal, not yet known."""
    counts = {name: sum(row["verdict"] == name for row in rows) for name in ("better", "worse", "equal")}
    unknown = sum(row["verdict"] == "not_yet_known" for row in rows)
    return text("tally", lang, total=len(rows), what=text(what, lang), unknown=unknown, **counts)


def scoreboard(rows: list[Row], lang: str) -> str:
    """How many of all directed metrics are better or worse, and which are worse."""
    chosen = directed_rows(rows)
    sentence = tally(chosen, "directed_metrics", lang)
    alone = sum(not row["family"] for row in chosen)
    sentence += text("exploring", lang, count=alone) if alone else ""
    worse = [short_label(row["metric"], lang) for row in chosen if row["verdict"] == "worse"]
    return f"{sentence}{_stop(lang)}{text('worse_are', lang, names=listed(worse, lang))}" if worse else sentence


def loaners_and_test_drives(rows: list[Row], lang: str) -> str:
    """Both sides of sharing cars in one sentence."""
    by_name = {row["metric"]: row for row in rows}
    pair = [by_name[name] for name in ("loaner_fulfilment", "test_drive_fulfilment") if name in by_name]
    return ("；" if lang == "zh" else "; ").join(change(row, lang) for row in pair)


FINDINGS = {"two_worlds": headline, "differences": scoreboard, "loaners_and_test_drives": loaners_and_test_drives}


def title(comparison: Comparison, name: str, lang: str) -> list[str]:
    """A chart's finding: one sentence for each policy, named when there are several."""
    sentences = []
    for policy in comparison.policies:
        sentence = FINDINGS[name](comparison.rows(policy), lang)
        if len(comparison.policies) > 1:
            policy_title = comparison.setup.policy_titles[policy][lang]
            sentence = text("of_policy", lang, policy=policy_title, text=sentence)
        sentences.append(spaced(sentence[:1].upper() + sentence[1:]))
    return sentences


def spaced(sentence: str) -> str:
    """A blank between Chinese characters and Latin letters or figures, as print has it."""
    han = "[\u4e00-\u9fff]"
    return re.sub(f"(?<={han})(?=[A-Za-z0-9+−])|(?<=[A-Za-z0-9%])(?={han})", " ", sentence)


def _stop(lang: str) -> str:
    return "。" if lang == "zh" else ". "
