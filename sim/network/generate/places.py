"""Where a generated network stands: plants, suppliers and markets near known clusters, and ports on both borders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.network.build.facts import place, read_ports, read_sites
from sim.network.build.geography import NORTH_AMERICA, Place
from sim.network.build.tables import Fact
from sim.network.generate.draws import Draws
from sim.network.generate.shape import Shape
from sim.streams import Streams

OVERSEAS = "overseas"
OVERSEAS_COUNTRIES = ("CN", "JP", "KR", "DE")
# Assumption: what part of the plants and of the suppliers stands where; the first three, or four, stand apart.
PLANT_WEIGHTS = {"US": 0.5, "MX": 0.3, "CA": 0.2}
SUPPLIER_WEIGHTS = {"US": 0.38, "MX": 0.28, "CA": 0.17, OVERSEAS: 0.17}
SPREAD_DEG = 0.3  # assumption: a site lies within a cluster of about this half-width
# Assumption: how works of suppliers work. Round the clock on six or five days, or two shifts on six.
RHYTHMS = {"six_days": 0.6, "five_days": 0.2, "two_shifts_six_days": 0.2}

# Crossing places by border, roughly: latitude, longitude, time zone. Ports stand here in pairs, so that a closed or
# busy one has another near it.
GATES = {
    "MX": (
        (27.6, -99.5, "America/Chicago"),
        (31.7, -106.3, "America/Denver"),
        (26.1, -98.2, "America/Chicago"),
        (31.3, -110.9, "America/Phoenix"),
        (32.6, -116.9, "America/Los_Angeles"),
    ),
    "CA": (
        (42.3, -83.1, "America/Detroit"),
        (42.9, -78.9, "America/New_York"),
        (45.0, -73.5, "America/New_York"),
        (49.0, -97.2, "America/Chicago"),
        (49.0, -122.8, "America/Los_Angeles"),
    ),
}
BORDER_NAMES = {"MX": "south", "CA": "north"}
PAIR_DEG = 0.3  # degrees between the ports of a pair, and between pairs at one place
DAY_HOURS = {"open_hour": 8, "close_hour": 22, "weekend_open_hour": 8, "weekend_close_hour": 16}
NIGHT_REST_H = 16.0  # the longest that the port which closes at night is shut
ALWAYS = {"open_hour": 0, "close_hour": 24, "weekend_open_hour": 0, "weekend_close_hour": 24}
SPLIT_TRUCKS, TOLL_USD = 60, 20.0  # assumption


@dataclass(frozen=True, slots=True)
class Ground:
    """A site of a generated network."""

    id: str
    name: str
    country: str
    region: str
    lat_deg: float
    lon_deg: float
    time_zone: str
    owner_country: str
    wage_group: str
    rhythm: str  # how it works; empty for a market

    @property
    def kind(self) -> str:
        """``plant``, ``supplier`` or ``market``."""
        return self.id.split("/")[0]

    @property
    def place(self) -> Place:
        """Where it stands on the map."""
        return Place(self.id, self.country, self.lat_deg, self.lon_deg)


def take_turns(weights: Mapping[str, float], count: int) -> list[str]:
    """Spread `count` turns over names in proportion to their weights, each turn to the name furthest behind.

    Examples
    --------
    >>> take_turns({"US": 0.5, "MX": 0.3, "CA": 0.2}, 5)
    ['US', 'MX', 'CA', 'US', 'US']
    """
    given = dict.fromkeys(weights, 0)
    turns = []
    for turn in range(1, count + 1):
        furthest = max(weights, key=lambda name: weights[name] * turn - given[name])
        given[furthest] += 1
        turns.append(furthest)
    return turns


def settle(shape: Shape, streams: Streams) -> dict[str, Ground]:
    """Every site by id: plants, suppliers and the four markets of the reference networks."""
    clusters = _clusters()
    grounds = [_market(row) for row in read_sites().values() if row["id"].startswith("market/")]
    for number, country in enumerate(take_turns(PLANT_WEIGHTS, shape.plants), 1):
        name = f"plant/{country.lower()}_{number:0{len(str(shape.plants))}}"
        draws = Draws(streams, f"site/{name}")
        rhythm = draws.pick(("two_shifts", "late_shifts"))
        grounds.append(_near(name, f"Plant {number}", clusters[country], draws, rhythm))
    for number, where in enumerate(take_turns(SUPPLIER_WEIGHTS, shape.supplier_sites), 1):
        draws = Draws(streams, f"site/supplier/{number}")
        country = draws.pick(OVERSEAS_COUNTRIES) if where == OVERSEAS else where
        name = f"supplier/{country.lower()}_{number:0{len(str(shape.supplier_sites))}}"
        rhythm = draws.weighted(tuple(RHYTHMS), tuple(RHYTHMS.values()))
        rhythm = "six_days" if where == OVERSEAS else rhythm
        grounds.append(_near(name, f"Supplier {number}", clusters[country], draws, rhythm))
    return {ground.id: ground for ground in grounds}


def _clusters() -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = {}
    for row in read_sites().values():
        if row["id"].startswith("supplier/"):
            found.setdefault(row["country"], []).append(row)
    return found


def _market(row: Fact) -> Ground:
    where = (float(row["lat_deg"]), float(row["lon_deg"]), row["time_zone"])
    return Ground(row["id"], row["name"], row["country"], row["region"], *where, row["country"], "market", "")


def _near(name: str, title: str, clusters: Sequence[Fact], draws: Draws, rhythm: str) -> Ground:
    row = draws.pick(clusters)
    country = row["country"]
    lat_deg = round(float(row["lat_deg"]) + draws.between(-SPREAD_DEG, SPREAD_DEG), 3)
    lon_deg = round(float(row["lon_deg"]) + draws.between(-SPREAD_DEG, SPREAD_DEG), 3)
    where = (lat_deg, lon_deg, row["time_zone"])
    wages = f"{country.lower()}_assembly" if name.startswith("plant/") else row["wage_group"]
    label, owner = f"{title}, {row['region']}", row["owner_country"]
    return Ground(name, label, country, row["region"], *where, owner, wages, rhythm)


def land_ports(shape: Shape) -> dict[str, dict[str, str]]:
    """Border ports with booths by name, as rows of a port table; booths and traffic are worked out later.

    The southern border has half of them or one more. Its second port, beside the first, closes at night.
    """
    found = {}
    for neighbour, count in (("MX", shape.crossings - shape.crossings // 2), ("CA", shape.crossings // 2)):
        for number in range(count):
            rests = neighbour == "MX" and number == 1
            port = _port(neighbour, number, DAY_HOURS if rests else ALWAYS, len(str(count)))
            found[port["port"]] = port
    return found


def _port(neighbour: str, number: int, hours: Mapping[str, int], digits: int) -> dict[str, str]:
    pair, second = divmod(number, 2)
    circle, gate = divmod(pair, len(GATES[neighbour]))
    lat_deg, lon_deg, time_zone = GATES[neighbour][gate]
    side = BORDER_NAMES[neighbour]
    return {
        "port": f"{side}_{number + 1:0{digits}}",
        "name": f"{side.capitalize()} port {number + 1}",
        "kind": "land_truck",
        "us_neighbour": neighbour,
        "lat_deg": f"{lat_deg:g}",
        "lon_deg": f"{round(lon_deg + PAIR_DEG * (2 * circle + second), 3):g}",
        "time_zone": time_zone,
        **{name: str(hour) for name, hour in hours.items()},
        "booths_standard": "0",
        "booths_fast": "0",
        "entries_2017": "0",
        "weekend_pct": "0",
        "fast_pct": "0",
        "split_trucks": str(SPLIT_TRUCKS),
        "dwell_h": "0",
        "toll_usd": f"{TOLL_USD:g}",
    }


def port_places(land: Mapping[str, Fact]) -> dict[str, Place]:
    """Ports on the map: the generated ones with booths, and the rail and ocean ports of the reference networks."""
    delays = {name: row for name, row in read_ports().items() if row["kind"] != "land_truck"}
    return {name: place(row, name) for name, row in {**delays, **land}.items()}


def in_north_america(ground: Ground) -> bool:
    """Whether a site is in Canada, Mexico or the United States; others have no modelled inputs."""
    return ground.country in NORTH_AMERICA
