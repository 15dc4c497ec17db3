"""The small world of the planning tests, ready to be disturbed."""

import datetime as dt
from dataclasses import replace

import pytest

from sim.customs import Claims
from sim.network.model import Substitute
from sim.planning import Decisions
from sim.replication.once import Prepared
from sim.scenario import Shock
from tests.planning.conftest import tiny  # noqa: F401 - a fixture
from tests.planning.test_build import scenario

SHUT = dt.datetime(2017, 8, 15, 12, tzinfo=dt.UTC)  # a Tuesday, eight in the morning at the plant
DAYS = 4


def closure(hours, at="bridge/us"):
    return Shock("closure", at, SHUT, round(hours * 3_600))


@pytest.fixture
def prepared(tiny):  # noqa: F811
    """Cars in Michigan from brackets over a bridge, which a shock shuts for four days."""
    asked = scenario(shocks=(closure(24 * DAYS),))
    return Prepared(asked, tiny, None, asked.values(), Decisions(Claims.none(), asked.values()))


@pytest.fixture
def two_bridges(prepared):
    """The same with a second port, an hour further for the brackets."""
    network = prepared.network
    key = ("supplier/ontario", "plant/michigan", "truck")
    (usual,) = network.routes[key]
    first, last = usual.steps
    other = replace(usual, alternative=1, steps=(replace(first, hours=3.0, crossing="tunnel/us"), last))
    tunnel = replace(network.crossings["bridge/us"], id="tunnel/us", port="tunnel", name="Tunnel")
    crossings = type(network.crossings)(dict(network.crossings) | {"tunnel/us": tunnel})
    goes = Substitute("bridge/us", "tunnel/us", 0.75, 20.0, tunnel.evidence)
    substitutes = type(network.crossings)({"bridge/us": (goes,)})
    routes = type(network.routes)(dict(network.routes) | {key: (usual, other)})
    return replace(
        prepared,
        network=replace(network, crossings=crossings, routes=routes, substitutes=substitutes, digest="two bridges"),
    )


def passed(run, crossing):
    """Our trucks that came to a crossing."""
    rows = run.ledger.passages
    return int((rows.crossing == run.plan.crossings.ids.index(crossing)).sum())
