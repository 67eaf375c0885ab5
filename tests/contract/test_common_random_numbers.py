"""The guarantee: whatever mechanism is switched on, every exogenous draw of every entity stays what it was."""

from typing import Any

import pytest

from sim import chance as chance_module
from sim.centre import Centre
from sim.mechanisms import all_mechanisms
from tests.small import PROPOSALS, with_policy

NAMES = sorted(all_mechanisms())
EXOGENOUS = {
    "booked": lambda row: (row[0], row[2], row[4], row[5]),
    "rework": lambda row: (row[2], row[4]),
    "test_drive_asked": lambda row: (row[0], row[2], row[4]),
    "sister_line": lambda row: (row[0], row[3]),
}
"""Facts in the log that no policy may touch: who calls when for what slot, whose work fails, who wants a drive."""


class Recording(chance_module.Column):
    """A column that remembers what it was asked."""

    __slots__ = ("asked",)

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.asked: dict[int, float] = {}

    def __getitem__(self, index: int) -> float:
        self.asked[index] = value = super().__getitem__(index)
        return value


def run(policy: list[str], seed: int = 4) -> tuple[Centre, dict[tuple[str, str], Recording]]:
    centre = Centre(with_policy(policy), "tested", seed, 0)
    centre.run()
    return centre, centre.world.chance._columns  # type: ignore[return-value]


@pytest.mark.parametrize("name", [*NAMES, "all"])
def test_switching_a_mechanism_on_leaves_every_draw_of_every_entity_unchanged(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chance_module, "Column", Recording)
    baseline, before = run([])
    changed, after = run(PROPOSALS if name == "all" else [name])
    shared = 0
    for address in before.keys() & after.keys():
        for index in before[address].asked.keys() & after[address].asked.keys():
            assert before[address].asked[index] == after[address].asked[index], (address, index)
            shared += 1
    assert shared > 10_000
    births = [
        [
            (v.called_at, v.notice_hours, v.job, v.work_hours, v.drivable, v.need_hours, [line.sku for line in v.lines])
            for v in centre.visits
        ]
        for centre in (baseline, changed)
    ]
    assert births[0] == births[1]
    end = min(baseline.env.now, changed.env.now)
    for event, fact in EXOGENOUS.items():
        facts = [
            sorted(fact(row) for row in centre.log.rows if row[1] == event and row[0] < end)
            for centre in (baseline, changed)
        ]
        if event == "rework":  # when the work is done again may move, whether and how long may not
            hours = [dict(rows) for rows in facts]
            assert all(hours[0][visit] == hours[1][visit] for visit in hours[0].keys() & hours[1].keys())
        else:
            assert facts[0] == facts[1], event


def test_a_value_does_not_depend_on_how_many_were_asked_for_before_it() -> None:
    straight = chance_module.Chance(7, 2).column("question")
    jumping = chance_module.Chance(7, 2).column("question")
    assert [straight[n] for n in range(3000)][2999] == jumping[2999]


def test_questions_entities_seeds_and_replications_have_luck_of_their_own() -> None:
    values = {
        chance_module.Chance(seed, replication).column(question, None, who)[0]
        for seed in (1, 2)
        for replication in (0, 1)
        for question in ("a", "b")
        for who in ("", "x")
    }
    assert len(values) == 16


def test_independent_luck_differs_between_policies() -> None:
    scenario = with_policy(["escalation_ladder"])
    calls = [
        [v.called_at for v in Centre(scenario, policy, 1, 0, independent=True).visits[:50]]
        for policy in ("ad_hoc", "tested")
    ]
    assert calls[0] != calls[1]
