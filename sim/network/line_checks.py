"""What must hold of the lines of a crossing and of its substitutes: they stand where trucks queue and lead one way."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator

from sim.errors import Problem
from sim.network.table import Row, Tables

_LINES = ("export_modules", "inspection_bays", "tractors")


def check_lines(tables: Tables) -> Iterator[Problem]:
    """Lines besides that of the booths stand only where there are booths; rail that queues has a cycle."""
    table = tables["crossings.csv"]
    for row in table:
        if row.whole("booths_standard"):
            if row.text("kind") == "land_rail" and row.number_of("cycle_standard_s") <= 0:
                yield table.problem(row, "cycle_standard_s", "is 0, but railcars queue here. Write a number above 0.")
            continue
        for column in _LINES:
            if row.whole(column):
                message = f"'{row.whole(column)}' stand where nobody queues. Write 0, or give the crossing booths."
                yield table.problem(row, column, message)


def check_substitutes(tables: Tables) -> Iterator[Problem]:
    """A substitute is another crossing with booths in the same direction; shares of one crossing are 100 at most."""
    table = tables["substitutes.csv"]
    crossings = {row.text("id"): row for row in tables["crossings.csv"]}
    shares: dict[str, list[Row]] = defaultdict(list)
    for row in table:
        here, there = (crossings[row.text(column)] for column in ("crossing", "substitute"))
        shares[row.text("crossing")].append(row)
        if here is there:
            yield table.problem(row, "substitute", f"'{row.text('substitute')}' is the crossing itself. Name another.")
        for column, crossing in (("crossing", here), ("substitute", there)):
            if not crossing.whole("booths_standard"):
                message = f"'{crossing.text('id')}' has no booths, so that nobody queues there. Remove the row."
                yield table.problem(row, column, message)
        ways = [(x.text("kind"), x.text("from_country"), x.text("to_country")) for x in (here, there)]
        if ways[0] != ways[1]:
            told = f"leads from {ways[1][1]} to {ways[1][2]} by {ways[1][0]}, '{here.text('id')}' from {ways[0][1]} to"
            message = f"'{there.text('id')}' {told} {ways[0][2]} by {ways[0][0]}. Name one that leads the same way."
            yield table.problem(row, "substitute", message)
    for name, rows in shares.items():
        total = math.fsum(row.number_of("share_pct") for row in rows)
        if total > 100:
            message = f"the shares of '{name}' add up to {total:g} %. Trucks go to one place: at most 100 %."
            yield table.problem(rows[0], "share_pct", message)
