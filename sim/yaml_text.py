"""YAML read as text: every scalar stays the string that was written, and every value knows its line.

The usual loader turns Ontario (``ON``) into True, heading ``8703.10`` into a float and ``12:30`` into 750, and lets
the last of two equal keys win. Here a schema types each text later, so none of that can happen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import yaml

from sim.errors import MOST_TOLD, Problem, oddity

Value: TypeAlias = "str | list[Value] | dict[str, Value] | None"
Location: TypeAlias = "tuple[str | int, ...]"

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MAX_DEPTH = 40
_MAX_BYTES = 4_000_000


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file as plain text values, with the line of each.

    Parameters
    ----------
    value : str, None, list or dict
        The content; scalars are text, an empty scalar or ``~`` is None.
    lines : dict
        Line number (from 1) of each location, such as ``("shocks", 0, "at")``.
    path : Path
        The file.
    """

    value: Value
    lines: dict[Location, int] = field(repr=False)
    path: Path

    def where(self, location: Location) -> str:
        """The place of a location for an error message: ``line 7, shocks[0].at``."""
        known = location
        while known and known not in self.lines:
            known = known[:-1]
        line = self.lines.get(known, 1)
        dotted = dotted_path(location)
        return f"line {line}, {dotted}" if dotted else f"line {line}"


def dotted_path(location: Location) -> str:
    """Write a location as people do: ``shocks[0].at``."""
    text = ""
    for step in location:
        text += f"[{step}]" if isinstance(step, int) else (f".{step}" if text else step)
    return text


def read_yaml(path: Path) -> tuple[Document | None, list[Problem]]:
    """Read a YAML file as text.

    Returns
    -------
    tuple of Document or None, and list of Problem
        The document, or None with the problems that prevent one. Duplicate keys, anchors and tags are problems.
    """
    try:
        with path.open("rb") as stream:
            raw = stream.read(_MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        return None, [Problem("", f"cannot be read ({getattr(error, 'strerror', None) or error})")]
    if len(raw) > _MAX_BYTES:
        return None, [Problem("", f"is larger than {_MAX_BYTES // 1_000_000} MB")]
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return None, [Problem("", f"is not UTF-8 text (byte {error.start})")]
    return read_yaml_text(text, path)


def read_yaml_text(text: str, path: Path) -> tuple[Document | None, list[Problem]]:
    """Read YAML from text; `path` is only used in messages. See `read_yaml`."""
    try:
        problems = _refused(text)
        root = None if problems else yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        return None, [_not_yaml(error)]
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        return None, [Problem("", f"is not valid YAML ({error})")]
    if problems:
        return None, problems
    if root is None:
        return None, [Problem("line 1", "is empty")]
    lines: dict[Location, int] = {}
    value = _build(root, (), lines, problems)
    if problems:
        return None, problems
    return Document(value, lines, path), []


def _not_yaml(error: yaml.MarkedYAMLError) -> Problem:
    """What the loader says; some versions refuse deep nesting themselves, and are told like `_refused`."""
    line = f"line {error.problem_mark.line + 1 if error.problem_mark else 1}"
    if "nesting" in str(error.problem):
        return _too_deep(line)
    return Problem(line, f"is not valid YAML ({error.problem})")


def _too_deep(line: str) -> Problem:
    return Problem(line, f"is nested deeper than {_MAX_DEPTH} levels")


def _refused(text: str) -> list[Problem]:
    """Aliases, and nesting deeper than any file needs: composing the deepest would end the process."""
    problems = []
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = f"line {event.start_mark.line + 1 if event.start_mark else 1}"
        tag = getattr(event, "tag", None)
        if tag not in (None, "!"):
            problems.append(Problem(line, f"the tag '{tag}' is not allowed. Write the value alone."))
        if isinstance(event, yaml.AliasEvent):
            problems.append(Problem(line, f"the alias '*{event.anchor}' is not allowed. Write the value out."))
        elif isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _MAX_DEPTH:
                return [*problems, _too_deep(line)]
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if len(problems) >= MOST_TOLD:
            return problems
    return problems


def _build(node: yaml.Node, location: Location, lines: dict[Location, int], problems: list[Problem]) -> Value:
    lines[location] = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        odd = oddity(str(node.value))
        if odd is not None:
            problems.append(Problem(f"line {node.start_mark.line + 1}, {dotted_path(location)}", odd[1]))
        return _scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return [_build(child, (*location, n), lines, problems) for n, child in enumerate(node.value)]
    return dict(_pairs(node, location, lines, problems))


def _scalar(node: yaml.ScalarNode) -> str | None:
    plain = not node.style  # the two loaders say it as None or as an empty text
    return None if plain and node.value in ("", "~", "null") else str(node.value)


def _pairs(
    node: yaml.Node,
    location: Location,
    lines: dict[Location, int],
    problems: list[Problem],
) -> Iterator[tuple[str, Value]]:
    first: dict[str, int] = {}
    for key, child in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            problems.append(Problem(f"line {line}", "a key must be a single word"))
            continue
        name = str(key.value)
        odd = oddity(name)
        if odd is not None:
            problems.append(Problem(f"line {line}", f"the key '{name}' {odd[1]}"))
            continue
        if name in first:
            message = f"the key '{name}' is written twice (first on line {first[name]})"
            problems.append(Problem(f"line {line}", message))
            continue
        first[name] = line
        yield name, _build(child, (*location, name), lines, problems)
        lines[(*location, name)] = line
