"""Facts on part families and countries: natural shares, months of qualification, productivity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from sim.errors import DataError
from sim.locate import data_dir
from sim.network.build.tables import Fact, read_facts
from sim.network.model import Part

COLUMNS = {code.upper(): f"src_{code}_pct" for code in ("us", "ca", "mx", "cn", "jp", "kr", "de")}


@dataclass(frozen=True, slots=True)
class Family:
    """What is known of a part family wherever it is made.

    Parameters
    ----------
    share_pct : mapping of str to float
        Natural share by country: of a vehicle built in the United States, as bills of materials tell it.
    months_low, months_high : float
        Months from the choice of a new supplier to its first deliveries.
    """

    share_pct: Mapping[str, float]
    months_low: float
    months_high: float

    def months(self, between_pct: float) -> float:
        """Months until a supplier is qualified; 0 % the shortest time, 100 % the longest."""
        return self.months_low + (self.months_high - self.months_low) * between_pct / 100


def family_of(part: Part) -> Family:
    """The family of a part by its id, or that of its part class where the id is not known.

    Raises
    ------
    DataError
        Neither is known.
    """
    known = _families()
    found = known.get(part.id) or known.get(f"class:{part.part_class}")
    if found is None:
        raise DataError("families.csv", [f"has neither '{part.id}' nor 'class:{part.part_class}'"])
    return found


def productivity(country: str) -> float:
    """Output of an hour of work, the United States 1; 1 where nothing is known."""
    return _productivity().get(country, 1.0)


@lru_cache(maxsize=1)
def _families() -> Mapping[str, Family]:
    rows = read_facts(data_dir() / "sourcing" / "families.csv")
    return MappingProxyType({row["part"]: _family(row) for row in rows})


def _family(row: Fact) -> Family:
    shares = {country: float(row[column]) for country, column in COLUMNS.items()}
    return Family(MappingProxyType(shares), float(row["months_low"]), float(row["months_high"]))


@lru_cache(maxsize=1)
def _productivity() -> Mapping[str, float]:
    rows = read_facts(data_dir() / "sourcing" / "countries.csv")
    return MappingProxyType({row["country"]: float(row["productivity"]) for row in rows})
