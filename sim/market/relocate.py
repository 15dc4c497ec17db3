"""Whether assembly moves: staying or moving each vehicle of a plant, by discounted cost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from sim.parameters import Parameters

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere a vehicle could be assembled.

    Parameters
    ----------
    site, country : str
    cost_usd : float
        Landed cost of a vehicle, mean over its markets, once the plant works.
    is_new : bool
        Whether no plant stands there yet.
    """

    site: str
    country: str
    cost_usd: float
    is_new: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """A vehicle that may stay or move.

    Parameters
    ----------
    vehicle : str
    yearly : float
        Vehicles a year.
    stay_usd : float
        Landed cost of a vehicle that stays.
    places : tuple of Place
    """

    vehicle: str
    yearly: float
    stay_usd: float
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """What moving costs and how time is weighed.

    Parameters
    ----------
    usd_per_vehicle, site_usd : float
        Of a plant, for each vehicle a year; and once where none stands yet, shared by all that move there.
    lag_months, horizon_months : int
        Until the new plant works; and from the decision until costs are no longer weighed.
    rate_year : float
        Discount rate, 0.1 for 10 %.
    """

    usd_per_vehicle: float
    site_usd: float
    lag_months: int
    horizon_months: int
    rate_year: float

    def annuity(self) -> float:
        """What 1 US dollar a year, paid at the end of each month from the opening to the horizon, is worth today.

        Examples
        --------
        >>> round(Terms(0.0, 0.0, 12, 36, 0.0).annuity(), 12)
        2.0
        """
        months = max(0, self.horizon_months - self.lag_months)
        keep = (1 + self.rate_year) ** (-1 / MONTHS)
        if keep == 1:
            return months / MONTHS
        return float(keep ** (self.lag_months + 1) * (1 - keep**months) / (1 - keep) / MONTHS)


def terms_of(parameters: Parameters) -> Terms:
    """The terms of a scenario."""
    return Terms(
        usd_per_vehicle=parameters.plant_usd_per_vehicle,
        site_usd=parameters.plant_site_usd,
        lag_months=round(parameters.plant_months),
        horizon_months=round(parameters.plant_years * MONTHS),
        rate_year=parameters.plant_discount_pct / 100,
    )


@dataclass(frozen=True, slots=True)
class Decision:
    """Where each vehicle of a plant is assembled from the opening on.

    Parameters
    ----------
    moves : mapping of str to Place
        Vehicles that move; the others stay.
    gain_usd : float
        Discounted cost of staying with all less that of the decision; 0 or more.
    """

    moves: Mapping[str, Place]
    gain_usd: float


def gain_of(candidate: Candidate, place: Place, terms: Terms) -> float:
    """Discounted gain of moving one vehicle, the cost of a new site left out.

    Until the opening both ways cost the same, so that only what comes after it is compared.
    """
    saved = candidate.yearly * (candidate.stay_usd - place.cost_usd) * terms.annuity()
    return saved - candidate.yearly * terms.usd_per_vehicle


def decide(candidates: Sequence[Candidate], terms: Terms) -> Decision:
    """The best place for every vehicle of one plant together, exactly; they stay where nothing is gained.

    Every combination is weighed, since vehicles that move to the same new site share what it costs.
    """
    best, chosen = 0.0, {}
    for option in product(*((None, *candidate.places) for candidate in candidates)):
        pairs = [(c, place) for c, place in zip(candidates, option, strict=True) if place is not None]
        gain = sum(gain_of(c, place, terms) for c, place in pairs)
        gain -= terms.site_usd * len({place.site for _, place in pairs if place.is_new})
        if gain > best:
            best, chosen = gain, {c.vehicle: place for c, place in pairs}
    return Decision(chosen, best)


def opens_on(decided: dt.date, terms: Terms) -> dt.date:
    """First day of the month in which a plant decided on a day would work."""
    year, month = divmod(decided.year * MONTHS + decided.month - 1 + terms.lag_months, MONTHS)
    return dt.date(year, month + 1, 1)
