"""Both engines on the same plans: equal or not, how fast, how much memory; and how time and memory grow."""

from sim.bench.cases import CASES, Case, case_named
from sim.bench.growth import SIZES, Growth, measure_growth
from sim.bench.measure import ENGINES, Measured, measure_case

__all__ = [
    "CASES",
    "ENGINES",
    "SIZES",
    "Case",
    "Growth",
    "Measured",
    "case_named",
    "measure_case",
    "measure_growth",
]
