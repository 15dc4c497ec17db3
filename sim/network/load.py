"""From a folder of CSV files to a checked, frozen Network, or to all that is wrong with it."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from sim.errors import NetworkError, Problem, nearest
from sim.locate import is_file, is_folder
from sim.network.checks import run_checks
from sim.network.model import (
    Calendar,
    Crossing,
    Evidence,
    Input,
    Lane,
    MilkRun,
    Network,
    Part,
    Recipe,
    Route,
    Schedule,
    Shutdown,
    Site,
    Step,
    Substitute,
    evidence_of,
    with_evidence,
)
from sim.network.schema import FILES, JOURNEYS, OPTIONAL_FILES
from sim.network.table import Row, Table, Tables, read_table

NETWORKS = Path(__file__).resolve().parent.parent / "data" / "networks"

Item = TypeVar("Item")
Bare = TypeVar("Bare", Site, Part, Crossing)


def list_networks() -> tuple[str, ...]:
    """Names of the networks that come with the program, in order."""
    return tuple(sorted(folder.name for folder in NETWORKS.iterdir() if (folder / "network.csv").is_file()))


def load_network(name_or_path: str | Path) -> Network:
    """Read a network by its name or from a folder.

    Parameters
    ----------
    name_or_path : str or Path
        A name from `list_networks`, or a folder that holds the CSV files of `sim.network.schema`.

    Returns
    -------
    Network

    Raises
    ------
    NetworkError
        Every problem of every file at once, each with its file, row and column.

    Examples
    --------
    >>> load_network("seat_control").sites["supplier/matamoros"].country
    'MX'
    """
    source, folder = _source(name_or_path), network_folder(name_or_path)
    stamp = tuple((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in _csv_files(folder))
    return _load(source, folder, stamp)


def check_network(name_or_path: str | Path) -> tuple[Problem, ...]:
    """Every problem of a network, without raising; empty when it can be loaded.

    Parameters
    ----------
    name_or_path : str or Path
        As for `load_network`.

    Returns
    -------
    tuple of Problem
    """
    try:
        folder = network_folder(name_or_path)
    except NetworkError as error:
        return error.problems
    return tuple(_read(folder)[1])


def load_journeys(name_or_path: str | Path) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Documented journeys of a network: lane ids in order, by journey and branch.

    Parameters
    ----------
    name_or_path : str or Path
        As for `load_network`. A folder without ``journeys.csv`` has none.

    Returns
    -------
    mapping of (journey, branch) to tuple of lane ids

    Raises
    ------
    NetworkError
        The network or its ``journeys.csv`` is wrong: an unknown lane, or a lane that does not begin where the
        one before it ends.
    """
    network = load_network(name_or_path)
    source, folder = _source(name_or_path), network_folder(name_or_path)
    if not (folder / "journeys.csv").is_file():
        return MappingProxyType({})
    table, problems = read_table(folder / "journeys.csv", JOURNEYS)
    chains: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in table:
        chains[row.text("journey"), row.text("branch")].append(row)
    for rows in chains.values():
        rows.sort(key=lambda row: row.whole("step"))
        problems.extend(_broken_chain(network, table, rows))
    if problems:
        raise NetworkError(source, problems)
    return MappingProxyType({key: tuple(row.text("lane") for row in chains[key]) for key in sorted(chains)})


def _broken_chain(network: Network, table: Table, rows: list[Row]) -> list[Problem]:
    problems = []
    before: Lane | None = None
    for row in rows:
        lane = network.lanes.get(row.text("lane"))
        if lane is None:
            message = f"no lane named '{row.text('lane')}'. {nearest(row.text('lane'), network.lanes, 'lanes')}"
            problems.append(table.problem(row, "lane", message))
        elif before is not None and before.to_recipe != lane.from_recipe:
            message = f"begins at '{lane.from_recipe}', but the step before ends at '{before.to_recipe}'."
            problems.append(table.problem(row, "lane", message))
        before = lane
    return problems


def network_folder(name_or_path: str | Path) -> Path:
    """Folder of a network: of the shipped one of that name, else the folder itself.

    Parameters
    ----------
    name_or_path : str or Path
        As for `load_network`. A folder of the name of a shipped network is meant where it is a Path or has a slash.

    Raises
    ------
    NetworkError
        There is neither, with the nearest name.
    """
    text = str(name_or_path)
    if _is_shipped(name_or_path):
        return NETWORKS / text
    folder = Path(text)
    if is_folder(folder):
        return folder
    hint = nearest(text, list_networks(), "networks")
    raise NetworkError(f"network {text}", [f"no network or folder named '{text}'. {hint}"])


