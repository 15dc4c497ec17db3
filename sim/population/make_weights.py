"""The shipped weights, made from sales by destination and tariffs: `python -m sim.population.make_weights FOLDER`.

A row of `sales.csv` is a kind of model: where it is assembled, and to which members it is sold. Its charges are
equation 15 over those destinations: from the plant at home, from the better of the other two members, and from outside,
which pays in every member and adds freight. What is sold elsewhere is charged alike, whether the rule is met or not.
Rows of a class and place weigh together as its rows among the labels.
"""

from __future__ import annotations

import csv
import io
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from sim.locate import data_dir
from sim.population.assumptions import Assumptions
from sim.population.charges import charge_pair
from sim.population.labels import load_labels
from sim.population.weights import MEMBERS

HEAD = "class,assembly,model,weight,tau_D,tau_D_q,tau_R,tau_R_q,tau_F,tau_F_q,moves_to,basis,source"
ELSEWHERE, FREIGHT = "elsewhere", "freight_from_outside"
SOURCE = "equation 15 of Head-Mayer-Melitz (2024) over sales.csv and tariffs.csv; weight: rows of labels.csv"


def folder() -> Path:
    """Where the facts and the weights are."""
    return data_dir() / "population"


def _table(name: str) -> list[dict[str, str]]:
    with (folder() / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def make_weights() -> str:
    """The shipped weights as the text of a CSV file."""
    eta = Assumptions().eta
    rates = {(row["class"], row["importer"]): float(row["pct"]) / 100.0 for row in _table("tariffs.csv")}
    counted = Counter((label.vehicle_class, label.assembly) for label in load_labels())
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEAD.split(","))
    for row in _table("sales.csv"):
        kind, home = row["class"], row["assembly"]
        sold = [float(row[f"sold_{place.lower()}_pct"]) for place in (*MEMBERS, ELSEWHERE)]
        weight = counted[(kind, home)] * float(row["rows_pct"]) / 100.0
        charged = {origin: _charged(kind, origin, rates) for origin in (*MEMBERS, "")}
        charges = {origin: charge_pair(sold, factors, eta) for origin, factors in charged.items()}
        others = [member for member in MEMBERS if member != home]
        best = min(others, key=lambda member: charges[member])
        numbers = [f"{charge:.6f}" for origin in (home, best, "") for charge in charges[origin]]
        writer.writerow([kind, home, row["model"], f"{weight:g}", *numbers, best, row["basis"], SOURCE])
    return text.getvalue()


def _charged(kind: str, origin: str, rates: Mapping[tuple[str, str], float]) -> list[float]:
    """One plus the charge at each member, and elsewhere, on a vehicle from a place that does not comply."""
    if not origin:
        return [*((1.0 + rates[kind, member]) * (1.0 + rates[kind, FREIGHT]) for member in MEMBERS), 1.0]
    return [*(1.0 if member == origin else 1.0 + rates[kind, member] for member in MEMBERS), 1.0]


def main(arguments: list[str]) -> int:
    """Write `weights.csv` into a folder."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m sim.population.make_weights FOLDER\n")
        return 2
    (Path(arguments[0]) / "weights.csv").write_text(make_weights(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
