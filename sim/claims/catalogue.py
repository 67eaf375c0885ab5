"""All claims, in the order of the article's numbering."""

from sim.claims import market_claims, parts_claims, people_claims
from sim.claims.readings import Reading

READINGS: tuple[Reading, ...] = tuple(
    sorted(
        (*parts_claims.READINGS, *people_claims.READINGS, *market_claims.READINGS),
        key=lambda reading: int(reading.id[1:]),
    )
)
IDS = tuple(f"K{number}" for number in range(1, 21))
