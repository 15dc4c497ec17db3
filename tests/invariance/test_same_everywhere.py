"""The same digests from every process, folder, hash seed, locale, time zone, number of workers and way to install.

Kept digests (`golden.json`) change only with a reason in CHANGELOG.md under Results or Law;
`python -m tests.invariance.test_same_everywhere` rewrites them. Ledgers, plans and answers are kept as digests. Figures
are kept as numbers and compared to nine digits, since the last ones of a sum depend on the processor. Bytes of Parquet
files depend on the version of the library that writes them, so files are compared only among runs of one environment.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
KEPT = HERE / "golden.json"
MEASURES = ("cost_per_vehicle_usd", "receipts_usd", "border_hours_per_vehicle", "claim_pct", "vehicles_built")
PLAIN = {"PYTHONHASHSEED": "0", "LC_ALL": "C", "TZ": "UTC"}


def probed(folder: Path, jobs: int, environment: Mapping[str, str], python: Path | None = None) -> Any:
    """What the probe tells of this tree, or of the program that another Python has; started in a folder of its own."""
    start = folder / "where it starts, über"
    start.mkdir(parents=True)
    done = subprocess.run(
        [str(python or sys.executable), str(HERE / "probe.py"), str(folder / "out"), str(jobs)],
        cwd=start,
        env={**os.environ, **environment, "PYTHONPATH": "" if python else str(HERE.parents[1])},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert list(start.iterdir()) == []  # nothing is written where nobody asked for it
    return json.loads(done.stdout)


def kept_part(found: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of the probe's answer."""
    figures = {name: value for name, value in found["figures"].items() if name.split()[1] in MEASURES}
    return {"ledgers": found["ledgers"], "answers": found["answers"], "figures": figures}


def as_kept(found: Mapping[str, Any]) -> None:
    """Hold an answer to the digests and figures that are kept."""
    now, kept = kept_part(found), json.loads(KEPT.read_text(encoding="utf-8"))
    assert now["ledgers"] == kept["ledgers"]
    assert now["answers"] == kept["answers"]
    assert now["figures"] == pytest.approx(kept["figures"], rel=1e-9, abs=1e-9)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return probed(tmp_path_factory.mktemp("plain"), 1, PLAIN)


def test_digests_and_figures_are_as_they_were(plain: Any) -> None:
    assert len(plain["ledgers"]) == 8
    assert len(plain["files"]) > 50
    as_kept(plain)


OTHERS = {
    "two workers, Turkish, a day ahead": (2, {"LC_ALL": "tr_TR.UTF-8", "TZ": "Pacific/Kiritimati"}),
    "three workers, German, half an hour off": (3, {"LC_ALL": "de_DE.UTF-8", "TZ": "America/St_Johns"}),
    "one worker, another seed for hashes": (1, {"LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "77", "COLUMNS": "20"}),
    "not compiled": (1, {"NUMBA_DISABLE_JIT": "1"}),
}


@pytest.mark.parametrize(
    "name", [next(iter(OTHERS)), *(pytest.param(name, marks=pytest.mark.slow) for name in list(OTHERS)[1:])]
)
def test_every_file_is_the_same_elsewhere(name: str, plain: Any, tmp_path: Path) -> None:
    jobs, environment = OTHERS[name]
    assert probed(tmp_path, jobs, {"PYTHONHASHSEED": "random", **environment}) == plain


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        told = json.dumps(kept_part(probed(Path(folder), 1, PLAIN)), indent=1, ensure_ascii=False)
    KEPT.write_text(told + "\n", encoding="utf-8")
