"""What a supplier network is made of: sites, parts, recipes, lanes, routes and crossings, all frozen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sim.network.stated import Stated

if TYPE_CHECKING:
    import networkx as nx

NORTH_AMERICA = ("CA", "MX", "US")


@dataclass(frozen=True, slots=True)
class Evidence:
    """How a row is known.

    Parameters
    ----------
    basis : str
        ``seen``, ``computed``, ``memory``, ``estimate`` or ``assumption``.
    range_pct : float
        Half-width of the plausible range of the row's money values, in percent of the value; 0 for facts.
    source : str
        Key of an entry in the network's SOURCES.md.
    """

    basis: str
    range_pct: float
    source: str


def evidence_of(cells: Mapping[str, object]) -> Evidence:
    """How a row of a file is known, from its cells."""
    return Evidence(str(cells["basis"]), float(str(cells["range_pct"])), str(cells["source"]))


def with_evidence(cells: Mapping[str, object]) -> dict[str, Any]:
    """Cells of a row with what is known about them in one place, as the thing that the row stands for takes them."""
    kept = {name: value for name, value in cells.items() if name not in Evidence.__slots__}
    return {**kept, "evidence": evidence_of(cells)}


@dataclass(frozen=True, slots=True)
class Site:
    """A place where things are made, kept or sold. `kind`: plant, supplier, market."""

    id: str
    kind: str
    name: str
    country: str  # ISO 3166 alpha-2
    region: str
    lat_deg: float
    lon_deg: float
    time_zone: str
    owner_country: str  # country of the ultimate owner: non-market content limits ask it
    currency: str
    wage_usd_h: float  # average base wage of direct production workers: labour value content asks it
    rd_share_pct: float  # R&D and IT wages in percent of production wages
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Part:
    """A thing that moves: a material, a part or a vehicle.

    Parameters
    ----------
    part_class : str
        How it is buffered: ``sequenced``, ``just_in_time``, ``powertrain``, ``small``, ``material``, ``vehicle``.
    core_class : str
        Place in the USMCA tables: ``core``, ``principal``, ``complementary``, ``none``, or ``vehicle``.
    vehicle_class : str
        ``passenger`` or ``light_truck`` for vehicles, empty otherwise.
    """

    id: str
    name: str
    tier: int  # 0 vehicle, 1 what it is built from, 2, 3
    system: str
    hts_code: str  # as printed, such as 8407.34
    unit: str  # what one unit is: set, vehicle, kg
    part_class: str
    core_class: str
    vehicle_class: str
    mass_kg: float  # per unit
    volume_m3: float  # per unit, packed
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Input:
    """One line of a bill of materials."""

    part: str
    quantity_per: int  # units of input for one unit of output
    cover_h: float  # hours of use that the stock aims to hold


@dataclass(frozen=True, slots=True)
class Schedule:
    """How many vehicles an assembly recipe is asked to build."""

    vehicles_per_day: int  # on each working day
    lot_units: int  # vehicles per build slot
    overtime_calendar: str  # calendar in which missed builds may be recovered
    msrp_usd: float


@dataclass(frozen=True, slots=True)
class Recipe:
    """A site makes a part from inputs; id is ``site/part``. Costs are per unit of output, before inputs."""

    id: str
    site: str
    part: str
    lines: int
    work_s: float  # working seconds of one line per unit
    calendar: str
    labour_usd: float
    overhead_usd: float  # capital, energy, profit
    material_usd: float  # bought materials that the network does not model further
    material_country: str  # where those materials come from
    steel_usd: float  # value of steel in one unit, all tiers
    steel_kg: float
    steel_melt_country: str  # where it was melted and poured; empty if no steel
    aluminium_usd: float
    aluminium_kg: float
    aluminium_smelt_country: str
    inputs: tuple[Input, ...]
    schedule: Schedule | None  # for assembly
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Lane:
    """One supplier recipe feeding one input of one recipe, or a market (`to_recipe` empty, `to_site` the market)."""

    id: str
    from_recipe: str
    to_recipe: str  # empty for a market lane
    to_site: str
    part: str
    share_pct: float  # of the stock's demand; of the builds, for a market lane
    load_units: int
    mode: str  # truck, rail, ocean
    fast_pct: float  # share of loads that may use FAST booths
    importer_country_use: str  # production, or sale for finished vehicles
    evidence: Evidence
    milk_run: str = field(default="", repr=False)  # whose truck its loads share; empty: each has its own
    expedite: str = field(default="", repr=False)  # "yes": may go by team truck or air when a shortage is foreseen


@dataclass(frozen=True, slots=True)
class Step:
    """A leg, followed by a crossing (empty on the last step).

    `movement` at the crossing: ``entry`` (for consumption), ``in_bond`` (transit, no entry), ``temporary``
    (temporary import, no duty while it is worked and sent on), or empty on the last step.
    """

    hours: float
    distance_km: float
    cost_usd: float  # free-flow freight of a full load over the leg
    crossing: str
    movement: str


@dataclass(frozen=True, slots=True)
class Route:
    """One way from a site to another by a mode; alternative 0 is the usual one."""

    from_site: str
    to_site: str
    mode: str
    alternative: int
    transit_cv: float  # coefficient of variation of each leg's duration
    steps: tuple[Step, ...]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Crossing:
    """A port of entry in one direction. Times are local; probabilities in percent."""

    id: str  # such as ambassador_bridge/us
    port: str
    name: str
    from_country: str
    to_country: str
    kind: str  # land_truck (queue), land_rail, ocean (pure delay)
    lat_deg: float
    lon_deg: float
    time_zone: str
    open_hour: int  # local; 0 and 24 = never closed
    close_hour: int
    weekend_open_hour: int
    weekend_close_hour: int
    booths_standard: int
    booths_fast: int
    cycle_standard_s: float  # effective, with move-up
    cycle_fast_s: float
    cycle_cv: float
    approach_min: float
    split_trucks: int
    background_weekday: float  # trucks a weekday, all traffic observed
    background_weekend_pct: float  # of a weekday, mean of Saturday and Sunday
    background_fast_pct: float
    profile: str  # hour-of-day profile
    dispersion_cv: float  # of the hourly rate
    patience_h: float  # mean wait at which a background truck gives up
    staffing_utilisation_pct: float  # staffing aims at this use of open booths
    export_check_s: float
    red_light_pct: float
    red_light_min: float
    scan_pct: float
    scan_min: float
    exam_pct: float
    exam_fast_pct: float
    exam_min: float
    inspection_pct: float  # state safety inspection
    inspection_min: float
    dwell_h: float  # for pure delays: rail interchange, ocean terminal
    toll_usd: float
    evidence: Evidence
    export_modules: int = 0  # of the export check; 0 = it takes its time without a line
    inspection_bays: int = 0  # of the state inspection; 0 likewise
    tractors: int = 0  # transfer tractors for the network's own loads; 0 = a truck brings its own
    tractor_return_min: float = 0.0  # of a tractor, from beyond the crossing to the yard
    yard_before_h: float = 0.0  # mean dwell of a trailer before it is ready to cross
    yard_after_h: float = 0.0  # mean dwell beyond
    yard_cv: float = 0.0  # of both dwells
    yard_places: int = 0  # trailers that fit into the yard before; 0 = any number


@dataclass(frozen=True, slots=True)
class Substitute:
    """A crossing to which trucks go rather than wait: our own, and some of other people's."""

    crossing: str  # where they would wait
    substitute: str  # where they go
    hours: float  # to get there
    share_pct: float  # of other people's trucks at the crossing that would
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Shutdown:
    """Days of every year on which a calendar has no shifts, first and last included; may span New Year."""

    name: str
    first: tuple[int, int]  # month, day
    last: tuple[int, int]
    evidence: Evidence

    def holds(self, day: dt.date) -> bool:
        """Whether it holds on a day."""
        here = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last


