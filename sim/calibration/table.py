"""The fit as a table: what was fitted for each port, how sure it is, and from what."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from sim.calibration.counts import Counts
from sim.calibration.need import Need
from sim.calibration.regression import Fit

COLUMNS = ("port", "quantity", "at", "value", "standard_error", "basis")


def fit_table(pairs: Iterable[tuple[Counts, Fit, Need]]) -> str:
    """Fits as CSV text, the same bytes for the same counts.

    Returns
    -------
    str
        Rows of `COLUMNS`. ``quantity`` is ``weekday_trucks`` (``at``: year), ``season_index`` (``at``: month),
        ``weekend_pct``, ``noise_pct``, ``booths_standard`` or ``months``; ``basis`` is ``fitted`` (to months),
        ``year`` (from the sum of a year without months) or ``counted``.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for counts, fit, need in pairs:
        writer.writerows(_rows(counts, fit))
        writer.writerow((fit.port, "booths_standard", "", need.staffed_standard, "", "fitted"))
    return stream.getvalue()


def _rows(counts: Counts, fit: Fit) -> Iterator[tuple[object, ...]]:
    with_months = {year for year, _ in counts.months}
    for year, trucks in fit.weekday_trucks.items():
        basis = "fitted" if year in with_months else "year"
        yield fit.port, "weekday_trucks", year, f"{trucks:.1f}", f"{fit.weekday_error[year]:.1f}", basis
    for month, (index, error) in enumerate(zip(fit.season, fit.season_error, strict=True), 1):
        yield fit.port, "season_index", month, f"{index:.4f}", f"{error:.4f}", "fitted"
    yield fit.port, "weekend_pct", "", f"{100 * fit.weekend:.1f}", f"{100 * fit.weekend_error:.1f}", "fitted"
    yield fit.port, "noise_pct", "", f"{100 * fit.noise:.2f}", "", "fitted"
    yield fit.port, "months", "", fit.months, "", "counted"
