"""The page on the model: every file that it names is there."""

from __future__ import annotations

import re
from pathlib import Path

SIM = Path(__file__).resolve().parents[1] / "sim"


def test_every_file_that_the_page_names_is_there() -> None:
    named = re.findall(r"`([a-z_/]+(?:\.py|\.yaml|\.md|/))`", (SIM / "MODEL.md").read_text(encoding="utf-8"))
    assert len(named) > 40
    assert [name for name in named if not (SIM / name).exists()] == []
