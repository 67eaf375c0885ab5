"""How hard the property tests look: little and always the same in every run, much and anew when asked for."""

from hypothesis import HealthCheck, settings

QUIET = list(HealthCheck)
"""Warnings of hypothesis about slow or large examples: a run of a centre is both."""


def fast(examples: int) -> settings:
    """The same few examples each time, so that a run that passed passes again."""
    return settings(max_examples=examples, derandomize=True, deadline=None, database=None, suppress_health_check=QUIET)


def slow(examples: int) -> settings:
    """New examples each time, looking for what nobody thought of; a failure prints how to repeat it."""
    return settings(
        max_examples=examples, derandomize=False, deadline=None, database=None, print_blob=True,
        suppress_health_check=QUIET,
    )  # fmt: skip


FAST = fast(40)
SLOW = slow(1500)