@dataclass(frozen=True, slots=True)
class Calendar:
    """Weekly working hours in UTC-free local time: (weekday, from hour, to hour), Monday 0; hours may be 24."""

    id: str
    time_zone: str
    shifts: tuple[tuple[int, float, float], ...]
    shutdowns: tuple[Shutdown, ...] = field(default=(), repr=False)

    def is_shut(self, day: dt.date) -> bool:
        """Whether the shifts that begin on a local day are not worked."""
        return any(shutdown.holds(day) for shutdown in self.shutdowns)


@dataclass(frozen=True, slots=True)
class MilkRun:
    """A truck that leaves at hours of the week, (weekday, local hour), Monday 0, with what stands on its dock."""

    id: str
    time_zone: str
    departures: tuple[tuple[int, float], ...]  # ascending
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Network:
    """A checked network. Mappings are keyed by id and iterate in id order.

    `traffic` holds trucks on a weekday by year and `seasons` twelve monthly indices, both by crossing and only for
    the crossings that have them; the others carry `Crossing.background_weekday` all year. `told` says how each row of
    both is known: by file, crossing, and year or month. `stated` is what customs holds of goods besides.
    """

    name: str
    title: str
    sites: MappingProxyType[str, Site]
    parts: MappingProxyType[str, Part]
    recipes: MappingProxyType[str, Recipe]
    lanes: MappingProxyType[str, Lane]
    routes: MappingProxyType[tuple[str, str, str], tuple[Route, ...]]  # (from_site, to_site, mode)
    crossings: MappingProxyType[str, Crossing]
    calendars: MappingProxyType[str, Calendar]
    milk_runs: MappingProxyType[str, MilkRun] = field(default_factory=lambda: MappingProxyType({}))
    traffic: MappingProxyType[str, MappingProxyType[int, float]] = field(default_factory=lambda: MappingProxyType({}))
    seasons: MappingProxyType[str, tuple[float, ...]] = field(default_factory=lambda: MappingProxyType({}))
    substitutes: MappingProxyType[str, tuple[Substitute, ...]] = field(  # by crossing, in order of the substitute
        default_factory=lambda: MappingProxyType({})
    )
    told: MappingProxyType[tuple[str, str, int], Evidence] = field(default_factory=lambda: MappingProxyType({}))
    stated: tuple[Stated, ...] = ()
    digest: str = field(default="", repr=False)
    _into: dict[tuple[str, str], tuple[Lane, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        into: dict[tuple[str, str], list[Lane]] = {}
        for lane in self.lanes.values():
            into.setdefault((lane.to_recipe, lane.part), []).append(lane)
        object.__setattr__(self, "_into", {key: tuple(lanes) for key, lanes in into.items()})

    def _repr_html_(self) -> str:
        from html import escape

        counts = {name: len(getattr(self, name)) for name in ("sites", "recipes", "parts", "lanes", "crossings")}
        lines = sum(recipe.schedule is not None for recipe in self.recipes.values())
        told = ", ".join(f"{count:,} {name}" for name, count in counts.items())
        return f"<b>{escape(self.name)}</b>: {escape(self.title)}<br><small>{told}; {lines} assembly lines</small>"

    @property
    def is_settled(self) -> bool:
        """Whether sources stay as they are; where they change within a run, lanes that come have no share yet."""
        return all(lane.share_pct > 0 for lane in self.lanes.values())

    def lanes_into(self, recipe: str, part: str) -> tuple[Lane, ...]:
        """Lanes that feed one input of a recipe, in id order."""
        return self._into.get((recipe, part), ())

    def routes_of(self, lane: Lane) -> tuple[Route, ...]:
        """Alternative routes of a lane, the usual one first."""
        return self.routes[self.recipes[lane.from_recipe].site, lane.to_site, lane.mode]

    def substitutes_of(self, crossing: str) -> tuple[Substitute, ...]:
        """Where trucks may go instead, in order of id, among the crossings of the network."""
        return tuple(row for row in self.substitutes.get(crossing, ()) if row.substitute in self.crossings)

    def to_networkx(self) -> nx.MultiDiGraph[str]:
        """The network as a graph in two layers, walked in id order.

        Returns
        -------
        networkx.MultiDiGraph
            Nodes are sites, recipes and crossings by id, each with ``kind`` (a site's is ``plant``, ``supplier`` or
            ``market``), ``country`` and what else a map or a filter needs. Edges carry ``kind``: ``lane`` (key: the
            lane's id) joins recipes, or a vehicle recipe to its market; ``made_at`` joins a recipe to its site;
            ``leg`` (key: mode, alternative and step) joins sites and crossings along the routes; ``substitute`` joins a
            crossing to one where others may go instead.
        """
        import networkx as nx  # late: only those who ask for a graph pay for it

        graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(name=self.name, title=self.title)
        for site in self.sites.values():
            graph.add_node(site.id, **_node(site.kind, site))
        for crossing in self.crossings.values():
            mark: dict[str, Any] = {"from_country": crossing.from_country, "mode": crossing.kind}
            graph.add_node(crossing.id, **_node("crossing", crossing), **mark)
        for recipe in self.recipes.values():
            part = self.parts[recipe.part]
            mark = {"part": part.id, "tier": part.tier, "system": part.system}
            graph.add_node(recipe.id, **_node("recipe", self.sites[recipe.site]) | {"name": part.name}, **mark)
            graph.add_edge(recipe.id, recipe.site, key="made_at", kind="made_at")
        for lane in self.lanes.values():
            crossings = tuple(step.crossing for step in self.routes_of(lane)[0].steps if step.crossing)
            mark = {"part": lane.part, "share_pct": lane.share_pct, "mode": lane.mode, "crossings": crossings}
            graph.add_edge(lane.from_recipe, lane.to_recipe or lane.to_site, key=lane.id, kind="lane", **mark)
        for key, routes in self.routes.items():
            for route in routes:
                here = route.from_site
                for number, step in enumerate(route.steps):
                    there = step.crossing or route.to_site
                    name = "/".join((*key, str(route.alternative), str(number)))
                    mark = {"mode": route.mode, "hours": step.hours, "distance_km": step.distance_km}
                    graph.add_edge(here, there, key=name, kind="leg", movement=step.movement, **mark)
                    here = there
        for rows in self.substitutes.values():
            for row in rows:
                mark = {"hours": row.hours, "share_pct": row.share_pct}
                graph.add_edge(row.crossing, row.substitute, key="substitute", kind="substitute", **mark)
        return graph


def _node(kind: str, place: Site | Crossing) -> dict[str, Any]:
    """Attributes that every node of the graph has."""
    country = place.to_country if isinstance(place, Crossing) else place.country
    where = {"lat_deg": place.lat_deg, "lon_deg": place.lon_deg}
    return {"kind": kind, "name": place.name, "country": country, **where}
