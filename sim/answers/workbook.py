"""What `sim network import` and `sim network export` answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.locate import shown
from sim.network import load_network
from sim.text import wrap
from sim.workbook import export_network, import_network

MOST_PLACES = 4


def import_answer(book: Path, folder: Path, force: bool) -> tuple[dict[str, Any], str]:
    """Make a network from a spreadsheet, and tell all that was assumed.

    Raises
    ------
    DataError, NetworkError
        The file cannot be read, or every problem of its sheets.
    """
    found = import_network(book, folder, force=force)
    network = load_network(folder)
    counts = f"{len(network.sites)} sites, {len(network.recipes)} recipes, {len(network.lanes)} lanes"
    answer = {
        "network": str(folder),
        "form": found.form,
        "sites": len(network.sites),
        "recipes": len(network.recipes),
        "lanes": len(network.lanes),
        "crossings": len(network.crossings),
        "assumed": [{"what": what, "where": list(where)} for what, where in found.assumed],
    }
    lines = [f"network {shown(folder)}: ok ({counts}, {len(network.crossings)} crossings)"]
    if found.assumed:
        lines += ["", "Assumed, because the sheets do not say it:"]
    for what, where in found.assumed:
        more = f" and {len(where) - MOST_PLACES} more" if len(where) > MOST_PLACES else ""
        lines += wrap(f"{what} ({', '.join(where[:MOST_PLACES])}{more})", "  ", "    ")
    return answer, "\n".join(lines)


def export_answer(name: str, book: Path) -> tuple[dict[str, Any], str]:
    """Write a network as a spreadsheet.

    Raises
    ------
    NetworkError
        There is no such network.
    """
    rows = export_network(name, book)
    return {"network": name, "book": str(book), "rows": rows}, f"{shown(book)}: {rows:,} rows of network {name}"
