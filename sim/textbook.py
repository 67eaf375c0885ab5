"""A textbook case: what a scenario says about its own known answer. The model never reads it."""

from typing import Any, Literal

from sim.units import Hours, Real, Settings, Weeks, given

Quantity = Literal[
    "bay_wait_hours", "bay_wait_open_hours", "bay_wait_share", "bay_queue_length", "bays_taken", "bays_in_order",
    "cars_in_shop", "shortage_rate", "shelf_value_yuan", "backorder_lines", "line_wait_days",
    "transfer_share", "express_share", "sister_shortage", "sister_transfer_share",
    "drives_lost", "loans_refused", "cars_out",
    "claim_hours", "claim_working_hours", "claim_share_open", "claim_level_share",
]  # fmt: skip
"""What can be looked at; sim.quantities says how each is counted."""


class TextbookCase(Settings):
    """One quantity of this scenario with its exact value."""

    name: str = given("", source="definition")
    """What the case is called, beside the file's name."""
    quantity: Quantity = given(source="definition")
    """What is looked at."""
    exact: Real = given(source="definition")
    """Its exact value, in the quantity's unit."""
    source: str = given(source="definition")
    """Where the value comes from: a paper or book with its equation."""
    computed_by: str = given("", source="definition")
    """The call in tests/theory that gives the value again; empty in a case of your own."""
    of: str = given("", source="definition")
    """Only this one: a job type, a part family, a sister centre or a level; empty: all."""
    above: Hours = given(0.0, source="definition")
    """Threshold of a share, hours."""
    policy: str = given("", source="definition")
    """Policy it is run under; empty: the baseline."""
    set: dict[str, Any] = given(factory=dict, source="definition")
    """Dotted keys of this file with other values for this case."""
    skip_weeks: Weeks = given(0, source="definition")
    """Weeks after the policy starts that are left out too."""
