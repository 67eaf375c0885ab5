"""The parts there are: family, price, lead time, true demand, and what the parts department believes of it."""

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from sim.chance import Chance
from sim.distributions import Distribution, constant, lognormal
from sim.units import Ratio, Real, Settings, Share, given


class PartFamily(Settings):
    """Stock-keeping units that one kind of job uses."""

    skus: Annotated[int, Field(ge=1, le=20000)] = given(
        source="A-30", span=(20, 400), why="size of an active catalogue"
    )
    """Number of stock-keeping units."""
    price_yuan: Distribution = given(source="A-31", why="spread over orders of magnitude, as catalogues have")
    """Cost price of a unit over the family's parts, yuan."""
    lead_time_days: Distribution = given(constant(5), source="article", why="K1: five days to bring a part in")
    """Supplier lead time of an order, calendar days."""
    popularity_exponent: Ratio = given(
        0.9, source="A-32", span=(0.6, 1.2), why="Zipf's law; the fastest part moves some hundred times the slowest"
    )
    """Demand of the n-th most wanted part is proportional to n to the minus this power."""
    obsolete_share: Share = given(
        0.12, source="A-33", span=(0.05, 0.25), why="model changes: parts still stocked that nobody needs"
    )
    """Share of parts without any demand left that the old forecast still stocks."""


class HistorySettings(Settings):
    """Demand taken from a file instead of a popularity law."""

    file: str = given(source="user")
    """CSV: a row a stock-keeping unit, a column a month; relative to the scenario file."""
    missing: Literal["refuse", "not_observed"] = given("refuse", source="user")
    """What an empty cell means."""
    family: str = given(source="user")
    """The part family whose demand it is; its ``skus`` is then not read."""


class ForecastSettings(Settings):
    """What the parts department believes when it forecasts alone."""

    bias: Real = given(
        -0.10,
        source="A-34",
        read_by="baseline",
        span=(-0.3, 0.1),
        why="forecasts made from old records miss growth; service asks only once a part is short",
    )
    """Mean relative error of the forecast demand rate (-0.1: a tenth too low)."""
    error_cv: Ratio = given(
        0.45,
        source="fitted",
        read_by="baseline",
        span=(0.2, 1.2),
        why="A-35: knob of the calibration; spread of stale forecasts around the true rate",
    )
    """Standard deviation of forecast over true rate between parts."""


@dataclass(frozen=True)
class Catalogue:
    """Arrays over stock-keeping units."""

    names: tuple[str, ...]
    family: tuple[str, ...]
    price: np.ndarray
    """Cost price, yuan."""
    weight: np.ndarray
    """Share of its family's lines."""
    stale_weight: np.ndarray
    """The same, as the parts department believes (may sum to more or less than 1)."""
    lead_time: tuple[Distribution, ...]
    members: dict[str, tuple[int, int]]
    """First and one-past-last index of each family."""
    cumulative: dict[str, np.ndarray]
    """Cumulated weights within each family, for drawing."""
    size: dict[str, Distribution]
    """Units a line, by family."""


def build_catalogue(
    families: dict[str, PartFamily],
    forecast: ForecastSettings,
    quantity: Distribution,
    chance: Chance,
    history: dict[str, tuple[tuple[str, ...], np.ndarray]],
) -> Catalogue:
    """Draw the catalogue by address; ``history`` gives names and mean monthly demand of families read from a file."""
    names: list[str] = []
    family: list[str] = []
    nothing = np.empty(0)  # a centre without parts has a catalogue without lines
    price, weight, stale = [nothing], [nothing], [nothing]
    lead: list[Distribution] = []
    members, cumulative, sizes = {}, {}, {}
    for name, settings in families.items():
        own, share = _demand(name, settings, history)
        members[name] = (len(names), len(names) + len(own))
        count = len(own)
        cumulative[name] = np.cumsum(share)
        sizes[name] = quantity
        price.append(chance.column("catalogue.price", settings.price_yuan, name).first(count))
        weight.append(share)
        stale.append(_belief(name, share, settings, forecast, chance))
        names.extend(own)
        family.extend([name] * count)
        lead.extend([settings.lead_time_days] * count)
    return Catalogue(
        tuple(names), tuple(family), np.concatenate(price), np.concatenate(weight), np.concatenate(stale),
        tuple(lead), members, cumulative, sizes,
    )  # fmt: skip


def _demand(
    name: str, settings: PartFamily, history: dict[str, tuple[tuple[str, ...], np.ndarray]]
) -> tuple[tuple[str, ...], np.ndarray]:
    if name in history:
        own, mean = history[name]
        return tuple(f"{name}:{sku}" for sku in own), mean / mean.sum()
    alive = max(settings.skus - round(settings.skus * settings.obsolete_share), 1)
    share = np.zeros(settings.skus)
    share[:alive] = np.arange(1, alive + 1.0) ** -settings.popularity_exponent
    return tuple(f"{name}-{n:04d}" for n in range(settings.skus)), share / share.sum()


def _belief(
    name: str, share: np.ndarray, settings: PartFamily, forecast: ForecastSettings, chance: Chance
) -> np.ndarray:
    """True share times a stale error; obsolete parts are believed to sell like the slow half still does."""
    count = len(share)
    error = chance.column("catalogue.forecast_error", None, name).first(count)
    factor = lognormal(1.0, forecast.error_cv).inverse(error) if forecast.error_cv > 0 else np.ones(count)
    believed = share * (1 + forecast.bias) * factor
    gone = share == 0
    if gone.any() and name and settings.obsolete_share > 0:
        alive = share[~gone]
        once = np.sort(alive)[: max(len(alive) // 2, 1)]
        pick = chance.column("catalogue.obsolete_rank", None, name).first(count)[gone]
        believed[gone] = once[(pick * len(once)).astype(int)] * factor[gone]
    return believed
