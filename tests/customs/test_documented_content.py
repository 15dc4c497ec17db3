"""United States content of a model: one share of the value, as documented, whatever a single vehicle holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
import pytest

from sim.customs import Assessment, Claims, assess
from sim.customs.flow import Flow
from sim.law.facts import Charge, Column, LineFacts
from sim.network.model import Network, Schedule
from sim.references import Reference
from sim.units import HOUR
from tests.customs.hand import Hand, HandLaw, free_parameters
from tests.customs.recorded import run

CAR = "plant/mx/car"
MARKET = f"{CAR}..market/us"
RATE = 0.25
US_ENGINE, MX_ENGINE, PLANT = 300.0, 200.0, 100.0
# Of the model's price, 40 % of engines from the United States.
SHARE = 0.4 * US_ENGINE / (0.4 * US_ENGINE + 0.6 * MX_ENGINE + PLANT)


@dataclass(frozen=True, eq=False)
class ContentLaw(HandLaw):
    """A quarter of what was not made in the United States, on vehicles that enter them; nothing else."""

    def assess(
        self, line: LineFacts, on: dt.date, amounts: Mapping[str, Column], known: dt.date | None = None
    ) -> tuple[Charge, ...]:
        if line.importer != "US" or not line.vehicle_class:
            return ()
        base = amounts["customs_value"] - amounts["us_content"]
        path = "us/content"
        return (Charge(path, "rate", "duty", "US", 250_000, base, base * RATE, Reference("hand law"), "content"),)


def assessed(*, coming: bool = False) -> tuple[Flow, Assessment]:
    """Forty cars of Mexico, the loads of whose engines do not come sixty to forty."""
    hand = Hand()
    for site, country in (("works/us", "US"), ("works/mx", "MX"), ("plant/mx", "MX")):
        hand.site(site, country)
    hand.site("market/us", "US", "market")
    hand.crossing("bridge/mx", "US", "MX")
    hand.crossing("bridge/us", "MX", "US")
    near = hand.recipe("works/us", "engine", labour=US_ENGINE)
    own = hand.recipe("works/mx", "engine", labour=MX_ENGINE)
    car = hand.recipe(
        "plant/mx", "car", hts="8703.23", labour=PLANT, inputs={"engine": 1}, tier=0, vehicle_class="passenger",
        schedule=Schedule(8, 1, "", 30_000.0),
    )  # fmt: skip
    hand.lane(near, car, [("bridge/mx", "entry")], units=4, share=40.0)
    hand.lane(own, car, units=7, share=60.0)
    hand.lane(car, "market/us", [("bridge/us", "entry")])
    network: Network = hand.build()
    _, _, flow, _ = run(network, {MARKET: [HOUR * k for k in range(1, 41)]})
    if coming:
        extra = replace(network.lanes[f"{near}..{car}"], id=f"{near}..later", to_recipe="", share_pct=0.0)
        network = replace(network, lanes=MappingProxyType({**network.lanes, extra.id: extra}))
    return flow, assess(flow, network, ContentLaw(), Claims.none(), free_parameters())


def sold(flow: Flow) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.flatnonzero((flow.lane == flow.lane_ids.index(MARKET)) & (flow.received_s >= 0))


def test_every_vehicle_of_a_model_has_the_content_of_the_model() -> None:
    flow, found = assessed()
    cars = sold(flow)
    value = found.unit.price[cars]
    assert set(value.round(6)) == {PLANT + US_ENGINE, PLANT + MX_ENGINE}
    np.testing.assert_allclose(found.unit.duty()[cars], RATE * (1 - SHARE) * value, rtol=1e-12)


def test_where_sources_change_within_the_run_each_vehicle_counts_by_itself() -> None:
    flow, found = assessed(coming=True)
    cars = sold(flow)
    foreign = {PLANT + US_ENGINE: PLANT, PLANT + MX_ENGINE: PLANT + MX_ENGINE}
    expected = [RATE * foreign[value] for value in found.unit.price[cars].round(6).tolist()]
    assert found.unit.duty()[cars].tolist() == pytest.approx(expected)
