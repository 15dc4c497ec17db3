"""What a planner asks of disruptions: where the network breaks, which buffer pays, what a second crossing is worth."""

from sim.resilience.breaks import Break, Fault, faults_of, find_breaks
from sim.resilience.buffers import Buffer, Holding, find_buffers
from sim.resilience.crossing import Worth, crossing_worth
from sim.resilience.twin import Calm, Harm, harm_of

__all__ = [
    "Break",
    "Buffer",
    "Calm",
    "Fault",
    "Harm",
    "Holding",
    "Worth",
    "crossing_worth",
    "faults_of",
    "find_breaks",
    "find_buffers",
    "harm_of",
]
