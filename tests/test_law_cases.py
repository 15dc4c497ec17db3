"""Law cases that a broker can read: each YAML file in tests/law holds facts, amounts and the charges expected."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.law import LineFacts, load_law
from sim.units import parse_money, round_cents
from sim.yaml_text import read_yaml

FOLDER = Path(__file__).parent / "law"
FLAGS = {"yes": True, "no": False}


def _cases() -> list[Any]:
    found = []
    for path in sorted(FOLDER.glob("*.yaml")):
        document, problems = read_yaml(path)
        assert document is not None, problems
        cases: Any = document.value
        found += [pytest.param(case, id=f"{path.stem}: {case['name']}") for case in cases["cases"]]
    return found


CASES = _cases()


def test_cases_were_found() -> None:
    assert len(CASES) >= 50


@pytest.mark.parametrize("case", CASES)
def test_case(case: dict[str, Any]) -> None:
    assert case["source"]
    law = load_law(case.get("reforms", ()))
    facts = LineFacts(**{name: FLAGS.get(text, text) for name, text in case["facts"].items()})
    amounts = {name: np.array([float(parse_money(text)[1])]) for name, text in case["amounts"].items()}
    known = dt.date.fromisoformat(case["known"]) if "known" in case else None
    on = dt.date.fromisoformat(case["on"])
    charges = law.assess(facts, on, amounts, known)
    assert {c.programme: int(round_cents(c.amount)[0]) for c in charges} == {
        path: parse_money(text)[1] for path, text in case["expect"].items()
    }
    explanation = law.explain(facts, on, amounts, known)
    assert explanation.total_cents == pytest.approx(sum(float(c.amount[0]) for c in charges), abs=1e-6)
    assert explanation.unresolved == ()
