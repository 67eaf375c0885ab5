"""Elasticities: a ladder's limit moves how long disputes last, less than in proportion, and nothing at the sisters."""

from sim.elasticity import elasticities
from tests.small import with_policy


def test_a_number_moves_what_it_has_a_cause_for_and_nothing_else() -> None:
    scenario = with_policy(["escalation_ladder"], {"study.weeks": 5})
    table = elasticities(scenario, "tested", ["conflict_days_mean", "sister_shortage_rate"], 2, 1)
    assert set(table["key"]) == {"limit_hours"}
    assert sorted(table["moved_to"].unique()) == [24 * 0.8, 24 * 1.25]
    by_metric = table.groupby("metric")["elasticity"]
    assert (by_metric.get_group("conflict_days_mean") > 0.05).all()
    assert (by_metric.get_group("sister_shortage_rate") == 0).all()
