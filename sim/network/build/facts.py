"""The fact tables behind the reference networks, read into plain records."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sim.network.build.geography import Gateways, Place
from sim.network.build.tables import Fact, read_facts

NETWORKS = Path(__file__).resolve().parents[2] / "data" / "networks"
SHARED = NETWORKS / "midsize" / "facts"
BORDER = NETWORKS.parent / "border"  # ports and their traffic, for every network


@dataclass(frozen=True, slots=True)
class PartFact:
    """One row of a parts table: what a part is, and what a unit of it costs to make."""

    id: str
    name: str
    tier: int
    system: str
    hts_code: str
    unit: str
    part_class: str
    core_class: str
    vehicle_class: str
    unit_cost_usd: float
    labour_pct: float  # direct labour of this stage, percent of unit cost
    overhead_pct: float
    mass_kg: float
    volume_m3: float
    steel_kg: float  # metal content of one unit, all tiers
    aluminium_kg: float
    material_from: str  # overseas country of materials that the network does not model; empty for the usual rule
    range_pct: float
    basis: str
    source: str


@dataclass(frozen=True, slots=True)
class Link:
    """One stop of a documented chain: a site makes a part from what the stop before it made."""

    journey: str
    branch: str
    step: int
    site: str
    part: str
    quantity_per: int  # of the stop before, for one unit of this one
    movement: str  # how this stop's inputs enter its country: entry or temporary
    share_pct: int  # of the stop before in this stop's stock of it; 0 leaves the sourcing rule alone
    recorded: bool  # whether the journey, as its source tells it, goes so far
    source: str


def read_parts(path: Path) -> dict[str, PartFact]:
    """Parts by id."""
    return {row["id"]: _part(row) for row in read_facts(path)}


def _part(row: Fact) -> PartFact:
    return PartFact(
        id=row["id"],
        name=row["name"],
        tier=int(row["tier"]),
        system=row["system"],
        hts_code=row["hts_code"],
        unit=row["unit"],
        part_class=row["part_class"],
        core_class=row["core_class"],
        vehicle_class=row["vehicle_class"],
        unit_cost_usd=float(row["unit_cost_usd"]),
        labour_pct=float(row["labour_pct"]),
        overhead_pct=float(row["overhead_pct"]),
        mass_kg=float(row["mass_kg"]),
        volume_m3=float(row["volume_m3"]),
        steel_kg=float(row["steel_kg"]),
        aluminium_kg=float(row["aluminium_kg"]),
        material_from=row["material_from"],
        range_pct=float(row["range_pct"]),
        basis=row["basis"],
        source=row["source"],
    )


def read_links(path: Path) -> list[Link]:
    """Stops of the documented chains, in order of journey, branch and step."""
    rows = [
        Link(
            row["journey"],
            row["branch"],
            int(row["step"]),
            row["site"],
            row["part"],
            int(row["quantity_per"]),
            row["movement"],
            int(row["share_pct"]),
            row["recorded"] == "yes",
            row["source"],
        )
        for row in read_facts(path)
    ]
    return sorted(rows, key=lambda link: (link.journey, link.branch, link.step))


def read_sites(*further: Path) -> dict[str, Fact]:
    """Sites by id: those that all networks share, and those of further folders of facts."""
    return {row["id"]: row for folder in (SHARED, *further) for row in read_facts(folder / "sites.csv")}


def read_gateways(path: Path) -> Gateways:
    """Ports that a network's routes may use, from a table with one port a row: role, reach and relief."""
    rows = read_facts(path)
    rail: dict[str, tuple[str, ...]] = {}
    ocean: dict[tuple[str, str], tuple[str, ...]] = {}
    for row in rows:
        if row["role"] == "rail":
            rail[row["reach"]] = (*rail.get(row["reach"], ()), row["port"])
            if row["reach"] != "CA":
                rail["MX"] = (*rail.get("MX", ()), row["port"])
        elif row["role"] == "ocean":
            waters, country = row["reach"].split("/")
            ocean[waters, country] = (*ocean.get((waters, country), ()), row["port"])

    def having(role: str) -> tuple[str, ...]:
        return tuple(row["port"] for row in rows if row["role"] == role)

    return Gateways(
        north=having("north"),
        south=having("south_trunk"),
        south_local=having("south_local"),
        into_mexico=having("south_local_into_mx"),
        rail=rail,
        ocean=ocean,
        relief={row["port"]: tuple(row["relief"].split()) for row in rows if row["relief"]},
    )


def read_wages() -> dict[str, Fact]:
    """Wage groups by name."""
    return {row["group"]: row for row in read_facts(SHARED / "wages.csv")}


def read_ports() -> dict[str, Fact]:
    """Ports by name."""
    return {row["port"]: row for row in read_facts(BORDER / "ports.csv")}


def read_airports() -> dict[str, Fact]:
    """Airports by name, with the columns that ports have and airports do not at 0."""
    nothing = dict.fromkeys(read_facts(BORDER / "ports.csv")[0], "0")
    always = {"close_hour": "24", "weekend_close_hour": "24", "us_neighbour": "", "kind": "air"}
    return {row["port"]: {**nothing, **always, **row} for row in read_facts(BORDER / "airports.csv")}


def read_border_process() -> dict[str, Fact]:
    """Stages of a land crossing by direction, such as ``MX-US``."""
    return {row["direction"]: row for row in read_facts(BORDER / "process.csv")}


def place(row: Fact, name: str) -> Place:
    """A row with coordinates as a place on the map."""
    return Place(name, row.get("country", ""), float(row["lat_deg"]), float(row["lon_deg"]))