def _is_shipped(name_or_path: str | Path) -> bool:
    text = str(name_or_path)
    return isinstance(name_or_path, str) and "/" not in text and is_file(NETWORKS / text / "network.csv")


def _source(name_or_path: str | Path) -> str:
    """What errors call a network."""
    return f"network {name_or_path}" if _is_shipped(name_or_path) else str(name_or_path)


def _csv_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix == ".csv" and path.is_file())


@lru_cache(maxsize=8)
def _load(source: str, folder: Path, stamp: tuple[tuple[str, int, int], ...]) -> Network:
    """Read once per state of the files: `stamp` is part of the key, so an edited file is read again."""
    tables, problems = _read(folder)
    if problems:
        raise NetworkError(source, problems)
    network = _build(folder.resolve().name, tables)
    return replace(network, digest=digest(network))


def _read(folder: Path) -> tuple[Tables, list[Problem]]:
    tables: dict[str, Table] = {}
    found_files = [path.name for path in _csv_files(folder)]
    wanted = {**FILES, **{file: columns for file, columns in OPTIONAL_FILES.items() if file in found_files}}
    problems = [
        Problem(name, f"is not a network file. {nearest(name, FILES, 'files')}")
        for name in found_files
        if name not in wanted and name != "journeys.csv"
    ]
    unsound = []
    tables.update({file: Table(file, ()) for file in OPTIONAL_FILES})
    for file, columns in wanted.items():
        tables[file], found = read_table(folder / file, columns)
        if not found and not tables[file].rows:
            found = [Problem(file, "has no rows. Add at least one.")]
        if found:
            unsound.append(file)
            problems.extend(found)
    return tables, [*problems, *run_checks(tables, unsound)]


def _build(name: str, tables: Tables) -> Network:
    recipes = _recipes(tables)
    return Network(
        name=name,
        title=tables["network.csv"].rows[0].text("title"),
        sites=_by_id(_bare(Site, row) for row in tables["sites.csv"]),
        parts=_by_id(_bare(Part, row) for row in tables["parts.csv"]),
        recipes=_by_id(recipes),
        lanes=_by_id(_with_evidence(Lane, row) for row in tables["lanes.csv"]),
        routes=_routes(tables["routes.csv"]),
        crossings=_by_id(_bare(Crossing, row) for row in tables["crossings.csv"]),
        calendars=_calendars(tables["calendars.csv"], tables["shutdowns.csv"]),
        milk_runs=_milk_runs(tables["milk_runs.csv"]),
        traffic=_traffic(tables["traffic.csv"]),
        seasons=_seasons(tables["seasons.csv"]),
        substitutes=_substitutes(tables["substitutes.csv"]),
        told=_told(tables),
    )


def _bare(kind: Callable[..., Bare], row: Row) -> Bare:
    return _with_evidence(kind, row)


def _with_evidence(kind: Callable[..., Item], row: Row, **extra: object) -> Item:
    return kind(**with_evidence(row.cells), **extra)


def _by_id(items: Iterable[Item]) -> MappingProxyType[str, Item]:
    found = {str(getattr(item, "id")): item for item in items}  # noqa: B009 - Item has no common base
    return MappingProxyType({key: found[key] for key in sorted(found)})


def _recipes(tables: Tables) -> list[Recipe]:
    inputs: dict[str, list[Input]] = defaultdict(list)
    for row in tables["inputs.csv"]:
        line = Input(row.text("part"), row.whole("quantity_per"), row.number_of("cover_h"))
        inputs[row.text("recipe")].append(line)
    schedules = {
        row.text("recipe"): Schedule(
            row.whole("vehicles_per_day"),
            row.whole("lot_units"),
            row.text("overtime_calendar"),
            row.number_of("msrp_usd"),
        )
        for row in tables["schedules.csv"]
    }
    return [
        _with_evidence(
            Recipe,
            row,
            inputs=tuple(sorted(inputs[row.text("id")], key=lambda line: line.part)),
            schedule=schedules.get(row.text("id")),
        )
        for row in tables["recipes.csv"]
    ]


def _routes(table: Table) -> MappingProxyType[tuple[str, str, str], tuple[Route, ...]]:
    steps: dict[tuple[str, str, str, int], list[Row]] = defaultdict(list)
    for row in table:
        key = (row.text("from_site"), row.text("to_site"), row.text("mode"), row.whole("alternative"))
        steps[key].append(row)
    routes: dict[tuple[str, str, str], list[Route]] = defaultdict(list)
    for key in sorted(steps):
        rows = sorted(steps[key], key=lambda row: row.whole("step"))
        evidence = evidence_of(rows[0].cells)
        legs = tuple(
            Step(
                row.number_of("hours"),
                row.number_of("distance_km"),
                row.number_of("cost_usd"),
                row.text("crossing"),
                row.text("movement"),
            )
            for row in rows
        )
        routes[key[:3]].append(Route(*key, rows[0].number_of("transit_cv"), legs, evidence))
    return MappingProxyType({key: tuple(routes[key]) for key in sorted(routes)})


