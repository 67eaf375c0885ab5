"""A study as a page to read: report.md, Chinese first and the same in English, all numbers from the comparison."""

import html
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim import (
    findings,
    money_page,
    scoreboard,
    trust_panel,
    words_money,
    words_scoreboard,
    words_sequential,
    words_trust,
)
from sim.comparison import HEADLINE, Comparison
from sim.words import clipped, label, listed, scale, text

if TYPE_CHECKING:
    from sim.scenario import Scenario

Row = dict[str, Any]
Table = tuple[list[str], list[list[str]]]
"""Head and body of a table, all cells as text."""


def parts(
    comparison: Comparison, policy: str, lang: str, fitted: frozenset[str] = frozenset(), prediction: bool = False
) -> list[tuple[str, Table]]:
    """One policy's rows as two tables with headings: what is judged together, and all the rest."""
    rows = findings.there(comparison.rows(policy))
    together = [row for row in findings.headline_rows(rows) if row["family"]]
    names = {row["metric"] for row in together}
    rest = [row for row in rows if row["metric"] not in names]
    found = [("table_together", together), ("table_alone" if together else "table_all", rest)]
    return [
        (text(title, lang), cells(comparison, policy, some, lang, fitted, prediction)) for title, some in found if some
    ]


def cells(
    comparison: Comparison, policy: str, rows: list[Row], lang: str, fitted: frozenset[str] = frozenset(),
    prediction: bool = True,
) -> Table:  # fmt: skip
    """Rows of ``details`` of one policy as a table.

    Args:
        fitted: metrics whose baseline was fitted; they are marked.
        prediction: with the column of what one real centre may see under the policy.
    """
    titles = comparison.setup.policy_titles
    head = [text("metric", lang), titles[comparison.baseline][lang], titles[policy][lang]]
    together = bool(rows) and all(row["family"] for row in rows)
    head += [text("difference_together" if together else "difference_interval", lang), text("verdict", lang)]
    head += [text("prediction", lang)] * prediction + [text("correlation", lang), text("variance_ratio", lang)]
    return head, [_cells(row, lang, row["metric"] in fitted, prediction) for row in rows]


def _cells(row: Row, lang: str, fitted: bool, prediction: bool) -> list[str]:
    s = scale(row["unit"], lang, row["baseline_mean"], row["policy_mean"])
    half = max(row["baseline_high"] - row["baseline_low"], row["policy_high"] - row["policy_low"]) / 2
    before = s.value(row["baseline_mean"], half)
    ends = row["difference_low"], row["difference_high"]
    small = scale(row["unit"], lang, row["difference"], *ends)
    difference, between = small.estimate(row["difference"], *ends, unit=True)
    band = [clipped(row[f"policy_prediction_{end}"], row["unit"]) for end in ("low", "high")]
    ratio, correlation = row["variance_ratio"], row["correlation"]
    found = [label(row["metric"], lang), before + " †" * fitted, s.value(row["policy_mean"], half)]
    found += [f"{difference} {between}", findings.verdict_word(row, lang)]
    found += [s.interval(*band)] * prediction
    found += ["" if math.isnan(correlation) else f"{correlation + 0.0:.2f}".replace("-", "−")]
    return [*found, "" if math.isnan(ratio) else f"{ratio:,.1f}"]


