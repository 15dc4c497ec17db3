"""Make the network of ports alone from the facts on ports: ``python -m sim.network.make_borders OUT``."""

from __future__ import annotations

import sys
from pathlib import Path

from sim.network.build.borders import border_tables
from sim.network.build.tables import write_network


def make_borders(folder: Path) -> None:
    """Write the network of ports into a folder, replacing files of the same name.

    Parameters
    ----------
    folder : Path
    """
    write_network(folder, border_tables())


if __name__ == "__main__":
    make_borders(Path(sys.argv[1]))
