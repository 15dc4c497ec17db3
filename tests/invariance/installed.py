"""The wheel, installed into an empty environment, leaves the same bytes as this tree does; `make installed`.

Needs a package index, and is therefore no test. Packages are of the versions that run here. Other interpreters are
named: `python -m tests.invariance.installed python3.12 python3.13`.
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


def main(interpreters: list[str]) -> None:
    """Build, install, ask commands from another folder, compare every file; the first difference ends it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
        versions = folder / "versions.txt"
        listed = subprocess.run([*pip, "freeze", "--exclude-editable"], capture_output=True, text=True, check=True)
        versions.write_text(listed.stdout, encoding="utf-8")
        subprocess.run([*pip, "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, ROOT], check=True)
        (wheel,) = folder.glob("*.whl")
        tree = probed(folder / "tree", 1, PLAIN)
        for number, interpreter in enumerate(interpreters):
            python = _installed(wheel, versions, interpreter, folder / f"empty{number}")
            for command in COMMANDS:
                program = python.with_name("sim")
                subprocess.run([program, *command], cwd=folder, check=True, stdout=subprocess.DEVNULL)
            found = probed(folder / f"wheel{number}", 2, PLAIN, python)
            as_kept(found)
            differ = sorted(name for name, digest in found["files"].items() if digest != tree["files"].get(name))
            told = [name for name in differ if name.endswith("/manifest.json")]  # tells on which Python it was run
            assert differ == (told if _version(python) != _version(Path(sys.executable)) else []), differ
            assert found["figures"] == tree["figures"]
            words = f"The wheel on {_version(python)} leaves the same {len(found['files'])} files as this tree"
            but = f", but for the Python that {len(told)} manifests tell" if told else ""
            sys.stdout.write(f"{words} on {_version(Path(sys.executable))}{but}.\n")


def _installed(wheel: Path, versions: Path, interpreter: str, place: Path) -> Path:
    """An environment that holds the wheel and what it needs; its interpreter."""
    subprocess.run([interpreter, "-m", "venv", place], check=True)
    python = place / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    pip = [python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run([*pip, "--constraint", versions, wheel], check=True)
    return python


def _version(python: Path) -> str:
    return subprocess.run([python, "--version"], capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    main(sys.argv[1:] or [sys.executable])
