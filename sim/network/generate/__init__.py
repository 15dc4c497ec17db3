"""Networks of any size, made from a shape and a seed: for benchmarks, property tests and trying engines."""

from sim.network.generate.folder import write_generated
from sim.network.generate.made import generate
from sim.network.generate.shape import Shape

__all__ = ["Shape", "generate", "write_generated"]
