"""What a vehicle holds of every country: a chain by hand, and identities on whole networks."""

import numpy as np
import pytest

from sim.customs.content import PLACES
from sim.market.accounts import ROW, accounts
from sim.network import load_network
from sim.network.graph import unit_costs
from tests.customs.test_recorded import three_stages

US, CA, MX, AWAY = (ROW[x] for x in ("US", "CA", "MX", "overseas"))


def test_a_chain_over_the_border_by_hand():
    """US forging (100) -> MX engine (200) -> US car (300), sold in Mexico; five hours of work at each stage."""
    held = accounts(three_stages())["site/2/car"]
    assert held.value == 300.0
    assert held.added[[US, MX]].tolist() == [200.0, 100.0]
    assert held.passed[US, MX] == 100.0
    assert held.passed[MX, US] == 200.0
    gross, added = held.sold_in("US", "MX"), held.absorbed_in("MX")
    assert gross[US, MX] == 400.0  # the forging, and the car that holds it once more
    assert (gross - gross.T)[US, MX] == (added - added.T)[US, MX] == 200.0  # one partner: both count the same balance
    hours = held.jobs * np.array([1779.0, 1691.0, 2246.0, 1.0])[[PLACES.index(x) for x in PLACES], None]
    assert hours[US].sum() == pytest.approx(10.0)
    assert hours[MX].sum() == pytest.approx(5.0)
    assert hours[US, 0] == pytest.approx(5.0)


def test_a_sale_at_home_is_no_trade_of_its_own():
    held = accounts(three_stages())["site/2/car"]
    assert (held.sold_in("US", "US") == held.passed).all()
    assert held.absorbed_in("US")[MX, US] == 100.0
    assert held.absorbed_in("US")[US].sum() == 0.0


@pytest.mark.parametrize("name", ["midsize", "north_america", "seat_control"])
def test_gross_and_value_added_balances_of_a_country_are_the_same_in_total(name):
    """Exports less imports over all partners = value added at home less what is sold at home; nothing is left over."""
    network = load_network(name)
    held, costs = accounts(network), unit_costs(network)
    seen = 0
    for lane in network.lanes.values():
        made = network.recipes[lane.from_recipe]
        if lane.to_recipe or not made.schedule:
            continue
        account = held[made.id]
        assert account.value == pytest.approx(costs[made.id], rel=1e-12)
        countries = (network.sites[made.site].country, network.sites[lane.to_site].country)
        here, there = (x if x in ROW else "overseas" for x in countries)
        gross, added = account.sold_in(here, there), account.absorbed_in(there)
        for table in (gross, added):
            assert (table >= 0).all()
            assert np.diag(table).sum() == 0.0
            balance = (table - table.T).sum(axis=1)
            sold_here = np.where(np.arange(len(PLACES)) == ROW[there], account.value, 0.0)
            np.testing.assert_allclose(balance, account.added - sold_here, atol=1e-6)
            assert (table - table.T).sum() == pytest.approx(0.0, abs=1e-6)
        assert gross.sum() >= added.sum() - 1e-6  # what passes borders again and again is counted again
        seen += 1
    assert seen >= 2


def test_jobs_are_the_labour_of_all_tiers():
    """Midsize by a second way: hours of every recipe, times the units of it in a vehicle."""
    network = load_network("midsize")
    from sim.network.graph import _per_vehicle

    year = {"US": 1779, "CA": 1691, "MX": 2246, "KR": 2113, "DE": 1371, "JP": 1607}
    for name, account in accounts(network).items():
        if not network.recipes[name].schedule:
            continue
        jobs = dict.fromkeys(PLACES, 0.0)
        for recipe, units in _per_vehicle(network, name).items():
            made = network.recipes[recipe]
            site = network.sites[made.site]
            place = site.country if site.country in jobs else "overseas"
            jobs[place] += units * made.labour_usd / site.wage_usd_h / year.get(site.country, 2000)
        for place, total in jobs.items():
            assert account.jobs[ROW[place]].sum() == pytest.approx(total, rel=1e-9)
