"""Makers that comply with a rule of origin, pay, or leave: the Laffer curve of content over a population of them."""

from sim.population.assumptions import TEXTBOOK, Assumptions, assumptions
from sim.population.charges import charge_index, charge_pair
from sim.population.curve import Curve, Peak, laffer_curve
from sim.population.labelled import labels_curve, labels_outcome, makers_behind
from sim.population.labels import labels_reach, load_labels
from sim.population.outcome import Outcome, outcome
from sim.population.summary import Summary, summarise
from sim.population.textbook import mover, under_physical_rule
from sim.population.weights import ALL, Weights, uniform
from sim.population.weights_file import load_weights, read_weights, shipped_weights

__all__ = [
    "ALL",
    "Assumptions",
    "Curve",
    "Outcome",
    "Peak",
    "Summary",
    "TEXTBOOK",
    "Weights",
    "assumptions",
    "charge_index",
    "charge_pair",
    "labels_curve",
    "labels_outcome",
    "labels_reach",
    "laffer_curve",
    "load_labels",
    "load_weights",
    "makers_behind",
    "mover",
    "outcome",
    "read_weights",
    "shipped_weights",
    "summarise",
    "under_physical_rule",
    "uniform",
]
