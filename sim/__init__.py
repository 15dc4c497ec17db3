"""Parts, border queues, dated trade law and origin content of the North American car industry."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
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
}
__all__ = [*_ROOMS, "__version__"]


class _Package(ModuleType):
    """Keeps `sim.run(...)` a function although a module has that name (write ``from sim.run import ...``)."""

    def __setattr__(self, name: str, value: object) -> None:
        if name in _ROOMS and isinstance(value, ModuleType):
            return
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        from sim.errors import nearest

        raise AttributeError(f"sim has no '{name}'. {nearest(name, __all__)}")
    room, own_name = _ROOMS[name]
    return getattr(import_module(room), own_name)


def __dir__() -> list[str]:
    return sorted(__all__)
