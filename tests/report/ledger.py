"""A ledger of four loads, written by hand as Parquet, and the study that it belongs to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from sim.study.work import ledger_path
from sim.units import HOUR, MINUTE
from tests.report.conftest import BASELINE, SCENARIOS

DIGEST = "0123456789" * 4
WARM_UP_S = 24 * HOUR
TO_CANADA = "supplier/saltillo/diff_casting..supplier/guelph/differential_case"
AT_HOME = "plant/alliston/crossover_ice..market/canada"
_LANES = (TO_CANADA, AT_HOME)
_CROSSINGS = ("laredo_wtb/us", "ambassador_bridge/ca")


def at(hours: float) -> int:
    """Second of the run at which so many hours of the window have passed."""
    return WARM_UP_S + round(hours * HOUR)


# lane, units, shipped, received; the third is still on its way at the end, the fourth was there before the window
LOADS = ((0, 5, at(2), at(40)), (1, 1, at(3), at(5)), (0, 5, at(150), -1), (1, 1, at(-20), at(-10)))
# load, position, crossing, arrived, left
PASSAGES = ((0, 0, 0, at(8), at(9.5)), (0, 1, 1, at(34), at(34.25)), (2, 0, 0, at(156), -1))
# crossing, hour of the run, trucks, their wait
HOURS = ((0, 24 + 8, 4, 4 * 41 * MINUTE), (1, 24 + 34, 10, 10 * 3 * MINUTE), (1, 3, 10, 10 * 99 * MINUTE))


def write(folder: Path) -> Path:
    """Store the ledger where that of `DIGEST` belongs."""
    place = ledger_path(folder, DIGEST)
    place.mkdir(parents=True)
    tables: dict[str, tuple[str, list[tuple[Any, ...]]]] = {
        "loads": ("lane BIGINT, units BIGINT, shipped_s BIGINT, received_s BIGINT", list(LOADS)),
        "passages": ("load BIGINT, position BIGINT, crossing BIGINT, arrived_s BIGINT, left_s BIGINT", list(PASSAGES)),
        "hours": ("crossing BIGINT, hour BIGINT, passed BIGINT, wait_s BIGINT", list(HOURS)),
        "names": (
            "kind VARCHAR, number BIGINT, id VARCHAR",
            [("lane", n, name) for n, name in enumerate(_LANES)]
            + [("crossing", n, name) for n, name in enumerate(_CROSSINGS)],
        ),
    }
    with duckdb.connect() as connection:
        for name, (columns, rows) in tables.items():
            connection.execute(f"CREATE TABLE {name} ({columns})")
            connection.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})", rows)
            connection.execute(f"COPY {name} TO '{place / name}.parquet' (FORMAT parquet)")
    return place


def fields(shocks: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    """What of a study must change for its two first scenarios to have this ledger and a window of ten days."""
    horizon = {"start": "2017-10-30", "warm_up_s": WARM_UP_S, "run_s": 240 * HOUR}
    return {
        "manifest": {
            "digest": "d" * 20,
            "runs": [{"scenario": name, "replication": 0, "plan_digest": DIGEST} for name in SCENARIOS[:2]],
        },
        "resolved": {BASELINE: {"horizon": horizon, "shocks": list(shocks)}},
    }
