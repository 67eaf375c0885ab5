"""Nothing appears, nothing vanishes, nothing is used twice; under every policy."""

from collections import Counter

import pytest

from sim.centre import Centre
from sim.ledger import COSTS, OTHERS
from tests.small import article

POLICIES = ["ad_hoc", "systematic"]


@pytest.fixture(scope="module", params=POLICIES)
def centre(request: pytest.FixtureRequest) -> Centre:
    built = Centre(article().changed({"study.weeks": 6}), request.param, 11, 0)
    built.opening = [stock.on_shelf for stock in built.parts.stocks]  # type: ignore[attr-defined]
    built.run()
    return built


def test_every_customer_is_handed_over_lost_or_still_there(centre: Centre) -> None:
    count = Counter(row[1] for row in centre.log.rows)
    lost = sum(1 for row in centre.log.rows if row[1] == "left" and row[3] == "visit")
    assert count["booked"] == count["handed_over"] + lost + count["visit_open"]
    assert count["booked"] > 1000


def test_every_part_received_is_used_on_the_shelf_or_in_a_car(centre: Centre) -> None:
    names = centre.catalogue.names
    received: Counter[str] = Counter()
    used: Counter[str] = Counter()
    for row in centre.log.rows:
        if row[1] == "received":
            received[row[3]] += int(row[4])
        elif row[1] == "line_used":
            used[row[3]] += 1
    sold = Counter({row[3]: int(row[4]) for row in centre.log.rows if row[1] == "sold_out"})
    taken = Counter(names[line.sku] for visit in centre.visits for line in visit.lines if line.in_hand)
    for sku, stock in enumerate(centre.parts.stocks):
        opening = centre.opening[sku]  # type: ignore[attr-defined]
        assert stock.on_hand >= 0
        assert stock.put_by >= 0
        assert stock.announced >= 0
        assert opening + received[names[sku]] == stock.on_shelf + taken[names[sku]] + sold[names[sku]]
        assert used[names[sku]] <= taken[names[sku]]


def test_a_sister_that_orders_what_it_sells_keeps_its_position(centre: Centre) -> None:
    for sister in centre.sisters:
        levels = [stock.position for stock in sister.stocks]
        assert levels == sister.levels


def test_every_car_is_free_out_being_cleaned_or_blocked(centre: Centre) -> None:
    out = Counter(row[3] for row in centre.log.rows if row[1] == "car_out")
    back = Counter(row[3] for row in centre.log.rows if row[1] == "car_in")
    facts = centre.log.facts
    there = {"demo": facts["demo_cars"], "backup": facts["backup_cars"], "dedicated": 1}
    for kind, cars in there.items():
        at_rest = centre.fleet.free[kind] + centre.fleet.off[kind]  # type: ignore[index]
        assert at_rest + out[kind] - back[kind] == cars, kind


def test_no_car_is_used_twice_at_a_time(centre: Centre) -> None:
    out: Counter[str] = Counter()
    facts = centre.log.facts
    cars = {"demo": facts["demo_cars"], "backup": facts["backup_cars"], "dedicated": 1}
    for row in centre.log.rows:
        if row[1] in ("car_out", "car_in"):
            out[row[3]] += 1 if row[1] == "car_out" else -1
            assert 0 <= out[row[3]] <= cars[row[3]], row


def test_no_bay_is_used_twice_at_a_time(centre: Centre) -> None:
    held: Counter[str] = Counter()
    bays = centre.log.facts["bays"]
    most: Counter[str] = Counter()
    for row in centre.log.rows:
        if row[1] in ("bay_taken", "bay_left"):
            held[row[3]] += 1 if row[1] == "bay_taken" else -1
            most[row[3]] = max(most[row[3]], held[row[3]])
            assert 0 <= held[row[3]] <= bays[row[3]], row
    assert all(most[kind] > 0 for kind in bays)


def test_the_ledger_balances_and_its_stock_account_is_the_stock(centre: Centre) -> None:
    balances = centre.world.ledger.balances
    assert set(balances) <= set(COSTS) | set(OTHERS)
    assert sum(balances.values()) == pytest.approx(0, abs=1e-3)
    price = centre.catalogue.price
    bought = sum((stock.on_shelf - centre.opening[sku]) * price[sku] for sku, stock in enumerate(centre.parts.stocks))  # type: ignore[attr-defined]
    in_cars = sum(price[line.sku] for visit in centre.visits for line in visit.lines if line.in_hand and not line.used)
    assert balances["inventory"] == pytest.approx(bought + in_cars, rel=1e-9, abs=1e-3)


def test_time_never_runs_backwards(centre: Centre) -> None:
    times = [row[0] for row in centre.log.rows]
    assert times == sorted(times)
