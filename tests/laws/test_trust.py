"""Laws found over finished logs: they hold in every world the kit can make, and each is broken by its own sabotage."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.centre import replicate
from sim.departments.fleet import Fleet
from sim.departments.parts import Parts
from sim.departments.sisters import Sister
from sim.departments.workshop import Workshop
from sim.journey import Journey
from sim.laws.check import check
from sim.laws.found import Found
from sim.laws.little import area, spent
from sim.ledger import Ledger
from sim.log import Log
from sim.mechanisms import all_mechanisms
from sim.scenario import load
from sim.stock import Stock
from sim.waiting import Pool
from sim.weekly import weekly_series
from tests.small import ARTICLE, PROPOSALS, SHORT, article, with_policy

TEXTBOOK = sorted((ARTICLE.parent / "textbook").glob("*.toml"))
WORLDS: dict[str, dict[str, Any]] = {
    "a technician for two bays": {"workshop.technicians.mechanic": 6},
    "customers who do not wait for parts": {"parts.control.when_short": "lost"},
    "several units a line": {"parts.quantity": {"shape": "poisson", "mean": 2.0}},
    "more work than bays": {"workshop.bays": {"mechanical": 4, "body": 3}},
    "orders in turn, looked at all day": {
        "parts.control.orders_may_cross": False,
        "parts.control.review": "continuous",
    },
}


def broken(found: list[Found]) -> set[str]:
    return {law.law for law in found if not law.holds}


# -- they hold ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("policy", sorted(article().policies))
def test_all_laws_hold_under_every_policy(policy: str) -> None:
    found = check(replicate(article(), policy, 5, 0))
    assert not broken(found)
    assert {law.why_not for law in found} == {""}
    assert all(law.rhs > 0 for law in found if law.law not in ("time", "shelf", "money_zero", "money_stock"))


def test_all_laws_hold_with_every_proposal_at_once_and_with_perfect_coordination() -> None:
    yardsticks = [name for name in all_mechanisms() if name not in PROPOSALS]
    for mechanisms in (PROPOSALS, yardsticks):
        assert not broken(check(replicate(with_policy(mechanisms), "tested", 6, 0)))


@pytest.mark.parametrize("name", WORLDS)
def test_all_laws_hold_in_stranger_worlds(name: str) -> None:
    assert not broken(check(replicate(article().changed(WORLDS[name]), "systematic", 7, 0)))


@pytest.mark.parametrize("path", TEXTBOOK, ids=lambda path: path.stem)
def test_all_laws_hold_in_the_textbook_cases(path: Path) -> None:
    scenario = load(path).changed(SHORT)
    for policy in scenario.policies:
        for changes in {repr(case.set): case.set for case in scenario.model.textbook}.values():
            assert not broken(check(replicate(scenario.changed(dict(changes)), policy, 8, 0))), (policy, changes)


def test_where_the_load_is_no_law_it_says_why() -> None:
    def why(changes: dict[str, Any]) -> set[str]:
        found = check(replicate(article().changed(changes), "ad_hoc", 9, 0))
        return {law.why_not for law in found if law.law == "offered_load"}

    assert why({}) == {""}
    assert why({"parts.control.when_short": "lost"}) == {"lost"}
    assert "unfinished" in why({"workshop.bays": {"mechanical": 2, "body": 2}, "study.run_on_weeks": 0})
    assert "no_bays" in why({"workshop.bays": {"mechanical": 13, "body": 13, "paint": 2}})


def test_the_two_sides_of_little_agree_for_any_stays_and_any_window() -> None:
    rng = np.random.default_rng(3)
    for _ in range(50):
        starts = rng.uniform(0, 100, 40)
        ends = starts + rng.exponential(20, 40)
        a, b = np.sort(rng.uniform(0, 120, 2))
        assert area(starts, ends, a, b) == pytest.approx(spent(starts, ends, a, b), rel=1e-12, abs=1e-9)
    # three hours by hand: one there throughout, one for the last hour
    assert area([0.0, 2.0], [9.0], 0.0, 3.0) == spent([0.0, 2.0], [9.0, np.inf], 0.0, 3.0) == 4.0


def test_weekly_series_add_up_to_the_metrics() -> None:
    from sim.metrics import measure

    # run on until everybody is home: the mean of what is still open is another one (Kaplan and Meier's)
    log = replicate(article().changed({"study.run_on_weeks": 12}), "ad_hoc", 10, 0)
    metrics, series = measure(log, 0, 3), weekly_series(log)
    for name, (amounts, bases) in series.items():
        assert len(amounts) == len(bases) == 5, "two weeks of warm-up and three counted"
        if name != "open_hours":
            assert sum(amounts[2:]) / sum(bases[2:]) == pytest.approx(metrics[name], rel=1e-9), name


# -- and they can fail ----------------------------------------------------------------------------------------

Sabotage = Callable[[pytest.MonkeyPatch], None]


def wrapped(owner: type, name: str) -> Callable[[Callable[..., Any]], Sabotage]:
    """A method replaced by one that is given the original first."""

    def make(instead: Callable[..., Any]) -> Sabotage:
        original = getattr(owner, name)
        return lambda patch: patch.setattr(owner, name, lambda self, *words: instead(original, self, *words))

    return make


def rows_changed(event: str, change: Callable[[list[Any]], list[Any]], from_nth: int = 0) -> Sabotage:
    """Rows of an event written otherwise than they happened."""
    original = Log.write

    def install(patch: pytest.MonkeyPatch) -> None:
        count = 0

        def write(
            self: Log, time: float, what: str, visit: int = -1, item: str = "", number: float = 0.0, note: str = ""
        ) -> None:
            nonlocal count
            row = [time, what, visit, item, number, note]
            if what == event:
                count += 1
                row = change(row) if count > from_nth else row
            if row:
                original(self, *row)

        patch.setattr(Log, "write", write)

    return install


def once(condition: Callable[..., bool]) -> Callable[..., bool]:
    """True the first time a condition is met, never again."""
    done = False

    def first(*words: Any) -> bool:
        nonlocal done
        if done or not condition(*words):
            return False
        done = True
        return True

    return first


def _lose_a_part() -> Sabotage:
    unlucky = once(lambda stock: stock.on_hand > 0)

    def receive(original: Any, parts: Parts, sku: int, *words: Any) -> None:
        original(parts, sku, *words)
        if unlucky(parts.stocks[sku]):
            parts.stocks[sku].on_hand -= 1

    return wrapped(Parts, "_receive")(receive)


def _lend_what_is_out() -> Sabotage:
    def lend(ask_loan: Any, fleet: Fleet, visit: Any, hours: float) -> str:
        kind = ask_loan(fleet, visit, hours)
        if kind == "demo":
            fleet.free["demo"] += 1  # the car is out, and stands there all the same
        return kind

    return wrapped(Fleet, "ask_loan")(lend)


def _two_cars() -> Sabotage:
    first = once(lambda fleet: fleet.free["dedicated"] + fleet.free["demo"] > 1)

    def lend(ask_loan: Any, fleet: Fleet, visit: Any, hours: float) -> str:
        if first(fleet):
            fleet.free["dedicated"] += 1
            fleet.settings = fleet.settings.model_copy(
                update={"dedicated_loaners": fleet.settings.dedicated_loaners + 1}
            )
            ask_loan(fleet, visit, hours)
        return ask_loan(fleet, visit, hours)

    return wrapped(Fleet, "ask_loan")(lend)


def _no_end() -> Sabotage:
    first = once(lambda journey: not journey.visit.has_loaner)

    def hand_over(original: Any, journey: Journey) -> Any:
        if not first(journey):
            yield from original(journey)

    return wrapped(Journey, "hand_over")(hand_over)


def _never_booked() -> Sabotage:
    first = once(lambda journey: True)

    def tell(original: Any, journey: Journey) -> Any:
        if not first(journey):
            yield from original(journey)

    return wrapped(Journey, "tell")(tell)


def _own_time_wrong() -> Sabotage:
    def hand_over(original: Any, journey: Journey) -> Any:
        yield from original(journey)
        journey.visit.handed_over_at += 1.0

    return wrapped(Journey, "hand_over")(hand_over)


def _bays_without_end() -> Sabotage:
    def take(original: Any, pool: Pool, priority: float = 0.0) -> Any:
        pool.capacity += 1
        pool.free += 1
        yield from original(pool, priority)

    return wrapped(Pool, "take")(take)


def _two_bays() -> Sabotage:
    first = once(lambda *_: True)

    def take_bay(original: Any, workshop: Workshop, visit: int, kind: str, back: bool, priority: int) -> Any:
        if first():
            yield from original(workshop, visit, kind, back, priority)
            workshop._world.log.write(workshop._world.now, "bay_taken", visit, kind, 0.0)
        else:
            yield from original(workshop, visit, kind, back, priority)

    return wrapped(Workshop, "take_bay")(take_bay)


def _money_from_nowhere() -> Sabotage:
    def post(original: Any, ledger: Ledger, *words: Any) -> None:
        original(ledger, *words)
        if words[0] == "goodwill":
            ledger.balances["cash"] += words[2]

    return wrapped(Ledger, "post")(post)


def _free_parts() -> Sabotage:
    def use(original: Any, parts: Parts, line: Any) -> None:
        parts._price[line.sku], price = parts._price[line.sku] * 1.5, parts._price[line.sku]
        original(parts, line)
        parts._price[line.sku] = price

    return wrapped(Parts, "use")(use)


def _empty_shelf_gives() -> Sabotage:
    return wrapped(Stock, "free_for")(lambda free_for, stock, quantity: True)


def _sister_forgets_to_order() -> Sabotage:
    first = once(lambda *_: True)
    return wrapped(Sister, "_reorder")(lambda reorder, sister, *words: None if first() else reorder(sister, *words))


def _half_the_work() -> Sabotage:
    return wrapped(Workshop, "work")(
        lambda work, workshop, visit, kind, skill, hours: work(workshop, visit, kind, skill, hours / 2)
    )


def _row_back_in_time() -> Sabotage:
    return rows_changed("ready", lambda row: [row[0] - 5.0, *row[1:]], from_nth=50)


def _number(event: str, factor: float) -> Sabotage:
    return rows_changed(event, lambda row: [*row[:4], row[4] * factor, row[5]])


SABOTAGES: dict[str, tuple[Callable[[], Sabotage], set[str]]] = {
    "a part is lost on its way to the shelf": (_lose_a_part, {"parts", "shelf_value", "money_stock"}),
    "a shelf gives what it does not have": (_empty_shelf_gives, {"shelf"}),
    "parts are used at another price": (_free_parts, {"parts_in_cars", "money_stock"}),
    "a value is written down wrong": (lambda: _number("stock_value", 1.01), {"shelf_value"}),
    "a sister forgets to order": (_sister_forgets_to_order, {"sisters"}),
    "a car is lent twice": (_lend_what_is_out, {"cars", "cars_out"}),
    "a customer has two cars": (_two_cars, {"car_of_a_customer"}),
    "a visit never ends": (_no_end, {"customers"}),
    "a customer is never booked": (_never_booked, {"customers_come"}),
    "a visit's own time is wrong": (_own_time_wrong, {"little_shop"}),
    "waits are told wrong": (lambda: _number("bay_taken", 0.9), {"little_queue"}),
    "hours are booked wrong at a car's return": (lambda: _number("car_in", 1.1), {"little_cars"}),
    "bays come from nowhere": (_bays_without_end, {"bays"}),
    "a visit is on two bays": (_two_bays, {"bay_of_a_visit"}),
    "work is done in half the time": (_half_the_work, {"bay_work"}),
    "money comes from nowhere": (_money_from_nowhere, {"money", "money_zero"}),
    "the clock runs backwards": (_row_back_in_time, {"time"}),
}


@pytest.mark.parametrize("name", SABOTAGES)
def test_each_sabotage_breaks_its_law(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sabotage, laws = SABOTAGES[name]
    sabotage()(monkeypatch)
    more_bays_wanted = {"workshop.bays": {"mechanical": 6, "body": 6}} if "bays" in laws else {}
    found = check(replicate(article().changed(more_bays_wanted), "ad_hoc", 12, 0))
    assert laws <= broken(found), "each names the two sides and where they part"
    assert all(law.where for law in found if law.law in laws & {"parts", "shelf", "cars", "money", "cars_out", "bays"})


def test_every_law_has_a_sabotage_that_breaks_it() -> None:
    laws = {law.law for law in check(replicate(article(), "ad_hoc", 13, 0))}
    assert laws - {"offered_load"} == set().union(*(broken for _, broken in SABOTAGES.values()))
