"""The wheel, installed into an empty environment, leaves the same bytes as this tree does; `make installed`.

Needs a package index, and is therefore no test. Packages are of the versions that run here.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.invariance.test_same_everywhere import PLAIN, as_kept, probed

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = (
    ("--version",),
    ("list", "networks"),
    ("check", "border_tax_35"),
    ("law", "--on", "2025-03-05", "--importer", "US", "--origin", "MX", "--hts", "8544.30", "--value", "USD 200000"),
    ("laffer", "--textbook"),
)


def main() -> None:
    """Build, install, ask commands from another folder, compare every file; the first difference ends it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
        versions = folder / "versions.txt"
        listed = subprocess.run([*pip, "freeze", "--exclude-editable"], capture_output=True, text=True, check=True)
        versions.write_text(listed.stdout, encoding="utf-8")
        subprocess.run([*pip, "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, ROOT], check=True)
        (wheel,) = folder.glob("*.whl")
        subprocess.run([sys.executable, "-m", "venv", folder / "empty"], check=True)
        programs = folder / "empty" / ("Scripts" if sys.platform == "win32" else "bin")
        there = [programs / "python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        subprocess.run([*there, "--constraint", versions, wheel], check=True)
        for command in COMMANDS:
            subprocess.run([programs / "sim", *command], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        installed = probed(folder / "wheel", 2, PLAIN, programs / "python")
        as_kept(installed)
        assert installed == probed(folder / "tree", 1, PLAIN), "the wheel and this tree differ"
    sys.stdout.write(f"The wheel leaves the same {len(installed['files'])} files as this tree.\n")


if __name__ == "__main__":
    main()
