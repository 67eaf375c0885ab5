"""The page that says what the model was held against, and what not; made from a verification."""

import math

import pandas as pd

from sim.credibility_honesty import section
from sim.scenario import Scenario
from sim.source_hash import model_hash
from sim.verification import Verification
from sim.words_credibility import NOT_VERIFIED, QUANTITIES, TEXTS
from sim.words_trust import LAWS


def page(result: Verification, scenarios: list[Scenario]) -> str:
    """The page in both languages, Chinese first. Same verification, same bytes."""
    return "\n\n---\n\n".join("\n\n".join(_half(result, scenarios, lang)) for lang in ("zh", "en")) + "\n"


def _half(result: Verification, scenarios: list[Scenario], lang: str) -> list[str]:
    facts = {
        "count": len(result.table),
        "passed": int(result.table["pass"].sum()),
        "limit": result.limit,
        "law": "" if math.isnan(result.law_p) else _say("law", lang, p=result.law_p),
    }
    blocks = [
        _say("title", lang),
        _say("made", lang, replications=result.replications, seed=result.seed, code=model_hash()[:12]),
        _say("cases", lang),
        _say("cases_text", lang, **facts),
    ]
    for scenario in scenarios:
        mine = result.table[[name.partition(":")[0] == scenario.name for name in result.table["case"]]]
        if len(mine):
            blocks += [f"### {scenario.title[lang]} (`{scenario.name}.toml`)", _table(mine, lang)]
    laws = "\n".join(f"- {text[lang == 'en']}" for text in LAWS.values())
    missing = "\n".join(f"- {text[lang == 'en']}" for text in NOT_VERIFIED)
    blocks += [_say("laws", lang), _say("laws_text", lang), laws]
    blocks += [_say("more", lang), _say("more_text", lang)]
    blocks += [_say("honesty", lang), _say("honesty_text", lang), section(lang), _say("not", lang), missing]
    return blocks


def _table(rows: pd.DataFrame, lang: str) -> str:
    head = (
        "| 案例 | 量 | 精确值 | 模拟值 | 标准误 | z | 通过 | 出处 |"
        if lang == "zh"
        else "| case | quantity | exact | simulated | se | z | pass | source |"
    )
    yes, no = ("是", "**否**") if lang == "zh" else ("yes", "**no**")
    lines = [head, "| --- | --- | ---: | ---: | ---: | ---: | --- | --- |"]
    for name, quantity, exact, simulated, se, z, passed, source in rows.itertuples(index=False, name=None):
        case = name.partition(": ")[2].replace("|", "\\|") or name
        lines.append(
            f"| {case} | {QUANTITIES[quantity][lang == 'en']} | {exact:.4g} | {simulated:.4g} | {se:.2g} | {z:+.2f} "
            f"| {yes if passed else no} | {source} |"
        )
    return "\n".join(lines)


def _say(key: str, lang: str, **facts: object) -> str:
    return TEXTS[key][lang == "en"].format(**facts)