def _calendars(table: Table, closed: Table) -> MappingProxyType[str, Calendar]:
    shutdowns: dict[str, list[Shutdown]] = defaultdict(list)
    for row in sorted(closed, key=lambda row: (row.whole("from_month"), row.whole("from_day"))):
        first, last = ((row.whole(f"{end}_month"), row.whole(f"{end}_day")) for end in ("from", "to"))
        evidence = evidence_of(row.cells)
        shutdowns[row.text("calendar")].append(Shutdown(row.text("name"), first, last, evidence))
    return _by_id(
        Calendar(
            name,
            rows[0].text("time_zone"),
            tuple(sorted((r.whole("weekday"), r.number_of("from_hour"), r.number_of("to_hour")) for r in rows)),
            tuple(shutdowns[name]),
        )
        for name, rows in _rows_by_id(table).items()
    )


def _milk_runs(table: Table) -> MappingProxyType[str, MilkRun]:
    return _by_id(
        MilkRun(
            name,
            rows[0].text("time_zone"),
            tuple(sorted((row.whole("weekday"), row.number_of("hour")) for row in rows)),
            evidence_of(rows[0].cells),
        )
        for name, rows in _rows_by_id(table).items()
    )


def _traffic(table: Table) -> MappingProxyType[str, MappingProxyType[int, float]]:
    found: dict[str, dict[int, float]] = defaultdict(dict)
    for row in sorted(table, key=lambda row: (row.text("crossing"), row.whole("year"))):
        found[row.text("crossing")][row.whole("year")] = row.number_of("weekday_trucks")
    return MappingProxyType({crossing: MappingProxyType(years) for crossing, years in found.items()})


def _seasons(table: Table) -> MappingProxyType[str, tuple[float, ...]]:
    found: dict[str, list[float]] = defaultdict(list)
    for row in sorted(table, key=lambda row: (row.text("crossing"), row.whole("month"))):
        found[row.text("crossing")].append(row.number_of("index"))
    return MappingProxyType({crossing: tuple(months) for crossing, months in found.items()})


def _told(tables: Tables) -> MappingProxyType[tuple[str, str, int], Evidence]:
    return MappingProxyType(
        {
            (file, row.text("crossing"), row.whole(when)): evidence_of(row.cells)
            for file, when in (("traffic.csv", "year"), ("seasons.csv", "month"))
            for row in tables[file]
        }
    )


def _substitutes(table: Table) -> MappingProxyType[str, tuple[Substitute, ...]]:
    found: dict[str, list[Substitute]] = defaultdict(list)
    for row in sorted(table, key=lambda row: (row.text("crossing"), row.text("substitute"))):
        found[row.text("crossing")].append(_with_evidence(Substitute, row))
    return MappingProxyType({crossing: tuple(rows) for crossing, rows in found.items()})


def _rows_by_id(table: Table) -> dict[str, list[Row]]:
    """Rows of what has several, such as the shifts of a calendar."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in table:
        found[row.text("id")].append(row)
    return found


def digest(network: Network) -> str:
    """SHA-256 over the content: the order of rows and columns, and how a number is written, do not change it.

    Parameters
    ----------
    network : Network

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    total = hashlib.sha256(f"{network.title}\n".encode())
    for mapping in (
        network.sites,
        network.parts,
        network.recipes,
        network.lanes,
        network.routes,
        network.crossings,
        network.calendars,
    ):
        for key, item in mapping.items():
            total.update(f"{key!r} {item!r}\n".encode())
    for run in network.milk_runs.values():  # a network without these keeps the digest that it always had
        riding = [lane.id for lane in network.lanes.values() if lane.milk_run == run.id]
        total.update(f"{run!r} {riding!r}\n".encode())
    for calendar in network.calendars.values():
        if calendar.shutdowns:
            total.update(f"{calendar.id!r} {calendar.shutdowns!r}\n".encode())
    for lane in network.lanes.values():
        if lane.expedite:
            total.update(f"{lane.id!r} may be expedited\n".encode())
    for crossing, years in network.traffic.items():
        total.update(f"{crossing!r} {sorted(years.items())!r}\n".encode())
    for crossing, months in network.seasons.items():
        total.update(f"{crossing!r} {months!r}\n".encode())
    for crossing, substitutes in network.substitutes.items():
        total.update(f"{crossing!r} {substitutes!r}\n".encode())
    for stated in network.stated:
        total.update(f"{stated!r}\n".encode())
    return total.hexdigest()
