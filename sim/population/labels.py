"""Content as the label on each car says it (Part 583 reports), carline by carline, and what it says about the rules.

What it measures: parts only, assembly left out; a part from an outside supplier with 70 % of US and Canadian content
counts whole; figures are means over a carline, rounded; of foreign countries only the two largest are printed, and only
from 15 %. So Mexican content may be hidden, and the regional share is a lower bound.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sim.errors import PopulationError, Problem
from sim.locate import data_dir
from sim.population.firm import Array
from sim.population.weights import MEMBERS

FILE = "labels.csv"
ASSEMBLY_SHARE = 0.15  # mean share of assembly in a vehicle's cost: Head, Mayer and Melitz (2024)
PRINTED_FROM_PCT = 15.0  # 49 CFR 583.5 (memory): up to two foreign countries with at least 15 % of parts are named


@dataclass(frozen=True, slots=True)
class Label:
    """One carline of a model year; fractions of parts. `hidden`: the most Mexican content that is not printed."""

    model_year: int
    make: str
    carline: str
    vehicle_class: str
    assembly: str
    regional: float  # US and Canada, and Mexico where printed: a lower bound
    hidden: float


@lru_cache(maxsize=1)
def load_labels() -> tuple[Label, ...]:
    """Read the labels that come with the program.

    Raises
    ------
    PopulationError
        The file is damaged; names every line.
    """
    labels, problems = [], []
    with (data_dir() / "population" / FILE).open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            try:
                labels.append(_label(row))
            except (ValueError, KeyError, StopIteration) as error:
                problems.append(Problem(f"line {number}", f"cannot be read ({error!r})."))
    if problems:
        raise PopulationError(FILE, problems)
    return tuple(labels)


def _label(row: dict[str, str]) -> Label:
    regional = float(row["na_pct_lower_bound"])
    foreign = [float(row[f"foreign{k}_pct"] or 0) for k in (1, 2) if row[f"foreign{k}"] not in ("", "MX")]
    room = max(0.0, 100.0 - regional - sum(foreign))
    most = max(PRINTED_FROM_PCT, min(foreign)) if len(foreign) == 2 else PRINTED_FROM_PCT  # else a third, unnamed one
    hidden = 0.0 if row["mx_pct_reported"] else min(most, room)
    place = next(country for country in row["assembly"].split("/") if country in MEMBERS)
    kind = "trucks" if row["vehicle_type"] == "Truck" else "cars"
    year, make, carline = int(row["model_year"]), row["make"], row["carline"]
    return Label(year, make, carline, kind, place, regional / 100.0, hidden / 100.0)


@dataclass(frozen=True, slots=True)
class YearOfLabels:
    """Carlines of a model year and the percentage of them that reach each rule on printed content alone."""

    model_year: int
    carlines: int
    reach_pct: tuple[float, ...]


def parts_threshold_pct(rule: float, alpha: float = ASSEMBLY_SHARE) -> float:
    """Parts content that a rule on the vehicle needs at a share of assembly; percent, to a tenth.

    Examples
    --------
    >>> [parts_threshold_pct(rule) for rule in (0.625, 0.75, 0.85)]
    [55.9, 70.6, 82.4]
    """
    return round(100.0 * (rule - alpha) / (1.0 - alpha), 1)


def labels_reach(rules: Sequence[float] = (0.625, 0.75, 0.85)) -> list[YearOfLabels]:
    """Count the carlines whose printed regional content reaches what each rule leaves to parts, by model year.

    Rows, not sales; biased down, since some Mexican content is hidden.

    Parameters
    ----------
    rules : sequence of float
        Regional shares of a vehicle's cost that are asked for, fractions.
    """
    years = sorted({label.model_year for label in load_labels()})
    found = []
    for year in years:
        shares = 100.0 * np.array([label.regional for label in load_labels() if label.model_year == year])
        reach = tuple(100.0 * float(np.mean(shares >= parts_threshold_pct(rule) - 1e-9)) for rule in rules)
        found.append(YearOfLabels(year, len(shares), reach))
    return found


def implied_content(alpha: float = ASSEMBLY_SHARE, hidden: float = 0.0) -> Array:
    """Regional content of each carline's vehicle: ``alpha + (1 - alpha) lambda``, fractions, in the order of labels.

    Parameters
    ----------
    hidden : float, 0 to 1
        How much of the Mexican content that may be hidden is there.
    """
    shares = np.array([label.regional + hidden * label.hidden for label in load_labels()])
    return np.asarray(alpha + (1.0 - alpha) * np.minimum(shares, 1.0))


def content_distribution(alpha: float = ASSEMBLY_SHARE) -> dict[str, tuple[float, float]]:
    """Mean and quantiles of implied content, percent: as printed, and with all that may be hidden."""
    low, high = (100.0 * implied_content(alpha, hidden) for hidden in (0.0, 1.0))
    figures = {"mean": (float(low.mean()), float(high.mean()))}
    for part in (5, 25, 50, 75, 95):
        figures[f"p{part}"] = float(np.percentile(low, part)), float(np.percentile(high, part))
    assert all(math.isfinite(value) for pair in figures.values() for value in pair)
    return figures
