"""One writer at a time in a folder of results: whoever comes second waits until the first is done or gone."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sim.locate import shown

_LOOK_EVERY_S = 0.2


@contextmanager
def alone_in(folder: Path, tell: Callable[[str], None] | None = None) -> Iterator[None]:
    """Hold a folder for this process; its end, however it comes, lets go.

    Parameters
    ----------
    folder : Path
        There already. Where the system cannot lock folders (Windows, some file systems of a network), nothing is held.
    tell : callable, optional
        Told once when another run holds it.

    Raises
    ------
    OSError
        The folder cannot be opened.
    """
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        waits = False
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if not waits and tell is not None:
                    tell(f"{shown(folder)}: another run writes there; this one goes on when it is done.")
                waits = True
                time.sleep(_LOOK_EVERY_S)
                continue
            except OSError:  # no locks on this file system
                pass
            break
        yield
    finally:
        os.close(handle)
