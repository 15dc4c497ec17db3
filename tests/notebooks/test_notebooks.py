"""Every notebook runs from its first cell to its last, is kept without output, and ends with a figure."""

from __future__ import annotations

from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.py"))


def test_there_are_notebooks() -> None:
    assert 1 <= len(NOTEBOOKS) <= 5


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
