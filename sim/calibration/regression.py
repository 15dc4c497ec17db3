"""The regression behind expected traffic: trucks of a month by level of the year, season and working days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.calibration.counts import Counts, Month, working_days

Floats = NDArray[np.float64]

MONTHS = 12
HUBER = 1.345  # residuals beyond so many standard deviations weigh less: 95 % efficient where errors are normal
MAD_TO_SD = 1.4826  # of a normal distribution
SURE_SD = 1e-6  # of the weekend of a port that is shut then
TEN_YEARS_SD = 0.07  # assumption: standard error of a weekend weight fitted to ten years; five years leave 0.05 to 0.20
LEAST_SCALE = 1e-6  # series without noise must not divide by nothing
ROUNDS = 300


@dataclass(frozen=True, slots=True)
class Fit:
    """Traffic into the United States at a port, as its counts have it.

    Parameters
    ----------
    weekday_trucks, weekday_error : mapping of int to float
        Trucks on a mean weekday by year, and their standard error.
    season, season_error : tuple of float
        Indices of the twelve months, 1 in the mean, and their standard errors.
    weekend, weekend_error : float
        A mean weekend day, of a weekday.
    noise : float
        Standard deviation of a month about the fit, of the month's trucks: robust, so that a few odd months do not
        raise it.
    months : int
        Months that were fitted.
    """

    port: str
    weekday_trucks: Mapping[int, float]
    weekday_error: Mapping[int, float]
    season: tuple[float, ...]
    season_error: tuple[float, ...]
    weekend: float
    weekend_error: float
    noise: float
    months: int


def fit_counts(counts: Counts) -> Fit:
    """Fit ``trucks = level(year) x index(month) x (weekdays + weekend x weekend days)`` to monthly counts.

    Parameters
    ----------
    counts : Counts
        Two years or more of months.

    Returns
    -------
    Fit
        Years of which only the sum is known get the level that makes fitted months add up to it.

    Notes
    -----
    Logarithms are fitted by iterated least squares with Huber's weights, so that single odd months count less. Five
    years of months determine the weekend only within 0.05 to 0.20; what ten years gave (`Counts.weekend_pct`) is
    therefore taken as an observation of its own with standard error `TEN_YEARS_SD`. The weekend is never below 0, and
    0 where the port is shut.
    """
    months = sorted(counts.months)
    years = sorted({year for year, _ in months})
    design = _design(months, years)
    log_trucks = np.log([counts.months[month] for month in months])
    days = np.array([working_days(month) for month in months], dtype=np.float64)
    sure = SURE_SD if counts.shut_at_weekends else TEN_YEARS_SD
    solution, covariance, scale = _solve(design, log_trucks, days, counts.weekend_pct / 100, sure)
    season, mean = _season(solution[len(years) : -1])
    errors = np.sqrt(np.diag(covariance))
    level = {year: float(np.exp(solution[n]) * mean) for n, year in enumerate(years)}
    level_error = {year: level[year] * float(errors[n]) for n, year in enumerate(years)}
    last = np.sqrt(covariance[len(years) : -1, len(years) : -1].sum())  # December is what the others leave
    season_error = np.append(errors[len(years) : -1], last) * season
    weekend = float(solution[-1])
    for year, trucks in counts.years.items():
        if year not in level:
            level[year] = trucks / _equivalent_days(year, season, weekend)
            level_error[year] = level[year] * scale / np.sqrt(MONTHS)
    return Fit(
        counts.port,
        dict(sorted(level.items())),
        dict(sorted(level_error.items())),
        tuple(season.tolist()),
        tuple(season_error.tolist()),
        weekend,
        float(errors[-1]),
        scale,
        len(months),
    )


def expected_trucks(fit: Fit, month: Month) -> float:
    """Trucks that a fit expects in a month of one of its years."""
    weekdays, weekend_days = working_days(month)
    return fit.weekday_trucks[month[0]] * fit.season[month[1] - 1] * (weekdays + fit.weekend * weekend_days)


def _design(months: list[Month], years: list[int]) -> Floats:
    """One column a year, and eleven for months whose effects add up to nothing."""
    design = np.zeros((len(months), len(years) + MONTHS - 1))
    for row, (year, month) in enumerate(months):
        design[row, years.index(year)] = 1.0
        if month < MONTHS:
            design[row, len(years) + month - 1] = 1.0
        else:
            design[row, len(years) :] = -1.0
    return design


def _solve(
    design: Floats, log_trucks: Floats, days: Floats, ten_years: float, sure: float
) -> tuple[Floats, Floats, float]:
    """Coefficients (the last is the weekend), their covariance, and the scale of the residuals."""
    solution = _least_squares(design, log_trucks, days, ten_years)
    freedom = np.sqrt(len(log_trucks) / max(1, len(log_trucks) - design.shape[1]))
    for _ in range(ROUNDS):
        residual = log_trucks - design @ solution[:-1] - _log_days(days, solution[-1])
        scale = max(LEAST_SCALE, MAD_TO_SD * float(np.median(np.abs(residual))) * freedom)
        weight = np.minimum(1.0, HUBER * scale / np.maximum(np.abs(residual), LEAST_SCALE * scale))
        jacobian = _jacobian(design, days, solution[-1]) * np.sqrt(weight)[:, None] / scale
        wanted = residual * np.sqrt(weight) / scale
        prior = np.append(np.zeros(design.shape[1]), 1 / sure)
        rows = np.vstack((jacobian, prior))
        step = np.linalg.lstsq(rows, np.append(wanted, (ten_years - solution[-1]) / sure), rcond=None)[0]
        solution = solution + step / 2  # half steps: the scale moves as well
        solution[-1] = max(0.0, solution[-1])
        if np.max(np.abs(step[:-1])) < 1e-10:
            break
    return solution, np.linalg.inv(rows.T @ rows), scale


def _least_squares(design: Floats, log_trucks: Floats, days: Floats, weekend: float) -> Floats:
    """Coefficients of plain least squares, to begin with: from there the scale of the residuals is about right."""
    solution = np.append(np.zeros(design.shape[1]), weekend)
    for _ in range(ROUNDS):
        residual = log_trucks - design @ solution[:-1] - _log_days(days, solution[-1])
        step = np.linalg.lstsq(_jacobian(design, days, solution[-1]), residual, rcond=None)[0]
        weekend = min(1.5, max(0.0, solution[-1] + step[-1]))
        solution = np.append(solution[:-1] + step[:-1], weekend)
        if np.max(np.abs(step[:-1])) < 1e-10:
            break
    return solution


def _jacobian(design: Floats, days: Floats, weekend: float) -> Floats:
    return np.column_stack((design, days[:, 1] / (days[:, 0] + weekend * days[:, 1])))


def _log_days(days: Floats, weekend: float) -> Floats:
    logs: Floats = np.log(days[:, 0] + weekend * days[:, 1])
    return logs


def _season(effects: Floats) -> tuple[Floats, float]:
    """Indices with mean 1, and what they were divided by."""
    index = np.exp(np.append(effects, -effects.sum()))
    mean = float(index.mean())
    return index / mean, mean


def _equivalent_days(year: int, season: Floats, weekend: float) -> float:
    """Days of a year, each counted as so many weekdays of a month with index 1."""
    pairs = (working_days((year, month)) for month in range(1, MONTHS + 1))
    return float(sum(index * (days + weekend * off) for index, (days, off) in zip(season, pairs, strict=True)))
