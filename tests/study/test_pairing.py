"""What pairing is worth on the tariff studies: costs by replication, stored as they were run.

``tariff_costs.csv`` holds cost per vehicle (USD, all vehicles) of the 20 replications, seed 1994, of
`renegotiation_2017` (`tightened_75` changed nothing and is left out) and of two scenarios of `duties_2025`.
`sim run` writes the like.
"""

from __future__ import annotations

import csv
import statistics
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.study.compare import mean_interval, paired

BASE = "nafta_as_it_stood"
BASES = {"tariffs_2025": "without_232_on_vehicles"}  # of the others `BASE`
TAXES = ("modern_tracing_list", "us_proposal_85_50", "border_tax_35", "nafta_withdrawal", "tariffs_2025")
T_19 = 2.093024054  # quantile 97.5 % of Student's t with 19 degrees of freedom, printed tables


@pytest.fixture(scope="module")
def costs() -> dict[str, NDArray[np.float64]]:
    with (Path(__file__).parent / "tariff_costs.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 20
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0] if name != "replication"}


def narrower(costs: dict[str, NDArray[np.float64]], name: str) -> float:
    row = paired(name, costs[name], costs[BASES.get(name, BASE)])
    assert row.half_width_95 is not None
    assert row.unpaired_half_width_95 is not None
    return row.unpaired_half_width_95 / row.half_width_95


@pytest.mark.parametrize("name", TAXES)
def test_paired_intervals_of_tariffs_are_five_times_narrower_and_more(
    costs: dict[str, NDArray[np.float64]], name: str
) -> None:
    assert narrower(costs, name) >= 5


def test_the_intervals_by_hand(costs: dict[str, NDArray[np.float64]]) -> None:
    taxed = costs["border_tax_35"] - costs[BASE]
    _, half = mean_interval(taxed)
    assert half == pytest.approx(T_19 * statistics.stdev(taxed.tolist()) / 20**0.5, rel=1e-8)
    row = paired("border_tax_35", costs["border_tax_35"], costs[BASE])
    alone = statistics.variance(costs["border_tax_35"].tolist()) + statistics.variance(costs[BASE].tolist())
    assert row.variance_reduction == pytest.approx(alone / statistics.variance(taxed.tolist()), rel=1e-9)
