"""Waits hour by hour, from the stored ledgers of a study: of each crossing, everybody's trucks but our own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from sim.clock import Clock
from sim.errors import LedgerError
from sim.ledger.files import connected
from sim.report.source import StudyData
from sim.study.work import ledger_path
from sim.units import DAY, HOUR, MINUTE

Floats = NDArray[np.float64]
_WAITS = """
SELECT n.id AS crossing, h.hour AS hour, h.wait_s / h.passed AS wait_s
FROM read_parquet($hours) h JOIN read_parquet($names) n ON n.kind = 'crossing' AND n.number = h.crossing
WHERE h.passed > 0
"""


@dataclass(frozen=True, slots=True)
class Hours:
    """Mean waits (minutes) by hour of joining of the runs that one scenario, or several with equal plans, share.

    Parameters
    ----------
    scenarios : tuple of str
        Whose they are.
    clock : Clock
        Of these runs: hour 0 is the first of the warm-up.
    waits : mapping of str to float64[replications, hours]
        By crossing; NaN where nobody came.
    """

    scenarios: tuple[str, ...]
    clock: Clock
    waits: Mapping[str, Floats]


def hours_of(data: StudyData, folder: Path) -> list[Hours]:
    """Read the waits of every scenario whose ledgers were stored, in the order of the study; none for none.

    Raises
    ------
    LedgerError
        A ledger is damaged.
    """
    runs = [run for run in data.manifest.get("runs") or () if isinstance(run, Mapping)]
    found: dict[tuple[Path, ...], list[str]] = {}
    for name in data.summary.scenarios:
        digests = [str(run.get("plan_digest") or "none") for run in runs if run.get("scenario") == name]
        places = tuple(place for digest in digests if (place := ledger_path(folder, digest)).is_dir())
        if places:
            found.setdefault(places, []).append(name)
    return [_read(data, places, names) for places, names in found.items()]


def _read(data: StudyData, places: tuple[Path, ...], names: list[str]) -> Hours:
    clock = _clock(data.resolved.get(names[0], {}))
    length = clock.end_s // HOUR
    waits: dict[str, Floats] = {}
    for number, place in enumerate(places):
        files = {name: str(place / f"{name}.parquet") for name in ("hours", "names")}
        try:
            with connected() as connection:
                rows = connection.execute(_WAITS, files).fetchall()
        except duckdb.Error as error:
            raise LedgerError(place.name, [f"no whole ledger in that folder ({str(error).splitlines()[0]})"]) from error
        for crossing, hour, wait_s in rows:
            if crossing not in waits:
                waits[crossing] = np.full((len(places), length), np.nan)
            if hour < length:
                waits[crossing][number, hour] = wait_s / MINUTE
    return Hours(tuple(names), clock, waits)


def _clock(resolved: Mapping[str, Any]) -> Clock:
    horizon = resolved.get("horizon") or {}
    warm_up_s, run_s = int(horizon["warm_up_s"]), int(horizon["run_s"])
    begins = dt.date.fromisoformat(str(horizon["start"])) - dt.timedelta(days=warm_up_s // DAY)
    return Clock(begins, warm_up_s, run_s)


def first_shock(data: StudyData) -> tuple[dt.datetime, int] | None:
    """When the first shock of a study begins, and how many hours it lasts; None where none has both."""
    shocks = [shock for resolved in data.resolved.values() for shock in resolved.get("shocks") or ()]
    known = [shock for shock in shocks if isinstance(shock, Mapping) and shock.get("from") and shock.get("duration_s")]
    found = [(dt.datetime.fromisoformat(str(s["from"])), -(-int(s["duration_s"]) // HOUR)) for s in known]
    return min(found, default=None)
