"""What a study says to the predictions of its scenarios: agrees, disagrees, undecided, with the number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim.errors import DataError
from sim.measures import REGISTRY
from sim.scenario.predictions import BOUNDS, Prediction, restore_prediction
from sim.study.compare import Comparison, paired
from sim.study.result import Study, whole_of
from sim.study.store import read_json

AGREES, DISAGREES, UNDECIDED = "agrees", "disagrees", "undecided"
NARROW = 0.05  # assumption: what varies by more than this part of the baseline cannot be said not to move


@dataclass(frozen=True, slots=True)
class Finding:
    """One prediction beside what was found.

    Parameters
    ----------
    against : str
        The scenario's own baseline, or that of the study where it names none that is there.
    found : Comparison
        Mean, mean of the paired differences, and the half-widths of their 95 % intervals.
    verdict : str
        ``agrees`` where the interval (of the difference, or of the mean where a bound was said) lies on the side that
        was predicted, ``disagrees`` where it lies elsewhere or nothing moves, ``undecided`` where it tells neither. For
        ``unchanged`` it must hold zero, and be narrow besides to agree.
    """

    scenario: str
    against: str
    prediction: Prediction
    found: Comparison
    verdict: str


def findings(study: Study) -> Iterator[Finding]:
    """Compare each prediction with the study, in the order of its scenarios.

    Of a scenario that stands here as a baseline only what it says of its own mean is told.

    Raises
    ------
    DataError
        A prediction names a measure, item or vehicle that the study does not have, or another unit than that of its
        measure; a part of the study is missing.
    """
    for name in study.scenarios:
        resolved = _resolved(study, name)
        own = resolved.get("baseline") or ""
        against = own if own in study.scenarios else study.baseline
        for entry in resolved.get("predictions") or ():
            prediction = restore_prediction(entry)
            if against == name and prediction.moves not in BOUNDS:
                continue  # here it is what others are compared with; its own baseline stands in another study
            found = _compared(study, name, against, prediction)
            yield Finding(name, against, prediction, found, verdict(found, prediction.moves, prediction.bound))


def verdict(found: Comparison, moves: str, bound: float = 0.0) -> str:
    """Whether an interval agrees with a direction, or with a bound of the mean.

    Examples
    --------
    >>> verdict(Comparison("a", 9.0, 1.0, 2.0, 0.5, 20), "up")
    'agrees'
    >>> verdict(Comparison("a", 9.0, 1.0, 2.0, 2.5, 20), "down")
    'undecided'
    >>> verdict(Comparison("a", 9.0, 1.0, 2.0, 0.5, 20), "below", 12.0)
    'agrees'
    >>> verdict(Comparison("a", 9.0, 1.0, 0.2, 2.5, 20), "unchanged")
    'undecided'
    """
    is_level = moves in BOUNDS
    middle, half = (found.mean, found.mean_half_width_95) if is_level else (found.difference, found.half_width_95)
    if middle is None or (half is None and (is_level or middle != 0)):
        return UNDECIDED
    low, high = middle - bound - (half or 0.0), middle - bound + (half or 0.0)
    if moves == "unchanged":
        if low > 0 or high < 0:
            return DISAGREES
        level = abs((found.mean or 0.0) - middle)
        return AGREES if (half or 0.0) <= NARROW * level else UNDECIDED
    if moves in ("down", "below"):
        low, high = -high, -low
    if low > 0:
        return AGREES
    return DISAGREES if high < 0 or low == high else UNDECIDED


def _compared(study: Study, name: str, against: str, prediction: Prediction) -> Comparison:
    measure, vehicle = prediction.measure, prediction.vehicle
    if prediction.moves in BOUNDS and measure in REGISTRY and prediction.unit != REGISTRY[measure].unit:
        problem = f"{name}: {measure} is in {REGISTRY[measure].unit}, not in {prediction.unit}. Write the bound so."
        raise DataError(str(study.directory), [problem])
    item = prediction.item or whole_of(study.items(measure, vehicle)) or ""
    series = study.series(measure, vehicle, item)
    return paired(name, series[name], series[against])


def _resolved(study: Study, name: str) -> dict[str, Any]:
    resolved = read_json(study.directory / "resolved" / f"{name}.json")
    if resolved is None:
        raise DataError(str(study.directory), [f"resolved/{name}.json is missing. Run the study again."])
    return resolved
