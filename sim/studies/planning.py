"""How long a real pilot must run, and in how many centres, to see what the simulation promises."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from sim.cells import Cell
from sim.metrics import METRICS
from sim.studies import words_plan as words
from sim.studies.pilot import ArticlePilot, article_pilot, chance_nps
from sim.studies.pilot_form import form, write_workbook
from sim.studies.pilot_noise import Figures, figures, horizons, simulate
from sim.studies.pilot_rule import Control, Design, design
from sim.studies.result import About, StudyResult
from sim.studies.words_pilot_form import bilingual, measuring

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.runner import Runner

EVERY = 4
"""Weeks between looks: a month."""
POWER = 0.8
REPLICATIONS = 20
"""Replications of each world; with 10 the spread is known only to a quarter."""
FORM, FORM_BOOK, ARTICLE_TABLE = "plan_measure.csv", "plan_measure.xlsx", "plan_article_pilot.csv"


@dataclass(frozen=True)
class PilotPlan(StudyResult):
    """A pilot's plan: power by weeks and centres; the form to fill in; the article's own pilot."""

    name: ClassVar[str] = "plan"
    metric: str
    policy_title: dict[str, str]
    power: float
    """Power wanted."""
    every: int
    control: Control
    figures: Figures
    chosen: Design
    """The pilot the form is for: the shortest with one centre that is enough; the longest if none is."""
    form: pd.DataFrame
    article: ArticlePilot | None
    """None if three months were not simulated."""
    nps_by_chance: float
    """Points an NPS of 100 answers moves by chance; nan for other metrics."""

    def title(self, lang: str) -> str:
        """What kind of study it is."""
        return words.text("title", lang)

    def answer(self, lang: str = "zh") -> str:
        """How long, how many centres, what the looks cost, and what the article's pilot is worth."""
        return "\n".join(words.answer(self, lang))

    def shown(self, lang: str = "zh") -> tuple[list[str], list[list[str]]]:
        """Weeks by centres: the power of each pilot."""
        return words.shown(self, lang)

    @property
    def charts(self) -> dict[str, "Callable[[str], Figure]"]:
        """Power against weeks; the article's pilot."""
        from sim.studies import picture_plan

        found: dict[str, Callable[[str], Figure]] = {"power": partial(picture_plan.power, self)}
        if self.article is not None:
            found["pilot_of_the_article"] = partial(picture_plan.pilot_of_the_article, self)
        return found

    def page(self, lang: str) -> str:
        """The result as Markdown, with what to measure each month."""
        return super().page(lang) + "\n" + measuring(self, lang)

    def files(self) -> list[str]:
        """Table and page as every study has them, the form, the article's pilot."""
        return [*super().files(), FORM, FORM_BOOK, *([ARTICLE_TABLE] if self.article is not None else [])]

    def save(self, folder: str | Path) -> None:
        """Write everything into a folder."""
        folder = Path(folder)
        written: list[tuple[str, pd.DataFrame]] = [(FORM, bilingual(self.form))]
        if self.article is not None:
            written.append((ARTICLE_TABLE, self.article.table))
        for name, table in written:
            text = table.to_csv(index=False, float_format="%.6g", lineterminator="\n")
            (folder / name).write_bytes(text.encode("utf-8-sig"))
        write_workbook(self.form, folder / FORM_BOOK)
        super().save(folder)

    def provenance(self) -> dict[str, Any]:
        """Where the result comes from, with the pilot's own settings."""
        own = {"metric": self.metric, "control": self.control, "look_every_weeks": self.every, "power": self.power}
        return super().provenance() | own


def plan(
    runner: "Runner",
    policy: str,
    metric: str,
    weeks: tuple[int, int] = (4, 26),
    centres: tuple[int, int] = (1, 6),
    power: float = POWER,
    every: int = EVERY,
    control: Control = "before",
    before_weeks: int | None = None,
    replications: int = REPLICATIONS,
    watch: Sequence[str] = (),
) -> PilotPlan:
    """Plan a real pilot of a policy.

    Args:
        metric: what the pilot is judged by; one that :mod:`sim.studies.measuring` knows.
        weeks, centres: least and most.
        every: weeks between looks.
        control: the weeks before at the same centre; as many centres that go on as ever; or the model's own figure.
        before_weeks: weeks before that count; as long as the pilot, 13 at most, if left out.
        watch: further metrics for the form.

    Raises:
        sim.failures.StudyFailed: a replication failed, or the metric does not vary.
    """
    scenario = runner.scenario
    ad_hoc, tried = Cell.of(scenario, scenario.baseline), Cell.of(scenario, policy)
    at = _horizons(weeks, every, before_weeks)
    simulate(runner, (ad_hoc, tried), at, replications)
    runner.refuse_failures()
    known = {name: figures(runner, ad_hoc, tried, name, at, replications) for name in dict.fromkeys((metric, *watch))}
    found = known[metric]
    designs = [
        design(found, length, every, count, control, before_weeks)
        for length in lengths(*weeks, every)
        for count in range(centres[0], centres[1] + 1)
    ]
    table = pd.DataFrame([_row(found, one, power) for one in designs])
    alone = [one for one in designs if one.centres == centres[0]]
    chosen = next((one for one in alone if one.power >= power), alone[-1])
    pages = {
        name: design(values, chosen.looks[-1], every, chosen.centres, control, before_weeks)
        for name, values in known.items()
    }  # fmt: skip
    title = scenario.policies[policy].title
    return PilotPlan(
        table, About.of(runner.at(max(at)), replications), metric, dict(title), power, every, control, found, chosen,
        form(known, pages), article_pilot(found, runner.seed), _nps(runner, ad_hoc, metric, at[0], replications),
    )  # fmt: skip


def lengths(first: int, last: int, every: int) -> tuple[int, ...]:
    """Lengths of a pilot worth a row: whole months between the shortest and the longest."""
    return tuple(sorted({first, last, *range(-(-first // every) * every, last + 1, every)}))


def _horizons(weeks: tuple[int, int], every: int, before_weeks: int | None) -> tuple[int, ...]:
    """From the first look to the longest pilot, or the longest period before it."""
    return horizons(min(every, weeks[0]), max(weeks[1], before_weeks or 0))


def _row(figures: Figures, one: Design, power: float) -> dict[str, Any]:
    weeks = one.looks[-1]
    effect, low, high = figures.effect(weeks)
    return {
        "metric": figures.metric, "unit": METRICS[figures.metric].unit, "weeks": weeks, "centres": one.centres,
        "control": one.control, "before_weeks": one.before_weeks, "effect": effect, "effect_low": low,
        "effect_high": high, "sd_ad_hoc": figures.sd("ad_hoc", weeks), "sd": figures.sd("policy", weeks),
        "sd_difference": float(one.changed[-1]), "looks": len(one.looks), "power": one.power,
        "power_single_look": one.power_single_look, "enough": one.power >= power,
        "expected_weeks": one.expected_weeks,
    }  # fmt: skip


def _nps(runner: "Runner", ad_hoc: Cell, metric: str, weeks: int, replications: int) -> float:
    if metric != "nps":
        return float("nan")
    values, answers = (runner.at(weeks).values(ad_hoc, name, replications) for name in ("nps", "survey_answers"))
    return chance_nps(values, answers)
