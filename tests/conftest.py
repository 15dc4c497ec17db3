"""Fixtures of all tests: no network, NumPy's floating errors raise."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import settings

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # builders are imported as tests.<room>.<module>

# Drawn examples are the same ones each time, so that a change is judged by itself; SIM_EXPLORE=1 draws others.
settings.register_profile("settled", derandomize=not os.environ.get("SIM_EXPLORE"))
settings.load_profile("settled")

os.environ["COLUMNS"] = "110"  # texts are wrapped at the width of the terminal, whatever that is here

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse connections to other machines; notebooks talk to their kernel over the loopback."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != getattr(socket, "AF_UNIX", None) and address[0] not in _LOOPBACK:
            raise AssertionError(f"a test wants to reach {address[0]}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def _floating_errors_raise() -> Iterator[None]:
    """Overflow, division by zero and invalid operations are defects, not warnings."""
    with np.errstate(divide="raise", over="raise", invalid="raise"):
        yield
