"""No rule of order in an engine can be broken without being noticed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.engines.mutants import MUTANTS

SCRIPT = Path(__file__).with_name("mutants.py")


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="mutants are tried in forked processes")
def test_every_broken_rule_is_noticed() -> None:
    done = subprocess.run([sys.executable, str(SCRIPT)], capture_output=True, text=True, check=True)
    assert not done.stderr
    survived = json.loads(done.stdout)
    assert survived == [0], [MUTANTS[number][3] for number in survived[1:]]
    assert len(MUTANTS) > 40
