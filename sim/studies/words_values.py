"""Values of assumptions as a reader sees them: with their unit, and no more digits than mean something."""

import math
from typing import TYPE_CHECKING

from sim.studies.factors import NULL
from sim.studies.words_assumptions import INSTANCES, UNITS, assumption_label, unit_of
from sim.studies.words_sensitivity import text

if TYPE_CHECKING:
    from sim.studies.factors import Factor

DIGITS = 4


def name(factor: "Factor", lang: str, number: bool = True) -> str:
    """Label with the assumption's number, and a dagger if its value was fitted."""
    if factor.key == NULL.key:
        return text("null", lang)
    label = assumption_label(factor.pattern, lang, factor.instance) + ("†" if factor.fitted else "")
    return f"{factor.assumption} {label}" if number and factor.assumption else label


def valued(factor: "Factor", at: float, lang: str, resolution: float = math.nan, unit: bool = True) -> str:
    """A factor's coordinate in words: the number with its unit, or that of each table that moves along.

    Args:
        resolution: how exactly the coordinate is known, in its own unit; nan if it is exact.
    """
    if factor.key == NULL.key:
        return "–"
    if factor.alone:
        return number(at, unit_of(factor.pattern), lang, resolution, unit)
    if at in (-1.0, 0.0, 1.0):
        return text({-1.0: "all_low", 0.0: "as_written", 1.0: "all_high"}[at], lang)
    each = []
    for place in factor.places:
        span = (place.high if at > 0 else place.low) - place.value
        own = number(place.at(at, False), unit_of(factor.pattern), lang, abs(span * resolution) or math.nan)
        each.append(f"{INSTANCES.get(place.instance, (place.instance,) * 2)[lang == 'en']} {own}")
    return ("、" if lang == "zh" else ", ").join(each)


def number(value: float, unit: str, lang: str, resolution: float = math.nan, with_unit: bool = True) -> str:
    """A value with its unit; shares in percent; decimals down to the resolution, else four digits."""
    name_of_unit = UNITS[unit][lang == "en"]
    factor = 100 if name_of_unit.startswith("%") else 1
    value, resolution = value * factor, resolution * factor
    if math.isfinite(resolution) and resolution > 0:
        places = max(0, -math.floor(math.log10(resolution)))
    else:
        places = max(0, DIGITS - 1 - math.floor(math.log10(abs(value)))) if value else 0
    shown = f"{abs(value):,.{places}f}"
    shown = shown.rstrip("0").rstrip(".") if "." in shown and not math.isfinite(resolution) else shown
    shown = f"−{shown}" if value < 0 and float(shown.replace(",", "") or 0) else shown
    if not with_unit or not name_of_unit:
        return shown
    return f"{shown}{name_of_unit}" if name_of_unit.startswith("%") else f"{shown} {name_of_unit}"


def between(factor: "Factor", lang: str) -> str:
    """The range of a factor."""
    if factor.key == NULL.key:
        return "–"
    unit = unit_of(factor.pattern)
    low, high = factor.places[0].low, factor.places[0].high
    return f"{number(low, unit, lang, with_unit=False)}–{number(high, unit, lang)}"
