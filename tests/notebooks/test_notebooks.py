"""Every notebook runs from its first cell to its last, is kept without output, and ends with a figure."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.py"))


QUESTIONS = ["first_run", "seat_control", "renegotiation", "tariffs_2025", "laffer"]
MOST_LINES = 15  # of a cell; what is longer belongs in sim/


def cells_of(path: Path) -> list[str]:
    """The cells of a notebook as they are written, words and code."""
    return path.read_text(encoding="utf-8").split("\n# %%")[1:]


def test_the_five_are_numbered_without_gaps_and_named_by_the_readme() -> None:
    assert [path.stem for path in NOTEBOOKS] == [f"{n:02}_{name}" for n, name in enumerate(QUESTIONS, 1)]
    readme = (FOLDER.parent / "README.md").read_text(encoding="utf-8")
    assert [path.stem for path in NOTEBOOKS if f"[{path.stem}](notebooks/{path.name})" not in readme] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_cells_are_short(path: Path) -> None:
    code = [cell.strip() for cell in cells_of(path) if not cell.startswith(" [markdown]")]
    assert code
    assert {cell.splitlines()[0]: len(cell.splitlines()) for cell in code if len(cell.splitlines()) > MOST_LINES} == {}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_starts_with_a_question(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    head = text.split("# %% [markdown]\n", 2)[1].splitlines()[0]
    assert head.startswith("# # ")
    assert head.endswith("?")


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_runs_and_ends_with_a_figure(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jupytext = pytest.importorskip("jupytext")
    nbclient = pytest.importorskip("nbclient")
    monkeypatch.setenv("SIM_REPLICATIONS", "1")
    monkeypatch.setenv("SIM_OUT", str(tmp_path))
    monkeypatch.setenv(
        "PYTHONPATH", str(FOLDER.parent)
    )  # the program beside the notebooks, wherever another is installed
    monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path / "matplotlib"))
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")
    notebook = jupytext.read(path)
    resources = {"metadata": {"path": str(tmp_path)}}
    nbclient.NotebookClient(notebook, timeout=600, kernel_name="python3", resources=resources).execute()
    last = [cell for cell in notebook.cells if cell.cell_type == "code"][-1]
    assert any("image/png" in output.get("data", {}) for output in last.outputs)
    told = "".join(output.get("text", "") for output in last.outputs)
    assert len(re.findall(r"\.$", told, re.MULTILINE)) == 2, told  # what the figure says, in two sentences
    assert re.search(r"\d", told)
