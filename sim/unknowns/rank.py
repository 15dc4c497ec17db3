"""The ranking: what each assumption moves, and how much of the doubt is chance and how much is ignorance."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isnan, nan

import numpy as np
from numpy.typing import NDArray

from sim.study import Study, mean_interval
from sim.unknowns.assumptions import HIGH, LOW, Unknown
from sim.unknowns.study import AGAINST, BASE, Question, name_of

NORMAL_975 = 1.959963984540054  # quantile of the normal distribution

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ranked:
    """One assumption and what it does.

    Parameters
    ----------
    low, high : float
        Mean change of the figure with the assumption at that end, over replications that have one; NaN where none has.
    swing, half_width_95 : float
        Change from the low end to the high, and half-width of its interval over replications (None with one).
    share_pct : float
        Of the variance that all assumptions together would cause.
    """

    unknown: Unknown
    low: float
    high: float
    swing: float
    half_width_95: float | None
    share_pct: float

    @property
    def reach(self) -> float:
        """Larger of the two changes, in units of the figure, without sign; infinite where an end leaves no figure."""
        return inf if self.has_no_figure else max(abs(self.low), abs(self.high))

    @property
    def has_no_figure(self) -> bool:
        """Whether no replication has the figure at one end, such as a cost of vehicles of which none is built."""
        return isnan(self.low) or isnan(self.high)

    @property
    def is_shown(self) -> bool:
        """Whether the swing can be told from chance."""
        return self.half_width_95 is not None and abs(self.swing) > self.half_width_95


@dataclass(frozen=True, slots=True)
class Ranking:
    """All assumptions of a question.

    Parameters
    ----------
    figure : float
        The measure as assumed, mean over replications: a level, or a difference from the baseline.
    chance_95 : float or None
        Half-width of its 95 % interval: chance inside the model, which more replications narrow.
    ignorance_95 : float
        1.96 standard deviations of what the assumptions cause together, which no replication narrows.
    rows : tuple of Ranked
        Those that move most first.
    """

    measure: str
    item: str
    figure: float
    chance_95: float | None
    ignorance_95: float
    replications: int
    rows: tuple[Ranked, ...]


def rank(study: Study, question: Question, measure: str, item: str, vehicle: str = "all") -> Ranking:
    """Rank the assumptions of a study that has been run.

    Notes
    -----
    An assumption that leaves no figure at one end comes first, and has no part in the variance, which is that of the
    others alone.

    Each assumption is taken as independent of the others and anywhere in its range with equal chance; where the figure
    answers in two straight lines from the middle, its variance is (low^2 + high^2) / 6 - ((low + high) / 4)^2, and that
    of the figure their sum: the first-order reckoning of uncertainty. Interactions are left out; a `morris` sweep shows
    them.

    References
    ----------
    JCGM 100:2008, Guide to the expression of uncertainty in measurement, sections 4.3.7 and 5.1.2 [memory].
    """
    series = study.series(measure, vehicle, item)

    def figure(suffix: str) -> Floats:
        values: Floats = series[f"{BASE}{suffix}"]
        return values - series[f"{AGAINST}{suffix}"] if question.against else values

    middle = figure("")
    moved = []
    for unknown in question.unknowns:
        low, high = (figure(name_of(unknown, end, "")) for end in (LOW, HIGH))
        ends = [nan if mean is None else mean for mean, _ in (mean_interval(x - middle) for x in (low, high))]
        moved.append((unknown, ends[0], ends[1], mean_interval(high - low)))
    variances = [_variance(low, high) for _, low, high, _ in moved]
    total = sum(variances)
    rows = [
        Ranked(unknown, low, high, nan if swing is None else swing, half, 100 * own / total if total else 0.0)
        for (unknown, low, high, (swing, half)), own in zip(moved, variances, strict=True)
    ]
    value, chance = mean_interval(middle)
    rows.sort(key=lambda row: -row.reach)
    return Ranking(measure, item, float(value or 0.0), chance, NORMAL_975 * total**0.5, study.replications, tuple(rows))


def _variance(low: float, high: float) -> float:
    """Of a figure that answers in two straight lines over a range; nothing where an end has no figure."""
    return 0.0 if isnan(low) or isnan(high) else (low**2 + high**2) / 6 - ((low + high) / 4) ** 2
