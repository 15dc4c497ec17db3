"""The executor of a dask cluster that the user already runs: the same tasks, somewhere else."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from sim.errors import DataError

RETRIES = 3  # of a task whose worker died, by the cluster's own bookkeeping


@contextmanager
def cluster_executor(address: str | None) -> Iterator[Executor | None]:
    """Connect to the scheduler at an address; None for no address.

    Workers need this program and its packages, and see the output folder under the same path. Each writes its own
    results there; only paths and failures go over the wire.

    Raises
    ------
    DataError
        The package ``distributed`` is missing, or no scheduler answers.
    """
    if address is None:
        yield None
        return
    try:
        from distributed import Client
    except ImportError:
        remedy = "Install it with: pip install 'nafta-sim[cluster]'."
        raise DataError("--cluster", [f"needs the package 'distributed', which is missing. {remedy}"]) from None
    try:
        client = Client(address, timeout=10)
    except (OSError, TimeoutError, ValueError) as error:
        raise DataError("--cluster", [f"no scheduler answers at '{address}' ({error})."]) from error
    try:
        yield client.get_executor(retries=RETRIES, pure=False)  # equal calls are not one: pure would join them
    finally:
        client.close()
