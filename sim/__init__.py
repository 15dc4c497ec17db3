"""Parts, border queues, dated trade law and origin content of the North American car industry."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

# Public names, the room that owns each and its name there; imported on first use to keep `import sim` light.
_ROOMS = {
    "load": ("sim.scenario", "load_scenario"),
    "run": ("sim.study", "run"),
    "Scenario": ("sim.scenario", "Scenario"),
    "load_scenario": ("sim.scenario", "load_scenario"),
    "Network": ("sim.network", "Network"),
    "load_network": ("sim.network", "load_network"),
    "load_law": ("sim.law", "load_law"),
    "Study": ("sim.study", "Study"),
    "load_study": ("sim.study", "load_study"),
    "explore": ("sim.report.explorer", "explore"),
    "explorer": ("sim.report.explorer", "explorer"),
}
__all__ = [*_ROOMS, "__version__"]


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        from sim.errors import nearest

        raise AttributeError(f"sim has no '{name}'. {nearest(name, __all__)}")
    room, own_name = _ROOMS[name]
    return getattr(import_module(room), own_name)


def __dir__() -> list[str]:
    return sorted(__all__)
