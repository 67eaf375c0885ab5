"""Nothing appears, nothing vanishes, nothing is used twice; under every policy of the article's centre.

The same is asked of any scenario in tests/properties; here it is asked where much happens.
"""

from collections import Counter
from collections.abc import Callable

import pytest

from sim.centre import Centre
from tests import invariants
from tests.small import article

POLICIES = ["ad_hoc", "systematic"]


@pytest.fixture(scope="module", params=POLICIES)
def centre(request: pytest.FixtureRequest) -> Centre:
    return invariants.finished(Centre(article().changed({"study.weeks": 6}), request.param, 11, 0))


@pytest.mark.parametrize("invariant", invariants.ALL)
def test_it_holds(centre: Centre, invariant: Callable[[Centre], None]) -> None:
    invariant(centre)


def test_there_was_something_to_lose(centre: Centre) -> None:
    count = Counter(row[1] for row in centre.log.rows)
    assert count["booked"] > 1000
    assert (
        min(count[event] for event in ("received", "line_used", "car_out", "bay_taken", "money", "sister_line")) > 100
    )
    assert {row[3] for row in centre.log.rows if row[1] == "bay_taken"} == set(centre.log.facts["bays"])
