"""A YAML file laid over those it extends, every value knowing its file and line; and typed reading of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from sim.errors import MOST_TOLD, Problem, ScenarioError, nearest
from sim.locate import is_file
from sim.yaml_text import Location, Value, dotted_path, read_yaml

T = TypeVar("T")

MOST_BASES = 20  # files that extend one another in a row
MOST_ITEMS = 5_000  # of a list


@dataclass(frozen=True, slots=True)
class Sheet:
    """The merged content of a file and its bases.

    Parameters
    ----------
    path : Path
        The file that was asked for.
    value : dict
        Content; a mapping is merged key by key, any other value of the file replaces that of its base.
    places : dict
        Name of the base file (empty for the file itself) and line of each location.
    folders : dict
        Folder of the file that wrote each location: what a path written there is relative to.
    """

    path: Path
    value: dict[str, Value]
    places: dict[Location, tuple[str, int]] = field(repr=False)
    folders: dict[Location, Path] = field(repr=False, default_factory=dict)

    def place(self, location: Location) -> tuple[str, int]:
        """File label and line of a location, or of its nearest parent that is written."""
        known = location
        while known and known not in self.places:
            known = known[:-1]
        return self.places.get(known, ("", 1))

    def folder(self, location: Location) -> Path:
        """Folder of the file that wrote a location, or its nearest parent."""
        known = location
        while known and known not in self.folders:
            known = known[:-1]
        return self.folders.get(known, self.path.parent)

    def where(self, location: Location) -> str:
        """Place for an error message: ``line 7, shocks[0].at`` or ``_base.yaml line 3, seed``."""
        name, line = self.place(location)
        return f"{name + ' ' if name else ''}line {line}, {dotted_path(location)}"

    def get(self, location: Location) -> Value:
        """The value at a location, None where nothing is written."""
        found: Value = self.value
        for step in location:
            if isinstance(found, dict) and isinstance(step, str):
                found = found.get(step)
            elif isinstance(found, list) and isinstance(step, int):
                found = found[step] if step < len(found) else None
            else:
                return None
        return found


def read_sheet(path: Path) -> Sheet:
    """Read a file and all that it extends.

    Raises
    ------
    ScenarioError
        A file cannot be read as YAML, is no mapping, or extends itself.
    """
    return _read_sheet(path, (), str(path))


def _read_sheet(path: Path, above: tuple[Path, ...], source: str) -> Sheet:
    label = path.name if above else ""
    document, problems = read_yaml(path)
    if document is None:
        raise ScenarioError(source, [_labelled(label, p) for p in problems])
    if not isinstance(document.value, dict):
        raise ScenarioError(source, [_labelled(label, Problem("line 1", "is not a mapping of keys to values"))])
    places = {location: (label, line) for location, line in document.lines.items()}
    folders = dict.fromkeys(document.lines, path.parent)
    own = Sheet(path, dict(document.value), places, folders)
    if "extends" not in own.value:
        return own
    base_name = own.value.pop("extends")
    base_path = path.parent / str(base_name)
    if not isinstance(base_name, str) or not is_file(base_path):
        message = f"no file '{base_name}' beside this one. Write the name of a file such as '_base.yaml'."
        raise ScenarioError(source, [Problem(own.where(("extends",)), message)])
    line_of_files = (*above, path.resolve())
    if len(line_of_files) > MOST_BASES:
        message = f"more than {MOST_BASES} files extend one another. Write some of them together."
        raise ScenarioError(source, [Problem(own.where(("extends",)), message)])
    if base_path.resolve() in line_of_files:
        message = f"'{base_name}' extends this file in turn. A file may not extend itself."
        raise ScenarioError(source, [Problem(own.where(("extends",)), message)])
    return _laid_over(own, _read_sheet(base_path, line_of_files, source))


def _labelled(label: str, problem: Problem) -> Problem:
    return Problem(f"{label} {problem.where}".strip(), problem.message)


def _laid_over(own: Sheet, base: Sheet) -> Sheet:
    replaced: set[Location] = set()

    def merge(top: dict[str, Value], below: dict[str, Value], at: Location) -> dict[str, Value]:
        merged = dict(below)
        for key, value in top.items():
            under = below.get(key)
            here = (*at, key)
            if isinstance(value, dict) and isinstance(under, dict):
                merged[key] = merge(value, under, here)
            else:
                merged[key] = value
                replaced.add(here)
        return merged

    def kept(location: Location) -> bool:
        return not any(location[:length] in replaced for length in range(1, len(location) + 1))

    value = merge(own.value, base.value, ())
    places = {location: place for location, place in base.places.items() if kept(location)}
    folders = {location: folder for location, folder in base.folders.items() if kept(location)}
    return Sheet(own.path, value, places | own.places, folders | own.folders)


class Reader:
    """Reads typed values from a sheet and collects everything that is wrong, each with its place."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self._problems: dict[tuple[tuple[str, int], Problem], None] = {}  # in order, each once

    def add(self, location: Location, message: str) -> None:
        """Note one problem; of very many the first are raised at once, as `require` does."""
        self._problems[self.sheet.place(location), Problem(self.sheet.where(location), message)] = None
        if len(self._problems) >= MOST_TOLD:
            self.require()

    def require(self) -> None:
        """Raise ScenarioError with every problem noted so far, in the order of the file's lines."""
        if self._problems:
            ordered = [problem for _, problem in sorted(self._problems, key=lambda item: item[0])]
            raise ScenarioError(str(self.sheet.path), ordered)

    def keys(self, location: Location, allowed: Iterable[str], required: Iterable[str] = ()) -> dict[str, Value]:
        """The mapping at a location; unknown and missing keys are problems. Empty where there is none."""
        found = self.sheet.get(location)
        if found is None and not location:
            found = {}
        if not isinstance(found, dict):
            if found is not None:
                self.add(location, f"{_quoted(found)} is not a mapping. Allowed keys: {', '.join(allowed)}.")
            return {}
        allowed = tuple(allowed)
        for key in found:
            if key not in allowed:
                self.add((*location, key), f"unknown key '{key}'. {nearest(key, allowed, 'keys')}")
        for key in required:
            if found.get(key) is None:
                self.add((*location, key), "is missing.")
        return found

    def names(self, location: Location) -> list[str]:
        """Keys of a free mapping, such as parameter names. Empty where there is none."""
        found = self.sheet.get(location)
        if found is None:
            return []
        if not isinstance(found, dict):
            self.add(location, f"{_quoted(found)} is not a mapping of names to values.")
            return []
        return list(found)

    def count(self, location: Location) -> int:
        """Length of the list at a location. 0 where there is none."""
        found = self.sheet.get(location)
        if found is None:
            return 0
        if not isinstance(found, list):
            self.add(location, f"{_quoted(found)} is not a list. Write '[first, second]' or one '- item' a line.")
            return 0
        if len(found) > MOST_ITEMS:
            self.add(location, f"has {len(found):,} items. Allowed: up to {MOST_ITEMS:,}.")
            return 0
        return len(found)

    def parsed(self, location: Location, parse: Callable[[str], T], default: T) -> T:
        """The text at a location, parsed; `default` where nothing or something wrong is written.

        `parse` raises ValueError with a message that quotes what was found and says what is allowed.
        """
        found = self.sheet.get(location)
        if found is None:
            return default
        if not isinstance(found, str):
            self.add(location, f"{_quoted(found)} is not a single value.")
            return default
        try:
            return parse(found)
        except ValueError as error:
            self.add(location, str(error))
            return default

    def text(self, location: Location, default: str = "") -> str:
        """The text at a location, line breaks turned into spaces."""
        return self.parsed(location, lambda text: " ".join(text.split()), default)


def _quoted(value: Value) -> str:
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return "a mapping" if isinstance(value, dict) else f"'{value}'"
