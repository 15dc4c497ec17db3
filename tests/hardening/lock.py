"""Versions of every package that is installed here for the program and its tests: `python -m tests.hardening.lock`.

Its answer is `requirements.lock`: names and versions, no address, so that it says nothing of where they came from.
"""

from __future__ import annotations

import sys
import tomllib
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"
EXTRAS = ("test", "lint")
HEAD = "# Versions that the tests last passed with, for .ci/run; written by `python -m tests.hardening.lock`.\n"


def asked() -> list[str]:
    """What the project itself requires, tests and style checks included, as ranges."""
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    return [*project["dependencies"], *(text for name in EXTRAS for text in project["optional-dependencies"][name])]


def locked() -> dict[str, str]:
    """Name and version of all that the project requires, and of what these require, as installed here."""
    found: dict[str, str] = {}
    left = [Requirement(text) for text in asked()]
    seen: set[tuple[str, frozenset[str]]] = set()
    while left:
        wanted = left.pop()
        name, extras = canonicalize_name(wanted.name), frozenset(wanted.extras)
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:  # for another system or another Python
            continue
        below = [Requirement(text) for text in metadata.requires(name) or []]
        words = [{"extra": extra} for extra in (*extras, "")]
        left += [x for x in below if x.marker is None or any(x.marker.evaluate(word) for word in words)]
    return dict(sorted(found.items()))


if __name__ == "__main__":
    sys.stdout.write(HEAD + "".join(f"{name}=={version}\n" for name, version in locked().items()))
