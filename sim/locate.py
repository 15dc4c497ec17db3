"""Where the program's own files are: found from any folder, in a checkout and in an installed wheel alike."""

from __future__ import annotations

from pathlib import Path

from sim.errors import ScenarioError, nearest

_PACKAGE = Path(__file__).resolve().parent


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
    if path.is_file():
        return path
    if path.parent in (Path(), Path("scenarios")) and path.suffix in ("", ".yaml", ".yml"):
        shipped = scenario_dir() / f"{path.stem}.yaml"
        if shipped.is_file():
            return shipped
    near = nearest(path.stem, scenario_names(), "scenarios")
    raise ScenarioError(str(name), [f"no such file, and no shipped scenario of this name. {near}"])


def shown(path: Path) -> str:
    """A path as a reader should see it: from the working directory where it lies below it."""
    resolved = path.resolve()
    here = Path.cwd().resolve()
    return str(resolved.relative_to(here)) if resolved.is_relative_to(here) else str(path)
