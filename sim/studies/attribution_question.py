"""What an attribution is asked: which mechanisms are to be told apart, from which baseline, for which metrics."""

from collections.abc import Sequence
from dataclasses import dataclass

from sim.cells import Cell, Settings
from sim.comparison import HEADLINE
from sim.decisions import DECISIONS
from sim.mechanism import owners_of
from sim.mechanisms import all_mechanisms
from sim.metrics import METRICS
from sim.options import Checker
from sim.problems import did_you_mean
from sim.scenario import Scenario
from sim.studies import words_attribution as words

MOST_EXACT = 9
"""Mechanisms up to which every bundle is run: 2^9 = 512."""
EXACT, SAMPLED = "exact", "permutations (approximate)"


@dataclass(frozen=True)
class Question:
    """What is to be split, and among whom."""

    before: Cell
    """The scenario's baseline: the empty bundle."""
    mechanisms: tuple[str, ...]
    settings: Settings
    metrics: tuple[str, ...]
    policy: str | None = None
    """Whose mechanisms they are; None if they were named one by one."""

    @property
    def method(self) -> str:
        """EXACT or SAMPLED."""
        return EXACT if len(self.mechanisms) <= MOST_EXACT else SAMPLED

    @property
    def bundles(self) -> int:
        """Bundles run in each replication."""
        k = len(self.mechanisms)
        return 2**k if self.method == EXACT else k * (k - 1) + 2

    def cell(self, mask: int) -> Cell:
        """The baseline and the mechanisms whose bit is set."""
        chosen = tuple(name for i, name in enumerate(self.mechanisms) if mask >> i & 1)
        own = {name: self.settings[name] for name in chosen if name in self.settings}
        return Cell(self.before.mechanisms + chosen, self.before.settings | own)


def question(
    check: Checker, scenario: Scenario, policy: str | None = None, mechanisms: str | Sequence[str] | None = None,
    metrics: str | Sequence[str] | None = None,
) -> Question:  # fmt: skip
    """What was asked, with what is wrong noted in ``check``; call ``check.done()`` before using it.

    Args:
        policy: whose mechanisms and settings; the last one compared if nothing is named.
        mechanisms: names instead of a policy's; their settings are the policy's if one is named, else the scenario's.
        metrics: names; HEADLINE if left out.
    """
    named = None if mechanisms is None else _names(check, mechanisms)
    if policy is not None:
        check.policy("policy", policy, scenario)
    source = policy if policy in scenario.policies else None
    if policy is None and named is None:
        source = scenario.compared[-1]
    before = Cell.of(scenario, scenario.baseline)
    written = scenario.model.policies[source] if source else None
    settings = dict(written.settings) if written else {}
    there = named if named is not None else tuple(written.mechanisms) if written else ()
    chosen = tuple(name for name in there if name not in before.mechanisms)
    if source or named is not None:
        _check_mechanisms(check, "mechanisms" if named is not None else "policy", there, chosen, before)
    asked = HEADLINE if metrics is None else tuple(dict.fromkeys(_names(check, metrics)))
    for name in asked:
        if name not in METRICS:
            check.wrong("metrics", name, *words.no_metric(did_you_mean(name, METRICS)))
    if not asked:
        check.wrong("metrics", None, *words.PROBLEMS["no_metrics"])
    return Question(before, chosen, settings, asked, source if named is None else None)


def _names(check: Checker, asked: str | Sequence[str]) -> tuple[str, ...]:
    return check.names(asked) if isinstance(asked, str) else tuple(asked)


def _check_mechanisms(
    check: Checker, option: str, there: tuple[str, ...], chosen: tuple[str, ...], before: Cell
) -> None:
    """Every bundle of valid mechanisms is valid if the whole is, as a decision's owners are told apart in pairs."""
    known = all_mechanisms()
    for name in dict.fromkeys(there):
        if name not in known:
            check.wrong(option, name, *words.no_mechanism(did_you_mean(name, known), sorted(known)))
        elif known[name].yardstick:
            check.wrong(option, name, *words.PROBLEMS["yardstick"])
    twice = sorted({name for name in there if there.count(name) > 1})
    if twice:
        check.wrong(option, ",".join(twice), *words.PROBLEMS["twice"])
    both = {name: known[name] for name in (*before.mechanisms, *chosen) if name in known}
    for decision, owners in owners_of(both).items():
        if len(owners) > 1 and DECISIONS[decision].combine is None:
            zh, en = words.PROBLEMS["owners"]
            check.wrong(option, ",".join(owners), zh.format(decision=decision), en.format(decision=decision))
    if len(set(chosen)) < 2:
        check.wrong(option, ",".join(there), *words.PROBLEMS["too_few"])
