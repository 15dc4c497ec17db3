"""Public names say what they mean, in which unit, of what shape, and what they raise.

Public is what a room's ``__all__`` names, what `sim` itself names, and the public methods of those classes. The rules
are read off signatures and source, so that they hold for a name added tomorrow:

- there is a docstring that begins with a sentence;
- every exception that its own text raises is named;
- an array is told with its element type and shape, ``int64[lanes]``;
- a number says its unit: in its name (``wait_min``), in that of the function or property, or in the docstring, where
  the entry of the parameter (or, for what is returned, the text) holds a word of measure.
"""

from __future__ import annotations

import ast
import builtins
import dataclasses
import importlib
import inspect
import itertools
import pkgutil
import re
import textwrap
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

import pytest

import sim

# A number whose name ends or begins so says its unit itself.
UNIT_NAME = re.compile(
    r"""(^|_)(s|min|h|days?|weeks|years?|seconds|hours|km|kg|deg|mib|cents|usd|ppm|pct|pp|per_vehicle|units|trucks|loads
    |vehicles|rows|replications?|seed|jobs)$|^(n|of|number|count)_|^n$""",
    re.VERBOSE,
)
# Words by which an entry of a docstring says in what a number is counted.
MEASURES = re.compile(
    r"""\b(seconds?|minutes?|hours?|days?|weeks?|months?|years?|cents?|hundredths|USD|dollars?|money|percent|points?
    |ppm|share|fractions?|ratio|probability|factor|elasticity|multiple|number|how\ many|count(ed|s)?|index|place|rows?
    |units?|vehicles?|trucks?|loads?|workers|processes|replications?|times|km|kg|kilomet\w+|MiB|bytes|digits)\b|%""",
    re.VERBOSE | re.IGNORECASE,
)
NUMBER = re.compile(r"^(?!Callable).*\b(int|float|Fraction|Decimal)\b")
ARRAY = re.compile(r"^(?!Callable).*\b(NDArray|ndarray|Array|Ints|Floats|Flags)\b")
SHAPE = re.compile(r"\b(u?int\d*|float\d*|bool|array)\[[^\]]+\]")

ALL_ARRAYS = re.compile(r"\barrays (float64|int64)\[[^\]]+\]")  # said once of all fields of a class


@dataclasses.dataclass(frozen=True)
class Public:
    """One public function, class, method or property, and where it was found."""

    name: str
    found: Any

    @property
    def text(self) -> str:
        return inspect.getdoc(self.found) or ""

    @cached_property
    def tree(self) -> ast.AST:
        function = self.found.fget if isinstance(self.found, property) else self.found
        return ast.parse(textwrap.dedent(inspect.getsource(inspect.unwrap(function))))

    @property
    def numbers(self) -> Iterator[tuple[str, str]]:
        """Name and annotation of each parameter or field, as written."""
        if isinstance(self.found, property):
            return
        for name, parameter in inspect.signature(self.found).parameters.items():
            if not name.startswith("_"):
                yield name, str(parameter.annotation)

    @property
    def returned(self) -> str:
        if inspect.isclass(self.found):
            return ""
        function = self.found.fget if isinstance(self.found, property) else self.found
        return str(inspect.signature(function).return_annotation)

    def entry(self, name: str) -> str:
        """What the docstring says of one parameter: its entry in the list, or else the paragraph that names it."""
        lines = self.text.splitlines()
        listed = re.compile(rf"(?:[\w*, ]*, )?\**{re.escape(name)}(?:,[\w, ]*)?(?: : .*)?")
        for number, line in enumerate(lines):
            if listed.fullmatch(line):
                below = itertools.takewhile(lambda text: text.startswith("    "), lines[number + 1 :])
                return "\n".join([line.partition(" : ")[2], *below])
        paragraphs = re.split(r"\n\s*\n", self.text)
        return "\n".join(text for text in paragraphs if f"`{name}`" in text).replace(f"`{name}`", "")


def rooms() -> Iterator[Any]:
    yield sim
    for found in pkgutil.walk_packages(sim.__path__, "sim."):
        if found.ispkg:
            yield importlib.import_module(found.name)


def public() -> dict[str, Public]:
    """What is public, by the name under which it is defined: a class that two rooms show is told once."""
    told: dict[str, Public] = {}
    for room in rooms():
        for name in getattr(room, "__all__", ()):
            owner = getattr(room, name)
            if not (inspect.isclass(owner) or inspect.isfunction(owner)) or not owner.__module__.startswith("sim"):
                continue
            place = f"{owner.__module__}.{owner.__qualname__}"
            told[place] = Public(place, owner)
            for method, value in vars(owner).items() if inspect.isclass(owner) else ():
                plain = value.__func__ if isinstance(value, classmethod | staticmethod) else value
                if not method.startswith("_") and (inspect.isfunction(plain) or isinstance(plain, property)):
                    told[f"{place}.{method}"] = Public(f"{place}.{method}", plain)
    return told


PUBLIC = public()


def says_its_unit(name: str) -> bool:
    return bool(UNIT_NAME.search(name))


def raised(what: Public) -> set[str]:
    """Names of exceptions that its text raises, nested functions included; a class: only what making it does."""
    names = set()
    tree: ast.AST = what.tree
    if inspect.isclass(what.found):
        made = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name in ("__init__", "__post_init__")]
        tree = ast.Module(list(made), [])
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and node.exc is not None:
            called = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            name = ast.unparse(called)
            module = importlib.import_module(inspect.unwrap(_function(what)).__module__)
            kind = getattr(module, name, getattr(builtins, name, None))
            if inspect.isclass(kind) and not issubclass(kind, AssertionError):  # which tells of a bug, not of a use
                names.add(name)
    return names


def _function(what: Public) -> Any:
    return what.found.fget if isinstance(what.found, property) else what.found


def missing_sentence(what: Public) -> list[str]:
    first = what.text.split("\n\n")[0].strip()
    return [] if first.endswith((".", ":", "?")) and len(first.split()) > 1 else ["says in no sentence what it is"]


def missing_errors(what: Public) -> list[str]:
    return [f"raises {name} and does not say when" for name in sorted(raised(what)) if name not in what.text]


def missing_shapes(what: Public) -> list[str]:
    problems = [
        f"says not of what shape {name} is"
        for name, kind in what.numbers
        if ARRAY.search(kind) and not (SHAPE.search(what.entry(name)) or ALL_ARRAYS.search(what.text))
    ]
    if ARRAY.search(what.returned) and not SHAPE.search(what.text):
        problems.append("says not of what shape the array is that it returns")
    return problems


def missing_units(what: Public) -> list[str]:
    problems = [
        f"says not in what {name} is counted"
        for name, kind in what.numbers
        if NUMBER.search(kind)
        and not ARRAY.search(kind)
        and not says_its_unit(name)
        and not MEASURES.search(what.entry(name))
    ]
    own = what.name.rpartition(".")[2]
    if NUMBER.search(what.returned) and not says_its_unit(own) and not MEASURES.search(what.text):
        problems.append("says not in what it counts what it returns")
    return problems


RULES: tuple[Callable[[Public], list[str]], ...] = (missing_sentence, missing_errors, missing_shapes, missing_units)


def test_the_list_is_long_enough_to_mean_something() -> None:
    assert len(PUBLIC) > 200
    assert {"sim.study.result.Study.compare", "sim.law.law.Law"} <= set(PUBLIC)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_public_names_are_explained(rule: Callable[[Public], list[str]]) -> None:
    problems = [f"{name} {problem}" for name, what in sorted(PUBLIC.items()) for problem in rule(what)]
    assert not problems, "\n".join(problems)
