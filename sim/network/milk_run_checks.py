"""What must hold of milk runs: departures told once and in one time zone, and lanes that can share a truck."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TypeAlias

from sim.errors import Problem
from sim.network.table import Row, Tables

Ways: TypeAlias = tuple[tuple[tuple[float, str], ...], ...]  # hours and crossing of each step of each alternative


def check_milk_run_zones(tables: Tables) -> Iterator[Problem]:
    """A milk run keeps to one time zone."""
    table = tables["milk_runs.csv"]
    first: dict[str, Row] = {}
    for row in table:
        before = first.setdefault(row.text("id"), row)
        if row.text("time_zone") != before.text("time_zone"):
            message = f"'{row.text('time_zone')}' differs from row {before.number} of milk run '{row.text('id')}'."
            yield table.problem(row, "time_zone", message)


def check_shared_trucks(tables: Tables) -> Iterator[Problem]:
    """Lanes of a milk run go by truck, and have equal routes."""
    table = tables["lanes.csv"]
    riding = [row for row in table if row.text("milk_run")]
    if not riding:
        return
    site_of = {row.text("id"): row.text("site") for row in tables["recipes.csv"]}
    ways = _ways(tables)
    first: dict[str, Row] = {}
    for row in riding:
        name = row.text("milk_run")
        if row.text("mode") != "truck":
            message = (
                f"'{row.text('mode')}' cannot be part of milk run '{name}'. Write 'truck' or leave milk_run empty."
            )
            yield table.problem(row, "mode", message)
            continue
        before = first.setdefault(name, row)
        own, shared = ((site_of[x.text("from_recipe")], x.text("to_site")) for x in (row, before))
        if own in ways and shared in ways and ways[own] != ways[shared]:
            message = (
                f"'{name}' goes from '{shared[0]}' to '{shared[1]}' (row {before.number}), and no equal routes lead "
                f"from '{own[0]}' to '{own[1]}'. Give them the same steps, or the lane another run."
            )
            yield table.problem(row, "milk_run", message)


def _ways(tables: Tables) -> dict[tuple[str, str], Ways]:
    """Routes by truck between two sites."""
    steps: dict[tuple[str, str], dict[int, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in tables["routes.csv"]:
        if row.text("mode") == "truck":
            steps[row.text("from_site"), row.text("to_site")][row.whole("alternative")].append(row)
    return {
        pair: tuple(
            tuple((row.number_of("hours"), row.text("crossing")) for row in sorted(rows, key=_number))
            for _, rows in sorted(alternatives.items())
        )
        for pair, alternatives in steps.items()
    }


def _number(row: Row) -> int:
    return row.whole("step")
