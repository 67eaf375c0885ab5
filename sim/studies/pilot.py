"""The article's pilot: three months, one centre, no control, begun after a bad month, "better than before" is enough.

Its mistake is regression to the mean: after a month picked for being bad, an ordinary month is better. How often it
calls a success is counted in simulated lives of one centre, months taken to be independent of one another and season
taken out.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sim.metrics import METRICS
from sim.studies.pilot_noise import MONTHS_OF_THE_ARTICLE, Figures

SELECTION = "P-1"
"""Label of the assumption: the month before was the worst of the last so many."""
WORST_OF, RANGE = 3, (1, 2, 3, 4, 6)
"""Its value, and the values tried; 1 is a month picked without looking."""
ROUNDS = 400
"""Bootstrap samples of the interval."""


@dataclass(frozen=True)
class ArticlePilot:
    """How often the article's pilot calls a success."""

    table: pd.DataFrame
    """A row for each (worst_of, rule): says_works if nothing changed, if it works as simulated; low, high each."""

    def row(self, rule: str = "end", worst_of: int = WORST_OF) -> dict[str, float]:
        """One row as plain values; rule is "end" (three months together) or "monthly" (any review is enough)."""
        found = self.table[(self.table["rule"] == rule) & (self.table["worst_of"] == worst_of)]
        return {str(key): value for key, value in found.iloc[0].items()}


def article_pilot(figures: Figures, seed: int) -> ArticlePilot | None:
    """The article's pilot on a metric; None if its three months were not simulated.

    Right if it says so when the policy works as simulated, and does not when nothing changed. Intervals are the
    2.5 % and 97.5 % points of a bootstrap over replications (Efron 1979): Monte-Carlo noise only.
    """
    if MONTHS_OF_THE_ARTICLE not in figures.weeks or figures.weeks[0] >= MONTHS_OF_THE_ARTICLE:
        return None
    last = figures.weeks.index(MONTHS_OF_THE_ARTICLE) + 1
    # what every centre goes through, season above all, is taken out: it would come on top of chance
    usual = figures.ad_hoc.mean(axis=0)
    luck, policy = figures.ad_hoc - usual, figures.policy - usual
    weights = _weights(figures.n, seed)
    rows = []
    for rule, first in (("end", last - 1), ("monthly", 0)):
        worlds = {
            name: _not_worse(luck[:, 0], world[:, first:last], figures.metric)
            for name, world in (("nothing_changed", luck), ("works", policy))
        }
        for worst_of in RANGE:
            row: dict[str, object] = {"assumption": SELECTION, "rule": rule, "worst_of": worst_of}
            for name, at_most in worlds.items():
                found = _called(at_most, weights, worst_of)
                row |= {name: found[0], f"{name}_low": np.quantile(found[1:], 0.025),
                        f"{name}_high": np.quantile(found[1:], 0.975)}  # fmt: skip
            rows.append(row)
    return ArticlePilot(pd.DataFrame(rows))


def _weights(n: int, seed: int) -> np.ndarray:
    """How often each replication counts: once each, then in every bootstrap sample."""
    rng = np.random.default_rng([seed, n])
    return np.vstack([np.ones(n), rng.multinomial(n, np.full(n, 1 / n), size=ROUNDS)])


def _not_worse(months: np.ndarray, pilots: np.ndarray, metric: str) -> np.ndarray:
    """Whether month j is at least as good as the best figure of pilot i; nan for the same replication: it is one life.

    Args:
        pilots: shape [replication, review].
    """
    sign = 1.0 if METRICS[metric].better == "higher" else -1.0
    best = (sign * pilots).max(axis=1)
    found = (sign * months[None, :] >= best[:, None]).astype(float)
    np.fill_diagonal(found, np.nan)
    return found


def _called(at_most: np.ndarray, weights: np.ndarray, worst_of: int) -> np.ndarray:
    """Chance that the pilot beats the worst of so many months, for each row of weights: 1 − P(month not worse)^m."""
    known = np.isfinite(at_most)
    filled = np.where(known, at_most, 0.0)
    total = weights @ known.T
    share = np.divide(weights @ filled.T, total, out=np.zeros_like(total, dtype=float), where=total > 0)
    usable = weights * (total > 0)
    return (usable * (1 - share**worst_of)).sum(axis=1) / np.maximum(usable.sum(axis=1), 1)


def chance_nps(values: np.ndarray, answers: np.ndarray, at: int = 100) -> float:
    """Half-width of the 95 % range in which an NPS moves by chance with so many answers, points.

    Args:
        values, answers: NPS and answers of simulated months in which nothing changed.
    """
    return 1.96 * float(np.std(values, ddof=1)) * float(np.sqrt(np.mean(answers) / at))
