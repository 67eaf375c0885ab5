"""Units: a type carries what a number may be, a key's suffix says its unit, a field says where its value comes from.

Every settings class derives from :class:`Settings`; every field is made with :func:`given`, so that no number
enters a run without a source (the article, a reference, the user's data, or assumption A-n).
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0, le=1)]
"""A share of a whole, 0 to 1."""
Hours = Annotated[float, Field(ge=0, le=24 * 366)]
"""Hours on the clock named by the key's text; at most one year."""
Days = Annotated[float, Field(ge=0, le=3660)]
"""Calendar days unless the text says working days."""
Weeks = Annotated[int, Field(ge=0, le=520)]
"""Whole weeks."""
Yuan = Annotated[float, Field(ge=0, le=1e9)]
"""Money, Chinese yuan of the scenario's price year."""
Count = Annotated[int, Field(ge=0, le=1_000_000)]
"""A whole number of things."""
PerDay = Annotated[float, Field(ge=0, le=100_000)]
"""A rate per calendar day."""
Ratio = Annotated[float, Field(ge=0, le=1000)]
"""A non-negative number without unit."""
Points = Annotated[float, Field(ge=-100, le=100)]
"""Points of a score."""
Real = Annotated[float, Field(ge=-1e6, le=1e6)]
"""A number of either sign."""

HOURS_PER_DAY = 24.0
HOURS_PER_WEEK = 168.0
HOURS_PER_MONTH = 365 * 24 / 12

ReadBy = Literal["baseline", "mechanism", "both"]


class Settings(BaseModel):
    """Frozen settings that refuse unknown keys; the text under a field is its documentation."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True, allow_inf_nan=False, strict=False
    )


def given(
    default: Any = ...,
    *,
    source: str,
    read_by: ReadBy = "both",
    span: tuple[float, float] | None = None,
    why: str = "",
    factory: Any = None,
) -> Any:
    """A settings field with its source and its reader.

    Args:
        default: value when the scenario is silent; left out, the scenario must say it.
        source: "article", "definition", "calendar", "user", or "A-n": an assumption with a number.
        read_by: who reads it: the baseline, only a mechanism, or both. Keys that only a mechanism reads
            are the dangerous ones: an effect could be typed in there.
        span: the range in which an assumption may lie (same unit as the value).
        why: the reason for an assumption's value and range.
        factory: default factory for a nested block.
    """
    extra: dict[str, Any] = {"source": source, "read_by": read_by}
    if span is not None:
        extra["span"] = list(span)
    if why:
        extra["why"] = why
    if factory is not None:
        return Field(default_factory=factory, json_schema_extra=extra)
    return Field(default, json_schema_extra=extra)
