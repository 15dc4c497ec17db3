"""The Laffer curve of content: rise, peak and fall of regional content as the rule is tightened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import minimize_scalar  # type: ignore[import-untyped]

from sim.population.assumptions import Assumptions
from sim.population.firm import Array
from sim.population.outcome import Location, Outcome, outcome
from sim.population.summary import Summary, summarise
from sim.population.weights import ALL, Weights

RULES = np.linspace(0.0, 1.0, 41)  # among them 62.5, 75 and 85 %
BITES_PP = 0.005  # content that shows as a change in the second decimal, as the paper prints percentages


@dataclass(frozen=True, slots=True)
class Peak:
    """Where a curve is highest: the rule, and its `height`, both in percent."""

    rule_pct: float
    height: float


@dataclass(frozen=True, slots=True)
class Curve:
    """Outcomes of a population at rising rules, and how to reckon one more."""

    outcomes: tuple[Outcome, ...] = field(repr=False)
    at: Callable[[float, str, str], Outcome] = field(repr=False)  # a rule, and the class and place that are asked for

    @property
    def rules(self) -> Array:
        """Rules as fractions, float64[rules], rising."""
        return np.array([found.rule for found in self.outcomes])

    def summaries(self, vehicle_class: str = ALL, assembly: str = ALL) -> list[Summary]:
        """The figures of a group at each rule."""
        return [summarise(found, vehicle_class, assembly) for found in self.outcomes]

    def peak(self, figure: str = "content", vehicle_class: str = ALL, assembly: str = ALL) -> Peak | None:
        """Rule at which a figure of `Summary` is highest, and how high; None where no rule raises it.

        The rule is found to 0.005 percentage points.
        """
        heights = np.array([getattr(found, figure) for found in self.summaries(vehicle_class, assembly)])
        best = int(np.argmax(heights))
        if not heights[best] > heights[0] + 1e-9:  # false for NaN
            return None
        low, high = self.rules[max(best - 1, 0)], self.rules[min(best + 1, len(heights) - 1)]

        def below(rule: float) -> float:
            return -float(
                getattr(summarise(self.at(float(rule), vehicle_class, assembly), vehicle_class, assembly), figure)
            )

        found = minimize_scalar(below, bounds=(low, high), method="bounded", options={"xatol": 5e-5})
        return Peak(100.0 * float(found.x), -float(found.fun))

    def first_bite(self, moved_pp: float = BITES_PP) -> float | None:
        """The lowest rule that raises the content of all makers by so many percentage points; percent, or None."""
        heights = np.array([found.content for found in self.summaries()])
        wanted = heights[0] + moved_pp
        reached = np.flatnonzero(heights >= wanted)
        if not len(reached):
            return None
        low, high = float(self.rules[reached[0] - 1]), float(self.rules[reached[0]])
        while high - low > 1e-6:
            middle = 0.5 * (low + high)
            low, high = (low, middle) if summarise(self.at(middle, ALL, ALL)).content >= wanted else (middle, high)
        return 100.0 * high


def laffer_curve(
    weights: Weights,
    assumed: Assumptions,
    location: Location = "fixed",
    rules: Sequence[float] | Array = RULES,
) -> Curve:
    """Let a population choose under each of many rules.

    Parameters
    ----------
    rules : sequence of float or float64[rules]
        Fractions, rising, the first of them 0: no rule.
    """
    found = tuple(outcome(weights, float(rule), assumed, location) for rule in rules)

    def at(rule: float, vehicle_class: str, assembly: str) -> Outcome:
        return outcome(weights.part(weights.rows_of(vehicle_class, assembly)), rule, assumed, location)

    return Curve(found, at)
