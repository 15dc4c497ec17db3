"""Which works supply a family from a country: the seats of the family, how near they are, and whom a maker prefers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sim.network.build.draft import chance_of, split_shares
from sim.network.build.geography import Place, great_circle_km
from sim.network.build.tables import Fact

NEAR_KM = 80.0  # assumption: works nearer than this are all as good as next door
TWO_PCT = 50  # assumption: from this share of a part on, a buyer keeps two works in a country
SECOND = 0.45  # assumption: if the second is worth at least so much of the first
HABIT = (0.6, 1.4)  # assumption: a maker's dealings of old make works worth so much more or less to it


class Seats:
    """Works by family and country, with their weights."""

    def __init__(self, rows: Iterable[Fact], places: Mapping[str, Place]) -> None:
        self.places = places
        self._seats: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
        for row in rows:
            self._seats[row["part"], places[row["site"]].country][row["site"]] = float(row["weight"])

    def nearest(self, part: str, buyer: str) -> str:
        """The works nearest to a buyer in its own country: what is sequenced comes from beside the line."""
        here = self.places[buyer]
        seats = self._seats[part, here.country]
        return min(seats, key=lambda site: (great_circle_km(here, self.places[site]), site))

    def choose(self, part: str, country: str, buyer: str, maker: str, share: int) -> dict[str, int]:
        """Works that supply a buyer from a country, and what each gives of `share` percent.

        Parameters
        ----------
        part : str
            A family; what a variant of it is called does not matter here.
        country : str
            Where it comes from; overseas, one site stands for the country.
        buyer : str
            Site that uses it.
        maker : str
            Whose habits count.
        share : int
            Percent of the buyer's demand.
        """
        seats = self._seats.get((part, country))
        if not seats:
            return {f"supplier/{country.lower()}": share}
        worth = {site: weight * self._pull(site, buyer) * _habit(maker, part, site) for site, weight in seats.items()}
        ranked = sorted(worth, key=lambda site: (-worth[site], site))
        first, second = ranked[0], ranked[1] if len(ranked) > 1 else ""
        if share >= TWO_PCT and second and worth[second] >= SECOND * worth[first]:
            return split_shares({first: worth[first], second: worth[second]}, share)
        return {first: share}

    def _pull(self, site: str, buyer: str) -> float:
        return 1.0 / max(NEAR_KM, great_circle_km(self.places[site], self.places[buyer]))


def _habit(maker: str, part: str, site: str) -> float:
    """A factor that looks drawn but is the same wherever it is asked for."""
    low, high = HABIT
    return low + (high - low) * chance_of(f"{maker}/{part}/{site}")
