"""What must hold of traffic by year and season: only crossings with a queue have any, and a season is a whole year."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator

from sim.errors import Problem
from sim.network.table import Row, Tables

_MONTHS = 12
_MEAN_TOLERANCE = 0.01  # a season is written with four decimals


def check_traffic_queues(tables: Tables) -> Iterator[Problem]:
    """Traffic is told only of crossings that have booths, where it queues."""
    booths = {row.text("id"): row.whole("booths_standard") for row in tables["crossings.csv"]}
    for file in ("traffic.csv", "seasons.csv"):
        for row in tables[file]:
            if not booths[row.text("crossing")]:
                message = f"'{row.text('crossing')}' has no booths, so that nobody queues there. Remove the row."
                yield tables[file].problem(row, "crossing", message)


def check_seasons(tables: Tables) -> Iterator[Problem]:
    """A season has twelve months whose indices are 1 in the mean."""
    table = tables["seasons.csv"]
    months: dict[str, list[Row]] = defaultdict(list)
    for row in table:
        months[row.text("crossing")].append(row)
    for crossing, rows in months.items():
        if len(rows) != _MONTHS:
            missing = sorted(set(range(1, _MONTHS + 1)) - {row.whole("month") for row in rows})
            names = ", ".join(str(month) for month in missing)
            yield table.problem(rows[0], "month", f"'{crossing}' lacks months {names}. Give all twelve.")
            continue
        mean = math.fsum(row.number_of("index") for row in rows) / _MONTHS
        if abs(mean - 1) > _MEAN_TOLERANCE:
            message = f"the indices of '{crossing}' are {mean:.3f} in the mean. Divide them by it."
            yield table.problem(rows[0], "index", message)
