"""A Ganeti in memory behind a real HTTPS remote API: for demonstrations, tests, load and faults."""

from .cluster import SimulatedCluster
from .shape import Shape
from .simulator import Simulator

__all__ = ["Shape", "SimulatedCluster", "Simulator"]
