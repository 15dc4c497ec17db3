"""Names in a scenario that must exist elsewhere: network, reforms, crossings, recipes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from sim.errors import nearest
from sim.locate import is_file, is_folder
from sim.network.model import Network
from sim.scenario.parsers import is_country_code
from sim.scenario.sheet import Reader
from sim.scenario.shock_reader import place_of
from sim.scenario.shocks import KINDS, Kind
from sim.yaml_text import Location

if TYPE_CHECKING:
    from sim.scenario.crossings import Overrides

DEFAULT_NETWORK = "midsize"


def bound_network(reader: Reader) -> tuple[str, Network | None]:
    """The network's name (or absolute folder) and the network; None after noting that it does not exist.

    Raises
    ------
    NetworkError
        The network exists but is broken.
    """
    from sim.network import list_networks, load_network  # late: `sim --help` must not wait for them

    written = reader.text(("network",), DEFAULT_NETWORK)
    if written in list_networks():
        return written, load_network(written)
    folder = reader.sheet.folder(("network",)) / written
    if written.strip("./") and is_folder(folder):
        return str(folder.resolve()), load_network(folder.resolve())
    kind = "folder" if "/" in written else "network"
    near = nearest(written, list_networks(), "networks")
    reader.add(("network",), f"no {kind} named '{written}'. {near}")
    return written, None


def bound_reform(reader: Reader, location: Location) -> str:
    """A reform's name, or the absolute path of a reform file, written relative to the file that names it."""
    from sim.law import list_reforms  # late, as above

    written = reader.text(location)
    if written in list_reforms():
        return written
    path = reader.sheet.folder(location) / written
    if path.suffix in (".yaml", ".yml") and is_file(path):
        return str(path.resolve())
    near = nearest(Path(written).stem, list_reforms(), "reforms")
    reader.add(location, f"no reform named '{written}'. {near}")
    return written


def check_names(reader: Reader, network: Network, demand: tuple[str, ...]) -> None:
    """Note every shock and demand whose place the network does not have."""
    check_places(reader, network, ("shocks",))
    built = _built(network)
    for name in demand:
        if name not in built:
            near = nearest(name, built, "assembly recipes")
            reader.add(("demand", name), f"no assembly recipe named '{name}'. {near}")


def check_places(reader: Reader, network: Network, shocks: Location) -> None:
    """Note every place of a list of shocks that the network does not have."""
    for n in range(reader.count(shocks)):
        here: Location = (*shocks, n)
        at, kind = place_of(reader.text((*here, "at"))), KINDS.get(reader.text((*here, "kind")))
        if at and kind is not None:
            message = _place_problem(network, kind, at)
            if message:
                reader.add((*here, "at"), message)
            _check_origin(reader, network, here)


def _built(network: Network) -> list[str]:
    return [recipe.id for recipe in network.recipes.values() if recipe.schedule is not None]


def _place_problem(network: Network, kind: Kind, at: str) -> str:
    """What is wrong with a place that a shock names; empty for nothing."""
    if kind.place in ("crossing", "queue"):
        ports = {crossing.port for crossing in network.crossings.values()} | set(network.crossings)
        if at not in ports:
            return f"no crossing named '{at}'. {nearest(at, ports, 'crossings')}"
        has_queue = any(x.booths_standard for x in network.crossings.values() if at in (x.id, x.port))
        if kind.place == "queue" and not has_queue:
            return f"'{at}' has no booths: nothing but a closure can happen to a plain delay."
        return ""
    known, one, several = _places(network, kind.place)
    return "" if at in known else f"no {one} named '{at}'. {nearest(at, known, several)}"


def _places(network: Network, place: str) -> tuple[set[str], str, str]:
    """Names that a kind of place may have, and the word for one and for several of them."""
    sites = network.sites.values()
    if place == "recipe":
        return set(network.recipes), "recipe", "recipes"
    if place == "site":
        making = {recipe.site for recipe in network.recipes.values()}
        regions = {f"region/{network.sites[site].region}" for site in making}
        return making | regions, "site or region", "sites and regions"
    if place == "assembly":
        built = _built(network)
        return {*built, *(network.recipes[name].site for name in built)}, "assembly recipe or plant", "places"
    if place == "country":
        return {site.country for site in sites}, "country", "countries"
    return {site.currency for site in sites} - {"USD"}, "currency", "currencies"


def _check_origin(reader: Reader, network: Network, shock: Location) -> None:
    origin = reader.text((*shock, "origin"))
    countries = {site.country for site in network.sites.values()}
    if is_country_code(origin) and origin not in countries:
        near = nearest(origin, countries, "countries")
        reader.add((*shock, "origin"), f"no country named '{origin}'. {near}")


def with_opened(reader: Reader, network: Network, opened: Mapping[str, str]) -> Network:
    """The network with the ports that a scenario opens, after noting those that it cannot."""
    if not opened:
        return network
    from sim.scenario.ports import with_ports  # late, as above

    changed, problems = with_ports(network, {port: beside for port, beside in opened.items() if beside})
    for problem in problems:
        reader.add(("open_ports", problem.where.partition(".")[2]), problem.message)
    return changed


def read_settings(reader: Reader, here: Location) -> dict[str, float]:
    """Read columns of one crossing, by their keys in a scenario; what is wrong is noted."""
    from sim.scenario.crossings import SETTINGS  # late, as above

    values = {}
    for key in reader.keys(here, tuple(SETTINGS)):
        if key in SETTINGS:
            value = reader.parsed((*here, key), SETTINGS[key].parse, None)
            if value is not None:
                values[SETTINGS[key].column.name] = value
    return values


def read_crossings(reader: Reader, network: Network | None) -> Overrides:
    """Read what a scenario sets of crossings, and note what does not exist or would not fit together."""
    from sim.scenario.crossings import SETTINGS, with_crossings  # late, as above

    found: dict[str, dict[str, float]] = {}
    places: dict[str, Location] = {}
    for written in reader.names(("crossings",)):
        place, here = place_of(written), ("crossings", written)
        found[place], places[f"crossings.{place}"] = read_settings(reader, here), here
        for key in reader.keys(here, tuple(SETTINGS)):
            if key in SETTINGS:
                places[f"crossings.{place}.{SETTINGS[key].column.name}"] = (*here, key)
    if network is not None and found:
        for problem in with_crossings(network, found)[1]:
            place = problem.where if problem.where in places else problem.where.rpartition(".")[0]
            reader.add(places[place], problem.message)
    return found
