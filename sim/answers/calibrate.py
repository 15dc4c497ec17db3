"""What `sim calibrate` answers: the fit of traffic to counts, its noise, and the booths that it asks for."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from sim.calibration.counts import Counts, read_counts
from sim.calibration.need import Need, booth_need
from sim.calibration.regression import Fit, fit_counts
from sim.calibration.table import fit_table
from sim.errors import DataError
from sim.network.build.facts import BORDER
from sim.text import columns_of, wrap

KEPT = BORDER / "fit.csv"  # the fit that networks are made from
NEED_YEAR = 2024  # the last year with months


def calibrate_answer(out: Path | None) -> tuple[dict[str, Any], str]:
    """Fit every port, write the table where asked, and tell the fit as JSON and as text.

    Parameters
    ----------
    out : Path or None
        Where to write the table; None writes nothing.

    Raises
    ------
    DataError
        It cannot be written there.
    """
    if out is not None and not out.parent.is_dir():
        raise DataError(str(out), [f"there is no folder '{out.parent}'. Make it, or name a file in another."])
    pairs = [(counts, fit_counts(counts)) for counts in read_counts().values()]
    needs = [booth_need(fit, NEED_YEAR) for _, fit in pairs]
    table = fit_table((*pair, need) for pair, need in zip(pairs, needs, strict=True))
    same = KEPT.is_file() and KEPT.read_text(encoding="utf-8") == table
    if out is not None:
        try:
            out.write_text(table, encoding="utf-8")
        except OSError as error:
            reason = error.strerror or error
            raise DataError(str(out), [f"cannot be written ({reason}). Name another file."]) from error
    answer = {
        "fitted_to": "trucks by month (sim/data/border/monthly_trucks.csv) and by year, lanes seen open; nothing else",
        "equals_committed_fit": same,
        "ports": [_port(counts, fit, need) for (counts, fit), need in zip(pairs, needs, strict=True)],
    }
    return answer, _text(pairs, needs, same, out)


def _port(counts: Counts, fit: Fit, need: Need) -> dict[str, Any]:
    return {
        "port": fit.port,
        "months": fit.months,
        "months_left_out": [f"{year}-{month:02d}" for year, month in counts.left_out],
        "weekday_trucks": {str(year): round(trucks, 1) for year, trucks in fit.weekday_trucks.items()},
        "weekday_error": {str(year): round(error, 1) for year, error in fit.weekday_error.items()},
        "season_index": [round(index, 4) for index in fit.season],
        "weekend_pct": round(100 * fit.weekend, 1),
        "weekend_error_pct": round(100 * fit.weekend_error, 1),
        "noise_pct": round(100 * fit.noise, 2),
        "booths": {name: value for name, value in asdict(need).items() if name != "port"},
    }


def _text(pairs: list[tuple[Counts, Fit]], needs: list[Need], same: bool, out: Path | None) -> str:
    head = [
        "port",
        "weekday 2024",
        "+-",
        "weekend %",
        "+-",
        "noise %",
        "booths wanted",
        "seen",
        "staffed",
        "h short",
        "use %",
    ]
    rows: list[list[object]] = [[*head]]
    for (_, fit), need in zip(pairs, needs, strict=True):
        rows.append(
            [
                fit.port,
                f"{fit.weekday_trucks[NEED_YEAR]:,.0f}",
                f"{fit.weekday_error[NEED_YEAR]:,.0f}",
                f"{100 * fit.weekend:.0f}",
                f"{100 * fit.weekend_error:.0f}",
                f"{100 * fit.noise:.1f}",
                f"{need.wanted_standard} + {need.wanted_fast}",
                f"{need.seen_standard} + {need.seen_fast}",
                f"{need.staffed_standard} + {need.seen_fast}",
                need.short_hours or "",
                f"{need.use_pct:.0f}",
            ]
        )
    left_out = [f"{counts.port} {len(counts.left_out)}" for counts, _ in pairs if counts.left_out]
    lines = [
        *wrap(
            "Trucks into the United States = level of the year x index of the month x (weekdays + weekend x weekend "
            "days), fitted robustly to months of 2015-18 and 2024. "
            f"Months of events left out: {', '.join(left_out)}. Booths: busiest month of {NEED_YEAR}, a "
            "Wednesday, standard + FAST: wanted in the busiest hour, most seen open, and staffed, which are more where "
            "the day could not be served otherwise. In hours that are short queues grow."
        ),
        "",
        *columns_of(rows, right=True),
        "",
        f"The committed fit ({KEPT.name}) is {'the same' if same else 'another'}.",
    ]
    return "\n".join([*lines, f"Written to {out}."] if out else lines)
