"""Where the program's own files are: found from any folder, in a checkout and in an installed wheel alike."""

from __future__ import annotations

import os
import re
from pathlib import Path

from sim.errors import ScenarioError, nearest, oddity

_APART = r"/\\:*?\"<>|\n\t"  # what some systems do not have in the name of a file
_NAME = re.compile(rf"[^{_APART}\s.](?:[^{_APART}]*[^{_APART}\s.])?")
_LONGEST_NAME = 180  # bytes; files are named after it with some letters more, and most systems take 255
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)  # of Windows

_PACKAGE = Path(__file__).resolve().parent


def is_file(path: Path) -> bool:
    """Whether there is such a file; a name that the system cannot have, too long or odd, is none."""
    return os.path.isfile(path)  # noqa: PTH113 - the method of a path raises for such names


def is_folder(path: Path) -> bool:
    """Whether there is such a folder; a name that the system cannot have, too long or odd, is none."""
    return os.path.isdir(path)  # noqa: PTH112 - as above


def name_problem(name: str) -> str:
    """What is wrong with the name of a scenario or study, after which files are named; empty for nothing.

    Examples
    --------
    >>> name_problem("border_tax_35"), name_problem("con")
    ('', "'con' cannot name results: some systems keep it for a device. Choose another.")
    """
    if _NAME.fullmatch(name) is None or oddity(name) is not None:
        return f"'{name}' cannot name results. Leave out / \\ : * ? \" < > | and any dot or space at either end."
    if len(name.encode()) > _LONGEST_NAME:
        return f"'{name}' is too long to name results. Allowed: {_LONGEST_NAME} letters."
    if _RESERVED.fullmatch(name) is not None:
        return f"'{name}' cannot name results: some systems keep it for a device. Choose another."
    return ""


def data_dir() -> Path:
    """Folder of the packaged data: law, networks, parameters."""
    return _PACKAGE / "data"


def scenario_dir() -> Path:
    """Folder of the shipped scenarios: beside the package in a checkout, inside it in a wheel."""
    checkout = _PACKAGE.parent / "scenarios"
    return checkout if (checkout / "_base.yaml").is_file() else data_dir() / "scenarios"


def scenario_names() -> tuple[str, ...]:
    """Names of the shipped scenarios and studies, sorted."""
    return tuple(sorted(p.stem for p in scenario_dir().glob("*.yaml") if not p.name.startswith("_")))


def find_scenario(name: str | Path) -> Path:
    """Find a scenario or study file by path or by the name of a shipped one.

    Parameters
    ----------
    name : str or Path
        A path, absolute or from the working directory; or such as ``nafta_withdrawal`` or
        ``scenarios/nafta_withdrawal.yaml``, looked for among the shipped scenarios.

    Raises
    ------
    ScenarioError
        No such file; names the nearest shipped scenario.
    """
    path = Path(name)
    if is_file(path):
        return path
    if path.parent in (Path(), Path("scenarios")) and path.suffix in ("", ".yaml", ".yml"):
        shipped = scenario_dir() / f"{path.stem}.yaml"
        if is_file(shipped):
            return shipped
    near = nearest(path.stem, scenario_names(), "scenarios")
    raise ScenarioError(str(name), [f"no such file, and no shipped scenario of this name. {near}"])


def shown(path: Path) -> str:
    """A path as a reader should see it: from the working directory where it lies below it."""
    resolved = Path(os.path.realpath(path))  # links that lead in a circle are no fault here
    here = Path.cwd().resolve()
    return str(resolved.relative_to(here)) if resolved.is_relative_to(here) else str(path)