def html_table(comparison: Comparison, lang: str = "zh") -> str:
    """The comparison as an HTML table, one part for each policy."""
    shown = []
    for title, (head, body) in (
        part for policy in comparison.policies for part in parts(comparison, policy, lang, prediction=True)
    ):
        lines = "".join("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in body)
        top = "".join(f"<th>{html.escape(cell)}</th>" for cell in head)
        caption = f"<caption>{html.escape(title)}</caption>"
        shown.append(f"<table>{caption}<thead><tr>{top}</tr></thead><tbody>{lines}</tbody></table>")
    notes = text("report_noise", lang, weeks=comparison.setup.weeks), findings.family(comparison, lang)
    return "".join(shown) + f"<p>{html.escape(('' if lang == 'zh' else ' ').join(notes))}</p>"


def write_report(comparison: Comparison, scenario: "Scenario", folder: str | Path) -> None:
    """Write report.md into a folder that has the charts in ``charts/``."""
    pages = [_page(comparison, scenario, lang) for lang in ("zh", "en")]
    Path(folder, "report.md").write_text("\n\n---\n\n".join(pages) + "\n", encoding="utf-8", newline="\n")


def _page(comparison: Comparison, scenario: "Scenario", lang: str) -> str:
    setup = comparison.setup
    titles = [setup.policy_titles[policy][lang] for policy in comparison.policies]
    names = {"baseline": setup.policy_titles[comparison.baseline][lang], "policies": listed(titles, lang)}
    parts = [
        "# " + text("report_title", lang, title=setup.title[lang], **names),
        _findings(comparison, lang),
        *_sought(comparison, lang),
        *_trust(comparison, lang),
        *_headline(comparison, _fitted(scenario), lang),
        *_scoreboard(comparison, lang),
        *_money(comparison, scenario, lang),
        "## " + text("report_both", lang),
        "\n\n".join(findings.title(comparison, "loaners_and_test_drives", lang)),
        _chart("loaners_and_test_drives", lang),
        *_windows(comparison, lang),
        "## " + text("report_reading", lang),
        *_reading(comparison, lang),
        "## " + text("report_known", lang),
        *_known(comparison, scenario, lang),
        "## " + text("report_all", lang),
        _chart("differences", lang),
        *_all(comparison, _fitted(scenario), lang),
        "## " + text("report_again", lang),
        f"```\n{again(comparison)}\n```",
        text("report_provenance", lang, policy=titles[-1]),
    ]
    return "\n\n".join(parts)


def again(comparison: Comparison) -> str:
    """The command that runs the study again."""
    setup, sought = comparison.setup, comparison.sought
    family = "" if comparison.family == HEADLINE else f"--family {','.join(comparison.family)} "
    many = f"--precision {sought.asked} --most {sought.most}" if sought else f"--replications {setup.replications}"
    return (
        f"sim compare {setup.shown_file} --policies {','.join(comparison.policies)} {family}{many} "
        f"--weeks {setup.weeks} --seed {setup.seed}"
    )


def _findings(comparison: Comparison, lang: str) -> str:
    sentences = findings.title(comparison, "two_worlds", lang) + findings.title(comparison, "differences", lang)
    return f"## {text('report_findings', lang)}\n\n" + "\n".join(f"- {sentence}" for sentence in sentences)


def _sought(comparison: Comparison, lang: str) -> list[str]:
    if comparison.sought is None:
        return []
    lines = words_sequential.lines(comparison.sought, lang, comparison.setup.policy_titles)
    return ["## " + words_sequential.text("title", lang), "\n".join(f"- {line}" for line in lines)]


def _trust(comparison: Comparison, lang: str) -> list[str]:
    lines = trust_panel.panel(comparison).lines(lang)
    parts = ["## " + words_trust.text("report_title", lang), "\n".join(f"- {line}" for _, line in lines)]
    return [*parts, words_trust.text("report_how", lang)]


def _headline(comparison: Comparison, fitted: frozenset[str], lang: str) -> list[str]:
    parts = ["## " + text("report_headline", lang)]
    for policy in comparison.policies:
        rows = findings.headline_rows(comparison.rows(policy))
        parts.append(_markdown(cells(comparison, policy, rows, lang, fitted)))
    return [*parts, *([text("fitted_mark", lang)] if fitted else []), _chart("two_worlds", lang)]


def _scoreboard(comparison: Comparison, lang: str) -> list[str]:
    parts = ["## " + words_scoreboard.text("report_title", lang)]
    parts.append("\n".join(f"- {findings.spaced(line)}" for line in scoreboard.sentences(comparison, lang)))
    parts += [_markdown(scoreboard.cells(comparison, policy, lang)) for policy in comparison.policies]
    alt = words_scoreboard.text("chart", lang)
    return [*parts, f"![{alt}](charts/scoreboard_{lang}.png)", words_scoreboard.text("report_how", lang)]


def _money(comparison: Comparison, scenario: Any, lang: str) -> list[str]:
    finance = scenario.model.finance
    parts: list[str] = []
    for policy in comparison.policies:
        found = money_page.found(comparison, finance, policy)
        if not found:
            return []
        parts += [] if parts else [money_page.basis(found, lang)]
        if len(comparison.policies) > 1:
            parts.append("### " + comparison.setup.policy_titles[policy][lang])
        parts.append(_markdown(money_page.readings_table(found, finance, lang)))
        even = money_page.even(found, finance, lang)
        if even:
            parts.append(words_money.text("report_even", lang) + ("：" if lang == "zh" else ":"))
            parts.append("\n".join(f"- {line}" for line in even))
        parts.append(_markdown(money_page.parts_table(found, lang)))
    return ["## " + words_money.text("report_title", lang), *parts, words_money.text("report_how", lang)]


def _windows(comparison: Comparison, lang: str) -> list[str]:
    names = [name for name in ("first_13_weeks", "second_13_weeks") if name in set(comparison.details["window"])]
    if not names:
        return []
    parts = ["## " + text("report_windows", lang)]
    titles = comparison.setup.policy_titles
    for policy in comparison.policies:
        who = [titles[comparison.baseline][lang], titles[policy][lang], text("difference", lang)]
        head = [text("metric", lang)] + [f"{text(name, lang)} {column}" for name in names for column in who]
        body = []
        for row in findings.headline_rows(comparison.rows(policy)):
            line = [label(row["metric"], lang)]
            for name in names:
                found = _cells(comparison.row(row["metric"], policy, name), lang, False, False)
                line += [found[1], found[2], f"{found[3]} {found[4]}"]
            body.append(line)
        parts.append(_markdown((head, body)))
    return parts


def _reading(comparison: Comparison, lang: str) -> list[str]:
    rows = comparison.details[comparison.details["window"] == "all"]
    judged = comparison.details[comparison.details["family"] & comparison.details["difference"].notna()]
    dropped = rows.loc[rows["replications"] < comparison.setup.replications, "metric"].nunique()
    found = [
        text("report_noise", lang, weeks=comparison.setup.weeks),
        text("report_verdicts", lang, count=len(judged), rest=len(comparison.details) - len(judged)),
        text("report_variance", lang),
    ]
    return found + ([text("report_dropped", lang, count=dropped)] if dropped else [])


def _known(comparison: Comparison, scenario: "Scenario", lang: str) -> list[str]:
    setup = comparison.setup
    lines = []
    for name in setup.policies:
        mechanisms = ", ".join(f"`{m}`" for m in setup.mechanisms[name]) or text("report_no_mechanism", lang)
        title = setup.policy_titles[name][lang]
        lines.append("- " + text("report_policy", lang, title=title, name=name, mechanisms=mechanisms))
    targets = _targets(scenario)
    fits = []
    for target in targets:
        unit = comparison.row(target.metric)["unit"] if target.metric in set(comparison.details["metric"]) else ""
        value = scale(unit, lang, target.value).value(target.value)
        knob = target.knob
        fits.append("- " + text("report_fit", lang, label=label(target.metric, lang), value=value, knob=knob))
    fitted = [text("report_fitted", lang), "\n".join(fits)] if fits else [text("report_not_fitted", lang)]
    return [text("report_inputs", lang), "\n".join(lines), *fitted]


def _targets(scenario: Any) -> tuple[Any, ...]:
    return tuple(scenario.model.calibration.targets)


def _fitted(scenario: Any) -> frozenset[str]:
    return frozenset(target.metric for target in _targets(scenario))


def _all(comparison: Comparison, fitted: frozenset[str], lang: str) -> list[str]:
    return [
        part
        for policy in comparison.policies
        for title, table in parts(comparison, policy, lang, fitted, prediction=True)[-1:]
        for part in (f"**{title}**", _markdown(table))
    ]


def _chart(name: str, lang: str) -> str:
    return f"![{text('chart_' + name, lang)}](charts/{name}_{lang}.png)"


def _markdown(table: Table) -> str:
    head, body = table
    rows = [head, ["---"] + ["---:"] * (len(head) - 1), *body]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows)
