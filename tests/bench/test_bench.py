"""The benchmark itself: what it counts, what it says, and that a difference is not overlooked."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from sim.bench import measure as measuring
from sim.bench import measure_case
from sim.bench.cases import Case
from sim.bench.growth import SIZES, measure_growth
from sim.bench.queues import queue_plan
from sim.cli import cli
from sim.engines import compiled
from sim.ledger.ledger import Ledger
from sim.plan import Plan
from tests.closed_form.test_queues import erlang_wait_s

SMALL = Case("small", "twenty customers", lambda length: queue_plan(round(20 * length), 1, 0.5, as_loads=True))


def ask(*words: str) -> Any:
    return CliRunner().invoke(cli, ["bench", *words])


def test_what_is_counted() -> None:
    found = measure_case(SMALL, ("compiled", "reference"), 2)
    counts = found.counts
    assert (counts.loads, counts.passages, counts.uses, counts.background, counts.trucks) == (20, 20, 0, 0, 20)
    assert counts.events == 20 * (4 + 5)  # due, start, finish, receipt; arrive, join, grant, clear, leave
    assert {engine: len(seconds) for engine, seconds in found.seconds.items()} == {"compiled": 2, "reference": 2}
    assert not found.difference


def test_the_plain_queue_waits_as_theory_says() -> None:
    """M/M/5 at 80 %: the mean wait by Erlang's formula, of others' trucks and of loads alike."""
    waits = []
    for as_loads in (False, True):
        ledger = compiled.simulate(queue_plan(200_000, 5, 0.8, as_loads=as_loads))
        rows, hours = ledger.passages, ledger.hours
        own = (rows.started_s - rows.joined_s).mean() if as_loads else hours.wait_s.sum() / hours.passed.sum()
        waits.append(float(own))
    assert waits[0] == waits[1]
    assert waits[0] / 100 == pytest.approx(erlang_wait_s(5, 0.8) / 800, rel=0.03)


@pytest.fixture
def unequal(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(plan: Plan) -> Ledger:
        ledger = compiled.simulate(plan)
        loads = dataclasses.replace(ledger.loads, received_s=ledger.loads.received_s + np.int64(1))
        return dataclasses.replace(ledger, loads=loads)

    monkeypatch.setitem(measuring.ENGINES, "reference", late)


@pytest.mark.usefixtures("unequal")
def test_a_difference_fails_the_command() -> None:
    result = ask("five_servers_loads", "--length", "0.001", "--rounds", "1")
    assert result.exit_code == 3
    assert "LEDGERS DIFFER" in result.stdout
    assert "the ledgers part at event " in result.stdout


def test_json_is_one_object_and_nothing_else() -> None:
    result = ask("five_servers", "--length", "0.001", "--rounds", "1", "--format", "json")
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert list(told) == ["machine", "cases", "growth"]
    case = told["cases"][0]
    assert (case["case"], case["background"], case["events"], case["equal"]) == ("five_servers", 1_000, 2_000, True)
    assert set(case["engines"]) == {"compiled", "reference"}


def test_a_wrong_case_is_answered_with_the_nearest() -> None:
    result = ask("midsise")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "bench: no case named 'midsise'. Did you mean 'midsize'?\n"


def test_growth_tells_sizes_and_memory() -> None:
    assert list(SIZES) == [10_000, 100_000, 1_000_000, 10_000_000]
    found = measure_growth([10_000], 1)[0]
    assert 8_000 < found.trucks < 13_000
    assert found.seconds > 0
    assert found.unit_ns > 0
