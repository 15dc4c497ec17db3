"""The house: who may import whom, that no import runs in a circle, and that every file says what it is."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted((ROOT / "sim").rglob("*.py"))

# Each room may import rooms of lower floors, and files of its own room.
FLOORS = (
    {"errors"},
    {"units", "references", "streams", "yaml_text", "locate", "text"},
    {"clock", "currency", "reading", "plan_checks"},
    {"parameters", "plan", "network", "law", "population"},
    {"ledger", "origin", "workbook"},
    {"engines", "scenario", "duty"},
    {"customs"},
    {"planning", "measures"},
    {"sourcing"},
    {"replication", "bench", "calibration"},
    {"market"},
    {"study", "resilience", "validation"},
    {"unknowns", "archive"},
    {"report"},
    {"answers"},
    {"cli"},
)
DOORS = {"__init__", "__main__"}  # hand names on; not rooms
FACE = "sim.__version__"


def room(path: Path) -> str:
    parts = path.relative_to(ROOT / "sim").with_suffix("").parts
    return parts[0]


def imported(path: Path) -> set[str]:
    """Dotted names under sim that a file imports, anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "sim":
            names |= {f"{node.module}.{alias.name}" for alias in node.names} - {FACE}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names if alias.name.split(".")[0] == "sim"}
    return names


def floor(name: str) -> int:
    for number, rooms in enumerate(FLOORS):
        if name in rooms:
            return number
    raise AssertionError(f"room {name!r} stands on no floor")


def test_the_walk_found_the_house():
    assert len(FILES) > 30


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_go_down(path):
    here = room(path)
    if here in DOORS:
        return
    for name in imported(path):
        parts = name.split(".")
        there = parts[1] if len(parts) > 1 else here
        if there != here:
            assert floor(there) < floor(here), f"{here} imports {name}"


def test_engines_see_only_contracts():
    allowed = {"plan", "ledger", "engines", "errors"}
    for path in FILES:
        if room(path) == "engines":
            assert {name.split(".")[1] for name in imported(path)} <= allowed, path


def test_no_circle_between_files():
    modules = {".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): p for p in FILES}
    graph = {
        name: {
            target
            for wanted in imported(path)
            for target in (wanted, wanted.rpartition(".")[0])
            if target in modules and target != name and modules[target].name != "__init__.py"
        }
        for name, path in modules.items()
    }
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join((*trail, name))
        if name not in done:
            for target in sorted(graph[name]):
                visit(target, (*trail, name))
            done.add(name)

    for name in sorted(graph):
        visit(name, ())


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_first_line_says_what_the_file_is(path):
    doc = ast.get_docstring(ast.parse(path.read_text()))
    assert doc, "no docstring"
    assert len(doc.splitlines()[0]) > 20


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_files_stay_readable(path):
    assert len(path.read_text().splitlines()) <= 450


def test_the_readme_shows_every_room():
    readme = (ROOT / "README.md").read_text()
    rooms = {
        path.name for path in (ROOT / "sim").iterdir() if path.name.strip("_").isidentifier() or path.suffix == ".py"
    }
    rooms -= {"__init__.py", "__main__.py", "__pycache__"}
    assert len(rooms) > 15
    assert sorted(name for name in rooms if f"sim/{name}" not in readme) == []
