"""How many booths an hour of traffic asks for, by class: the rule behind every crossing's staffing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.network.model import Crossing
from sim.units import HOUR


def booths_wanted(
    crossing: Crossing, total_per_hour: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Booths that keep use at or under what staffing aims at: ceil(trucks x cycle / aimed use), standard and FAST.

    Parameters
    ----------
    total_per_hour : float64[hours]
        Trucks that are expected, 0 or more.

    Returns
    -------
    tuple of int64[hours]
        Not held down to the booths that there are; 0 where nobody is expected.
    """
    part = fast_part(crossing)
    aim = crossing.staffing_utilisation_pct / 100 * HOUR
    standard = np.ceil(total_per_hour * (1 - part) * crossing.cycle_standard_s / aim)
    fast = np.ceil(total_per_hour * part * crossing.cycle_fast_s / aim)
    return standard.astype(np.int64), fast.astype(np.int64)


def fast_part(crossing: Crossing) -> float:
    """Share of background trucks that may use FAST booths."""
    return crossing.background_fast_pct / 100 if crossing.booths_fast else 0.0
