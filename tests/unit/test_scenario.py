"""A scenario file with mistakes: all of them at once, each with its line and what was likely meant."""

from pathlib import Path
from typing import Any, ClassVar

import pytest

from sim import crosscheck
from sim import scenario as scenario_module
from sim.mechanism import Desk, Mechanism, TwoOwnersError
from sim.mechanisms import all_mechanisms
from sim.problems import Problems
from sim.scenario import load
from sim.views import ClaimView
from tests.small import ARTICLE, article

HEAD = "[workshop]\nbays = { bay = 2 }\n[jobs.any]\nshare = 1\nbay = 'bay'\nwork_hours = { mean = 1 }\n"


def problems_of(tmp_path: Path, text: str) -> list[tuple[int | None, str, str]]:
    path = tmp_path / "mine.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    with pytest.raises(Problems) as found:
        load(path)
    assert all(problem.zh and problem.en and problem.file == str(path) for problem in found.value.problems)
    return sorted((problem.line, problem.key, problem.text("en")) for problem in found.value.problems)


@pytest.mark.parametrize(
    ("text", "line", "key", "hint"),
    [
        ("[fleet]\ndemo_car = 3\ndemo_cars = 2", 8, "fleet.demo_car", "demo_cars"),
        ("[study]\nweeks = '26 weeks'", 8, "study.weeks", "unit"),
        ("[study]\nweeks = 2.5", 8, "study.weeks", "whole number"),
        ("[arrivals]\nvisits_per_day = -4", 8, "arrivals.visits_per_day", "0"),
        ("[arrivals]\nbooked_share = 65", 8, "arrivals.booked_share", "1"),
        ("[study]\nweeks = 2\nweeks = 3", 9, "study.weeks", "line 8"),
        ("[policies.ad_hoc]\n[policies.x]\nmechanisms = ['stock_bord']", 9, "policies.x.mechanisms", "stock_board"),
        ("[mechanisms.stock_bord]", 7, "mechanisms.stock_bord", "stock_board"),
        ("[mechanisms.stock_board]\nshown_shar = 1", 8, "mechanisms.stock_board.shown_shar", "shown_share"),
        ("[study]\nbaseline = 'adhoc'", 8, "study.baseline", "ad_hoc"),
        ("[study]\nfirst_day = 2026-03-03", 8, "study.first_day", "Monday"),
        ("[jobs.b]\nshare = 1\nbay = 'bey'\nwork_hours = { mean = 1 }", 9, "jobs.b.bay", "bay"),
        ("[calendars.service]\nopens = 18\ncloses = 9", 7, "calendars.service", "opens < closes"),
        (
            "[jobs.c]\nshare = 1\nbay = 'bay'\nwork_hours = { shape = 'gama', mean = 1 }",
            10,
            "jobs.c.work_hours.shape",
            "gamma",
        ),
        ("[parts.control]\npolicy = 's_S'", 7, "parts.control", "low and high"),
        ("[arrivals]\nweekday_weights = [1, 1, 1]", 8, "arrivals.weekday_weights", "7"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_what_was_meant(
    tmp_path: Path, text: str, line: int, key: str, hint: str
) -> None:
    found = problems_of(tmp_path, text)
    assert [(at, name) for at, name, _ in found] == [(line, key)]
    assert hint in found[0][2]


def test_all_mistakes_are_told_at_once_whatever_their_kind(tmp_path: Path) -> None:
    found = problems_of(
        tmp_path,
        "[study]\nweeks = true\nbaseline = 'nobody'\n[fleet]\ndemo_cars = -1\n[mechanisms.nonsense]\n"
        "[policies.ad_hoc]\nmechanisms = ['stock_board', 'stock_board']\n",
    )
    assert [line for line, _, _ in found] == [8, 9, 11, 12, 14]


def test_two_owners_of_one_decision_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class OtherClock(Mechanism):
        null: ClassVar[dict[str, Any]] = {}

        def claim_clock(self, view: ClaimView) -> str:
            return "wall"

    known = {**all_mechanisms(), "other_clock": OtherClock}
    for module in (scenario_module, crosscheck):
        monkeypatch.setattr(module, "all_mechanisms", lambda: known)
    found = problems_of(
        tmp_path, "[policies.ad_hoc]\n[policies.both]\nmechanisms = ['escalation_ladder', 'other_clock']"
    )
    assert len(found) == 1
    assert all(name in found[0][2] for name in ("escalation_ladder", "other_clock", "claim_clock"))
    with pytest.raises(TwoOwnersError):
        Desk([known["escalation_ladder"](), OtherClock()])


def test_a_mechanism_that_answers_a_question_nobody_asks_is_refused() -> None:
    with pytest.raises(TypeError, match="colour_of_the_wall"):

        class Painter(Mechanism):
            def colour_of_the_wall(self) -> str:
                return "white"


@pytest.mark.parametrize(
    ("content", "line", "hint"),
    [
        ("sku,2026-01,2026-02\na,1,-2\n", 2, "negative"),
        ("sku,2026-01,2026-02\na,1,\n", 2, "not_observed"),
        ("sku,2026-01,2026-03\na,1,2\n", 1, ""),
    ],
)
def test_a_bad_demand_history_is_told_with_its_line(tmp_path: Path, content: str, line: int, hint: str) -> None:
    (tmp_path / "demand.csv").write_text(content, encoding="utf-8")
    path = tmp_path / "mine.toml"
    path.write_text(
        HEAD + "[[parts.history]]\nfile = 'demand.csv'\nfamily = 'p'\n"
        "[parts.families.p]\nskus = 1\nprice_yuan = { mean = 1 }\n",
        encoding="utf-8",
    )
    with pytest.raises(Problems) as found:
        load(path)
    assert [problem.line for problem in found.value.problems] == [line]
    assert hint in found.value.text("en")
    assert "demand.csv" in found.value.problems[0].file


def test_a_file_that_is_not_there_names_the_one_that_is() -> None:
    with pytest.raises(Problems, match=r"article\.toml"):
        load(ARTICLE.with_name("artikle.toml"))


def test_a_changed_scenario_is_checked_like_a_file_and_leaves_the_first_alone() -> None:
    scenario = article()
    before = scenario.hash()
    assert scenario.changed({"workshop.bays.body": 9}).model.workshop.bays["body"] == 9
    assert scenario.hash() == before
    assert scenario.changed({"workshop.bays.body": 9}).hash() != before
    with pytest.raises(Problems):
        scenario.changed({"workshop.bays.body": -9})
    with pytest.raises(Problems):
        scenario.changed({"workshop.baies": {}})


# -- one mechanism in two ways ---------------------------------------------------------------------------------


def test_a_policy_may_use_a_mechanism_in_its_own_way() -> None:
    scenario = article().changed(
        {
            "mechanisms.escalation_ladder": {"limit_hours": 20.0},
            "policies.strict": {
                "mechanisms": ["escalation_ladder"],
                "settings": {"escalation_ladder": {"clock": "wall"}},
            },
            "policies.usual": {"mechanisms": ["escalation_ladder"]},
        }
    )
    (strict,), (usual,) = scenario.in_force("strict"), scenario.in_force("usual")
    assert (strict.limit_hours, strict.clock) == (20.0, "wall")  # type: ignore[attr-defined]
    assert usual.clock == "business"  # type: ignore[attr-defined]
    assert scenario.hash() != article().hash()


def test_what_is_wrong_with_a_policys_own_settings_is_told_beside_the_rest() -> None:
    settings = {"escalation_ladder": {"limit_hours": -1, "clok": "wall"}, "stock_board": {}}
    with pytest.raises(Problems) as found:
        article().changed({"policies.strict": {"mechanisms": ["escalation_ladder"], "settings": settings}})
    text = str(found.value)
    for word in ("limit_hours", "clok", "stock_board", "policies.strict.settings"):
        assert word in text


def test_policies_compared_when_none_are_named_must_exist() -> None:
    assert article().compared == ("ad_hoc", "systematic")
    with pytest.raises(Problems) as found:
        article().changed({"study.compared": ["systemtic"]})
    assert "systematic" in str(found.value)
