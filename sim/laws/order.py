"""Nothing is used twice, and time never runs backwards: the log row by row."""

from collections import defaultdict

from sim.laws.found import Found, at_most
from sim.log import Log
from sim.stocktaking import Counted


def time(log: Log) -> list[Found]:
    """Rows that lie before the row above them: none."""
    times = [row[0] for row in log.rows]
    if times == sorted(times):
        return [Found("time", "", 0.0, 0.0, 0.0, "hours", ">=", True)]
    wrong = next(i for i in range(1, len(times)) if times[i] < times[i - 1])
    return [Found("time", f"row {wrong}", times[wrong], times[wrong - 1], 0.0, "hours", ">=", False)]


def bays(log: Log) -> list[Found]:
    """Never more bays held than there are, and no visit on two at a time."""
    most, twice = _most_at_once(log, "bay_taken", "bay_left", by_use=False)
    there = {kind: float(number or 0) for kind, number in log.facts["bays"].items()}
    return [
        at_most("bays", "bays", {kind: (most.get(kind, 0.0), number) for kind, number in there.items()}),
        at_most("bay_of_a_visit", "bays", twice),
    ]


def cars(log: Log) -> list[Found]:
    """Never more cars out than there are, and nobody out with two at a time."""
    counted: Counted = log.facts["counted"]
    most, twice = _most_at_once(log, "car_out", "car_in", by_use=True)
    there = {kind: float(number) for kind, (number, _, _) in counted.cars.items()}
    if counted.rented or "programme" in log.by_event():
        # the log does not say when rented loaners come and go, so how many there were at a time is not known
        there.pop("dedicated")
    return [
        at_most("cars_out", "cars", {kind: (most.get(kind, 0.0), number) for kind, number in there.items()}),
        at_most("car_of_a_customer", "cars", twice),
    ]


def _most_at_once(
    log: Log, up: str, down: str, by_use: bool
) -> tuple[dict[str, float], dict[str, tuple[float, float]]]:
    """Most in use at once by kind; and by user the most at once against 1, for the worst user."""
    held: dict[str, int] = defaultdict(int)
    most: dict[str, float] = defaultdict(float)
    holder: dict[tuple[int, str], int] = defaultdict(int)
    worst = ("", 0)
    for row in log.in_order(up, down):
        step = 1 if row[1] == up else -1
        user = (row[2], row[5] if by_use else "")
        held[row[3]] += step
        holder[user] += step
        if held[row[3]] > most[row[3]]:
            most[row[3]] = held[row[3]]
        # given back without having been taken counts as a double use too: somebody else's was given back
        load = holder[user] if step > 0 else 1 - holder[user]
        if load > worst[1]:
            worst = (str(row[2]), load)
    return most, {worst[0]: (float(worst[1]), 1.0)} if worst[1] else {}
