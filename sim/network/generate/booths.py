"""Booths and traffic of a generated port: enough for everybody else's trucks and the network's own loads."""

from __future__ import annotations

import math

from sim.errors import NetworkError
from sim.network.build.tables import Cells

MOST_BOOTHS = 60  # assumption: of one class at one port
USE_PCT = 85.0  # assumption: booths are opened for this use
WEEKEND_PCT = 45.0  # assumption: trucks on a day of the weekend, in percent of a weekday's
PEAK_PCT = {"canada": 6.0, "mexico": 9.0}  # at most so many percent of a day's trucks come in one hour, by profile
SPARE = 1.1  # assumption: installed beyond what the busiest hour needs, and one more


def booths_for(row: Cells, background: float, own_week: float, fast_pct: float) -> dict[str, object]:
    """Traffic and booths of one direction of a port.

    Parameters
    ----------
    row : mapping
        Its row in ``crossings.csv``, with hours and cycles.
    background : float
        Everybody else's trucks on a weekday.
    own_week : float
        Loads of the network itself in a week.
    fast_pct : float
        Part of all trucks that may use FAST booths.

    Returns
    -------
    dict
        The cells that change.

    Raises
    ------
    NetworkError
        More booths would be needed than a port may have.

    Notes
    -----
    ``background_weekday`` counts all traffic observed: planning takes the network's own loads from it, spread over
    the week as everybody else's are. A port that never closes has the flatter profile, since own loads come at night.
    """
    trucks = background + own_week / (5 + 2 * WEEKEND_PCT / 100)
    profile = "canada" if row["close_hour"] == 24 else "mexico"
    hour = trucks * PEAK_PCT[profile] / 100
    aim = 3600 * USE_PCT / 100 / SPARE
    standard = 1 + math.ceil(hour * (1 - fast_pct / 100) * float(str(row["cycle_standard_s"])) / aim)
    fast = 1 + math.ceil(hour * fast_pct / 100 * float(str(row["cycle_fast_s"])) / aim)
    if max(standard, fast) > MOST_BOOTHS:
        problem = (
            f"{row['id']} would need {max(standard, fast)} booths for {trucks:,.0f} trucks a weekday; at most "
            f"{MOST_BOOTHS} are allowed. Ask for more crossings, fewer vehicles per day or less background."
        )
        raise NetworkError("generated network", [problem])
    return {
        "booths_standard": standard,
        "booths_fast": fast,
        "background_weekday": trucks,
        "background_weekend_pct": WEEKEND_PCT,
        "background_fast_pct": fast_pct,
        "profile": profile,
        "staffing_utilisation_pct": USE_PCT,
    }
