"""Names in a scenario that must exist elsewhere: network, reforms, crossings, recipes."""

from __future__ import annotations

from pathlib import Path

from sim.errors import nearest
from sim.network.model import Network
from sim.scenario.sheet import Reader
from sim.yaml_text import Location

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
    if written.strip("./") and folder.is_dir():
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
    if path.suffix in (".yaml", ".yml") and path.is_file():
        return str(path.resolve())
    near = nearest(Path(written).stem, list_reforms(), "reforms")
    reader.add(location, f"no reform named '{written}'. {near}")
    return written


def check_names(reader: Reader, network: Network, demand: tuple[str, ...]) -> None:
    """Note every shock and demand whose place the network does not have."""
    ports = {crossing.port for crossing in network.crossings.values()} | set(network.crossings)
    for n in range(reader.count(("shocks",))):
        here: Location = ("shocks", n, "at")
        at = reader.text(here).removeprefix("crossing/")
        if not at:
            continue
        if reader.text(("shocks", n, "kind")) == "outage":
            if at not in network.recipes:
                near = nearest(at, network.recipes, "recipes")
                reader.add(here, f"no recipe named '{at}'. {near}")
        elif at not in ports:
            reader.add(here, f"no crossing named '{at}'. {nearest(at, ports, 'crossings')}")
        elif not any(x.booths_standard for x in network.crossings.values() if at in (x.id, x.port)):
            reader.add(here, f"'{at}' has no booths: a crossing by rail or sea is a plain delay and cannot be struck.")
    built = [recipe.id for recipe in network.recipes.values() if recipe.schedule is not None]
    for name in demand:
        if name not in built:
            near = nearest(name, built, "assembly recipes")
            reader.add(("demand", name), f"no assembly recipe named '{name}'. {near}")
