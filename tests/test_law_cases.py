"""Law cases that a broker can read: each YAML file in tests/law holds facts, amounts and the charges expected.

A case says `on` and `expect`, or `days`: what is expected on each of several days. `totals` are sums that the source
prints for some of them, fees apart where it leaves them out. `refused` is the message of a case that the law cannot
answer.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.errors import LawError
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
        for case in cases["cases"]:
            for on, expect in case.get("days", {}).items():
                one = {**case, "on": on, "expect": expect, "total": case.get("totals", {}).get(on)}
                found.append(pytest.param(one, id=f"{path.stem}: {case['name']} on {on}"))
            if "days" not in case:
                found.append(pytest.param(case, id=f"{path.stem}: {case['name']}"))
    return found


CASES = _cases()


def test_cases_were_found() -> None:
    assert len(CASES) >= 350


@pytest.mark.parametrize("case", CASES)
def test_case(case: dict[str, Any]) -> None:
    assert case["source"]
    law = load_law(case.get("reforms", ()))
    facts = LineFacts(**{name: FLAGS.get(text, text) for name, text in case["facts"].items()})
    amounts = {name: np.array([float(parse_money(text)[1])]) for name, text in case["amounts"].items()}
    known = dt.date.fromisoformat(case["known"]) if "known" in case else None
    on = dt.date.fromisoformat(case["on"])
    if "refused" in case:
        with pytest.raises(LawError) as error:
            law.assess(facts, on, amounts, known)
        assert error.value.text() == case["refused"]
        return
    charges = law.assess(facts, on, amounts, known)
    assert {c.programme: int(round_cents(c.amount)[0]) for c in charges} == {
        path: parse_money(text)[1] for path, text in case["expect"].items()
    }
    if case.get("total"):
        counted = [c for c in charges if c.kind == "duty" or case.get("fee_in_total") == "yes"]
        assert sum(int(round_cents(c.amount)[0]) for c in counted) == parse_money(case["total"])[1]
    explanation = law.explain(facts, on, amounts, known)
    assert explanation.total_cents == pytest.approx(sum(float(c.amount[0]) for c in charges), abs=1e-6)
    assert explanation.unresolved == ()
