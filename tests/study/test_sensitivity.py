"""What sweeps say of their factors, on responses whose effects and indices are known in closed form."""

from __future__ import annotations

import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.study.designs import design_points
from sim.study.sensitivity import influences
from sim.study.sweep import Sweep


def answered(design: str, points: int, factors: int, response: Any, noise: float = 0.0) -> Any:
    """A stand-in for a study of a sweep: three replications of a function of the points, with common noise."""
    cube = design_points(design, points, factors, 3)
    names = tuple(f"p{n}" for n in range(len(cube)))
    draws = noise * np.array([-1.0, 0.0, 1.0])
    values = {name: float(response(row)) + draws for name, row in zip(names, cube, strict=True)}
    sweep = Sweep(
        "x",
        design,
        tuple(f"f{k}" for k in range(factors)),
        names,
        ((),) * len(names),
        tuple(map(tuple, cube)),
        (),
        points,
    )
    return SimpleNamespace(series=lambda measure, vehicle, item: values), sweep


def test_morris_of_a_straight_line_is_its_slopes_without_spread() -> None:
    study, sweep = answered("morris", 6, 3, lambda x: 5 * x[0] - 2 * x[1], noise=100.0)
    first, second, third = influences(study, sweep, "m", "")
    assert [first.factor, second.factor, third.factor] == ["f0", "f1", "f2"]
    figures = {name: value for name, value, _ in second.figures}
    assert figures == {"effect": pytest.approx(2.0), "net": pytest.approx(-2.0), "spread": pytest.approx(0.0, abs=1e-9)}
    assert third.figures[0][1] == pytest.approx(0.0, abs=1e-9)
    assert first.figures[0][2] == pytest.approx(0.0, abs=1e-9)  # common noise is in no effect


def test_morris_sees_an_interaction_as_spread() -> None:
    study, sweep = answered("morris", 20, 2, lambda x: x[0] * x[1])
    for row in influences(study, sweep, "m", ""):
        assert dict((name, value) for name, value, _ in row.figures)["spread"] > 0.2  # type: ignore[operator]


def test_sobol_indices_of_ishigami() -> None:
    """a = 7, b = 0.1: first-order indices 0.3139, 0.4424, 0 and totals 0.5576, 0.4424, 0.2437 (closed form)."""

    def ishigami(row: np.ndarray[Any, np.dtype[np.float64]]) -> float:
        x = math.pi * (2 * row - 1)
        return math.sin(x[0]) + 7 * math.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * math.sin(x[0])

    study, sweep = answered("sobol_indices", 4096, 3, ishigami)
    found = {row.factor: {name: value for name, value, _ in row.figures} for row in influences(study, sweep, "m", "")}
    assert [found[f]["first"] for f in ("f0", "f1", "f2")] == pytest.approx([0.3139, 0.4424, 0.0], abs=0.02)
    assert [found[f]["total"] for f in ("f0", "f1", "f2")] == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.02)


def test_a_latin_hypercube_finds_slopes_by_least_squares() -> None:
    study, sweep = answered("latin_hypercube", 12, 2, lambda x: 1 + 3 * x[0] - 4 * x[1])
    rows = influences(study, sweep, "m", "")
    assert [(row.factor, row.figures[0][1]) for row in rows] == [
        ("f1", pytest.approx(-4.0)),
        ("f0", pytest.approx(3.0)),
    ]


def test_what_never_varies_has_no_shares() -> None:
    study, sweep = answered("sobol_indices", 8, 2, lambda x: 1.0)
    assert all(value is None for row in influences(study, sweep, "m", "") for _, value, _ in row.figures)


def test_the_command_ranks_every_sweep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.answers.sensitivity import sensitivity_answer
    from sim.errors import DataError
    from sim.study import load_study_file, run_study
    from tests.study.test_execute import RUNNER

    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    base = "question: Why?\nnetwork: seat_control\nhorizon: {warm_up: 10 weeks, start: 2017-10-30, run: 4 weeks}\n"
    (tmp_path / "base.yaml").write_text(base)
    head = "title: T\nquestion: Q?\nbaseline: base\nscenarios: []\nreplications: 3\n"
    text = "sweeps:\n  - of: base\n    design: one_at_a_time\n    vary: {parameters/pass_through_pct: [50 %, 100 %]}\n"
    (tmp_path / "study.yaml").write_text(head.replace("scenarios: []\n", "") + text)
    study = run_study(load_study_file(tmp_path / "study.yaml"), tmp_path / "s", jobs=1, runner=RUNNER)
    answer, shown = sensitivity_answer(study, "cost_per_vehicle_usd", None, "all")
    (row,) = answer["sweeps"][0]["factors"]
    assert row["factor"] == "parameters/pass_through_pct"
    assert row["change"]["value"] == pytest.approx(0.0, abs=1e-9)
    assert "parameters/pass_through_pct" in shown
    (tmp_path / "none.yaml").write_text(head.replace("[]", "[base]"))
    none = run_study(load_study_file(tmp_path / "none.yaml"), tmp_path / "none", jobs=1, runner=RUNNER)
    with pytest.raises(DataError) as caught:
        sensitivity_answer(none, "cost_per_vehicle_usd", None, "all")
    assert str(caught.value).endswith("has no sweep: nothing is varied. Add `sweeps:` to the study file.")
