"""The environment of a run as a list that pip reads: the packages that the program needs, with theirs, pinned."""

from __future__ import annotations

import platform
import re
from importlib import metadata

PROGRAM = "nafta-sim"
_NAME = re.compile(r"[A-Za-z0-9._-]+")


def environment_text() -> str:
    """Versions of Python and of every package below the program's own, without an address."""
    pins = "".join(f"{name}=={version}\n" for name, version in sorted(_needed().items()))
    return f"# Python {platform.python_version()}\n{pins}"


def _needed() -> dict[str, str]:
    """Packages that the program requires, and what these require, as they are installed here."""
    found: dict[str, str] = {}
    left = list(_requires(PROGRAM))
    while left:
        name = left.pop()
        if name in found:
            continue
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:  # for another system or another Python
            continue
        left += _requires(name)
    return found


def _requires(name: str) -> list[str]:
    """Names of what a package requires whatever is chosen; what only an extra asks for is left out."""
    found = []
    for text in metadata.requires(name) or []:
        requirement, _, condition = text.partition(";")
        match = _NAME.match(requirement)
        if match and "extra" not in condition:
            found.append(re.sub(r"[-_.]+", "-", match[0]).lower())
    return found
