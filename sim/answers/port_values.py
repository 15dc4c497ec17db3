"""What `sim network values` answers: goods of a network by port, beside the statistics of trade."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sim.network import load_network
from sim.network.build.facts import BORDER, read_ports
from sim.network.build.tables import read_facts
from sim.network.port_values import port_values

CHAPTER = "87"
LEAST_USD = 0.25e9  # ports below this, in the network and in the statistics, are left out of the table


def values_answer(name: str, year: int) -> tuple[dict[str, Any], str]:
    """Vehicles and parts (HS 87) by port, mode and direction: the network's year beside a year of statistics.

    Parameters
    ----------
    name : str
        A network.
    year : int
        Of the statistics; only a complete one.

    Raises
    ------
    NetworkError
        The network cannot be loaded.

    Returns
    -------
    tuple of dict and str
        Rows with ``port_code``, ``ports``, ``mode``, ``direction``, ``network_usd``, ``statistics_usd``, and shares of
        either in the mode and direction; and the same as text.
    """
    known = read_ports()
    ours: dict[tuple[str, str, str], float] = defaultdict(float)
    names: dict[tuple[str, str], set[str]] = defaultdict(set)
    for (port, mode, direction), value in port_values(load_network(name), CHAPTER, year).items():
        if mode != "vessel":
            code = known[port]["port_code"]
            ours[code, mode, direction] += value
            names[code, mode].add(port)
    theirs, labels = statistics(year)
    rows = []
    for key in sorted({*ours, *theirs}, key=lambda k: (k[2], k[1], -theirs.get(k, 0.0), k[0])):
        code, mode, direction = key
        row = {
            "port_code": code,
            "port": labels.get(code, code),
            "ports": sorted(names[code, mode]),
            "mode": mode,
            "direction": direction,
            "network_usd": round(ours.get(key, 0.0)),
            "statistics_usd": round(theirs.get(key, 0.0)),
            "network_share_pct": round(_share(ours, key), 1),
            "statistics_share_pct": round(_share(theirs, key), 1),
        }
        if max(ours.get(key, 0.0), theirs.get(key, 0.0)) >= LEAST_USD:
            rows.append(row)
    answer = {"network": name, "year": year, "chapter": CHAPTER, "ports": rows}
    return answer, _text(answer)


def statistics(year: int) -> tuple[dict[tuple[str, str, str], float], dict[str, str]]:
    """Value in USD by port code, mode and direction in a year, and what the ports are called."""
    total: dict[tuple[str, str, str], float] = defaultdict(float)
    labels = {}
    for row in read_facts(BORDER / "hs87_by_port.csv"):
        if row["month"].startswith(f"{year}-"):
            total[row["port_code"], row["mode"], row["direction"]] += float(row["value_usd"])
            labels[row["port_code"]] = row["port"]
    return total, labels


def _share(values: dict[tuple[str, str, str], float], key: tuple[str, str, str]) -> float:
    whole = sum(value for (_, mode, direction), value in values.items() if (mode, direction) == key[1:])
    return 100 * values.get(key, 0.0) / whole if whole else 0.0


def _text(answer: dict[str, Any]) -> str:
    what = f"{answer['network']} and statistics of {answer['year']}"
    lines = [
        f"HS {answer['chapter']} by port: {what}",
        "",
        "| direction | mode | port | network, bn USD | statistics, bn USD | network, % | statistics, % |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in answer["ports"]:
        cells = (
            row["direction"].replace("us_", ""),
            row["mode"],
            row["port"],
            f"{row['network_usd'] / 1e9:.2f}",
            f"{row['statistics_usd'] / 1e9:.2f}",
            f"{row['network_share_pct']:.0f}",
            f"{row['statistics_share_pct']:.0f}",
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)
