"""The shape of a generated network: how many of everything, refused where it cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sim.errors import NetworkError

MOST_LANES = 200_000  # beyond it one table outgrows what the reader of network files takes
_MOST_MAKERS = 50
_MOST_SUPPLIERS = 2_000
_RANGES = {
    "plants": (1, 200),
    "tiers": (1, 6),
    "parts": (1, 2_000),
    "makers": (1, _MOST_MAKERS),
    "crossings": (2, 40),
    "vehicles_per_day": (1, 2_000),
    "background": (0, 20_000),
}


@dataclass(frozen=True, slots=True)
class Shape:
    """What a generated network has, whatever its seed.

    Parameters
    ----------
    plants : int
        Assembly plants, 1 to 200; each builds one vehicle. From three on they stand in three countries.
    tiers : int
        Number of tiers of suppliers, 1 to 6.
    parts : int
        Parts that a vehicle is made from, all tiers together, from `tiers` to 2,000.
    makers : int
        Works that make each part, on average, 1 to 50; never more than two for each recipe that uses the part.
        There are as many recipes as parts times makers, and one for each plant.
    suppliers : int or None
        Sites of suppliers, at most parts times makers and 2,000; by default a sixth of that product, four or more.
        From four on they stand in Canada, Mexico, the United States and overseas.
    crossings : int
        Border ports with booths, 2 to 40, each in both directions. From three on a border has more than one, and
        loads have other ways; one of them closes at night.
    vehicles_per_day : int
        Vehicles that each plant builds on a working day, 1 to 2,000.
    background : int
        Everybody else's trucks on a weekday, at each port and in each direction, 0 to 20,000.
    milk_runs : bool
        Small parts of one site for one other share trucks.

    Raises
    ------
    NetworkError
        Every number that is out of range, with what is allowed.

    Examples
    --------
    >>> Shape(parts=120, makers=2).supplier_sites
    40
    """

    plants: int = 3
    tiers: int = 3
    parts: int = 60
    makers: int = 3
    suppliers: int | None = None
    crossings: int = 6
    vehicles_per_day: int = 400
    background: int = 1_500
    milk_runs: bool = False

    def __post_init__(self) -> None:
        problems = list(self._problems())
        if problems:
            raise NetworkError("shape of a network", problems)

    @property
    def supplier_sites(self) -> int:
        """Number of sites of suppliers, as asked or by the rule."""
        product = self.parts * self.makers
        by_rule = min(_MOST_SUPPLIERS, product, max(4, product // 6))
        return by_rule if self.suppliers is None else self.suppliers

    @property
    def options(self) -> str:
        """The shape as the command's options."""
        numbers = {name: getattr(self, name) for name in _RANGES}
        numbers["suppliers"] = self.supplier_sites
        told = " ".join(f"--{name.replace('_', '-')} {number}" for name, number in numbers.items())
        return told + (" --milk-runs" if self.milk_runs else "")

    def _problems(self) -> Iterator[str]:
        for name, (least, most) in _RANGES.items():
            number = getattr(self, name)
            if not least <= number <= most:
                yield f"{name}: {number} is not {least} to {most:,}."
            elif name == "parts" and number < self.tiers <= _RANGES["tiers"][1]:
                yield f"parts: {number} are too few for {self.tiers} tiers. Write {self.tiers} or more."
        most = min(_MOST_SUPPLIERS, max(1, self.parts) * max(1, self.makers))
        if self.suppliers is not None and not 1 <= self.suppliers <= most:
            yield f"suppliers: {self.suppliers} is not 1 to {most:,} (parts x makers, at most {_MOST_SUPPLIERS:,})."
